"""Limits on requests, told in the `RateLimit` headers of draft-ietf-httpapi-ratelimit-headers-10."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Response, g, request

from portal.partners.model import Credential
from portal.traffic.counting import Policy, Verdict
from portal.web.context import services

WRONG_KEYS = Policy("wrong-keys", 60)
"""Keys that open nothing, from one address."""


class TooManyRequests(Exception):
    """Somebody sent more than they may; the verdict tells when they may again."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(f"{verdict.policy.quota} requests in {verdict.policy.window_s} seconds; try again later")
        self.verdict = verdict


def count_key(credential: Credential) -> None:
    """Count a request with a key in force.

    :raises TooManyRequests: when it is one too many.
    """
    quota = services().settings.rate_limit if credential.partner.limit is None else credential.partner.limit
    if quota:
        _count(Policy("key", quota), str(credential.key))


def count_anonymous() -> None:
    """Count a request without a key, unless it comes from this machine itself.

    :raises TooManyRequests: when it is one too many.
    """
    address = _stranger()
    quota = services().settings.rate_limit_anonymous
    if quota and address:
        _count(Policy("address", quota), address)


def check_guesses() -> None:
    """Refuse whoever tried too many keys that open nothing, whatever key they come with now.

    :raises TooManyRequests: when it was too many.
    """
    address = _stranger()
    if address and not (verdict := services().traffic.look(WRONG_KEYS, address)).allowed:
        raise TooManyRequests(verdict)


def count_guess() -> None:
    """Count a key that opened nothing."""
    if address := _stranger():
        services().traffic.count(WRONG_KEYS, address)


def tell(response: Response) -> Response:
    """Say how it stands."""
    verdict: Verdict | None = g.get("verdict")
    if verdict is not None:
        policy = verdict.policy
        response.headers["RateLimit-Policy"] = f'"{policy.name}";q={policy.quota};w={policy.window_s}'
        response.headers["RateLimit"] = f'"{policy.name}";r={verdict.remaining};t={verdict.reset_s}'
    return response


def _count(policy: Policy, who: str) -> None:
    g.verdict = verdict = services().traffic.count(policy, who)
    if not verdict.allowed:
        raise TooManyRequests(verdict)


def _stranger() -> str | None:
    """Return where a request comes from (of an IPv6 address its network, a /64), or None for this machine itself."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or None
    if address.is_loopback:
        return None
    return str(address) if address.version == 4 else address.exploded[:19]
