"""Push through Firebase Cloud Messaging, by firebase-admin's own `send`, one message a call.

FCM has no idempotency key, so the message's id is collapse key and tag: a phone that gets it twice
shows it once. Retrying is the queue's business, hence none inside the library.
"""

import itertools
import json
from datetime import timedelta
from typing import Any

import firebase_admin
from firebase_admin import credentials, messaging
from requests import Response
from requests.adapters import HTTPAdapter

from app.clock import now
from notifications.channels.letters import (
    Alarm,
    Bad,
    Gone,
    Letter,
    Outcome,
    Retry,
    Sent,
    seconds_after,
)
from notifications.models import DeviceKind

TIMEOUT = 10.0  # seconds, for connecting and for each read
KEPT_FOR = timedelta(days=7)  # by FCM, while the phone is off
URGENT_KEPT_FOR = timedelta(hours=12)

_names = (f"xom-{number}" for number in itertools.count(1))
_FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


class Fcm:
    """A Firebase app of its own, with one pool of connections."""

    def __init__(
        self,
        credentials_path: str,
        *,
        site: str,
        project: str = "",
        url: str = "",
        connections: int = 16,
    ) -> None:
        """`site` is the public address of this city; `url` another FCM, for rehearsals."""
        self._site = site.rstrip("/")
        options = {"httpTimeout": TIMEOUT, **({"projectId": project} if project else {})}
        self._app = firebase_admin.initialize_app(
            credentials.Certificate(credentials_path), options, name=next(_names)
        )
        self._tame(connections, url)

    def send(self, letter: Letter) -> Outcome:
        try:
            messaging.send(self._message(letter), app=self._app)
        except Exception as error:  # the library raises from five families, some by accident
            return _outcome(error)
        return Sent()

    def close(self) -> None:
        firebase_admin.delete_app(self._app)

    def _tame(self, connections: int, url: str) -> None:
        """No retries and no two-minute waits inside the library; the rehearsal's address."""
        service = messaging._get_messaging_service(self._app)
        session = service._client.session
        session._refresh_timeout = TIMEOUT
        adapter = HTTPAdapter(pool_connections=2, pool_maxsize=connections, max_retries=0)
        session.mount("https://fcm.googleapis.com", adapter)
        if url:
            service._fcm_url = f"{url}/v1/projects/{self._app.project_id}/messages:send"
            session.mount(url, adapter)
            # A rehearsal stays on loopback: no proxy, no question to Google about regions.
            session.trust_env = session._auth_request_session.trust_env = False
            service._credential._is_regional_access_boundary_lookup_required = lambda: False

    def _message(self, letter: Letter) -> messaging.Message:
        one = str(letter.message_id)
        message = messaging.Message(
            notification=messaging.Notification(title=letter.title, body=letter.body),
            data=_data(letter),
            android=_android(letter, one),
            apns=_apns(letter, one),
            webpush=_webpush(letter, one, self._site),
        )
        if letter.device_kind is DeviceKind.FCM_FID:
            message.fid = letter.address
        else:
            message.token = letter.address  # set here: the constructor's argument is deprecated
        return message


def _data(letter: Letter) -> dict[str, str]:
    return {
        "message_id": str(letter.message_id),
        "kind": letter.kind,
        "subject": letter.subject,
        "path": letter.path,
        "at": letter.at.isoformat(),
    }


def _android(letter: Letter, one: str) -> messaging.AndroidConfig:
    return messaging.AndroidConfig(
        collapse_key=one,
        priority="high" if letter.prompt else "normal",
        ttl=URGENT_KEPT_FOR if letter.urgent else KEPT_FOR,
        notification=messaging.AndroidNotification(
            tag=one, channel_id="urgent" if letter.urgent else "news"
        ),
    )


def _apns(letter: Letter, one: str) -> messaging.APNSConfig:
    return messaging.APNSConfig(
        headers={"apns-collapse-id": one, "apns-priority": "10" if letter.prompt else "5"},
        payload=messaging.APNSPayload(
            aps=messaging.Aps(
                sound="default",
                thread_id=letter.subject,
                custom_data={"interruption-level": "time-sensitive"} if letter.urgent else None,
            )
        ),
    )


def _webpush(letter: Letter, one: str, site: str) -> messaging.WebpushConfig:
    kept = URGENT_KEPT_FOR if letter.urgent else KEPT_FOR
    link = f"{site}{letter.path}"
    return messaging.WebpushConfig(
        headers={
            "TTL": str(int(kept.total_seconds())),
            "Urgency": "high" if letter.prompt else "normal",
        },
        notification=messaging.WebpushNotification(tag=one),
        fcm_options=messaging.WebpushFCMOptions(link=link) if link.startswith("https:") else None,
    )


def _outcome(error: Exception) -> Outcome:
    """Google answers in two shapes, with FCM's own code among the details or with a bare status,
    and by proxies in none. Only UNREGISTERED means that the device is gone.
    """
    response = _response_of(error)
    if response is None:
        return _without_answer(error)
    code = _code_of(response)
    why = f"{response.status_code} {code}".strip()
    if code == "UNREGISTERED":
        return Gone(why)
    if response.status_code == 400:
        return Bad(why)
    if response.status_code in {401, 403, 404}:
        return Alarm(why)
    if response.status_code in {408, 429} or response.status_code >= 500:
        return Retry(why, seconds_after(response.headers.get("Retry-After"), now()))
    return Bad(why)


def _response_of(error: BaseException) -> Response | None:
    """The HTTP answer behind whatever the library made of it."""
    for link in (error, error.__cause__, error.__context__):
        for name in ("http_response", "response"):
            response = getattr(link, name, None)
            if isinstance(response, Response):
                return response
    return None


def _code_of(response: Response) -> str:
    try:
        error = json.loads(response.content)["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    if not isinstance(error, dict):
        return str(error)[:40]
    details: list[Any] = error.get("details") or []
    for detail in details:
        if isinstance(detail, dict) and detail.get("@type") == _FCM_ERROR:
            return str(detail.get("errorCode", ""))[:40]
    return str(error.get("status", ""))[:40]


def _without_answer(error: Exception) -> Outcome:
    name = type(error).__name__
    if name == "RefreshError" and not getattr(error, "retryable", False):
        return Alarm("the service account was refused a token")
    if isinstance(error, ValueError) and not hasattr(error, "code"):
        return Bad(f"not a message that FCM takes: {name}")
    return Retry(f"no answer: {name}")
