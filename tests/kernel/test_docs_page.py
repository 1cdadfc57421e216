"""`/api/docs` in a real Chromium: offline, under its policy, operations drawn and tried out."""

import threading
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from waitress.server import create_server

from tests.kernel.conftest import kernel_house


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = create_server(kernel_house(), host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context() as context:
        yield context.new_page()


def test_the_page_draws_the_operations_offline_and_breaks_no_policy(
    page: Page, address: str
) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{address}/api/docs")
    expect(page.locator(".opblock-summary-path").first).to_be_visible()
    page.locator("#operations-sample-sample_submit").click()
    expect(page.locator("#operations-sample-sample_submit .responses-table").first).to_be_visible()

    drawn = page.locator(".opblock").count()
    assert drawn >= 10
    assert complaints == []
    assert all(url.startswith((address, "data:")) for url in asked), asked


def test_an_operation_can_be_tried_from_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/api/docs")
    operation = page.locator("#operations-sample-sample_hot")
    operation.click()
    operation.get_by_role("button", name="Execute").click()

    expect(operation.locator(".live-responses-table .response-col_status").last).to_contain_text(
        "200"
    )


def test_the_page_forbids_inline_scripts_and_serves_named_files_alone(client: FlaskClient) -> None:
    with client.get("/api/docs") as page:
        policy = page.headers["Content-Security-Policy"]
        assert page.content_type.startswith("text/html")
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    for name in ("index.html", "..%2fdocs.py", "swagger-ui.js", "start.js%00"):
        with client.get(f"/api/docs/{name}") as answer:
            assert answer.status_code in {400, 404}
    with client.get("/api/docs/start.js") as script:
        assert "javascript" in script.content_type
        assert script.status_code == 200
