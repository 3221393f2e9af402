"""Signatures as Standard Webhooks 1.0 has them: `v1`, HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

from portal.webhooks.model import Secret


def new_secret() -> str:
    """Return a secret of 256 random bits as partners are shown it."""
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


def headers(message: str, body: str, now: datetime, keys: Sequence[Secret]) -> dict[str, str]:
    """Return the headers that sign a message at this attempt, by every secret that is still in force."""
    moment = now.astimezone(UTC)  # the library takes a time of any other zone for one in UTC
    valid = [key for key in keys if key.until is None or key.until > now]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(key.text).sign(message, moment, body) for key in valid),
    }
