"""Listings that change are told once, however many machines take the same edit in; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from portal.editing.announcing import announce
from tests.integration.webhooks.conftest import Office

BEFORE = {f"attractions/{n}": "a" for n in range(500)}


def told(office: Office) -> list[tuple[str, str]]:
    office.works()
    return [(one.type, one.data["id"]) for one in office.receiver.received]


def test_what_is_there_at_the_beginning_is_no_news(office: Office) -> None:
    office.listens()
    announce(office.database, BEFORE, office.time.now)
    assert told(office) == []


def test_an_edit_is_told_once_by_the_first_of_several_machines(office: Office) -> None:
    office.listens("listing.*")
    announce(office.database, BEFORE, office.time.now)
    after: dict[str, str | None] = {**BEFORE, "attractions/7": "b", "attractions/8": None, "attractions/new": "a"}
    with ThreadPoolExecutor(4) as machines:
        list(machines.map(lambda _: announce(office.database, after, office.time.now), range(4)))
    announce(office.database, after, office.time.now)
    assert sorted(told(office)) == [
        ("listing.removed", "attractions/8"),
        ("listing.updated", "attractions/7"),
        ("listing.updated", "attractions/new"),
    ]
    assert office.wrong() == []
    assert office.receiver.received[0].data["url"].startswith("https://portal.example/en/attractions/")


def test_where_nobody_listens_an_edit_is_noted_and_not_told_later(office: Office) -> None:
    announce(office.database, BEFORE, office.time.now)
    announce(office.database, {"attractions/7": "b"}, office.time.now)
    office.listens("listing.*")
    announce(office.database, {"attractions/7": "b"}, office.time.now)
    assert told(office) == []
