"""Sealing: what has to be read again is kept encrypted, so that a copy of the database tells nobody a secret."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"portal: secrets at rest"
"""Keeps keys made here apart from what else the same secret is used for, such as signing sessions."""


class Unopenable(Exception):
    """A text was sealed with none of the keys, or is none that was sealed."""

    def __init__(self) -> None:
        super().__init__("sealed with a key that is none of PORTAL_ENCRYPTION_KEYS, or else of PORTAL_SECRET_KEY")


class Seal:
    """Seals texts by Fernet (AES-128-CBC, HMAC-SHA256).

    :param keys: secrets of any form, hard to guess; the first seals, all of them open.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def close(self, text: str) -> str:
        """Return a text sealed; each time it is another."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return what was sealed.

        :raises Unopenable: when it was with another key.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except (InvalidToken, ValueError) as error:
            raise Unopenable from error

    def again(self, sealed: str) -> str:
        """Return the same sealed with the first key, whichever opens it.

        :raises Unopenable: when none does.
        """
        try:
            return self._fernet.rotate(sealed).decode()
        except (InvalidToken, ValueError) as error:
            raise Unopenable from error


def _derived(key: str) -> bytes:
    derive = HKDF(SHA256(), length=32, salt=None, info=PURPOSE)
    return urlsafe_b64encode(derive.derive(key.encode("utf-8", "surrogateescape")))
