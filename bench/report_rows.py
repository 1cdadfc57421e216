"""Rows of `report`: what was sent, where, and its state now."""

from typing import Any
from uuid import UUID

import numpy as np
from h3.api.basic_int import latlng_to_cell
from numpy.typing import NDArray

from bench.copytext import NULL, Text, bytes_of, constant, flags, numbers, times, words
from bench.rows import REPORT, Batch, Table
from bench.texts import sentences
from bench.tickets import Ints
from reports.codes import LETTERS, WEIGHTS
from reports.places import MERCATOR_RADIUS_M
from reports.statuses import Outcome, Rejection, S

OPENLY = 0.10  # reporters whose name the office may see
OUTCOMES = {Outcome.FIXED: 0.8, Outcome.EXPLAINED: 0.14, Outcome.NOT_FOUND: 0.06}
THUMBHASH = "d7180a0d87837888807888880000"
CODE_STEP = 387_420_489  # coprime to a thousand million: no two codes are alike
TIMES = (
    "submitted_at", "accepted_at", "published_at", "assigned_at", "started_at", "centre_due_at",
    "first_due_at", "due_at", "due_from", "resolved_at", "first_resolved_at", "closed_at",
    "reopened_at", "waiting_since", "escalated_at", "next_check_at",
)  # fmt: skip
WORDS = ("status", "status_before", "due_term", "first_due_term")
NUMBERS = ("category_id", "version", "office_id", "reopened", "reminded", "lat", "lng")
ZEROS = ("outside_m", "rested_s", "rested_total_s", "extended")


def reports_of(batch: Batch, supporters: Ints) -> Table:
    """Every column that has no default of the database's own; `supporters` counts them."""
    columns = batch.columns
    return {
        **_sending(batch),
        **_place(batch),
        **_state(batch),
        **{name: times(columns[name]) for name in TIMES},
        **{name: words(columns[name]) for name in WORDS},
        **{name: numbers(columns[name]) for name in NUMBERS},
        **{name: flags(columns[name]) for name in ("urgent", "held_back", "hidden")},
        **{name: constant("0", len(batch)) for name in ZEROS},
        "supporters": numbers(supporters),
    }


def _sending(batch: Batch) -> Table:
    n, told = len(batch), _told(batch)
    openly = batch.rng.random(n) < OPENLY
    level = np.select([batch.anonymous, openly], ["anonymous", "open"], "confidential")
    return {
        "id": batch.ids,
        "code": codes(batch.number, batch.source.made.seed[0]),
        "digest": bytes_of(batch.ids),
        "reporter_id": batch.reporters,
        "identity": level.tolist(),
        "source": constant("app", n),
        "description": told,
        "public_description": told,
        "place_note": constant("", n),
        "answers": constant("{}", n),
        "cover": _covers(batch),
    }


def _covers(batch: Batch) -> Text:
    """What lists show of a first photo, for three of five reports. No photo is behind it: nothing
    that is measured opens one."""
    pictured = (batch.number % 5 < 3).tolist()
    ids = zip(pictured, batch.ids, strict=True)
    return [f"{UUID(one)} 1600 1200 {THUMBHASH}" if has else NULL for has, one in ids]


def _told(batch: Batch) -> Text:
    kinds = np.array([kind.code for kind in batch.source.made.categories])
    columns = batch.columns
    places = batch.source.places
    return sentences(kinds[columns["category"]], columns["ward"], places, batch.rng)


def codes(number: NDArray[Any], seed: int) -> Text:
    """As `reports.codes` makes them, none twice."""
    nine = (number * CODE_STEP + seed) % 10**9
    digits = nine[:, None] // 10 ** np.arange(8, -1, -1) % 10
    letter = np.array([*LETTERS])[(digits * WEIGHTS).sum(axis=1) % len(LETTERS)]
    return [f"{one:09d}{check}" for one, check in zip(nine.tolist(), letter.tolist(), strict=True)]


def _place(batch: Batch) -> Table:
    lat, lng = batch.columns["lat"], batch.columns["lng"]
    x, y = mercator(lat, lng)
    area_ids = np.array([ward.id for ward in batch.source.made.wards])
    points = zip(lat.tolist(), lng.tolist(), strict=True)
    spots = zip(x.tolist(), y.tolist(), strict=True)
    return {
        "spot": [f"({east:.2f},{north:.2f})" for east, north in spots],
        "cell": [str(latlng_to_cell(*point, 10)) for point in points],
        "area_id": numbers(area_ids[batch.columns["ward"]]),
    }


def mercator(lat: NDArray[Any], lng: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """`places.to_mercator` for many points."""
    x = MERCATOR_RADIUS_M * np.radians(lng)
    return x, MERCATOR_RADIUS_M * np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))


def _state(batch: Batch) -> Table:
    c, n = batch.columns, len(batch)
    waiting, returned = c["status"] == S.WAITING, c["status"] == S.RETURNED
    outcome = batch.rng.choice([*OUTCOMES], n, p=[*OUTCOMES.values()])
    leads = batch.source.ids(np.maximum(c["lead"], 0), REPORT)
    asked_by = np.array(numbers(c["office_id"]))
    return {
        "outcome": words(np.where(c["resolved_at"] > 0, outcome, "")),
        "rejection": words(np.where(c["status"] == S.REJECTED, Rejection.OUTSIDE_SCOPE, "")),
        "lead_id": np.where(c["lead"] >= 0, leads, NULL).tolist(),
        "asked_by_office_id": np.where(waiting, asked_by, NULL).tolist(),
        "asked": numbers(waiting.astype(int)),
        "returned": numbers(returned.astype(int)),
        "returnable": constant("t", n),
        "reconsidered": constant("f", n),
        "recurrence": constant("1", n),
    }
