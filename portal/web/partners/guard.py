"""Which partner the pages below `/partners/` are about: the one that who is signed in belongs to."""

from __future__ import annotations

from flask import abort

from portal.accounts.model import Role
from portal.partners.accounts import Partner, find_partners
from portal.web.businesses.guard import me
from portal.web.context import services


def our_partner() -> Partner:
    """Return the partner of who is signed in; whoever belongs to none finds no such page."""
    names = sorted(me().roles.get(Role.PARTNER, frozenset()))
    found = [find_partners(services().database, name) for name in names if name]
    ours = next((partners[0] for partners in found if len(partners) == 1), None)
    if ours is None:
        abort(404)
    return ours
