"""A neighbourhood in which something has happened: reports of one resident in every state, others'
around them, messages, notices. For looking at screens as people will see them.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.clock import now
from reports.statuses import Role
from tests.web.site import Site

FLOODED = Path(__file__).resolve().parents[2] / "docs" / "flooded-street.jpg"
WORDS = {
    "ngap-nuoc": "Cống trước trường nghẹt, nước ngập tới đầu gối sau mưa.",
    "den-duong": "Đèn đường đầu kiệt 42 tắt ba hôm nay, buổi tối tối om.",
    "rac-thai": "Rác đổ trộm bên bờ sông, bốc mùi.",
    "duong-hong": "Ổ gà lớn giữa đường, xe máy tránh rất nguy hiểm.",
    "cay-xanh": "Cành cây gãy vướng lối đi.",
    "tieng-on": "Loa kẹo kéo hát đến nửa đêm.",
}
"""What each category asks, answered."""
ANSWERS: dict[str, dict[str, Any]] = {
    "den-duong": {"tinh-trang": "ca-doan"},
    "cay-xanh": {"can-tro": "duong"},
    "tieng-on": {"khi-nao": ["buoi-toi"]},
}


@dataclass
class Scene:
    """One resident's phone and what came of what they sent; reports by the name of their state."""

    token: str
    reports: dict[str, dict[str, Any]]

    def code(self, name: str) -> str:
        return str(self.reports[name]["code"]).replace("-", "")


def lived_in(site: Site) -> Scene:
    """A guest with a report in each state a resident meets, and neighbours' reports around."""
    me = site.resident()
    made = {name: _sent(site, me, category, number) for number, (name, category) in enumerate(
        {
            "submitted": "tieng-on", "accepted": "den-duong", "waiting": "rac-thai",
            "resolved": "ngap-nuoc", "closed": "duong-hong", "rejected": "cay-xanh",
        }.items()
    )}  # fmt: skip
    dispatcher = site.official(Role.DISPATCHER)
    for name in ("accepted", "waiting", "resolved", "closed"):
        if site.call("GET", f"/reports/{made[name]['id']}", me)["status"] == "submitted":
            site.accepted(made[name]["id"])
    site.takes(dispatcher, "ask", made["waiting"]["id"], note="Rác nằm trước số nhà nào?")
    for name in ("resolved", "closed"):
        _resolve(site, made[name]["id"])
    _confirm(site, me, made["closed"]["id"])
    site.takes(
        dispatcher, "reject", made["rejected"]["id"], reason="unclear",
        note="Chưa rõ cây ở đâu. Bạn chụp thêm một ảnh giúp nhé.",
    )  # fmt: skip
    for number in range(6):
        other = _sent(site, site.resident(), list(WORDS)[number], 10 + number)
        if site.call("GET", f"/reports/{other['id']}", dispatcher)["status"] == "submitted":
            site.accepted(other["id"])
    _notice(site)
    site.run_jobs()
    return Scene(me, made)


def _sent(site: Site, token: str, category: str, number: int) -> dict[str, Any]:
    photo = site.photo(token, FLOODED.read_bytes()) if number % 2 else None
    return site.submits(
        token, category=category, description=WORDS[category], answers=ANSWERS.get(category, {}),
        lat=16.4675 + number * 0.0011, lng=107.5885 + (number % 5) * 0.0013,
        photos=[photo] if photo else [],
    )  # fmt: skip


def _resolve(site: Site, report_id: str) -> None:
    officer = site.officer_of(report_id)
    site.takes(officer, "start", report_id)
    after = site.photo(officer, FLOODED.read_bytes())
    site.takes(
        officer, "resolve", report_id, outcome="fixed", photos=[after],
        note="Đã nạo vét 120 m cống và thay hai tấm đan vỡ. Cảm ơn bạn đã báo.",
    )  # fmt: skip


def _confirm(site: Site, token: str, report_id: str) -> None:
    order = {"id": str(uuid4()), "step": "confirm"}
    site.call("POST", f"/reports/{report_id}/steps", token, json=order)


def _notice(site: Site) -> None:
    at = now()
    site.call(
        "POST", "/notices", site.official(Role.DISPATCHER),
        json={
            "id": str(uuid4()),
            "kind": "flood",
            "text_vi": "Đang ngập đường Bà Triệu, trung tâm đã biết.",
            "text_en": "Bà Triệu street is under water; the centre knows.",
            "starts_at": at.isoformat(), "ends_at": (at + timedelta(hours=6)).isoformat(),
        },
    )  # fmt: skip
