"""A plan as queries of the embedded engine; pure."""

from __future__ import annotations

from collections.abc import Iterable

from tantivy import FieldType, Occur, Query, Schema

from search import weights
from search.analysis import Analysis
from search.documents import field_name
from search.geo import Box
from search.plan import LONG_PINYIN_MIN, PINYIN_MIN, Completion, Plan, Term


class Queries:
    """Builds queries for one schema."""

    def __init__(self, schema: Schema, analysis: Analysis) -> None:
        self._schema = schema
        self._analysis = analysis

    def matching(self, plan: Plan) -> Query:
        """Match what was typed, in any one language, as an exact name or in pinyin."""
        options = [Query.boost_query(self.group(plan, group), boost) for group, boost in plan.groups if plan.terms]
        if len(plan.letters) >= PINYIN_MIN:
            options.append(Query.const_score_query(self._prefix("pinyin", plan.letters), weights.PINYIN))
            options.append(Query.const_score_query(self._term("pinyin", plan.letters), plan.whole_pinyin_weight))
        if not options:
            return Query.empty_query()
        exact = Query.const_score_query(self._term("names", plan.name), weights.EXACT_NAME)
        any_of = Query.disjunction_max_query(options)
        return Query.boolean_query([(Occur.Must, any_of), (Occur.Should, exact)])

    def group(self, plan: Plan, group: str) -> Query:
        """Match enough of the terms in the texts of one language group."""
        terms = [(Occur.Should, self._anywhere(term, group)) for term in plan.terms]
        return Query.boolean_query(terms, minimum_number_should_match=plan.required)

    def close(self, plan: Plan) -> Query:
        """Match words of names that are spelt nearly so, in any language, and pinyin likewise."""
        options = []
        if plan.close:
            words = [(Occur.Should, self._close_word(term.text, term.distance)) for term in plan.close]
            options.append(Query.boolean_query(words, minimum_number_should_match=plan.required))
        if len(plan.letters) >= LONG_PINYIN_MIN:
            options.append(Query.const_score_query(self._fuzzy("pinyin", plan.letters, 1), weights.PINYIN))
        return Query.disjunction_max_query(options) if options else Query.empty_query()

    def completing(self, completion: Completion) -> Query:
        """Match names that go on from what was typed."""
        typed, group = completion.typed, completion.group
        options = [
            Query.const_score_query(self._prefix("completions", f"{group}^{typed}"), weights.COMPLETION_START),
            Query.const_score_query(self._prefix("completions", f"{group}:{typed}"), weights.COMPLETION_OWN),
            Query.const_score_query(self._prefix("completions", typed), weights.COMPLETION_ANY),
        ]
        if completion.letters:
            options.append(
                Query.const_score_query(self._prefix("pinyin", completion.letters), weights.COMPLETION_PINYIN)
            )
        return Query.disjunction_max_query(options)

    def having(self, field: str, value: str | bool) -> Query:
        """Keep what has an exact value, without an effect on scores."""
        return Query.const_score_query(self._term(field, value), 0.0)

    def among(self, ids: Iterable[str]) -> Query:
        """Keep listings by id, without an effect on scores."""
        return Query.const_score_query(Query.term_set_query(self._schema, "id", list(ids)), 0.0)

    def within(self, box: Box) -> Query:
        """Keep what lies in a box."""
        lat = Query.range_query(self._schema, "lat", FieldType.Float, box.south, box.north)
        lon = Query.range_query(self._schema, "lon", FieldType.Float, box.west, box.east)
        return all_of([lat, lon])

    def _anywhere(self, term: Term, group: str) -> Query:
        (stem,) = self._analysis.stems(group, [term.text])
        find = self._prefix if term.prefix else self._term
        fields = [
            Query.boost_query(find(field_name(kind, group), stem), weight) for kind, weight in weights.FIELDS.items()
        ]
        return Query.disjunction_max_query(fields)

    def _close_word(self, word: str, distance: int) -> Query:
        options = [
            Query.const_score_query(self._fuzzy(field, word, wrong), weight * weights.CLOSE_SPELLING[wrong])
            for field, weight in weights.CLOSE_FIELDS.items()
            for wrong in range(distance + 1)
        ]
        return Query.disjunction_max_query(options)

    def _term(self, field: str, value: str | bool) -> Query:
        return Query.term_query(self._schema, field, value)

    def _prefix(self, field: str, text: str) -> Query:
        return Query.fuzzy_term_query(self._schema, field, text, distance=0, prefix=True)

    def _fuzzy(self, field: str, text: str, distance: int) -> Query:
        return Query.fuzzy_term_query(self._schema, field, text, distance=distance)


def all_of(queries: Iterable[Query]) -> Query:
    """Match what every query matches; everything when there is none."""
    clauses = [(Occur.Must, query) for query in queries]
    return Query.boolean_query(clauses) if clauses else Query.const_score_query(Query.all_query(), 0.0)
