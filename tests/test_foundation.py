from flask import Flask
from sqlalchemy import text

from app.auth.models import Account, AccountKind
from app.database import db, reading


def test_what_a_test_commits_is_seen_by_reading(app: Flask) -> None:
    db.session.add(Account(kind=AccountKind.GUEST))
    db.session.commit()

    with reading() as connection:
        assert (
            connection.execute(
                text("select count(*) from account where kind = 'guest'")
            ).scalar_one()
            == 1
        )


def test_and_is_gone_in_the_next_test(app: Flask) -> None:
    with reading() as connection:
        assert (
            connection.execute(
                text("select count(*) from account where kind = 'guest'")
            ).scalar_one()
            == 0
        )


def test_search_folding_finds_words_without_their_diacritics(app: Flask) -> None:
    folded = db.session.execute(text("select xom_fold('Đường Hoà Bình ngập')")).scalar_one()

    assert folded == "duong hoa binh ngap"
