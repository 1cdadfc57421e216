"""Who sees what of a report at its edges: handed back, hidden, merged, accused, and repeats."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.database import db
from app.factory import create_app
from reports import voices
from reports.city import contacts, snapshot
from reports.city.models import Office
from reports.errors import SameIdOtherStep
from reports.models import Comment, Photo, Report
from reports.permissions import Viewer
from reports.statuses import Role
from tests.conftest import config_for, new_database
from tests.reports.conftest import TRUONG_TIEN, House, keep_figures
from tests.reports.test_api import Api, a_submission, anybody, dispatcher, lan, official

__all__ = ["anybody", "dispatcher", "lan"]  # fixtures

PHONE = "0905 123 456"
OWN = "0234 3822 222"
LEAD = "ubnd-19789"


def words(text: str = "Đã xem.") -> dict[str, str]:
    return {"id": str(uuid4()), "text": text}


def accepted(lan: Api, dispatcher: Api, house: House, office: str = LEAD) -> str:
    sent = lan("POST", "/reports", json=a_submission(house)).json
    assert dispatcher.step(sent["id"], "accept", version=1, office=office).status_code == 200
    return str(sent["id"])


def resolved(lan: Api, dispatcher: Api, officer: Api, house: House, note: str) -> str:
    report_id = accepted(lan, dispatcher, house)
    officer.step(report_id, "start", version=2)
    done = officer.step(report_id, "resolve", version=3, outcome="explained", note=note)
    assert done.status_code == 200, done.json
    return report_id


def publish(house: House, number: str) -> None:
    """The office's own number, as the city publishes it."""
    db.session.get_one(Office, house.office_id(LEAD)).phone = number
    db.session.commit()
    snapshot.forget()


@pytest.fixture
def officer(app: Flask, house: House) -> Api:
    return official(app, house, Role.OFFICER, LEAD)


def test_whoever_handed_a_report_back_may_repeat_it_and_a_stranger_learns_nothing(
    app: Flask, lan: Api, dispatcher: Api, officer: Api, house: House
) -> None:
    report_id = lan("POST", "/reports", json=a_submission(house)).json["id"]
    dispatcher.step(report_id, "accept", version=1, office=LEAD, hold_back=True)
    order = {"id": str(uuid4()), "step": "return", "note": "Không thuộc phường."}
    path, headers = f"/reports/{report_id}/steps", {"If-Match": '"v2"'}
    stranger = Api(app, house.person("Minh").account_id)

    first = officer("POST", path, json=order, headers=headers)
    assert dispatcher.step(report_id, "forward", version=3, office="so-y-te").status_code == 200
    again = officer("POST", path, json=order, headers=headers)
    other_words = officer("POST", path, json=order | {"note": "Khác."}, headers=headers)
    guessed = stranger("POST", path, json=order)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json == {"change": first.json["change"], "report": None}
    assert (other_words.status_code, guessed.status_code) == (404, 404)


def test_numbers_of_people_in_an_offices_public_words_are_hidden_and_its_own_stay(
    lan: Api, anybody: Api, dispatcher: Api, officer: Api, house: House
) -> None:
    reply = f"Gọi chị Hoa {PHONE}, hoặc 0234.3822 222, 19001909."
    publish(house, OWN)
    report_id = resolved(lan, dispatcher, officer, house, reply)
    officer("POST", f"/reports/{report_id}/comments", json=words(f"Hỏi anh Tư {PHONE}."))

    public = anybody("GET", f"/reports/{report_id}/timeline").text

    assert PHONE not in public
    assert "Gọi chị Hoa •••, hoặc 0234.3822 222, 19001909." in public
    assert "Hỏi anh Tư •••" in public
    for reader in (lan, officer):
        assert reader("GET", f"/reports/{report_id}/timeline").text.count(PHONE) == 2


def test_a_published_number_within_somebodys_own_is_no_reason_to_show_it(house: House) -> None:
    publish(house, "0234 382 22")

    for somebodys in ("0234 382 2255", "+84 0234 382 22 12"):
        masked = contacts.mask_all_but_offices(f"Gọi {somebodys}.", snapshot.current())

        assert "0234" not in masked


def test_the_head_of_an_office_counts_its_own_reports_and_no_others(
    app: Flask, lan: Api, dispatcher: Api, house: House
) -> None:
    sent = lan("POST", "/reports", json=a_submission(house)).json
    lead = house.city.offices_by_id[db.session.get_one(Report, UUID(sent["id"])).office_id]
    keep_figures()
    own, other = (official(app, house, Role.HEAD, code) for code in (lead.code, "ubnd-20044"))
    leader = official(app, house, Role.LEADER)

    def counted(who: Api, query: str = "") -> list[int]:
        return [cell["count"] for cell in who("GET", f"/heatmap{query}").json["items"]]

    assert counted(leader) == counted(own) == [1]
    assert counted(other) == []
    assert other("GET", f"/heatmap?office={lead.code}").status_code == 403
    assert dispatcher("GET", "/heatmap").json["public"] is True  # they do not read figures


def test_an_office_does_not_learn_of_the_report_against_it_by_one_merged_into_it(
    app: Flask, lan: Api, dispatcher: Api, officer: Api, house: House
) -> None:
    against = next(c.code for c in house.city.offered_categories() if c.about_officials)
    accusing = lan("POST", "/reports", json=a_submission(house, category=against)).json
    assert db.session.get_one(Report, UUID(accusing["id"])).accused_office_id == house.office_id(
        LEAD
    )
    report_id = accepted(lan, dispatcher, house)
    merged = dispatcher.step(report_id, "merge", version=2, target=accusing["id"])
    assert merged.status_code == 200, merged.json

    told = [officer("GET", f"/reports/{report_id}{tail}") for tail in ("", "/timeline")]
    known = [dispatcher("GET", f"/reports/{report_id}{tail}") for tail in ("", "/timeline")]

    assert [answer.status_code for answer in told] == [200, 200]
    assert told[0].json["lead"] is None
    for secret in (accusing["id"], accusing["code"]):
        assert not any(secret in answer.text for answer in told)
    assert known[0].json["lead"]["id"] == accusing["id"]
    assert known[1].json["items"][-1]["facts"]["target"] == accusing["id"]
    assert lan("GET", f"/reports/{report_id}").json["lead"]["id"] == accusing["id"]


def test_a_note_repeated_answers_200_and_other_words_under_its_id_are_a_conflict(
    lan: Api, dispatcher: Api, house: House
) -> None:
    path, said = f"/reports/{accepted(lan, dispatcher, house)}/notes", words()

    answers = [dispatcher("POST", path, json=said) for _ in range(2)]
    other = dispatcher("POST", path, json=said | {"text": "Khác."})

    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json == answers[1].json
    assert other.status_code == 409


def test_the_same_words_sent_twice_at_once_are_stored_once(
    server_url: str, city_template: str, tmp_path: Any
) -> None:
    with new_database(server_url, city_template, f"{city_template}_twice") as url:
        app = create_app(config_for(url, storage_url=tmp_path.as_uri()))
        with app.app_context():
            snapshot.forget()
            house = House(snapshot.current())
            report = house.submits()
            account_id = house.person("Lan").account_id
            db.session.commit()
            report_id, comment_id = report.id, uuid4()
            voices.comment(report, comment_id, "Ngập.", by=Viewer(account_id), at=house.at)

            def again() -> bool:
                with app.app_context():
                    here = db.session.get_one(Report, report_id)
                    written = voices.comment(
                        here, comment_id, "Ngập.", by=Viewer(account_id), at=house.at
                    )
                    db.session.commit()
                    return written.created

            with ThreadPoolExecutor() as pool:
                second = pool.submit(again)
                db.session.commit()
                created = second.result(timeout=20)
            assert not created
            assert db.session.query(Comment).count() == 1
            with pytest.raises(SameIdOtherStep):
                voices.comment(report, comment_id, "Khác.", by=Viewer(account_id), at=house.at)
            db.session.remove()
            db.engine.dispose()
            snapshot.forget()


def test_supporters_of_a_merged_report_rate_the_lead(
    app: Flask, lan: Api, dispatcher: Api, officer: Api, house: House
) -> None:
    lead = accepted(lan, dispatcher, house)
    minh, hoa = (Api(app, house.person(who).account_id) for who in ("Minh", "Hoa"))
    follower = accepted(minh, dispatcher, house)
    assert hoa("PUT", f"/reports/{follower}/support").status_code == 200
    dispatcher.step(follower, "merge", version=2, target=lead)
    officer.step(lead, "start", version=2)
    officer.step(lead, "resolve", version=3, outcome="explained", note="Xong.")
    passer_by = Api(app, house.person("Tú").account_id)

    answers = [who("PUT", f"/reports/{lead}/rating", json={"stars": 4}).status_code
               for who in (hoa, minh, passer_by)]  # fmt: skip

    assert answers == [200, 200, 403]


def test_a_deadline_that_rests_is_not_overdue(lan: Api, dispatcher: Api, house: House) -> None:
    asked, late = (lan("POST", "/reports", json=a_submission(house)).json["id"] for _ in range(2))
    dispatcher.step(asked, "ask", version=1, note="Ở đâu?")
    for report_id in (asked, late):
        report = db.session.get_one(Report, UUID(report_id), populate_existing=True)
        report.centre_due_at = house.at
    db.session.commit()

    overdue = dispatcher("GET", "/queue?due=overdue").json["items"]
    all_of_them = dispatcher("GET", "/queue").json["items"]

    assert [item["id"] for item in overdue] == [late]
    assert {item["id"]: item["overdue"] for item in all_of_them} == {asked: False, late: True}


def test_who_supports_a_report_that_was_hidden_may_leave(
    app: Flask, lan: Api, dispatcher: Api, house: House
) -> None:
    report_id = accepted(lan, dispatcher, house)
    path = f"/reports/{report_id}/support"
    minh, stranger = (Api(app, house.person(who).account_id) for who in ("Minh", "Hoa"))
    minh("PUT", path)
    dispatcher.step(report_id, "hide", version=2, note="Lời lẽ xúc phạm.")

    left, again, other = minh("DELETE", path), minh("DELETE", path), stranger("DELETE", path)

    assert (left.status_code, left.json) == (200, {"supporters": 0})
    assert (again.status_code, other.status_code) == (404, 404)


def test_only_those_at_work_on_a_report_speak_at_once(
    app: Flask, lan: Api, anybody: Api, dispatcher: Api, officer: Api, house: House
) -> None:
    report_id = accepted(lan, dispatcher, house)
    dispatcher.step(report_id, "join", version=2, office="so-y-te")
    joined = official(app, house, Role.OFFICER, "so-y-te")
    elsewhere = official(app, house, Role.OFFICER, "ubnd-20044")
    leader = official(app, house, Role.LEADER)

    published = [
        who("POST", f"/reports/{report_id}/comments", json=words()).json["published"]
        for who in (officer, joined, dispatcher, elsewhere, leader, lan)
    ]
    told = [entry["office"]["id"] for entry in
            anybody("GET", f"/reports/{report_id}/timeline").json["items"]
            if entry["kind"] == "comment"]  # fmt: skip

    assert published == [True, True, True, False, False, False]
    assert told == [LEAD, "so-y-te", house.city.centre.code]


def test_an_anonymous_session_takes_part_in_its_own_report_alone(
    app: Flask, lan: Api, dispatcher: Api, officer: Api, house: House
) -> None:
    phone = Api(app, None, "en")
    token = phone("POST", "/auth/guest", json={"anonymous": True}).json["token"]
    phone.headers["Authorization"] = f"Bearer {token}"
    own = phone("POST", "/reports", json=a_submission(house, identity="anonymous")).json["id"]
    other = resolved(lan, dispatcher, officer, house, "Xong.")
    refused = [
        phone("PUT", f"/reports/{other}/support"),
        phone("POST", f"/reports/{other}/comments", json=words()),
        phone("PUT", f"/reports/{other}/rating", json={"stars": 1}),
    ]

    assert [answer.status_code for answer in refused] == [403] * 3
    assert {answer.json["type"] for answer in refused} == {"/problems/anonymous-elsewhere"}
    assert phone("POST", f"/reports/{own}/comments", json=words()).status_code == 201


@pytest.mark.parametrize("other", ["bbox=107,16,108,17", "after=abc"])
def test_a_list_around_a_point_refuses_what_it_would_ignore(anybody: Api, other: str) -> None:
    lat, lng = TRUONG_TIEN

    answer = anybody("GET", f"/reports?near={lat},{lng}&{other}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [other.partition("=")[0]]


def test_the_tag_of_a_picture_does_not_tell_which_file_was_sent(
    app: Flask, lan: Api, house: House
) -> None:
    import io

    from PIL import Image

    picture, photo_id = io.BytesIO(), uuid4()
    Image.new("RGB", (40, 30), "teal").save(picture, "JPEG")
    assert lan("PUT", f"/photos/{photo_id}", data=picture.getvalue()).status_code == 201
    sent = db.session.get_one(Photo, photo_id).sha256.hex()

    tags = [lan("GET", f"/photos/{photo_id}{size}.jpg").headers["ETag"].strip('"')
            for size in ("", "-400")]  # fmt: skip
    unchanged = lan("GET", f"/photos/{photo_id}.jpg", headers={"If-None-Match": f'"{tags[0]}"'})

    assert len(set(tags)) == 2
    assert not any(sent.startswith(tag) for tag in tags)
    assert unchanged.status_code == 304
