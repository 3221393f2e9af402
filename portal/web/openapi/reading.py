"""An OpenAPI document as a page shows it: operations and types, each type in words with links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.web.openapi.describing import Json

PREFIX = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a type's name; `target` is the type it names, when the page has it."""

    text: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a type."""

    name: str
    words: tuple[Word, ...]
    required: bool
    description: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be answered."""

    status: str
    meaning: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation."""

    name: str
    method: str
    path: str
    summary: str
    parameters: tuple[Field, ...]
    body: tuple[Word, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Type:
    """A type: fields, or the values it may have."""

    name: str
    description: str
    fields: tuple[Field, ...]
    values: tuple[str, ...]


def operations(document: Json) -> list[Asked]:
    """Return what can be asked, in the document's order."""
    return [_asked(method, path, one) for path, methods in document["paths"].items() for method, one in methods.items()]


def told(document: Json) -> list[Asked]:
    """Return what the portal sends of itself."""
    return [_asked("post", name, one["post"]) for name, one in document["webhooks"].items()]


def types(document: Json) -> list[Type]:
    """Return the types, by name."""
    found = []
    for name, schema in sorted(document["components"]["schemas"].items()):
        required = set(schema.get("required", ()))
        fields = tuple(
            Field(part, tuple(_words(known)), part in required, known.get("description", ""))
            for part, known in schema.get("properties", {}).items()
        )
        found.append(Type(name, schema.get("description", ""), fields, tuple(schema.get("enum", ()))))
    return found


def _asked(method: str, path: str, one: Json) -> Asked:
    parameters = tuple(
        Field(
            known["name"], tuple(_words(known["schema"])), known["required"], known.get("description", ""), known["in"]
        )
        for known in one["parameters"]
    )
    answers = tuple(
        Answer(status, answer["description"], tuple(_words(_schema(answer))) if "content" in answer else ())
        for status, answer in one["responses"].items()
    )
    body = tuple(_words(_schema(one["requestBody"]))) if "requestBody" in one else ()
    return Asked(one["operationId"], method.upper(), path, one["summary"], parameters, body, answers)


def _schema(holder: Json) -> Json:
    content: Json = next(iter(holder["content"].values()))["schema"]
    return content


def _words(schema: Json) -> Iterator[Word]:
    """Tell a type in words, with its bounds."""
    if (reference := schema.get("$ref")) is not None:
        name = reference.removeprefix(PREFIX)
        yield Word(name, name)
    elif (choices := schema.get("anyOf") or schema.get("allOf")) is not None:
        for number, choice in enumerate(choices):
            if number:
                yield Word(" | ")
            yield from _words(choice)
    elif schema.get("type") == "array":
        yield Word("[ ")
        yield from _words(schema.get("items", {}))
        yield Word(" ]")
    elif (values := schema.get("enum") or ([schema["const"]] if "const" in schema else None)) is not None:
        yield Word(" | ".join(f'"{value}"' for value in values))
    else:
        yield Word(f"{schema.get('format') or schema.get('type') or 'any'}{_bounds(schema)}")


def _bounds(schema: dict[str, Any]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum", schema.get("maxLength"))
    if least is None and most is None:
        return ""
    return f" {'' if least is None else least}…{'' if most is None else most}"
