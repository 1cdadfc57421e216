"""A neighbour's system on loopback, told by webhooks: it believes nothing that is not signed with
its secret, verified as anybody would, by the library of Standard Webhooks.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from time import sleep
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from bench.loopback.serving import Answer, LoopbackServer, Request


@dataclass(frozen=True)
class Told:
    """One event as it arrived."""

    id: str  # webhook-id
    body: dict[str, Any]
    signatures: int
    headers: dict[str, str]

    @property
    def type(self) -> str:
        return str(self.body["type"])


class WebhookReceiver(LoopbackServer):
    """`received` holds what was taken, `asked` how often each event was sent here.

    `punctual`: what was signed more than five minutes ago or ahead is refused, as replayed.
    `delay`: how many seconds it thinks before it answers.
    """

    def __init__(self, *, punctual: bool = True, delay: float = 0.0) -> None:
        super().__init__()
        self.delay = delay
        self.secret = "whsec_bm9ib2R5IHNpZ25zIHdpdGggdGhpcw=="
        self.punctual = punctual
        self.received: list[Told] = []
        self.asked: list[str] = []
        self.unsigned: list[Request] = []

    def answer(self, request: Request) -> Answer:
        told = self._verified(request)
        if told is None:
            with self.changed:
                self.unsigned.append(request)
            return Answer.of(401, {"error": "signature"})
        with self.changed:
            self.asked.append(told.id)
            self.changed.notify_all()
        sleep(self.delay)
        switch = self._switch_for(told.type)
        if switch is None or switch.deliver:
            with self.changed:
                self.received.append(told)
        if switch:
            return Answer(switch.status, switch.raw or b"", switch.headers())
        return Answer.of(200, {"taken": told.id})

    def seen(self) -> list[Told]:
        """What it acts upon: of one id, the first."""
        return list({told.id: told for told in reversed(self.received)}.values())[::-1]

    def types(self) -> list[str]:
        return [told.type for told in self.seen()]

    def _verified(self, request: Request) -> Told | None:
        lock = Webhook(self.secret)
        headers = request.headers
        try:
            if self.punctual:
                body = lock.verify(request.body, headers)
            else:
                body = self._verified_late(lock, request)
        except (WebhookVerificationError, KeyError, ValueError):
            return None
        signatures = len(headers["webhook-signature"].split(" "))
        return Told(headers["webhook-id"], body, signatures, headers)

    def _verified_late(self, lock: Webhook, request: Request) -> Any:
        """The same but for the time, for tests in which days pass."""
        headers = request.headers
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        signature = lock.sign(headers["webhook-id"], at, request.body.decode())
        if signature not in headers["webhook-signature"].split(" "):
            raise WebhookVerificationError
        return request.json()
