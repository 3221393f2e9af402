"""OCTO's own judgement of an answer: its zod schemas, and what its OpenAPI document says of capabilities.

`npm` fetches both into build/; package.json here says which version.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

import ryaml

from portal.config import ROOT

HERE = Path(__file__).parent
FETCHED = ROOT / "build" / "judges_octo"
DOCUMENT = FETCHED / "node_modules" / "@octocloud" / "types" / "src" / "openapi.yaml"
FILES = ("package.json", "package-lock.json", ".npmrc")

ALTERNATIVES = ({"unitPricing", "pricing"}, {"unitPricingFrom", "pricingFrom"}, {"pricingFrom", "pricing"})
"""Fields the document calls required, all of them, while its prose says which of them applies when."""
OPTIONAL = {"Option": {"pricingFrom", "pricing"}}
"""Fields the document calls required that its prose asks for with `pricingPer: BOOKING` only."""

LISTS = {("GET", "products"), ("GET", "bookings"), ("GET", "capabilities"), ("POST", "availability")}
NAMES = {"supplier": "Supplier", "products": "Product", "bookings": "Booking", "capabilities": "Capability"}


def fetch() -> None:
    """Have OCTO's package in build/ when this function returns."""
    FETCHED.mkdir(parents=True, exist_ok=True)
    with (FETCHED / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = FETCHED / "done.json"
        if done.exists() and done.read_bytes() == (HERE / "package-lock.json").read_bytes():
            return
        for name in FILES:
            shutil.copy(HERE / name, FETCHED / name)
        subprocess.run(["npm", "ci", "--prefix", str(FETCHED)], check=True, capture_output=True, timeout=300)
        shutil.copy(HERE / "package-lock.json", done)


def document() -> dict[str, Any]:
    """Return OCTO's OpenAPI document."""
    parsed: dict[str, Any] = ryaml.loads(DOCUMENT.read_text())
    return parsed


class Judge:
    """A process that knows the schemas. Answers come one at a time, in the order asked."""

    def __init__(self) -> None:
        fetch()
        self.schemas: dict[str, Any] = document()["components"]["schemas"]
        self.process = subprocess.Popen(
            ["node", str(HERE / "judge.cjs"), str(FETCHED)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def faults(self, method: str, path: str, status: int, answer: Any, capabilities: Set[str]) -> list[str]:
        """Return what is wrong with an answer, nothing when all is well.

        :param path: below `/octo`, without a query string.
        :param capabilities: those that are on, in their long form.
        """
        if status != 200:
            return self._zod(_error_schema(answer), answer)
        kind, _, rest = path.strip("/").partition("/")
        if kind == "notifications":  # newer than the schemas
            return []
        name = NAMES.get(kind) or ("AvailabilityCalendar" if rest else "Availability")
        several = (method, kind) in LISTS and (not rest or kind == "availability")
        found = []
        for item in answer if several else [answer]:
            found += self._zod(f"z{name}", item) + list(self._capabilities(name, item, capabilities))
        return found

    def _zod(self, schema: str, value: Any) -> list[str]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"schema": schema, "value": value}) + "\n")
        self.process.stdin.flush()
        found: list[str] = json.loads(self.process.stdout.readline())
        return found

    def _capabilities(self, name: str, value: Any, on: Set[str]) -> Iterator[str]:
        """Find fields of a capability that nobody asked for, and those missing that somebody did."""
        for field, schema in self.schemas[name].get("properties", {}).items():
            if data := schema.get("x-capability-data"):
                if data["capability"] not in on:
                    if field in value:
                        yield f"{name}.{field}: sent without {data['capability']}"
                    continue
                if data["required"] and not self._there(name, field, value):
                    yield f"{name}.{field}: missing, with {data['capability']}"
            for inner in value[field] if isinstance(value.get(field), list) else [value.get(field)]:
                if (below := _reference(schema)) and isinstance(inner, Mapping):
                    yield from self._capabilities(below, inner, on)

    @staticmethod
    def _there(name: str, field: str, value: Mapping[str, Any]) -> bool:
        alternatives = next((group for group in ALTERNATIVES if field in group), {field})
        alternatives |= {other for group in ALTERNATIVES if field in group for other in group}
        return field in OPTIONAL.get(name, set()) or any(other in value for other in alternatives)


def _reference(schema: Mapping[str, Any]) -> str | None:
    """Return the name of the schema a property or its items refer to, if they do."""
    inner = schema.get("items", schema)
    reference = inner.get("$ref") or next((part.get("$ref") for part in inner.get("allOf", [])), None)
    return reference.rpartition("/")[2] if reference else None


def _error_schema(answer: Any) -> str:
    words = str(answer.get("error", "")).split("_")
    name = "".join(word.capitalize() for word in words)
    return f"zError{name}" if name != "NotFound" else "zBaseError"
