"""Why a booking cannot be made or changed, in the terms of OCTO's error codes.

Messages are for developers of partners, in English. Pages choose their own words by the class.
"""

from __future__ import annotations

from datetime import datetime


class BookingError(Exception):
    """A refusal that changed nothing: OCTO's `code`, and the `field` and `value` that are wrong where OCTO has one."""

    code = "UNPROCESSABLE_ENTITY"
    field: str | None = None

    def __init__(self, message: str, value: str | None = None) -> None:
        super().__init__(message)
        self.value = value


class InvalidProduct(BookingError):
    """There is no such product, or this seller may not sell it."""

    code = "INVALID_PRODUCT_ID"
    field = "productId"


class InvalidOption(BookingError):
    """The product has no such option."""

    code = "INVALID_OPTION_ID"
    field = "optionId"


class InvalidUnit(BookingError):
    """The option has no such unit."""

    code = "INVALID_UNIT_ID"
    field = "unitId"


class InvalidAvailability(BookingError):
    """The option has no such departure or day."""

    code = "INVALID_AVAILABILITY_ID"
    field = "availabilityId"


class InvalidBooking(BookingError):
    """There is no such booking, or it is not this seller's."""

    code = "INVALID_BOOKING_UUID"
    field = "uuid"


class UuidTaken(InvalidBooking):
    """The uuid belongs to a booking that was asked for in other words."""


class HoldExpired(InvalidBooking):
    """The hold ran out before it was confirmed."""


class Malformed(BookingError):
    """Something in the request contradicts itself."""

    code = "BAD_REQUEST"


class SoldOut(BookingError):
    """Fewer places are left than were asked for."""


class SalesClosed(BookingError):
    """It is too late, or too early, to book this departure or day."""


class BadQuantity(BookingError):
    """Too few or too many units, or ones that cannot go without others."""


class MissingContact(BookingError):
    """Something has to be known of the guest, or of a ticket's holder, before this can be confirmed."""


class NotPossible(BookingError):
    """The booking's state does not allow the change."""


class TooLateToCancel(NotPossible):
    """The cancellation cut-off has passed."""


class ProductConflict(Exception):
    """Terms that cannot be published: they contradict what is sold or what another listing sells."""


class CapacityBelowSold(ProductConflict):
    """The capacity would fall below what is sold already."""

    def __init__(self, product: str, option: str, capacity: int, sold: int, starts_at: datetime) -> None:
        super().__init__(
            f"{product}, option {option}: capacity {capacity} is below the {sold} places sold or held "
            f"for {starts_at.isoformat()}"
        )
        self.product = product
        self.option = option
        self.capacity = capacity
        self.sold = sold
        self.starts_at = starts_at
