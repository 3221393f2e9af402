"""Encrypts what the database keeps of people and the portal has to read again: keys of authenticator apps.

Fernet of the `cryptography` library (AES-128-CBC with HMAC-SHA-256), its keys derived from secrets of the settings. A
copy of the database alone makes no codes.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unreadable(Exception):
    """None of the secrets opens this."""


class Vault:
    """What is sealed with the first of some secrets is opened with any of them, so that secrets can be changed."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(_derived(secret)) for secret in secrets])

    def seal(self, text: str) -> str:
        """Encrypt a text."""
        return self._keys.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt what was sealed.

        :raises Unreadable: when it was sealed with another secret, changed, or never sealed.
        """
        try:
            return self._keys.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Unreadable from error

    def renewed(self, sealed: str) -> str:
        """Seal with the first secret what was sealed with any.

        :raises Unreadable: as `open`.
        """
        try:
            return self._keys.rotate(sealed).decode()
        except InvalidToken as error:
            raise Unreadable from error


def _derived(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"portal: keys of authenticator apps")
    return base64.urlsafe_b64encode(derived.derive(secret.encode()))
