"""The cryptography of passkeys: what browsers are asked, and whether what they answer is true. Touches no database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.model import BadPasskey, Person

UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""What the library raises over an answer that no authenticator made."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What is kept of a passkey: its id in base64url, its public key, how often it has signed."""

    id: str
    public_key: bytes
    sign_count: int


def creation(host: str, site: str, person: Person, challenge: str, known: Iterable[str]) -> dict[str, Any]:
    """Return what a browser is asked to make a passkey by; `known` are the ids of those there are."""
    options = generate_registration_options(
        rp_id=host,
        rp_name=site,
        user_id=str(person.id).encode(),
        user_name=person.mail,
        user_display_name=person.name,
        challenge=challenge.encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
    )
    return dict(json.loads(options_to_json(options)))


def created(host: str, address: str, challenge: str, answer: Any) -> Credential:
    """Return the passkey that a browser made.

    :raises BadPasskey: when the answer is not one to the challenge.
    """
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge.encode(),
            expected_rp_id=host,
            expected_origin=address,
            require_user_verification=True,
        )
    except UNREADABLE as error:
        raise BadPasskey("no answer to the challenge") from error
    return Credential(bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count)


def request(host: str, challenge: str) -> dict[str, Any]:
    """Return what a browser is asked to sign; any passkey of this site will do."""
    options = generate_authentication_options(
        rp_id=host, challenge=challenge.encode(), user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(json.loads(options_to_json(options)))


def signed(host: str, address: str, challenge: str, answer: Any, known: Credential) -> int:
    """Return how often a passkey has signed, now that it signed a challenge.

    :raises BadPasskey: when it did not, or has signed less often than before, as a copy would.
    """
    try:
        return verify_authentication_response(
            credential=answer,
            expected_challenge=challenge.encode(),
            expected_rp_id=host,
            expected_origin=address,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        ).new_sign_count
    except UNREADABLE as error:
        raise BadPasskey("no answer to the challenge") from error
