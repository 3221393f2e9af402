"""Mistakes of content as editors read them: what they meet on their pages has words in every language."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.catalog.problems import Problem
from portal.editing import checking
from portal.services import Services
from portal.web.businesses.mistakes import place, said

WHEEL = "attractions/wheel"
GENERAL = "This cannot be as it is."
FACTS = """\
subtype: Castle
phones: ["12"]
website: nowhere
opening_hours: whenever
payment: [shells]
price: {level: 9}
location: {lat: 99, lon: 0}
colour: red
sources:
  - {title: A, url: "https://example.com", read: yesterday}
images:
  - {file: gone.svg, width: 1, height: 1, credit: A, licence: CC0-1.0}
"""
CHINESE = "---\nname: 轮\nsummary: 轮\naddress: ''\n---\n\n一。\n"


def found(services: Services) -> list[Problem]:
    texts = {
        "listing.yaml": FACTS,
        "zh-Hans.md": CHINESE,
        "en.md": "---\nname: x\n",
        "ar.md": "---\nname: [\n---\n\nx\n",
    }
    known = checking.known(services.catalog, services.settings.content)
    return checking.problems(WHEEL, texts, known, "zh-Hans")


def app_of(services: Services) -> Flask:
    return create_app(services)


def test_what_editors_meet_has_words_of_its_own(desks: Services) -> None:
    problems = found(desks)
    assert len(problems) > 10
    with app_of(desks).test_request_context("/en/business/"):
        general = [str(problem) for problem in problems if GENERAL in said(problem)]
    assert general == []


def test_they_are_said_in_the_language_of_the_page(desks: Services) -> None:
    problem = Problem(f"{WHEEL}/ar.md", 3, "summary", "Field required")
    for path, words in (("en", "In short · Arabic: This is missing."), ("zh-hans", "此项缺失"), ("ar", "هذا مفقود")):
        with app_of(desks).test_request_context(f"/{path}/business/"):
            assert words in said(problem)


def test_the_place_in_a_list_is_counted_from_one(client: FlaskClient) -> None:
    with client.application.test_request_context("/en/business/"):
        assert place(Problem(f"{WHEEL}/listing.yaml", 3, "phones.0", "")) == "Phone (1)"
