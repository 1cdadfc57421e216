"""A loopback SMS gateway: `POST {"to", "text"}` with a bearer token."""

from dataclasses import dataclass

from bench.loopback.serving import Answer, LoopbackServer, Request


@dataclass(frozen=True)
class Sms:
    to: str
    text: str
    key: str  # Idempotency-Key


class SmsGateway(LoopbackServer):
    """Delivers each idempotency key once, as a good gateway does, and whatever comes without one;
    `received` holds those."""

    token = "gateway-token"

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Sms] = []

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return Answer.of(401, {"error": "token"})
        body = request.json()
        switch = self._switch_for(body["to"])
        if switch is None or switch.deliver:
            self._keep(Sms(body["to"], body["text"], request.headers.get("idempotency-key", "")))
        if switch:
            return Answer(switch.status, headers=switch.headers())
        return Answer.of(202, {"accepted": True})

    def _keep(self, sms: Sms) -> None:
        with self.changed:
            if not sms.key or sms.key not in {known.key for known in self.received}:
                self.received.append(sms)
