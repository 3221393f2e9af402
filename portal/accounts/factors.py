"""A second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for a phone that is lost."""

from __future__ import annotations

import base64
import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pyotp
import structlog
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from portal.accounts import attempts, audit
from portal.accounts.model import IN_CHARGE, Origin, Person, WrongCode
from portal.accounts.tables import authenticators, passkeys, person_roles, recovery_codes
from portal.database import Database, insert_new
from portal.sealing.seal import Seal, Unopenable

log = structlog.get_logger()

STEP_S = 30
TOLERATED = (0, -1, 1)
"""Steps by which a phone's clock may be off."""
RECOVERY_CODES = 10
LONGEST_PLAIN = 64
"""Characters of a key that is not encrypted, at most."""
CODE = "second factor"
"""What guesses are counted under; a right password does not wipe them out."""


@dataclass(frozen=True, slots=True)
class Factors:
    """How somebody's account is protected: since when an app is asked, how many recovery codes are left."""

    since: datetime | None
    codes_left: int


def of_person(database: Database, person: int) -> Factors:
    """Return how somebody's account is protected."""
    with database.read() as connection:
        since = connection.execute(
            select(authenticators.c.confirmed_at).where(authenticators.c.person_id == person)
        ).scalar()
        left = select(func.count()).where(recovery_codes.c.person_id == person)
        return Factors(since, connection.execute(left).scalar_one())


def are_on(connection: Connection, person: int) -> bool:
    """Tell whether a password alone does not let somebody in.

    They have an app; or they are in charge and have a passkey, which is two factors in one: a thing, and the finger,
    face or number that it asks for.
    """
    in_charge = person_roles.c.person_id == person, person_roles.c.role.in_(IN_CHARGE)
    two_in_one = select(passkeys.c.id).where(passkeys.c.person_id == person).exists()
    chief = select(person_roles.c.role).where(*in_charge, two_in_one)
    return _has_app(connection, person) or connection.execute(chief).first() is not None


def begin(database: Database, seal: Seal, person: int) -> str | None:
    """Return a new key for an authenticator app, kept until a code of it confirms it; None when there is one."""
    key = pyotp.random_base32()
    with database.write() as connection:
        if _has_app(connection, person):
            return None
        connection.execute(delete(authenticators).where(authenticators.c.person_id == person))
        insert_new(connection, authenticators, {"person_id": person, "key": seal.close(key), "last_step": 0})
    return key


def begun(database: Database, seal: Seal, person: int) -> str | None:
    """Return the key that waits to be confirmed."""
    with database.read() as connection:
        return _key(connection, seal, person, authenticators.c.confirmed_at.is_(None))


def address(key: str, mail: str, site: str) -> str:
    """Return the key as authenticator apps read it off a QR code (`otpauth://`)."""
    return pyotp.TOTP(key).provisioning_uri(name=mail, issuer_name=site.replace(":", " "))


def confirm(database: Database, seal: Seal, now: datetime, person: Person, code: str, origin: Origin) -> list[str]:
    """Switch the second factor on; return the recovery codes, which are shown this once.

    :raises WrongCode: when the code is not one of the key that waits.
    :raises TooManyAttempts: after too many wrong ones.
    """
    count(database, now, person.mail, origin)
    with database.write() as connection:
        waits = authenticators.c.person_id == person.id, authenticators.c.confirmed_at.is_(None)
        key = _key(connection, seal, person.id, authenticators.c.confirmed_at.is_(None))
        step = _step(key, code, now) if key else None
        if step is None:
            raise WrongCode(person.mail)
        switched = update(authenticators).where(*waits).values(confirmed_at=now, last_step=step)
        if connection.execute(switched).rowcount == 0:
            raise WrongCode(person.mail)
        attempts.forget(connection, CODE, person.mail)
        audit.record(connection, now, "second factor on", person=person.id, origin=origin)
        return _renew(connection, person.id)


def renew_codes(database: Database, now: datetime, person: Person, origin: Origin) -> list[str]:
    """Return new recovery codes, shown this once; those of before end."""
    with database.write() as connection:
        audit.record(connection, now, "recovery codes renewed", person=person.id, origin=origin)
        return _renew(connection, person.id)


def switch_off(database: Database, now: datetime, person: Person, origin: Origin) -> None:
    """Ask for no code any more."""
    with database.write() as connection:
        for table in (authenticators, recovery_codes):
            connection.execute(delete(table).where(table.c.person_id == person.id))
        audit.record(connection, now, "second factor off", person=person.id, origin=origin)


def reset(connection: Connection, now: datetime, person: int) -> None:
    """Take every proof but the password away, for somebody who lost their phone and their recovery codes."""
    for table in (authenticators, recovery_codes, passkeys):
        connection.execute(delete(table).where(table.c.person_id == person))
    audit.record(connection, now, "second factor reset", subject=str(person))


def count(database: Database, now: datetime, mail: str, origin: Origin) -> None:
    """Count a code before it is looked at, in a transaction of its own: one that is wrong stays counted.

    :raises TooManyAttempts: when there were too many already.
    """
    with database.write() as connection:
        attempts.count(connection, CODE, mail, origin.address, now)


def accepts(connection: Connection, seal: Seal, now: datetime, person: int, code: str) -> bool:
    """Tell whether a code of the app, or a recovery code, is right; either is right once."""
    key = _key(connection, seal, person, authenticators.c.confirmed_at.is_not(None))
    step = _step(key, code, now) if key else None
    if step is not None:
        later = authenticators.c.person_id == person, authenticators.c.last_step < step
        return connection.execute(update(authenticators).where(*later).values(last_step=step)).rowcount == 1
    known = recovery_codes.c.person_id == person, recovery_codes.c.digest == _digest(code)
    return connection.execute(delete(recovery_codes).where(*known)).rowcount == 1


def seal_plain(database: Database, seal: Seal) -> None:
    """Seal the keys that an older version left readable."""
    _rewrite(database, lambda key: seal.close(key) if len(key) <= LONGEST_PLAIN else key)


def seal_again(database: Database, seal: Seal) -> None:
    """Seal all keys with the first key; one that no key opens stays as it is, and the log says so."""
    _rewrite(database, seal.again)


def _rewrite(database: Database, change: Callable[[str], str]) -> None:
    with database.write() as connection:
        every = select(authenticators.c.person_id, authenticators.c.key).with_for_update()
        for row in connection.execute(every).all():
            try:
                changed = change(row.key)
            except Unopenable:
                log.error("the key of an authenticator app was sealed with another key", person=row.person_id)
                continue
            if changed != row.key:
                mine = update(authenticators).where(authenticators.c.person_id == row.person_id)
                connection.execute(mine.values(key=changed))


def _has_app(connection: Connection, person: int) -> bool:
    on = authenticators.c.person_id == person, authenticators.c.confirmed_at.is_not(None)
    return connection.execute(select(authenticators.c.person_id).where(*on)).first() is not None


def _key(connection: Connection, seal: Seal, person: int, state: ColumnElement[bool]) -> str | None:
    """Return the key of somebody's app. One that no secret opens is as good as none: recovery codes still work."""
    wanted = select(authenticators.c.key).where(authenticators.c.person_id == person, state)
    sealed = connection.execute(wanted).scalar()
    try:
        return None if sealed is None else seal.open(sealed)
    except Unopenable:
        log.error("the key of an authenticator app was sealed with another key", person=person)
        return None


def _step(key: str, code: str, now: datetime) -> int | None:
    """Return the step of time a code belongs to. Digits may be those of any script."""
    digits = "".join(str(unicodedata.digit(char)) for char in code if char.isdigit())
    present = int(now.timestamp()) // STEP_S
    app = pyotp.TOTP(key, interval=STEP_S)
    steps = (present + off for off in TOLERATED)
    matching = [step for step in steps if secrets.compare_digest(app.generate_otp(step), digits)]
    return matching[0] if matching and not any(char.isalpha() for char in code) else None


def _renew(connection: Connection, person: int) -> list[str]:
    codes = [_code() for _ in range(RECOVERY_CODES)]
    connection.execute(delete(recovery_codes).where(recovery_codes.c.person_id == person))
    connection.execute(insert(recovery_codes), [{"person_id": person, "digest": _digest(code)} for code in codes])
    return codes


def _code() -> str:
    """Return 80 random bits in four groups that one can write down."""
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def _digest(code: str) -> str:
    letters = "".join(char for char in code.casefold() if char.isalnum())
    return hashlib.sha256(letters.encode("utf-8", "surrogatepass")).hexdigest()
