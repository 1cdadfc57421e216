"""Answer templates: words to begin an answer from, by step and category. Heads keep those of their
office, dispatchers those of everybody. One that is no longer wanted is retired, never deleted.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true

from app.auth.models import Account
from app.database import db
from app.errors import Forbidden, Invalid, NotFound
from reports import codes, spoken, timeline
from reports.city.snapshot import City
from reports.desk.models import AnswerTemplate
from reports.errors import UnknownCategory
from reports.models import Report
from reports.permissions import Viewer
from reports.statuses import Outcome, Role

#: Steps whose words are written often enough to be kept.
STEPS = ("resolve", "ask", "reject", "return", "send_back", "resume", "ask_extension",
         "refuse_extension", "hide")  # fmt: skip
#: What `{…}` stands for, in both languages.
PLACEHOLDERS: Mapping[str, tuple[str, str]] = {
    "code": ("mã phản ánh", "the report's code"),
    "category": ("lĩnh vực", "the category"),
    "area": ("phường, xã", "the ward or commune"),
    "office": ("đơn vị xử lý", "the handling office"),
    "due": ("hạn xử lý", "the deadline"),
    "place": ("chỗ như người phản ánh chỉ", "the place in the reporter's words"),
}
MOST_WORDS = 5000
_PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")


class TemplateNameMissing(Invalid):
    code = "template-name-missing"
    vi = "Đặt tên cho mẫu, để người khác chọn đúng."
    en = "Give the template a name, so that others choose the right one."
    field = "name"


class TemplateWordsMissing(Invalid):
    code = "template-words-missing"
    vi = "Viết lời của mẫu, bằng tiếng Việt hoặc tiếng Anh."
    en = "Write the template's words, in Vietnamese or in English."
    field = "text_vi"


class UnknownPlaceholder(Invalid):
    code = "unknown-placeholder"
    vi = "Không có chỗ điền {named}. Dùng được: {known}."
    en = "There is no placeholder {named}. These may be used: {known}."


class PlaceIsPrivate(Invalid):
    """The reporter said where it is to officials alone; a reply is read by everybody."""

    code = "place-is-private"
    vi = "Lời này được công khai, mà {named} là lời người phản ánh nói riêng. Dùng {instead}."
    en = "These words are published, and {named} was said to officials alone. Use {instead}."


class TemplateStepUnknown(Invalid):
    code = "template-step-unknown"
    vi = "Chọn bước mà mẫu này dùng cho."
    en = "Choose the step that the template is for."
    field = "step"


class NotYourTemplates(Forbidden):
    code = "not-your-templates"
    vi = "Lãnh đạo đơn vị sửa mẫu của đơn vị mình; điều phối viên sửa mẫu dùng chung."
    en = "Heads keep their own office's templates; dispatchers keep those of everybody."


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A template as it is written down; `office_id` none: for every office."""

    name: str
    step: str
    office_id: int | None = None
    category: str | None = None  # code; none: any
    outcome: Outcome | None = None
    text_vi: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A template with its placeholders filled in, for one report."""

    id: UUID
    name: str
    text: str
    outcome: Outcome | None


# Who keeps which -------------------------------------------------------------------------------


def kept_by(viewer: Viewer) -> tuple[bool, frozenset[int]]:
    """Does the viewer keep everybody's templates, and which offices'?"""
    return bool(viewer.offices(Role.DISPATCHER)), viewer.offices(Role.HEAD)


def may_keep(viewer: Viewer, office_id: int | None) -> bool:
    everybodys, offices = kept_by(viewer)
    return everybodys if office_id is None else office_id in offices


def keeps_any(viewer: Viewer) -> bool:
    everybodys, offices = kept_by(viewer)
    return everybodys or bool(offices)


def listed(viewer: Viewer, *, retired: bool = False) -> Sequence[AnswerTemplate]:
    """What the viewer's offices may use (or could, before it was retired), by step and name."""
    live = AnswerTemplate.retired_at.is_(None)
    query = select(AnswerTemplate).where(_readable(viewer), ~live if retired else live)
    return db.session.scalars(query.order_by(AnswerTemplate.step, AnswerTemplate.name)).all()


def find(template_id: UUID, viewer: Viewer) -> AnswerTemplate:
    """One that the viewer may read. Raises NotFound."""
    query = select(AnswerTemplate).where(AnswerTemplate.id == template_id, _readable(viewer))
    row = db.session.scalar(query)
    if row is None:
        raise NotFound
    return row


def _readable(viewer: Viewer) -> ColumnElement[bool]:
    offices = [office for _, office in viewer.held]
    return or_(AnswerTemplate.office_id.is_(None), AnswerTemplate.office_id.in_(offices))


# Keeping them ----------------------------------------------------------------------------------


def write(
    draft: Draft, *, by: Viewer, city: City, at: datetime, row: AnswerTemplate | None = None
) -> AnswerTemplate:
    """Store a new one, or what `row` says from now on. Flushes. Raises NotYourTemplates, or by
    field what is wrong with the draft."""
    if not may_keep(by, draft.office_id) or (row and not may_keep(by, row.office_id)):
        raise NotYourTemplates
    draft = _checked(draft)
    category = city.category(draft.category) if draft.category else None
    if draft.category and category is None:
        raise UnknownCategory
    row = row or AnswerTemplate(created_by=by.account_id)
    row.office_id, row.category_id = draft.office_id, category.id if category else None
    row.step, row.outcome = draft.step, draft.outcome if draft.step == "resolve" else None
    row.name, row.text_vi, row.text_en = draft.name, draft.text_vi, draft.text_en
    row.updated_at = at
    db.session.add(row)
    db.session.flush()
    return row


def retire(row: AnswerTemplate, *, by: Viewer, at: datetime | None) -> None:
    """Offer it no longer; with no moment, offer it again. Flushes."""
    if not may_keep(by, row.office_id):
        raise NotYourTemplates
    row.retired_at = at
    db.session.flush()


def _checked(draft: Draft) -> Draft:
    draft = replace(
        draft,
        name=draft.name.strip()[:80],
        text_vi=draft.text_vi.strip()[:MOST_WORDS],
        text_en=draft.text_en.strip()[:MOST_WORDS],
    )
    if draft.step not in STEPS:
        raise TemplateStepUnknown
    if not draft.name:
        raise TemplateNameMissing
    if not (draft.text_vi or draft.text_en):
        raise TemplateWordsMissing
    check_placeholders(draft.text_vi, draft.step, field="text_vi")
    check_placeholders(draft.text_en, draft.step, field="text_en")
    return draft


def known_for(step: str) -> list[str]:
    """The placeholders that words of this step may hold: a reply is published."""
    return [n for n in PLACEHOLDERS if n != "place" or step not in timeline.PUBLIC_NOTES]


def check_placeholders(text: str, step: str, *, field: str) -> None:
    """Raises UnknownPlaceholder or PlaceIsPrivate for the first that words of this step may not
    hold."""
    known = known_for(step)
    for named in _PLACEHOLDER.findall(text):
        if named == "place" and named not in known:
            raise PlaceIsPrivate(field=field, named="{place}", instead="{area}")
        if named not in known:
            told = " ".join(f"{{{name}}}" for name in known)
            raise UnknownPlaceholder(field=field, named=f"{{{named}}}", known=told)


# Using them ------------------------------------------------------------------------------------


def offered(
    step: str, report: Report, viewer: Viewer, *, city: City, at: datetime
) -> list[Offered]:
    """The templates for this step of this report, its own category's first; in the reporter's
    language where a template speaks it."""
    locale = reader_of(report) if step in timeline.REPORTER_NOTES else "vi"
    return [
        Offered(row.id, row.name, fill(text_in(row, locale), report, city, locale, at), row.outcome)
        for row in for_step(step, viewer, category_id=report.category_id)
    ]


def for_step(
    step: str, viewer: Viewer, *, category_id: int | None = None
) -> Sequence[AnswerTemplate]:
    """Those of one step that the viewer's offices use, for a category (None: for all)."""
    fits: ColumnElement[bool] = true() if category_id is None else false()
    own = AnswerTemplate.category_id
    query = (
        select(AnswerTemplate)
        .where(_readable(viewer), AnswerTemplate.step == step)
        .where(AnswerTemplate.retired_at.is_(None))
        .where(or_(fits, own.is_(None), own == category_id))
        .order_by(own.is_(None), AnswerTemplate.name)
    )
    return db.session.scalars(query).all()


def text_in(row: AnswerTemplate, locale: str) -> str:
    """In this language, or the only one that it is in."""
    return (row.text_en or row.text_vi) if locale == "en" else (row.text_vi or row.text_en)


def reader_of(report: Report) -> str:
    """The language that the reporter reads."""
    account = db.session.get(Account, report.reporter_id)
    return account.locale if account and account.locale in {"vi", "en"} else "vi"


def fill(text: str, report: Report, city: City, locale: str, at: datetime) -> str:
    """The words with what the placeholders stand for; anything else in braces stays."""
    if "{" not in text:
        return text
    facts = _facts(report, city, locale, at)
    return _PLACEHOLDER.sub(lambda found: facts.get(found[1], found[0]), text)


def _facts(report: Report, city: City, locale: str, at: datetime) -> dict[str, str]:
    names, zone = city.names[locale], city.profile.timezone
    area = names.areas[report.area_id]["name"]
    no_deadline = "chưa có hạn" if locale == "vi" else "no deadline yet"
    due = spoken.spoken_moment(report.due_at, zone, locale, at) if report.due_at else no_deadline
    return {
        "code": codes.spoken(report.code),
        "category": names.categories[report.category_id]["name"],
        "area": area,
        "office": names.offices[report.office_id]["name"],
        "due": due,
        "place": report.place_note or area,
    }
