"""What a business decided for single days and departures: closed, another capacity, an additional departure.

Content states the rules; this stands in the database. Both together are what is on sale: published as one, so that
who sells reads only that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, select

from portal.bookings.schedule import SpecialDay
from portal.bookings.tables import slot_overrides
from portal.bookings.terms import OptionTerms, ProductTerms

WHOLE_DAY = ""
KEPT = timedelta(days=60)
"""How long what was decided for a day stays after it."""


@dataclass(frozen=True, slots=True)
class Override:
    """What holds on a local date, for the departure at a local time (`HH:MM`) or for the whole day.

    :ivar capacity: places of the departure or day; None for closed.
    """

    day: date
    start: str
    capacity: int | None

    def as_exception(self) -> SpecialDay:
        """Return it as terms have it."""
        return SpecialDay(
            date=self.day.isoformat(),
            start_times=[self.start] if self.start else [],
            capacity=self.capacity,
            closed=self.capacity is None,
        )


def applied(terms: ProductTerms, decided: Mapping[str, Sequence[Override]]) -> ProductTerms:
    """Return a product's terms with what was decided, by option id; what fits the terms no longer is left out.

    Of a day, the whole comes first, so that a single departure may stay open on a day that is closed.
    """
    options = [_with(terms, option, decided.get(option.id, ())) for option in terms.options]
    return terms.model_copy(update={"options": options})


def of_product(connection: Connection, product_id: str) -> dict[str, list[Override]]:
    """Return what was decided about a product, by option id, in order."""
    statement = select(slot_overrides).where(slot_overrides.c.product_id == product_id)
    found: dict[str, list[Override]] = {}
    for row in connection.execute(statement.order_by(slot_overrides.c.local_date, slot_overrides.c.start)):
        found.setdefault(row.option_id, []).append(Override(row.local_date, row.start, row.capacity))
    return found


def store(
    connection: Connection,
    option: tuple[str, str],
    days: Iterable[date],
    decided: Sequence[Override],
    now: datetime,
) -> None:
    """Make `decided` all that holds for days of an option, given as product and option id; forget what is long past."""
    mine = (slot_overrides.c.product_id == option[0]) & (slot_overrides.c.option_id == option[1])
    past = slot_overrides.c.local_date < (now - KEPT).date()
    connection.execute(delete(slot_overrides).where(mine, slot_overrides.c.local_date.in_(list(days)) | past))
    if decided:
        key = {"product_id": option[0], "option_id": option[1]}
        rows = [{**key, "local_date": one.day, "start": one.start, "capacity": one.capacity} for one in decided]
        connection.execute(slot_overrides.insert(), rows)


def _with(terms: ProductTerms, option: OptionTerms, decided: Sequence[Override]) -> OptionTerms:
    fitting = [one.as_exception() for one in sorted(decided, key=_order) if _fits(terms, one)]
    return option.model_copy(update={"exceptions": [*option.exceptions, *fitting]}) if fitting else option


def _order(one: Override) -> tuple[date, str]:
    return one.day, one.start


def _fits(terms: ProductTerms, one: Override) -> bool:
    if one.start and terms.availability_type != "START_TIME":
        return False
    return one.capacity is None or not terms.freesale
