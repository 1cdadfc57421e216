"""Published reports on months and quarters, for leaders: their files, publishing by hand, and who
gets them by mail.
"""

from uuid import UUID, uuid4

from flask import Response, request, url_for

from app.auth.guards import current, requires
from app.clock import now
from app.database import db
from app.http import conditional
from app.limits import by_account, limit
from app.locale import LOCALES, current_locale
from reports.figures.frozen import listing, publishing, readers
from reports.figures.frozen.readers import Wish
from reports.figures.frozen.sending import file_name
from reports.figures.periods import read_code
from reports.permissions import Permission, viewer_of
from web.dashboard.blueprint import blueprint, go, page

#: What became of a letter.
LETTERS = {
    "due": ("chờ gửi", "waiting"),
    "sending": ("đang gửi", "being sent"),
    "sent": ("đã gửi", "sent"),
    "refused": ("máy chủ thư không nhận", "refused by the mail server"),
    "unsure": ("không rõ đã tới chưa, nên không gửi lại", "perhaps arrived, so not sent again"),
}
SAID = {
    "published": ("Đã công bố báo cáo.", "The report is published."),
    "there": ("Báo cáo này đã công bố trước đó, không đổi.", "It was published before, and stays."),
    "reader": ("Đã thêm người nhận.", "The reader is added."),
    "ended": ("Đã bỏ người nhận.", "The reader is taken off."),
}


@blueprint.get("/reports")
@requires(Permission.FIGURES)
def report_list() -> Response:
    """The newest period first, and when the next ones are settled."""
    _require_whole_city()
    locale, at = current_locale(), now()
    return page(
        "dashboard/reports.html",
        items=[
            listing.told(one, locale) | {"letters": listing.letters(one)}
            for one in listing.newest_first()
        ],
        due=publishing.due(at),
        settled=listing.settled(at),
        upcoming=[
            (read_code(one["period"]).name(locale), one["settled_at"])
            for one in listing.upcoming(at)
        ],
        readers=readers.current(),
        me=current().account_id,
        letter_words=LETTERS,
        said=SAID.get(request.args.get("said", "")),
    )


@blueprint.post("/reports")
@requires(Permission.FIGURES)
@limit("30 per hour", by=by_account)
def publish_report() -> Response:
    """Publish one whose cut-off has come, or its amendment."""
    _require_whole_city()
    _, made = publishing.publish(
        publishing.period_of(request.form.get("period", "")),
        by=current().account_id,
        at=now(),
        amend=request.form.get("amend") == "1",
    )
    db.session.commit()
    return go(url_for("dashboard.report_list", said="published" if made else "there"))


@blueprint.get("/reports/<string:period>/<int:number>.<any(pdf, xlsx, csv):form>")
@requires(Permission.FIGURES)
def report_file(period: str, number: int, form: str) -> Response:
    """A file of one report: the same bytes for ever."""
    _require_whole_city()
    report, wanted = listing.found(period, number), request.args.get("lang", "")
    locale = wanted if wanted in LOCALES else current_locale()
    response = Response(publishing.file_of(report, locale, form), content_type=listing.TYPES[form])
    name = file_name(report, locale, form)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    sha256 = publishing.kept(report)[f"{locale}.{form}"].sha256
    return conditional(response, sha256[:32], cache=listing.FOR_EVER)


@blueprint.post("/readers")
@requires(Permission.FIGURES)
@limit("60 per hour", by=by_account)
def add_reader() -> Response:
    """Send reports by mail from the next one on: to an address, or (none given) to oneself."""
    _require_whole_city()
    given = request.form
    wish = Wish(
        id=uuid4(),
        email=given.get("email", "").strip() or None,
        name=given.get("name", "").strip()[:120],
        locale="en" if given.get("locale") == "en" else "vi",
        months="months" in given,
        quarters="quarters" in given,
    )
    me = current().account_id
    readers.add(wish, account_id=me, by=me, at=now())
    db.session.commit()
    return go(url_for("dashboard.report_list", said="reader"))


@blueprint.post("/readers/<uuid:reader_id>/end")
@requires(Permission.FIGURES)
def end_reader(reader_id: UUID) -> Response:
    """Take somebody off the list."""
    _require_whole_city()
    readers.end(reader_id, at=now())
    db.session.commit()
    return go(url_for("dashboard.report_list", said="ended"))


def _require_whole_city() -> None:
    listing.require_whole_city(viewer_of(current(), now()))
