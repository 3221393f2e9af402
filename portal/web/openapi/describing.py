"""OpenAPI 3.1 documents, put together from pydantic models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

Json = dict[str, Any]
VERSION = "1.0"
KEY: Json = {"key": []}
SIGNED = {
    "webhook-id": "The same whenever this message is sent again.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970.",
    "webhook-signature": "One or more `v1,<base64>`, split by spaces: HMAC-SHA256 of `<id>.<timestamp>.<body>`.",
}
"""The headers of Standard Webhooks."""
DONE = "What was asked for."
TAKEN = {
    "2XX": "Received. Any other answer, or none within 15 seconds, has the message sent again for three days.",
    "410": "Switches the endpoint off.",
}
_POINTER = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked at an address.

    :ivar path: below the server's address, with `{name}` for what varies.
    :ivar answer: the type of what is answered when all is well; None when that has no body.
    :ivar status: that answer's status.
    :ivar open_to_all: whether it takes no key, whatever the rest of the interface does; None as the rest.
    :ivar query: a model whose fields are parameters of the query string.
    :ivar body: the model of the request's body.
    :ivar refusals: what else may be answered: statuses, each with what it means.
    """

    method: str
    path: str
    name: str
    summary: str
    answer: Any
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    refusals: Mapping[int, str] = field(default_factory=dict)
    status: int = 200
    open_to_all: bool | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A message that the portal sends of itself; `body` is its model."""

    name: str
    summary: str
    body: type[BaseModel]


@dataclass(frozen=True, slots=True)
class Api:
    """An interface as a whole. `headers` are parameters of every request, `refusal` is the type of every refusal."""

    title: str
    description: str
    operations: Sequence[Operation]
    refusal: Any
    refusal_type: str
    headers: Sequence[Json] = ()
    key_required: bool = False
    told: Sequence[Told] = ()


def document(api: Api, server: str) -> Json:
    """Return the OpenAPI document of an interface served at an address."""
    schemas, definitions = _schemas(api)
    return {
        "openapi": "3.1.0",
        "info": {"title": api.title, "description": api.description, "version": VERSION},
        "servers": [{"url": server}],
        "security": [KEY] if api.key_required else [{}, KEY],
        "paths": _paths(api, schemas),
        "webhooks": {one.name: {"post": _told(one, schemas)} for one in api.told},
        "components": {
            "schemas": definitions,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(api: Api) -> tuple[dict[tuple[str, str], Json], Json]:
    """Return the schema of every body and answer, and the definitions they refer to."""
    wanted: list[tuple[str, Any, TypeAdapter[Any]]] = [("refusal", "validation", TypeAdapter(api.refusal))]
    for one in api.operations:
        if one.answer is not None:
            wanted.append((f"{one.name}.answer", "serialization", TypeAdapter(one.answer)))
        if one.body is not None:
            wanted.append((f"{one.name}.body", "validation", TypeAdapter(one.body)))
    wanted += [(f"{one.name}.told", "serialization", TypeAdapter(one.body)) for one in api.told]
    inputs = [(name, mode, adapter.core_schema) for name, mode, adapter in wanted]
    generator = GenerateJsonSchema(by_alias=True, ref_template=_POINTER)
    schemas, definitions = generator.generate_definitions(inputs)
    by_use = {(str(name), str(mode)): schema for (name, mode), schema in schemas.items()}
    return by_use, {str(name): schema for name, schema in definitions.items()}


def _paths(api: Api, schemas: Mapping[tuple[str, str], Json]) -> Json:
    paths: Json = {}
    for one in api.operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(api, one, schemas)
    return paths


def _operation(api: Api, one: Operation, schemas: Mapping[tuple[str, str], Json]) -> Json:
    answer = schemas.get((f"{one.name}.answer", "serialization"))
    described: Json = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_in_path(one.path), *_in_query(one.query), *api.headers],
        "responses": {str(one.status): {"description": "Done."} if answer is None else _response(DONE, answer)},
    }
    if one.open_to_all is not None:
        described["security"] = [{}] if one.open_to_all else [KEY]
    if (body := schemas.get((f"{one.name}.body", "validation"))) is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    refusal = schemas["refusal", "validation"]
    for status, meaning in one.refusals.items():
        described["responses"][str(status)] = _response(meaning, refusal, api.refusal_type)
    return described


def _told(one: Told, schemas: Mapping[tuple[str, str], Json]) -> Json:
    schema = schemas[f"{one.name}.told", "serialization"]
    return {
        "operationId": one.name,
        "summary": one.summary,
        "security": [{}],
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": words, "schema": {"type": "string"}}
            for name, words in SIGNED.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {status: {"description": words} for status, words in TAKEN.items()},
    }


def _in_path(path: str) -> Iterable[Json]:
    for part in path.split("/"):
        if part.startswith("{"):
            yield {"name": part.strip("{}"), "in": "path", "required": True, "schema": {"type": "string"}}


def _in_query(model: type[BaseModel] | None) -> Iterable[Json]:
    schema = model.model_json_schema() if model else {}
    fields = _in_place(schema.get("properties", {}), schema.get("$defs", {}))
    for name, known in fields.items():
        told = {key: value for key, value in known.items() if key not in {"title", "description", "default"}}
        parameter: Json = {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": told}
        yield parameter | ({"description": known["description"]} if "description" in known else {})


def _in_place(schema: Any, definitions: Json) -> Any:
    """Return a schema with what it refers to written out: a parameter has no place for definitions of its own."""
    if isinstance(schema, list):
        return [_in_place(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if (name := schema.get("$ref")) is not None:
        return _in_place(definitions[name.removeprefix("#/$defs/")], definitions)
    return {key: _in_place(value, definitions) for key, value in schema.items()}


def _response(meaning: str, schema: Json, media_type: str = "application/json") -> Json:
    return {"description": meaning, "content": {media_type: {"schema": schema}}}
