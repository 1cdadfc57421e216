from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth import otp
from app.auth.errors import CodeUsedUp, NoLiveCode, TooManyCodes, WrongCode
from app.auth.models import OneTimeCode
from app.auth.otp import Purpose
from app.clock import now
from app.database import db
from app.errors import XomError
from tests.auth.people import NUMBER, wrong

OTHER_NUMBER = "+84912000111"


def code_for(number: str, **more: object) -> str:
    letter = otp.write_code(number, "203.0.113.7", **more)  # type: ignore[arg-type]
    return letter.text.split(": ")[1][:6]


def test_the_right_code_is_taken_once(app: Flask) -> None:
    code = code_for(NUMBER)

    otp.use_code(NUMBER, code)

    with pytest.raises(NoLiveCode):
        otp.use_code(NUMBER, code)


def test_a_code_has_six_digits_and_its_text_is_in_the_readers_language(app: Flask) -> None:
    vi = otp.write_code(NUMBER, None, locale="vi").text
    en = otp.write_code(NUMBER, None, locale="en").text

    assert vi.startswith("Mã đăng nhập Xóm: ") and vi.endswith("Đừng đưa mã cho ai.")
    assert en.startswith("Xóm sign-in code: ")


def test_the_text_says_what_the_code_is_for_in_one_message(app: Flask) -> None:
    texts = {
        (purpose, locale): otp.write_code(NUMBER, None, purpose=purpose, locale=locale).text
        for purpose in (Purpose.SIGN_IN, Purpose.NUMBER)
        for locale in ("vi", "en")
    }

    assert "đổi số" in texts[Purpose.NUMBER, "vi"] and "number" in texts[Purpose.NUMBER, "en"]
    for text in texts.values():
        assert len(text) <= 70, text  # beyond 70 letters Vietnamese costs two messages


def test_a_code_serves_its_own_purpose_alone(app: Flask) -> None:
    for_a_number = code_for(NUMBER, purpose=Purpose.NUMBER)

    with pytest.raises(WrongCode):
        otp.use_code(NUMBER, for_a_number)

    otp.use_code(NUMBER, for_a_number, purpose=Purpose.NUMBER)


def test_a_wrong_try_says_how_many_are_left_in_both_languages(app: Flask) -> None:
    code = code_for(NUMBER)

    with pytest.raises(WrongCode) as caught:
        otp.use_code(NUMBER, wrong(code))

    assert caught.value.sentence("vi") == "Mã không đúng. Bạn còn 4 lần thử."
    assert caught.value.sentence("en") == "The code is wrong. Tries left: 4."


def test_after_five_wrong_tries_even_the_right_code_is_refused(app: Flask) -> None:
    code = code_for(NUMBER)
    for _ in range(4):
        with pytest.raises(WrongCode):
            otp.use_code(NUMBER, wrong(code))
    with pytest.raises(CodeUsedUp):
        otp.use_code(NUMBER, wrong(code))

    with pytest.raises(CodeUsedUp) as caught:
        otp.use_code(NUMBER, code)

    assert "Hãy xin mã mới" in caught.value.sentence("vi")
    assert "Ask for a new one" in caught.value.sentence("en")


def test_a_new_code_works_after_one_was_used_up(app: Flask) -> None:
    code = code_for(NUMBER)
    for _ in range(5):
        with pytest.raises((WrongCode, CodeUsedUp)):
            otp.use_code(NUMBER, wrong(code))

    otp.use_code(NUMBER, code_for(NUMBER))


def test_the_fifth_try_may_be_the_right_one(app: Flask) -> None:
    code = code_for(NUMBER)
    for _ in range(4):
        with pytest.raises(WrongCode):
            otp.use_code(NUMBER, wrong(code))

    otp.use_code(NUMBER, code)


def test_a_code_lives_ten_minutes(app: Flask) -> None:
    at = now()
    first, second = code_for(NUMBER, at=at), code_for(OTHER_NUMBER, at=at)

    otp.use_code(NUMBER, first, at=at + timedelta(seconds=599))
    with pytest.raises(NoLiveCode):
        otp.use_code(OTHER_NUMBER, second, at=at + timedelta(seconds=600))


def test_a_code_is_for_one_number_alone(app: Flask) -> None:
    code = code_for(NUMBER)
    code_for(OTHER_NUMBER)

    with pytest.raises(WrongCode):
        otp.use_code(OTHER_NUMBER, code)


def test_messages_may_arrive_out_of_order(app: Flask) -> None:
    first = code_for(NUMBER)
    code_for(NUMBER)

    otp.use_code(NUMBER, first)


def test_using_one_code_uses_all_of_its_number(app: Flask) -> None:
    first, second = code_for(NUMBER), code_for(NUMBER)

    otp.use_code(NUMBER, first)

    with pytest.raises(NoLiveCode):
        otp.use_code(NUMBER, second)


def test_a_wrong_try_counts_against_every_live_code(app: Flask) -> None:
    first, second = code_for(NUMBER), code_for(NUMBER)
    third = next(c for c in (f"{n:06}" for n in range(10)) if c not in {first, second})
    for _ in range(5):
        with pytest.raises((WrongCode, CodeUsedUp)):
            otp.use_code(NUMBER, third)

    for code in (first, second):
        with pytest.raises(CodeUsedUp):
            otp.use_code(NUMBER, code)


def test_a_number_has_at_most_five_live_codes(app: Flask) -> None:
    at = now()
    for _ in range(5):
        code_for(NUMBER, at=at)

    with pytest.raises(TooManyCodes) as caught:
        code_for(NUMBER, at=at + timedelta(minutes=1))

    assert caught.value.facts == {"retry_after": 540, "minutes": 9}
    assert "thử lại sau 9 phút" in caught.value.sentence("vi")
    code_for(OTHER_NUMBER, at=at)
    code_for(NUMBER, at=at + timedelta(minutes=10))


def test_a_number_has_at_most_ten_codes_a_day(app: Flask) -> None:
    at = now()
    for turn in range(10):
        code_for(NUMBER, at=at + timedelta(minutes=11 * turn))

    with pytest.raises(TooManyCodes):
        code_for(NUMBER, at=at + timedelta(hours=23))

    code_for(NUMBER, at=at + timedelta(hours=24))


def test_an_address_has_a_limit_over_all_numbers(app: Flask) -> None:
    at = now()
    hourly = otp.BY_ADDRESS[0].most
    for turn in range(hourly):
        otp.write_code(f"+8490500{turn:04}", "203.0.113.7", at=at)

    with pytest.raises(TooManyCodes):
        otp.write_code(NUMBER, "203.0.113.7", at=at)

    otp.write_code(NUMBER, "203.0.113.8", at=at)


def test_a_whole_ipv6_household_counts_as_one_address(app: Flask) -> None:
    at = now()
    for turn in range(otp.BY_ADDRESS[0].most):
        otp.write_code(f"+8490500{turn:04}", f"2001:db8:1:2::{turn + 1:x}", at=at)

    with pytest.raises(TooManyCodes):
        otp.write_code(NUMBER, "2001:db8:1:2:ffff::1", at=at)


def test_neither_the_number_nor_the_code_is_in_the_database(app: Flask) -> None:
    code = code_for(NUMBER)

    row = db.session.scalars(select(OneTimeCode)).one()

    stored = row.recipient + row.code_hmac
    assert code.encode() not in stored and NUMBER.encode() not in stored


def test_a_wrong_try_counts_though_the_request_is_rolled_back(own_app: Flask) -> None:
    with own_app.app_context():
        code = code_for(NUMBER)
        db.session.commit()
        with pytest.raises(WrongCode):
            otp.use_code(NUMBER, wrong(code))
        db.session.rollback()

        assert db.session.scalar(select(OneTimeCode.tries)) == 1


def test_of_many_who_use_one_code_at_once_one_gets_in(own_app: Flask) -> None:
    with own_app.app_context():
        code = code_for(NUMBER)
        db.session.commit()

    results = at_once(own_app, 4, lambda: otp.use_code(NUMBER, code))

    assert sorted(results) == ["NoLiveCode"] * 3 + ["ok"]


def test_guessing_in_parallel_gives_no_more_than_five_tries(own_app: Flask) -> None:
    with own_app.app_context():
        code = code_for(NUMBER)
        db.session.commit()

    results = at_once(own_app, 6, lambda: otp.use_code(NUMBER, wrong(code)))

    assert sorted(results) == ["CodeUsedUp"] * 2 + ["WrongCode"] * 4
    with own_app.app_context():
        assert db.session.scalar(select(OneTimeCode.tries)) == 5


def test_asking_in_parallel_gives_no_more_than_five_codes(own_app: Flask) -> None:
    results = at_once(own_app, 7, lambda: code_for(NUMBER))

    assert sorted(results) == ["TooManyCodes"] * 2 + ["ok"] * 5


def at_once(app: Flask, times: int, act: Callable[[], object]) -> list[str]:
    """What came of each of so many requests that begin together: "ok" or the error's name."""
    gate, results = Barrier(times), []

    def run() -> None:
        with app.app_context():
            gate.wait()
            try:
                act()
                db.session.commit()
                results.append("ok")
            except XomError as error:
                results.append(type(error).__name__)

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
