"""Bad input over HTTP: a 4xx, a problem, a sentence in both languages, the field at fault."""

from typing import Any

import pytest
from flask.testing import FlaskClient

GOOD: dict[str, Any] = {
    "id": "6f1e8a52-7c1d-4d7e-9a55-0c8f1b9f3a10",
    "category": "drain",
    "description": "Cống tắc",
    "lat": 16.4637,
    "lng": 107.5909,
}


def send(client: FlaskClient, changes: dict[str, Any], language: str = "en") -> Any:
    body = {name: value for name, value in (GOOD | changes).items() if value is not ...}
    return client.post("/api/v1/reports", json=body, headers={"Accept-Language": language})


def test_good_input_is_taken_and_normalised(client: FlaskClient) -> None:
    answer = send(client, {"note": " cạnh\nsố 5 ", "captured_at": "2026-11-21T07:30:00+07:00"})

    assert answer.status_code == 201
    assert answer.json["note"] == "cạnh số 5"
    assert answer.json["captured_at"] == "2026-11-21T00:30:00+00:00"


WRONG_FIELDS = [
    ({"id": ...}, "id", "This is missing. Fill it in.", "Thiếu mục này. Hãy điền vào."),
    ({"id": "x"}, "id", "Send a UUID, such as", "Cần một UUID, ví dụ"),
    ({"id": None}, "id", "This may not be null.", "Không được để null."),
    ({"category": "dragon"}, "category", "Choose one of: drain, light.", "Chỉ nhận một trong:"),
    ({"description": 5}, "description", "Send text here", "Cần một đoạn chữ"),
    ({"description": "x" * 2001}, "description", "Too long: at most 2000", "Quá dài: nhiều nhất"),
    ({"note": "ab"}, "note", "The length must be from 3 to 40", "Độ dài phải từ 3 đến 40"),
    ({"lat": "north"}, "lat", "Send a number here.", "Cần một con số."),
    ({"lat": True}, "lat", "Send a number here.", "Cần một con số."),
    ({"lat": 107.59, "lng": 16.46}, "lat", "Send a number from -90 to 90.", "từ -90 đến 90."),
    ({"lat": 1e308}, "lat", "Send a number from -90 to 90.", "từ -90 đến 90."),
    ({"lat": "nan"}, "lat", "Send a number here.", "Cần một con số."),
    ({"stars": 6}, "stars", "Send a number from 1 to 5.", "Cần một số từ 1 đến 5."),
    ({"stars": 1.5}, "stars", "Send a whole number here.", "Cần một số nguyên."),
    ({"urgent": "perhaps"}, "urgent", "Send true or false.", "Chỉ nhận true hoặc false."),
    ({"captured_at": "yesterday"}, "captured_at", "Send a moment with its zone", "Cần thời điểm"),
    ({"captured_at": "2026-11-21T07:30:00"}, "captured_at", "with its zone", "có múi giờ"),
    ({"captured_at": "0001-01-01T00:00:00+14:00"}, "captured_at", "with its zone", "múi giờ"),
    ({"until": "21/11/2026"}, "until", "Send a date, such as 2026-11-21.", "Cần một ngày"),
    ({"photos": "x"}, "photos", "Send a list", "Cần một danh sách"),
    ({"photos": [GOOD["id"], "x"]}, "photos/1", "Send a UUID", "Cần một UUID"),
    ({"photos": [GOOD["id"]] * 13}, "photos", "Too long: at most 12", "Quá dài: nhiều nhất 12"),
    ({"answers": [1]}, "answers", "Send a JSON object", "Cần một đối tượng JSON"),
    ({"catgory": "drain"}, "catgory", "There is no field of this name", "Không có mục nào tên"),
]


@pytest.mark.parametrize(("changes", "field", "en", "vi"), WRONG_FIELDS)
def test_a_wrong_field_is_told_with_what_to_do(
    client: FlaskClient, changes: dict[str, Any], field: str, en: str, vi: str
) -> None:
    for language, sentence in (("en", en), ("vi", vi)):
        answer = send(client, changes, language)

        assert answer.status_code == 422
        assert answer.content_type == "application/problem+json"
        assert answer.headers["Content-Language"] == language
        assert answer.json["type"] == "/problems/invalid"
        assert [e["field"] for e in answer.json["errors"]] == [field]
        assert sentence in answer.json["errors"][0]["detail"]


def test_all_wrong_fields_are_told_at_once(client: FlaskClient) -> None:
    answer = send(client, {"id": ..., "lat": "x", "extra": 1})

    assert {error["field"] for error in answer.json["errors"]} == {"id", "lat", "extra"}


MALFORMED = [
    (b"{", 400, "not-json", "not valid JSON", "không phải JSON hợp lệ"),
    (b'{"lat": NaN}', 400, "bad-number", "This number cannot be used", "Con số này không"),
    (b'{"lat": 1e999}', 400, "bad-number", "send a finite one", "cần số hữu hạn"),
    (b'{"description": "a\\u0000b"}', 400, "bad-character", "holds a NUL", "ký tự NUL"),
    (b'{"description": "\\ud800"}', 400, "bad-character", "half of a character", "bị hỏng"),
    (b'{"lat": 1, "lat": 2}', 400, "repeated-name", "stands twice", "có hai lần"),
    (b"[" * 50_000, 400, "too-deep", "more than 20 levels", "quá 20 tầng"),
    (b"[1, 2]", 422, "invalid", "see the details", "xem chi tiết"),
    (b'"text"', 422, "invalid", "see the details", "xem chi tiết"),
    (b"null", 422, "invalid", "see the details", "xem chi tiết"),
    (b"x" * (4 * 1024 * 1024), 413, "too-large", "at most 1048576 bytes", "nhiều nhất 1048576"),
    (
        b'{"description": "' + "ngập ".encode() * 200_000 + b'"}',
        413,
        "too-large",
        "at most 1048576 bytes",
        "nhiều nhất 1048576 byte",
    ),
]


@pytest.mark.parametrize(("body", "status", "code", "en", "vi"), MALFORMED)
def test_a_malformed_body_is_a_4xx_with_a_sentence(
    client: FlaskClient, body: bytes, status: int, code: str, en: str, vi: str
) -> None:
    for language, sentence in (("en", en), ("vi", vi)):
        answer = client.post(
            "/api/v1/reports",
            data=body,
            content_type="application/json",
            headers={"Accept-Language": language},
        )

        assert answer.status_code == status
        assert answer.content_type == "application/problem+json"
        assert answer.json["type"] == f"/problems/{code}"
        assert sentence in answer.json["detail"]


def test_another_kind_of_content_is_415_and_told_what_is_taken(client: FlaskClient) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        answer = client.post(
            "/api/v1/reports",
            data=b'{"id": 1}',
            content_type=kind,
            headers={"Accept-Language": "en"},
        )

        assert answer.status_code == 415
        assert answer.json["accepted"] == "application/json"
        assert answer.json["detail"].startswith("Send this as application/json, not as")


def test_json_in_another_charset_is_415(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/reports", data=b"{}", content_type="application/json; charset=utf-16"
    )

    assert answer.status_code == 415


def test_no_body_at_all_tells_what_is_missing(client: FlaskClient) -> None:
    answer = client.post("/api/v1/reports")

    assert answer.status_code == 422
    assert "id" in {error["field"] for error in answer.json["errors"]}


def test_a_view_that_reads_json_itself_is_as_strict(client: FlaskClient) -> None:
    answer = client.post("/api/v1/own-json", json={"a": 1})
    refused = client.post(
        "/api/v1/own-json", data=b'{"a": 1, "a": 2}', content_type="application/json"
    )

    assert answer.json == {"a": 1}
    assert refused.status_code == 400
    assert refused.json["type"] == "/problems/repeated-name"


def test_a_body_without_announced_length_is_bounded_too(client: FlaskClient) -> None:
    from io import BytesIO

    answer = client.post(
        "/api/v1/reports",
        input_stream=BytesIO(b"[" + b"1," * 2_000_000),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert answer.status_code == 413
    assert answer.json["most_bytes"] == 1024 * 1024


def test_a_view_may_take_larger_bodies(client: FlaskClient) -> None:
    path = f"/api/v1/photos/{GOOD['id']}"

    taken = client.put(path, data=b"x" * (3 * 1024 * 1024))
    refused = client.put(path, data=b"x" * (4 * 1024 * 1024 + 1))

    assert taken.json == {"bytes": 3 * 1024 * 1024}
    assert refused.status_code == 413
    assert refused.json["most_bytes"] == 4 * 1024 * 1024


QUERIES = [
    ("/api/v1/reports?statsu=x", "statsu", "unknown-parameter"),
    ("/api/v1/hot?statsu=x", "statsu", "unknown-parameter"),
    ("/api/v1/hot?limit=1&limit=2", "limit", "repeated-parameter"),
    ("/api/v1/reports?limit=1&limit=2", "limit", "repeated-parameter"),
    (f"/api/v1/reports/{GOOD['id']}?fields=id", "fields", "unknown-parameter"),
    ("/api/v1/reports?limit=0", "limit", "invalid"),
    ("/api/v1/reports?limit=many", "limit", "invalid"),
    ("/api/v1/reports?limit=", "limit", "invalid"),
]


@pytest.mark.parametrize(("path", "field", "code"), QUERIES)
def test_a_wrong_query_is_told_at_its_parameter(
    client: FlaskClient, path: str, field: str, code: str
) -> None:
    answer = client.get(path)

    assert answer.status_code == 422
    assert answer.json["type"] == f"/problems/{code}"
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_a_list_parameter_may_stand_several_times(client: FlaskClient) -> None:
    assert client.get("/api/v1/reports?status=a&status=b&limit=5").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/api/v1/hot?q=a%00b", "/api/v1/hot?a%00b=1", "/api/v1/wrong/a%00b", "/api/v1/a%00b"],
)
def test_nul_in_an_address_is_400(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 400
    assert answer.json["type"] == "/problems/bad-character-in-address"


def test_bytes_that_are_no_text_in_an_address_are_survived(client: FlaskClient) -> None:
    assert client.get("/api/v1/hot?q=%ff%fe%ed%a0%80").status_code == 200
    assert client.get("/api/v1/reports/%ff%fe").status_code == 404
