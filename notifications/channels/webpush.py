"""Push to browsers by pywebpush: encrypted for one browser, signed with the city's VAPID key."""

import json
from typing import Any

import requests
from py_vapid import Vapid
from pywebpush import WebPushException, webpush
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import NewConnectionError

from app.clock import now
from app.config import Config
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
from notifications.endpoints import EndpointRefused, check_endpoint, may_connect

TIMEOUT = 10.0  # seconds
KEPT_FOR = 7 * 24 * 3600  # seconds, by the push service, while the browser is off
URGENT_KEPT_FOR = 12 * 3600
PAYLOAD_MOST = 3072  # bytes; services refuse 4,096 after encryption, and pywebpush does not check


class WebPush:
    """One session for all browsers; its connections refuse private addresses and redirects."""

    def __init__(self, config: Config, *, connections: int = 16) -> None:
        self._config = config
        self._key = Vapid.from_string(private_key=config.vapid_private_key)
        self._session = _Session(config, connections)

    def send(self, letter: Letter) -> Outcome:
        payload = _payload(letter)
        if len(payload.encode()) > PAYLOAD_MOST:
            return Bad("the payload is too large")
        try:
            subscription = json.loads(letter.address)
            check_endpoint(subscription["endpoint"], self._config)
            self._post(letter, subscription, payload)
        except EndpointRefused as error:
            return Bad(f"refused: {error}")
        except WebPushException as error:
            return _outcome(error)
        except requests.RequestException as error:
            return Retry(f"no answer: {type(error).__name__}")
        except (ValueError, KeyError, TypeError) as error:
            return Bad(f"not a subscription: {type(error).__name__}")
        return Sent()

    def close(self) -> None:
        self._session.close()

    def _post(self, letter: Letter, subscription: dict[str, Any], payload: str) -> None:
        webpush(
            subscription_info=subscription,
            data=payload,
            vapid_private_key=self._key,
            vapid_claims={"sub": self._config.vapid_subject},  # changed by the call: a new one
            ttl=URGENT_KEPT_FOR if letter.urgent else KEPT_FOR,
            headers={
                "Urgency": "high" if letter.prompt else "normal",
                "Topic": topic_of(letter),
            },
            timeout=TIMEOUT,
            requests_session=self._session,
        )


def topic_of(letter: Letter) -> str:
    """The message's id as a Topic: at most 32 URL-safe letters. A repeat replaces the first."""
    return letter.message_id.hex


def _payload(letter: Letter) -> str:
    """What the page's service worker shows; `tag` makes a repeat replace the first. `id` is that of
    the message in the inbox, `lang` the language of its words."""
    return json.dumps(
        {
            "id": str(letter.message_id),
            "tag": str(letter.message_id),
            "title": letter.title,
            "body": letter.body,
            "kind": letter.kind,
            "subject": letter.subject,
            "path": letter.path,
            "at": letter.at.isoformat(),
            "urgent": letter.urgent,
            "lang": letter.locale,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _outcome(error: WebPushException) -> Outcome:
    status = error.status_code
    if status is None:
        return Bad("not a subscription")
    why = str(status)
    if status in {404, 410}:
        return Gone(why)
    if status in {401, 403}:
        return Alarm(why)
    if status == 429 or status >= 500:
        return Retry(why, seconds_after(error.retry_after, now()))
    return Bad(why)


class _Session(requests.Session):
    """Follows no redirect and reads no answer's body: neither is ours to trust."""

    def __init__(self, config: Config, connections: int) -> None:
        super().__init__()
        self.trust_env = False
        self.mount("https://", _Adapter(config, connections))
        self.mount("http://", HTTPAdapter(pool_maxsize=connections))  # loopback alone gets here

    def request(self, *arguments: Any, **options: Any) -> requests.Response:
        answer = super().request(
            *arguments, **{**options, "allow_redirects": False, "stream": True}
        )
        length = answer.headers.get("Content-Length", "")
        if length.isdigit() and int(length) <= 8192:
            answer.content  # noqa: B018 (read, so that the connection can be used again)
        else:
            answer._content = b""
            answer.close()
        return answer


class _Adapter(HTTPAdapter):
    def __init__(self, config: Config, connections: int) -> None:
        self._config = config
        super().__init__(pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        config = self._config

        class Connection(HTTPSConnection):
            def _new_conn(self) -> Any:
                """Look at whom the name led to before a byte is said: names can change."""
                sock = super()._new_conn()
                if not may_connect(sock.getpeername()[0], config):
                    sock.close()
                    raise NewConnectionError(self, "a private address")
                return sock

        class Pool(HTTPSConnectionPool):
            ConnectionCls = Connection

        self.poolmanager.pool_classes_by_scheme = {
            **self.poolmanager.pool_classes_by_scheme,
            "https": Pool,
        }
