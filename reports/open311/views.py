"""Reading over Open311. A view is five moves: parse, permit, act, commit, answer; rules live
elsewhere. Not in the API's own description: Open311 describes itself, by discovery and by
docs/open311.md. Sending: `sending_views`.
"""

from flask import Blueprint, Response, current_app, request

from app.auth.guards import anyone
from app.clock import now
from app.config import Config
from app.limits import by_address, limit
from app.locale import current_locale
from reports.city import snapshot
from reports.open311 import asked as asking
from reports.open311 import discovery, extended, finding, paging, requests, services
from reports.open311.answering import form_of, public
from reports.open311.asked import Asked
from reports.open311.errors import NotShown
from reports.open311.finding import Found
from reports.places import OutsideCity

SELDOM = "public, max-age=60"  # changes with the city's data alone

blueprint = Blueprint("open311", __name__, url_prefix=discovery.PATH)


@blueprint.get("/discovery.<string:form>")
@anyone
def read_discovery(form: str) -> Response:
    """Where the endpoint is, in which forms, and when services last changed."""
    form, city = form_of(form), snapshot.current()
    told = discovery.document(city, _config(), current_locale())
    return public(form, told, version=city.version, cache=SELDOM)


@blueprint.get("/services.<string:form>")
@anyone
def list_services(form: str) -> Response:
    """What can be asked for; with `lat` and `long`, what can be asked for there."""
    form, city = form_of(form), snapshot.current()
    point = asking.point(request.args)
    found = services.offered(city, current_locale())
    if point and not _serves(point):
        found = []
    return public(form, services.document(found), version=city.version, cache=SELDOM)


@blueprint.get("/services/<string:code>.<string:form>")
@anyone
def read_service(code: str, form: str) -> Response:
    """One service's typed attributes."""
    form, city = form_of(form), snapshot.current()
    told = services.definition(code, city, current_locale())
    return public(form, told, version=city.version, cache=SELDOM)


@blueprint.get("/requests.<string:form>")
@anyone
@limit("120 per minute", by=by_address)
def list_requests(form: str) -> Response:
    """What is shown to everybody, newest first: of 90 days or a thousand, or page by page."""
    form, asked = form_of(form), asking.read(request.args, snapshot.current(), at=now())
    response, found = _told(form, asked)
    address = f"{_config().base_url.rstrip('/')}{request.path}"
    beside = paging.headers(asked.page, found, address=address, given=request.args)
    response.headers.update(beside)
    return response


@blueprint.get("/requests/<string:request_id>.<string:form>")
@anyone
@limit("240 per minute", by=by_address)
def read_request(request_id: str, form: str) -> Response:
    """One request, by its id, in a list of one."""
    form = form_of(form)
    extensions = asking.flag(request.args, "extensions")
    response, found = _told(form, asking.of_ids([request_id], extended=bool(extensions)))
    if not found.rows:
        raise NotShown
    return response


def _told(form: str, asked: Asked) -> tuple[Response, Found]:
    """What was found, told, and as it was found."""
    city, locale, found = snapshot.current(), current_locale(), finding.find(asked)
    told = requests.told(found.rows, city, locale)
    if asked.extended:
        extended.add(told, found.rows, city, locale)
    return public(form, requests.document(told), version=city.version), found


def _serves(point: tuple[float, float]) -> bool:
    try:
        snapshot.current().areas.locate(*point)
    except OutsideCity:
        return False
    return True


def _config() -> Config:
    config: Config = current_app.extensions["xom.config"]
    return config
