"""An owner with a phone: pictures sent and put in order, the pin placed, and what is typed saved or kept."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.test_desks import DESKTOP, PHONE, check, sign_in
from tests.hostile_pictures import SVG, photograph
from tests.plugins.browser import OpenPage
from tests.plugins.portal import Server

LISTING = "dining/goubuli"
PASSWORD = "a teahouse by the river"
OWNER = "owner@example.com"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, tiles_url: str) -> Iterator[Server]:
    """A portal with an owner's listings; the tiles are the tests' own."""
    server = Server(tmp_path_factory.mktemp("comforts"), PORTAL_TILES_URL=tiles_url)
    server.flask("prepare")
    options = ["--role", "owner", "--password-stdin"]
    for listing in (LISTING, "events/confucius-ceremony", "itineraries/first-day", "guides/arriving"):
        options += ["--listing", listing]
    server.flask("accounts", "create", OWNER, *options, said=PASSWORD)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Two photographs in different colours' worth of sizes, as a phone has them."""
    files = [tmp_path / "IMG_1.jpg", tmp_path / "IMG_2.png"]
    files[0].write_bytes(photograph(size=(1200, 900)))
    files[1].write_bytes(photograph("PNG", size=(900, 1200)))
    return files


def desk(server: Server, language: str) -> str:
    return f"{server.served.url}/{language}/business/listings/{LISTING}"


@pytest.mark.parametrize("language", ["zh-hans", "en", "ar"])
def test_pictures_from_a_phone(server: Server, open_page: OpenPage, photos: list[Path], language: str) -> None:
    page = open_page(**PHONE)
    sign_in(page, server, language, OWNER)
    page.goto(f"{desk(server, language)}/pictures/")
    page.set_input_files("#upload-files", photos)
    page.select_option("#upload-licence", "all-rights-reserved")
    page.click("#upload button[type=submit]")
    page.wait_for_url("**/pictures/?done=1")
    items = page.locator(".picture-item")
    expect(items).to_have_count(3)
    shown = items.nth(2).locator(".picture-shown img")
    shown.scroll_into_view_if_needed()
    box = shown.bounding_box()
    assert box is not None
    shown.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    expect(items.nth(2).locator("[data-axis=x]")).to_have_value(re.compile("2[45]"))
    expect(items.nth(2).locator("[data-axis=y]")).to_have_value(re.compile("7[456]"))
    items.nth(2).locator("[data-move='-1']").click()
    check(page)
    page.click("#pictures button[type=submit]")
    page.wait_for_url(f"**/{LISTING}/?done=1")
    page.goto(f"{desk(server, language)}/pictures/")
    expect(items.nth(1).locator("[data-axis=x]")).to_have_value(re.compile("2[45]"))
    page.set_input_files("#upload-files", {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": SVG})
    page.select_option("#upload-licence", "CC0-1.0")
    page.click("#upload button[type=submit]")
    expect(page.locator("#refused")).to_contain_text("x.svg")
    check(page)
    for number in (2, 3):
        page.check(f".picture-item:nth-child({number}) [name^=remove-]")
    page.click("#pictures button[type=submit]")
    page.wait_for_url(f"**/{LISTING}/?done=1")


def test_a_file_that_is_too_large_is_named_before_it_is_sent(
    server: Server, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(**PHONE)
    sign_in(page, server, "en", OWNER)
    page.goto(f"{desk(server, 'en')}/pictures/")
    large = tmp_path / "film.jpg"
    large.write_bytes(b"\xff" * (20 * 1024 * 1024 + 1))
    page.set_input_files("#upload-files", large)
    expect(page.locator("#upload-state")).to_have_text("film.jpg: The file is larger than 20 MB.")


@pytest.mark.parametrize("language", ["zh-hans", "en", "ar"])
def test_the_pin_is_placed_on_a_map_and_saves_itself(server: Server, open_page: OpenPage, language: str) -> None:
    page = open_page(**PHONE)
    sign_in(page, server, language, OWNER)
    page.goto(f"{desk(server, language)}/facts")
    pin = page.locator("#pin-map")
    pin.scroll_into_view_if_needed()
    before = page.input_value("[name=lat]")
    pin.click(position={"x": 150, "y": 90})
    assert page.input_value("[name=lat]") != before
    expect(page.locator("[data-autosave-state]")).to_have_text(re.compile(r"\d"), timeout=10_000)
    placed = page.input_value("[name=lat]"), page.input_value("[name=lon]")
    check(page)
    page.select_option("[name=datum]", "GCJ-02")
    page.fill("[name=lat]", "39.154309")
    page.fill("[name=lon]", "117.186188")
    page.click("[data-pin=find]")
    expect(page.locator("[name=datum]")).to_have_value("WGS-84")
    assert round(float(page.input_value("[name=lat]")), 3) == 39.153
    page.goto(f"{desk(server, language)}/facts")
    kept = page.input_value("[name=lat]"), page.input_value("[name=lon]")
    assert kept == placed or kept[0].startswith("39.153")  # the second place too, if there was time to save it


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_stands_beside_the_text_and_follows_it(
    server: Server, open_page: OpenPage, size: dict[str, object]
) -> None:
    page = open_page(**size)
    sign_in(page, server, "en", OWNER)
    page.goto(f"{desk(server, 'en')}/texts/fr")
    page.click("[data-live-toggle]")
    summary = f"Des brioches {'au téléphone' if size is PHONE else 'au bureau'}."
    page.fill("#text-summary", summary)
    frame = page.frame_locator("#live iframe")
    expect(frame.locator("main")).to_contain_text(summary, timeout=15_000)
    check(page)
    page.select_option("#live-language", label="Deutsch")
    expect(frame.locator("html")).to_have_attribute("lang", "de")


def typing(page: Page, server: Server, words: str) -> None:
    page.goto(f"{desk(server, 'en')}/texts/en")
    page.fill("#text-directions", words)


def state(page: Page, words: str) -> None:
    expect(page.locator("[data-autosave-state]")).to_contain_text(words, timeout=15_000)


def lose_what_is_sent(route: Route) -> None:
    if route.request.method == "POST":
        route.abort("internetdisconnected")
    else:
        route.continue_()


def test_what_is_typed_without_a_connection_is_kept_and_offered_again(server: Server, browser: Browser) -> None:
    context = browser.new_context(**PHONE)  # not watched: a lost connection is an error in the console
    page = context.new_page()
    sign_in(page, server, "en", OWNER)
    typing(page, server, "Walk along the river.")
    state(page, "Saved ")
    # not `set_offline`: that may let a request out and keep its answer back, and then it was saved
    context.route("**/texts/en", lose_what_is_sent)
    page.fill("#text-directions", "Walk along the river to the bridge.")
    state(page, "No connection")
    page.goto("about:blank")
    page.close()
    context.unroute("**/texts/en")
    page = context.new_page()
    page.goto(f"{desk(server, 'en')}/texts/en")
    offer = page.locator("[data-autosave-offer]")
    expect(offer).to_be_visible()
    assert page.input_value("#text-directions") == "Walk along the river."
    check(page)
    offer.locator("[data-take]").click()
    assert page.input_value("#text-directions") == "Walk along the river to the bridge."
    state(page, "Saved ")
    page.reload()
    assert page.input_value("#text-directions") == "Walk along the river to the bridge."
    expect(offer).to_be_hidden()
    context.close()


def test_what_is_typed_after_the_session_ended_is_offered_after_signing_in(server: Server, browser: Browser) -> None:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    sign_in(page, server, "en", OWNER)
    page.goto(f"{desk(server, 'en')}/texts/en")
    context.clear_cookies()
    page.fill("#text-directions", "By boat.")
    state(page, "You are signed out.")
    page.click("[data-autosave-state] a")
    page.fill("#sign-in-mail", OWNER)
    page.fill("#sign-in-password", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/texts/en")
    page.click("[data-take]")
    assert page.input_value("#text-directions") == "By boat."
    page.click(".form-end button[type=submit]")
    page.wait_for_url("**done=1")
    page.goto(f"{desk(server, 'en')}/texts/en")
    assert page.input_value("#text-directions") == "By boat."
    expect(page.locator("[data-autosave-offer]")).to_be_hidden()
    context.close()


def test_two_people_at_one_text_see_each_others_words(server: Server, browser: Browser) -> None:
    contexts = [browser.new_context(**DESKTOP) for _ in range(2)]
    one, two = (context.new_page() for context in contexts)
    for page in (one, two):
        sign_in(page, server, "en", OWNER)
        page.goto(f"{desk(server, 'en')}/texts/en")
    mark = str(time.time())
    one.fill("#text-address", f"Bridge {mark}")
    state(one, "Saved ")
    two.fill("#text-summary", f"Buns {mark}.")
    state(two, "Saved ")
    expect(two.locator("#text-address")).to_have_value(f"Bridge {mark}")
    one.fill("#text-summary", "My own buns.")
    state(one, "Somebody else")
    one.click(".form-end button[type=submit]")
    expect(one.locator(".diffs").first).to_contain_text(mark)
    assert one.input_value("#text-summary") == "My own buns."
    for context in contexts:
        context.close()


def test_pictures_are_sent_and_described_without_javascript(server: Server, open_page: OpenPage) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    sign_in(page, server, "en", OWNER)
    page.goto(f"{desk(server, 'en')}/pictures/")
    file = {"name": "a.webp", "mimeType": "image/webp", "buffer": photograph("WEBP", (800, 800))}
    page.set_input_files("#upload-files", file)  # type: ignore[arg-type]
    page.select_option("#upload-licence", "CC-BY-4.0")
    page.click("#upload button[type=submit]")
    page.fill("#x-2", "10")
    page.fill("#y-2", "90")
    page.fill("#place-2", "1")
    page.click("#pictures button[type=submit]")
    page.goto(f"{desk(server, 'en')}/pictures/")
    assert (page.input_value("#x-1"), page.input_value("#y-1")) == ("10", "90")
    source = str(page.get_attribute(".picture-shown img", "src"))
    assert page.request.get(f"{server.served.url}{source}").body().startswith(b"\xff\xd8")


def test_words_of_pictures_save_themselves_and_a_lost_connection_loses_no_chosen_file(
    server: Server, browser: Browser, photos: list[Path]
) -> None:
    context = browser.new_context(**PHONE)  # not watched: a lost connection is an error in the console
    page = context.new_page()
    sign_in(page, server, "en", OWNER)
    page.goto(f"{desk(server, 'en')}/pictures/")
    page.fill("#credit-1", "Wang Fang")
    state(page, "Saved ")
    context.set_offline(True)
    page.fill("#credit-1", "Wang Fang, Tianjin")
    state(page, "No connection")
    page.set_input_files("#upload-files", photos[0])
    page.select_option("#upload-licence", "CC0-1.0")
    page.click("#upload button[type=submit]")
    expect(page.locator("#upload-state")).to_contain_text("The pictures stay chosen")
    context.set_offline(False)
    state(page, "Saved ")
    page.click("#upload button[type=submit]")
    page.wait_for_url("**/pictures/?done=1")
    assert page.input_value("#credit-1") == "Wang Fang, Tianjin"
    expect(page.locator("[data-autosave-offer]")).to_be_hidden()
    loaded = "[...document.querySelectorAll('.picture-shown img')].at(-1).currentSrc"
    page.locator(".picture-shown img").last.scroll_into_view_if_needed()
    expect(page.locator(".picture-shown img").last).to_have_js_property("complete", value=True)
    assert str(page.evaluate(loaded)).endswith(".webp")
    context.close()


@pytest.mark.parametrize(
    ("kind", "slug", "control", "value"),
    [
        ("events", "confucius-ceremony", "#fact-day", "27"),
        ("itineraries", "first-day", "#minutes-0", "95"),
        ("guides", "arriving", "#place-0", "attractions/tianjin-eye"),
    ],
)
def test_an_owner_changes_what_an_event_an_itinerary_and_a_guide_state(
    server: Server, open_page: OpenPage, kind: str, slug: str, control: str, value: str
) -> None:
    page = open_page(**PHONE)
    sign_in(page, server, "en", OWNER)
    page.goto(f"{server.served.url}/en/business/listings/{kind}/{slug}/facts")
    check(page)
    page.fill(control, value)
    state(page, "Saved ")
    page.click(".form-end button[type=submit]")
    page.wait_for_url(f"**/{slug}/?done=1")
    check(page)
    page.click(f"form[action$='{slug}/send'] button")
    page.wait_for_url(f"**/{slug}/?done=1")
    expect(page.locator("main .notice[role=note]")).to_contain_text("Waits for a review")
