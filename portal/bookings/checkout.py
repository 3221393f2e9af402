"""How a booking is paid. Today on arrival; a checkout that takes money online fits the same interface."""

from __future__ import annotations

from typing import Protocol

from portal.bookings.model import Booking


class Checkout(Protocol):
    """Takes money for bookings. Amounts are in minor units of the product's currency."""

    def pay_at(self, held: Booking, back: str) -> str | None:
        """Return the address at which a held booking is to be paid before it is confirmed; None when it is not.

        :param back: the address the guest returns to.
        """
        ...

    def paid(self, booking: Booking) -> int:
        """Return what was paid for a booking."""
        ...

    def give_back(self, cancelled: Booking, amount: int) -> None:
        """Pay back a part of what was paid. Called after the cancellation, maybe twice; the second does nothing."""
        ...


class OnArrival:
    """The guest pays at the place: nothing is charged here, so nothing is given back."""

    def pay_at(self, held: Booking, back: str) -> str | None:
        """Return None: nothing is to be paid before."""
        return None

    def paid(self, booking: Booking) -> int:
        """Return 0."""
        return 0

    def give_back(self, cancelled: Booking, amount: int) -> None:
        """Do nothing."""


def refund_of(booking: Booking, paid: int, percent: int) -> int:
    """Return what of an amount paid goes back: so many hundredths of the price, rounded for the guest."""
    return min(paid, -(-booking.total * percent // 100))
