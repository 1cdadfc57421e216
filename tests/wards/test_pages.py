"""What residents read of the city and of their ward, from what was published."""

import re
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.figures.public.conftest import APRIL
from tests.wards.conftest import AFAR, ALONE, HERE, TOTAL, WITH_IT
from web.wards.reading import Figures
from web.wards.sentences import Story, told

VI, EN = {"Accept-Language": "vi"}, {"Accept-Language": "en"}
MINUS = "–"


def read(client: FlaskClient, path: str, headers: dict[str, str] = VI) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text[:500]
    return str(answer.text)


def words(html: str) -> str:
    """What is read, without marks: on one line."""
    text = re.sub(r"<(svg|title|script|head)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())


def rows(html: str, table: str) -> dict[str, list[str]]:
    """A table's rows by their head: the section's id, such as `by-ward`."""
    part = html[html.index(f'id="{table}"') :]
    found = re.findall(
        r"<tr[^>]*><th scope=\"row\">(.*?)</th>(.*?)</tr>", part[: part.index("</table>")]
    )
    return {
        words(head): [words(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells)]
        for head, cells in found
    }


def test_a_ward_is_told_in_sentences(client: FlaskClient) -> None:
    said = words(read(client, f"/figures/{HERE}"))

    assert (
        "Tháng 3/2026, người dân gửi 34 phản ánh về những việc ở phường Thuận Hóa; tháng trước là"
        " ít nhất 12." in said
    )
    assert "Trong số phản ánh công khai, 80% được trả lời đúng hạn" in said
    assert "một nửa có kết quả trong vòng 1 ngày làm việc" in said
    assert "trong số phản ánh công khai, 25 đã có kết quả." in said
    assert "Trong 15 lượt chấm điểm, khoảng 67% là hài lòng (4 hoặc 5 sao)." in said


def test_how_many_were_refused_is_said_apart_since_it_is_about_so_many_of_all() -> None:
    nothing = dict.fromkeys(("not_public", "on_time", "median_h", "satisfied", "ratings"))
    city = Figures(
        "", "Huế", 90, at_least=False, public=60, resolved=40, open=15, rejected=20, **nothing
    )
    story = Story(date(2026, 3, 1), "Huế", city, None, None, [], APRIL, "Asia/Ho_Chi_Minh")

    said = " ".join(sentence.striptags() for sentence in told(story))

    assert "trong số phản ánh công khai, 40 đã có kết quả, 15 đang xử lý. Khoảng 20" in said
    assert "Khoảng 20 phản ánh không được tiếp nhận." in said


def test_what_most_were_about_is_counted_as_in_the_table_beside(client: FlaskClient) -> None:
    """Of the ward the public ones; of the city all, or the least that they can be."""
    of_ward, of_city = (read(client, f"/figures{path}") for path in (f"/{HERE}", ""))

    assert re.search(
        r"Trong số phản ánh công khai, nhiều nhất là [^(]+ \(20\); rác thải, vệ sinh \(5\)\.",
        words(of_ward),
    )
    told = re.search(r"Nhiều nhất là (.*?)\. ", words(of_city))
    assert told
    in_table = {name.lower(): cells[0] for name, cells in rows(of_city, "by-kind").items()}
    for kind in told[1].split("; "):
        name, count = kind.removesuffix(")").split(" (")
        assert count == in_table[name].replace("≥", "")
    assert "(ít nhất " in told[1]


def test_it_is_told_in_english_too(client: FlaskClient) -> None:
    said = words(read(client, f"/figures/{HERE}", EN))

    assert (
        "In March 2026, people sent 34 reports about Thuan Hoa Ward; the month before it was at"
        " least 12." in said
    )
    assert "Of the public reports, 80% were answered on time" in said
    assert not re.search("[ạảấầẩậắằặẹẻẽếềệọỏốồổộớờợụủứừửựỳỵ]", said.replace("Tiếng Việt", ""))


def test_of_a_ward_with_too_few_reports_no_number_is_told(client: FlaskClient) -> None:
    for code, name in ((ALONE, "phường Phú Xuân"), (WITH_IT, "phường Vỹ Dạ")):
        html = read(client, f"/figures/{code}")

        assert f"Tháng 3/2026, phản ánh ở {name} quá ít để nêu riêng (hoặc không có)" in words(html)
        assert rows(html, "months")["3/2026"] == [MINUS, MINUS, MINUS]
        assert "<svg viewBox" not in html and 'id="by-kind"' not in html


def test_a_ward_without_reports_looks_like_one_with_a_single_one(client: FlaskClient) -> None:
    lonely, none = (read(client, f"/figures/{code}") for code in (ALONE, "19774"))

    assert words(lonely).replace("Phú Xuân", "*") == words(none).replace("Kim Long", "*")


def test_the_table_of_wards_adds_up_to_the_city(client: FlaskClient) -> None:
    html = read(client, "/figures")

    by_ward = rows(html, "by-ward")
    whole = by_ward.pop("Cả thành phố")
    assert whole[0] == str(TOTAL)
    assert sum(int(re.sub(r"\D", "", cells[0])) for cells in by_ward.values()) == TOTAL
    assert by_ward["Phường Thuận Hóa"] == ["34", "80%", "1"]
    assert by_ward["Xã A Lưới 2"][0] == "≥ít nhất 12"
    assert by_ward["Những nơi còn lại"][0] == "7"


def test_the_page_and_the_api_tell_the_same(client: FlaskClient) -> None:
    answer: Any = client.get("/api/v1/indicators?by=area", headers=VI).json
    by_ward = rows(read(client, "/figures"), "by-ward")

    for group in answer["groups"]:
        if group["code"] != "rest":
            known = [group["sums"][name] or 0 for name in ("published", "not_public")]
            assert int(re.sub(r"\D", "", by_ward[group["name"]][0])) == sum(known)
    assert answer["total"]["sums"]["received"] == TOTAL


def test_a_wards_categories_count_the_reports_that_anyone_may_read(client: FlaskClient) -> None:
    html = read(client, f"/figures/{HERE}")

    kinds = rows(html, "by-kind")
    assert sorted(int(cells[0]) for cells in kinds.values()) == [5, 20]
    assert kinds["Rác thải, vệ sinh"] == ["5"]
    assert "Thủ tục hành chính" not in kinds  # a private matter
    assert "Chỉ kể 25 phản ánh mà ai cũng đọc được." in words(html)


def test_an_earlier_month_is_a_link_away(client: FlaskClient) -> None:
    assert f'href="/figures/{HERE}?month=2026-02" rel="prev"' in read(client, f"/figures/{HERE}")

    february = read(client, f"/figures/{HERE}?month=2026-02")

    assert "Tháng 2/2026, người dân gửi ít nhất 12 phản ánh" in words(february)
    assert f'href="/figures/{HERE}?month=2026-03" rel="next"' in february
    assert list(rows(february, "months")) == ["2/2026"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/figures/99999", "không có phường, xã nào mang mã “99999”"),
        ("/figures/thuan-hoa", "không có phường, xã nào mang mã “thuan-hoa”"),
        ("/figures?month=2019-01", "Tháng này chưa công bố, hoặc không có."),
        (f"/figures/{HERE}?month=october", "Tháng này chưa công bố, hoặc không có."),
    ],
)
def test_what_is_not_there_is_said_in_words_and_leads_on(
    client: FlaskClient, path: str, said: str
) -> None:
    answer = client.get(path, headers=VI)

    assert answer.status_code == 404
    assert said in words(answer.text)
    assert 'name="q"' in answer.text and "Thuận Hóa" in answer.text
    assert ("/figures?month=2026-03" in answer.text) is ("month" in path)


@pytest.mark.parametrize("typed", ["Vỹ Dạ", "vy da", "P. Vỹ Dạ", "Phường Thủy Vân"])
def test_a_name_that_means_one_ward_leads_to_it(client: FlaskClient, typed: str) -> None:
    answer = client.get("/figures", query_string={"q": typed}, headers=VI)

    assert (answer.status_code, answer.location) == (302, "/figures/19777")


def test_a_name_that_may_mean_several_lists_them(client: FlaskClient) -> None:
    html = read(client, "/figures?q=phu")

    found = html[html.index('class="found"') :]
    assert "Phường Phú Xuân" in found[: found.index("</ul>")]
    assert "trước là Phường Phú Hội" in words(found[: found.index("</ul>")])


def test_a_name_that_nobody_knows_is_said_back_as_text(client: FlaskClient) -> None:
    html = read(client, "/figures?q=<script>alert(1)</script>")

    assert "<script>alert" not in html
    assert "Không có phường, xã nào tên “<script>alert(1)</script>”." in unescape(html)


def test_before_anything_is_published_it_says_when_it_will_be(empty_house: Flask) -> None:
    client = empty_house.test_client(use_cookies=False)

    for path in ("/figures", f"/figures/{HERE}"):
        said = words(read(client, path))

        assert "Chưa có tháng nào được công bố" in said
        assert re.search(r"Số liệu tháng \d+/\d{4} sẽ có ở đây từ ngày 5/\d+/\d{4}\.", said)


def test_caches_may_keep_a_page_and_no_cookie_is_set(client: FlaskClient) -> None:
    first = client.get("/figures?lang=en", headers=VI)

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert {"Accept-Language", "Accept-Encoding", "Cookie"} <= set(first.vary)
    assert "Set-Cookie" not in first.headers
    again = client.get("/figures?lang=en", headers=VI | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/figures", headers=VI).headers["ETag"] != first.headers["ETag"]


def test_a_language_that_the_address_names_goes_along(client: FlaskClient) -> None:
    html = read(client, "/figures?lang=en")

    assert '<html lang="en">' in html
    inside = [to for to in re.findall(r'href="(/figures[^"]*)"', html) if "lang=vi" not in to]
    assert inside and all("lang=en" in to for to in inside)
    assert '<input type="hidden" name="lang" value="en">' in html


def test_a_page_comes_compressed_to_whoever_takes_it(client: FlaskClient) -> None:
    plain = client.get("/figures", headers=VI)
    small = client.get("/figures", headers=VI | {"Accept-Encoding": "gzip"})

    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(plain.data) / 2


def test_no_script_and_no_style_stand_in_the_page(client: FlaskClient) -> None:
    for path in ("/figures", f"/figures/{HERE}", f"/figures/{ALONE}"):
        answer = client.get(path, headers=VI)

        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        parser = Inline()
        parser.feed(answer.text)
        assert parser.found == []


class Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        bad = [name for name in names if name == "style" or name.startswith("on")]
        if bad or tag == "style" or (tag == "script" and not names.get("src")):
            self.found.append(f"{tag} {bad}")


def test_every_file_of_open_data_that_it_names_is_there(client: FlaskClient) -> None:
    files = re.findall(r'href="(/api/v1/open-data/[^"]+)"', read(client, "/figures"))

    assert len(files) == 7
    assert all(f"/{code}" in file for code in ("2026-03",) for file in files)
    for file in files:
        assert client.get(file, headers=VI).status_code == 200, file


def test_somewhere_far_is_told_like_somewhere_near(client: FlaskClient) -> None:
    said = words(read(client, f"/figures/{AFAR}"))

    assert "người dân gửi ít nhất 12 phản ánh về những việc ở xã A Lưới 2" in said
    assert "Còn quá ít phản ánh được trả lời để nêu tỷ lệ đúng hạn và thời gian trả lời." in said


def test_a_hexagon_says_at_least_so_many_and_a_blank_one_is_not_called_empty(
    client: FlaskClient,
) -> None:
    city, ward = read(client, "/figures"), read(client, f"/figures/{HERE}")

    for page in (city, ward):
        titles = re.findall(r"<title>([^<]*phản ánh)</title>", page)
        assert titles and all(title.startswith("ít nhất ") for title in titles)
        assert "ô để trống vẫn có thể có phản ánh" in words(page)
    elsewhere = client.get("/api/v1/heatmap?resolution=7").json["elsewhere"]
    assert elsewhere > 0
    assert f"{elsewhere} phản ánh khác không nêu được vị trí ở cỡ ô này" in words(city)


def test_what_is_received_is_not_said_to_be_the_sum_of_what_the_page_shows(
    client: FlaskClient,
) -> None:
    for path in ("/figures", f"/figures/{HERE}"):
        said = words(read(client, path))

        assert "Cộng lại bằng đúng" not in said
        assert "cộng lại không nhất thiết bằng số này" in said
