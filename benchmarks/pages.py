"""`make audit`: Lighthouse on every type of page that search engines show, as a phone on a slow network sees it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.servers import gunicorn, prepare, site
from tools import judges, tiles
from tools.console import ToolError, run_command, say
from tools.judges import CATEGORIES, Verdict
from tools.page_types import INDEXABLE, JUDGED_LANGUAGES
from tools.ports import HOST
from tools.processes import interrupt_on_signals

WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}


def row(name: str, verdict: Verdict) -> str:
    """Return a page's row of the table: its points, and what cost them where they are too few."""
    points = "".join(f"{verdict.points[category]:5}" for category in CATEGORIES)
    return f"{name:32}{points}" + "".join(f"\n    {fault}" for fault in verdict.faults if falls_short(verdict))


def falls_short(verdict: Verdict) -> bool:
    """Whether a page has fewer points than wanted."""
    return any(verdict.points[category] < least for category, least in WANTED.items())


@contextmanager
def served() -> Iterator[str]:
    """Serve a portal of its own, with tiles of its own, and give its address."""
    with site() as portal, tiles.serving() as tiles_url:
        environ = {**portal.environ, "PORTAL_TILES_URL": tiles_url}
        prepare(portal)
        with gunicorn("wsgi:app", portal.port, environ):
            yield f"http://{HOST}:{portal.port}"


def main() -> int:
    """Judge all pages, or those of the languages named as arguments; the exit code tells whether all are good."""
    interrupt_on_signals()
    chosen = sys.argv[1:] or list(JUDGED_LANGUAGES)
    if unknown := set(chosen) - set(JUDGED_LANGUAGES):
        raise ToolError(f"Unknown: {', '.join(sorted(unknown))}. Known are {', '.join(JUDGED_LANGUAGES)}.")
    judges.ensure()
    verdicts: list[Verdict] = []
    with served() as url:
        say(f"{'':32}{''.join(f'{category[:4]:>5}' for category in CATEGORIES)}")
        for language in chosen:
            for name, path in INDEXABLE.items():
                verdicts.append(judges.lighthouse(f"{url}/{language}/{path}"))
                say(row(f"{language} {name}", verdicts[-1]))
    for category in CATEGORIES:
        say(f"lowest {category}: {min(verdict.points[category] for verdict in verdicts)}")
    return 1 if any(map(falls_short, verdicts)) else 0


if __name__ == "__main__":
    run_command(main)
