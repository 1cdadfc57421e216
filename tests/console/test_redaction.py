"""Covering photos and words: what the public sees afterwards, what is kept, what is deleted."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from app import storage
from app.clock import now
from app.database import db
from reports import redaction
from reports.statuses import Role
from tests.console.conftest import Browser, Desk, words
from tests.console.forms import a_picture, form_of

BOX = {"x": "0", "y": "0", "w": "300", "h": "600"}


@pytest.fixture
def sent(desk: Desk) -> dict[str, Any]:
    """A published report with two photos."""
    somebody = desk.resident()
    photos = [desk.photo(somebody, a_picture()), desk.photo(somebody, a_picture("navy", "pink"))]
    report = desk.submits(
        somebody, photos=photos, description="Xe của bà Lan ở số 12 đỗ lấn đường."
    )
    desk.accepted(report["id"])
    return report | {"photo": photos[0]}


def covers(who: Browser, photo: str, **box: str) -> TestResponse:
    fields = form_of(who.get(f"/photos/{photo}/redact").text, "redact")
    return who.post(f"/photos/{photo}/redact", **fields, **(box or BOX))


def takes_out(who: Browser, code: str, left: str) -> TestResponse:
    fields = form_of(who.get(f"/reports/{code}/redact").text, "words")
    return who.post(f"/reports/{code}/words", **fields, words=left)


def pixel(desk: Desk, photo: str, at: tuple[float, float], size: str = "") -> tuple[int, ...]:
    """As the public sees it; `at` in parts of its width and height."""
    data = desk.app.test_client().get(f"/api/v1/photos/{photo}{size}.jpg").data
    with Image.open(BytesIO(data)) as picture:
        assert not picture.getexif()
        found = picture.getpixel((int(at[0] * picture.width), int(at[1] * picture.height)))
    assert isinstance(found, tuple)
    return found


def stored(desk: Desk, photo: str, column: str) -> Any:
    return desk.scalar(f"select {column} from photo where id = :id", id=photo)


def stored_words(desk: Desk, sent: dict[str, Any]) -> str:
    found = desk.scalar("select public_description from report where id = :id", id=sent["id"])
    return str(found)


def has_file(desk: Desk, key: str) -> bool:
    with desk.app.app_context():
        return storage.exists(key)


def test_a_box_is_painted_over_both_sizes_and_the_original_is_kept_apart(
    desk: Desk, sent: dict[str, Any]
) -> None:
    key, small = stored(desk, sent["photo"], "key"), stored(desk, sent["photo"], "small_key")
    cover = desk.scalar("select cover from report where id = :id", id=sent["id"])

    answer = covers(desk.at(Role.DISPATCHER), sent["photo"])

    assert "Đã che ảnh." in words(answer)
    for size in ("", "-400"):
        assert max(pixel(desk, sent["photo"], (0.2, 0.5), size)) < 60
        assert pixel(desk, sent["photo"], (0.45, 0.5), size)[0] > 200, "beside the box it stays"
    assert stored(desk, sent["photo"], "original_key") == key
    assert has_file(desk, key)
    assert not has_file(desk, small)
    assert desk.scalar("select cover from report where id = :id", id=sent["id"]) != cover
    assert desk.scalar(
        "select count(*) from audit_entry where action = 'photo.redact' and subject = :photo",
        photo=f"photo:{sent['photo']}",
    )


def test_more_is_covered_on_top_and_a_mistake_is_undone(desk: Desk, sent: dict[str, Any]) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    key = stored(desk, sent["photo"], "key")
    covers(dispatcher, sent["photo"])
    first = stored(desk, sent["photo"], "key")
    covers(dispatcher, sent["photo"], x="500", y="0", w="300", h="600")
    assert stored(desk, sent["photo"], "original_key") == key
    assert not has_file(desk, first)

    page = dispatcher.get(f"/reports/{sent['code']}/redact").text
    fields = form_of(page, "restore")
    answer = dispatcher.post(f"/photos/{sent['photo']}/restore", **fields, reason="Che nhầm ảnh")

    assert "Đã trả lại ảnh gốc." in words(answer)
    assert pixel(desk, sent["photo"], (0.2, 0.5))[0] > 200
    assert stored(desk, sent["photo"], "original_key") is None
    assert not has_file(desk, key)


def test_the_original_is_deleted_after_thirty_days(desk: Desk, sent: dict[str, Any]) -> None:
    key = stored(desk, sent["photo"], "key")
    covers(desk.at(Role.DISPATCHER), sent["photo"])

    with desk.app.app_context():
        redaction.sweep_originals(now() + timedelta(days=29))
        db.session.commit()
        assert storage.exists(key)
        redaction.sweep_originals(now() + timedelta(days=31))
        db.session.commit()

    assert not has_file(desk, key)
    assert stored(desk, sent["photo"], "original_key") is None
    assert max(pixel(desk, sent["photo"], (0.2, 0.5))) < 60


def test_erasing_the_reporter_deletes_the_original_too(desk: Desk) -> None:
    somebody = desk.resident()
    photo = desk.photo(somebody, a_picture())
    report = desk.submits(somebody, photos=[photo])
    key = stored(desk, photo, "key")
    covers(desk.at(Role.DISPATCHER), photo)

    desk.call("DELETE", "/me", somebody)

    assert report
    assert not has_file(desk, key)


@pytest.mark.parametrize(
    ("box", "vi", "en"),
    [
        ({}, "Vẽ ít nhất một ô", "Draw at least one box"),
        ({"x": "900", "y": "0", "w": "50", "h": "50"}, "Ô 1 nằm ngoài ảnh", "Box 1 is outside"),
        ({"x": "mười", "y": "0", "w": "50", "h": "50"}, "Ô 1 nằm ngoài ảnh", "Box 1 is outside"),
    ],
)
def test_a_bad_box_is_told_and_nothing_is_changed(
    desk: Desk, sent: dict[str, Any], box: dict[str, str], vi: str, en: str
) -> None:
    key = stored(desk, sent["photo"], "key")
    box = box or {"x": "", "y": "", "w": "", "h": ""}

    in_vi = covers(desk.at(Role.DISPATCHER), sent["photo"], **box)
    in_en = covers(desk.at(Role.DISPATCHER, lang="en"), sent["photo"], **box)

    assert (in_vi.status_code, in_en.status_code) == (422, 422)
    assert vi in words(in_vi)
    assert en in words(in_en)
    assert box["x"] in in_vi.text, "what was typed is still there"
    assert stored(desk, sent["photo"], "key") == key


def test_two_dispatchers_do_not_cover_unawares(desk: Desk, sent: dict[str, Any]) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    fields = form_of(dispatcher.get(f"/photos/{sent['photo']}/redact").text, "redact")
    covers(dispatcher, sent["photo"])

    answer = dispatcher.post(f"/photos/{sent['photo']}/redact", **fields, **BOX)

    assert answer.status_code == 409
    assert "Người khác vừa che" in words(answer)


def test_the_public_reads_the_words_that_were_left(desk: Desk, sent: dict[str, Any]) -> None:
    dispatcher = desk.at(Role.DISPATCHER)

    takes_out(dispatcher, sent["code"], "Xe đỗ lấn đường.")

    public = desk.call("GET", f"/reports/{sent['id']}")
    assert public["description"] == "Xe đỗ lấn đường."
    assert "bà Lan" in dispatcher.sees(f"/reports/{sent['code']}")


def test_words_are_not_taken_away_altogether(desk: Desk, sent: dict[str, Any]) -> None:
    answer = takes_out(desk.at(Role.DISPATCHER), sent["code"], "  ")

    assert answer.status_code == 422
    assert "Để lại vài chữ" in words(answer)
    assert "bà Lan" in desk.call("GET", f"/reports/{sent['id']}")["description"]


def test_what_another_dispatcher_took_out_is_not_put_back_unawares(
    desk: Desk, sent: dict[str, Any]
) -> None:
    one, other = desk.at(Role.DISPATCHER), desk.at(Role.DISPATCHER, "hue-ioc", lang="en")
    fields = form_of(other.get(f"/reports/{sent['code']}/redact").text, "words")
    takes_out(one, sent["code"], "Xe ở số 12 đỗ lấn đường.")

    late = other.post(f"/reports/{sent['code']}/words", **fields, words="Xe của bà Lan đỗ.")

    assert late.status_code == 409
    assert "to “Xe ở số 12 đỗ lấn đường.”" in words(late)
    assert "Xe của bà Lan đỗ." in late.text, "what was written is kept"
    assert stored_words(desk, sent) == "Xe ở số 12 đỗ lấn đường."
    again = form_of(late.text, "words")
    other.post(f"/reports/{sent['code']}/words", **again, words="Xe đỗ lấn đường.")
    assert stored_words(desk, sent) == "Xe đỗ lấn đường."


def test_publishing_with_its_numbers_puts_no_redacted_words_back(
    desk: Desk, sent: dict[str, Any]
) -> None:
    dispatcher = desk.at(Role.DISPATCHER)
    takes_out(dispatcher, sent["code"], "Xe đỗ lấn đường.")
    page = dispatcher.get(f"/reports/{sent['code']}?step=publish").text
    order = form_of(page, "publish")

    ticked, untouched = (
        dispatcher.post(
            f"/reports/{sent['code']}/steps/publish",
            **order | {"id": str(uuid4()), "has_show_numbers": "yes"} | shown,
        )
        for shown in ({"show_numbers": "yes"}, {})
    )

    assert (ticked.status_code, untouched.status_code) == (422, 200)
    assert "sửa ở trang Che ảnh, chữ" in words(ticked)
    assert stored_words(desk, sent) == "Xe đỗ lấn đường."
    assert 'name="show_numbers"' not in page
    assert "đã được sửa riêng" in page


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("vi", "Viết vì sao trả lại ảnh gốc."), ("en", "Say why the original is put back.")],
)
def test_an_original_is_not_put_back_without_saying_why(
    desk: Desk, sent: dict[str, Any], lang: str, sentence: str
) -> None:
    dispatcher = desk.at(Role.DISPATCHER, lang=lang)
    covers(dispatcher, sent["photo"])
    fields = form_of(dispatcher.get(f"/reports/{sent['code']}/redact").text, "restore")

    answer = dispatcher.post(f"/photos/{sent['photo']}/restore", **fields, reason=" ")

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert stored(desk, sent["photo"], "original_key") is not None


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.LEADER, Role.ADMIN])
def test_only_dispatchers_redact(desk: Desk, sent: dict[str, Any], role: Role) -> None:
    somebody = desk.at(role, desk.office_of(sent["id"]))

    for path in (f"/reports/{sent['code']}/redact", f"/photos/{sent['photo']}/redact"):
        assert somebody.get(path).status_code == 403
    assert somebody.post(f"/photos/{sent['photo']}/redact", **BOX).status_code == 403
    assert somebody.post(f"/photos/{sent['photo']}/restore").status_code == 403
    assert somebody.post(f"/reports/{sent['code']}/words", words="x").status_code == 403


def test_a_photo_that_belongs_to_nothing_is_not_there(desk: Desk) -> None:
    loose = desk.photo(desk.resident(), a_picture())
    dispatcher = desk.at(Role.DISPATCHER)

    assert dispatcher.get(f"/photos/{loose}/redact").status_code == 404
    assert dispatcher.get(f"/photos/{uuid4()}/redact").status_code == 404
