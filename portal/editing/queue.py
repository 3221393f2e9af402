"""What waits for a moderator, of every kind, as one queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from portal.accounts import people
from portal.catalog.problems import Problem
from portal.database import Database
from portal.editing import claims, drafts, publishing
from portal.editing.claims import Claim
from portal.editing.drafts import Draft
from portal.editing.publishing import Revision
from portal.reports import reports
from portal.reports.reports import Report


class What(StrEnum):
    """What may wait."""

    DRAFTS = "drafts"
    CLAIMS = "claims"
    PROPOSALS = "proposals"
    REPORTS = "reports"
    FILES = "files"


@dataclass(frozen=True)
class BrokenFile:
    """A content file with mistakes, or one that a published version was not written over."""

    path: str
    problems: tuple[Problem, ...] = ()
    conflict: Revision | None = None


@dataclass(frozen=True)
class Item:
    """Something that waits `since` then. `languages` are those it is about, `businesses` those it concerns."""

    what: What
    entry: Draft | Claim | Report | BrokenFile
    since: datetime
    languages: frozenset[str] = field(default=frozenset())
    businesses: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True)
class Wish:
    """Which of it a moderator wants to see."""

    what: What | None = None
    age: timedelta = timedelta(0)
    language: str | None = None
    business: int | None = None


def everything(database: Database, problems: Iterable[Problem], content: Path) -> list[Item]:
    """Return all that waits, what waits longest first."""
    holders = people.businesses_of_listings(database)
    found = [*_drafts(database, holders), *_claims(database), *_reports(database, holders)]
    found += _files(database, problems, content, holders)
    return sorted(found, key=lambda item: item.since)


def chosen(items: Iterable[Item], wish: Wish, now: datetime) -> list[Item]:
    """Return what fits a wish, in the same order."""
    return [
        item
        for item in items
        if wish.what in {None, item.what}
        and now - item.since >= wish.age
        and (wish.language is None or wish.language in item.languages)
        and (wish.business is None or wish.business in item.businesses)
    ]


def _drafts(database: Database, holders: Mapping[str, frozenset[int]]) -> Iterator[Item]:
    for draft in drafts.waiting(database):
        tags = {key.partition("/")[0] for key in draft.changes if "/" in key} - {"facts"}
        since = draft.sent_at or datetime.now(UTC)
        yield Item(What.DRAFTS, draft, since, frozenset(tags), holders.get(draft.listing, frozenset()))


def _claims(database: Database) -> Iterator[Item]:
    for claim in claims.waiting(database):
        what = What.CLAIMS if claim.listing else What.PROPOSALS
        since = claim.created_at or datetime.now(UTC)
        yield Item(what, claim, since, frozenset({claim.language}), frozenset({claim.business}))


def _reports(database: Database, holders: Mapping[str, frozenset[int]]) -> Iterator[Item]:
    for report in reports.waiting(database):
        since = report.created_at or datetime.now(UTC)
        yield Item(What.REPORTS, report, since, frozenset({report.language}), holders.get(report.listing, frozenset()))


def _files(
    database: Database, problems: Iterable[Problem], content: Path, holders: Mapping[str, frozenset[int]]
) -> Iterator[Item]:
    by_path = defaultdict(list)
    for problem in problems:
        by_path[problem.path].append(problem)
    files = [BrokenFile(path, tuple(found)) for path, found in by_path.items()]
    files += [BrokenFile(revision.listing, conflict=revision) for revision in publishing.conflicts(database)]
    for file in files:
        folder, _, name = file.path.rpartition("/")
        listing = folder if "." in name else file.path
        tags = frozenset({name.removesuffix(".md")} if name.endswith(".md") else ())
        yield Item(What.FILES, file, _changed(content / file.path), tags, holders.get(listing, frozenset()))


def _changed(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:  # it is missing, which is the mistake
        return datetime.fromtimestamp(0, UTC)
