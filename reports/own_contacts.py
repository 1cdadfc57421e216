"""The number that a person signs in with, and the address to which their news may go: changed by
themselves with a code sent there, or by the centre for somebody who lost their phone.

Flushes, never commits. Letters are handed back, to be sent after the commit.
"""

import re
from datetime import datetime
from uuid import UUID

import structlog

from app import audit
from app.auth import otp, tokens
from app.auth.errors import AddressRefused, CodeNotSent, NotAnEmail
from app.auth.guards import Caller
from app.auth.models import Account, AccountKind
from app.auth.otp import Letter, Purpose
from app.auth.ports import CodeSender, ports
from app.database import db
from app.errors import Conflict, Forbidden
from notifications import devices, preferences
from notifications.models import Way
from reports import identity
from reports.city.snapshot import City

log = structlog.get_logger()

#: Plain addresses alone: what mail servers disagree about is no way to reach somebody.
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)
_TOLD = {
    "vi": "Xóm: {what} của bạn vừa được đổi. Nếu không phải bạn, gọi {hotline}.",
    "en": "Xóm: your {what} was changed. If it was not you, call {hotline}.",
}
_TOLD_WITHOUT_LINE = {
    "vi": "Xóm: {what} của bạn vừa được đổi. Nếu không phải bạn, báo trung tâm.",
    "en": "Xóm: your {what} was changed. If it was not you, tell the centre.",
}
_WHAT = {
    "number": {"vi": "Số", "en": "number"},
    "email": {"vi": "Địa chỉ email", "en": "e-mail address"},
}


class SignInInstead(Forbidden):
    code = "sign-in-instead"
    vi = "Bạn chưa đăng nhập. Đăng nhập bằng số này, những gì bạn đã gửi sẽ đi theo."
    en = "You are not signed in. Sign in with this number: what you have sent comes along."


class ContactIsGiven(Forbidden):
    code = "contact-is-given"
    vi = "Số điện thoại và email của cán bộ do quản trị viên đặt."
    en = "An official's number and address are set by the administrator."


class NoAddressHere(Forbidden):
    code = "no-address-here"
    vi = "Phiên ẩn danh không lưu email. Muốn nhận tin qua email, dùng tài khoản của bạn."
    en = "An anonymous session keeps no address. To hear by e-mail, use an account of your own."


class NumberTaken(Conflict):
    """Told only to somebody who has just proved that they hold the number."""

    code = "number-taken"
    vi = "Số này đã dùng cho một tài khoản khác. Đăng nhập bằng số đó, hoặc nhờ trung tâm."
    en = "This number is in use already. Sign in with it, or ask the city's centre."
    field = "phone"


class NoMailHere(Forbidden):
    code = "no-mail-here"
    vi = "Nơi này chưa gửi tin qua email."
    en = "This city does not send e-mail."


class NoNumberForTexts(Forbidden):
    code = "no-number-for-texts"
    vi = "Đăng nhập bằng số điện thoại trước, rồi mới nhận tin nhắn được."
    en = "Sign in with a phone number first; then news can come as text messages."
    field = "sms"


def change_phone(
    caller: Caller, phone: str, code: str, *, city: City, device: UUID | None, at: datetime
) -> Letter | None:
    """A resident's new number (E.164), proved by the code sent there. Ends their other sessions,
    and pushes to other devices than `device` (to all where it is not known). What the old number is
    to hear.

    Raises SignInInstead, ContactIsGiven, NumberTaken, and what `otp.use_code` does. A repeat, after
    the answer got lost, changes nothing and needs no live code.
    """
    account = _resident(caller.account_id)
    before = identity.own(account.id).phone
    if phone == before:
        return None
    otp.use_code(phone, code, purpose=Purpose.NUMBER, at=at)
    _move_to(account, phone)
    tokens.revoke_others(caller, at=at)
    if device:
        devices.forget_others(account.id, device)
    else:
        devices.forget_all(account.id)
    audit.record("person.phone", subject=f"account:{account.id}", actor_id=account.id,
                 fields=("phone",), at=at)  # fmt: skip
    return _news_for(before, account, city)


def replace_phone(
    account_id: UUID, phone: str, *, city: City, reason: str, at: datetime
) -> Letter | None:
    """The centre gives somebody a new number: the old phone is lost. Every session ends, no device
    of theirs is pushed to any more. What the old number is to hear.

    Raises SignInInstead for guests, ContactIsGiven, NumberTaken.
    """
    account = _resident(account_id)
    before = identity.own(account.id).phone
    _move_to(account, phone)
    tokens.revoke_all(account.id, at=at)
    devices.forget_all(account.id)
    audit.record("person.phone", subject=f"account:{account.id}", actor_id=None,
                 fields=("phone",), reason=reason[:500], at=at)  # fmt: skip
    return _news_for(before, account, city) if before != phone else None


def write_email_code(account: Account, email: str, network: str | None, *, at: datetime) -> Letter:
    """A code to an address that its holder wants news at. Raises NotAnEmail, NoMailHere,
    NoAddressHere, ContactIsGiven, TooManyCodes."""
    require_may_have_email(account)
    address = plain_email(email)
    return otp.write_code(address, network, purpose=Purpose.EMAIL, locale=account.locale, at=at)


def keep_email(
    account: Account, email: str, code: str, *, city: City, at: datetime
) -> Letter | None:
    """The code came back: news go there while no push arrives. What an old address is to hear. A
    repeat needs no live code, and tells nobody again."""
    require_may_have_email(account)
    address, before = plain_email(email), identity.own(account.id).email
    if before != address:
        otp.use_code(address, code, purpose=Purpose.EMAIL, at=at)
        identity.remember(account.id, email=address)
        _record_email(account, at)
    preferences.open_way(account.id, Way.EMAIL)
    return _news_for(before, account, city, "email") if before != address else None


def forget_email(account: Account, *, at: datetime) -> None:
    """No news by e-mail any more; again is the same. Raises ContactIsGiven."""
    _refuse_officials(account)
    if identity.own(account.id).email:
        identity.remember(account.id, email="")
        _record_email(account, at)
    preferences.close_way(account.id, Way.EMAIL)


def want_texts(account: Account, *, wanted: bool, at: datetime) -> None:
    """May news come as text messages? Raises NoNumberForTexts where there is no number."""
    if wanted and not identity.own(account.id).phone:
        raise NoNumberForTexts
    identity.consent_to_sms(account.id, wanted=wanted, at=at)
    if AccountKind(account.kind) is not AccountKind.OFFICIAL:
        change = preferences.open_way if wanted else preferences.close_way
        change(account.id, Way.SMS)


def plain_email(text: str) -> str:
    """An address as it is kept, its domain in small letters. Raises NotAnEmail."""
    email = text.strip()
    if not _EMAIL.fullmatch(email) or len(email) > 254 or ".." in email:
        raise NotAnEmail
    local, _, domain = email.rpartition("@")
    return f"{local}@{domain.lower()}"


def require_may_have_email(account: Account) -> None:
    _refuse_officials(account)
    if AccountKind(account.kind) is AccountKind.ANONYMOUS:
        raise NoAddressHere
    if ports().mail_code is None:
        raise NoMailHere


def tell_old_number(letter: Letter | None) -> None:
    """Send it, outside any transaction. That it cannot be sent undoes nothing."""
    _tell(ports().send_code, letter)


def tell_old_address(letter: Letter | None) -> None:
    """The same, by e-mail."""
    _tell(ports().mail_code, letter)


def _tell(sender: CodeSender | None, letter: Letter | None) -> None:
    if letter is None or sender is None:
        return
    try:
        sender.send(letter.recipient, letter.text)
    except (CodeNotSent, AddressRefused):
        log.warning("an old number or address was not told that it was changed")


def _resident(account_id: UUID) -> Account:
    """The account, locked: two changes at once come one after the other."""
    account = db.session.get_one(Account, account_id, with_for_update=True)
    _refuse_officials(account)
    if AccountKind(account.kind) is not AccountKind.RESIDENT:
        raise SignInInstead
    return account


def _refuse_officials(account: Account) -> None:
    if AccountKind(account.kind) in {AccountKind.OFFICIAL, AccountKind.SYSTEM}:
        raise ContactIsGiven


def _move_to(account: Account, phone: str) -> None:
    if identity.account_of_phone(phone) not in {None, account.id}:
        raise NumberTaken
    identity.attach_phone(account.id, phone)
    identity.detach_firebase(account.id)


def _news_for(
    before: str | None, account: Account, city: City, what: str = "number"
) -> Letter | None:
    if before is None:
        return None
    line = city.own_line
    texts = _TOLD if line else _TOLD_WITHOUT_LINE
    told = {"what": _WHAT[what][account.locale], "hotline": line.number if line else ""}
    return Letter(before, texts[account.locale].format(**told))


def _record_email(account: Account, at: datetime) -> None:
    audit.record("person.email", subject=f"account:{account.id}", actor_id=account.id,
                 fields=("email",), at=at)  # fmt: skip
