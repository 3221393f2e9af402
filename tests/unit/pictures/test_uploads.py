"""Uploaded files: what is no picture is refused with a reason, what is one is written anew and holds pixels only."""

from __future__ import annotations

import io
import resource

import pytest
from PIL import Image, ImageCms

from portal.pictures.uploads import LARGEST_FILE, LONGEST_SIDE, Photograph, Refusal, Refused, cleaned
from tests import hostile_pictures
from tests.hostile_pictures import EITHER, HARMLESS, REFUSED, photograph, with_exif


def opened(kept: Photograph) -> Image.Image:
    image = Image.open(io.BytesIO(kept.data))
    image.load()
    return image


def check_harmless(kept: Photograph) -> None:
    """Make sure that nothing is left but one JPEG's pixels."""
    image = opened(kept)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (kept.width, kept.height))
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert kept.data.endswith(b"\xff\xd9")
    for word in (b"<script", b"<?php", b"PK\x03\x04", b"A camera"):
        assert word not in kept.data


def test_there_are_fifty_hostile_files() -> None:
    assert len(REFUSED) + len(HARMLESS) + len(EITHER) >= 50


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        cleaned(io.BytesIO(REFUSED[name]))


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_a_picture_is_written_anew(name: str) -> None:
    kept = cleaned(io.BytesIO(HARMLESS[name]))
    check_harmless(kept)
    assert {kept.width, kept.height} == set(hostile_pictures.SIZE)


@pytest.mark.parametrize("name", EITHER)
def test_what_a_decoder_may_make_sense_of_is_refused_or_harmless(name: str) -> None:
    try:
        kept = cleaned(io.BytesIO(EITHER[name]))
    except Refused:
        return
    check_harmless(kept)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nothing", Refusal.EMPTY),
        ("SVG with a script", Refusal.NO_PICTURE),
        ("HEIC", Refusal.NO_PICTURE),
        ("half a JPEG", Refusal.BROKEN),
        ("a bomb of 90 million pixels", Refusal.TOO_MANY_PIXELS),
        ("a bomb of 400 million pixels", Refusal.TOO_MANY_PIXELS),
        ("a stripe", Refusal.TOO_SMALL),
        ("more than 20 MB", Refusal.TOO_LARGE),
    ],
)
def test_the_reason_is_the_right_one(name: str, reason: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        cleaned(io.BytesIO(REFUSED[name]))
    assert refused.value.reason is reason


def test_no_bomb_takes_the_memory_of_the_server() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in REFUSED:
        with pytest.raises(Refused):
            cleaned(io.BytesIO(REFUSED[name]))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024  # kilobytes


def test_no_more_is_read_than_may_be_taken() -> None:
    endless = io.BytesIO(b"\xff" * (LARGEST_FILE + 1000))
    with pytest.raises(Refused):
        cleaned(endless)
    assert endless.tell() == LARGEST_FILE + 1


def test_a_photograph_is_turned_upright() -> None:
    kept = cleaned(io.BytesIO(with_exif()))
    assert (kept.width, kept.height) == (480, 640)
    image = opened(kept).convert("L")
    assert image.getpixel((470, 300)) < 40  # type: ignore[operator]
    assert image.getpixel((10, 300)) > 215  # type: ignore[operator]


def test_a_large_photograph_is_brought_to_a_web_pages_size() -> None:
    kept = cleaned(io.BytesIO(photograph(size=(6000, 4000))))
    assert (kept.width, kept.height) == (LONGEST_SIDE, 1707)
    assert len(kept.data) < 2 * 1024 * 1024


def test_transparency_becomes_white_paper() -> None:
    clear = Image.new("RGBA", (400, 400), (255, 0, 0, 0))
    file = io.BytesIO()
    clear.save(file, "PNG")
    assert opened(cleaned(io.BytesIO(file.getvalue()))).getpixel((200, 200)) == (255, 255, 255)


def test_colours_of_a_wider_space_are_moved_into_that_of_screens() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    plain = Image.new("RGB", (400, 400), (200, 30, 30))
    file = io.BytesIO()
    plain.save(file, "JPEG", icc_profile=profile)
    check_harmless(cleaned(io.BytesIO(file.getvalue())))  # a profile that does not fit is passed over


def test_the_same_picture_has_the_same_name_and_another_another() -> None:
    first, again = (cleaned(io.BytesIO(photograph())).file for _ in range(2))
    assert first == again
    assert cleaned(io.BytesIO(photograph(size=(700, 500)))).file != first
