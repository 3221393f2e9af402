from __future__ import annotations

import pytest

from portal.webhooks import checks, guard
from portal.webhooks.guard import Forbidden, Unknown
from portal.webhooks.model import Form, WebhookError

PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]
ONES_OWN = ["127.0.0.1", "127.8.8.8", "::1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "fd00::1", "::ffff:10.0.0.1"]
NEVER = [
    "0.0.0.0",
    "::",
    "169.254.169.254",  # where clouds keep the keys of a machine
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",  # the same through NAT64, 6to4, and an older way
    "2002:a9fe:a9fe::1",
    "::a9fe:a9fe",
    "fe80::1",
    "fe80::1%eth0",
    "100.64.0.1",
    "224.0.0.1",
    "ff02::1",
    "240.0.0.1",
    "255.255.255.255",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_called(address: str) -> None:
    guard.check(address, private=False)


@pytest.mark.parametrize("address", ONES_OWN)
def test_our_own_network_is_called_only_where_a_setting_says_so(address: str) -> None:
    with pytest.raises(Forbidden):
        guard.check(address, private=False)
    guard.check(address, private=True)


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("private", [False, True])
def test_some_addresses_are_never_called(address: str, private: bool) -> None:
    with pytest.raises(Forbidden):
        guard.check(address, private=private)


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(Forbidden):
        guard.checked("shop.example", 443, private=False, resolver=lambda *_: [PUBLIC[0], "10.0.0.1"])


def test_a_name_without_an_address_is_told_apart() -> None:
    with pytest.raises(Unknown):
        guard.checked("shop.invalid", 443, private=False, resolver=lambda *_: [])
    with pytest.raises(Unknown):
        guard.resolve("no-such-name.invalid", 443)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example/hooks",
        "ftp://shop.example/",
        "http://shop.example/",
        "https://",
        "https://user:word@shop.example/",
        "https://shop.example/#part",
        "https://shop.example:0/",
        "https://shop.example:99999/",
        "https://[::1",
        "https://shop.example/a b",
        "https://shop.example/\r\nX: y",
        "https://shop.example\\@evil.example/",
        "https://магазин.example/",
        "https://localhost/",
        "https://api.localhost./",
        "https://127.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        f"https://shop.example/{'x' * 2000}",
    ],
)
def test_an_address_that_cannot_be_called_is_refused_when_it_is_given(url: str) -> None:
    with pytest.raises(WebhookError, match="url"):
        checks.url(url, private=False)


@pytest.mark.parametrize("url", ["https://shop.example/hooks?to=me", "https://shop.example:8443", "https://1.1.1.1/"])
def test_an_ordinary_address_is_taken(url: str) -> None:
    assert checks.url(url, private=False) == url


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "x"},
        {"Webhook-Id": "x"},
        {"content-length": "1"},
        {"Transfer-Encoding": "chunked"},
        {"A B": "x"},
        {"": "x"},
        {"X-Token": "a\r\nb"},
        {"X-Token": "天"},
        {"X-Token": "x" * 2001},
        {f"X-{n}": "x" for n in range(21)},
    ],
)
def test_headers_that_would_change_how_a_message_is_sent_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(WebhookError, match="headers"):
        checks.headers(headers)


def test_a_token_of_the_partners_own_is_sent_along() -> None:
    assert checks.headers({"Authorization": "Bearer 1", "X-Shop": "7"}) == {"Authorization": "Bearer 1", "X-Shop": "7"}


def test_types_are_those_of_the_endpoints_form() -> None:
    assert checks.types(Form.EVENTS, ["booking.*", "booking.*"]) == ("booking.*",)
    assert checks.types(Form.OCTO, ["BOOKING_UPDATE"]) == ("BOOKING_UPDATE",)
    for form, asked in [(Form.OCTO, ["booking.*"]), (Form.EVENTS, ["BOOKING_UPDATE"]), (Form.EVENTS, ["boat.*"])]:
        with pytest.raises(WebhookError, match="there is no"):
            checks.types(form, asked)
    with pytest.raises(WebhookError, match="at least one"):
        checks.types(Form.EVENTS, [])
