"""Where a partner is told what changes: addresses, secrets, and the log of deliveries."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request
from flask_babel import gettext, lazy_gettext

from portal.sealing.seal import Unopenable
from portal.web.businesses.guard import Access, access, see
from portal.web.context import services
from portal.web.partners.guard import our_partner, page
from portal.webhooks import log
from portal.webhooks.checks import EVENT_TYPES
from portal.webhooks.endpoints import Wish
from portal.webhooks.log import Filter
from portal.webhooks.model import (
    NOTIFICATIONS,
    TYPES,
    Endpoint,
    Failure,
    Form,
    NoSuchDelivery,
    NoSuchEndpoint,
    Reach,
    State,
    WebhookError,
    Why,
)

blueprint = Blueprint("webhooks", __name__, url_prefix="/<language:language>/partners")

LONGEST = 5000
LAST = 2**62
"""Beyond the numbers that deliveries have."""
STATES = {
    State.WAITING: lazy_gettext("Waiting"),
    State.DELIVERED: lazy_gettext("Delivered"),
    State.DEAD: lazy_gettext("Given up"),
}
WHY = {
    Why.PARTNER: lazy_gettext("Switched off"),
    Why.GONE: lazy_gettext("Switched off, because your server answered 410"),
    Why.FAILING: lazy_gettext("Switched off, because nothing got through for three days"),
}
FAILURES = {
    Failure.FORBIDDEN: lazy_gettext("The address is not a public one"),
    Failure.UNKNOWN: lazy_gettext("The name of the server was not found"),
    Failure.UNREACHABLE: lazy_gettext("The server could not be reached"),
    Failure.TLS: lazy_gettext("The server’s certificate was not accepted"),
    Failure.SLOW: lazy_gettext("No answer in time"),
    Failure.MOVED: lazy_gettext("Redirects are not followed"),
    Failure.BROKEN: lazy_gettext("The connection broke off"),
}
PROBLEMS = {
    "url": lazy_gettext("Enter a public address, such as https://shop.example/hooks."),
    "types": lazy_gettext("Choose at least one event."),
    "headers": lazy_gettext("Write each header as Name: value. Some names, such as Host, cannot be sent."),
    "count": lazy_gettext("There are as many addresses as one partner may have. Remove one first."),
    "endpoint": lazy_gettext("The address is switched off. Switch it on first."),
}


@blueprint.get("/webhooks")
@access(Access.SIGNED_IN)
def show() -> Response:
    """Show the addresses, and the form for another one."""
    return _all({})


@blueprint.post("/webhooks")
@access(Access.SIGNED_IN)
def create() -> Response:
    """Add an address and go on to its page."""
    partner = our_partner()
    form = Form.OCTO if request.form.get("form") == Form.OCTO else Form.EVENTS
    try:
        made = services().webhooks.create(Reach(partner.id), form, _wish(form), services().clock())
    except WebhookError as error:
        return _all(request.form, error)
    return see("webhooks.endpoint", identity=made.id, done=1)


@blueprint.get("/webhooks/<uuid:identity>")
@access(Access.SIGNED_IN)
def endpoint(identity: UUID) -> Response:
    """Show one address with its secret and what was last told to it."""
    return _one(_find(identity))


@blueprint.post("/webhooks/<uuid:identity>")
@access(Access.SIGNED_IN)
def change(identity: UUID) -> Response:
    """Change an address."""
    known = _find(identity)
    try:
        services().webhooks.change(Reach(known.partner), identity, _wish(known.form))
    except WebhookError as error:
        return _one(known, error)
    return see("webhooks.endpoint", identity=identity, done=1)


@blueprint.get("/webhooks/<uuid:identity>/do")
@access(Access.SIGNED_IN)
def back(identity: UUID) -> Response:
    """Lead back whoever reloads the answer to a form, or reads it in another language."""
    return see("webhooks.endpoint", identity=_find(identity).id)


@blueprint.post("/webhooks/<uuid:identity>/do")
@access(Access.SIGNED_IN)
def act(identity: UUID) -> Response:
    """Do what a button says: try, switch, replace the secret, replay, remove."""
    known, now, here = _find(identity), services().clock(), services()
    ours = Reach(known.partner)
    actions: Mapping[str, Callable[[], object]] = {
        "ping": lambda: log.ping(here.database, ours, identity, now),
        "rotate": lambda: here.webhooks.rotate(ours, identity, now),
        "on": lambda: here.webhooks.switch(ours, identity, now, on=True),
        "off": lambda: here.webhooks.switch(ours, identity, now, on=False),
        "replay": lambda: log.replay_dead(here.database, ours, identity, now),
        "remove": lambda: here.webhooks.remove(ours, identity),
    }
    action = request.form.get("action", "")
    if action not in actions:
        abort(400)
    try:
        actions[action]()
    except WebhookError as error:
        return _one(known, error)
    if action == "remove":
        return see("webhooks.show", done=1)
    return see("webhooks.endpoint", identity=identity, done=1)


@blueprint.get("/deliveries")
@access(Access.SIGNED_IN)
def deliveries() -> Response:
    """Show the log, searched by what the query string says; what makes no sense there is left out."""
    ours = Reach(our_partner().id)
    known = services().webhooks.all(ours)
    wanted = _filter({str(one.id): one.id for one in known})
    found = log.search(services().database, ours, wanted, log.PAGE + 1)
    asked = {"q": wanted.words, "state": wanted.state, "type": wanted.type, "address": wanted.endpoint}
    more = {**asked, "before": found[log.PAGE - 1].id} if len(found) > log.PAGE else None
    return page(
        "deliveries",
        found=found[: log.PAGE],
        endpoints=known,
        wanted=wanted,
        more=more,
        types=sorted(EVENT_TYPES),
        **WORDS,
    )


@blueprint.get("/deliveries/<int:number>")
@access(Access.SIGNED_IN)
def delivery(number: int) -> Response:
    """Show one message and every attempt to deliver it."""
    return _delivery(number)


@blueprint.post("/deliveries/<int:number>")
@access(Access.SIGNED_IN)
def replay(number: int) -> Response:
    """Have a message delivered again."""
    ours = Reach(our_partner().id)
    try:
        log.replay(services().database, ours, min(number, LAST), services().clock())
    except NoSuchDelivery:
        abort(404)
    except WebhookError as error:
        return _delivery(number, error)
    return see("webhooks.delivery", number=number, done=1)


def _all(form: Mapping[str, str], error: WebhookError | None = None) -> Response:
    known = services().webhooks.all(Reach(our_partner().id))
    return page(
        "webhooks",
        422 if error else 200,
        endpoints=known,
        form=form,
        chosen=request.form.getlist("types") if error else [],
        events=[one for types in TYPES.values() for one in types],
        notifications=list(NOTIFICATIONS.values()),
        problem=_words(error),
        done=request.args.get("done"),
        **WORDS,
    )


def _one(known: Endpoint, error: WebhookError | None = None) -> Response:
    offered = list(NOTIFICATIONS.values()) if known.form is Form.OCTO else _offered(known)
    return page(
        "webhook",
        422 if error else 200,
        known=known,
        secret=_secret(known),
        url=request.form.get("url", known.url) if error else known.url,
        headers="\n".join(f"{name}: {value}" for name, value in known.headers.items()),
        offered=offered,
        found=log.search(services().database, Reach(known.partner), Filter(endpoint=known.id), 10),
        problem=_words(error),
        done=request.args.get("done"),
        **WORDS,
    )


def _secret(known: Endpoint) -> str | None:
    """Return the secret in force; None when it was sealed with a key that this machine has not."""
    try:
        return services().webhooks.secret(known)
    except Unopenable:
        return None


def _offered(known: Endpoint) -> list[str]:
    """Return the types to choose from: each event, and what the endpoint has besides, such as `booking.*`."""
    every = [one for types in TYPES.values() for one in types]
    return [*(one for one in known.types if one not in every), *every]


def _delivery(number: int, error: WebhookError | None = None) -> Response:
    try:
        found = log.get(services().database, Reach(our_partner().id), min(number, LAST))
    except NoSuchDelivery:
        abort(404)
    return page(
        "delivery",
        422 if error else 200,
        one=found,
        text=json.dumps(json.loads(found.body), indent=2, ensure_ascii=False),
        problem=_words(error),
        done=request.args.get("done"),
        **WORDS,
    )


def _find(identity: UUID) -> Endpoint:
    try:
        return services().webhooks.get(Reach(our_partner().id), identity)
    except NoSuchEndpoint:
        abort(404)


def _wish(form: Form) -> Wish:
    """Return what a form asks for; types of the other form, which a browser sends too, do not count."""
    known = set(NOTIFICATIONS.values())
    types = [one for one in request.form.getlist("types") if (one in known) == (form is Form.OCTO)]
    headers = _headers(request.form.get("headers", "")[:LONGEST])
    return Wish(request.form.get("url", "").strip(), types, headers, test=request.form.get("environment") == "sandbox")


def _headers(text: str) -> dict[str, str]:
    """Return the headers of a text, one a line; a line without a colon is no header, and refused as one."""
    parts = [line.partition(":") for line in text.splitlines() if line.strip()]
    return {name.strip() if colon else "": value.strip() for name, colon, value in parts}


def _filter(endpoints: Mapping[str, UUID]) -> Filter:
    before = request.args.get("before", "")
    state = request.args.get("state", "")
    return Filter(
        endpoint=endpoints.get(request.args.get("address", "")),
        state=State(state) if state in set(State) else None,
        type=request.args.get("type", "")[:60].replace("\0", "") or None,
        words=request.args.get("q", "").strip()[:300].replace("\0", "") or None,
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 18 else None,
    )


def _words(error: WebhookError | None) -> str | None:
    if error is None:
        return None
    return str(PROBLEMS.get(error.field) or gettext("That is not possible."))


WORDS: Mapping[str, Any] = {"STATES": STATES, "WHY": WHY, "FAILURES": FAILURES}
