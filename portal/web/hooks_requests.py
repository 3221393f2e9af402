"""What partners send to `/api/v1/webhooks`, checked strictly."""

from __future__ import annotations

from typing import Annotated, TypeVar
from uuid import UUID

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from portal.web import faults
from portal.webhooks import log
from portal.webhooks.endpoints import Wish
from portal.webhooks.model import Form, State

LAST = 2**62
"""Beyond the numbers that deliveries have."""
Model = TypeVar("Model", bound=BaseModel)
Url = Annotated[str, Field(max_length=2000, examples=["https://shop.example/hooks"])]
Types = Annotated[
    list[str],
    Field(max_length=100, examples=[["booking.*"]], description="`booking.*` for all that begin so, `*` for all."),
]
Headers = Annotated[dict[str, str], Field(description="Sent along with each message.")]


class Malformed(Exception):
    """A body or a query string that cannot be used; `fields` are what is wrong in it, each with why."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {why}" for field, why in fields.items()))
        self.fields = fields


class Strict(BaseModel):
    """A part of a request: no coercion, and nothing that is not known."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class EndpointBody(Strict):
    """An endpoint to make."""

    url: Url
    types: Types
    headers: Headers = {}
    form: Annotated[Form, Field(strict=False, description="`octo` for OCTO's notifications.")] = Form.EVENTS
    test: Annotated[bool | None, Field(description="Hear of test bookings. A sandbox key makes no other.")] = None

    def wish(self) -> Wish:
        """Return it in the webhooks' terms."""
        return Wish(self.url, self.types, self.headers, test=bool(self.test))


class ChangeBody(Strict):
    """What shall be different in an endpoint."""

    url: Url | None = None
    types: Types | None = None
    headers: Headers | None = None
    disabled: Annotated[bool | None, Field(description="Told nothing; what waits is given up.")] = None

    def wish(self) -> Wish:
        """Return it in the webhooks' terms."""
        return Wish(self.url, self.types, self.headers)


class DeliveriesQuery(Strict):
    """Which deliveries; every part that is given must match."""

    endpoint: UUID | None = None
    state: State | None = None
    type: Annotated[str, Field(max_length=60, description="An event's type, or how it begins.")] = ""
    about: Annotated[str, Field(max_length=300, description="A booking's uuid, or the id of a message.")] = ""
    before: Annotated[int, Field(ge=1, le=LAST, description="Only older ones than this number.")] = LAST
    limit: Annotated[int, Field(ge=1, le=log.PAGE)] = log.PAGE

    def filter(self) -> log.Filter:
        """Return it in the webhooks' terms."""
        type_, about = (text.replace("\0", "") or None for text in (self.type, self.about))
        return log.Filter(self.endpoint, self.state, type_, about, self.before)


def body(model: type[Model]) -> Model:
    """Return the request's JSON body; an empty one counts as `{}`.

    :raises Malformed: naming every field that is wrong.
    """
    try:
        return model.model_validate_json(request.get_data() or b"{}")
    except ValidationError as error:
        raise Malformed(faults.told(error)) from error


def query(model: type[Model]) -> Model:
    """Return the request's query string. Raises as `body`, and for a name that stands there twice."""
    if twice := faults.repeated([name for name, _ in request.args.items(multi=True)]):
        raise Malformed({twice: "expected only once"})
    try:
        return model.model_validate_strings(request.args.to_dict())
    except ValidationError as error:
        raise Malformed(faults.told(error)) from error
