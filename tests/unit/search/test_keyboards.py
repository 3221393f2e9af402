from __future__ import annotations

import pytest

from search.keyboards import meant_on_another


@pytest.mark.parametrize(
    ("text", "language", "meant"),
    [
        ("rjktcj", "ru", "колесо"),
        ("rjktcj j,jphtybz", "ru", "колесо обозрения"),
        ("RJKTCJ", "ru", "колесо"),
        ("пщгигдш", "ru", "goubuli"),
        ("lju", "ar", "متع"),
        ("s;vd]'", "th", "หวอกลง"),
    ],
)
def test_the_same_keys_on_the_other_layout(text: str, language: str, meant: str) -> None:
    assert meant_on_another(text, language) == meant


@pytest.mark.parametrize(
    ("text", "language"), [("rjktcj", "en"), ("rj", "ru"), ("колесо wheel", "ru"), ("...", "ru"), ("天津之眼", "ru")]
)
def test_other_texts_are_as_they_are(text: str, language: str) -> None:
    assert meant_on_another(text, language) is None
