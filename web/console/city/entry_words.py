"""An entry of the audit log as one reads it: who with which role, what it concerns by its name and
with a link, why. What is stored stands beside it as it is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for

from app.auth.guards import may_enter
from app.auth.models import AuditEntry
from app.locale import in_words
from reports import codes
from reports.city import snapshot
from reports.city.models import RoleGrant
from reports.city.values import Area, Category, Office
from reports.desk.audit_log import codes_of, concerned, names_of, posts_of, programs_among
from reports.presenting import pseudonym
from reports.statuses import Role
from web.console.city import acts, named
from web.console.marks import report_path
from web.console.words import SOURCES, role_word, source_word

#: What is shown with its code, or the beginning of its id.
SUBJECTS = {
    "notice": ("Thông báo", "Notice"),
    "day": ("Ngày", "Day"),
    "hours": ("Giờ làm việc từ", "Hours from"),
    "delivery": ("Lượt gửi", "Delivery"),
    "deliveries": ("Mọi tin loại", "All messages of the kind"),
    "photo": ("Ảnh", "Photo"),
    "complaint": ("Báo vi phạm", "Complaint"),
    "invitation": ("Lời mời", "Invitation"),
    "webhook": ("Webhook", "Webhook"),
}
OF_A_REPORT = {
    "report": ("Phản ánh", "Report"),
    "photo": ("Ảnh của phản ánh", "Photo of report"),
    "complaint": ("Báo vi phạm trong phản ánh", "Complaint about report"),
}
PLACES = {
    "office": ("Đơn vị", "Office"),
    "category": ("Lĩnh vực", "Category"),
    "area": ("Địa bàn", "Area"),
    "rule": ("Quy tắc chuyển", "Routing rule"),
}
ALONE = {
    "city": ("Thành phố", "The city"),
    "audit": ("Nhật ký", "The audit log"),
    "queue": ("Danh sách việc", "The list of work"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something by name: what it is in small, and where it is looked at."""

    name: str
    small: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Who the entries of a page speak of, asked for once."""

    at: datetime
    names: Mapping[UUID, str | None] = field(default_factory=dict)
    posts: Mapping[UUID, list[RoleGrant]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    programs: frozenset[UUID] = frozenset()  # the API clients among them


def told(found: Collection[AuditEntry], *, at: datetime) -> list[dict[str, Any]]:
    """Entries in words, each with what is stored."""
    known = Told(
        at, names_of(found), posts_of(found, at=at), codes_of(found), programs_among(found)
    )
    return [
        {
            "id": one.id,
            "at": one.at,
            "act": acts.act_word(one.action),
            "fields": [acts.field_word(name) for name in one.fields],
            "actor": _person(one.actor_id, known),
            "concerns": _concerns(one.subject, known),
            "reason": _reason(one),
            "stored": one,
        }
        for one in found
    ]


def person_name(account_id: UUID | None, names: Mapping[UUID, str | None]) -> str:
    """An official by name, a resident by pseudonym; nobody: the machine itself, or a command."""
    if account_id is None:
        return in_words("Dòng lệnh, hệ thống", "A command, the system")
    return names.get(account_id) or pseudonym(account_id)


def _person(account_id: UUID | None, known: Told) -> Named:
    name = person_name(account_id, known.names)
    if account_id is None:
        return Named(name)
    if not known.names.get(account_id):
        return Named(name, in_words("người dân", "resident"))
    if account_id in known.programs:
        page = url_for("console.api_client", client_id=account_id)
        return Named(name, in_words("hệ thống kết nối", "API client"), page)
    posts = [_post(one) for one in known.posts.get(account_id, [])]
    small = "; ".join(posts) or in_words("cán bộ, không giữ vai trò", "official, holds no role")
    return Named(name, small, url_for("console.account", account_id=account_id))


def _post(held: RoleGrant) -> str:
    office = snapshot.current().offices_by_id[held.office_id]
    return f"{role_word(held.role)}, {named.name_of(office)}"


def _concerns(subject: str, known: Told) -> Named:
    if account_id := concerned(subject, "account"):
        return _person(account_id, known)
    kind, _, code = subject.partition(":")
    if subject in known.codes:
        spoken = codes.spoken(known.codes[subject])
        return Named(spoken, in_words(*OF_A_REPORT[kind]), _report_address(spoken))
    if kind in PLACES:
        return Named(_place(kind, code), in_words(*PLACES[kind]), _place_address(kind, code))
    if kind in SUBJECTS:
        return Named(f"{in_words(*SUBJECTS[kind])} {_short(code)}")
    return Named(in_words(*ALONE[subject]) if subject in ALONE else subject)


def _report_address(code: str) -> str:
    """The report, for whoever may look at reports; else all that the log has of it."""
    if may_enter("console.report"):
        return report_path(code)
    return url_for("console.audit_page", subject=code)


def _place(kind: str, code: str) -> str:
    if kind == "rule":
        return _rule(code)
    by = {"office": named.office_name, "category": named.category_name, "area": named.area_name}
    return by[kind](code)


def _rule(code: str) -> str:
    """What it takes from where: a rule has no name of its own."""
    rule = snapshot.current().facts.rules.get(code)
    if rule is None:
        return code
    category = named.category_name(rule.category_code) or in_words("Mọi lĩnh vực", "Any category")
    area = named.area_name(rule.area_code) or in_words("cả thành phố", "the whole city")
    return f"{category}, {area}"


def _place_address(kind: str, code: str) -> str:
    facts = snapshot.current().facts
    if kind == "office" and code in facts.offices:
        return url_for("console.city_office", code=code)
    if kind == "category" and code in facts.categories:
        return url_for("console.city_category", code=code)
    if kind == "rule" and code in facts.rules:
        return url_for("console.city_rule", code=code)
    return url_for("console.city_areas") if kind == "area" else ""


def _short(code: str) -> str:
    """The beginning of an id suffices to tell one from another; a code stays whole."""
    try:
        return f"{UUID(code)}"[:8]
    except ValueError:
        return code[:8] if len(code) == 32 else code


def _reason(entry: AuditEntry) -> str:
    """Why, in somebody's own words; or what the house itself noted, by its name."""
    reason = entry.reason or ""
    if entry.action in {"role.grant", "role.revoke"}:
        role, _, office = reason.partition(" ")
        return f"{role_word(role)}, {named.office_name(office)}" if role in set(Role) else reason
    if entry.action.startswith("office_link."):
        return named.office_name(reason)
    if entry.action == "report.enter" and reason in SOURCES:
        return source_word(reason)
    return "" if entry.action == "report.hand_over" else reason


def subjects_named(words: str) -> list[str]:
    """The offices, categories and areas whose name holds these words, as subjects."""
    wanted, facts = words.casefold(), snapshot.current().facts
    places: tuple[tuple[str, Mapping[str, Area | Category | Office]], ...] = (
        ("office", facts.offices),
        ("category", facts.categories),
        ("area", facts.areas),
    )
    return [
        f"{kind}:{code}"
        for kind, known in places
        for code, one in known.items()
        if wanted in one.name_vi.casefold() or wanted in one.name_en.casefold()
    ]
