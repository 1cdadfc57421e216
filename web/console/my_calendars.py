"""An official's calendar addresses: made, shown once, withdrawn. What they open is
`reports.feeds.calendar_links`'s.
"""

from uuid import UUID

from flask import Response, request, url_for

from app.auth.guards import requires
from app.clock import now
from app.database import db
from app.errors import XomError
from app.limits import by_account, limit
from app.locale import current_locale, in_words
from app.text import normalise, on_one_line
from reports.city import snapshot
from reports.feeds import calendar_links
from reports.permissions import Permission
from web.console.blueprint import blueprint
from web.console.drawing import go, me, page
from web.console.link_once import public_address
from web.console.wrong import status_of, wrong_in

LONGEST = 60  # letters of a name


@blueprint.get("/me/calendars")
@requires(Permission.QUEUE)
def my_calendars() -> Response:
    """The addresses that hold, and a form for another."""
    withdrawn = request.args.get("said") == "withdrawn"
    said = in_words("Đã thu hồi. Địa chỉ đó không mở được gì nữa.",
                    "Withdrawn. That address no longer opens anything.")  # fmt: skip
    return _draw(said=said if withdrawn else "")


@blueprint.post("/me/calendars")
@requires(Permission.QUEUE)
@limit("30 per hour", by=by_account)
def make_calendar() -> Response:
    """Make an address and show it, this once: the answer to the form itself."""
    form = request.form
    name = on_one_line(normalise(form.get("name", "")))[:LONGEST]
    try:
        _, token = calendar_links.make(
            me(),
            snapshot.current().office(form.get("office", "")),
            mine=form.get("what") == "mine",
            name=name,
            at=now(),
        )
        db.session.commit()
    except XomError as error:
        db.session.rollback()
        return _draw(error=error)
    address = public_address(f"/feeds/calendar/{token}.ics")
    return page(
        "console/calendar_once.html",
        link=address,
        webcal=f"webcal:{address.partition(':')[2]}",
    )


@blueprint.post("/me/calendars/<uuid:link_id>/withdraw")
@requires(Permission.QUEUE)
@limit("60 per hour", by=by_account)
def withdraw_calendar(link_id: UUID) -> Response:
    """The address opens nothing from now on."""
    account_id = me().account_id
    assert account_id is not None  # noqa: S101 (they are signed in)
    calendar_links.revoke(account_id, link_id, at=now())
    db.session.commit()
    return go(url_for("console.my_calendars", said="withdrawn"))


def _draw(*, error: XomError | None = None, said: str = "") -> Response:
    viewer, city = me(), snapshot.current()
    assert viewer.account_id is not None  # noqa: S101 (they are signed in)
    names, mine = city.names[current_locale()].offices, calendar_links.offices_for(viewer)
    response = page(
        "console/my_calendars.html",
        links=[
            (link, names[link.office_id]["name"])
            for link in calendar_links.of_account(viewer.account_id)
        ],
        offices=[(names[one]["id"], names[one]["name"]) for one in sorted(mine)],
        typed=request.form,
        longest=LONGEST,
        wrong=wrong_in(error, {"office"} if mine else ()) if error else {},
        said=said,
    )
    response.status_code = status_of(error) if error else 200
    return response
