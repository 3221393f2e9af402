"""Mistakes in content, in the language of whoever may mend them. The compiler speaks English, to operators."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from flask_babel import gettext

from portal.catalog.problems import Problem
from portal.web.businesses.in_words import fact_labels
from portal.web.businesses.text_form import LABELS
from portal.web.formats import language_name

Words = Callable[[re.Match[str]], str]

MEANINGS: tuple[tuple[re.Pattern[str], Words], ...] = (
    (re.compile(r"Field required|is missing|at least 1 character"), lambda _: gettext("This is missing.")),
    (re.compile(r"there is no good (?P<what>.+)"), lambda _: gettext("A file is missing, or has mistakes itself.")),
    (re.compile(r"expected a text below the front matter"), lambda _: gettext("The text is missing.")),
    (re.compile(r"does not say what the picture shows"), lambda _: gettext("It is not said what the picture shows.")),
    (re.compile(r"Extra inputs are not permitted"), lambda _: gettext("There is no such field.")),
    (re.compile(r"expected a date"), lambda _: gettext("This is not a date such as 2026-10-01.")),
    (re.compile(r"expected a phone number"), lambda _: gettext("This is not a phone number such as +862212345678.")),
    (re.compile(r"expected a type of place"), lambda _: gettext("This is not a kind of place of schema.org.")),
    (
        re.compile(r"expected opening hours|expected PH"),
        lambda _: gettext("These are not opening hours such as Mo-Su 09:00-17:00."),
    ),
    (re.compile(r"there is no (?P<file>\S+)"), lambda m: gettext("This is not there: %(file)s", file=m["file"])),
    (re.compile(r"URL|valid url", re.I), lambda _: gettext("This is not a web address such as https://example.com.")),
    (
        re.compile(r"at most (?P<most>\d+) (?:character|item|byte)"),
        lambda m: gettext("This is too long. At most: %(most)s", most=m["most"]),
    ),
    (
        re.compile(r"at least (?P<least>\d+) item"),
        lambda m: gettext("These are too few. At least: %(least)s", least=m["least"]),
    ),
    (
        re.compile(r"(?:greater than or equal to|less than or equal to|greater than|less than) (?P<limit>[-\d.]+)"),
        lambda m: gettext("This number is beyond what is allowed: %(limit)s", limit=m["limit"]),
    ),
    (
        re.compile(r"Input should be (?P<choices>'.*?)(?:, not .*)?$"),
        lambda m: gettext("Choose one of these: %(choices)s", choices=m["choices"]),
    ),
    (re.compile(r"each day once|each tag once"), lambda _: gettext("Something stands here twice.")),
    (
        re.compile(r"not valid YAML|expected keys and values|front matter|UTF-8|cannot be read"),
        lambda _: gettext("This file cannot be read. It has to be mended by hand."),
    ),
    (re.compile(r"run flask content pin"), lambda _: gettext("The translation does not stand on the present text.")),
)
"""What the compiler's messages mean, by how they are worded; the first that fits counts."""


def said(problem: Problem) -> str:
    """Return what is wrong: where in words, then what. What has no words of its own is said in general ones."""
    where = place(problem)
    matches = ((pattern.search(problem.message), words) for pattern, words in MEANINGS)
    what = next((words(match) for match, words in matches if match), gettext("This cannot be as it is."))
    return f"{where}: {what}" if where else what


def explained(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Return what is wrong with several things, each with the compiler's own words for whoever knows them."""
    return [(said(problem), str(problem)) for problem in problems]


def place(problem: Problem) -> str:
    """Return what a field, or a file that has none, is called."""
    name = problem.path.rpartition("/")[2]
    first, *deeper = problem.field.split(".")
    rest = ".".join(str(int(step) + 1) if step.isdecimal() else step for step in deeper)  # people count from 1
    spoken = name.removesuffix(".md") if name.endswith(".md") else None
    labels = {key: str(words) for key, words in LABELS.items()} if spoken else fact_labels()
    called = labels.get(first, first)
    called = f"{called} ({rest})" if rest else called
    tongue = language_name(spoken) if spoken else ""
    return " · ".join(part for part in (called or (gettext("Facts") if name == "listing.yaml" else ""), tongue) if part)
