from __future__ import annotations

import json
from dataclasses import replace

from flask.testing import FlaskClient

from portal.app import create_app
from portal.config import Settings
from portal.services import Services
from tests.web.pages import read


def test_every_answer_keeps_to_itself(client: FlaskClient) -> None:
    for path in ("/en/", "/en/nothing", "/healthz", "/api/v1/search", "/static/css/portal.css", "/robots.txt"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in policy


def test_a_picture_opened_by_itself_can_run_nothing(client: FlaskClient) -> None:
    headers = client.get("/media/attractions/tianjin-eye/tianjin-eye.svg").headers
    assert headers["Content-Type"].startswith("image/svg+xml")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in headers["Content-Security-Policy"]


def test_only_pictures_that_a_listing_names_are_served(client: FlaskClient) -> None:
    for path in ("tianjin-eye/listing.yaml", "tianjin-eye/../../../site.yaml", "tianjin-eye/%2e%2e/x.svg"):
        assert client.get(f"/media/attractions/{path}").status_code == 404


def test_a_form_without_its_token_is_refused(client: FlaskClient) -> None:
    answer = client.post("/en/book/haihe-cruise-day/", data={"name": "x"})
    assert answer.status_code == 400
    assert "expired" in answer.text


def test_cookies_are_secure_over_https(settings: Settings) -> None:
    services = Services(
        Settings(
            content=settings.content,
            state=settings.state,
            database_url=settings.database_url,
            secret_key="x" * 32,
            base_url="https://tianjin.example",
        )
    )
    client = create_app(services).test_client()
    answer = client.get("/en/book/haihe-cruise-day/", base_url="https://tianjin.example")
    cookie = answer.headers["Set-Cookie"]
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert attribute in cookie
    assert answer.headers["Strict-Transport-Security"]
    assert "private" in answer.headers["Cache-Control"]
    services.close()


def test_a_page_says_nothing_of_what_a_query_holds(client: FlaskClient) -> None:
    hostile = '"><script>alert(1)</script>'
    answer = client.get("/en/search", query_string={"q": hostile})
    assert "<script>alert" not in answer.text
    assert read(answer.text).fields["q"] == hostile


def test_structured_data_cannot_end_its_script(client: FlaskClient) -> None:
    text = client.get("/en/dining/goubuli/").text
    block = text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert "<" not in block
    json.loads(block)


def test_a_form_is_taken_over_https_from_the_page_that_shows_it(settings: Settings) -> None:
    """Over https a form must say which page it comes from, so that page may not forbid its browser to say it."""
    services = Services(replace(settings, base_url="https://tianjin.example"))
    client = create_app(services).test_client()
    address = "https://tianjin.example/en/book/haihe-cruise-day/"
    page = client.get(address)
    assert page.headers["Referrer-Policy"] == "same-origin"
    form = {**read(page.text).fields, "slot": ""}
    assert client.post(address, data=form, headers={"Referer": address}).status_code == 422
    services.close()
