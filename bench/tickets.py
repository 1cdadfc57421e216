"""What the residents of a real city sent: when, where, about what, and how long it took.

138,781 public tickets of Bangkok's Traffy Fondue where they lie beside the checkout, else numbers
drawn by parameters written here, and said so. `generate` moves them onto a city of ours.
"""

import csv
import gzip
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REAL = Path(__file__).resolve().parents[2] / "shared/data/complaints/traffy_facts.csv.gz"
BANGKOK = (100.3, 13.4, 101.0, 14.1)  # west, south, east, north; a few points lie elsewhere
ANYWHERE = (-math.inf, -math.inf, math.inf, math.inf)
ZONE_S = 7 * 3600  # Bangkok and Huế alike: seven hours before UTC
DAY_S, WEEK_S = 86_400, 604_800

#: Traffy's types as categories of Huế; "other", none and what is not here follow the known ones.
CATEGORY_OF = {
    "ถนน": "duong-hong",  # road
    "ทางเท้า": "duong-hong",  # footpath
    "ความปลอดภัย": "an-ninh",  # safety
    "ความสะอาด": "rac-thai",  # cleanliness
    "ขยะ": "rac-thai",  # garbage
    "ห้องน้ำ": "rac-thai",  # toilet
    "จราจร": "vi-pham-giao-thong",  # traffic
    "กีดขวาง": "lan-chiem",  # obstruction
    "แสงสว่าง": "den-duong",  # lighting
    "เสียงรบกวน": "tieng-on",  # noise
    "ท่อระบายน้ำ": "nap-cong",  # drain
    "น้ำท่วม": "ngap-nuoc",  # flood
    "ป้าย": "giao-thong",  # sign
    "ป้ายจราจร": "giao-thong",  # traffic sign
    "สะพาน": "giao-thong",  # bridge
    "การเดินทาง": "giao-thong",  # travel
    "คลอง": "o-nhiem",  # canal
    "PM2.5": "o-nhiem",
    "ต้นไม้": "cay-xanh",  # tree
    "สัตว์จรจัด": "dong-vat",  # stray animal
    "คนจรจัด": "an-ninh",  # homeless
    "สายไฟ": "dien-nguy-hiem",  # cables
    "สอบถาม": "thu-tuc",  # enquiry
    "ร้องเรียน": "khac",  # complaint
    "เสนอแนะ": "khac",  # suggestion
}
CATEGORIES = tuple(sorted(set(CATEGORY_OF.values())))
UNKNOWN = -1


@dataclass(frozen=True)
class Tickets:
    """Arrays of one length. `handled_s` is a sample by itself: few tickets tell it."""

    source: str  # in words, for the docs
    created: Ints  # seconds of Unix time
    category: Ints  # index into CATEGORIES
    lat: Floats
    lng: Floats
    stars: Ints  # 0: none given
    reopened: Ints
    handled_s: Floats  # from sending to done

    def __len__(self) -> int:
        return len(self.created)


@cache
def tickets(seed: int) -> Tickets:
    """The real ones where they are to be had, else drawn ones."""
    return real(REAL, seed) if REAL.is_file() else drawn(seed)


def real(path: Path, seed: int, *, box: tuple[float, float, float, float] = BANGKOK) -> Tickets:
    """Read the public facts of Traffy Fondue: no text and no person is in them."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if _lies_in(box, row)]
    category = np.array([_category(row["types"]) for row in rows])
    return Tickets(
        source=f"{len(rows):,} public tickets of Bangkok (Traffy Fondue, 2022-04 to 2023-05)",
        created=np.array([_seconds(row["created_at"]) for row in rows]),
        category=_spread_unknown(category, np.random.default_rng(seed)),
        lat=np.array([float(row["lat"]) for row in rows]),
        lng=np.array([float(row["lng"]) for row in rows]),
        stars=np.array([int(row["star"] or 0) for row in rows]),
        reopened=np.array([min(int(row["count_reopen"] or 0), 5) for row in rows]),
        handled_s=np.array([spent for row in rows if (spent := _handled_s(row)) > 0], float),
    )


def _lies_in(box: tuple[float, float, float, float], row: dict[str, str]) -> bool:
    west, south, east, north = box
    return west < float(row["lng"]) < east and south < float(row["lat"]) < north


def _category(types: str) -> int:
    """The first type that says something."""
    for name in types.split(","):
        if name in CATEGORY_OF:
            return CATEGORIES.index(CATEGORY_OF[name])
    return UNKNOWN


def _spread_unknown(category: Ints, rng: np.random.Generator) -> Ints:
    """Tickets of no known type get one, as frequent as among the others."""
    unknown = category == UNKNOWN
    category[unknown] = rng.choice(category[~unknown], unknown.sum())
    return category


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def _handled_s(row: dict[str, str]) -> int:
    """From sending to the last activity of a ticket that is done; 0 where that is not known."""
    if row["state"] != "เสร็จสิ้น" or not row["last_activity"]:
        return 0
    return _seconds(row["last_activity"]) - _seconds(row["created_at"])


# Drawn, for want of the real ones ---------------------------------------------------------------

DRAWN = 60_000
WEEKS = 50
SPOTS = 400  # where people go: the k-th draws 1/k of what the first does
FIRST_MONDAY = 1_653_868_800 - ZONE_S  # 2022-05-30, local midnight
#: By hour of the local day, as people send: little at night, most from eight to nine.
_HOURS = (10, 5, 3, 2, 2, 4, 15, 31, 40, 42, 41, 42, 41, 39, 37, 37, 41, 47, 48, 46, 44, 33, 28, 18)
_WEEKDAYS = (16, 16, 15, 15, 15, 12, 11)


def drawn(seed: int) -> Tickets:
    """Invented tickets with a launch rush, days and nights, hot spots and a long tail."""
    rng = np.random.default_rng(seed)
    weekly = 1 + 5 * np.exp(-np.arange(WEEKS) / 3)
    week = _drawn(rng, weekly)
    day, hour = _drawn(rng, _WEEKDAYS), _drawn(rng, _HOURS)
    lat, lng = _drawn_places(rng)
    done = rng.random(DRAWN) < 0.1
    return Tickets(
        source=f"{DRAWN:,} drawn tickets (the real ones were not at hand)",
        created=FIRST_MONDAY
        + week * WEEK_S
        + day * DAY_S
        + hour * 3600
        + rng.integers(0, 3600, DRAWN),
        category=_drawn(rng, 1 / (1 + np.arange(len(CATEGORIES)))),
        lat=lat,
        lng=lng,
        stars=np.where(
            done, rng.choice([1, 2, 3, 4, 5], DRAWN, p=[0.11, 0.03, 0.07, 0.22, 0.57]), 0
        ),
        reopened=np.minimum(rng.geometric(0.8, DRAWN) - 1, 5) * (rng.random(DRAWN) < 0.06),
        handled_s=rng.lognormal(np.log(1.1 * DAY_S), 1.1, DRAWN // 10),
    )


def _drawn(rng: np.random.Generator, weights: Sequence[float] | Floats) -> Ints:
    shares = np.asarray(weights, float)
    return rng.choice(len(shares), DRAWN, p=shares / shares.sum())


def _drawn_places(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Points around spots of very different weight, within Bangkok's box."""
    spot = _drawn(rng, 1 / (1 + np.arange(SPOTS)))
    middle = rng.normal([13.75, 100.55], [0.09, 0.11], (SPOTS, 2))[spot]
    points = middle + rng.standard_normal((DRAWN, 2)) * 0.003
    west, south, east, north = BANGKOK
    points = np.clip(points, [south + 0.01, west + 0.01], [north - 0.01, east - 0.01])
    return points[:, 0], points[:, 1]
