"""A plan as queries of the embedded engine; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tantivy import FieldType, Occur, Query, Schema

from search import weights
from search.analysis import Analysis
from search.documents import begun, field_name, own
from search.geo import Box, around
from search.model import Match
from search.model import Query as Asked
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
from search.spelling import SLIP_MAX, may_have_a_slip, mixed_pinyin
from search.units import Choice, Term, Unit


class Queries:
    """Builds queries for one schema."""

    def __init__(self, schema: Schema, analysis: Analysis) -> None:
        self._schema = schema
        self._analysis = analysis

    def text(self, plan: Plan, match: Match) -> Query:
        """Match a text: as typed, in close spellings, or in some of its words."""
        options = {"exact": self._typed, "close": self._close, "partial": self._partly}[match](plan)
        text = Query.disjunction_max_query(options) if options else Query.empty_query()
        if match == "partial" and (whole := [self.group(group) for group in plan.meant_groups]):
            gain = Query.const_score_query(Query.disjunction_max_query(whole), weights.ALL_WORDS)
            return Query.boolean_query([(Occur.Must, text), (Occur.Should, gain)])
        return text

    def ranked(self, text: Query, plan: Plan, asked: Asked) -> Query:
        """Order what matches a text: places first, names before words, and gently by what else a reader would like."""
        if not asked.text.strip():
            return text
        place, story = self.having("place", True), self.having("place", False)
        either = [all_of([text, place]), Query.boost_query(all_of([text, story]), plan.story_weight)]
        gains = [(self._any_term("names", plan.names), weights.EXACT_NAME)]
        gains.append((self._any_term("completions", plan.endings), weights.NAME_END))
        gains.append((self._any_term("district", plan.districts), weights.IN_DISTRICT))
        gains.append((self._term("bookable", True), weights.BOOKABLE))
        if asked.open_hours:
            gains.append((self._any_term("hours", asked.open_hours), weights.OPEN_NOW))
        if asked.near:
            lat, lon = asked.near.lat, asked.near.lon
            rings = weights.nearby(asked=asked.near.asked)
            gains += [(self.within(around(lat, lon, metres)), gain) for metres, gain in rings.items()]
        should = [(Occur.Should, Query.const_score_query(query, gain)) for query, gain in gains]
        return Query.boolean_query([(Occur.Must, Query.disjunction_max_query(either)), *should])

    def group(self, group: GroupPlan, required: int | None = None) -> Query:
        """Match enough of the units in the texts of one language group.

        :param required: how many; None for as many as the plan says.
        """
        needed = [(Occur.Should, self._unit(unit, group.group)) for unit in group.needed]
        least = min(group.required if required is None else required, len(needed))
        clauses = [(Occur.Must, Query.boolean_query(needed, minimum_number_should_match=least))]
        clauses += [(Occur.Should, self._unit(unit, group.group)) for unit in group.helpful]
        return Query.boolean_query(clauses)

    def completing(self, completion: Completion) -> list[Query]:
        """Match names that go on from what was typed; what the first query matches counts most."""
        typed, group = completion.typed, completion.group
        options = [
            (weights.COMPLETION_START, self._prefix("completions", begun(group, typed))),
            (weights.COMPLETION_OWN, self._prefix("completions", own(group, typed))),
            (weights.COMPLETION_ANY, self._prefix("completions", typed)),
        ]
        if completion.letters:
            options.append((weights.COMPLETION_PINYIN, self._prefix("pinyin", completion.letters)))
            mixed = self._mixed_pinyin(completion.letters, weights.COMPLETION_PINYIN)
            options += [(weights.COMPLETION_PINYIN, query) for query in mixed]
        return _tiers(options)

    def completing_closely(self, completion: Completion) -> list[Query]:
        """Match names that go on from what was typed but for a slip; none when it is too short to tell."""
        options = []
        if may_have_a_slip(typed := completion.typed[:SLIP_MAX]):
            any_language = self._slip("completions", typed)
            of_readers = all_of([any_language, self._prefix("completions", own(completion.group, typed[0]))])
            options.append((weights.COMPLETION_ANY, any_language))
            options.append((weights.COMPLETION_OWN, of_readers))
        if may_have_a_slip(letters := completion.letters[:SLIP_MAX]):
            options.append((weights.COMPLETION_PINYIN, self._slip("pinyin", letters)))
        if len(completion.sounds) >= PINYIN_MIN:
            options.append((weights.COMPLETION_PINYIN, self._prefix("pinyin", completion.sounds)))
        return _tiers(options)

    def having(self, field: str, value: str | bool) -> Query:
        """Keep what has an exact value, without an effect on scores."""
        return Query.const_score_query(self._term(field, value), 0.0)

    def among(self, values: Iterable[str], field: str = "id") -> Query:
        """Keep what has one of the values, without an effect on scores."""
        return Query.const_score_query(self._any_term(field, values), 0.0)

    def other_than(self, id: str) -> Query:
        """Keep all but one document, without an effect on scores."""
        return Query.boolean_query([(Occur.Must, all_of([])), (Occur.MustNot, self._term("id", id))])

    def within(self, box: Box) -> Query:
        """Keep what lies in a box."""
        lat = Query.range_query(self._schema, "lat", FieldType.Float, box.south, box.north)
        lon = Query.range_query(self._schema, "lon", FieldType.Float, box.west, box.east)
        return all_of([lat, lon])

    def in_any(self, boxes: Iterable[Box]) -> Query:
        """Keep what lies in one of some boxes, without an effect on scores."""
        found = Query.boolean_query([(Occur.Should, self.within(box)) for box in boxes])
        return Query.const_score_query(found, 0.0)

    def _typed(self, plan: Plan) -> list[Query]:
        options = [Query.boost_query(self.group(group), group.weight) for group in plan.groups]
        for letters in plan.letters:
            if len(letters) >= PINYIN_MIN:
                options.append(Query.const_score_query(self._prefix("pinyin", letters), weights.PINYIN))
                options.append(Query.const_score_query(self._term("pinyin", letters), whole_pinyin_weight(letters)))
                options += self._mixed_pinyin(letters, weights.PINYIN)
        for typed in plan.beginnings:
            options.append(Query.const_score_query(self._prefix("completions", typed), weights.NAME_BEGINNING))
        return options

    def _close(self, plan: Plan) -> list[Query]:
        """Match words and whole names that are spelt nearly so, in any language, and sound alike in Chinese."""
        options = self._typed(plan.other) if plan.other else []
        for words in plan.close:
            clauses = [(Occur.Should, self._close_word(word)) for word in words]
            options.append(Query.boolean_query(clauses, minimum_number_should_match=len(clauses)))
        return [*options, *self._close_names(plan)]

    def _close_names(self, plan: Plan) -> list[Query]:
        options = []
        for name in plan.beginnings:
            if distance := close_distance(name):
                options.append(Query.const_score_query(self._fuzzy("completions", name, distance), weights.CLOSE_NAME))
        for letters in plan.letters:
            if len(letters) >= LONG_PINYIN_MIN:
                options.append(Query.const_score_query(self._fuzzy("pinyin", letters, 1), weights.PINYIN))
        if len(plan.sounds) >= PINYIN_MIN:
            options.append(Query.const_score_query(self._prefix("pinyin", plan.sounds), sound_weight(plan.sounds)))
        return options

    def _partly(self, plan: Plan) -> list[Query]:
        options = [Query.boost_query(self.group(group, required=1), group.weight) for group in plan.groups]
        for words in plan.close:
            options.append(Query.boolean_query([(Occur.Should, self._close_word(word)) for word in words]))
        return [*options, *self._close_names(plan), *(self._partly(plan.other) if plan.other else [])]

    def _unit(self, unit: Unit, group: str) -> Query:
        choices = [self._choice(choice, group) for choice in unit.choices]
        return choices[0] if len(choices) == 1 else Query.disjunction_max_query(choices, weights.SYNONYM_TOO)

    def _choice(self, choice: Choice, group: str) -> Query:
        terms = [self._anywhere(term, group, choice.fields) for term in choice.terms]
        return terms[0] if len(terms) == 1 else all_of(terms)

    def _anywhere(self, term: Term, group: str, fields: Mapping[str, float]) -> Query:
        stem = self._analysis.stem(group, term.text)
        find = self._prefix if term.prefix else self._term
        options = [Query.boost_query(find(field_name(kind, group), stem), weight) for kind, weight in fields.items()]
        return Query.disjunction_max_query(options)

    def _close_word(self, word: CloseTerm) -> Query:
        options = [
            Query.const_score_query(self._fuzzy(field, word.text, wrong), weight * weights.CLOSE_SPELLING[wrong])
            for field, weight in weights.CLOSE_FIELDS.items()
            for wrong in range(word.distance + 1)
        ]
        return Query.disjunction_max_query(options)

    def _term(self, field: str, value: str | bool) -> Query:
        return Query.term_query(self._schema, field, value)

    def _any_term(self, field: str, values: Iterable[str]) -> Query:
        return Query.term_set_query(self._schema, field, list(values))

    def _prefix(self, field: str, text: str) -> Query:
        return Query.fuzzy_term_query(self._schema, field, text, distance=0, prefix=True)

    def _mixed_pinyin(self, letters: str, score: float) -> list[Query]:
        return [
            Query.const_score_query(
                all_of(self._prefix("pinyin", part) for part in (mixed.initials, *mixed.runs)), score
            )
            for mixed in mixed_pinyin(letters)
        ]

    def _slip(self, field: str, typed: str) -> Query:
        return Query.fuzzy_term_query(self._schema, field, typed, distance=1, prefix=True)

    def _fuzzy(self, field: str, text: str, distance: int) -> Query:
        return Query.fuzzy_term_query(self._schema, field, text, distance=distance)


def _tiers(options: Iterable[tuple[float, Query]]) -> list[Query]:
    """Return a query for all options of each weight, the heaviest first."""
    by_weight: dict[float, list[Query]] = {}
    for weight, query in options:
        by_weight.setdefault(weight, []).append(query)
    tiers = [by_weight[weight] for weight in sorted(by_weight, reverse=True)]
    return [tier[0] if len(tier) == 1 else Query.disjunction_max_query(tier) for tier in tiers]


def all_of(queries: Iterable[Query]) -> Query:
    """Match what every query matches; everything when there is none."""
    clauses = [(Occur.Must, query) for query in queries]
    return Query.boolean_query(clauses) if clauses else Query.const_score_query(Query.all_query(), 0.0)
