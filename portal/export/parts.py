"""What an export has beside its pages: sitemaps, the manifest, static files, pictures, headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, render_template

from portal.catalog.facts import Facts
from portal.export.render import Job, render, render_missing
from portal.pictures.renditions import FORMATS, is_photograph, widths
from portal.services import Services
from portal.web.context import languages, services
from portal.web.media import PICTURE_POLICY
from portal.web.security import headers_of

LOCATION = re.compile(r"<loc>([^<]+)</loc>")
FOR_GOOD = "public, max-age=31536000, immutable"

Part = tuple[str, bytes]
"""A file below the export's folder, and what it holds."""


def parts(app: Flask, job: Job) -> Iterator[Part]:
    """Yield every file that is no page."""
    yield from _crawlers(app, job)
    yield from _static(Path(str(app.static_folder)))
    yield "driver-cards.js", Path(str(app.static_folder), "js", "driver-cards.js").read_bytes()
    with app.app_context():
        yield from _pictures(services())
        rules = _headers(job)
    yield "_headers", _for_cdns(rules).encode()
    yield ".nginx.conf", _for_nginx(rules).encode()
    with app.test_request_context("/"):
        home = render_template("export/languages.html", languages=languages())
        yield "index.html", home.encode()
        missing = f"/{languages().default.path}/404"
    yield "404.html", render_missing(app, missing)


def _crawlers(app: Flask, job: Job) -> Iterator[Part]:
    for name in ("robots.txt", "manifest.webmanifest", "sitemap.xml"):
        content = render(app, f"/{name}")
        yield name, content
    for address in LOCATION.findall(content.decode()):  # of the sitemap, which is an index
        path = address.removeprefix(job.settings.base_url)
        yield path.lstrip("/"), render(app, path)


def _static(folder: Path) -> Iterator[Part]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield f"static/{file.relative_to(folder).as_posix()}", file.read_bytes()


def _pictures(here: Services) -> Iterator[Part]:
    for identity in here.catalog.ids():
        facts = here.catalog.facts(identity)
        if facts is None:
            continue
        folder = here.settings.content / identity
        for name in dict.fromkeys(facts.pictures):
            yield f"media/{identity}/{name}", (folder / name).read_bytes()
        yield from _renditions(here, identity, facts)


def _renditions(here: Services, identity: str, facts: Facts) -> Iterator[Part]:
    version = here.catalog.media_version(identity) or ""
    for image in facts.images:
        for width in widths(image.width) if is_photograph(image.file) else ():
            for form in FORMATS:
                made = here.renditions.get(here.settings.content / identity / image.file, version, width, form)
                yield f"media/{identity}/{image.file}/{width}.{form}", made.read_bytes()


Rules = list[tuple[str, dict[str, str]]]
"""What addresses begin with, and the headers of their answers. No two overlap: some servers would send both."""


def _headers(job: Job) -> Rules:
    policy = headers_of(job.settings.tiles, secure=job.settings.secure, forms=job.live)
    page = policy | {"Cache-Control": "no-cache"}
    pages = [(f"/{language.path}/", page) for language in languages()]
    picture = policy | {"Cache-Control": FOR_GOOD, "Content-Security-Policy": PICTURE_POLICY}
    return [*pages, ("/static/", policy | {"Cache-Control": FOR_GOOD}), ("/media/", picture)]


def _for_cdns(rules: Rules) -> str:
    blocks = ((f"{prefix}*", *(f"  {name}: {value}" for name, value in headers.items())) for prefix, headers in rules)
    return "\n".join(line for block in blocks for line in block) + "\n"


def _for_nginx(rules: Rules) -> str:
    lines = []
    for prefix, headers in rules:
        named = (f'    add_header {name} "{value}";' for name, value in headers.items())
        lines += [f"location ^~ {prefix} {{", *named, "}"]
    return "\n".join(lines) + "\n"
