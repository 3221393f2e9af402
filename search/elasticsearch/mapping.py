"""The Elasticsearch index: its analysis and mapping, and listings as its documents."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from search.analysis import Analysis
from search.documents import TEXT_FIELDS, TOKEN_FIELDS, displayed, field_name
from search.ready import Ready

KEYWORDS = ("id", "kind", "district", "tags", "hours", "price")
"""Exact values: filters, facets and the order of equals."""


GONE = "gone"
"""Marks a document that was deleted while its index was being built, so that the build does not bring it back."""


def analysis_settings(analysis: Analysis) -> dict[str, Any]:
    """Return the analyzers: tokens come ready-made, so all that is left is to fold accents and to stem.

    Only the module `analysis-common` is needed, which every official distribution has.
    """
    stemmers = {stemmer for group in analysis.groups if (stemmer := analysis.stemmer(group))}
    filters = {f"stem_{stemmer}": {"type": "snowball", "language": stemmer.capitalize()} for stemmer in stemmers}
    analyzers = {
        _analyzer(stemmer): {
            "type": "custom",
            "tokenizer": "whitespace",
            "filter": ["asciifolding", *([f"stem_{stemmer}"] if stemmer else [])],
        }
        for stemmer in (None, *stemmers)
    }
    return {"filter": filters, "analyzer": analyzers}


def mappings(analysis: Analysis) -> dict[str, Any]:
    """Return the fields; nothing unknown is taken in."""
    properties: dict[str, Any] = {field: {"type": "keyword"} for field in KEYWORDS}
    properties |= {field: {"type": "keyword", "doc_values": False} for field in TOKEN_FIELDS}
    properties |= {
        field_name(kind, group): {"type": "text", "analyzer": _analyzer(analysis.stemmer(group))}
        for group in analysis.groups
        for kind in TEXT_FIELDS
    }
    properties |= {
        "bookable": {"type": "boolean"},
        "place": {"type": "boolean"},
        "location": {"type": "geo_point"},
        "languages": {"type": "keyword", "index": False, "doc_values": False},
        "texts": {"type": "object", "enabled": False},
        "digest": {"type": "keyword", "index": False, "doc_values": False},
        GONE: {"type": "boolean", "doc_values": False},
    }
    # What is only there to be searched is not kept a second time as it was sent.
    kept = ["id", "digest", "location", "languages", "texts.*"]
    return {"dynamic": "strict", "_source": {"includes": kept}, "properties": properties}


def fingerprint(analysis: Analysis) -> str:
    """Return a short hash that changes when an index built before no longer fits."""
    parts = [analysis.fingerprint, analysis_settings(analysis), mappings(analysis)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def source(ready: Ready) -> dict[str, Any]:
    """Return a listing as a document of the index."""
    document = ready.document
    body: dict[str, Any] = {
        **ready.fields,
        "id": document.id,
        "digest": ready.digest,
        "kind": document.kind,
        "tags": list(document.tags),
        "bookable": document.bookable,
        "place": document.place,
        "languages": list(document.texts),
        "texts": displayed(document),
    }
    if document.district is not None:
        body["district"] = document.district
    if document.hours is not None:
        body["hours"] = document.hours
    if document.price is not None:
        body["price"] = str(document.price)
    if document.location is not None:
        body["location"] = {"lat": document.location[0], "lon": document.location[1]}
    return body


def _analyzer(stemmer: str | None) -> str:
    return f"prepared_{stemmer}" if stemmer else "prepared"
