"""Which partner the pages below `/partners/` are about: the one that who is signed in belongs to."""

from __future__ import annotations

from typing import Any

from flask import Response, abort

from portal.accounts.model import Person, Role
from portal.partners.accounts import get_partner
from portal.partners.model import Partner
from portal.web.businesses import guard
from portal.web.businesses.guard import me, who
from portal.web.context import services


def our_partner() -> Partner:
    """Return the partner of who is signed in; whoever belongs to none finds no such page."""
    ours = partner_of(me())
    if ours is None:
        abort(404)
    return ours


def partner_of(person: Person | None) -> Partner | None:
    """Return the partner somebody belongs to; of several, the first."""
    scopes = person.roles.get(Role.PARTNER, frozenset()) if person else frozenset()
    ids = sorted(int(scope) for scope in scopes if scope.isascii() and scope.isdecimal() and len(scope) < 18)
    return next((known for one in ids if (known := get_partner(services().database, one)) is not None), None)


def page(template: str, status: int = 200, **context: Any) -> Response:
    """Return a page for whoever is signed in, or for anybody."""
    ours = partner_of(who())
    return guard.page(template, status, folder="partners", ours=ours, **context)
