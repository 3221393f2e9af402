"""Where a page of results ended, as a text that callers pass back without looking into it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
from dataclasses import dataclass

from search.model import MAX_WINDOW, BackendName, BadQuery, Match, Query

LONGEST = 600


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last result of a page.

    :param engine: scores of one engine mean nothing to another, which goes on by count.
    :param seen: how many results there were so far.
    :param match: which try at the text they come from; the next page has to be of the same.
    :param value: the score, or the distance in metres (infinite without a place); None in the order of ids.
    """

    engine: BackendName
    seen: int
    match: Match
    value: float | None
    id: str

    def written(self, query: Query) -> str:
        """Return the cursor for the next page of a query."""
        value = "inf" if self.value == math.inf else self.value
        parts = [self.engine, self.seen, self.match, value, self.id, _digest(query)]
        return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def read(query: Query) -> Cursor | None:
    """Return where a query goes on, or None when it begins.

    :raises BadQuery: when the cursor is of no answer to this query.
    """
    if query.after is None:
        return None
    wrong = BadQuery("cursor", "must be the one that the page before gave, for the same query")
    if len(query.after) > LONGEST or not query.after.isascii():
        raise wrong
    try:
        parts = json.loads(base64.urlsafe_b64decode(query.after + "=" * (-len(query.after) % 4)))
        engine, seen, match, value, id, digest = parts
    except (binascii.Error, ValueError, TypeError):
        raise wrong from None
    value = math.inf if value == "inf" else value
    fits = (
        engine in {"elasticsearch", "embedded"}
        and match in {"exact", "close", "partial"}
        and type(seen) is int
        and 0 < seen < 2**53
        and isinstance(id, str)
        and (value is None if query.by == "id" else isinstance(value, int | float) and not math.isnan(value))
        and digest == _digest(query)
    )
    if not fits:
        raise wrong
    return Cursor(engine, seen, match, value, id)


def offset(query: Query, cursor: Cursor | None) -> int:
    """Return how many results come before the page when they have to be counted.

    :raises BadQuery: further than engines look by counting.
    """
    if cursor is None:
        return query.offset
    if cursor.seen > MAX_WINDOW - query.limit:
        raise BadQuery("cursor", "is too far on for the engine that stands in; begin again")
    return cursor.seen


def _digest(query: Query) -> str:
    near = query.near and (query.near.lat, query.near.lon, query.near.radius_m)
    parts = [query.text, query.language, query.kind, query.district, sorted(query.tags), near, query.bookable,
             query.price, query.open_now, query.order, query.but]  # fmt: skip
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
