"""Events into messages to all who listen: the entries of the worker, each within one transaction."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, or_, select

from portal.bookings import queries, telling
from portal.bookings.errors import InvalidProduct
from portal.bookings.products import Product, product_on_sale
from portal.jobs.queue import Job, Taken, enqueue
from portal.mail import outbox as mail
from portal.mail.outbox import Letter
from portal.outbox.outbox import Topic
from portal.outbox.tables import webhook_endpoints
from portal.partners.tables import partners
from portal.webhooks import payloads
from portal.webhooks.endpoints import endpoint
from portal.webhooks.model import TYPES, Endpoint, State
from portal.webhooks.payloads import Message
from portal.webhooks.tables import webhook_deliveries

WEBHOOK = "webhook"
"""The kind of job that sends a message to an endpoint."""
TOPIC_OF = {one: topic for topic, types in TYPES.items() for one in types}


class Fanout:
    """Makes messages.

    :param base_url: the portal's own address, for links.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def event(self, connection: Connection, job: Taken, now: datetime) -> None:
        """Tell an event to all who want to know of it."""
        message = self._message(connection, job)
        tell(connection, message, now)

    def places(self, connection: Connection, job: Taken, now: datetime) -> None:
        """Tell what places are left of a slot, and of all that share its resource meanwhile."""
        slot = job.payload
        starts_at, ends_at = (datetime.fromisoformat(slot[name]) for name in ("starts_at", "ends_at"))
        time = queries.Meanwhile(slot["product"], slot["option"], slot["resource"], starts_at, ends_at)
        for product, option_id, slots in queries.slots_meanwhile(connection, time, now):
            tell(connection, payloads.availability(product, option_id, slots, now), now)

    def hold(self, connection: Connection, job: Taken, now: datetime) -> datetime | None:
        """Look whether a hold ran out."""
        return telling.expire(connection, job.payload["booking"], now)

    def undecided(self, connection: Connection, job: Taken, now: datetime) -> datetime | None:
        """Look whether nobody decided on a booking in time; then its guest gets the letter that was written for it."""
        refused, again = telling.lapse(connection, job.payload["booking"], now)
        letter = job.payload["letter"]
        if refused is not None and letter is not None:
            mail.enqueue(connection, Letter(**letter), now)
        return again

    def _message(self, connection: Connection, job: Taken) -> Message:
        told = job.payload
        event, at, data = told["type"], datetime.fromisoformat(told["at"]), told["data"]
        if "booking" in data:
            return payloads.booking(event, telling.SNAPSHOT.validate_json(data["booking"]), at)
        if "product" in data:
            product = _product(connection, data["product"])
            return payloads.product(event, data["product"], product, told["supplier"], at)
        return payloads.listing(event, told["subject"], self._base_url, at)


def tell(connection: Connection, message: Message, now: datetime) -> int:
    """Have a message delivered to all who want it; return to how many."""
    identity = new_id()
    ears = [one for one in _listeners(connection, message) if one.hears(message.type)]
    for ear in ears:
        send(connection, ear, identity, message.type, message.subject, payloads.body(message, ear.form), now)
    return len(ears)


def new_id() -> str:
    """Return an id for a message."""
    return f"msg_{secrets.token_hex(12)}"


def send(  # noqa: PLR0917 - a row of the table
    connection: Connection, to: Endpoint, identity: str, kind: str, subject: str, body: str, now: datetime
) -> int:
    """Have a text delivered to one endpoint; return the number of the delivery."""
    values = {
        "endpoint_id": to.id,
        "message": identity,
        "type": kind,
        "subject": subject,
        "body": body,
        "state": State.WAITING,
        "tries": [],
        "created_at": now,
        "next_at": now,
    }
    inserted = webhook_deliveries.insert().values(values).returning(webhook_deliveries.c.id)
    number: int = connection.execute(inserted).scalar_one()
    enqueue(connection, job_of(number, to, subject), now)
    return number


def job_of(number: int, to: Endpoint, subject: str) -> Job:
    """Return the job that delivers; those about one subject go to an endpoint one after the other."""
    return Job(WEBHOOK, {"delivery": number}, lane=f"{to.id} {subject}", target=str(to.id))


def _listeners(connection: Connection, message: Message) -> list[Endpoint]:
    column = webhook_endpoints.c
    wanted = [column[f"hears_{TOPIC_OF[message.type]}"], column.disabled_at.is_(None)]
    if message.partner is not None:
        wanted.append(column.partner_id == message.partner)
    elif TOPIC_OF[message.type] is Topic.BOOKINGS:  # the portal's own, nobody else's business
        return []
    if message.supplier is not None:
        for bound in (partners.c.supplier, column.supplier):
            wanted.append(or_(bound.is_(None), bound == message.supplier))
    if message.test is not None:
        wanted.append(column.test == message.test)
    statement = select(webhook_endpoints).join(partners, partners.c.id == column.partner_id).where(*wanted)
    return [endpoint(row) for row in connection.execute(statement.order_by(column.created_at, column.id))]


def _product(connection: Connection, product_id: str) -> Product | None:
    try:
        return product_on_sale(connection, product_id)
    except InvalidProduct:
        return None
