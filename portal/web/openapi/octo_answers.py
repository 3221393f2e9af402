"""What the portal answers over OCTO, as models: the core, and what `octo/pricing` and `octo/content` add."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from portal.bookings.availability import Status
from portal.bookings.model import Refund, State

PRICING = "With `octo/pricing`."
CONTENT = "With `octo/content`."
Utc = Annotated[str, Field(examples=["2027-05-03T02:00:00Z"])]


class Answer(BaseModel):
    """A part of an answer. Fields of a capability are there when it is on."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Price(Answer):
    """An amount in minor units, `currencyPrecision` digits after the point."""

    original: int
    retail: int
    net: None
    currency: str
    currency_precision: int
    included_taxes: list[Any]


class UnitPrice(Price):
    """The price of a unit."""

    unit_id: str


class SupplierContact(Answer):
    """How to reach a supplier."""

    website: str | None
    email: str | None
    telephone: str | None
    address: str | None


class Supplier(Answer):
    """Who the key sells for."""

    id: str
    name: str
    endpoint: str
    contact: SupplierContact
    short_description: Annotated[str | None, Field(description=CONTENT)] = None
    media: Annotated[list[dict[str, Any]], Field(description=CONTENT)] = []


class Capability(Answer):
    """What is offered beyond the core."""

    id: str
    revision: int
    required: bool
    dependencies: list[str]
    docs: str | None


class Described(Answer):
    """Words and pictures."""

    title: Annotated[str | None, Field(description=CONTENT)] = None
    short_description: Annotated[str | None, Field(description=CONTENT)] = None
    description: Annotated[str | None, Field(description=CONTENT)] = None
    features: Annotated[list[dict[str, Any]], Field(description=CONTENT)] = []
    faqs: Annotated[list[dict[str, Any]], Field(description=CONTENT)] = []
    media: Annotated[list[dict[str, Any]], Field(description=CONTENT)] = []
    locations: Annotated[list[dict[str, Any]], Field(description=CONTENT)] = []
    category_labels: Annotated[list[str], Field(description=CONTENT)] = []
    duration_minutes_from: Annotated[int, Field(description=CONTENT)] = 0
    duration_minutes_to: Annotated[int | None, Field(description=CONTENT)] = None
    commentary: Annotated[list[dict[str, Any]], Field(description=CONTENT)] = []


class UnitRestrictions(Answer):
    """Whom a unit is for, and how many a booking may have."""

    min_age: int
    max_age: int
    id_required: bool
    min_quantity: int | None
    max_quantity: int | None
    pax_count: int
    accompanied_by: list[str]


class Unit(Answer):
    """A kind of ticket."""

    id: str
    internal_name: str
    reference: str | None
    type: Literal["ADULT", "YOUTH", "CHILD", "INFANT", "FAMILY", "SENIOR", "STUDENT", "MILITARY", "OTHER"]
    required_contact_fields: list[str]
    restrictions: UnitRestrictions
    pricing: Annotated[list[Price], Field(description=f"{PRICING} In a booking.")] = []
    pricing_from: Annotated[list[Price], Field(description=f"{PRICING} In a product.")] = []
    title: Annotated[str | None, Field(description=CONTENT)] = None
    short_description: Annotated[str | None, Field(description=CONTENT)] = None
    features: Annotated[list[dict[str, Any]], Field(description=CONTENT)] = []


class OptionRestrictions(Answer):
    """How many units a booking may have."""

    min_units: int
    max_units: int | None


class Option(Described):
    """A variant of a product."""

    id: str
    default: bool
    internal_name: str
    reference: str | None
    availability_local_start_times: list[str]
    cancellation_cutoff: str
    cancellation_cutoff_amount: int
    cancellation_cutoff_unit: Literal["hour", "minute", "day"]
    required_contact_fields: list[str]
    restrictions: OptionRestrictions
    units: list[Unit]


class Product(Described):
    """Something that can be booked."""

    id: str
    internal_name: str
    reference: str | None
    locale: str
    time_zone: str
    allow_freesale: bool
    instant_confirmation: bool
    instant_delivery: bool
    availability_required: bool
    availability_type: Literal["START_TIME", "OPENING_HOURS"]
    delivery_formats: list[str]
    delivery_methods: list[str]
    redemption_method: str
    options: list[Option]
    default_currency: Annotated[str, Field(description=PRICING)] = ""
    available_currencies: Annotated[list[str], Field(description=PRICING)] = []
    pricing_per: Annotated[Literal["UNIT"], Field(description=PRICING)] = "UNIT"


class Hours(Answer):
    """When a place is open, local times."""

    from_: Annotated[str, Field(alias="from")]
    to: str


class Availability(Answer):
    """A departure, or a day of a product with opening hours."""

    id: str
    local_date_time_start: str
    local_date_time_end: str
    utc_cutoff_at: Utc
    all_day: bool
    available: bool
    status: Status
    vacancies: int | None
    capacity: int | None
    max_units: int | None
    opening_hours: list[Hours]
    unit_pricing: Annotated[list[UnitPrice], Field(description=PRICING)] = []
    pricing: Annotated[Price | None, Field(description=f"{PRICING} When units were asked for.")] = None
    title: Annotated[str | None, Field(description=CONTENT)] = None
    short_description: Annotated[str | None, Field(description=CONTENT)] = None


class CalendarDay(Answer):
    """A day's summary."""

    local_date: str
    available: bool
    status: Status
    vacancies: int | None
    capacity: int | None
    opening_hours: list[Hours]
    unit_pricing_from: Annotated[list[UnitPrice], Field(description=PRICING)] = []
    pricing_from: Annotated[Price | None, Field(description=f"{PRICING} When units were asked for.")] = None


class Contact(Answer):
    """Who to reach."""

    full_name: str | None
    first_name: str | None
    last_name: str | None
    email_address: str | None
    phone_number: str | None
    postal_code: str | None
    country: str | None
    notes: str | None
    locales: list[str]


class DeliveryOption(Answer):
    """What the guest shows."""

    delivery_format: Literal["QRCODE"]
    delivery_value: str


class Voucher(Answer):
    """What opens the gate."""

    redemption_method: str
    utc_redeemed_at: Utc | None
    delivery_options: list[DeliveryOption]


class Cancellation(Answer):
    """How a booking ended without being used."""

    refund: Refund
    reason: str | None
    utc_cancelled_at: Utc


class UnitItem(Answer):
    """A ticket."""

    uuid: str
    reseller_reference: str | None
    supplier_reference: str | None
    unit_id: str
    status: State
    utc_redeemed_at: Utc | None
    contact: Contact
    ticket: Voucher | None
    unit: Unit | None = None
    pricing: Annotated[Price | None, Field(description=PRICING)] = None


class BookingAlone(Answer):
    """A booking without what its ids lead to."""

    id: str
    uuid: str
    test_mode: bool
    reseller_reference: str | None
    supplier_reference: str
    status: State
    utc_created_at: Utc
    utc_updated_at: Utc | None
    utc_expires_at: Utc | None
    utc_redeemed_at: Utc | None
    utc_confirmed_at: Utc | None
    product_id: str
    option_id: str
    cancellable: bool
    cancellation: Cancellation | None
    freesale: bool
    availability_id: str | None
    availability: Availability | None
    contact: Contact
    notes: str | None
    delivery_methods: list[str]
    voucher: Voucher | None
    unit_items: list[UnitItem]
    pricing: Annotated[Price | None, Field(description=PRICING)] = None


class Booking(BookingAlone):
    """A booking, from hold to visit."""

    product: Product
    option: Option


class Subscription(Answer):
    """Where a partner is told of changes; with `testMode` of those of test bookings."""

    id: str
    url: str
    notification_types: list[str]
    headers: dict[str, str]
    test_mode: bool


class MadeSubscription(Subscription):
    """A new subscription."""

    secret: Annotated[str, Field(description="What messages are signed with, `whsec_...`. Shown only here.")]


class Refusal(Answer):
    """What was refused and why; `error` is a code, the id that was wrong stands beside it."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow")

    error: str
    error_message: str
