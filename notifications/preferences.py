"""What a person wants to hear, by which way, and when not. Without a word from them: push always,
e-mail to officials who have no device, text messages only to those on call without one, at the
duty phone that the city has given them. A resident who gives an e-mail address, or asks for text
messages, hears that way while no device of theirs takes a push.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.auth.models import Account, AccountKind
from app.config import Config
from app.database import db
from notifications.backoff import Hours
from notifications.kinds import Group
from notifications.models import Choice, Preference, QuietHours, Way

Choices = Mapping[Group, Mapping[Way, Choice]]

#: What a resident hears by a way that they have just opened. Texts cost the city money, so what
#: nobody waits for does not come by text unless it is chosen.
OPENED = {
    Way.EMAIL: (Group.MY_REPORTS, Group.COMMENTS, Group.NEARBY, Group.OTHER),
    Way.SMS: (Group.MY_REPORTS,),
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """All of a person's choices, defaults filled in; `quiet` is None where none was made."""

    choices: Choices
    quiet: Hours | None


def default_choice(group: Group, way: Way, *, official: bool) -> Choice:
    """What holds until the person says otherwise."""
    if way is Way.PUSH:
        return Choice.ALWAYS
    if official and (way is Way.EMAIL or group is Group.DUTY):
        return Choice.OTHERWISE
    return Choice.NEVER


def default_rows() -> Iterator[tuple[str, str, bool, str]]:
    """The defaults of letters as rows (group, way, official, choice), for one statement."""
    for group in Group:
        for way in (Way.EMAIL, Way.SMS):
            for official in (False, True):
                choice = default_choice(group, way, official=official)
                yield str(group), str(way), official, str(choice)


def wishes_of(account_id: UUID) -> Wishes:
    """What this person chose, and the defaults for the rest."""
    kind = db.session.scalar(select(Account.kind).where(Account.id == account_id))
    official = kind == AccountKind.OFFICIAL
    chosen = {
        (row.group, row.way): Choice(row.choice)
        for row in db.session.scalars(select(Preference).where(Preference.account_id == account_id))
    }
    choices = {
        group: {
            way: chosen.get((group, way), default_choice(group, way, official=official))
            for way in Way
        }
        for group in Group
    }
    quiet = db.session.get(QuietHours, account_id)
    return Wishes(choices, Hours(quiet.since, quiet.until) if quiet else None)


def choose(account_id: UUID, choices: Choices) -> None:
    """Remember these choices; what is not named stays as it was."""
    rows = [
        {"account_id": account_id, "group": group, "way": way, "choice": choice}
        for group, ways in choices.items()
        for way, choice in ways.items()
    ]
    if not rows:
        return
    statement = insert(Preference).values(rows)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["account_id", "group", "way"],
            set_={"choice": statement.excluded.choice},
        )
    )


def open_way(account_id: UUID, way: Way) -> None:
    """A resident can be reached this way from now on: it takes over where no push arrives. What
    they chose themselves stays."""
    rows = [
        {"account_id": account_id, "group": group, "way": way, "choice": Choice.OTHERWISE}
        for group in OPENED[way]
    ]
    db.session.execute(insert(Preference).values(rows).on_conflict_do_nothing())


def close_way(account_id: UUID, way: Way) -> None:
    """Nobody is at the end of this way any more: the choices for it go too."""
    theirs = Preference.account_id == account_id, Preference.way == way
    db.session.execute(delete(Preference).where(*theirs))


def keep_quiet(account_id: UUID, hours: Hours | None) -> None:
    """Send nothing but urgent news within these local hours. None: as by default."""
    if hours is None:
        db.session.execute(delete(QuietHours).where(QuietHours.account_id == account_id))
        return
    statement = insert(QuietHours).values(
        account_id=account_id, since=hours.since, until=hours.until
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["account_id"],
            set_={"since": statement.excluded.since, "until": statement.excluded.until},
        )
    )


NEVER_QUIET = Hours(time(0, 0), time(0, 0))

# Leaving a mailing list takes one click and no sign-in (RFC 8058): the link itself is signed.


def leave_url(config: Config, account_id: UUID, group: Group) -> str:
    """For an e-mail's foot: lets whoever holds the letter stop mail of this group."""
    token = _signer(config).dumps([account_id.hex, str(group)])
    return f"{config.base_url.rstrip('/')}/api/v1/unsubscribe/{token}"


def read_leave_token(config: Config, token: str) -> tuple[UUID, Group] | None:
    """Whose mail of which group the link would stop; None when it was not made here."""
    try:
        account, group = _signer(config).loads(token)
        return UUID(account), Group(group)
    except (BadSignature, ValueError, TypeError):
        return None


def leave(config: Config, token: str) -> tuple[UUID, Group] | None:
    """Stop e-mail as the link says; None when it was not made here."""
    found = read_leave_token(config, token)
    if found is None or db.session.get(Account, found[0]) is None:
        return None
    account_id, group = found
    choose(account_id, {group: {Way.EMAIL: Choice.NEVER}})
    return found


def _signer(config: Config) -> URLSafeSerializer:
    return URLSafeSerializer(config.secret_key, salt="xom.leave")
