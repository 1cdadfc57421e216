"""The phone guesses categories and dangers with no network, by the server's own rule: the two are
held against each other, on the city's own words in every way that people spell them."""

import random
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from reports.city import snapshot
from reports.city.snapshot import City
from reports.city.words import fold
from tests.conftest import needs

WEB = Path(__file__).resolve().parents[2] / "web"
CHATTER = [
    "hôm",
    "nay",
    "trước",
    "nhà",
    "tôi",
    "có",
    "một",
    "cái",
    "rất",
    "lớn",
    "và",
    "bị",
    "từ",
    "sáng",
    "đến",
    "giờ",
    "chưa",
    "ai",
    "tới",
    "xem",
]
TONES = {"á": "à", "ắ": "ằ", "ộ": "ồ", "ấ": "ầ", "é": "è", "ó": "ò", "ể": "ề", "à": "ả"}


@pytest.fixture(scope="module")
def guessing() -> str:
    """The phone's module as a script that leaves `guessing` behind."""
    found = sorted((WEB / "node_modules" / "@esbuild").glob("*/bin/esbuild"))
    needs(bool(found), "web/node_modules (make pages)")
    command = [
        *(str(found[0]), "phone/core/guessing.ts", "--bundle", "--format=iife"),
        "--global-name=guessing",
    ]
    return subprocess.run(command, cwd=WEB, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def city(web_app: Flask) -> City:
    with web_app.app_context():
        return snapshot.current()


def what_people_write(city: City) -> list[str]:
    """Every word of the city's, as it is, without diacritics, with wrong ones, in a sentence."""
    chance = random.Random(20)
    words = [word for line in city.profile.hotlines for word in line.words]
    words += [word for category in city.offered_categories() for word in category.keywords]
    wrong = ["".join(TONES.get(letter, letter) for letter in word) for word in words]
    sentences = [
        " ".join([*chance.sample(CHATTER, 4), chance.choice(words), *chance.sample(words, 2)])
        for _ in range(300)
    ]
    spelled = [*words, *map(fold, words), *map(str.upper, words), *wrong, *sentences]
    return [*spelled, *map(fold, sentences), "", "…", "Hoá Hóa hoà", "thuỷ điện, thủy điện"]


def test_the_phone_and_the_server_hear_the_same_danger_and_guess_the_same_kinds(
    city: City, guessing: str, chromium: Browser
) -> None:
    texts = what_people_write(city)
    lines = [{"number": line.number, "words": list(line.words)} for line in city.profile.hotlines]
    offered = [{"code": c.code, "keywords": list(c.keywords)} for c in city.offered_categories()]

    page = chromium.new_page()
    page.add_script_tag(content=guessing)
    heard = page.evaluate(
        """([texts, lines, offered]) => texts.map(text => [
            guessing.dangerIn(text, lines).map(line => line.number),
            guessing.suggest(text, offered).map(category => category.code),
            guessing.fold(text),
        ])""",
        [texts, lines, offered],
    )
    page.close()

    assert len(texts) > 1500
    for text, (dangers, kinds, bare) in zip(texts, heard, strict=True):
        assert dangers == [line.number for line in city.danger_in(text)], text
        assert kinds == [category.code for category in city.suggest_categories(text)], text
        assert bare == fold(text), text
