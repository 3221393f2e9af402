"""The key a request comes with: what it opens, how often it may come, when it was last used."""

from __future__ import annotations

import structlog
from flask import after_this_request, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from portal.partners import keys
from portal.partners.model import Credential
from portal.web import limiting
from portal.web.context import services
from portal.webhooks.model import Reach

log = structlog.get_logger()


class NoKey(Exception):
    """A request has no key in the form `Authorization: Bearer <key>`."""


class UnknownKey(Exception):
    """A key is unknown or revoked."""


def credential() -> Credential:
    """Return what the key of this request opens, and count the request.

    :raises NoKey: when there is none.
    :raises UnknownKey: when it opens nothing.
    :raises TooManyRequests: when it came too often, or too many wrong ones did.
    """
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise NoKey
    limiting.check_guesses()
    found = keys.authenticate(services().database, key.strip())
    if found is None:
        limiting.count_guess()
        raise UnknownKey
    limiting.count_key(found)
    _note(found)
    return found


def reach(opened: Credential) -> Reach:
    """Return whose endpoints of webhooks a key reaches: with the sandbox's or a supplier's, those alone."""
    bound = opened.supplier != opened.partner.supplier
    return Reach(opened.partner.id, opened.sandbox, opened.supplier if bound else None)


def _note(found: Credential) -> None:
    """Note once a minute that a key is in use, after the answer has gone: no booking waits for it."""
    here = services()
    now = here.clock()
    if not keys.is_worth_noting(found, now):
        return

    def write() -> None:
        try:
            keys.note_use(here.database, found, now)
        except SQLAlchemyError as error:
            log.warning("the use of a key was not noted", key=found.key, reason=str(error))

    @after_this_request
    def later(response: Response) -> Response:
        response.call_on_close(write)
        return response
