"""What `GET /city` tells: what a phone keeps of the city itself, for days without signal."""

from app.config import Config
from app.locale import current_locale, in_words
from notifications import vapid
from notifications.ports import ways
from reports.cards import Plain
from reports.city.snapshot import City
from reports.city.values import Category, Hotline, Landmark, Office

#: What this house does where a city says nothing else (docs/operating.md, "What runs by itself").
_RETENTION = {
    "vi": (
        "Phản ánh và kết quả xử lý được lưu lâu dài. Tên, số điện thoại, email, lời viết và ảnh "
        "của bạn được giữ đến khi bạn xóa tài khoản, rồi mất hẳn. Ảnh chưa gửi bị xóa sau 7 ngày."
    ),
    "en": (
        "Reports and what became of them are kept for good. Your name, number, e-mail address, "
        "words and photos are kept until you erase your account, and are then gone. Photos that "
        "were never sent are deleted after 7 days."
    ),
}


def about(city: City, config: Config) -> Plain:
    """The city in the caller's language."""
    profile, key = city.profile, config.vapid_private_key
    return {
        "name": in_words(profile.name_vi, profile.name_en),
        "timezone": profile.timezone,
        "bounds": city.bounds,
        "hotlines": [hotline_told(line) for line in profile.hotlines],
        "hotline": _own_line(city),
        "centre": office_told(city.centre),
        "privacy": _privacy(city),
        "groups": _groups(city),
        "legal_channels": [
            _legal_channel(category)
            for category in city.offered_categories()
            if category.legal_channel
        ],
        "ways": ways(config),
        "webpush_key": vapid.public_key(key) if key else None,
        "streets": bool(config.nominatim_url),
        "landmarks": [landmark_told(one) for one in profile.landmarks],
    }


def hotline_told(line: Hotline) -> Plain:
    return {
        "name": in_words(line.vi, line.en),
        "number": line.number,
        "words": list(line.words),
    }


def landmark_told(landmark: Landmark) -> Plain:
    return {
        "name": landmark.name,
        "lat": landmark.lat,
        "lng": landmark.lng,
        "other_names": list(landmark.other_names),
    }


def office_told(office: Office) -> Plain:
    return {
        "id": office.code,
        "name": in_words(office.name_vi, office.name_en),
        "kind": office.kind,
        "parent": office.parent_code,
        "area": office.area_code,
        "phone": office.phone,
        "email": office.email,
        "address": office.address,
    }


def _own_line(city: City) -> Plain | None:
    line = city.own_line
    return {"name": in_words(line.vi, line.en), "number": line.number} if line else None


def _privacy(city: City) -> Plain:
    """As the city says; the rest is its centre's, which keeps the reports."""
    told, centre, locale = city.profile.settings.get("privacy", {}), city.centre, current_locale()
    line = city.own_line
    return {
        "controller": told.get(f"controller_{locale}") or in_words(centre.name_vi, centre.name_en),
        "address": told.get("address") or centre.address,
        "phone": told.get("phone") or centre.phone or (line.number if line else None),
        "email": told.get("email") or centre.email,
        "retention": told.get(f"retention_{locale}") or _RETENTION[locale],
        "recipients": told.get(f"recipients_{locale}"),
    }


def _groups(city: City) -> Plain:
    named = city.profile.settings.get("groups", {})
    return {code: in_words(names["vi"], names["en"]) for code, names in named.items()}


def _legal_channel(category: Category) -> Plain:
    channel = category.legal_channel or {}
    return {
        "category": category.code,
        "name": in_words(category.name_vi, category.name_en),
        "channel": in_words(channel["channel_vi"], channel["channel_en"]),
        "phone": channel.get("phone"),
        "url": channel.get("url"),
    }
