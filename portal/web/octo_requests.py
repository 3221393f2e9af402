"""What partners send over OCTO, checked strictly and turned into the bookings' own terms.

Fields the portal does not know are ignored: the standard lets capabilities add some. An id that is missing is treated
as unknown, because OCTO wants its own error code for both.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID, uuid4

from flask import request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from portal.bookings.errors import Malformed, NotPossible
from portal.bookings.model import Booking, Change, Contact, Order, Ticket
from portal.bookings.queries import Filter, Wish
from portal.web import faults
from portal.webhooks import endpoints

MOST_ITEMS = 1000
MAIL = re.compile(r"[\w'+-]+(\.[\w'+-]+)*(?<!')@([A-Z0-9][A-Z0-9-]*\.)+[A-Z]{2,}", re.ASCII | re.IGNORECASE)
"""What OCTO's schemas take for a mail address; any other would make our own answer one they refuse."""
Model = TypeVar("Model", bound=BaseModel)


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("the character U+0000 is not allowed")
    return text


def _mail(text: str) -> str:
    if not MAIL.fullmatch(text):
        raise ValueError("expected a mail address, such as li.na@example.com")
    return text


Text = Annotated[str, StringConstraints(max_length=500), AfterValidator(_no_nul)]
Reference = Annotated[str, StringConstraints(max_length=200), AfterValidator(_no_nul)]
LongText = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_no_nul)]
Mail = Annotated[Text, AfterValidator(_mail)]
Minutes = Annotated[int, Field(ge=1)]


class Body(BaseModel):
    """A part of a request: camelCase, no coercion, null the same as left out."""

    model_config = ConfigDict(strict=True, alias_generator=to_camel, frozen=True)


class ContactBody(Body):
    """Who to reach."""

    full_name: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    email_address: Mail | None = None
    phone_number: Text | None = None
    postal_code: Text | None = None
    country: Text | None = None
    notes: LongText | None = None
    locales: Annotated[list[Text], Field(max_length=50)] | None = None

    def contact(self) -> Contact:
        """Return it in the bookings' terms."""
        return Contact(**{**dict(self), "locales": tuple(self.locales or ())})


class UnitItemBody(Body):
    """One ticket asked for."""

    unit_id: Text | None = None
    uuid: UUID | None = None
    reseller_reference: Reference | None = None
    contact: ContactBody | None = None

    def ticket(self) -> Ticket:
        """Return it in the bookings' terms."""
        contact = self.contact.contact() if self.contact else Contact()
        return Ticket(self.unit_id or "", self.uuid, self.reseller_reference, contact)


Items = Annotated[list[UnitItemBody], Field(max_length=MOST_ITEMS)]


class UnitQuantity(Body):
    """How many of a unit somebody thinks of."""

    id: Text
    quantity: int = Field(ge=0, le=MOST_ITEMS)


class AvailabilityBody(Body):
    """`POST /availability` and `/availability/calendar`."""

    product_id: Text | None = None
    option_id: Text | None = None
    local_date: date | None = None
    local_date_start: date | None = None
    local_date_end: date | None = None
    availability_ids: Annotated[list[Text], Field(max_length=MOST_ITEMS)] | None = None
    units: Annotated[list[UnitQuantity], Field(max_length=100)] | None = None
    currency: Text | None = None

    def wish(self) -> Wish:
        """Return what is asked for, in the bookings' terms."""
        units = tuple((unit.id, unit.quantity) for unit in self.units or ())
        return Wish(self.product_id or "", self.option_id or "", units)

    def dates(self) -> tuple[date, date] | None:
        """Return the first and last date asked for, or None when availability ids are given.

        :raises Malformed: both, neither, or half a range is given.
        """
        if self.availability_ids is not None:
            if self.local_date or self.local_date_start or self.local_date_end:
                raise Malformed("availabilityIds: not together with localDate, localDateStart or localDateEnd")
            return None
        return self.range()

    def range(self) -> tuple[date, date]:
        """Return the first and last date asked for.

        :raises Malformed: none, or half a range is given.
        """
        found = date_range(self.local_date, self.local_date_start, self.local_date_end)
        if found is None:
            raise Malformed("localDateStart: expected, together with localDateEnd")
        return found


class ReserveBody(Body):
    """`POST /bookings`."""

    uuid: UUID | None = None
    product_id: Text | None = None
    option_id: Text | None = None
    availability_id: Text | None = None
    expiration_minutes: Minutes | None = None
    notes: LongText | None = None
    unit_items: Items | None = None
    reseller_reference: Reference | None = None
    contact: ContactBody | None = None
    currency: Text | None = None

    def order(self, language: str) -> Order:
        """Return it in the bookings' terms."""
        return Order(
            uuid=self.uuid or uuid4(),
            product_id=self.product_id or "",
            option_id=self.option_id or "",
            slot_id=self.availability_id or "",
            tickets=tuple(item.ticket() for item in self.unit_items or ()),
            contact=self.contact.contact() if self.contact else Contact(),
            notes=self.notes,
            reseller_reference=self.reseller_reference,
            language=language,
            hold_minutes=self.expiration_minutes,
        )


class UpdateBody(Body):
    """`PATCH /bookings/{uuid}`."""

    product_id: Text | None = None
    option_id: Text | None = None
    availability_id: Text | None = None
    expiration_minutes: Minutes | None = None
    notes: LongText | None = None
    reseller_reference: Reference | None = None
    email_receipt: bool | None = None
    contact: ContactBody | None = None
    unit_items: Items | None = None

    def change(self, booking: Booking) -> Change:
        """Return it in the bookings' terms.

        :raises NotPossible: another product or option is asked for.
        """
        if self.product_id not in {None, booking.product.id} or self.option_id not in {None, booking.option.id}:
            raise NotPossible("productId, optionId: a booking stays with its product; cancel it and book the other one")
        return Change(
            slot_id=self.availability_id,
            tickets=_tickets(self.unit_items),
            contact=self.contact.contact() if self.contact else None,
            notes=self.notes,
            reseller_reference=self.reseller_reference,
            hold_minutes=self.expiration_minutes,
        )


class ConfirmBody(Body):
    """`POST /bookings/{uuid}/confirm`."""

    contact: ContactBody
    reseller_reference: Reference | None = None
    email_receipt: bool | None = None
    unit_items: Items | None = None

    def change(self) -> Change:
        """Return it in the bookings' terms."""
        return Change(
            tickets=_tickets(self.unit_items),
            contact=self.contact.contact(),
            reseller_reference=self.reseller_reference,
        )


class CancelBody(Body):
    """`POST /bookings/{uuid}/cancel`."""

    reason: LongText | None = None


class ExtendBody(Body):
    """`POST /bookings/{uuid}/extend`."""

    expiration_minutes: Minutes | None = None


class SubscribeBody(Body):
    """`POST /notifications/subscriptions`."""

    url: LongText
    notification_types: Annotated[list[Text], Field(max_length=MOST_ITEMS)]
    headers: dict[str, str] | None = None

    def wish(self, *, test: bool) -> endpoints.Wish:
        """Return it in the webhooks' terms."""
        return endpoints.Wish(self.url, self.notification_types, self.headers, test)


class ChangeSubscriptionBody(Body):
    """`PATCH /notifications/subscriptions/{id}`, where what is left out stays."""

    url: LongText | None = None
    notification_types: Annotated[list[Text], Field(max_length=MOST_ITEMS)] | None = None
    headers: dict[str, str] | None = None

    def wish(self) -> endpoints.Wish:
        """Return it in the webhooks' terms."""
        return endpoints.Wish(self.url, self.notification_types, self.headers)


class ListQuery(Body):
    """The query string of `GET /bookings`."""

    reseller_reference: Reference | None = None
    supplier_reference: Reference | None = None
    local_date: date | None = None
    local_date_start: date | None = None
    local_date_end: date | None = None
    product_id: Text | None = None
    option_id: Text | None = None

    def filter(self) -> Filter:
        """Return it in the bookings' terms.

        :raises Malformed: half a range is given.
        """
        first, last = date_range(self.local_date, self.local_date_start, self.local_date_end) or (None, None)
        return Filter(self.reseller_reference, self.supplier_reference, first, last, self.product_id, self.option_id)


def body(model: type[Model]) -> Model:
    """Return the request's JSON body; an empty one counts as `{}`.

    :raises Malformed: naming every field that is wrong.
    """
    try:
        return model.model_validate_json(request.get_data() or b"{}")
    except ValidationError as error:
        raise _malformed(error) from error


def query(model: type[Model]) -> Model:
    """Return the request's query string. Raises as `body`, and for a name that stands there twice."""
    if twice := faults.repeated([name for name, _ in request.args.items(multi=True)]):
        raise Malformed(f"{twice}: expected only once")
    try:
        return model.model_validate_strings(request.args.to_dict())
    except ValidationError as error:
        raise _malformed(error) from error


def date_range(day: date | None, first: date | None, last: date | None) -> tuple[date, date] | None:
    """Return the dates a request spans, or None when it names none.

    :raises Malformed: half a range, or a day and a range.
    """
    if day is not None:
        if first or last:
            raise Malformed("localDate: not together with localDateStart or localDateEnd")
        return day, day
    if first is None and last is None:
        return None
    if first is None or last is None:
        missing = "localDateStart" if first is None else "localDateEnd"
        raise Malformed(f"{missing}: expected, localDateStart and localDateEnd come together")
    return first, last


def _tickets(items: list[UnitItemBody] | None) -> tuple[Ticket, ...] | None:
    return None if items is None else tuple(item.ticket() for item in items)


def _malformed(error: ValidationError) -> Malformed:
    return Malformed("; ".join(f"{field}: {why}" for field, why in faults.told(error).items()))
