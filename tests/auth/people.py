"""Who takes part in these tests: a client with its own contexts, a phone that keeps its texts."""

import re
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.auth import tokens
from app.auth.models import Account
from app.database import db

PASSWORD = "mật khẩu đủ dài"
NUMBER = "+84905123456"


class OwnContext(FlaskClient):
    """Each request in an app context of its own, as in life; the test's work is committed first."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            return super().open(*args, **kwargs)


@dataclass
class Phone:
    """The fake at the port: texts stay here instead of going to a gateway."""

    texts: list[tuple[str, str]] = field(default_factory=list)

    def send(self, recipient: str, text: str) -> None:
        assert not db.session().in_transaction(), "a provider is called outside any transaction"
        self.texts.append((recipient, text))

    @property
    def code(self) -> str:
        """The code in the newest text."""
        found = re.search(r"\d{6}", self.texts[-1][1])
        assert found
        return found[0]


def bearer(account: Account) -> dict[str, str]:
    """Headers that carry a fresh token of an account."""
    return {"Authorization": f"Bearer {tokens.issue(account)}"}


def wrong(code: str) -> str:
    """Another code than this."""
    return f"{(int(code) + 1) % 10**6:06}"
