"""OpenAPI 3.1 documents, put together from pydantic models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

Json = dict[str, Any]
VERSION = "1.0"
_POINTER = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked at an address.

    :ivar path: below the server's address, with `{name}` for what varies.
    :ivar answer: the type of a 200.
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


def document(api: Api, server: str) -> Json:
    """Return the OpenAPI document of an interface served at an address."""
    schemas, definitions = _schemas(api)
    key: list[Json] = [{"key": []}]
    return {
        "openapi": "3.1.0",
        "info": {"title": api.title, "description": api.description, "version": VERSION},
        "servers": [{"url": server}],
        "security": key if api.key_required else [{}, *key],
        "paths": _paths(api, schemas),
        "components": {
            "schemas": definitions,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(api: Api) -> tuple[dict[tuple[str, str], Json], Json]:
    """Return the schema of every body and answer, and the definitions they refer to."""
    wanted: list[tuple[str, Any, TypeAdapter[Any]]] = [("refusal", "validation", TypeAdapter(api.refusal))]
    for one in api.operations:
        wanted.append((f"{one.name}.answer", "serialization", TypeAdapter(one.answer)))
        if one.body is not None:
            wanted.append((f"{one.name}.body", "validation", TypeAdapter(one.body)))
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
    described: Json = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_in_path(one.path), *_in_query(one.query), *api.headers],
        "responses": {"200": _response("What was asked for.", schemas[f"{one.name}.answer", "serialization"])},
    }
    if (body := schemas.get((f"{one.name}.body", "validation"))) is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    refusal = schemas["refusal", "validation"]
    for status, meaning in one.refusals.items():
        described["responses"][str(status)] = _response(meaning, refusal, api.refusal_type)
    return described


def _in_path(path: str) -> Iterable[Json]:
    for part in path.split("/"):
        if part.startswith("{"):
            yield {"name": part.strip("{}"), "in": "path", "required": True, "schema": {"type": "string"}}


def _in_query(model: type[BaseModel] | None) -> Iterable[Json]:
    schema = model.model_json_schema() if model else {}
    for name, known in schema.get("properties", {}).items():
        told = {key: value for key, value in known.items() if key not in {"title", "description", "default"}}
        parameter: Json = {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": told}
        yield parameter | ({"description": known["description"]} if "description" in known else {})


def _response(meaning: str, schema: Json, media_type: str = "application/json") -> Json:
    return {"description": meaning, "content": {media_type: {"schema": schema}}}
