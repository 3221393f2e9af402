"""What browsers and proxies may keep, and under which address."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import brotli
import pytest
from flask.testing import FlaskClient


def addresses(client: FlaskClient) -> list[str]:
    """Return the addresses with a version on a listing's page."""
    text = client.get("/en/attractions/tianjin-eye/").text
    return sorted(set(re.findall(r'"(/(?:static|media)/[^"#]+\?v=\w+)', text)))


def test_what_has_its_version_in_its_address_is_kept_for_good(client: FlaskClient) -> None:
    found = addresses(client)
    assert any("/media/" in address for address in found)
    for address in found:
        policy = client.get(address).headers["Cache-Control"]
        assert "immutable" in policy, address
        assert "no-cache" not in policy, address


def test_an_answer_that_it_did_not_change_may_be_kept_as_long(client: FlaskClient) -> None:
    for address in addresses(client):
        etag = client.get(address).headers["ETag"]
        again = client.get(address, headers={"If-None-Match": etag})
        assert again.status_code == 304
        assert "immutable" in again.headers["Cache-Control"], address


@pytest.mark.parametrize("version", ["", "?v=", "?v=0000000000"])
@pytest.mark.parametrize("file", ["/static/css/portal.css", "/media/attractions/tianjin-eye/tianjin-eye.svg"])
def test_another_version_than_the_present_one_is_not_kept(client: FlaskClient, file: str, version: str) -> None:
    """Else a browser that asks while two versions are served keeps the old one under the new one's address."""
    policy = client.get(f"{file}{version}").headers["Cache-Control"]
    assert "no-cache" in policy
    assert "immutable" not in policy


def test_an_answer_of_the_api_tells_that_it_depends_on_the_readers_language(client: FlaskClient) -> None:
    negotiated = client.get("/api/v1/search?q=eye", headers={"Accept-Language": "th"})
    assert {"Accept-Language", "Cookie"} <= set(negotiated.vary)
    assert not client.get("/api/v1/search?q=eye&lang=th").vary


@pytest.mark.parametrize(("accepts", "decode"), [("gzip, br", brotli.decompress), ("gzip", gzip.decompress)])
def test_style_sheets_scripts_and_drawings_go_compressed(
    client: FlaskClient, accepts: str, decode: Callable[[bytes], bytes]
) -> None:
    texts = [address for address in addresses(client) if re.search(r"\.(css|js|svg)\?", address)]
    assert {address.partition("?")[0].rpartition(".")[2] for address in texts} == {"css", "js", "svg"}
    for address in texts:
        plain = client.get(address)
        for answer in (client.get(address, headers={"Accept-Encoding": accepts}) for _ in range(2)):
            assert answer.headers["Content-Encoding"], address
            assert decode(answer.data) == plain.data
            assert answer.headers["ETag"] == plain.headers["ETag"]
            assert answer.headers["ETag"].startswith("W/")


def test_pictures_that_are_compressed_already_are_sent_as_they_are(client: FlaskClient) -> None:
    icon = next(address for address in addresses(client) if ".png" in address)
    answer = client.get(icon, headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in answer.headers


def test_a_version_with_anything_beside_it_does_not_fill_the_memory(client: FlaskClient) -> None:
    sheet = next(address for address in addresses(client) if ".css" in address)
    assert "Content-Encoding" not in client.get(f"{sheet}&x=1", headers={"Accept-Encoding": "br"}).headers
