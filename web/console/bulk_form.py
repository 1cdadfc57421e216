"""The form of a bulk run: what was chosen, what each step asks for, the order's fields as typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from flask import request
from marshmallow import ValidationError

from app.clock import now
from app.errors import NotFound
from app.locale import current_locale
from app.text import normalise
from reports import asking, codes, looking
from reports.city import snapshot
from reports.desk import answers, bulk
from reports.desk.bulk import Pick
from reports.errors import NoSuchReport
from reports.models import Report
from reports.permissions import OFFICE_ROLES, Viewer
from reports.queue_in import QueueIn
from reports.roles import workers
from reports.statuses import Outcome
from web.console import merging
from web.console.marks import headline
from web.console.step_form import NO_SUCH_TARGET, close_of, office_groups

#: What each step asks for, in this order.
ASKS: Mapping[str, tuple[str, ...]] = {
    "accept": ("hold_back",),
    "forward": ("office", "note"),
    "start": (),
    "assign": ("person", "note"),
    "ask": ("note", "note_en"),
    "resolve": ("outcome", "planned_for", "note", "note_en"),
    "merge": ("target", "note"),
    "publish": (),
}
SHOWN = 20  # reports that are named on the page


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen: as it was sent, and whether the filters fitted more than one run may do."""

    picks: list[Pick]
    more: bool = False

    @property
    def text(self) -> str:
        """As one field of a form carries it."""
        return ",".join(f"{pick.report_id.hex}.{pick.seen}" for pick in self.picks)


def read_chosen(viewer: Viewer) -> Chosen:
    """The picks of this request's form: ticked one by one, all that its filters fit, or as a form
    before it carried them. Raises NothingChosen."""
    form = request.form
    if form.get("all") == "yes":
        found = _by_filter(viewer, form.get("query", ""))
    else:
        texts = [*form.getlist("pick"), *form.get("picked", "").split(",")]
        found = Chosen([_pick(text) for text in texts if text])
    if not found.picks:
        raise bulk.NothingChosen
    return found


def _pick(text: str) -> Pick:
    try:
        report_id, _, seen = text.partition(".")
        return Pick(UUID(report_id), int(seen))
    except ValueError:
        raise NotFound from None


def _by_filter(viewer: Viewer, address: str) -> Chosen:
    """As the queue reads an address."""
    known, city = QueueIn().fields, snapshot.current()
    given = {n: t for n, t in parse_qsl(address.lstrip("?")) if n in known and n != "limit"}
    query: dict[str, Any] = QueueIn().load(given)
    filters = asking.queue_filters(query, city, me=viewer.account_id, at=now())
    picks, more = bulk.matching(viewer, filters, newest_first=query["sort"] == "newest")
    return Chosen(picks, more)


# The order's fields ----------------------------------------------------------------------------


def typed(step: str) -> dict[str, str]:
    """What was typed for a step, or an empty form."""
    names = {*ASKS[step], "target_code"}
    return {n: normalise(t).strip() for n, t in request.form.items() if n in names}


def fields_of(step: str, values: Mapping[str, str], viewer: Viewer) -> dict[str, Any]:
    """The fields of the order, as plain values. Raises ValidationError by field."""
    told: dict[str, Any] = {}
    for name in ASKS[step]:
        text = values.get(name, "")
        if name == "target":
            told |= _target(values, viewer)
        elif name == "planned_for" and text and values.get("outcome") == Outcome.PLANNED:
            told[name] = close_of(text, name, snapshot.current()).isoformat()
        elif name == "hold_back" and text:
            told[name] = text == "yes"
        elif name != "planned_for" and text:
            told[name] = text
    return told


def _target(values: Mapping[str, str], viewer: Viewer) -> dict[str, str]:
    report = _named(values, viewer)
    return {"target": str(report.id)} if report else {}


def _named(values: Mapping[str, str], viewer: Viewer) -> Report | None:
    """The report to merge into, by the code that was typed, else the one that was chosen."""
    code = values.get("target_code") or values.get("target", "")
    if not code:
        return None
    try:
        report, _ = looking.inside(code, viewer, current_locale())
    except NoSuchReport:
        raise ValidationError({"target": [NO_SUCH_TARGET]}) from None
    return report


def require_alike(values: Mapping[str, str], reports: list[Report], viewer: Viewer) -> None:
    """Merging what is unlike is asked about once; the form that asked names its target as `sure`.
    Raises ValidationError."""
    target = _named(values, viewer)
    doubt = merging.unlike_among(reports, target, snapshot.current()) if target else None
    if target and doubt and request.form.get("sure") != codes.spoken(target.code):
        raise ValidationError({"target": [doubt]})


# What they are chosen from ---------------------------------------------------------------------


def offers(step: str, viewer: Viewer, reports: list[Report]) -> dict[str, Any]:
    """What the fields of this step's form are chosen from."""
    found: dict[str, Any] = {}
    if "office" in ASKS[step]:
        found["office_groups"] = office_groups(snapshot.current())
    if "person" in ASKS[step]:
        found["people_groups"] = _people(viewer, reports)
    if "outcome" in ASKS[step]:
        found |= {"outcomes": list(Outcome), "with_evidence": _with_evidence(reports)}
    if step in bulk.WORDED:
        found["templates"] = answers.for_step(step, viewer)
        found["placeholders"] = answers.known_for(step)
    return found


def _people(viewer: Viewer, reports: list[Report]) -> list[tuple[str, list[tuple[str, str]]]]:
    """By office, of those that the reports are with and the viewer works for."""
    names = snapshot.current().names[current_locale()].offices
    offices = viewer.offices(*OFFICE_ROLES) & {report.office_id for report in reports}
    return [
        (
            names[office]["name"],
            [(str(one), name) for one, name in workers([office], now())],
        )
        for office in sorted(offices)
    ]


def _with_evidence(reports: list[Report]) -> int:
    """How many are of a kind that is fixed only with a photo."""
    categories = snapshot.current().categories_by_id
    return sum(categories[report.category_id].evidence for report in reports)


def target_of(values: Mapping[str, str], viewer: Viewer) -> Report | None:
    """The report that the others are merged into, as far as the form names one that is there for
    this viewer."""
    try:
        return _named(values, viewer)
    except ValidationError:
        return None


def line_of(report: Report) -> dict[str, Any]:
    """One of them by name, as the pages of a run list it."""
    names = snapshot.current().names[current_locale()]
    category = names.categories[report.category_id]["name"]
    return {
        "code": codes.spoken(report.code),
        "title": headline(report.description, category),
        "category": category,
        "area": names.areas[report.area_id]["name"],
        "status": report.status,
    }
