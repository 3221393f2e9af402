"""OCTO's notifications: which changes a partner is told of, and where. Pages and commands know full events besides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify

from portal.web import octo_requests as requests
from portal.web.context import services
from portal.web.octo_caller import caller
from portal.webhooks.model import Endpoint, Form, NoSuchEndpoint

ALL = "/notifications/subscriptions"
ONE = f"{ALL}/<identity>"


def init_blueprint(blueprint: Blueprint) -> None:
    """Add the addresses of subscriptions."""
    for path in (ALL, "/notifications/subcriptions"):  # the second as the standard's page spells it
        blueprint.add_url_rule(path, view_func=subscribe, methods=["POST"], strict_slashes=False)
    blueprint.add_url_rule(ALL, view_func=subscriptions, methods=["GET"], strict_slashes=False)
    blueprint.add_url_rule(ONE, view_func=subscription, methods=["GET"], strict_slashes=False)
    blueprint.add_url_rule(ONE, view_func=change_subscription, methods=["PATCH"], strict_slashes=False)
    blueprint.add_url_rule(ONE, view_func=unsubscribe, methods=["DELETE"], strict_slashes=False)


def subscribe() -> Response:
    """Make a subscription. Its secret is shown here and then no more over this interface."""
    wish = requests.body(requests.SubscriptionBody).wish()
    made = services().webhooks.create(caller().partner.id, Form.OCTO, wish, services().clock())
    return jsonify({**_subscription(made), "secret": made.secret})


def subscriptions() -> Response:
    """Return the partner's subscriptions."""
    return jsonify([_subscription(one) for one in services().webhooks.all(caller().partner.id, Form.OCTO)])


def subscription(identity: str) -> Response:
    """Return one subscription."""
    return jsonify(_subscription(_find(identity)))


def change_subscription(identity: str) -> Response:
    """Change a subscription; what is left out stays."""
    wish = requests.body(requests.SubscriptionBody).wish()
    return jsonify(_subscription(services().webhooks.change(caller().partner.id, _find(identity).id, wish)))


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
