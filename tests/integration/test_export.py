"""`flask export`: a site of files whose links resolve, that goes on after a kill, and says nothing that grows wrong."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import brotli
import pytest
import urllib3

from benchmarks.servers import free_port
from portal.config import ROOT, Settings
from portal.export.plan import ListingPage, chunks
from portal.export.render import Job, render, render_listing
from portal.seo.crawl import LOCATION, crawl
from portal.seo.page import read
from portal.seo.rules import findings
from portal.services import Services
from tests.sample_content import text, write, write_beyond_places
from tools.nginx import nginx

LIVE = "https://live.example"


class Quiet(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {"": "text/plain"}

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Exporter:
    """A city of thirty places, and the command that exports it."""

    def __init__(self, folder: Path) -> None:
        self.content, self.out = write_beyond_places(write(folder / "content")), folder / "out"
        wheel = self.content / "attractions/wheel"
        listing = wheel / "listing.yaml"
        listing.write_text(listing.read_text() + 'opening_hours: "Mo-Su 09:00-17:00"\n')
        for number in range(30):
            shutil.copytree(wheel, self.content / f"attractions/wheel-{number}")
            (self.content / f"attractions/wheel-{number}/en.md").write_text(text(f"Wheel {number}"))
        self.environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        self.environ |= {"PORTAL_CONTENT": str(self.content), "PORTAL_STATE": str(folder / "state")}

    def command(self, *options: str) -> tuple[str, ...]:
        return (sys.executable, "-m", "flask", "--app", "wsgi", "export", str(self.out), "--processes", "2", *options)

    def run(self, *options: str) -> str:
        done = subprocess.run(
            self.command(*options), cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def written(self, *options: str) -> int:
        return int(re.search(r"(\d+) written", self.run(*options))[1])  # type: ignore[index]

    def pages(self) -> list[Path]:
        return sorted(self.out.rglob("*.html"))


@pytest.fixture
def exporter(tmp_path: Path) -> Exporter:
    return Exporter(tmp_path)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exporter:
    """An export that tests only read, for an address that nobody serves it under."""
    exporter = Exporter(tmp_path_factory.mktemp("export"))
    exporter.run("--base-url", "https://city.example")
    return exporter


@pytest.fixture
def plain_server(exporter: Exporter) -> Iterator[str]:
    """A server of files, nothing else, and the export made for its address."""
    url = f"http://127.0.0.1:{free_port()}"
    exporter.run("--base-url", url)
    handler = partial(Quiet, directory=str(exporter.out))
    with ThreadingHTTPServer(("127.0.0.1", int(url.rpartition(":")[2])), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield url
        server.shutdown()


def test_on_a_plain_server_every_link_resolves_and_no_rule_is_broken(plain_server: str) -> None:
    site = crawl(plain_server)
    assert [str(finding) for finding in findings(site)] == []
    assert not site.refused
    assert f"{plain_server}/en/attractions/page/2/" in site.pages
    assert f"{plain_server}/en/attractions/wheel/driver/" in site.pages
    assert f"{plain_server}/en/guides/paying/" in site.pages


def test_no_page_needs_a_query_string_or_a_portal(exported: Exporter) -> None:
    for file in exported.pages():
        page = read("https://city.example/", file.read_text())
        for address in page.links | set(page.alternates.values()) | set(page.canonicals):
            parts = urlsplit(address)
            assert parts.netloc != "city.example" or not parts.query, (file, address)
        assert "<form" not in file.read_text(), file
        assert not re.search(r"localhost|127\.0\.0\.1|/choose", file.read_text()), file


def test_sitemaps_list_files_that_exist_and_every_page_that_may_be_found(exported: Exporter) -> None:
    listed = set()
    for sitemap in LOCATION.findall((exported.out / "sitemap.xml").read_text()):
        assert sitemap.startswith("https://city.example/")
        listed |= set(LOCATION.findall((exported.out / Path(urlsplit(sitemap).path).name).read_text()))
    for address in listed:
        assert (exported.out / unquote(urlsplit(address).path)[1:] / "index.html").is_file(), address
    indexable = {
        f"https://city.example/{file.parent.relative_to(exported.out)}/"
        for file in exported.pages()
        if 'content="noindex"' not in file.read_text() and "/page/" not in str(file)
    }
    assert indexable == listed


def test_a_further_page_of_a_list_names_itself_and_its_languages(exported: Exporter) -> None:
    page = read(
        "https://city.example/en/attractions/page/2/", (exported.out / "en/attractions/page/2/index.html").read_text()
    )
    assert page.canonicals == [page.url]
    assert page.alternates["ar"] == "https://city.example/ar/attractions/page/2/"
    assert "https://city.example/en/attractions/" in page.links


def test_hours_are_dated_and_the_state_is_the_browsers_to_show_as_long_as_it_is_known(exported: Exporter) -> None:
    html = (exported.out / "en/attractions/wheel/index.html").read_text()
    state = re.search(r'<p class="open-state" hidden data-states="([^"]+)"></p>', html)
    assert state
    states = json.loads(state[1].replace("&#34;", '"'))
    assert states[-1]["words"] == ""
    assert states[-1]["since"] < (datetime.now(UTC) + timedelta(days=16)).timestamp()
    assert 'class="today"' not in html
    days = re.findall(r"<dt>([^<]+)</dt>", html)
    assert len(days) == 7
    assert all(re.search(r"\d{4}", day) for day in days)


def test_a_listing_is_exported_as_a_request_for_it_is_answered(tmp_path: Path) -> None:
    exporter = Exporter(tmp_path)
    environ = {name: value for name, value in exporter.environ.items() if name.startswith("PORTAL_")}
    settings = Settings.from_environment(environ)
    Services(settings).compiler().compile()
    app = Job.of(settings, exporter.out, "https://city.example", LIVE, compressed=False).application()
    with app.test_request_context("/"):
        pages = [page for chunk in chunks() for page in chunk if isinstance(page, ListingPage)]
    assert {page.kind for page in pages} >= {"attractions", "events", "itineraries", "guides"}
    for page in pages:
        path = f"/{page.language.path}/{page.below}"
        assert render_listing(app, page) == render(app, path), path


def test_an_export_that_is_repeated_writes_nothing(exporter: Exporter) -> None:
    assert exporter.written() > 100
    before = {file: file.stat().st_mtime_ns for file in exporter.out.rglob("*.html")}
    assert exporter.written() == 0
    assert {file: file.stat().st_mtime_ns for file in exporter.out.rglob("*.html")} == before


def test_after_an_edit_only_what_shows_it_is_written_and_what_is_gone_goes(exporter: Exporter) -> None:
    total = exporter.written()
    (exporter.content / "dining/dumplings/en.md").write_text(text("Dumplings", image=None))
    shutil.rmtree(exporter.content / "attractions/wheel-29")
    again = exporter.written()
    assert 0 < again < total / 2
    assert "Dumplings" in (exporter.out / "en/dining/dumplings/index.html").read_text()
    assert not (exporter.out / "en/attractions/wheel-29/index.html").exists()


def test_killed_half_way_it_goes_on_where_it_was(exporter: Exporter) -> None:
    process = subprocess.Popen(exporter.command(), cwd=ROOT, env=exporter.environ, stderr=subprocess.DEVNULL)
    journal = exporter.out / ".export"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (journal.exists() and journal.read_text().count("\n") >= 3):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until_still(exporter.out)
    done = {file: file.stat().st_mtime_ns for file in exporter.pages()}
    assert done
    total = int(re.search(r"(\d+) files: (\d+) written", exporter.run())[1])  # type: ignore[index]
    assert {file: file.stat().st_mtime_ns for file in done} == done
    assert not list(exporter.out.rglob("*.new"))
    assert sum(1 for file in exporter.out.rglob("*") if file.is_file()) == total + 1  # the journal


def wait_until_still(folder: Path) -> None:
    """Wait until no worker that outlived its parent writes any more."""
    before, files = -1, 0
    while before != files:
        before = files
        time.sleep(0.2)
        files = sum(1 for _ in folder.rglob("*"))


def test_with_a_live_portal_what_is_missing_leads_there(exporter: Exporter) -> None:
    exporter.run("--base-url", "https://city.example", "--live", LIVE)
    listing = (exporter.out / "en/attractions/wheel/index.html").read_text()
    assert f'action="{LIVE}/en/search"' in listing
    assert f'href="{LIVE}/en/attractions/wheel/report"' in listing
    assert f'href="{LIVE}/en/attractions/?tag=river"' in listing
    assert f'href="{LIVE}/en/attractions/"' in (exporter.out / "en/attractions/index.html").read_text()
    assert f"form-action 'self' {LIVE}" in (exporter.out / "_headers").read_text()


def test_compressed_forms_lie_beside_texts(exporter: Exporter) -> None:
    exporter.run("--compress")
    page = exporter.out / "en/index.html"
    assert gzip.decompress(page.with_name("index.html.gz").read_bytes()) == page.read_bytes()
    assert brotli.decompress(page.with_name("index.html.br").read_bytes()) == page.read_bytes()
    assert exporter.written("--compress") == 0
    exporter.run()
    assert not page.with_name("index.html.gz").exists()


def test_a_folder_with_other_files_is_left_alone(exporter: Exporter) -> None:
    exporter.out.mkdir()
    (exporter.out / "letters.txt").touch()
    done = subprocess.run(
        exporter.command(), cwd=ROOT, env=exporter.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "other files" in done.stderr
    assert (exporter.out / "letters.txt").exists()


def test_nginx_serves_it_with_its_headers(exported: Exporter, tmp_path: Path) -> None:
    port = free_port()
    here = f"""
    server {{
        listen 127.0.0.1:{port};
        root {exported.out};
        error_page 404 /404.html;
        gzip_static on;
        location ~ /\\. {{ return 404; }}
        include {exported.out}/.nginx.conf;
    }}"""
    with nginx(tmp_path, free_port(), [free_port()], here):
        http = urllib3.PoolManager(retries=False)
        page = http.request("GET", f"http://127.0.0.1:{port}/en/attractions/wheel/")
        assert (page.status, page.headers["Cache-Control"]) == (200, "no-cache")
        assert "form-action 'self'" in page.headers["Content-Security-Policy"]
        style = re.search(rb'href="(/static/css/[^"]+)"', page.data)[1].decode()  # type: ignore[index]
        assert "immutable" in http.request("GET", f"http://127.0.0.1:{port}{style}").headers["Cache-Control"]
        assert http.request("GET", f"http://127.0.0.1:{port}/").status == 200
        for path in ("/.export", "/.nginx.conf", "/en/nothing/"):
            assert http.request("GET", f"http://127.0.0.1:{port}{path}").status == 404, path
