"""OCTO's notifications: which changes a partner is told of, and where. Full events are at `/api/v1/webhooks`."""

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
    wish = requests.body(requests.SubscribeBody).wish(test=caller().seller.test)
    here = services()
    made = here.webhooks.create(caller().reach, Form.OCTO, wish, here.clock())
    return jsonify({**_subscription(made), "secret": here.webhooks.secret(made)})


def subscriptions() -> Response:
    """Return the partner's subscriptions; to a sandbox key, those for tests."""
    return jsonify([_subscription(one) for one in services().webhooks.all(caller().reach, Form.OCTO)])


def subscription(identity: str) -> Response:
    """Return one subscription."""
    return jsonify(_subscription(_find(identity)))


def change_subscription(identity: str) -> Response:
    """Change a subscription; what is left out stays."""
    wish = requests.body(requests.ChangeSubscriptionBody).wish()
    return jsonify(_subscription(services().webhooks.change(caller().reach, _find(identity).id, wish)))


def unsubscribe(identity: str) -> Response:
    """End a subscription, and return what it was."""
    found = _find(identity)
    services().webhooks.remove(caller().reach, found.id)
    return jsonify(_subscription(found))


def _find(identity: str) -> Endpoint:
    try:
        known = UUID(identity)
    except ValueError as error:
        raise NoSuchEndpoint("id", f"there is no {identity!r}") from error
    return services().webhooks.get(caller().reach, known, Form.OCTO)


def _subscription(one: Endpoint) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "url": one.url,
        "notificationTypes": list(one.types),
        "headers": dict(one.headers),
        "testMode": one.test,
    }
