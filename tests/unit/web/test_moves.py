from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.web.businesses.moves import move

HERE = {"lat": 39.1, "lon": 117.2, "precision_m": 20}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, HERE, "The pin is new."),
        (HERE, None, "The pin has been removed."),
        (HERE, {**HERE, "precision_m": 5}, "The pin stays where it was."),
        (HERE, {**HERE, "lat": 39.10004}, "The pin moves by 4 m."),
        (HERE, {**HERE, "lon": 117.3}, "The pin moves by 8.6 km."),
        ({"lat": "north"}, HERE, "The pin is new."),
    ],
)
def test_a_move_is_told_in_words(app: Flask, before: Any, after: Any, words: str) -> None:
    with app.test_request_context("/en/"):
        app.preprocess_request()
        told = move(before, after)
        assert told is not None
        assert told.words == words


def test_a_pin_broken_by_hand_on_both_sides_is_none() -> None:
    assert move("here", ["there"]) is None
