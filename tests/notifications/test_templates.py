"""Every kind in both languages: short enough, complete, and with nothing in it that is private."""

import re
from datetime import timedelta
from typing import Any

import pytest

from app.config import ROOT
from notifications.kinds import GROUP_NAMES, KINDS, Group
from notifications.templates import (
    BODY_MOST,
    FOLDER,
    TITLE_MOST,
    Reader,
    Text,
    Unrenderable,
    path_of,
    render,
    render_or_plain,
)
from tests.notifications.conftest import NOW, PAYLOAD

FULL: dict[str, Any] = {
    **PAYLOAD,
    "lead_code": "111-222-333-A",
    "reason": "unclear",
    "recurrence": 7,
    "planned_for": "2026-12-20T01:00:00+00:00",
    "until_at": "2026-12-05T10:00:00+00:00",
    "webhook": "nhan-su-kien.chieusang.hue.example",
}
#: What must never reach a text: free words and anything that names a person.
CANARY = "chim-hoàng-yến"
WORDS = ("description", "note", "name", "phone", "email", "reporter", "place_note", "reply")
SPYING = dict.fromkeys(WORDS, CANARY)
LONG = {
    f"{name}_{locale}": f"{name} " + "Trung tâm Giám sát, điều hành đô thị thông minh " * 4
    for name in ("category", "area", "office")
    for locale in ("vi", "en")
}
OUTCOMES = ("fixed", "planned", "explained", "not_found")

everything = pytest.mark.parametrize("kind", sorted(KINDS))
both_languages = pytest.mark.parametrize("locale", ["vi", "en"])
either_reader = pytest.mark.parametrize("official", [False, True])


def text_of(kind: str, locale: str = "vi", *, official: bool = False, **payload: Any) -> Text:
    reader = Reader(locale, "Asia/Ho_Chi_Minh", official)
    return render(kind, {**FULL, **payload}, reader, at=NOW)


def needed(kind: str) -> dict[str, Any]:
    """A payload with nothing but what the kind says it needs."""
    names = {
        "code": ("code",),
        "due": ("due_at",),
        "outcome": ("outcome",),
        "webhook": ("webhook",),
    }
    wanted = [
        field
        for need in KINDS[kind].needs
        for field in names.get(need, (f"{need}_vi", f"{need}_en"))
    ]
    return {field: FULL[field] for field in wanted}


def test_each_kind_has_its_folder_and_each_folder_its_kind() -> None:
    assert {folder.name for folder in FOLDER.iterdir()} == set(KINDS)


def test_everything_that_reports_tell_of_has_its_texts() -> None:
    told = {
        kind
        for path in (ROOT / "reports").rglob("*.py")
        for kind in re.findall(r'News\(\s*"([a-z_]+)"', path.read_text())
    }

    assert len(told) > 20
    assert told <= set(KINDS)


@everything
@both_languages
@either_reader
def test_every_text_is_short_whole_and_without_leftovers(
    kind: str, locale: str, *, official: bool
) -> None:
    text = text_of(kind, locale, official=official)

    assert 0 < len(text.title) <= TITLE_MOST
    assert 0 < len(text.body) <= BODY_MOST
    for part in (text.title, text.body):
        assert not any(sign in part for sign in ("{", "}", "None", "  ", "..", " .", " ,", "!"))
        assert "Thành công" not in part and "Oops" not in part
    assert text.body.endswith(".")
    if "code" in KINDS[kind].needs:
        assert FULL["code"] in f"{text.title} {text.body}"


@everything
@both_languages
@either_reader
def test_every_text_can_do_with_what_its_kind_needs(
    kind: str, locale: str, *, official: bool
) -> None:
    reader = Reader(locale, "Asia/Ho_Chi_Minh", official)

    text = render(kind, needed(kind), reader, at=NOW)

    assert text.body.endswith(".")
    assert "  " not in text.body and " ." not in text.body


@everything
@both_languages
@either_reader
def test_the_longest_names_still_fit(kind: str, locale: str, *, official: bool) -> None:
    text = text_of(kind, locale, official=official, **LONG)

    assert len(text.title) <= TITLE_MOST
    assert len(text.body) <= BODY_MOST + 60


@everything
@both_languages
def test_free_words_and_names_never_reach_a_text(kind: str, locale: str) -> None:
    text = text_of(kind, locale, **SPYING)

    assert CANARY not in f"{text.title} {text.body}"


@everything
@both_languages
@either_reader
def test_of_a_private_category_only_the_code_is_told(
    kind: str, locale: str, *, official: bool
) -> None:
    hidden = {
        f"{name}_{language}": CANARY
        for name in ("category", "area", "office")
        for language in ("vi", "en")
    }

    text = text_of(kind, locale, official=official, private=True, lead_code=CANARY, **hidden)

    assert CANARY not in f"{text.title} {text.body}"
    assert "17:00" not in text.body
    assert text.body in {"Mở ứng dụng để xem chi tiết.", "Open the app to see more."}


@everything
def test_officials_are_not_spoken_to_as_residents(kind: str) -> None:
    text = text_of(kind, official=True)

    if KINDS[kind].group in {Group.WORK, Group.DEADLINES, Group.DUTY} or kind in {
        "closed",
        "extended",
    }:
        assert "bạn" not in text.body.lower()


@pytest.mark.parametrize("outcome", OUTCOMES)
@both_languages
def test_every_outcome_has_its_words(outcome: str, locale: str) -> None:
    titles = {text_of("resolved", locale, outcome=one).title for one in OUTCOMES}

    assert len(titles) == len(OUTCOMES)
    assert text_of("resolved", locale, outcome=outcome).title in titles


def test_moments_are_said_in_the_citys_time_and_the_readers_words() -> None:
    assert "17:00 thứ Ba 1/12" in text_of("accepted").body
    assert "17:00 on Tuesday 1 December" in text_of("accepted", "en").body
    assert "Chủ Nhật 6/12" in text_of("accepted", due_at="2026-12-06T10:00:00+00:00").body


def test_a_deadline_gone_by_is_not_told_as_a_new_date() -> None:
    past = (NOW - timedelta(minutes=1)).isoformat()

    assert "Hạn mới" in text_of("late").body
    assert "Hạn mới" not in text_of("late", due_at=past).body


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("no_such_kind", FULL),
        ("../../etc/passwd", FULL),
        ("accepted", {}),
        ("accepted", {**FULL, "due_at": "tomorrow"}),
        ("accepted", {**FULL, "due_at": "2026-12-01T10:00:00"}),
        ("accepted", {**FULL, "timezone": "Hue/Nowhere"}),
        ("resolved", {**FULL, "outcome": "burnt"}),
    ],
)
def test_what_cannot_be_said_is_told_as_such(kind: str, payload: dict[str, Any]) -> None:
    reader = Reader("vi", "Asia/Ho_Chi_Minh")

    with pytest.raises(Unrenderable):
        render(kind, payload, reader, at=NOW)

    assert render_or_plain(kind, payload, reader, at=NOW).title == "Có tin mới"


def test_a_payload_cannot_bring_a_template_along() -> None:
    text = text_of("accepted", category_vi="{{ 7 * 7 }}{% raw %}")

    assert "{{ 7 * 7 }}" in text.body


def test_a_tap_leads_to_the_report() -> None:
    assert path_of(FULL) == "/reports/482173906K"
    assert path_of({**FULL, "path": "/messages"}) == "/messages"
    assert path_of({}) == "/messages"


def test_an_officials_news_leads_to_their_desk() -> None:
    assert path_of(FULL, official=True) == "/console/reports/482173906K"
    assert path_of({}, official=True) == "/console/inbox"
    assert path_of({**FULL, "path": "/console/queue"}, official=True) == "/console/queue"


def test_every_group_has_a_name_in_both_languages() -> None:
    assert set(GROUP_NAMES) == set(Group)
    assert all(vi and en for vi, en in GROUP_NAMES.values())
