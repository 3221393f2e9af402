"""Two portal machines: state and content folders of their own, one PostgreSQL, one Elasticsearch, one secret."""

from __future__ import annotations

import http.cookiejar
import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page

from benchmarks.servers import free_port
from tests.browser.test_desks import PASSWORD, PHONE
from tests.browser.test_passkeys import AUTHENTICATOR, add_passkey, enter
from tests.hostile_pictures import photograph
from tests.plugins.browser import OpenPage
from tests.plugins.portal import Server
from tests.plugins.postgresql import empty_database
from tests.web.pages import read
from tools.nginx import nginx

LISTING = "dining/goubuli"
REPORT = "/th/attractions/tianjin-eye/report"


@pytest.fixture(scope="module")
def machines(
    tmp_path_factory: pytest.TempPathFactory, postgresql_url: str, elasticsearch_url: str
) -> Iterator[tuple[Server, Server]]:
    """Both made ready at the same moment, as a deployment does."""
    folder = tmp_path_factory.mktemp("machines")
    with ExitStack() as stack:
        shared = {
            "PORTAL_BASE_URL": f"http://localhost:{free_port()}",  # browsers make no passkeys for an IP address
            "PORTAL_DATABASE_URL": stack.enter_context(empty_database(postgresql_url)),
            "PORTAL_ELASTICSEARCH_URL": elasticsearch_url,
            "PORTAL_ELASTICSEARCH_INDEX": "two-machines",
            "PORTAL_PROXIES": "1",
            "PORTAL_SECRET_KEY": "the same on every machine",
        }
        one, two = (Server(folder / name, **shared) for name in ("one", "two"))
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda server: server.flask("prepare"), (one, two)))
        for server in (one, two):
            server.start()
            stack.callback(server.stop)
        yield one, two


def test_a_visitor_may_be_sent_to_either_at_every_step(machines: tuple[Server, Server]) -> None:
    """A balancer knows no sessions: a form that came from one machine is taken by the other."""
    one, two = machines
    reader = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with reader.open(f"{one.served.url}{REPORT}") as page:
        form = read(page.read().decode()).fields
    fields = {"csrf_token": form["csrf_token"], "subject": "hours", "message": "ปิดวันจันทร์"}
    with reader.open(f"{two.served.url}{REPORT}", urllib.parse.urlencode(fields).encode()) as answer:
        assert answer.status == 200
        assert read(answer.read().decode()).lang == "th"
    listed = one.flask("reports", "list")
    assert "attractions/tianjin-eye" in listed
    assert "ปิดวันจันทร์" in listed
    two.flask("reports", "settle", listed.split()[0])
    assert one.flask("reports", "list") == ""


def test_both_give_the_same_pages_and_find_the_same(machines: tuple[Server, Server]) -> None:
    """The same ETag, or a reader whose next request goes to the other machine gets the whole page again."""
    for path in ("/en/", "/ar/attractions/tianjin-eye/", "/zh-hans/map/", "/sitemap-th.xml"):
        tags = []
        for server in machines:
            with urllib.request.urlopen(f"{server.served.url}{path}") as answer:
                tags.append(answer.headers["ETag"])
        if not path.startswith("/sitemap"):  # it names its own host
            pages = [server.served.get(path).replace(server.served.url, "") for server in machines]
            assert pages[0] == pages[1], path
        assert all(tags)
    found = [searched(server) for server in machines]
    assert [hit["id"] for hit in found[0]["results"]] == [hit["id"] for hit in found[1]["results"]]


def searched(server: Server) -> dict[str, Any]:
    """Return what a machine finds in Elasticsearch; on a busy machine its own index may stand in at first."""
    deadline = time.monotonic() + 60
    while (found := json.loads(server.served.get("/api/v1/search?lang=en&q=wheel")))["backend"] != "elasticsearch":
        assert time.monotonic() < deadline, found["backend"]
        time.sleep(0.2)
    return dict(found)


def test_an_owner_protects_the_account_and_publishes_a_picture_while_each_request_goes_to_another_machine(
    machines: tuple[Server, Server], tmp_path: Path, open_page: OpenPage
) -> None:
    address = machines[0].environ["PORTAL_BASE_URL"]
    said = ["accounts", "create", "owner@example.com", "--role", "owner", "--listing", LISTING]
    machines[0].flask(*said, "--trusted", "--password-stdin", said=PASSWORD)
    with nginx(tmp_path, int(address.rpartition(":")[2]), [int(server.environ["PORT"]) for server in machines]):
        page = open_page(**PHONE)
        sign_in_every_way(page, f"{address}/en/business")
        file = publish_a_picture(page, f"{address}/en/business/listings/{LISTING}", machines)
    for server in machines:
        wait_for(server.served.content / LISTING / file)


def sign_in_every_way(page: Page, desk: str) -> None:
    """Make a passkey, switch a second factor on, sign in with either."""
    chromium = page.context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    chromium.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    enter(page, desk, "owner@example.com")
    page.goto(f"{desk}/account/protection/")
    add_passkey(page, "My phone")
    page.fill("#protection-password", PASSWORD)
    page.click("form[action$='set-up'] button")
    app = pyotp.TOTP(page.inner_text(".key code").replace(" ", ""))
    page.fill("#second-factor-code", app.now())
    page.click("form[action$='/on'] button")
    page.click("form[action$='sign-out'] button")
    enter(page, desk, "owner@example.com")
    page.fill("#sign-in-code", app.at(int(time.time()) + 30))  # that of now was used
    page.click("main form.panel button[type=submit]")
    page.wait_for_url("**/business/")
    page.click("form[action$='sign-out'] button")
    page.click("#use-passkey button")
    page.wait_for_url("**/business/")


def publish_a_picture(page: Page, desk: str, pair: tuple[Server, Server]) -> str:
    """Send a picture, see it on both machines, publish it; return its file."""
    page.goto(f"{desk}/pictures/")
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photograph(size=(800, 800))}
    page.set_input_files("#upload-files", picture)  # type: ignore[arg-type]
    page.select_option("#upload-licence", "CC-BY-4.0")
    page.click("#upload button[type=submit]")
    page.wait_for_url("**/pictures/?done=1")
    shown = str(page.locator(".picture-shown img").last.get_attribute("src"))
    for server in pair:  # cookies are a host's, whatever the port
        for path in (shown, f"{shown}/320.webp"):
            assert page.request.get(f"http://localhost:{server.environ['PORT']}{path}").ok, path
    page.locator("[name^='alt-zh-Hans-photo-']").fill("包子铺")
    page.click("#pictures button[type=submit]")
    page.wait_for_url(f"**/{LISTING}/?done=1")
    page.click(f"form[action$='{LISTING}/send'] button")
    page.wait_for_url(f"**/{LISTING}/?done=1")
    return shown.rpartition("/")[2]


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + 10
    while not file.exists():
        assert time.monotonic() < deadline, f"{file} does not come"
        time.sleep(0.05)
