"""A city that can reach people: codes and news go to a text-message gateway, a mail server and a
push service on loopback, which keep what they are given.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.database import db
from app.factory import create_app
from bench.loopback.sms import SmsGateway
from bench.loopback.smtp import SmtpSink
from bench.loopback.webpush import PushService
from notifications import vapid
from tests.conftest import config_for, needs, new_database
from tests.web.site import Site, served

BUILT = Path(__file__).resolve().parents[2] / "web" / "built" / "manifest.json"
_CODE = re.compile(r"\b\d{6}\b")


@dataclass
class Town:
    """The served city, and what arrives with its people."""

    site: Site
    texts: SmsGateway
    mail: SmtpSink
    pushes: PushService

    def texted_code(self, phone: str) -> str:
        """The newest code that this number (E.164) was sent."""
        return _code_in([sms.text for sms in self.texts.received if sms.to == phone])

    def mailed_code(self, address: str) -> str:
        letters = [letter for to, letter in self.mail.received if to == address]
        return _code_in([letter.get_content() for letter in letters])


def _code_in(texts: list[str]) -> str:
    assert texts, "nothing was sent there"
    found = _CODE.search(texts[-1])
    assert found, texts[-1]
    return found[0]


@contextmanager
def reachable(server_url: str, city_template: str, name: str, files: Path) -> Iterator[Town]:
    needs(BUILT.exists(), "web/built (make pages)")
    with ExitStack() as stack:
        texts = stack.enter_context(SmsGateway())
        mail = stack.enter_context(SmtpSink())
        pushes = stack.enter_context(PushService())
        url = stack.enter_context(
            new_database(server_url, city_template, f"{city_template}_{name}")
        )
        config = config_for(
            url,
            storage_url=files.as_uri(),
            vapid_private_key=vapid.new_private_key(),
            otp_sender="sms",
            sms_url=texts.url,
            sms_token=texts.token,
            smtp_url=mail.url,
            mail_from="xom@hue.example",
        )
        app = create_app(config)
        app.config["RATELIMIT_ENABLED"] = False
        yield Town(stack.enter_context(served(app)), texts, mail, pushes)
        with app.app_context():
            db.engine.dispose()
