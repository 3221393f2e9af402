"""What a partner may ask for: addresses, types and headers, checked when an endpoint is made or changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from portal.webhooks import guard
from portal.webhooks.model import NOTIFICATIONS, TYPES, Form, WebhookError

LONGEST_URL = 2000
MOST_HEADERS = 20
LONGEST_HEADER = 2000
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
VISIBLE = re.compile(r"[\x20-\x7e]*")
OURS = re.compile(
    r"webhook-.*|host|content-.*|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*|user-agent",
    re.IGNORECASE,
)
"""Headers that the portal sets itself, or that decide how a message is sent."""
EVENT_TYPES = frozenset(one for types in TYPES.values() for one in types)
WILDCARDS = frozenset({"*"} | {f"{one.partition('.')[0]}.*" for one in EVENT_TYPES})


def url(text: str, *, private: bool) -> str:
    """Return an address that messages may be sent to.

    :param private: allow http, this machine and private networks.
    :raises WebhookError: naming what is wrong.
    """
    if len(text) > LONGEST_URL or not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        raise WebhookError("url", f"expected an address of at most {LONGEST_URL} ASCII characters, without spaces")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise WebhookError("url", "expected an address such as https://shop.example/webhooks") from error
    if parts.scheme not in ({"https", "http"} if private else {"https"}) or not parts.hostname or port == 0:
        raise WebhookError("url", "expected an address such as https://shop.example/webhooks")
    if parts.username is not None or parts.password is not None or "#" in text:
        raise WebhookError("url", "expected no name, password or fragment in it; a token goes into a header")
    _check_host(parts.hostname, private=private)
    return text


def types(form: Form, asked: Sequence[str]) -> tuple[str, ...]:
    """Return what an endpoint listens to, each once.

    :raises WebhookError: naming a type that there is not.
    """
    known = NOTIFICATIONS.values() if form is Form.OCTO else EVENT_TYPES | WILDCARDS
    for one in asked:
        if one not in known:
            raise WebhookError("types", f"there is no {one!r}; known are {', '.join(sorted(known))}")
    if not asked:
        raise WebhookError("types", f"expected at least one of {', '.join(sorted(known))}")
    return tuple(dict.fromkeys(asked))


def headers(asked: Mapping[str, str]) -> dict[str, str]:
    """Return headers that may be sent along.

    :raises WebhookError: naming one that may not.
    """
    if len(asked) > MOST_HEADERS:
        raise WebhookError("headers", f"expected at most {MOST_HEADERS}")
    for name, value in asked.items():
        if not TOKEN.fullmatch(name) or OURS.fullmatch(name):
            raise WebhookError("headers", f"{name!r} cannot be set")
        if len(value) > LONGEST_HEADER or not VISIBLE.fullmatch(value):
            raise WebhookError("headers", f"the value of {name} must be at most {LONGEST_HEADER} ASCII characters")
    return dict(asked)


def _check_host(host: str, *, private: bool) -> None:
    """Refuse at once what would be refused at every delivery."""
    try:
        ip_address(host)
    except ValueError:
        if host.rstrip(".").lower().endswith("localhost") and not private:
            raise WebhookError("url", f"{host} is not a public address") from None
        return
    try:
        guard.check(host, private=private)
    except guard.Forbidden as error:
        raise WebhookError("url", str(error)) from error
