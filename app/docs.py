"""The API's description at `/api/openapi.json`, and Swagger UI to browse it at `/api/docs`.

Offline: every file comes from this house (Swagger UI's from the flask-swagger-ui package). The page
has no inline script, so its policy needs no exception for scripts.
"""

from pathlib import Path

import flask_swagger_ui
import orjson
from flask import Blueprint, Flask, Response, current_app, send_from_directory

from app.auth.guards import anyone
from app.errors import NotFound, XomError
from app.examples import Json, Table, with_examples
from app.http import conditional, etag_for, json_answer
from app.problems import kind_of

OWN = Path(__file__).parent / "docs_page"
SWAGGER = Path(flask_swagger_ui.__file__).parent / "dist"
ASSETS = {
    "start.js": OWN,
    "swagger-ui.css": SWAGGER,
    "swagger-ui-bundle.js": SWAGGER,
    "favicon-32x32.png": SWAGGER,
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SPEC = "xom.openapi.bytes"
#: `app.extensions` holds here the file of the house's examples.
EXAMPLES = "xom.examples"

blueprint = Blueprint("docs", __name__, url_prefix="/api")
problems = Blueprint("problems", __name__, url_prefix="/problems")


def init_docs(app: Flask, *, examples: Path | None = None) -> None:
    """`examples`: the file of the house's own; without it the description has none."""
    app.extensions[EXAMPLES] = examples
    app.register_blueprint(blueprint)
    app.register_blueprint(problems)


@blueprint.get("/openapi.json")
@anyone
def openapi_json() -> Response:
    """Made once, at the first asking: by then every blueprint is registered."""
    body = current_app.extensions.get(_SPEC)
    if body is None:
        body = current_app.extensions[_SPEC] = orjson.dumps(description(current_app))
    return conditional(json_answer(body), etag_for(1, body), cache="no-cache")


def description(app: Flask) -> Json:
    """The API as it is described, examples included."""
    spec: Json = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    table = app.extensions.get(EXAMPLES)
    return with_examples(spec, Table.read(table)) if table else spec


@blueprint.get("/docs")
@anyone
def page() -> Response:
    return _file(OWN, "index.html")


@blueprint.get("/docs/<name>")
@anyone
def asset(name: str) -> Response:
    if name not in ASSETS:
        raise NotFound
    return _file(ASSETS[name], name)


@problems.get("/<code>")
@anyone
def problem(code: str) -> Response:
    """What the `type` of a problem points to: its status and its sentence in both languages."""
    kind = _known_problems(XomError).get(code)
    if kind is None:
        raise NotFound
    status, title = kind_of(kind)
    about = {"type": f"/problems/{code}", "title": title, "status": status}
    return json_answer(about | {"vi": kind.vi, "en": kind.en})


def _known_problems(kind: type[XomError]) -> dict[str, type[XomError]]:
    found = {kind.code: kind}
    for below in kind.__subclasses__():
        found = _known_problems(below) | found  # the general one speaks for a shared code
    return found


def _file(folder: Path, name: str) -> Response:
    response = send_from_directory(folder, name, conditional=True)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response
