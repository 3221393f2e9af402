"""YAML files into checked values; every mistake with its line and field.

Files are read by a fast parser. Only when something is wrong is the text read again by one that knows lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

import ryaml
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from portal.catalog.problems import ContentError, Problem

Model = TypeVar("Model", bound=BaseModel)
AT_LINE = re.compile(r"at line (\d+)")


def load(text: str, path: str, first_line: int = 1) -> dict[str, Any]:
    """Return the mapping a YAML text holds. `first_line` is the text's place in its file.

    :raises ContentError: when it is not YAML, or not a mapping.
    """
    try:
        value = ryaml.loads(text)  # type: ignore[attr-defined]
    except ryaml.InvalidYamlError as error:  # type: ignore[attr-defined]
        match = AT_LINE.search(str(error))
        line = first_line + (int(match[1]) - 1 if match else 0)
        raise ContentError([Problem(path, line, "", f"not valid YAML: {error}")]) from error
    if not isinstance(value, dict):
        raise ContentError([Problem(path, first_line, "", "expected keys and values, such as name: ...")])
    return value


def checked(model: type[Model], value: Any, text: str, path: str, first_line: int = 1) -> Model:
    """Return `value`, read from `text`, as a model.

    :raises ContentError: with every field that is wrong.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise ContentError(problems_of(error, text, path, first_line)) from error


def problems_of(
    error: ValidationError, text: str, path: str, first_line: int = 1, within: Sequence[str | int] = ()
) -> list[Problem]:
    """Return a validation error's findings as problems; `within` leads to the part of the file that was checked."""
    lines = Lines(text, first_line)
    found = []
    for item in error.errors():
        location = (*within, *item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] not in {"missing", "extra_forbidden", "value_error"}:
            message = f"{message}, not {item['input']!r:.80}"
        found.append(Problem(path, lines.of(location), ".".join(map(str, location)), message))
    return found


class Lines:
    """Where in a YAML text a field stands."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self._first = first_line
        try:
            self._root = YAML(typ="rt").load(text)
        except YAMLError:  # the fast parser took it; then no place is better than a wrong one
            self._root = None

    def of(self, location: Sequence[str | int]) -> int:
        """Return the line of the deepest part of `location` that the text has."""
        line, node = 0, self._root
        for step in location:
            if isinstance(node, CommentedMap) and step in node:
                line = node.lc.key(step)[0]
            elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
                line = node.lc.item(step)[0]
            else:
                break
            node = node[step]
        return self._first + line
