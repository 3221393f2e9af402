"""Events, itineraries and guides: each with facts of its own, leading to places."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.catalog.catalog import Catalog
from portal.catalog.compiler import Compiler
from portal.catalog.facts import EventFacts, ItineraryFacts
from portal.catalog.selection import Selection
from portal.languages.model import Language
from tests import sample_content

ENGLISH = Language("en", "English")


@pytest.fixture
def content(content: Path) -> Path:
    return sample_content.write_beyond_places(content)


def test_each_kind_has_its_own_facts(compiler: Compiler, catalog: Catalog) -> None:
    assert compiler.compile().problems == ()
    assert isinstance(catalog.facts("events/lanterns"), EventFacts)
    facts = catalog.facts("itineraries/one-day")
    assert isinstance(facts, ItineraryFacts)
    assert [(stop.place, stop.minutes) for stop in facts.stops] == [("dining/dumplings", 60), ("attractions/wheel", 45)]


def test_a_place_knows_what_leads_to_it(catalog: Catalog) -> None:
    leading = catalog.cards(Selection(place="attractions/wheel"), ENGLISH)
    assert [card.id for card in leading] == [
        "itineraries/one-day",
        "events/lanterns",
    ]  # what has a position comes first


def test_a_card_shows_the_picture_of_the_first_place_it_leads_to(catalog: Catalog) -> None:
    (event,) = catalog.cards(Selection(kind="events"), ENGLISH)
    assert event.cover is not None
    assert (event.cover.kind, event.cover.slug, event.cover.image.file) == ("attractions", "wheel", "wheel.svg")
    (guide,) = catalog.cards(Selection(kind="guides"), ENGLISH)
    assert guide.cover is None


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "events/lanterns",
            "attractions/wheel",
            "attractions/tower",
            "2: places.0: there is no attractions/tower/listing",
        ),
        (
            "itineraries/one-day",
            "dining/dumplings",
            "dining/noodles",
            "2: stops.0.place: there is no dining/noodles/listing",
        ),
        ("itineraries/one-day", "minutes: 60", "minutes: 0", "2: stops.0.minutes: Input should be greater"),
        ("events/lanterns", "YEARLY", "WEEKLY", "1: recurrence: expected a rule of RFC 5545"),
        ("guides/paying", "sources: []", "sources: []\nphones: []", "3: phones: Extra inputs"),
        (
            "guides/paying",
            "sources: []",
            "sources: []\nshare_image: x.jpg",
            "3: share_image: there is no guides/paying/x.jpg",
        ),
    ],
)
def test_a_slip_is_reported_with_its_line(
    compiler: Compiler, content: Path, file: str, old: str, new: str, problem: str
) -> None:
    facts = content / file / "listing.yaml"
    facts.write_text(facts.read_text().replace(old, new))
    found = next(problem for problem in compiler.compile().problems if problem.path.endswith("listing.yaml"))
    assert str(found).startswith(f"{file}/listing.yaml:{problem}")


def test_a_place_that_goes_is_missed_by_what_leads_to_it(compiler: Compiler, content: Path) -> None:
    assert compiler.compile().problems == ()
    for name in ("listing.yaml", "zh-Hans.md"):
        (content / "dining/dumplings" / name).unlink()
    assert {problem.path for problem in compiler.compile().problems} == {
        "guides/paying/listing.yaml",
        "itineraries/one-day/listing.yaml",
    }


def test_only_places_have_an_address(compiler: Compiler, content: Path) -> None:
    text = content / "guides/paying/en.md"
    text.write_text(text.read_text().replace("summary:", "address: Bridge 1\nsummary:"))
    (problem,) = compiler.compile().problems
    assert "address: Extra inputs" in str(problem)
