"""What becomes of a report, course by course: each yields the moment of its next act, then acts."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from reports import voices
from reports.city.demo import script
from reports.city.demo.play import Play
from reports.city.demo.script import Plot
from reports.city.demo.stage import Course, Stage, demo_id
from reports.city.values import Office
from reports.permissions import Viewer
from reports.statuses import OPEN, Role, Status

MOST_SUPPORTERS = 14


def courses_of(stage: Stage, plots: list[Plot]) -> Iterator[Course]:
    """Two for each plot: what becomes of the report, and what others add to it."""
    for plot in plots:
        play = Play(stage, plot, plot.at)
        stage.plays[plot.number] = play
        yield _whole(play)
        yield _voices(Play(stage, plot, plot.at))


def _whole(play: Play) -> Course:
    yield play.clock
    play.submit()
    yield from _COURSES[play.plot.course](play)


def _unseen(play: Play) -> Course:
    yield from ()


def _taken(play: Play) -> Course:
    """The dispatcher accepts; what was accepted by itself is published once somebody looked."""
    yield play.desk()
    if play.report.status == Status.SUBMITTED:
        play.take("accept", play.dispatcher())
    elif not play.city.categories_by_id[play.report.category_id].private:
        play.take("publish", play.dispatcher())


def _begun(play: Play) -> Course:
    yield from _taken(play)
    yield from _start(play)


def _start(play: Play) -> Course:
    yield play.worked(0.3, 7)
    play.take("start", play.office(), note=play.said("start"))


def _mend(play: Play) -> Course:
    yield from _taken(play)
    yield from _work(play)


def _work(play: Play) -> Course:
    """From accepted to mended, and what the reporter says of it."""
    if play.report.status == Status.ACCEPTED:
        yield from _start(play)
    yield play.before_due()
    play.resolve("fixed", play.plot.reply)
    yield from _ended(play)


def _ended(play: Play) -> Course:
    """Some confirm, some rate; the rest closes by itself after seven days."""
    chance = play.stage.random
    if chance.random() < 0.6:
        yield play.evening(0.1, 4)
        if chance.random() < 0.75:
            play.take("confirm")
        if chance.random() < 0.8 and play.report.status in {Status.RESOLVED, Status.CLOSED}:
            play.rate()


def _explain(play: Play) -> Course:
    yield from _begun(play)
    yield play.before_due()
    play.resolve("explained", play.said("explained"))
    yield from _ended(play)


def _plan(play: Play) -> Course:
    yield from _begun(play)
    yield play.before_due()
    later = play.clock + timedelta(days=play.stage.random.randint(25, 120))
    play.resolve("planned", play.said("planned"), planned_for=later)
    yield from _ended(play)


def _not_found(play: Play) -> Course:
    yield from _begun(play)
    yield play.before_due()
    play.resolve("not_found", play.said("not_found"))
    yield from _ended(play)


def _slow(play: Play) -> Course:
    if play.stage.random.random() < 0.6:
        yield from _begun(play)
    else:
        yield from _taken(play)


def _question(play: Play) -> Course:
    yield from _taken(play)
    yield play.worked(0.5, 6)
    play.take("ask", play.office(), note=play.said("ask"))


def _answer(play: Play) -> Course:
    yield from _question(play)
    yield play.evening(0.1, 2)
    play.take("answer", note=play.said("answer"))
    yield from _work(play)


def _asked(play: Play) -> Course:
    """The question is put late enough that it still waits today."""
    yield from _taken(play)
    yield play.until(play.stage.now - timedelta(hours=play.stage.random.uniform(3, 40)))
    play.take("ask", play.office(), note=play.said("ask"))


def _returned(play: Play) -> Course:
    yield from _taken(play)
    if play.report.office_id == play.city.centre.id:
        yield from _work(play)  # what the centre answers itself stays with it
        return
    yield play.until(play.stage.now - timedelta(hours=play.stage.random.uniform(1, 30)))
    play.take("return", play.office(), note=play.said("not_ours"))


def _forward(play: Play) -> Course:
    yield from _taken(play)
    office = _whose(play)
    if office is not None and play.report.office_id != play.city.centre.id:
        yield play.worked(1, 6)
        play.take("return", play.office(), note=play.said("not_ours"), office=office.code)
        yield play.worked(0.3, 5)
        note = play.said("forward")
        play.take("forward", play.dispatcher(), office=office.code, note=note)
    yield from _work(play)


def _whose(play: Play) -> Office | None:
    """The other office that such a report is now and then for, if it is another."""
    code = play.stage.material.categories[play.plot.category]["forward"]
    office = play.city.office(code) if code else None
    return office if office is not None and office.id not in _concerned(play) else None


def _concerned(play: Play) -> set[int | None]:
    """Offices that cannot be asked to help: who leads it, and whom it is about."""
    return {play.report.office_id, play.report.accused_office_id}


def _reject(play: Play) -> Course:
    category = play.city.categories_by_id[play.report.category_id]
    if category.private or category.auto_accept or play.report.urgent:
        yield from _mend(play)
        return
    yield play.desk()
    reason = play.stage.random.choice(("unclear", "outside_scope", "already_answered"))
    play.take("reject", play.dispatcher(), reason=reason, note=play.said(f"reject_{reason}"))


def _reopen(play: Play) -> Course:
    yield from _begun(play)
    yield play.before_due()
    play.resolve("fixed", play.plot.reply)
    yield play.evening(0.5, 5)
    play.take("reopen", note=play.said("reopen"))
    yield play.before_due()
    play.resolve("fixed", play.said("again"))
    yield from _ended(play)


def _extend(play: Play) -> Course:
    yield from _begun(play)
    due = play.report.due_at
    if due is not None and not play.report.urgent:
        yield play.worked(6, 12)
        head, later = play.office(Role.HEAD), due + timedelta(days=7)
        play.take("ask_extension", head, note=play.said("extend"), until=later)
        yield play.worked(0.5, 6)
        play.take("grant_extension", play.dispatcher())
    yield from _work(play)


def _join(play: Play) -> Course:
    yield from _begun(play)
    yield play.worked(0.5, 4)
    committee = play.city.committee_of(play.city.area_by_id[play.report.area_id].code)
    if committee is not None and committee.id not in _concerned(play):
        play.take("join", play.dispatcher(), office=committee.code)
    yield from _work(play)


def _send_back(play: Play) -> Course:
    yield from _begun(play)
    yield play.before_due()
    play.resolve("explained", play.said("explained"))
    yield play.worked(0.5, 5)
    play.take("send_back", play.dispatcher(), note=play.said("ask"))
    yield play.worked(2, 8)
    play.resolve("fixed", play.plot.reply)
    yield from _ended(play)


def _withdraw(play: Play) -> Course:
    yield play.evening(0.05, 0.8)
    play.take("withdraw", note=play.said("withdraw"))


def _merge(play: Play) -> Course:
    """Into the other report where that is still open, else on its own."""
    yield play.desk()
    lead = play.stage.plays[play.plot.lead or 0]
    if lead.report.status in OPEN and lead.report.lead_id is None:
        play.take("merge", play.dispatcher(), target=lead.id, note=play.said("merge"))
        return
    yield from _mend(play)


_C = script.Course
_COURSES: dict[script.Course, Callable[[Play], Course]] = {
    _C.UNSEEN: _unseen, _C.MEND: _mend, _C.EXPLAIN: _explain, _C.PLAN: _plan,
    _C.NOT_FOUND: _not_found, _C.SLOW: _slow, _C.ANSWER: _answer, _C.ASKED: _asked,
    _C.FORWARD: _forward, _C.RETURNED: _returned, _C.REJECT: _reject, _C.REOPEN: _reopen,
    _C.EXTEND: _extend, _C.JOIN: _join, _C.SEND_BACK: _send_back, _C.WITHDRAW: _withdraw,
    _C.MERGE: _merge,
}  # fmt: skip


def _voices(play: Play) -> Course:
    """Supporters, and now and then a comment, while the report is shown and open."""
    chance = play.stage.random
    many = min(int(chance.expovariate(0.7)), MOST_SUPPORTERS)
    yield play.until(play.clock + timedelta(hours=4))
    for number in chance.sample(range(140), many):
        yield play.until(play.clock + timedelta(hours=chance.uniform(0.2, 20)))
        if _can_be_supported(play):
            play.support(number)
    if chance.random() < 0.16 and play.report.shown:
        yield play.evening(0.1, 1.5)
        _resident_comments(play)
    if chance.random() < 0.1 and play.report.status in {Status.ACCEPTED, Status.IN_PROGRESS}:
        yield play.worked(0.5, 5)
        _office_speaks(play)


def _can_be_supported(play: Play) -> bool:
    return play.report.shown and play.report.status in OPEN


def _resident_comments(play: Play) -> None:
    by = play.stage.resident(play.stage.random.randrange(140))
    comment_id = demo_id("comment", play.plot.number)
    said, _ = voices.comment(
        play.report, comment_id, play.said("comments"), by=Viewer(by), at=play.clock
    )
    if play.stage.random.random() < 0.8:
        voices.publish_comment(said, at=play.clock + timedelta(hours=1), shown=True)


def _office_speaks(play: Play) -> None:
    office = play.office()
    number = play.plot.number
    if play.stage.random.random() < 0.5:
        words = play.said("office_comments")
        voices.comment(
            play.report, demo_id("office comment", number), words, by=office, at=play.clock
        )
    else:
        words = play.said("notes")
        voices.note(play.report, demo_id("note", number), words, by=office, at=play.clock)
