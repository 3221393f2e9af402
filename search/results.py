"""Hits made from what an engine found; the same for every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.analysis import Analysis, profile
from search.geo import distance_m
from search.highlight import extract
from search.marking import Marker
from search.model import Hit, Near, Query, Suggestion
from search.plan import Plan

Texts = Mapping[str, str]
"""`name`, `other_names` joined, `summary` and `body` of a listing in one language, as written."""

SUGGESTED_NAMES = 3
"""Of the close spellings found, how many are offered as what may have been meant."""


SUGGESTED_SHARE = 0.5
"""Of the best score, below which a name is a guess too many."""


def choose_language(available: Sequence[str], group: str | None, wanted: str, analysis: Analysis) -> str | None:
    """Return which of a listing's languages to show: one of the group that matched, the reader's own if it is.

    :param available: languages that the listing has texts in.
    :param group: the language group that matched; None when the match is in no language (pinyin, a filter).
    """
    group = group or profile(wanted).group
    order = [wanted] if profile(wanted).group == group else []
    order += [*analysis.groups.get(group, ()), wanted, "en", *analysis.languages]
    return next((language for language in order if language in available), None)


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine found, in the language it is shown in.

    :param language: None for a listing without any text.
    :param texts: of that language.
    :param group: the language group that matched; None when the match is in no language.
    """

    id: str
    score: float
    language: str | None
    texts: Texts
    place: tuple[float, float] | None = None
    group: str | None = None


def make_hits(page: Sequence[Found], query: Query, plan: Plan | None, analysis: Analysis) -> tuple[Hit, ...]:
    """Return the results of a page, each with its extract and distance."""
    marker = Marker(plan, analysis)
    return tuple(_hit(found, query, marker) for found in page)


def _hit(found: Found, query: Query, marker: Marker) -> Hit:
    language = found.language or query.language
    return Hit(
        id=found.id,
        score=found.score,
        language=language,
        highlight=extract(found.texts, profile(language).group, marker),
        distance_m=_distance(query.near, found.place),
    )


def make_suggestion(found: Found, wanted: str) -> Suggestion:
    """Return a completion that shows a listing's name."""
    return Suggestion(id=found.id, name=found.texts.get("name", found.id), language=found.language or wanted)


def meant(found: Sequence[Found]) -> tuple[str, ...]:
    """Return the names that a reader may have meant whose words were only nearly found."""
    best = max((one.score for one in found), default=0.0)
    near = [one for one in found[:SUGGESTED_NAMES] if one.texts and one.score >= SUGGESTED_SHARE * best]
    return tuple(dict.fromkeys(one.texts["name"] for one in near))


def _distance(near: Near | None, place: tuple[float, float] | None) -> float | None:
    return distance_m((near.lat, near.lon), place) if near and place else None
