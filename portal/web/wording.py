"""The interface's words in templates. A page asks for nearly a hundred, so each is looked up once a language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel import Locale
from babel.support import NullTranslations, Translations
from markupsafe import Markup

Words = Callable[..., Markup]


def N_(text: str) -> str:  # noqa: N802 - the name gettext's tools know
    """Mark a text that is translated where it is shown."""
    return text


KIND_NAMES = {
    "attractions": N_("Attractions"),
    "dining": N_("Dining"),
    "entertainment": N_("Entertainment"),
    "events": N_("Events"),
    "itineraries": N_("Itineraries"),
    "guides": N_("Guides"),
}
ACCESSIBILITY = {
    "step-free": N_("Step-free access"),
    "accessible-toilet": N_("Accessible toilet"),
    "lift": N_("Lift"),
    "wheelchair-loan": N_("Wheelchairs on loan"),
    "hearing-loop": N_("Hearing loop"),
}
PRICES = {
    1: N_("Inexpensive"),
    2: N_("Moderate"),
    3: N_("Upscale"),
    4: N_("Expensive"),
}
PAYMENT = {
    "alipay": N_("Alipay"),
    "wechat-pay": N_("WeChat Pay"),
    "cash": N_("Cash"),
    "unionpay": N_("UnionPay"),
    "foreign-card": N_("International bank cards"),
}
LICENCE_NAMES = {
    "all-rights-reserved": N_("All rights reserved"),
}
"""Licences of pictures that have a name in words; others are called as SPDX does."""
VOCABULARIES: Mapping[str, Mapping[Any, str]] = MappingProxyType(
    {
        "KIND_NAMES": KIND_NAMES,
        "ACCESSIBILITY": ACCESSIBILITY,
        "PAYMENT": PAYMENT,
        "PRICES": PRICES,
        "LICENCE_NAMES": LICENCE_NAMES,
    }
)
"""What templates call the values of facts, by the name they have there."""


@lru_cache(maxsize=256)
def words(folder: Path, tag: str) -> Mapping[str, Any]:
    """Return what templates speak with in a language: the vocabularies, `_` and `ngettext`.

    Those are as Jinja's `newstyle` has them: values are named, and escaped.
    """
    translations = Translations.load(str(folder), [Locale.parse(tag, sep="-")])
    translate = _gettext(translations)
    vocabularies = {
        name: {value: translate(text) for value, text in vocabulary.items()}
        for name, vocabulary in VOCABULARIES.items()
    }
    return {"_": translate, "ngettext": _ngettext(translations), **vocabularies}


def _gettext(translations: NullTranslations) -> Words:
    @lru_cache(maxsize=4096)
    def translated(text: str) -> Markup:
        return Markup(translations.gettext(text))  # noqa: S704 - our own catalogs

    @lru_cache(maxsize=4096)
    def complete(text: str) -> Markup:
        return translated(text) % {}

    def gettext(text: str, **values: Any) -> Markup:
        return translated(text) % values if values else complete(text)

    return gettext


def _ngettext(translations: NullTranslations) -> Words:
    def ngettext(one: str, many: str, number: int, **values: Any) -> Markup:
        return Markup(translations.ngettext(one, many, number)) % ({"num": number} | values)  # noqa: S704 - our own

    return ngettext
