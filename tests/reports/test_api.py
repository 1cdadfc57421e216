"""A report over HTTP, as a phone and a console would: submit, read, step, follow, rate."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.auth import tokens
from app.auth.models import Account
from app.database import db
from reports.models import Report
from reports.permissions import Viewer
from reports.statuses import Role
from tests.reports.conftest import TRUONG_TIEN, House


class OwnContext(FlaskClient):
    """Each request in a context of its own, as in the real server."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            return super().open(*args, **kwargs)


class Api:
    """Somebody's phone or console."""

    def __init__(self, app: Flask, account_id: UUID | None, language: str = "vi") -> None:
        self.client = OwnContext(app, app.response_class)
        self.headers = {"Accept-Language": language}
        if account_id:
            token = tokens.issue(db.session.get_one(Account, account_id))
            self.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, *, headers: dict[str, str] | None = None,
                 **kwargs: Any) -> TestResponse:  # fmt: skip
        return self.client.open(
            f"/api/v1{path}", method=method, headers=self.headers | (headers or {}), **kwargs
        )

    def step(
        self, report_id: str, step: str, version: int | None = None, **order: Any
    ) -> TestResponse:
        headers = {"If-Match": f'"v{version}"'} if version else {}
        body = {"id": str(uuid4()), "step": step, **order}
        return self("POST", f"/reports/{report_id}/steps", json=body, headers=headers)


@pytest.fixture
def lan(app: Flask, house: House) -> Api:
    return Api(app, house.person("Lan").account_id)


@pytest.fixture
def anybody(app: Flask, house: House) -> Api:
    return Api(app, None)


@pytest.fixture
def dispatcher(app: Flask, house: House) -> Iterator[Api]:
    yield official(app, house, Role.DISPATCHER)


def official(app: Flask, house: House, role: Role, office: str | None = None) -> Api:
    viewer: Viewer = house.official(role, office)
    assert viewer.account_id
    return Api(app, viewer.account_id)


def a_submission(house: House, **facts: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "category": house.plain_category(),
        "description": "Cống nghẹt, nước ngập tới đầu gối. Gọi tôi 0905 123 456.",
        "lat": TRUONG_TIEN[0],
        "lng": TRUONG_TIEN[1],
        **facts,
    }


def test_a_report_is_created_once_and_a_repeat_answers_the_same(lan: Api, house: House) -> None:
    body = a_submission(house)

    first, again = lan("POST", "/reports", json=body), lan("POST", "/reports", json=body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["id"] == again.json["id"] == body["id"]
    assert first.json["code"] == again.json["code"]
    assert first.json["status"] == "submitted"
    assert first.json["area"]["name"] == "Phường Thuận Hóa"
    assert [step["step"] for step in first.json["steps"]] == ["withdraw"]


def test_the_same_id_with_other_content_or_from_another_person_is_a_conflict(
    app: Flask, lan: Api, house: House
) -> None:
    body = a_submission(house)
    lan("POST", "/reports", json=body)
    minh = Api(app, house.person("Minh").account_id, "en")

    other_words = lan("POST", "/reports", json=body | {"description": "Khác hẳn."})
    other_person = minh("POST", "/reports", json=body)

    assert (other_words.status_code, other_person.status_code) == (409, 409)
    assert "Cống" not in other_person.text
    assert other_person.json["detail"].startswith("This id already belongs")


def test_what_is_not_published_is_not_there_for_the_public(
    lan: Api, anybody: Api, dispatcher: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json

    before = anybody("GET", f"/reports/{sent['code']}")
    dispatcher.step(sent["id"], "accept", version=1)
    after = anybody("GET", f"/reports/{sent['code']}")

    assert before.status_code == 404
    assert after.status_code == 200
    assert "0905" not in after.text
    assert "•" in after.json["description"]
    assert "place_note" not in after.json and "reporter" not in after.json


def test_an_official_acts_on_the_version_they_saw(dispatcher: Api, lan: Api, house: House) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json

    without = dispatcher.step(sent["id"], "accept")
    accepted = dispatcher.step(sent["id"], "accept", version=1)
    stale = dispatcher.step(sent["id"], "hide", version=1, note="Thử.")

    assert (without.status_code, accepted.status_code, stale.status_code) == (428, 200, 412)
    assert accepted.headers["ETag"] == '"v2"'
    assert stale.json["version"] == 2
    assert stale.json["changed"][0]["step"] == "accept"


def test_a_step_repeated_answers_its_first_result_before_any_version_is_looked_at(
    dispatcher: Api, lan: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json
    order = {"id": str(uuid4()), "step": "accept"}
    path, headers = f"/reports/{sent['id']}/steps", {"If-Match": '"v1"'}

    first = dispatcher("POST", path, json=order, headers=headers)
    again = dispatcher("POST", path, json=order, headers=headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json["change"] == again.json["change"]


def test_a_step_that_is_not_allowed_says_why_in_both_languages(
    app: Flask, lan: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json

    vi = lan.step(sent["id"], "confirm")
    lan.headers["Accept-Language"] = "en"
    en = lan.step(sent["id"], "confirm")

    assert (vi.status_code, en.status_code) == (403, 403)
    assert (
        vi.json["detail"]
        == "Không làm được bước “Xong rồi” khi phản ánh đang ở trạng thái “Mới gửi”."
    )
    assert en.json["detail"] == "“It is done” cannot be done while the report is “Sent”."


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"lat": 16.0678, "lng": 108.2208}, 422, "lat"),
        ({"category": "no-such"}, 422, "category"),
        ({"description": "", "photos": []}, 422, "description"),
        ({"photos": [str(uuid4())]}, 422, "photos"),
        ({"unknown": 1}, 422, "unknown"),
        ({"identity": "anonymous"}, 422, "identity"),
        ({"id": "12"}, 422, "id"),
    ],
)
def test_bad_input_names_the_field_and_nothing_is_half_stored(
    lan: Api, house: House, change: dict[str, Any], status: int, field: str
) -> None:
    answer = lan("POST", "/reports", json=a_submission(house, **change))

    assert answer.status_code == status, answer.json
    assert answer.mimetype == "application/problem+json"
    assert field in {error["field"] for error in answer.json["errors"]}
    assert db.session.query(Report).count() == 0


def test_a_place_outside_the_city_is_told_its_distance_in_either_language(
    lan: Api, house: House
) -> None:
    body = a_submission(house, lat=16.816, lng=107.1)

    vi = lan("POST", "/reports", json=body)
    lan.headers["Accept-Language"] = "en"
    en = lan("POST", "/reports", json=body)

    assert vi.json["detail"].startswith("Điểm này ở ngoài thành phố, cách ranh giới ")
    assert en.json["detail"].startswith("This point is outside the city, ")


def test_nine_megabytes_of_text_are_refused(lan: Api, house: House) -> None:
    answer = lan("POST", "/reports", json=a_submission(house, description="a" * 9_000_000))

    assert answer.status_code == 413
    assert answer.json["detail"]


def test_corruption_is_pointed_to_its_channel_and_not_stored(lan: Api, house: House) -> None:
    category = next(c for c in house.city.offered_categories() if c.legal_channel)

    answer = lan("POST", "/reports", json=a_submission(house, category=category.code))

    assert answer.status_code == 422
    assert answer.json["type"].endswith("legal-channel")
    assert db.session.query(Report).count() == 0


def test_a_report_against_officials_is_invisible_to_the_office_accused(
    app: Flask, lan: Api, dispatcher: Api, house: House
) -> None:
    category = next(c for c in house.city.offered_categories() if c.about_officials)
    sent = lan("POST", "/reports", json=a_submission(house, category=category.code)).json
    accused = official(app, house, Role.OFFICER, "ubnd-19789")
    report = db.session.get_one(Report, UUID(sent["id"]))
    assert report.accused_office_id == house.office_id("ubnd-19789")
    dispatcher.step(sent["id"], "accept", version=1)

    seen = accused("GET", f"/reports/{sent['id']}")
    queue = accused("GET", "/queue")

    assert seen.status_code == 404
    assert queue.json["items"] == []


def test_a_private_matter_is_never_shown_even_when_accepted(
    lan: Api, anybody: Api, dispatcher: Api, house: House
) -> None:
    category = next(
        c for c in house.city.offered_categories() if c.private and not c.about_officials
    )
    sent = lan("POST", "/reports", json=a_submission(house, category=category.code)).json
    version = sent["version"]
    if sent["status"] == "submitted":
        dispatcher.step(sent["id"], "accept", version=version)

    published = dispatcher.step(sent["id"], "publish", version=version + 1)
    seen = anybody("GET", f"/reports/{sent['id']}")

    assert published.status_code == 403
    assert seen.status_code == 404


def test_the_queue_shows_each_office_its_own_and_the_dispatcher_all(
    app: Flask, lan: Api, dispatcher: Api, house: House
) -> None:
    sent = [lan("POST", "/reports", json=a_submission(house)).json for _ in range(3)]
    before = dispatcher("GET", "/queue").json["items"]
    dispatcher.step(sent[0]["id"], "accept", version=1)
    lead = dispatcher("GET", f"/reports/{sent[0]['id']}").json["office"]["id"]
    theirs, others = (
        official(app, house, Role.OFFICER, lead),
        official(app, house, Role.OFFICER, "ubnd-20044"),
    )

    assert {item["id"] for item in before} == {report["id"] for report in sent}
    assert [item["id"] for item in theirs("GET", "/queue").json["items"]] == [sent[0]["id"]]
    assert others("GET", "/queue").json["items"] == []


def test_the_queue_is_paged_by_key_without_gaps_or_repeats(
    lan: Api, dispatcher: Api, house: House
) -> None:
    sent = {lan("POST", "/reports", json=a_submission(house)).json["id"] for _ in range(7)}
    seen: list[str] = []
    after = ""
    while True:
        page = dispatcher("GET", f"/queue?limit=3{after}").json
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert sorted(seen) == sorted(sent)
    assert len(seen) == len(set(seen))


def test_similar_reports_are_offered_and_supported_instead(
    app: Flask, lan: Api, dispatcher: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json
    dispatcher.step(sent["id"], "accept", version=1)
    minh = Api(app, house.person("Minh").account_id)
    query = (
        f"lat={TRUONG_TIEN[0] + 0.0003}&lng={TRUONG_TIEN[1]}&category={sent['category']['code']}"
    )

    offered = minh("GET", f"/reports/similar?{query}").json["items"]
    counts = [minh("PUT", f"/reports/{sent['id']}/support").json["supporters"] for _ in range(2)]
    own = lan("PUT", f"/reports/{sent['id']}/support")

    assert [item["id"] for item in offered] == [sent["id"]]
    assert 25 < offered[0]["metres"] < 45
    assert counts == [1, 1]
    assert own.status_code == 409


def test_the_map_the_list_and_near_me_find_what_is_shown(
    lan: Api, anybody: Api, dispatcher: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json
    lat, lng = TRUONG_TIEN
    box = f"{lng - 0.01},{lat - 0.01},{lng + 0.01},{lat + 0.01}"
    paths = [
        f"/reports?bbox={box}",
        f"/reports?near={lat},{lng}&radius=500",
        "/reports?q=cong+nghet",
        f"/reports?q={sent['code']}",
        "/reports?status=open&area=19789",
    ]
    hidden = [anybody("GET", path).json["items"] for path in paths]

    dispatcher.step(sent["id"], "accept", version=1)
    shown = [[item["id"] for item in anybody("GET", path).json["items"]] for path in paths]
    geojson = anybody("GET", f"/reports?bbox={box}&format=geojson")

    assert hidden == [[]] * len(paths)
    assert shown == [[sent["id"]]] * len(paths)
    assert geojson.mimetype == "application/geo+json"
    assert geojson.json["features"][0]["geometry"]["coordinates"] == [lng, lat]


def test_the_timeline_tells_each_what_is_theirs_to_read(
    app: Flask, lan: Api, anybody: Api, dispatcher: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json
    dispatcher.step(sent["id"], "accept", version=1, note="Nội bộ: ưu tiên.")
    office = dispatcher("GET", f"/reports/{sent['id']}").json["office"]["id"]
    officer = official(app, house, Role.OFFICER, office)
    officer.step(sent["id"], "start", version=2)
    officer.step(sent["id"], "resolve", version=3, outcome="fixed", note="Đã nạo vét 120 m cống.")
    officer(
        "POST", f"/reports/{sent['id']}/notes", json={"id": str(uuid4()), "text": "Gọi lại sau."}
    )

    public = anybody("GET", f"/reports/{sent['id']}/timeline")
    inside = officer("GET", f"/reports/{sent['id']}/timeline")

    assert [e["step"] for e in public.json["items"]] == ["submit", "accept", "start", "resolve"]
    assert "Đã nạo vét 120 m cống." in public.text
    assert "Nội bộ" not in public.text and "Gọi lại sau" not in public.text
    assert "Nội bộ" in inside.text and "Gọi lại sau" in inside.text


def test_who_the_reporter_is_stays_with_the_centre_and_each_reading_has_a_reason(
    app: Flask, lan: Api, dispatcher: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json
    dispatcher.step(sent["id"], "accept", version=1)
    office = dispatcher("GET", f"/reports/{sent['id']}").json["office"]["id"]
    officer = official(app, house, Role.OFFICER, office)
    path, why = f"/reports/{sent['id']}/reporter", {"reason": "Gọi hỏi vị trí chính xác"}

    assert officer("POST", path, json=why).status_code == 403
    assert dispatcher("POST", path, json={}).status_code == 422
    assert dispatcher("POST", path, json=why).status_code == 200
    assert lan("POST", path, json=why).status_code == 404


def test_comments_of_residents_wait_and_offices_speak_at_once(
    app: Flask, lan: Api, anybody: Api, dispatcher: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json
    dispatcher.step(sent["id"], "accept", version=1)
    said = {"id": str(uuid4()), "text": "Sáng nay vẫn ngập."}
    path = f"/reports/{sent['id']}/comments"

    first, again = lan("POST", path, json=said), lan("POST", path, json=said)
    waiting = anybody("GET", f"/reports/{sent['id']}/timeline").text
    dispatcher("PUT", f"/comments/{said['id']}/shown")
    shown = anybody("GET", f"/reports/{sent['id']}/timeline").text
    spoken = dispatcher("POST", path, json={"id": str(uuid4()), "text": "Đã cử người."})

    assert (first.status_code, again.status_code, spoken.status_code) == (201, 200, 201)
    assert "Sáng nay" not in waiting
    assert "Sáng nay" in shown
    assert spoken.json["published"]


def test_rating_is_once_a_person_and_only_for_those_concerned(
    app: Flask, lan: Api, dispatcher: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json
    dispatcher.step(sent["id"], "accept", version=1)
    office = dispatcher("GET", f"/reports/{sent['id']}").json["office"]["id"]
    officer = official(app, house, Role.OFFICER, office)
    path = f"/reports/{sent['id']}/rating"
    early = lan("PUT", path, json={"stars": 5})
    officer.step(sent["id"], "start", version=2)
    officer.step(sent["id"], "resolve", version=3, outcome="fixed", note="Xong.")
    passer_by = Api(app, house.person("Minh").account_id)

    assert early.status_code == 403
    assert lan("PUT", path, json={"stars": 5}).status_code == 200
    assert lan("PUT", path, json={"stars": 2, "comment": "Nghĩ lại."}).status_code == 200
    assert passer_by("PUT", path, json={"stars": 1}).status_code == 403
    assert lan("PUT", path, json={"stars": 6}).status_code == 422


def test_a_guest_who_signs_in_keeps_their_report_and_a_repeat_stays_a_repeat(
    app: Flask, house: House
) -> None:
    from app.auth import accounts
    from app.auth.signin import sign_in
    from app.auth.tokens import find

    guest = Api(app, None)
    token = guest("POST", "/auth/guest").json["token"]
    guest.headers["Authorization"] = f"Bearer {token}"
    body = a_submission(house)
    guest("POST", "/reports", json=body)
    resident = accounts.create_resident("vi")
    with app.app_context():
        caller = find(token)
    signed_in = Api(app, None)
    signed_in.headers["Authorization"] = f"Bearer {sign_in(resident, caller)}"

    mine = signed_in("GET", "/me/reports").json["items"]
    again = signed_in("POST", "/reports", json=body)

    assert [item["id"] for item in mine] == [body["id"]]
    assert again.status_code == 200


def test_a_subscriber_hears_of_a_report_published_in_their_ward(
    app: Flask, lan: Api, dispatcher: Api, house: House
) -> None:
    minh = Api(app, house.person("Minh").account_id)
    minh("PUT", f"/me/subscriptions/{uuid4()}", json={"area": "19789"})
    far = Api(app, house.person("Hoa").account_id)
    far("PUT", f"/me/subscriptions/{uuid4()}", json={"lat": 16.4, "lng": 107.7, "radius": 500})
    close = Api(app, house.person("Tú").account_id)
    close("PUT", f"/me/subscriptions/{uuid4()}",
          json={"lat": TRUONG_TIEN[0] + 0.003, "lng": TRUONG_TIEN[1], "radius": 500})  # fmt: skip
    sent = lan("POST", "/reports", json=a_submission(house)).json

    dispatcher.step(sent["id"], "accept", version=1)

    assert house.messages("Minh") == house.messages("Tú") == ["published_nearby"]
    assert house.messages("Hoa") == []


def test_an_unfinished_circle_is_refused(lan: Api) -> None:
    answer = lan("PUT", f"/me/subscriptions/{uuid4()}", json={"lat": 16.4, "radius": 500})

    assert answer.status_code == 422
    assert answer.json["type"].endswith("circle-incomplete")


def test_an_anonymous_session_carries_one_report_and_no_more(app: Flask, house: House) -> None:
    phone = Api(app, None)
    token = phone("POST", "/auth/guest", json={"anonymous": True}).json["token"]
    phone.headers["Authorization"] = f"Bearer {token}"
    body = a_submission(house, identity="anonymous")

    first, again = phone("POST", "/reports", json=body), phone("POST", "/reports", json=body)
    second = phone("POST", "/reports", json=body | {"id": str(uuid4())})
    named = phone("POST", "/reports", json=a_submission(house))

    assert (first.status_code, again.status_code) == (201, 200)
    assert (second.status_code, named.status_code) == (422, 422)
    assert second.json["type"].endswith("anonymous-account")


def test_words_without_diacritics_find_the_category_and_the_number_to_call(anybody: Api) -> None:
    words = {"text": "day dien dut roi xuong duong"}

    told = anybody("POST", "/categories/suggest", json=words)

    assert told.status_code == 200
    assert "dien-nguy-hiem" in {item["code"] for item in told.json["items"]}
    assert "19001909" in {line["number"] for line in told.json["hotlines"]}  # the power company


def test_residents_and_officials_read_a_status_in_words_of_their_own(
    app: Flask, lan: Api, dispatcher: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json
    dispatcher.step(sent["id"], "ask", version=1, note="Ở đâu?")

    assert lan("GET", f"/reports/{sent['id']}").json["status_name"] == "Chờ bạn bổ sung"
    assert dispatcher("GET", f"/reports/{sent['id']}").json["status_name"] == "Chờ bổ sung"


def test_all_that_a_step_lacks_is_told_at_once(lan: Api, dispatcher: Api, house: House) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json

    answer = dispatcher(
        "POST",
        f"/reports/{sent['id']}/steps",
        json={"id": str(uuid4()), "step": "reject"},
        headers={"If-Match": f'"v{sent["version"]}"'},
    )

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json["errors"]] == ["reason", "note"]
