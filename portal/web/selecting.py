"""What a list's address asks for, as a selection: the same parameters for every list and map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.catalog.schema import Location
from portal.catalog.selection import Order, Selection
from portal.web import parameters
from portal.web.context import languages, local_now, services
from portal.web.parameters import Arguments, BadParameter
from portal.web.wording import ACCESSIBILITY, PRICES

PARAMETERS = ("district", "tag", "price", "open", "day", "hour", "access", "speaks", "bookable", "near", "sort")
"""The parameters of a list's address that narrow or sort it, in the order of its form."""
NOW, THEN = "now", "then"


@dataclass(frozen=True)
class Wish:
    """A selection, and the choices of the form that it was made from."""

    selection: Selection
    open: str = ""
    day: str = ""
    hour: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """The parameters that make this wish again, for links; those at their usual value are left out."""
        chosen = self.selection
        sort = "" if chosen.order is Order.RECOMMENDED else chosen.order.value
        near = _degrees(*chosen.near) if chosen.near else ""
        values = {
            "kind": chosen.kind if chosen.mapped else "",
            "district": chosen.district,
            "tag": chosen.tag,
            "price": chosen.price,
            "open": self.open,
            "day": self.day if self.open == THEN else "",
            "hour": self.hour if self.open == THEN else "",
            "access": list(chosen.accessibility),
            "speaks": chosen.speaks,
            "bookable": "1" if chosen.bookable else "",
            "near": near,
            "sort": sort,
        }
        return {name: value for name, value in values.items() if value}

    @property
    def goes_further(self) -> bool:
        """Whether it uses more than the first choices of the form."""
        return not self.values.keys() <= {"kind", "district", "tag"}


def wish(args: Arguments, **fixed: Any) -> Wish:
    """Return what the parameters of a list's address ask for.

    :param fixed: what the address itself says already, such as `kind`.
    :raises BadParameter: naming the one that cannot be used.
    """
    catalog = services().catalog
    near = parameters.coordinates(args)
    order = Order(parameters.one_of(args, "sort", list(Order)) or Order.RECOMMENDED)
    price = parameters.one_of(args, "price", [str(level) for level in PRICES])
    bookable = parameters.one_of(args, "bookable", ["1"])
    selection = Selection(
        district=parameters.one_of(args, "district", catalog.districts()),
        tag=parameters.one_of(args, "tag", catalog.tags()),
        price=int(price) if price else None,
        accessibility=parameters.several_of(args, "access", ACCESSIBILITY),
        speaks=_spoken(args),
        bookable=bool(bookable),
        near=near,
        order=order if near or order is not Order.NEAREST else Order.RECOMMENDED,
    )
    state = parameters.one_of(args, "open", [NOW, THEN]) or ""
    moment = _moment(args, local_now()) if state == THEN else local_now()
    chosen = replace(selection, **fixed, open_at=moment if state else None)
    return Wish(chosen, state, moment.date().isoformat(), f"{moment:%H:%M}" if state == THEN else "")


def point(location: Location) -> str:
    """Return a point as the parameter `near` has it."""
    return _degrees(location.lat, location.lon)


def open_now(selection: Selection) -> int:
    """Return how many listings a selection would have that are open now."""
    return services().catalog.count(replace(selection, open_at=local_now()))


def bookable(selection: Selection) -> int:
    """Return how many listings a selection would have that can be booked here."""
    return services().catalog.count(replace(selection, bookable=True))


def _degrees(lat: float, lon: float) -> str:
    """Write a point to ten metres, which is near enough to sort by."""
    return f"{round(lat, 4):g},{round(lon, 4):g}"


def _spoken(args: Arguments) -> str | None:
    return parameters.one_of(args, "speaks", languages().tags)


def _moment(args: Arguments, now: datetime) -> datetime:
    """Return the chosen day and hour; each is the present one when it is not given."""
    return datetime.combine(_day(args.get("day", ""), now.date()), _hour(args.get("hour", ""), now.time()))


def _day(text: str, today: date) -> date:
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadParameter("day", "expected a date such as 2026-10-01") from None
    if not today - timedelta(days=1) <= day <= today + timedelta(days=730):
        raise BadParameter("day", "expected a day within two years")
    return day


def _hour(text: str, now: time) -> time:
    if not text:
        return now.replace(second=0, microsecond=0)
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise BadParameter("hour", "expected a time of day such as 14:30") from None
