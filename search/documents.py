"""A listing as fields: what both engines store, under the same names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from search import text as cutting
from search.analysis import Analysis
from search.backend import SearchError
from search.model import Document, Text

TEXT_FIELDS = ("name", "other", "about", "body")
"""Analysed fields of each language group: the name, other names, the summary with tags and district, the body."""

TOKEN_FIELDS = ("names", "name_words", "tag_words", "about_words", "completions", "pinyin")
"""Ready-made tokens over all languages, each value one token:

- names: whole names, for an exact match
- name_words, tag_words, about_words: single words of names, of tags and of summaries, unstemmed, for typos
- completions: names from each of their words on, for suggestions; what `begun` and `own` put in front limits them to a
  language, and to the beginning of the name that is shown
- pinyin: Chinese names from each of their syllables on, written out and as initials
"""

COMPLETION_MAX = 40
PINYIN_MAX = 60


def field_name(kind: str, group: str) -> str:
    """Return the name of a text field of a language group."""
    return f"{kind}_{group}"


def searchable(document: Document, analysis: Analysis) -> dict[str, list[str]]:
    """Return the fields that texts are found by.

    :raises ValueError: for a text in a language that the site does not have.
    """
    if unknown := document.texts.keys() - set(analysis.languages):
        raise ValueError(f"{document.id} has texts in languages that are not indexed: {', '.join(sorted(unknown))}")
    fields: dict[str, dict[str, None]] = {}  # values in order, each once

    def add(field: str, values: Iterable[str]) -> None:
        fields.setdefault(field, {}).update(dict.fromkeys(value for value in values if value))

    for group, languages in analysis.groups.items():
        for text in (document.texts[language] for language in languages if language in document.texts):
            for kind, value in _text_fields(text):
                add(field_name(kind, group), [analysis.prepare(value)])
            for name in (text.name, *text.other_names):
                add("names", [whole_name(name, analysis)])
                add("completions", _completions(name, group, analysis, shown=name == text.name))
                if group == "zh":
                    add("pinyin", _pinyin(name, analysis))
            add("name_words", _words([text.name, *text.other_names], analysis))
            add("tag_words", _words([*text.tags, text.district], analysis))
            add("about_words", _words([text.summary], analysis))
    return {field: list(values) for field, values in fields.items()}


def displayed(document: Document) -> dict[str, dict[str, str]]:
    """Return by language what suggestions and highlights are made of."""
    return {
        language: {
            "name": text.name,
            "other_names": " ; ".join(text.other_names),
            "summary": text.summary,
            "body": text.body,
        }
        for language, text in document.texts.items()
    }


def each_once(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield documents.

    :raises SearchError: when one of an id has been there already.
    """
    seen: set[str] = set()
    for document in documents:
        if document.id in seen:
            raise SearchError(f"{document.id} was given twice")
        seen.add(document.id)
        yield document


def whole_name(name: str, analysis: Analysis) -> str:
    """Return a name so that it equals other ways to write the same."""
    return " ".join(analysis.fold(token.text for token in analysis.tokens(name)))


def compact(text: str, analysis: Analysis) -> str:
    """Return a text without its spaces and punctuation, folded; what completions are compared by."""
    return "".join(_units(text, analysis))


def own(group: str, typed: str) -> str:
    """Return what completes names of one language group; with one slip it can be none without a group."""
    return f"{group}::{typed}"


def begun(group: str, typed: str) -> str:
    """Return what completes the beginnings of the names that are shown in one language group."""
    return f"{group}^^{typed}"


def _text_fields(text: Text) -> Iterator[tuple[str, str]]:
    yield "name", text.name
    yield "other", " ; ".join(text.other_names)
    yield "about", " ; ".join((text.summary, *text.tags, text.district))
    yield "body", text.body


def _units(text: str, analysis: Analysis) -> Iterator[str]:
    """Return the words or, in scripts without spaces, the characters of a text, folded."""
    normal = cutting.normalise(text, analysis.normalisers.simplify)
    for run in cutting.runs(normal):
        for piece in cutting.PIECE.finditer(run.group()):
            if piece["cjk"]:
                yield from piece.group()
            elif piece["thai"]:
                yield from analysis.normalisers.segment_thai(piece.group())
            else:
                yield from analysis.fold([piece.group()])


def _completions(name: str, group: str, analysis: Analysis, *, shown: bool) -> Iterator[str]:
    units = list(_units(name, analysis))
    for index in range(len(units)):
        rest = "".join(units[index:])[:COMPLETION_MAX]
        yield rest
        yield own(group, rest)
        if shown and index == 0:
            yield begun(group, rest)


def _pinyin(name: str, analysis: Analysis) -> Iterator[str]:
    normal = cutting.normalise(name, analysis.normalisers.simplify)
    syllables = [s for run in cutting.HAN_RUN.findall(normal) for s in analysis.normalisers.pinyin(run) if s]
    for index in range(len(syllables)):
        written_out = "".join(syllables[index:])[:PINYIN_MAX]
        yield written_out
        yield written_out.replace("v", "u")  # ü is typed either way
        yield "".join(syllable[0] for syllable in syllables[index:])


def _words(texts: Iterable[str], analysis: Analysis) -> list[str]:
    tokens = (token.text for text in texts for token in analysis.tokens(text))
    return analysis.fold(token for token in tokens if not _unspaced(token))


def _unspaced(token: str) -> bool:
    piece = cutting.PIECE.match(token)
    return piece is not None and piece.lastgroup is not None
