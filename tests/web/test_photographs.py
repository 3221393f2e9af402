"""Photographs in several sizes and formats, made once, without what a camera wrote into them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from PIL import Image

from portal.config import Settings
from portal.pictures import renditions
from portal.services import Services
from tests import sample_content

PAGE = "/en/attractions/wheel/"


@pytest.fixture
def services(settings: Settings, tmp_path: Path) -> Iterator[Services]:
    """The sample's wheel with a photograph of 1500 × 1000 pixels that says where it was taken."""
    content = sample_content.write(tmp_path / "content")
    folder = content / "attractions" / "wheel"
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (39.0, 9.0, 11.0)}  # GPS
    Image.linear_gradient("L").resize((1500, 1000)).convert("RGB").save(folder / "wheel.jpg", exif=exif)
    for file in (folder / "listing.yaml", folder / "zh-Hans.md", folder / "en.md"):
        file.write_text(
            file.read_text()
            .replace("wheel.svg", "wheel.jpg")
            .replace("width: 1200, height: 800", "width: 1500, height: 1000")
        )
    services = Services(replace(settings, content=content, state=tmp_path / "other"))
    assert services.compiler().compile().problems == ()
    yield services
    services.close()


def sets(client: FlaskClient) -> dict[str, list[str]]:
    """Return the addresses of each format on the page."""
    soup = BeautifulSoup(client.get(PAGE).text, "html.parser")
    found = soup.select(".listing-picture source")
    return {str(source["type"]): [part.split()[0] for part in str(source["srcset"]).split(", ")] for source in found}


def test_a_page_offers_every_format_in_every_width(client: FlaskClient) -> None:
    found = sets(client)
    assert list(found) == ["image/avif", "image/webp", "image/jpeg"]
    for media_type, addresses in found.items():
        sizes = []
        for address in addresses:
            answer = client.get(address)
            assert answer.mimetype == media_type
            assert "immutable" in answer.headers["Cache-Control"]
            with Image.open(io.BytesIO(answer.data)) as image:
                sizes.append(image.size)
                assert not image.getexif()
        assert sizes == [(320, 213), (640, 427), (960, 640), (1280, 853), (1500, 1000)]


def test_a_page_has_room_for_its_picture_and_says_whose_it_is(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get(PAGE).text, "html.parser")
    image = soup.select_one(".listing-picture img")
    assert image is not None
    assert (image["width"], image["height"], image["alt"]) == ("1500", "1000", "A wheel")
    caption = soup.select_one(".listing-picture figcaption")
    assert caption is not None
    assert "Somebody" in caption.get_text()


@pytest.mark.parametrize("part", ["321.webp", "1920.webp", "0.jpg", "320.gif", "320.svg"])
def test_only_what_a_page_offers_is_made(client: FlaskClient, services: Services, part: str) -> None:
    assert client.get(f"/media/attractions/wheel/wheel.jpg/{part}").status_code == 404
    assert not (services.settings.state / "pictures").exists()


def test_a_new_photograph_takes_the_place_of_the_old_ones_renditions(client: FlaskClient, services: Services) -> None:
    (before, *_) = sets(client)["image/webp"]
    client.get(before)
    Image.new("RGB", (1500, 1000), "red").save(services.settings.content / "attractions" / "wheel" / "wheel.jpg")
    services.compiler().compile()
    (after, *_) = sets(client)["image/webp"]
    assert after != before
    with Image.open(io.BytesIO(client.get(after).data)) as image:
        assert image.convert("RGB").getpixel((10, 10))[0] > 200  # type: ignore[index]
    assert len(list((services.settings.state / "pictures" / "attractions" / "wheel").iterdir())) == 1


def test_what_is_no_picture_is_not_there(client: FlaskClient, services: Services) -> None:
    (address, *_) = sets(client)["image/avif"]
    (services.settings.content / "attractions" / "wheel" / "wheel.jpg").write_bytes(b"GIF89a, or so it says")
    assert client.get(address).status_code == 404


def test_a_bomb_is_not_unpacked(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renditions, "MOST_PIXELS", 1_000_000)
    (address, *_) = sets(client)["image/jpeg"]
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("width", "expected"), [(100, (100,)), (640, (320, 640)), (5000, renditions.WIDTHS)])
def test_no_rendition_is_wider_than_the_picture(width: int, expected: tuple[int, ...]) -> None:
    assert renditions.widths(width) == expected
