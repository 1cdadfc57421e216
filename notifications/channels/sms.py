"""Text messages through a gateway that takes `POST {"to", "text"}`. One segment, so one price."""

import unicodedata

import requests
from requests.adapters import HTTPAdapter

from app.clock import now
from notifications.channels.letters import (
    Alarm,
    Bad,
    Letter,
    Outcome,
    Retry,
    Sent,
    seconds_after,
)

TIMEOUT = 10.0  # seconds
PLAIN_MOST, UNICODE_MOST = 160, 70  # letters of one segment: GSM-7, UCS-2

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_SWAPPED = str.maketrans("đĐ’–", "dD'-", "") | str.maketrans({"…": "..."})


class Sms:
    """One gateway. The message's id goes along as Idempotency-Key."""

    def __init__(
        self, url: str, token: str, *, diacritics: bool = False, connections: int = 16
    ) -> None:
        self._url, self._token, self._diacritics = url, token, diacritics
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=connections, max_retries=0))

    def send(self, letter: Letter) -> Outcome:
        try:
            answer = self._session.post(
                self._url,
                json={"to": letter.address, "text": sms_text(letter, self._diacritics)},
                headers={
                    "Authorization": f"Bearer {self._token}",
                    "Idempotency-Key": str(letter.message_id),
                },
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return Retry(f"no answer: {type(error).__name__}")
        return _outcome(answer)

    def close(self) -> None:
        self._session.close()


def sms_text(letter: Letter, diacritics: bool) -> str:  # noqa: FBT001
    """Title and body if they fit one segment, else the title alone, cut if it must be."""
    for text in (f"{letter.title}. {letter.body}", letter.title):
        spelt = text if diacritics else without_diacritics(text)
        if len(spelt) <= _most(spelt):
            return spelt
    return spelt[: _most(spelt)]


def without_diacritics(text: str) -> str:
    """Phản ánh → Phan anh: what a phone of any age shows, and a segment holds 160 of."""
    bare = (
        letter
        for letter in unicodedata.normalize("NFD", text.translate(_SWAPPED))
        if not unicodedata.combining(letter)
    )
    return "".join(letter if letter in _GSM7 else "?" for letter in bare)


def _most(text: str) -> int:
    return PLAIN_MOST if _GSM7.issuperset(text) else UNICODE_MOST


def _outcome(answer: requests.Response) -> Outcome:
    status, why = answer.status_code, str(answer.status_code)
    if status < 300:
        return Sent()
    if status in {401, 402, 403, 404} or status < 400:
        return Alarm(why)
    if status in {408, 425, 429} or status >= 500:
        return Retry(why, seconds_after(answer.headers.get("Retry-After"), now()))
    return Bad(why)
