"""Changing single rows of the city's data at a desk: held against the same shapes and checks as a
file's rows, recorded, and told to every process. Nothing is deleted: a row ends on a day.

Every verb flushes and does not commit.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from app import audit
from app.errors import Conflict, Invalid, NotFound
from app.sentences import both
from reports.city import checks, importing
from reports.city.changes import Changes
from reports.city.faults import BadFile, Fault
from reports.city.files import Json
from reports.city.importing import CATEGORIES, RULES, Kind
from reports.city.schemas import written

#: What one row of each kind is called in the audit log.
SUBJECTS = {"categories": "category", "offices": "office", "rules": "rule"}
NOT_A_FILE = Path()


class Unfit(Invalid):
    """`errors` names each field at fault as a file would: `deadline_days`, `questions.0.options`;
    what concerns the row as a whole stands under ""."""

    code = "row-unfit"


class CodeTaken(Invalid):
    code = "code-taken"
    vi = "Mã này đã có. Chọn mã khác."
    en = "This code is taken. Choose another."
    field = "code"


class RuleEnds(Conflict):
    code = "rule-ends"
    vi = "Quy tắc này đã có ngày kết thúc. Thêm quy tắc mới thay vì giao lại."
    en = "This rule has its end already. Add a new one instead."


class ChangedMeanwhile(Conflict):
    code = "row-changed-meanwhile"
    vi = (
        "Có người vừa sửa mục này. Những gì bạn nhập còn nguyên: xem lại, rồi lưu lần nữa nếu đúng."
    )
    en = "Somebody has just changed this. What you typed is here: look again, then save once more."


def as_written(kind: Kind, code: str) -> Json:
    """A row as it stands in a file: without defaults and empty values. Raises NotFound."""
    row = importing.existing_rows(kind).get(code)
    if row is None:
        raise NotFound
    return written(kind.schema(), row)


def mark_of(row: Json) -> str:
    """By which a row is known to be unchanged."""
    told = json.dumps(row, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def add(kind: Kind, row: Mapping[str, Any], *, by: UUID | None) -> str:
    """A new row, given as in a file; its code. Raises CodeTaken, Unfit."""
    importing.locked_city()
    code = str(row.get("code") or "")
    if code in importing.existing_rows(kind):
        raise CodeTaken
    put(kind, [_lean(row)])
    _record(kind, "add", code, by, _names(kind, row))
    return code


def change(
    kind: Kind, code: str, given: Mapping[str, Any], *, by: UUID | None, seen: str | None = None
) -> bool:
    """Set some values of a row, given as in a file; None takes one away. False: nothing changed.

    `seen` is `mark_of` what was looked at. Raises NotFound, ChangedMeanwhile, Unfit.
    """
    importing.locked_city()
    row = as_written(kind, code)
    if seen is not None and seen != mark_of(row):
        raise ChangedMeanwhile
    done = put(kind, [_lean({**row, **given})])
    if done.nothing:
        return False
    _record(kind, "edit", code, by, changed_fields(done))
    return True


def put(kind: Kind, rows: Sequence[Json]) -> Changes:
    """Take rows as an import of a file that holds just them would. Raises Unfit."""
    city = importing.locked_city()
    with told_by_field():
        loaded = importing.loaded(kind.schema, NOT_A_FILE, rows)
        checks.references(kind.name, "", loaded, city, whole=False)
    return importing.moved_on(importing.put_rows(kind, loaded))


def add_rule(rule: Mapping[str, Any], *, by: UUID | None) -> str:
    """A new rule, under a code that tells what it is for."""
    importing.locked_city()
    return add(RULES, {**rule, "code": _rule_code(rule)}, by=by)


def replace_rule(code: str, office: str, day: date, *, by: UUID | None) -> str:
    """From a day on another office: the rule ends, and a new one follows it. The new one's code."""
    importing.locked_city()
    old = as_written(RULES, code)
    if old.get("valid_until"):
        raise RuleEnds
    fresh = {name: text for name, text in old.items() if name not in {"valid_until", "successor"}}
    fresh |= {"office": office or None, "valid_from": day.isoformat()}
    fresh["code"] = _rule_code(fresh)
    ended = old | {"valid_until": day.isoformat(), "successor": fresh["code"]}
    put(RULES, [ended, _lean(fresh)])
    _record(RULES, "edit", code, by, ["valid_until", "successor_code"])
    _record(RULES, "add", fresh["code"], by, _names(RULES, fresh))
    return str(fresh["code"])


def _rule_code(rule: Mapping[str, Any]) -> str:
    """As the city's files name theirs: `cay-xanh@19813`; with its day where that is taken."""
    plain = "@".join(filter(None, (rule.get("category") or "moi-viec", rule.get("area"))))
    taken = importing.existing_rows(RULES)
    dated = f"{plain[:46]}-{str(rule.get('valid_from')).replace('-', '')}"
    numbered = (f"{dated}-{number}" for number in range(2, 1000))
    return next(code for code in (plain, dated, *numbered) if code not in taken)


def set_questions(
    category: str, questions: Sequence[Json], *, by: UUID | None, seen: str | None = None
) -> bool:
    """A category's questions, all of them in order. Those that were asked before must stay: they
    are retired, so that older answers can still be read. Raises as `change`."""
    given = [dict(one) for one in questions]
    return change(CATEGORIES, category, {"questions": given}, by=by, seen=seen)


@contextmanager
def told_by_field() -> Iterator[None]:
    """A file's faults as what is wrong in a form."""
    try:
        yield
    except BadFile as bad:
        raise Unfit(errors=_by_field(bad.faults)) from None


def _by_field(faults: Sequence[Fault]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for fault in faults:
        sentence = both(_sentence(fault.vi), _sentence(fault.en))
        found.setdefault(fault.field or "", sentence)
    return found


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lean(row: Mapping[str, Any]) -> Json:
    return {name: value for name, value in row.items() if value is not None}


def changed_fields(done: Changes) -> list[str]:
    """The names of the columns that a change touched."""
    names = {name for fields in done.changed.values() for name in fields}
    return sorted(names | ({"name_vi"} if done.renamed else set()))


def _names(kind: Kind, row: Mapping[str, Any]) -> list[str]:
    """The columns that a new row fills."""
    keys = {field.data_key or name: name for name, field in kind.schema().fields.items()}
    return sorted(keys[key] for key, value in row.items() if value is not None and key in keys)


def _record(kind: Kind, what: str, code: str, by: UUID | None, fields: Sequence[str]) -> None:
    audit.record(
        f"{kind.name}.{what}", subject=f"{SUBJECTS[kind.name]}:{code}", actor_id=by, fields=fields
    )
