"""Passwords: hashed with Argon2id, at the cost its authors advise."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.accounts.model import WeakPassword

SHORTEST = 8
LONGEST = 200

_hasher = PasswordHasher()


def check(password: str, mail: str) -> None:
    """Make sure that a password is good enough.

    :raises WeakPassword: when it is not.
    """
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 4 or password.casefold() == mail:
        raise WeakPassword(f"expected {SHORTEST} to {LONGEST} characters, not all alike, and not the mail address")


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher.hash(_encoded(password))


def matches(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one that was kept. It takes as long when there is no account."""
    try:
        return _hasher.verify(kept or _nobodys(), _encoded(password[: LONGEST + 1])) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Tell whether a password was hashed at a lower cost than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def _encoded(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
