"""A plan as the text part of an Elasticsearch search; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from search import weights
from search.documents import begun, field_name, own
from search.geo import Box, around
from search.model import Match, Query
from search.plan import (
    LONG_PINYIN_MIN,
    PINYIN_MIN,
    CloseTerm,
    Completion,
    GroupPlan,
    Plan,
    close_distance,
    sound_weight,
    whole_pinyin_weight,
)
from search.spelling import SLIP_MAX, begun_with_a_slip, may_have_a_slip, mixed_pinyin
from search.units import Choice, Term, Unit

Body = dict[str, Any]

NOTHING: Body = {"match_none": {}}


def text(plan: Plan, match: Match) -> Body:
    """Match a text: as typed, in close spellings, or in some of its words.

    The language groups that matched are named in each hit's `matched_queries`.
    """
    options = {"exact": _typed, "close": _close, "partial": _partly}[match](plan)
    matching = any_of(options) if options else NOTHING
    if match == "partial" and (whole := [_group(group, named=False) for group in plan.meant_groups]):
        return {"bool": {"must": [matching], "should": [_constant(any_of(whole), weights.ALL_WORDS)]}}
    return matching


def ranked(matching: Body, plan: Plan, query: Query) -> Body:
    """Order what matches a text: places first, names before words, and gently by what else a reader would like."""
    story = {"filter": {"term": {"place": False}}, "weight": plan.story_weight}
    # A clause for either would match, and look close spellings up, twice.
    weighed = {"function_score": {"query": matching, "functions": [story], "boost_mode": "multiply"}}
    gains = [
        _constant({"terms": {"names": list(plan.names)}}, weights.EXACT_NAME),
        _constant({"terms": {"completions": list(plan.endings)}}, weights.NAME_END),
        _constant({"terms": {"district": list(plan.districts)}}, weights.IN_DISTRICT),
        _constant({"term": {"bookable": True}}, weights.BOOKABLE),
    ]
    if query.open_hours:
        gains.append(_constant({"terms": {"hours": list(query.open_hours)}}, weights.OPEN_NOW))
    if query.near:
        lat, lon = query.near.lat, query.near.lon
        rings = weights.nearby(asked=query.near.asked)
        gains += [_constant(_within(around(lat, lon, metres)), gain) for metres, gain in rings.items()]
    return {"bool": {"must": [weighed], "should": gains}}


def completing(completion: Completion) -> Body:
    """Match names that go on from what was typed."""
    typed, group = completion.typed, completion.group
    options = [
        _prefix("completions", begun(group, typed), weights.COMPLETION_START),
        _prefix("completions", own(group, typed), weights.COMPLETION_OWN),
        _prefix("completions", typed, weights.COMPLETION_ANY),
    ]
    if completion.letters:
        options.append(_prefix("pinyin", completion.letters, weights.COMPLETION_PINYIN))
        options += _mixed_pinyin(completion.letters, weights.COMPLETION_PINYIN)
    return any_of(options)


def completing_closely(completion: Completion) -> Body | None:
    """Match names that go on from what was typed but for a slip; None when it is too short to tell."""
    options: list[Body] = []
    if may_have_a_slip(typed := completion.typed[:SLIP_MAX]):
        any_language, first = _slip("completions", typed), own(completion.group, typed[0])
        of_readers = {"bool": {"filter": [any_language, {"prefix": {"completions": first}}]}}
        options.append(_constant(any_language, weights.COMPLETION_ANY))
        options.append(_constant(of_readers, weights.COMPLETION_OWN))
    if may_have_a_slip(letters := completion.letters[:SLIP_MAX]):
        options.append(_constant(_slip("pinyin", letters), weights.COMPLETION_PINYIN))
    if len(completion.sounds) >= PINYIN_MIN:
        options.append(_prefix("pinyin", completion.sounds, weights.COMPLETION_PINYIN))
    return any_of(options) if options else None


def all_of(clauses: Iterable[Body]) -> Body:
    """Match what every clause matches, without an effect on scores."""
    return {"bool": {"filter": list(clauses)}}


def any_of(options: list[Body], others: float = 0.0) -> Body:
    """Match what any option matches, and count the best, and of the others a share."""
    return {"dis_max": {"queries": options, "tie_breaker": others}}


def _typed(plan: Plan) -> list[Body]:
    options = [_group(group) for group in plan.groups]
    for letters in plan.letters:
        if len(letters) >= PINYIN_MIN:
            options.append(_prefix("pinyin", letters, weights.PINYIN))
            options.append(_constant({"term": {"pinyin": letters}}, whole_pinyin_weight(letters)))
            options += _mixed_pinyin(letters, weights.PINYIN)
    for typed in plan.beginnings:
        options.append(_prefix("completions", typed, weights.NAME_BEGINNING))
    return options


def _close(plan: Plan) -> list[Body]:
    """Match words and whole names that are spelt nearly so, in any language, and sound alike in Chinese."""
    options = _typed(plan.other) if plan.other else []
    for words in plan.close:
        options.append(_enough([_close_word(word) for word in words], len(words)))
    return [*options, *_close_names(plan)]


def _close_names(plan: Plan) -> list[Body]:
    options: list[Body] = []
    for name in plan.beginnings:
        if distance := close_distance(name):
            options.append(_constant(_fuzzy("completions", name, distance), weights.CLOSE_NAME))
    for letters in plan.letters:
        if len(letters) >= LONG_PINYIN_MIN:
            options.append(_constant(_fuzzy("pinyin", letters, 1), weights.PINYIN))
    if len(plan.sounds) >= PINYIN_MIN:
        options.append(_prefix("pinyin", plan.sounds, sound_weight(plan.sounds)))
    return options


def _partly(plan: Plan, *, named: bool = True) -> list[Body]:
    options = [_group(group, required=1, named=named) for group in plan.groups]
    options += [_enough([_close_word(word) for word in words], 1) for words in plan.close]
    return [*options, *_close_names(plan), *(_partly(plan.other, named=False) if plan.other else [])]


def _group(group: GroupPlan, required: int | None = None, *, named: bool = True) -> Body:
    needed = [_unit(unit, group.group) for unit in group.needed]
    least = min(group.required if required is None else required, len(needed))
    helpful = [_unit(unit, group.group) for unit in group.helpful]
    clauses = {"must": [_enough(needed, least)], "should": helpful}
    return {"bool": {**clauses, "boost": group.weight, **({"_name": group.group} if named else {})}}


def _enough(options: list[Body], least: int) -> Body:
    return {"bool": {"should": options, "minimum_should_match": least}}


def _unit(unit: Unit, group: str) -> Body:
    choices = [_choice(choice, group) for choice in unit.choices]
    return choices[0] if len(choices) == 1 else any_of(choices, weights.SYNONYM_TOO)


def _choice(choice: Choice, group: str) -> Body:
    return {"bool": {"must": [_anywhere(term, group, choice.fields) for term in choice.terms]}}


def _anywhere(term: Term, group: str, fields: Mapping[str, float]) -> Body:
    def find(field: str, weight: float) -> Body:
        if term.prefix:
            return _prefix(field, term.text, weight)
        return {"match": {field: {"query": term.text, "boost": weight}}}

    return any_of([find(field_name(kind, group), weight) for kind, weight in fields.items()])


def _close_word(word: CloseTerm) -> Body:
    options = [
        _constant(_fuzzy(field, word.text, wrong), weight * weights.CLOSE_SPELLING[wrong])
        for field, weight in weights.CLOSE_FIELDS.items()
        for wrong in range(word.distance + 1)
    ]
    return any_of(options)


def _within(box: Box) -> Body:
    corners = {"top": box.north, "bottom": box.south, "left": box.west, "right": box.east}
    return {"geo_bounding_box": {"location": corners}}


def _constant(query: Body, score: float) -> Body:
    return {"constant_score": {"filter": query, "boost": score}}


def _prefix(field: str, text: str, score: float) -> Body:
    return {"prefix": {field: {"value": text, "boost": score}}}


def _mixed_pinyin(letters: str, score: float) -> list[Body]:
    return [
        _constant(all_of({"prefix": {"pinyin": part}} for part in (mixed.initials, *mixed.runs)), score)
        for mixed in mixed_pinyin(letters)
    ]


def _slip(field: str, typed: str) -> Body:
    return {"regexp": {field: {"value": begun_with_a_slip(typed), "flags": "NONE"}}}


def _fuzzy(field: str, text: str, distance: int) -> Body:
    if not distance:
        return {"term": {field: text}}
    # Any number of spellings: the rewrite does without the usual limit of 50, which would depend on the shard.
    return {"fuzzy": {field: {"value": text, "fuzziness": distance, "rewrite": "constant_score"}}}
