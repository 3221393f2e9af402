from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from portal.webhooks.signing import headers, new_secret

BODY = '{"type":"booking.confirmed","data":{"notes":"天津之眼"}}'


def test_the_librarys_own_check_takes_what_was_signed_in_any_time_zone() -> None:
    secret = new_secret()
    for zone in (UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")):
        signed = headers("msg_1", BODY, datetime.now(zone), [secret])
        assert Webhook(secret).verify(BODY, signed)["type"] == "booking.confirmed"


def test_a_changed_body_another_id_or_a_secret_of_somebody_else_is_found_out() -> None:
    secret = new_secret()
    signed = headers("msg_1", BODY, datetime.now(UTC), [secret])
    for body, sent, key in [
        (BODY.replace("confirmed", "cancelled"), signed, secret),
        (BODY, {**signed, "webhook-id": "msg_2"}, secret),
        (BODY, signed, new_secret()),
    ]:
        with pytest.raises(WebhookVerificationError):
            Webhook(key).verify(body, sent)


def test_while_a_secret_is_replaced_both_are_good() -> None:
    now, old, new = datetime.now(UTC), new_secret(), new_secret()
    signed = headers("msg_1", BODY, now, [new, old])
    assert len(signed["webhook-signature"].split()) == 2
    for key in (old, new):
        Webhook(key).verify(BODY, signed)


def test_a_secret_has_256_bits_and_the_prefix_that_tells_what_it_is() -> None:
    assert len(b64decode(new_secret().removeprefix("whsec_"))) == 32
    assert new_secret() != new_secret()
