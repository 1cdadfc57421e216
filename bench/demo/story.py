"""The script: who does what, and who must hear of it. Each line waits for its pushes, so that what
is printed is what happened."""

import io
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import text

from app.database import db
from bench.demo.people import Json, Person, picture
from bench.demo.stage import SHARED, Stage
from bench.loopback import Push

WITHIN = 15.0  # seconds in which a push must arrive
#: Where no photo proposes a pin: the bridge's southern end, in one ward by any boundaries.
BRIDGE = (16.4675, 107.5896)
BESIDE = 0.0002  # degrees: some twenty metres on

Heard = dict[Person, str]  # who hears, and the kind of news


class OffScript(Exception):
    """Something differs from the script."""


@dataclass
class Play:
    """The story as it runs: prints each line, counts, and holds what happens to the script."""

    stage: Stage
    say: Callable[[str], None]
    reports: int = 0
    steps: int = 0
    expected: list[tuple[Person, str]] = field(default_factory=list)
    _seen: int = 0

    def submits(self, who: Person, about: str, heard: Heard | None = None, **facts: Any) -> Json:
        report = who.submits(**facts)
        self.reports += 1
        self.say(f"{who.name} sends {report['code']}: {about}")
        self._hear(heard or {})
        return report

    def step(self, who: Person, step: str, report: Json, heard: Heard, **order: Any) -> Json:
        taken = who.takes(step, report, **order)
        self.steps += 1
        change = taken["change"]
        note = f" “{order['note']}”" if order.get("note") else ""
        self.say(f"{who.name}: {change['name']} · {report['code']} → {change['after']}{note}")
        self._hear(heard)
        return taken

    def _hear(self, heard: Heard) -> None:
        """Wait for exactly these pushes, and print them as the phones show them."""
        self.expected += heard.items()
        fcm = self.stage.fcm
        fcm.wait_for(len(self.expected), WITHIN)
        names = {person.device: person.name for person, _ in self.expected}
        fresh: list[Push] = fcm.received[self._seen :]
        self._seen += len(fresh)
        for push in fresh:
            self.say(f"    ⇢ {names.get(push.token, push.token)}: {push.title} — {push.body}")
        got = sorted((names.get(push.token, push.token), push.data["kind"]) for push in fresh)
        wanted = sorted((person.name, kind) for person, kind in heard.items())
        if got != wanted:
            raise OffScript(f"pushes expected {wanted}, received {got}")


def play(stage: Stage, say: Callable[[str], None]) -> str:
    """Play it all; the closing line, or OffScript."""
    on = Play(stage, say)
    lan = Person("Lan", stage).is_guest()
    minh = Person("Minh", stage).signs_in_by_phone("0905 123 456")
    centre = Person("Trung tâm", stage).signs_in("dispatcher@hue.demo")
    south = Person("Phường Thuận Hóa", stage).signs_in("officer-19789@hue.demo")
    north = Person("Phường Phú Xuân", stage).signs_in("officer-19753@hue.demo")
    say("two residents and three officials are signed in, each with a phone")
    _the_wrong_bank(on, lan, minh, centre, south, north)
    _the_fallen_wire(on, minh, centre, south)
    _nothing_lost(on)
    delivered = sum(stage.fcm.shown().values())
    lost = len(on.expected) - delivered
    return (
        f"demo: {on.reports} reports, {on.steps} steps, {delivered} pushes delivered, {lost} lost"
    )


def _the_wrong_bank(
    on: Play, lan: Person, minh: Person, centre: Person, south: Person, north: Person
) -> None:
    """Returned and forwarded, merged, resolved, reopened, resolved again, confirmed, rated."""
    photo = lan.puts_photo(picture(SHARED, "synth_gps_truong_tien_o6.jpg", _drawn("#8a6f4d")))
    pin = (photo["lat"], photo["lng"]) if photo["lat"] else BRIDGE
    on.say(f"Lan's photo: {photo['width']} × {photo['height']} px, pin proposed at {pin}")
    first = on.submits(
        lan,
        "hàng quán chiếm hết vỉa hè đầu cầu Trường Tiền",
        category="lan-chiem",
        description="Hàng quán chiếm hết vỉa hè đầu cầu Trường Tiền, phải đi xuống lòng đường.",
        lat=pin[0],
        lng=pin[1],
        photos=[photo["id"]],
    )
    on.say(f"    routed to {first['office']['name']}")
    on.step(centre, "accept", first, {lan: "accepted", south: "new_work"})
    note = "Điểm này ở bờ bắc, thuộc phường Phú Xuân."
    on.step(south, "return", first, {centre: "returned"}, note=note, office="ubnd-19753")
    heard = {lan: "forwarded", north: "new_work"}
    on.step(centre, "forward", first, heard, office="ubnd-19753")
    second = _the_same_again(on, minh, first)
    heard = {minh: "merged"}
    on.step(centre, "merge", second, heard, target=first["id"], note="Cùng một chỗ.")
    both = {lan: "started", minh: "started"}
    on.step(north, "start", first, both)
    _resolve(on, north, first, [lan, minh], "Đã nhắc nhở, các hộ đã dọn vào trong.")
    heard = {minh: "reopened", north: "reopened"}
    on.step(lan, "reopen", first, heard, note="Sáng nay họ lại bày ra.")
    _resolve(on, north, first, [lan, minh], "Đã xử phạt hai hộ và kẻ vạch vỉa hè.")
    on.step(lan, "confirm", first, {minh: "closed", north: "closed"})
    lan.call("PUT", f"/reports/{first['id']}/rating", {"stars": 5, "comment": "Cảm ơn phường."})
    on.say("Lan rates the answer: 5 of 5")


def _the_same_again(on: Play, minh: Person, first: Json) -> Json:
    lat, lng = first["lat"] + BESIDE, first["lng"]
    query = f"lat={lat:.5f}&lng={lng:.5f}&category=lan-chiem"
    similar = minh.call("GET", f"/reports/similar?{query}")["items"]
    if [item["id"] for item in similar] != [first["id"]]:
        raise OffScript(f"one similar report expected, {len(similar)} offered")
    on.say(f"Minh is shown {similar[0]['code']}, {similar[0]['metres']} m away, and sends his own")
    return on.submits(
        minh,
        "bàn ghế lấn vỉa hè",
        category="lan-chiem",
        description="Bàn ghế lấn hết vỉa hè đầu cầu.",
        lat=lat,
        lng=lng,
    )


def _resolve(on: Play, officer: Person, report: Json, hear: list[Person], note: str) -> None:
    after = officer.puts_photo(picture(SHARED, "orient_Landscape_6.jpg", _drawn("#6f8f5f")))
    heard = dict.fromkeys(hear, "resolved")
    order = {"outcome": "fixed", "photos": [after["id"]], "note": note}
    on.step(officer, "resolve", report, heard, **order)


def _the_fallen_wire(on: Play, minh: Person, centre: Person, south: Person) -> None:
    """Urgent: the duty roster hears before anybody has looked, and the clock runs at night."""
    report = on.submits(
        minh,
        "dây điện rơi xuống đường",
        {south: "submitted_urgent"},
        category="dien-nguy-hiem",
        description="Dây điện rơi xuống đường trước ga Huế, rất nguy hiểm.",
        lat=16.456,
        lng=107.578,
    )
    on.say(f"    urgent: due {report['due_at']}, four hours from sending")
    heard = {minh: "accepted", south: "new_work"}
    on.step(centre, "accept", report, heard, office="ubnd-19789", note="Phường rào chắn ngay.")
    on.step(south, "start", report, {minh: "started"})
    _resolve(on, south, report, [minh], "Đã rào chắn, điện lực đã nối lại dây.")
    on.step(minh, "confirm", report, {south: "closed"})


def _nothing_lost(on: Play) -> None:
    """Nothing waits, nothing was given up, no phone showed one piece of news twice."""
    counts = _deliveries(on.stage)
    until = time.monotonic() + WITHIN
    while "due" in counts and time.monotonic() < until:  # the worker writes down after it has sent
        time.sleep(0.05)
        counts = _deliveries(on.stage)
    if set(counts) != {"sent"} or counts["sent"] != len(on.expected):
        raise OffScript(f"{len(on.expected)} deliveries expected, the database says {counts}")
    doubled = [pair for pair, times in on.stage.fcm.sent().items() if times > 1]
    if doubled:
        raise OffScript(f"sent twice: {doubled}")


def _deliveries(stage: Stage) -> dict[str, int]:
    """How many stand in which state."""
    with stage.app.app_context():
        rows = db.session.execute(text("select state, count(*) from delivery group by state"))
        counts = {row.state: row.count for row in rows}
        db.session.remove()
        return counts


def _drawn(colour: str) -> bytes:
    """A picture of a street, for where no real photo is at hand."""
    image = Image.new("RGB", (1200, 900), "#a9c4d8")
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 900), (1200, 900), (820, 430), (380, 430)], fill="#77787a")
    draw.rectangle((0, 560, 300, 900), fill=colour)
    held = io.BytesIO()
    image.save(held, "JPEG", quality=85)
    return held.getvalue()


def timeline() -> Callable[[str], None]:
    """Print each line with the seconds since the start."""
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(f"{time.monotonic() - began:7.2f} s  {line}\n")
        sys.stdout.flush()

    return say
