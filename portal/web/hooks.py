"""Webhooks over the API: `/api/v1/webhooks`. What the partners' pages do by hand, and with OCTO's notifications too.

A key reaches its partner's endpoints; one of the sandbox those for tests alone, one of a supplier that supplier's.
"""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request, url_for
from pydantic import BaseModel

from portal.partners.model import Credential, Scope
from portal.web import credentials, errors, limiting
from portal.web import hooks_requests as requests
from portal.web.context import services
from portal.web.openapi import hooks as shown
from portal.webhooks import log
from portal.webhooks.model import Busy, NoSuchDelivery, NoSuchEndpoint, Reach, WebhookError

blueprint = Blueprint("hooks", __name__, url_prefix="/api/v1/webhooks")
blueprint.after_request(limiting.tell)


class OnlyReads(Exception):
    """The key may not change anything."""


@blueprint.before_request
def sign_in() -> None:
    """Know the caller by the key in `Authorization`, and count the request."""
    g.credential = credentials.credential()
    if g.credential.scope is Scope.READ and request.method not in {"GET", "HEAD"}:
        raise OnlyReads


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Say that answers are the caller's alone."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/endpoints")
def list_endpoints() -> Response:
    """Return the endpoints that the key reaches."""
    found = services().webhooks.all(_reach())
    return _json(shown.Endpoints(endpoints=[shown.WebhookEndpoint.of(one) for one in found]))


@blueprint.post("/endpoints")
def create_endpoint() -> Response:
    """Make an endpoint. Its secret is shown here and by `rotate`, and no more over this interface."""
    asked = requests.body(requests.EndpointBody)
    if _reach().sandbox and asked.test is False:
        raise requests.Malformed({"test": "with a key of the sandbox, an endpoint hears of test bookings"})
    here = services()
    made = here.webhooks.create(_reach(), asked.form, asked.wish(), here.clock())
    secret = here.webhooks.secret(made)
    answer = _json(shown.WebhookEndpointWithSecret.of(made, secret=secret), 201)
    answer.headers["Location"] = url_for("hooks.read_endpoint", identity=made.id)
    return answer


@blueprint.get("/endpoints/<uuid:identity>")
def read_endpoint(identity: UUID) -> Response:
    """Return one endpoint."""
    return _json(shown.WebhookEndpoint.of(services().webhooks.get(_reach(), identity)))


@blueprint.patch("/endpoints/<uuid:identity>")
def change_endpoint(identity: UUID) -> Response:
    """Change an endpoint, or switch it on or off."""
    asked, here = requests.body(requests.ChangeBody), services()
    changed = here.webhooks.change(_reach(), identity, asked.wish())
    if asked.disabled is not None:
        changed = here.webhooks.switch(_reach(), identity, here.clock(), on=not asked.disabled)
    return _json(shown.WebhookEndpoint.of(changed))


@blueprint.delete("/endpoints/<uuid:identity>")
def delete_endpoint(identity: UUID) -> Response:
    """Remove an endpoint with its log and all that waits for it."""
    services().webhooks.remove(_reach(), identity)
    return Response(status=204)


@blueprint.post("/endpoints/<uuid:identity>/rotate")
def rotate_secret(identity: UUID) -> Response:
    """Make a new secret; for a day the old one signs beside it."""
    here = services()
    changed = here.webhooks.rotate(_reach(), identity, here.clock())
    return _json(shown.WebhookEndpointWithSecret.of(changed, secret=here.webhooks.secret(changed)))


@blueprint.post("/endpoints/<uuid:identity>/ping")
def ping_endpoint(identity: UUID) -> Response:
    """Send a message that only tries whether an endpoint answers."""
    here = services()
    return _sent(log.ping(here.database, _reach(), identity, here.clock()))


@blueprint.post("/endpoints/<uuid:identity>/replay")
def replay_endpoint(identity: UUID) -> Response:
    """Send again all that was given up."""
    here = services()
    count = log.replay_dead(here.database, _reach(), identity, here.clock())
    return _json(shown.Replayed(replayed=count), 202)


@blueprint.get("/deliveries")
def list_deliveries() -> Response:
    """Return what the log holds of the endpoints that the key reaches."""
    asked = requests.query(requests.DeliveriesQuery)
    found = log.search(services().database, _reach(), asked.filter(), asked.limit + 1)
    page = [shown.Delivery.of(one) for one in found[: asked.limit]]
    return _json(shown.Deliveries(deliveries=page, next=page[-1].id if len(found) > asked.limit else None))


@blueprint.get("/deliveries/<int:number>")
def read_delivery(number: int) -> Response:
    """Return one message with its text."""
    return _json(shown.DeliveryWithBody.of(log.get(services().database, _reach(), min(number, requests.LAST))))


@blueprint.post("/deliveries/<int:number>/replay")
def replay_delivery(number: int) -> Response:
    """Send a message again."""
    here, known = services(), min(number, requests.LAST)
    log.replay(here.database, _reach(), known, here.clock())
    return _sent(known)


@blueprint.errorhandler(requests.Malformed)
def malformed(error: requests.Malformed) -> Response:
    """Name what cannot be used."""
    return errors.problem(400, str(error), error.fields)


@blueprint.errorhandler(WebhookError)
def refused(error: WebhookError) -> Response:
    """Say what is not there, not now, or not at all."""
    if isinstance(error, NoSuchEndpoint | NoSuchDelivery):
        return errors.problem(404, f"{error.message} that this key reaches")
    if isinstance(error, Busy):
        return errors.problem(409, error.message)
    return errors.problem(400, str(error), {error.field: error.message})


@blueprint.errorhandler(OnlyReads)
def only_reads(_error: OnlyReads) -> Response:
    """Answer whoever would change something with a key that reads."""
    return errors.problem(403, "this key only reads; make one that books")


@blueprint.errorhandler(credentials.NoKey)
@blueprint.errorhandler(credentials.UnknownKey)
def signed_out(error: Exception) -> Response:
    """Answer a caller without a key that is in force."""
    missing = isinstance(error, credentials.NoKey)
    told = "expected the header Authorization: Bearer <key>" if missing else "the key is unknown or revoked"
    answer = errors.problem(401, told)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _reach() -> Reach:
    return credentials.reach(cast(Credential, g.credential))


def _sent(number: int) -> Response:
    return _json(shown.Delivery.of(log.get(services().database, _reach(), number)), 202)


def _json(answer: BaseModel, status: int = 200) -> Response:
    response = jsonify(answer.model_dump(mode="json"))
    response.status_code = status
    return response
