"""A pin before and after a change, as a map shows it: where it stood, where it stands, how far that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from pydantic import ValidationError

from portal.catalog.schema import Location
from portal.web.formats import distance
from search.geo import distance_m


@dataclass(frozen=True)
class Move:
    """Where a pin was and where it is, in WGS-84; None where there is none."""

    before: Location | None
    after: Location | None

    @property
    def words(self) -> str:
        """What happened to the pin."""
        if self.before is None:
            return str(gettext("The pin is new."))
        if self.after is None:
            return str(gettext("The pin is gone."))
        metres = distance_m((self.before.lat, self.before.lon), (self.after.lat, self.after.lon))
        if metres < 1:
            return str(gettext("The pin stays where it was."))
        return str(gettext("The pin moves by %(distance)s.", distance=distance(metres, exact=True)))


def move(before: Any, after: Any) -> Move | None:
    """Return what happened to a pin; None when neither state has one that a map can show.

    :param before: the field as a file states it, which somebody may have broken by hand.
    """
    found = Move(_place(before), _place(after))
    return found if found.before or found.after else None


def _place(value: Any) -> Location | None:
    try:
        return Location.model_validate(value)
    except ValidationError:
        return None
