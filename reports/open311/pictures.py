"""The pictures that come with a request or an update: as files, as base64 (CitySDK), or by address.
Each is put into the darkroom and kept, loose until what it belongs to is stored. One that cannot be
had costs nothing but itself, and that is told.
"""

from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from flask import current_app
from werkzeug.datastructures import FileStorage, MultiDict

from app.config import Config
from app.errors import XomError
from app.sentences import Both, both
from app.text import normalise
from reports.open311 import media
from reports.open311.asked import Given
from reports.open311.errors import RequestRefused
from reports.photos import MOST, BadPhoto, PhotoKindRefused, PhotoTooLarge, TooManyPhotos

_BASE64 = ("media", "media[]")  # texts of these names; files may have any name
_FIELD = "photos"


@dataclass(frozen=True, slots=True)
class Pictures:
    """As they were sent."""

    files: tuple[bytes, ...] = field(default=(), repr=False)
    urls: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.files or self.urls)

    def require_few(self) -> None:
        """Raises TooManyPhotos."""
        if len(self.files) + len(self.urls) > MOST:
            raise TooManyPhotos(most=MOST)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of them: the photos in their order, and what to say of the others."""

    ids: tuple[UUID, ...] = ()
    notices: tuple[Both, ...] = ()

    def with_notices(self, fault: XomError) -> RequestRefused:
        """The fault that a picture would have spared, with what became of those that came."""
        said = both(fault.sentence("vi"), fault.sentence("en"))
        told = {fault.field or _FIELD: [said]}
        told.setdefault(_FIELD, []).extend(self.notices)
        return RequestRefused(errors=told)


def read(given: Given, files: MultiDict[str, FileStorage]) -> Pictures:
    """Every part that is a file and not empty, texts in base64, and addresses, each once."""
    parts = [data for _, part in files.items(multi=True) if (data := part.read())]
    texts = [text for name in _BASE64 for value in given.getlist(name) if (text := value.strip())]
    urls = [url for value in given.getlist("media_url") if (url := normalise(value).strip())]
    return Pictures((*parts, *map(_decoded, texts)), tuple(dict.fromkeys(urls)))


def _decoded(text: str) -> bytes:
    """The bytes of base64, with `data:image/…;base64,` before it or not, its `+` maybe come out of
    the form as spaces. What is none stays what it is, which is no picture."""
    said = text.rpartition(",")[2].replace(" ", "+")
    try:
        return b64decode(said, validate=True)
    except ValueError:
        return text.encode()


def keep(sent: Pictures, store: Callable[[bytes], UUID]) -> Kept:
    """Store each before the next is fetched, so that they are not all in memory at once. `store`
    commits: nothing is open meanwhile. Raises PhotoBusy, OutOfSpace."""
    config: Config = current_app.extensions["xom.config"]
    kept: dict[UUID, None] = {}
    fetched = unread = 0
    for data in sent.files:
        unread += not _stored(data, store, kept)
    for data in media.fetch(sent.urls, config):
        fetched += 1
        unread += not _stored(data, store, kept)
    return Kept(tuple(kept), tuple(_notices(len(sent.urls) - fetched, unread)))


def _stored(data: bytes, store: Callable[[bytes], UUID], kept: dict[UUID, None]) -> bool:
    try:
        kept[store(data)] = None
    except (BadPhoto, PhotoKindRefused, PhotoTooLarge):
        return False
    return True


def _notices(unfetched: int, unread: int) -> Sequence[Both]:
    told = []
    if unfetched:
        vi = (
            f"Có {unfetched} ảnh không lấy được từ địa chỉ đã gửi. "
            "Hãy gửi ảnh kèm theo (multipart/form-data)."
        )
        en = (
            f"{_counted(unfetched, 'picture')} could not be fetched by address. "
            "Send pictures along instead (multipart/form-data)."
        )
        told.append(both(vi, en))
    if unread:
        vi = (
            f"Có {unread} tệp không lưu được vì quá lớn, bị hỏng hoặc không phải ảnh. "
            "Hãy gửi ảnh JPEG, PNG, WebP, GIF, HEIC hoặc AVIF."
        )
        en = (
            f"{_counted(unread, 'file')} could not be kept: too large, damaged, or no picture. "
            "Send JPEG, PNG, WebP, GIF, HEIC or AVIF."
        )
        told.append(both(vi, en))
    return told


def _counted(number: int, thing: str) -> str:
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"


#: Of those that come with words alone: a comment has no place for them.
UNWANTED = Kept(
    notices=(
        both(
            "Ảnh gửi kèm lời này không được lưu: chỉ lưu ảnh của kết quả, của câu trả lời, "
            "hoặc khi báo chưa xong.",
            "The pictures sent with these words were not kept: only those of a result, an answer "
            "or a reopening are.",
        ),
    )
)
