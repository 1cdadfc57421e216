"""Which office a step sends a report to, and why: as a dispatcher named it, as the router proposed
it when the report was sent, or worked out anew.
"""

from reports import assignments
from reports.city.values import Category, Office
from reports.errors import UnknownCategory, UnknownOffice
from reports.orders import Move
from reports.routing import Choice, choose_office
from reports.statuses import Role


def office_named(move: Move) -> Office:
    """The office that the order names; never the one accused."""
    office = move.city.office(move.order.office or "")
    if office is None or office.id == move.report.accused_office_id:
        raise UnknownOffice()
    return office


def category_named(move: Move) -> Category:
    """The category that the order names, or its successor."""
    category = move.city.category(move.order.category or "")
    if category is None or category.legal_channel:
        raise UnknownCategory()
    return category


def accepted(move: Move) -> Choice:
    """The office a dispatcher named, else the proposal; worked out anew if the kind changed."""
    anew = routed(move) if move.order.category else None  # first: it tells who is accused
    if move.order.office:
        return by_hand(move, office_named(move))
    return anew or proposed(move)


def proposed(move: Move) -> Choice:
    """What the router proposed at submission, with its reason; gone offices have successors."""
    row = assignments.present(move.report.id)[0]
    office = move.city.office(move.city.offices_by_id[row.office_id].code) or move.city.centre
    rule = move.city.rules_by_id.get(row.rule_id) if row.rule_id else None
    return Choice(office, rule, row.reason_vi, row.reason_en)


def routed(move: Move) -> Choice:
    """Worked out anew from the report's category and pin; also who is accused, if anybody."""
    report = move.report
    place = move.city.areas.locate(report.lat, report.lng)
    choice = choose_office(move.category, place, move.city)
    _accuse(move, choice.accused)
    return choice


def _accuse(move: Move, accused: Office | None) -> None:
    """History keeps when that changed: what was told before is kept from the one accused since."""
    report, known = move.report, move.city.offices_by_id
    now = accused.id if accused else None
    if now != report.accused_office_id:
        before = known[report.accused_office_id].code if report.accused_office_id else None
        move.facts["accused"] = [before, accused.code if accused else None]
        report.accused_office_id = now


def by_hand(move: Move, office: Office) -> Choice:
    """A person's choice: no rule, and their own words as the reason."""
    note = f": {move.order.note}" if move.order.note else "."
    if move.role is Role.DISPATCHER:
        vi, en = f"{move.city.centre.name_vi} chuyển", f"Sent by {move.city.centre.name_en}"
    else:
        vi, en = "Đơn vị chuyển trả", "Returned by the office"
    return Choice(office, None, vi + note, en + note)
