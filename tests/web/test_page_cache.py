"""Kept pages: the same bytes, compressed on request, fresh after a publish, never another reader's."""

from __future__ import annotations

import gzip
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from flask import request
from flask.testing import FlaskClient

from portal.app import create_app
from portal.config import ROOT, Settings
from portal.services import Services

PAGE = "/th/attractions/tianjin-eye/"


@pytest.fixture
def renderings(client: FlaskClient) -> list[str]:
    """The addresses the application was asked for: what was answered from the cache is not here."""
    asked: list[str] = []
    client.application.before_request(lambda: asked.append(request.full_path))
    return asked


def test_a_page_is_made_once(client: FlaskClient, renderings: list[str]) -> None:
    first, second = client.get(PAGE), client.get(PAGE)
    assert first.data == second.data
    assert len(renderings) == 1
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    for name in ("Content-Security-Policy", "Content-Type", "ETag", "Cache-Control", "Vary"):
        assert first.headers[name] == second.headers[name]


def test_each_language_has_a_page_of_its_own(client: FlaskClient) -> None:
    pages = {client.get(PAGE.replace("/th/", f"/{language}/")).data for language in ("th", "en", "ar", "zh-hans")}
    assert len(pages) == 4


@pytest.mark.parametrize(
    ("accepts", "coding"), [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", None), ("zstd", None)]
)
def test_a_browser_gets_a_coding_it_takes(client: FlaskClient, accepts: str, coding: str | None) -> None:
    plain = client.get(PAGE, headers={"Accept-Encoding": "identity"}).data
    answer = client.get(PAGE, headers={"Accept-Encoding": accepts})
    assert answer.headers.get("Content-Encoding") == coding
    decode = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    assert decode(answer.data) == plain
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_page_the_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get(PAGE).headers["ETag"]
    for _ in range(2):
        answer = client.get(PAGE, headers={"If-None-Match": etag, "Accept-Encoding": "br"})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == etag
    assert client.get(PAGE, headers={"If-None-Match": '"another"'}).status_code == 200


def test_the_proxy_may_keep_a_page_until_the_present_second_ends_and_nothing_else(client: FlaskClient) -> None:
    etag = client.get(PAGE).headers["ETag"]
    for headers in ({}, {"If-None-Match": etag}):
        until = client.get(PAGE, headers=headers).headers["X-Accel-Expires"]
        assert abs(int(until.removeprefix("@")) - time.time()) < 2
    for path in ("/", "/th/search?q=a", "/api/v1/search", "/th/book/haihe-cruise-day/", "/th/nothing", "/readyz"):
        assert "X-Accel-Expires" not in client.get(path).headers


def test_head_has_the_headers_and_no_body(client: FlaskClient) -> None:
    for _ in range(2):
        answer = client.head(PAGE)
        assert (answer.status_code, answer.data) == (200, b"")
        client.get(PAGE)


@pytest.mark.parametrize("path", ["/", "/th/search?q=a", "/api/v1/search", "/th/book/haihe-cruise-day/", "/th/nothing"])
def test_what_depends_on_the_reader_or_the_moment_is_made_anew(
    client: FlaskClient, renderings: list[str], path: str
) -> None:
    for _ in range(2):
        client.get(path)
    assert len(renderings) == 2


def test_parameters_nobody_asked_for_do_not_fill_the_cache(client: FlaskClient, renderings: list[str]) -> None:
    for _ in range(2):
        client.get(f"{PAGE}?utm_source=x")
    assert len(renderings) == 2


@pytest.fixture
def edited(settings: Settings, tmp_path: Path) -> Iterator[Services]:
    """Services on a copy of the content that a test may edit."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    services = Services(replace(settings, content=content))
    services.intake().refresh()
    yield services
    services.close()


def test_a_publish_shows_with_the_next_request(edited: Services) -> None:
    client = create_app(edited).test_client()
    assert "เทียนจินอาย" in client.get(PAGE).text
    file = edited.settings.content / "attractions/tianjin-eye/th.md"
    file.write_text(file.read_text("utf-8").replace("name: เทียนจินอาย", "name: วงล้อ"), "utf-8")
    edited.intake().refresh()
    assert "วงล้อ" in client.get(PAGE).text
