"""A listing's text files as one flat mapping of fields, and back, keeping comments and order of the YAML.

Keys: `facts/phones` of listing.yaml; `en/name`, `en/body` of en.md; `en@name` is the pin of a translated field,
`en@machine` the list of those that a machine made. A field that is absent has no key; in changes, None takes it away.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from portal.catalog import files, pins, yaml

Files = Mapping[str, str]
"""File name (`listing.yaml`, `en.md`) to text."""
Fields = Mapping[str, Any]

FACTS_FILE = "listing.yaml"
MACHINE = "machine"
FACTS_ORDER = (
    *("subtype", "recurrence", "days", "approximate", "stops", "places", "district", "location", "opening_hours"),
    *("price", "phones", "website", "tags", "accessibility"),
    *("languages_spoken", "payment", "passport_needed", "images", "share_image", "position", "sources", "booking"),
)
TEXT_ORDER = ("name", "other_names", "summary", "address", "directions", "tips", "alt", "translated_from")
UNINDENTED = re.compile(r"^[\w-]+:[ ]*\n- ", re.MULTILINE)
IN_ONE_LINE = frozenset({"location", "price", "phones", "tags", "accessibility", "languages_spoken", "payment"})


def read(texts: Files) -> dict[str, Any]:
    """Return the fields of a listing's files.

    :raises ContentError: when one is not YAML.
    """
    fields: dict[str, Any] = {}
    for name, text in texts.items():
        if name == FACTS_FILE:
            fields |= {f"facts/{key}": value for key, value in yaml.load(text, name).items()}
            continue
        match = files.FRONT_MATTER.match(text)
        if match is None:
            continue
        tag, head = name.removesuffix(".md"), yaml.load(match["head"], name)
        made_from = head.pop("translated_from", None) or {}
        pinned = {**made_from.get("revision", {})}
        if made_from.get(MACHINE):
            pinned[MACHINE] = made_from[MACHINE]
        fields |= {f"{tag}/{key}": value for key, value in head.items()}
        fields |= {f"{tag}/body": match["body"].strip()} | {f"{tag}@{key}": pin for key, pin in pinned.items()}
    return fields


def changed(fields: Fields, changes: Fields) -> dict[str, Any]:
    """Return fields with changes made to them."""
    merged = {**fields, **changes}
    return {key: value for key, value in merged.items() if value is not None}


def write(texts: Files, changes: Fields, source: str) -> dict[str, str]:
    """Return the files with changes made to them; a file nothing changes in stays as it is, to the byte.

    :param source: the tag of the language translations are made from.
    """
    before = read(texts)
    real = {key: value for key, value in changes.items() if before.get(key) != value}
    after = dict(texts)
    facts = {key.removeprefix("facts/"): value for key, value in real.items() if key.startswith("facts/")}
    if facts:
        after[FACTS_FILE] = _edited(texts.get(FACTS_FILE, ""), facts, FACTS_ORDER)
    for tag in sorted({re.split("[/@]", key)[0] for key in real} - {"facts"}):
        after[f"{tag}.md"] = _language_file(texts.get(f"{tag}.md", ""), tag, real, changed(before, real), source)
    return after


def _language_file(text: str, tag: str, changes: Fields, fields: Fields, source: str) -> str:
    match = files.FRONT_MATTER.match(text)
    head, body = (match["head"], match["body"]) if match else ("", "")
    values = {key.removeprefix(f"{tag}/"): value for key, value in changes.items() if key.startswith(f"{tag}/")}
    if "body" in values:
        body = f"\n{(values.pop('body') or '').strip()}\n"
    if any(key.startswith(f"{tag}@") for key in changes):
        pinned = {name: fields[f"{tag}@{name}"] for name in pins.FIELDS if f"{tag}@{name}" in fields}
        marked = {MACHINE: fields[f"{tag}@{MACHINE}"]} if f"{tag}@{MACHINE}" in fields else {}
        values["translated_from"] = {"language": source, "revision": pinned, **marked} if pinned else None
    return f"---\n{_edited(head, values, TEXT_ORDER) if values else head}---\n{body}"


def _edited(text: str, values: Fields, order: tuple[str, ...]) -> str:
    """Return a YAML text with keys set, or taken away where their value is None."""
    parser = _parser(text)
    root = parser.load(text) if text.strip() else CommentedMap()
    for key, value in values.items():
        if value is None:
            root.pop(key, None)
            continue
        if key in root:
            root[key] = _merged(root[key], value, key)
        else:
            root.insert(_place(list(root), key, order), key, _node(value, in_one_line=key in IN_ONE_LINE))
    if not root:
        return ""
    stream = io.StringIO()
    parser.dump(root, stream)
    return stream.getvalue()


def _parser(text: str) -> YAML:
    parser = YAML(typ="rt")
    parser.preserve_quotes = True
    parser.width = 1_000_000
    parser.allow_unicode = True
    if not UNINDENTED.search(text):
        parser.indent(mapping=2, sequence=4, offset=2)
    return parser


def _node(value: Any, *, in_one_line: bool) -> Any:
    if isinstance(value, dict):
        node: Any = CommentedMap((key, _node(item, in_one_line=in_one_line)) for key, item in value.items())
    elif isinstance(value, list):
        node = CommentedSeq(_node(item, in_one_line=in_one_line) for item in value)
    else:
        return value
    if in_one_line or not value:
        node.fa.set_flow_style()
    else:
        node.fa.set_block_style()
    return node


def _merged(present: Any, value: Any, key: str) -> Any:
    """Return a node made into a value; what is the same within keeps its comments and its form."""
    if isinstance(present, CommentedMap) and isinstance(value, dict):
        for name in [name for name in present if name not in value]:
            del present[name]
        for name, item in value.items():
            present[name] = _merged(present.get(name), item, key)
        return present
    if isinstance(present, CommentedSeq) and isinstance(value, list):
        del present[len(value) :]
        for n, item in enumerate(value):
            if n < len(present):
                present[n] = _merged(present[n], item, key)
            else:
                present.append(_node(item, in_one_line=_in_one_line(present, key)))
        return present
    same = present == value and isinstance(present, bool) is isinstance(value, bool)  # 1 is not True
    return present if same else _node(value, in_one_line=key in IN_ONE_LINE)


def _in_one_line(present: Any, key: str) -> bool:
    if isinstance(present, (CommentedMap, CommentedSeq)):
        return bool(present.fa.flow_style())
    return key in IN_ONE_LINE


def _place(present: list[str], key: str, order: tuple[str, ...]) -> int:
    """Return where a new key goes: behind the last of those that come before it."""
    earlier = set(order[: order.index(key)]) if key in order else set(present)
    return max((n + 1 for n, known in enumerate(present) if known in earlier), default=0)
