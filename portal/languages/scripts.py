"""From one script to another: Simplified and Traditional Chinese, pinyin, and words where no spaces divide them.

The dictionaries behind these take tens of megabytes and tenths of a second, so they are loaded when first asked for:
most processes that serve pages never ask.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import threading
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import opencc

MARKS_MATTER = frozenset({"th", "ja", "ko"})
"""Languages whose combining characters are letters, not accents."""
CONVERTIBLE = {"zh-Hant": "zh-Hans"}
"""Languages whose text can be made from another's by script conversion: target to source."""

_loading = threading.Lock()


@cache
def _converter(configuration: str) -> opencc.OpenCC:
    import opencc

    return opencc.OpenCC(configuration)


def traditional(text: str) -> str:
    """Return Chinese text in Traditional characters with the wording of Taiwan (OpenCC `s2twp`)."""
    return str(_converter("s2twp").convert(text))


def simplified(text: str) -> str:
    """Return Chinese text in Simplified characters (OpenCC `t2s`); other text passes unchanged."""
    return str(_converter("t2s").convert(text))


def with_tones(chinese: str) -> str:
    """Return the pinyin of a Chinese name with tone marks, one word a character: `tiān jīn zhī yǎn`."""
    from pypinyin import Style, pinyin

    return " ".join(syllable[0] for syllable in pinyin(chinese, style=Style.TONE))


def syllables(chinese: str) -> list[str]:
    """Return the pinyin of Chinese characters, one a character, without tones; `ü` is written `v`."""
    from pypinyin import lazy_pinyin

    return list(lazy_pinyin(chinese, errors="ignore", v_to_u=False))


def load_dictionaries() -> None:
    """Load what the functions above and below need at their first call, which takes a second or two, once."""
    with _loading:
        traditional("天津")
        syllables("天津")
    load_for_searching()


def load_for_searching() -> None:
    """Load what making a query needs, so that nobody waits for it who searches."""
    with _loading:
        simplified("天津")
        thai_words("เทียนจิน")


@cache
def versions() -> str:
    """Return the versions of the dictionaries that searching depends on."""
    from importlib.metadata import version

    return " ".join(version(library) for library in ("opencc", "pypinyin", "pythainlp"))


def sort_key(name: str, tag: str) -> str:
    """Return what names of a language are sorted by: Chinese ones by their pinyin, others without case and accents."""
    spelt = " ".join(_spelt(name)) if tag.startswith("zh") else name
    letters = unicodedata.normalize("NFKD", spelt.casefold())
    return "".join(char for char in letters if not unicodedata.combining(char) or tag in MARKS_MATTER)


def _spelt(name: str) -> list[str]:
    from pypinyin import lazy_pinyin

    return list(lazy_pinyin(name))


@lru_cache(maxsize=4096)
def thai_words(text: str) -> tuple[str, ...]:
    """Return the words of a Thai text, found by dictionary (newmm)."""
    from pythainlp.tokenize import word_tokenize

    return tuple(word for word in word_tokenize(text, engine="newmm", keep_whitespace=False) if word)
