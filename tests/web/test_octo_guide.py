"""The partners' guide, run as it stands: each curl command is sent, each JSON text below it must be in the answer."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.config import ROOT, Settings
from portal.partners.accounts import create_partner
from portal.services import Services

NOW = datetime(2026, 7, 1, tzinfo=UTC)
EXAMPLE = re.compile(r"^```sh\n(?P<command>curl .+?)^```\n+^```json\n(?P<answer>.+?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    """What a curl command would send."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None


def parse(command: str, key: str) -> Command:
    words = shlex.split(command.replace("\\\n", " ").replace("$KEY", key).replace("$PORTAL", ""))
    assert words.pop(0) == "curl"
    method, path, headers, body = None, "", {}, None
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(rest)
        else:
            path = word
    return Command(method or ("POST" if body else "GET"), path, headers, body)


def assert_holds(answer: Any, promised: Any, where: str = "") -> None:
    """Every key and entry that is promised is there; an answer may say more."""
    if isinstance(promised, dict):
        assert isinstance(answer, dict), where
        for key, value in promised.items():
            assert_holds(answer[key], value, f"{where}.{key}")
    elif isinstance(promised, list):
        assert len(answer) >= len(promised), where
        for number, value in enumerate(promised):
            assert_holds(answer[number], value, f"{where}[{number}]")
    else:
        assert answer == promised, where


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    settings = Settings(
        content=ROOT / "content",
        state=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'portal.sqlite'}",
        secret_key="a secret for tests",
        base_url="https://portal.example",
    )
    services = Services(settings, clock=lambda: NOW)
    services.database.upgrade()
    services.intake().refresh()
    yield services
    services.close()


@pytest.fixture
def client(services: Services) -> FlaskClient:
    return create_app(services).test_client()


def test_every_example_of_the_guide_does_what_it_says(client: FlaskClient, services: Services) -> None:
    key = create_partner(services.database, "Your shop")
    text = (ROOT / "docs" / "partners.md").read_text()
    examples = list(EXAMPLE.finditer(text))
    assert len(examples) == text.count("```sh\ncurl") >= 8
    for example in examples:
        sent = parse(example["command"], key)
        answer = client.open(sent.path, method=sent.method, headers=sent.headers, data=sent.body)
        promised = json.loads(example["answer"])
        assert answer.status_code in ({400} if "error" in promised else {200, 201}), answer.text
        assert_holds(answer.json, promised)
