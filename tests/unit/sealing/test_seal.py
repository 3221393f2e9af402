"""What is sealed opens with the keys there are, and with no others."""

from __future__ import annotations

from itertools import product

import pytest

from portal.database import Database
from portal.sealing import proof
from portal.sealing.seal import Seal, Unopenable

OLD, NEW = "the key of last year, 32 characters and more", "新钥匙: the key of this year"


def test_what_was_sealed_is_read_again_and_looks_like_nothing() -> None:
    seal = Seal([OLD])
    sealed = seal.close("whsec_秘密")
    assert "whsec" not in sealed
    assert seal.close("whsec_秘密") != sealed
    assert seal.open(sealed) == "whsec_秘密"


def test_while_keys_change_both_open_and_the_first_seals() -> None:
    old, both, new = Seal([OLD]), Seal([NEW, OLD]), Seal([NEW])
    sealed = old.close("text")
    assert both.open(sealed) == "text"
    assert new.open(both.close("text")) == "text"
    assert new.open(both.again(sealed)) == "text"


def test_what_none_of_the_keys_sealed_is_refused() -> None:
    changed = Seal([OLD]).close("x")[:-2] + "AA"
    for text, ask in product(["", "whsec_plain", "gAAAAA", "天津", changed], (Seal([OLD]).open, Seal([OLD]).again)):
        with pytest.raises(Unopenable, match="PORTAL_ENCRYPTION_KEYS"):
            ask(text)


def test_a_machine_with_another_key_is_found_out_before_it_seals_anything(database: Database) -> None:
    proof.check(database, Seal([OLD]))
    proof.check(database, Seal([OLD]))
    proof.check(database, Seal([NEW, OLD]))
    with pytest.raises(Unopenable):
        proof.check(database, Seal([NEW]))
    proof.renew(database, Seal([NEW, OLD]))
    proof.check(database, Seal([NEW]))
