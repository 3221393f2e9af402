"""OCTO's notifications: which changes a partner is told of, and where. Pages and commands know full events besides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from portal.web import octo_requests as requests
from portal.web.context import services
from portal.web.octo_caller import caller
from portal.webhooks.model import Endpoint, Form, NoSuchEndpoint

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications")


@blueprint.post("/subscriptions", strict_slashes=False)
@blueprint.post("/subcriptions", strict_slashes=False)  # as the standard's page spells it
def subscribe() -> Response:
    """Make a subscription. Its secret is shown here and then no more over this interface."""
    wish = requests.body(requests.SubscriptionBody).wish()
    made = services().webhooks.create(caller().partner.id, Form.OCTO, wish, services().clock())
    return jsonify({**_subscription(made), "secret": made.secret})


@blueprint.get("/subscriptions", strict_slashes=False)
def subscriptions() -> Response:
    """Return the partner's subscriptions."""
    return jsonify([_subscription(one) for one in services().webhooks.all(caller().partner.id, Form.OCTO)])


@blueprint.get("/subscriptions/<identity>", strict_slashes=False)
def subscription(identity: str) -> Response:
    """Return one subscription."""
    return jsonify(_subscription(_find(identity)))


@blueprint.patch("/subscriptions/<identity>", strict_slashes=False)
def change(identity: str) -> Response:
    """Change a subscription; what is left out stays."""
    wish = requests.body(requests.SubscriptionBody).wish()
    return jsonify(_subscription(services().webhooks.change(caller().partner.id, _find(identity).id, wish)))


@blueprint.delete("/subscriptions/<identity>", strict_slashes=False)
def unsubscribe(identity: str) -> Response:
    """End a subscription, and return what it was."""
    found = _find(identity)
    services().webhooks.remove(caller().partner.id, found.id)
    return jsonify(_subscription(found))


def _find(identity: str) -> Endpoint:
    try:
        known = UUID(identity)
    except ValueError as error:
        raise NoSuchEndpoint("id", f"there is no {identity!r}") from error
    return services().webhooks.get(caller().partner.id, known, Form.OCTO)


def _subscription(one: Endpoint) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "url": one.url,
        "notificationTypes": list(one.types),
        "headers": dict(one.headers),
    }
