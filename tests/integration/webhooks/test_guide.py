"""The examples of docs/partners.md that check a signature, run as they stand there on a message that really came in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from portal.config import ROOT
from portal.webhooks import log
from portal.webhooks.signing import new_secret
from tests.integration.webhooks.conftest import Office

EXAMPLES = re.findall(r"^```python\n(.+?)^```", (ROOT / "docs/partners.md").read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_guides_way_to_check_a_signature_takes_our_messages_and_no_others(office: Office, example: str) -> None:
    names: dict[str, Any] = {}
    exec(example, names)
    check = names.get("receive") or names["is_genuine"]
    endpoint = office.listens()
    secret = office.endpoints.secret(endpoint)
    office.time.now = datetime.now(UTC)
    log.ping(office.database, office.reach, endpoint.id, office.time.now)
    office.works()
    (one,) = office.receiver.received
    headers, body = dict(one.headers), one.body.encode()
    assert check(secret, headers, body)
    assert not check(secret, headers, body + b" ")
    assert not check(new_secret(), headers, body)
    assert not check(secret, {**headers, "webhook-timestamp": "1700000000"}, body)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 2
