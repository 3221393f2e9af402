"""Signatures as Standard Webhooks 1.0 has them: `v1`, HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook


def new_secret() -> str:
    """Return a secret of 256 random bits as partners are shown it."""
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


def headers(message: str, body: str, now: datetime, keys: Sequence[str]) -> dict[str, str]:
    """Return the headers that sign a message at this attempt, by every secret that is in force."""
    moment = now.astimezone(UTC)  # the library takes a time of any other zone for one in UTC
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(one).sign(message, moment, body) for one in keys),
    }
