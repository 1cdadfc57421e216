"""The landing page for a person whose browser came by: what the address is for, and how."""

from html import escape

from app.locale import current_locale, in_words
from reports.city.snapshot import City
from reports.feeds.ogc.collections import landing

POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"


def welcome(city: City, base: str) -> str:
    """A page of plain HTML; `base` is this API's own address."""
    told = landing(city, base)
    links = "".join(
        f'<li><a href="{escape(one["href"])}">{escape(one["href"])}</a></li>'
        for one in told["links"][1:]
    )
    how = in_words(
        "Đây là địa chỉ cho phần mềm bản đồ. Trong QGIS: Lớp, Thêm lớp, Thêm lớp WFS / OGC API"
        " - Features, Mới, rồi dán địa chỉ này:",
        "This address is for map software. In QGIS: Layer, Add Layer, Add WFS / OGC API - Features"
        " Layer, New, then paste it:",
    )
    programs = in_words("Cho chương trình:", "For programs:")
    return (
        f'<!doctype html><html lang="{current_locale()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(told['title'])}</title></head><body><h1>{escape(told['title'])}</h1>"
        f"<p>{escape(told['description'])}</p><p>{escape(how)}</p>"
        f"<p><code>{escape(base)}</code></p><p>{escape(programs)}</p><ul>{links}</ul></body></html>"
    )
