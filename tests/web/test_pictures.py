"""A listing's pictures from a phone to the page: uploaded, ordered, described, reviewed, published, taken back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal.accounts.model import Role
from portal.catalog import pins
from portal.editing import disk, document, drafts, uploads
from portal.editing.drafts import Save
from portal.editing.uploads import Upload
from portal.services import Services
from portal.traffic.counting import Policy
from portal.web.businesses import pictures
from tests.hostile_pictures import HTML, JPEG, NAMES, REFUSED, SVG, photograph, with_exif
from tests.web.desk import fields, make, sign_in, token
from tests.web.test_editor import fill_in, press, taken_in

Browse = Callable[[], FlaskClient]
WHEEL = "attractions/wheel"
DESK = f"/en/business/listings/{WHEEL}"
PICTURES = f"{DESK}/pictures/"
OWNER, MODERATOR = "li@wheel.example", "mod@portal.example"
TERMS = {"credit": "Li Wei", "licence": "CC-BY-4.0"}


@pytest.fixture
def owner(desks: Services, browse: Browse) -> FlaskClient:
    make(desks, OWNER, Role.OWNER, WHEEL)
    client = browse()
    sign_in(client, OWNER)
    return client


@pytest.fixture
def trusted(desks: Services, browse: Browse) -> FlaskClient:
    make(desks, OWNER, Role.OWNER, WHEEL, trusted=True)
    client = browse()
    sign_in(client, OWNER)
    return client


def send_pictures(client: FlaskClient, *files: bytes, name: str = "IMG_1.jpg", **values: Any) -> TestResponse:
    return post(client, {"csrf_token": token(client, PICTURES), **TERMS, **values}, files, name)


def post(client: FlaskClient, sent: dict[str, Any], files: Iterable[bytes], name: str = "IMG_1.jpg") -> TestResponse:
    """Send a form with files; put together in memory, where Werkzeug's client would leave temporary files open."""
    pictures = [FileStorage(io.BytesIO(data), name, "pictures") for data in files]
    boundary, body = encode_multipart({**sent, "pictures": pictures})
    return client.post(f"{PICTURES}upload", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def images(services: Services) -> list[dict[str, Any]]:
    """Return the pictures as the draft has them."""
    texts = disk.read(services.settings.content, WHEEL)
    return uploads.images_of(drafts.look(services.database, WHEEL, texts).fields)


def on_disk(services: Services) -> set[str]:
    return {file.name for file in (services.settings.content / WHEEL).glob("photo-*")}


def publish(client: FlaskClient) -> None:
    assert press(client, f"{DESK}/", f"{DESK}/send").status_code == 303, client.get(f"{DESK}/").text


def test_a_photograph_goes_from_the_form_to_the_page_and_back(desks: Services, trusted: FlaskClient) -> None:
    assert send_pictures(trusted, with_exif()).status_code == 303
    drawing, photo = images(desks)
    assert drawing["file"] == "wheel.svg"
    assert photo == {"file": photo["file"], "width": 480, "height": 640, **TERMS}
    assert on_disk(desks) == set()
    assert "does not say what the picture shows" in trusted.get(f"{DESK}/").text
    assert press(trusted, f"{DESK}/", f"{DESK}/send").status_code == 422
    words = {f"alt-zh-Hans-{photo['file']}": "夜里的摩天轮", f"alt-en-{photo['file']}": "The wheel by night"}
    focus = {f"x-{photo['file']}": "20", f"y-{photo['file']}": "84", f"place-{photo['file']}": "1"}
    assert fill_in(trusted, PICTURES, **words, **focus).status_code == 303
    assert images(desks)[0]["focus"] == {"x": 20, "y": 84}
    preview = BeautifulSoup(trusted.get(f"{DESK}/preview").text, "html.parser").select_one(".listing-picture img")
    assert preview is not None
    assert trusted.get(str(preview["src"])).data.startswith(b"\xff\xd8")
    publish(trusted)
    assert on_disk(desks) == {photo["file"]}
    taken_in(desks)
    shown = BeautifulSoup(trusted.get(f"/en/{WHEEL}/").text, "html.parser").select_one(".listing-picture img")
    assert shown is not None
    assert (shown["alt"], shown["class"]) == ("The wheel by night", ["fx-20", "fy-80"])
    with Image.open(io.BytesIO(trusted.get(str(shown["src"])).data)) as image:
        assert (image.size, dict(image.getexif())) == ((480, 640), {})
    assert fill_in(trusted, PICTURES, **{f"remove-{photo['file']}": "1"}).status_code == 303
    publish(trusted)
    assert on_disk(desks) == set()
    texts = disk.read(desks.settings.content, WHEEL)
    assert all(photo["file"] not in text for text in texts.values())
    assert press(trusted, f"{DESK}/history/1", f"{DESK}/history/1/restore", side="after").status_code == 303
    publish(trusted)
    assert on_disk(desks) == {photo["file"]}


def test_several_are_taken_at_once_and_each_that_cannot_is_named(desks: Services, owner: FlaskClient) -> None:
    assert send_pictures(owner, photograph(size=(800, 600)), photograph("PNG", (700, 700))).status_code == 303
    assert len(images(desks)) == 3
    answer = send_pictures(owner, photograph("WEBP", (500, 900)), SVG, name="<b>x</b>.svg")
    assert answer.status_code == 422
    assert len(images(desks)) == 4
    assert "&lt;b&gt;x&lt;" in answer.text or "b&gt;.svg" in answer.text
    assert "not a JPEG, PNG, WebP or AVIF picture" in answer.text


def test_a_hostile_file_is_refused_with_a_word_and_changes_nothing(desks: Services, owner: FlaskClient) -> None:
    for name, data in REFUSED.items():
        answer = send_pictures(owner, data)
        assert answer.status_code == 422, name
        refused = BeautifulSoup(answer.text, "html.parser").select_one("#refused")
        assert refused is not None, name
        assert re.match(r"IMG_1\.jpg: [A-Z].+\.$", refused.get_text().strip()), name
    assert drafts.look(desks.database, WHEEL, {}).version == 0
    assert uploads.names(desks.database, WHEEL) == frozenset()


def test_no_name_of_a_file_reaches_the_disk(desks: Services, trusted: FlaskClient) -> None:
    before = {path for path in desks.settings.content.parent.rglob("*") if "desks" not in path.parts}
    for size, name in enumerate(NAMES, 400):
        assert send_pictures(trusted, photograph(size=(size, 400)), name=name).status_code == 303, name
    files = [image["file"] for image in images(desks)[1:]]
    assert len(files) == len(NAMES)
    assert all(re.fullmatch(r"photo-[0-9a-f]{16}\.jpg", file) for file in files)
    fill_in(trusted, PICTURES, **{f"alt-zh-Hans-{file}": "轮" for file in files})
    publish(trusted)
    after = {path for path in desks.settings.content.parent.rglob("*") if "desks" not in path.parts}
    assert {path.name for path in after - before} == set(files)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"credit": " "}, "Say who took or made the picture."),
        ({"licence": ""}, "Choose a licence"),
        ({"licence": "<script>"}, "Choose a licence"),
    ],
)
def test_a_picture_without_credit_or_licence_is_not_taken(owner: FlaskClient, values: Any, said: str) -> None:
    answer = send_pictures(owner, JPEG, **values)
    assert answer.status_code == 422
    assert said in answer.text


def test_nothing_chosen_is_said(owner: FlaskClient) -> None:
    answer = send_pictures(owner)
    assert answer.status_code == 422
    assert "Choose a picture first." in answer.text


@pytest.mark.parametrize(
    "values",
    [
        {"x": "101", "y": "5"},
        {"x": "5"},
        {"x": "-1", "y": "5"},
        {"x": "1e1", "y": "5"},
        {"credit": ""},
        {"licence": "x"},
    ],
)
def test_what_a_picture_cannot_have_comes_back_with_the_reason(
    desks: Services, owner: FlaskClient, values: dict[str, str]
) -> None:
    answer = fill_in(owner, PICTURES, **{f"{name}-wheel.svg": value for name, value in values.items()})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert drafts.look(desks.database, WHEEL, {}).version == 0


def test_a_form_sent_as_it_stands_changes_nothing(desks: Services, owner: FlaskClient) -> None:
    before = disk.read(desks.settings.content, WHEEL)
    assert fill_in(owner, PICTURES).status_code == 303
    assert drafts.look(desks.database, WHEEL, before).changes == {}


@pytest.mark.parametrize(("place", "order"), [("1", "cab"), ("2", "acb"), ("0", "cab"), ("99", "abc"), ("x", "abc")])
def test_a_picture_moves_to_the_place_it_is_given(owner: FlaskClient, desks: Services, place: str, order: str) -> None:
    send_pictures(owner, photograph(size=(800, 600)), photograph(size=(900, 600)))
    names = dict(zip("abc", (image["file"] for image in images(desks)), strict=True))
    fill_in(owner, PICTURES, **{f"place-{names['c']}": place})
    assert [image["file"] for image in images(desks)] == [names[letter] for letter in order]


def test_words_of_a_picture_make_translations_stale_but_a_removal_does_not(desks: Services, owner: FlaskClient) -> None:
    send_pictures(owner, JPEG)
    (_, photo) = images(desks)
    fill_in(owner, PICTURES, **{f"alt-zh-Hans-{photo['file']}": "轮", f"alt-en-{photo['file']}": "Wheel"})
    texts = disk.read(desks.settings.content, WHEEL)
    current = drafts.look(desks.database, WHEEL, texts).fields
    assert current["en@alt"] == pins.digest(current["zh-Hans/alt"])
    fill_in(owner, PICTURES, **{f"remove-{photo['file']}": "1"})
    removed = drafts.look(desks.database, WHEEL, texts).fields
    assert removed["en@alt"] == pins.digest(removed["zh-Hans/alt"])
    assert photo["file"] not in removed["en/alt"]
    fill_in(owner, PICTURES, **{"alt-zh-Hans-wheel.svg": "大轮"})
    assert "state-stale" in owner.get(f"{DESK}/texts/en").text


def test_a_moderator_sees_the_pictures_of_before_and_after(desks: Services, owner: FlaskClient, browse: Browse) -> None:
    make(desks, MODERATOR, Role.MODERATOR)
    moderator = browse()
    sign_in(moderator, MODERATOR)
    send_pictures(owner, JPEG, credit=HTML.decode())
    (_, photo) = images(desks)
    fill_in(owner, PICTURES, **{f"alt-zh-Hans-{photo['file']}": "轮", "remove-wheel.svg": "1"})
    press(owner, f"{DESK}/", f"{DESK}/send")
    review = f"/en/business/review/drafts/{WHEEL}/"
    page = BeautifulSoup(moderator.get(review).text, "html.parser")
    before, after = ([str(image["src"]) for image in part.select("img")] for part in page.select(".pictures-of"))
    assert [address.rpartition("/")[2] for address in before + after] == ["wheel.svg", photo["file"]]
    for address in before + after:
        answer = moderator.get(address)
        assert answer.status_code == 200
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "private" in answer.headers["Cache-Control"]
    assert "alert(" not in str(page.find("script", string=re.compile("alert")) or "")
    assert press(moderator, review, f"{review}approve").status_code == 303
    assert on_disk(desks) == {photo["file"]}


def test_a_picture_that_is_not_published_is_for_those_who_may_edit(
    desks: Services, owner: FlaskClient, browse: Browse
) -> None:
    send_pictures(owner, JPEG)
    (_, photo) = images(desks)
    address = f"{PICTURES}{photo['file']}"
    assert owner.get(address).status_code == 200
    assert browse().get(address).status_code == 303
    make(desks, "han@dumplings.example", Role.OWNER, "dining/dumplings")
    other = browse()
    sign_in(other, "han@dumplings.example")
    assert other.get(address).status_code == 404
    assert owner.get(f"/media/{WHEEL}/{photo['file']}").status_code == 404
    for name in ("listing.yaml", "..%2f..%2fsite.yaml", "photo-0.jpg", ".x.svg"):
        assert owner.get(f"{PICTURES}{name}").status_code == 404


def test_only_who_is_signed_in_may_send_so_much(desks: Services, owner: FlaskClient, browse: Browse) -> None:
    large = photograph("PNG", (2400, 1800)) + b"\0" * (2 * 1024 * 1024)
    assert send_pictures(owner, large).status_code == 303
    assert post(browse(), {}, [large]).status_code == 413
    form = fields(owner.get(f"{DESK}/texts/en").text, f"{DESK}/texts/en")
    assert owner.post(f"{DESK}/texts/en", data={**form, "body": "x" * 2_000_000}).status_code == 413
    assert len(images(desks)) == 2


def test_pictures_nobody_names_any_more_go_after_a_while(desks: Services, owner: FlaskClient) -> None:
    send_pictures(owner, photograph(size=(800, 600)))
    (_, named) = images(desks)
    now = desks.clock()
    unused = Upload(1, WHEEL, "photo-0000000000000000.jpg", b"x")
    with desks.database.write() as connection:
        uploads.keep(connection, now, unused)
    with desks.database.write() as connection:
        uploads.keep(connection, now + timedelta(days=3), Upload(1, WHEEL, "photo-1.jpg", b"y"))
    assert uploads.names(desks.database, WHEEL) == {named["file"], "photo-1.jpg"}


def test_two_who_add_pictures_at_once_both_succeed(desks: Services, owner: FlaskClient) -> None:
    page = token(owner, PICTURES)
    texts = disk.read(desks.settings.content, WHEEL)
    drafts.save(desks.database, desks.clock(), Save(1, WHEEL, 0, {"en/name": "Another"}), texts)
    for size in ((800, 600), (900, 600)):
        assert post(owner, {"csrf_token": page, **TERMS}, [photograph(size=size)]).status_code == 303
    assert len(images(desks)) == 3


def test_what_is_written_keeps_comments_and_order(desks: Services, trusted: FlaskClient) -> None:
    file = desks.settings.content / WHEEL / "listing.yaml"
    file.write_text(f"# the wheel\n{file.read_text()}")
    send_pictures(trusted, JPEG)
    (_, photo) = images(desks)
    fill_in(trusted, PICTURES, **{f"alt-zh-Hans-{photo['file']}": "轮"})
    publish(trusted)
    lines = file.read_text().splitlines()
    assert lines[0] == "# the wheel"
    assert f"file: {photo['file']}" in file.read_text()
    assert document.read(disk.read(desks.settings.content, WHEEL))["facts/images"][0]["file"] == "wheel.svg"


def test_who_edits_is_sent_small_renditions_of_what_is_not_published(
    desks: Services, owner: FlaskClient, browse: Browse
) -> None:
    assert send_pictures(owner, photograph(size=(1600, 1200))).status_code == 303
    for path in (PICTURES, f"{DESK}/preview"):
        page = BeautifulSoup(owner.get(path).text, "html.parser")
        assert page.select("[srcset]"), path
    file = images(desks)[1]["file"]
    small = f"{PICTURES}{file}/320.webp"
    assert small in owner.get(PICTURES).text
    with Image.open(io.BytesIO(owner.get(small).data)) as image:
        assert (image.format, image.size) == ("WEBP", (320, 240))
    assert owner.get(f"{PICTURES}{file}/321.webp").status_code == 404
    assert owner.get(f"{PICTURES}wheel.svg/320.webp").status_code == 404
    assert owner.get(f"{PICTURES}photo-0.jpg/320.webp").status_code == 404
    stranger = browse()
    make(desks, "han@dumplings.example", Role.OWNER, "dining/dumplings")
    sign_in(stranger, "han@dumplings.example")
    assert stranger.get(small).status_code == 404


def test_too_many_pictures_within_an_hour_are_refused(
    desks: Services, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "UPLOADS", Policy("uploads", 2, 3600))
    assert send_pictures(owner, *(photograph(size=(400, 400 + n)) for n in range(3))).status_code == 422
    assert len(images(desks)) == 3
    answer = send_pictures(owner, photograph(size=(900, 400)))
    assert answer.status_code == 422
    assert "Too many pictures within an hour" in answer.text
    assert len(images(desks)) == 3


def test_what_is_typed_about_pictures_saves_itself(desks: Services, owner: FlaskClient) -> None:
    form = fields(owner.get(PICTURES).text, PICTURES)
    typed = {"headers": {"X-Autosave": "1"}}
    answer = owner.post(PICTURES, data={**form, "credit-wheel.svg": "Li Wei"}, **typed)  # type: ignore[arg-type]
    assert answer.json is not None
    assert answer.json["form"]["credit-wheel.svg"] == ["Li Wei"]
    assert images(desks)[0]["credit"] == "Li Wei"
    refused = owner.post(
        PICTURES,
        data={**form, "version": answer.json["version"], "credit-wheel.svg": ""},
        **typed,  # type: ignore[arg-type]
    )
    assert (refused.status_code, refused.json) == (422, {"problem": "Say who took or made the picture."})
