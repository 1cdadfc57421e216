"""Firebase ID tokens, verified by firebase-admin against Google's certificates.

Nothing else in the web process needs firebase-admin, so `app.auth.api` imports this file only when
the first such token arrives.
"""

from threading import Lock

import firebase_admin
from firebase_admin import auth
from firebase_admin.auth import CertificateFetchError, InvalidIdTokenError
from flask import current_app
from google.auth.credentials import AnonymousCredentials

from app.auth.errors import BadFirebaseToken, FirebaseNotSetUp
from app.auth.ports import FirebaseUser
from app.config import Config
from app.errors import Unavailable

APP = "xom-sign-in"
SECONDS = 5
_making = Lock()


def verify_id_token(token: str) -> FirebaseUser:
    """Whose token this is; raises BadFirebaseToken. May ask Google: call outside a transaction."""
    config: Config = current_app.extensions["xom.config"]
    if not config.firebase_project:
        raise FirebaseNotSetUp
    try:
        claims = auth.verify_id_token(token, app=_app(config.firebase_project))
    except CertificateFetchError as error:
        raise Unavailable(retry_after=10) from error
    except (InvalidIdTokenError, ValueError) as error:
        raise BadFirebaseToken from error
    return FirebaseUser(claims["uid"], claims.get("phone_number"))


def _app(project: str) -> firebase_admin.App:
    name = f"{APP} {project}"
    with _making:  # two first sign-ins at once would both make it, and the second fail
        try:
            return firebase_admin.get_app(name)
        except ValueError:
            options = {"projectId": project, "httpTimeout": SECONDS}
            # Verifying takes Google's public certificates and the project's name, no account.
            nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]
            return firebase_admin.initialize_app(nobody, options, name=name)
