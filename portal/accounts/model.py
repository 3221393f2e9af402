"""People and what they may do: values and pure decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

EVERY = "*"
"""The scope of a translator of every language."""


class Role(StrEnum):
    """What somebody is to the portal. Owner and staff are so of a business, translators of languages."""

    OWNER = "owner"
    STAFF = "staff"
    TRANSLATOR = "translator"
    PARTNER = "partner"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


IN_CHARGE = frozenset({Role.MODERATOR, Role.ADMINISTRATOR})
"""Roles that have to be protected by more than a password."""


class AccountError(Exception):
    """Something about an account cannot be done."""


class WrongCredentials(AccountError):
    """No account has this mail address and this password."""


class TooManyAttempts(AccountError):
    """It was tried so often that nobody is let in for a while."""


class BadLink(AccountError):
    """A link of a mail is unknown, used or too old."""


class WeakPassword(AccountError):
    """A password is too short, too long, or the mail address itself."""


class WrongCode(AccountError):
    """A code of an authenticator app or a recovery code is wrong, or was used."""


class BadPasskey(AccountError):
    """A passkey is unknown, or its answer is none to what it was asked."""


class MailTaken(AccountError):
    """There is an account with this mail address already."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: network address, and browser as it names itself."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Business:
    """A business; `trusted` ones publish without a review."""

    id: int
    name: str
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser."""

    id: int
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account.

    :ivar roles: role to its scopes, such as translator to language tags; of owner and staff, ids of businesses.
    :ivar listings: id of a listing to the business through which it is theirs.
    :ivar second_factor: whether the password alone does not let them in.
    :ivar in_charge_since: when they became moderator or administrator.
    """

    id: int
    mail: str
    name: str
    roles: Mapping[Role, frozenset[str]] = field(default_factory=dict)
    businesses: tuple[Business, ...] = ()
    listings: Mapping[str, Business] = field(default_factory=dict)
    second_factor: bool = False
    in_charge_since: datetime | None = None

    @property
    def is_moderator(self) -> bool:
        """Whether they review drafts, claims and reports; administrators may too."""
        return Role.MODERATOR in self.roles or Role.ADMINISTRATOR in self.roles

    @property
    def is_administrator(self) -> bool:
        """Whether they give and take roles and read the log."""
        return Role.ADMINISTRATOR in self.roles

    @property
    def is_editor(self) -> bool:
        """Whether there may be a listing they edit."""
        return self.is_moderator or bool(self.listings) or Role.TRANSLATOR in self.roles

    def protect_by(self, grace: timedelta) -> datetime | None:
        """Return by when they have to switch a second factor on; None when they need not, or did."""
        return None if self.second_factor or self.in_charge_since is None else self.in_charge_since + grace

    def owns(self, business_id: int) -> bool:
        """Tell whether they decide who belongs to a business."""
        return str(business_id) in self.roles.get(Role.OWNER, frozenset())

    def may_edit(self, listing: str) -> bool:
        """Tell whether they may change a listing's facts and texts."""
        return self.is_moderator or listing in self.listings

    def may_translate(self, listing: str, language: str) -> bool:
        """Tell whether they may change a listing's text in a language."""
        spoken = self.roles.get(Role.TRANSLATOR, frozenset())
        return self.may_edit(listing) or language in spoken or EVERY in spoken

    def may_open(self, listing: str) -> bool:
        """Tell whether they may see a listing's draft."""
        return self.may_edit(listing) or Role.TRANSLATOR in self.roles

    def may_publish(self, listing: str) -> bool:
        """Tell whether what they send needs no review."""
        business = self.listings.get(listing)
        return self.is_moderator or (business is not None and business.trusted)
