"""`flask notices …`: what residents are told stands above their form. Times are the city's own."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup

from app.clock import now
from app.database import db
from app.text import normalise, on_one_line
from reports import notices
from reports.city import snapshot
from reports.city.models import NoticeKind
from reports.notices import Wording

group = AppGroup("notices", help="What residents of some areas are told: list, add, end.")
commands = [group]

_moment = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


@group.command("list")
def list_notices() -> None:
    """All that stand, and those that begin later."""
    city, at = snapshot.current(), now()
    zone = ZoneInfo(city.profile.timezone)
    found = notices.upcoming_and_live(at)
    for notice in found:
        since, until = (moment.astimezone(zone) for moment in (notice.starts_at, notice.ends_at))
        where = ", ".join(notice.areas) or "everywhere"
        words = notices.told(notice, city, locale="vi").text
        click.echo(f"{notice.id}  {since:%d/%m %H:%M} to {until:%d/%m %H:%M}  {where}  {words}")
    if not found:
        click.echo("No notice stands.")


@group.command("add")
@click.argument("kind", type=click.Choice([str(kind) for kind in NoticeKind]))
@click.argument("text_vi")
@click.option("--en", "text_en", default="", help="The same in English.")
@click.option("--area", "areas", multiple=True, help="An area's code; repeat it. None: the city.")
@click.option("--from", "since", type=_moment, help="From when; now if left out.")
@click.option("--until", type=_moment, help="Until when, at most 30 days.")
@click.option("--hours", type=click.FloatRange(0.1, 720), help="Or for how long.")
def add(
    kind: str,
    text_vi: str,
    text_en: str,
    areas: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    hours: float | None,
) -> None:
    """Put up a notice: KIND, TEXT_VI, and --until or --hours, since each has its end."""
    if (until is None) == (hours is None):
        raise click.UsageError("A notice has an end: give --until or --hours, one of them.")
    city, at = snapshot.current(), now()
    zone = ZoneInfo(city.profile.timezone)
    starts = since.replace(tzinfo=zone) if since else None
    ends = until.replace(tzinfo=zone) if until else (starts or at) + timedelta(hours=hours or 0)
    wording = Wording(
        kind=NoticeKind(kind),
        text_vi=_words(text_vi),
        text_en=_words(text_en),
        areas=areas,
        starts_at=starts,
        ends_at=ends,
    )
    notice, _ = notices.give(uuid4(), wording, city, by=None, at=at)
    db.session.commit()
    click.echo(f"It stands until {ends.astimezone(zone):%d/%m %H:%M}: {notice.id}")


@group.command("end")
@click.argument("notice_id", type=click.UUID)
def end(notice_id: UUID) -> None:
    """Take a notice down before its time."""
    notices.end(notice_id, by=None, at=now())
    db.session.commit()
    click.echo("It stands no longer.")


def _words(text: str) -> str:
    words = on_one_line(normalise(text))
    if len(words) > 300:
        raise click.BadParameter("At most 300 characters.")
    return words
