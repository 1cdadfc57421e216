"""A resident's picture is nobody's to see before a person has looked: by no address, cache or
derivative; and not any more once it was hidden."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app import storage
from app.database import db
from reports.models import Photo
from reports.statuses import Role
from tests.rights.world import JPEG, Case, World

SIZES = (".jpg", "-400.jpg")


def addresses(photo_id: UUID) -> list[str]:
    """Where somebody might try: the two sizes, as they are and spelt otherwise, and the file."""
    photo = db.session.get_one(Photo, photo_id)
    names = [f"{photo_id}{end}" for end in (*SIZES, "", "-1600.jpg", ".jpeg", ".png", ".jpg/")]
    names += [f"{photo_id.hex}.jpg", f"{str(photo_id).upper()}.jpg", f"{photo_id}.jpg?size=400"]
    paths = [f"/api/v1/photos/{name}" for name in names]
    for key in (photo.key, photo.small_key):
        paths += [f"/{key}", f"/static/{key}", f"/files/{key}", f"/photos/{key}",
                  f"/api/v1/photos/{key}", f"/api/v1/photos/../{key}", f"/var/photos/{key}",
                  f"/api/docs/..%2f{key}"]  # fmt: skip
    return paths


def etag_of(world: World, case: Case, end: str) -> dict[str, str]:
    """What whoever saw it once may send along to ask again."""
    path = f"/api/v1/photos/{case.photo_id}{end}"
    seen = world.requests(case.people["owner"], "GET", path)
    assert seen.status_code == 200 and seen.data == JPEG
    return {"If-None-Match": seen.headers["ETag"]}


@pytest.mark.parametrize("state", ["unpublished", "held_back", "automatic", "hidden", "private",
                                   "against", "withdrawn"])  # fmt: skip
@pytest.mark.parametrize("who", ["anybody", "other", "supporter", "merged", "accused"])
def test_no_address_leads_to_a_picture_that_is_not_shown(
    world: World, cases: dict[str, Case], state: str, who: str
) -> None:
    case = cases[state]

    for path in addresses(case.photo_id):
        answer = world.requests(case.people.get(who), "GET", path)

        assert answer.status_code in {401, 404, 405, 422}, (path, answer.status_code)
        assert JPEG not in answer.data


@pytest.mark.parametrize("end", SIZES)
def test_who_has_it_in_a_cache_is_not_told_that_it_is_still_good(
    world: World, cases: dict[str, Case], end: str
) -> None:
    case = cases["hidden"]
    asked = etag_of(world, case, end)

    path = f"/api/v1/photos/{case.photo_id}{end}"

    for headers in (asked, {"Range": "bytes=0-3"}, {"If-None-Match": "*"}):
        for method in ("GET", "HEAD"):
            answer = world.requests(case.people["other"], method, path, headers=headers)

            assert answer.status_code == 404


@pytest.mark.parametrize("end", SIZES)
def test_no_shared_cache_keeps_a_copy(world: World, cases: dict[str, Case], end: str) -> None:
    case = cases["published"]

    shown = world.requests(None, "GET", f"/api/v1/photos/{case.photo_id}{end}")

    assert shown.status_code == 200 and shown.mimetype == "image/jpeg"
    assert "private" in shown.headers["Cache-Control"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("end", SIZES)
@pytest.mark.parametrize("state", ["published", "unpublished", "hidden", "private"])
def test_a_phone_keeps_in_its_cache_only_what_anybody_may_see(
    world: World, cases: dict[str, Case], state: str, end: str
) -> None:
    """Whoever takes up the phone after its owner asks without a token, and is answered by it."""
    case = cases[state]
    path = f"/api/v1/photos/{case.photo_id}{end}"

    shown = world.requests(case.people["owner"], "GET", path)

    assert shown.status_code == 200
    public = state == "published"
    assert shown.headers["Cache-Control"] == ("private, max-age=3600" if public else "no-store")
    assert "Authorization" in shown.headers["Vary"]
    again = world.requests(case.people["owner"], "GET", path,
                           headers={"If-None-Match": shown.headers["ETag"]})  # fmt: skip
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == shown.headers["Cache-Control"]


def test_a_picture_that_belongs_to_nothing_yet_is_taken_back_by_its_owner_alone(
    world: World, cases: dict[str, Case]
) -> None:
    people = cases["published"].people
    photo_id = world.photo(people["other"])
    key = db.session.get_one(Photo, photo_id).key

    def taken_back(who: str) -> int:
        path = f"/api/v1/photos/{photo_id}"
        return int(world.requests.kept(people[who], "DELETE", path).status_code)

    assert [taken_back(who) for who in ("owner", "dispatcher", "admin")] == [204] * 3
    assert db.session.get(Photo, photo_id, populate_existing=True) is not None
    assert [taken_back("other"), taken_back("other")] == [204, 204]
    assert db.session.get(Photo, photo_id, populate_existing=True) is None
    assert not storage.storage().exists(key)


def test_what_was_sent_with_a_report_stays_with_it(world: World) -> None:
    case = world.case("published")

    answer = world.requests(case.people["owner"], "DELETE", f"/api/v1/photos/{case.photo_id}")

    assert (answer.status_code, answer.json["type"]) == (409, "/problems/photo-is-used")
    assert db.session.get(Photo, case.photo_id, populate_existing=True) is not None


def test_a_picture_that_belongs_to_nothing_yet_is_its_owners_alone(
    world: World, cases: dict[str, Case]
) -> None:
    people = cases["published"].people
    photo_id = world.photo(people["other"])

    seen = {
        who: world.requests(people.get(who), "GET", f"/api/v1/photos/{photo_id}.jpg").status_code
        for who in ("anybody", "other", "owner", "dispatcher", "leader", "admin", "officer")
    }

    assert seen == dict.fromkeys(seen, 404) | {"other": 200}


def test_what_a_reporter_shows_with_an_answer_or_a_reopening_waits_for_a_person(
    world: World,
) -> None:
    """The question was the office's, and what was sent back nobody has looked at yet."""
    case = world.case("reopened")
    path = f"/api/v1/reports/{case.report_id}/timeline"
    owner, officer = case.people["owner"], case.people["officer"]
    public = world.requests(None, "GET", path)

    for photo_id in case.reporters_photos:
        photo = f"/api/v1/photos/{photo_id}.jpg"
        assert world.requests(None, "GET", photo).status_code == 404
        assert world.requests(case.people["other"], "GET", photo).status_code == 404
        assert world.requests(owner, "GET", photo).status_code == 200
        assert world.requests(officer, "GET", photo).status_code == 200
        assert str(photo_id) not in public.text
        assert str(photo_id) in world.requests(owner, "GET", path).text
    assert "reopen" in [entry["step"] for entry in public.json["items"]]
    assert str(case.resolved_photo_id) in public.text


def test_a_picture_of_an_erased_person_is_gone_from_the_disk(world: World) -> None:
    case = world.case("leaving")
    key = db.session.get_one(Photo, case.photo_id).key

    done = world.requests.kept(case.people["owner"], "DELETE", "/api/v1/me")

    assert done.status_code == 204
    assert not storage.storage().exists(key)
    assert db.session.get(Photo, case.photo_id, populate_existing=True) is None


def test_a_body_that_names_somebody_elses_picture_gets_nothing_of_it(
    world: World, cases: dict[str, Case]
) -> None:
    """As if it had never arrived; and whose it is stays as it was."""
    case = cases["published"]
    theirs, never = world.photo(case.people["other"]), uuid4()

    def sent(photo_id: UUID) -> Any:
        body = {"id": str(uuid4()), "category": "khac", "description": "Ảnh của ai?",
                "lat": 16.4675, "lng": 107.5885, "photos": [str(photo_id)]}  # fmt: skip
        return world.requests(case.people["owner"], "POST", "/api/v1/reports", json=body)

    answers = [sent(theirs), sent(case.photo_id), sent(never)]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert answers[0].json["missing_photos"] == [str(theirs)]
    assert len({answer.json["detail"] for answer in answers}) == 1
    assert db.session.get_one(Photo, theirs).report_id is None


def test_an_official_shows_only_pictures_of_their_own(world: World, cases: dict[str, Case]) -> None:
    """Nobody can make a resident's loose picture public by naming it as evidence."""
    case = world.case("started")
    theirs = world.photo(case.people["other"])
    order = {"id": str(uuid4()), "step": "resolve", "outcome": "fixed", "note": "Xong.",
             "photos": [str(theirs)]}  # fmt: skip

    answer = world.requests(
        world.official(Role.OFFICER, case.lead),
        "POST",
        f"/api/v1/reports/{case.report_id}/steps",
        json=order,
        headers={"If-Match": f'"v{case.version}"'},
    )

    assert answer.status_code == 422
    assert answer.json["missing_photos"] == [str(theirs)]
