"""The embedded index: its schema, and listings as its documents."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import tantivy

from search.analysis import Analysis, engine_analyzer
from search.documents import TEXT_FIELDS, TOKEN_FIELDS, displayed, field_name
from search.ready import Ready

VERSION = 4
"""Raise it when the schema below changes."""

KEYWORDS = ("id", "kind", "district", "tags", "hours")
"""Exact values: filters, facets and the order of equals."""


@dataclass(frozen=True)
class EmbeddedSchema:
    """The tantivy schema of a site's languages."""

    analysis: Analysis
    schema: tantivy.Schema

    @classmethod
    def of(cls, analysis: Analysis) -> EmbeddedSchema:
        """Build the schema."""
        builder = tantivy.SchemaBuilder()
        for field in KEYWORDS:
            builder.add_text_field(field, stored=field == "id", fast=True, tokenizer_name="raw", index_option="basic")
        for field in TOKEN_FIELDS:
            builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
        for group in analysis.groups:
            for kind in TEXT_FIELDS:
                tokenizer = _tokenizer(analysis.stemmer(group))
                builder.add_text_field(field_name(kind, group), tokenizer_name=tokenizer, index_option="freq")
        builder.add_boolean_field("bookable", indexed=True, fast=True)
        builder.add_boolean_field("place", indexed=True)
        builder.add_text_field("price", fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_float_field("lat", indexed=True, fast=True)
        builder.add_float_field("lon", indexed=True, fast=True)
        builder.add_unsigned_field("digest", fast=True)
        for language in analysis.languages:
            builder.add_bytes_field(stored_text(language), stored=True)
        return cls(analysis, builder.build())

    @property
    def fingerprint(self) -> str:
        """A short hash that changes when an index built before no longer fits."""
        parts = [VERSION, self.analysis.fingerprint, KEYWORDS, TEXT_FIELDS, TOKEN_FIELDS]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]

    def prepare(self, index: tantivy.Index) -> tantivy.Index:
        """Give an index that was opened or created its tokenizers; they are not kept in its files."""
        for stemmer in {self.analysis.stemmer(group) for group in self.analysis.groups}:
            index.register_tokenizer(_tokenizer(stemmer), engine_analyzer(stemmer))
        return index

    def document(self, ready: Ready) -> tantivy.Document:
        """Return a listing as a document of the index."""
        document = ready.document
        fields: dict[str, Any] = dict(ready.fields)
        fields |= {"id": [document.id], "kind": [document.kind], "tags": list(document.tags)}
        fields["digest"] = [int(ready.digest, 16)]
        fields |= {"bookable": [document.bookable], "place": [document.place]}
        if document.hours is not None:
            fields["hours"] = [document.hours]
        if document.price is not None:
            fields["price"] = [str(document.price)]
        if document.district is not None:
            fields["district"] = [document.district]
        if document.location is not None:
            fields["lat"], fields["lon"] = [document.location[0]], [document.location[1]]
        for language, texts in displayed(document).items():
            fields[stored_text(language)] = [json.dumps(texts, ensure_ascii=False).encode()]
        return tantivy.Document.from_dict(fields, self.schema)


def stored_text(language: str) -> str:
    """Return the name of the field that keeps a language's texts as written."""
    return f"stored_{language}"


def _tokenizer(stemmer: str | None) -> str:
    return f"prepared_{stemmer}" if stemmer else "prepared"
