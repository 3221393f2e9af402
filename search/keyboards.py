"""Text typed on the wrong keyboard layout: `rjktcj` for колесо; pure."""

from __future__ import annotations

_LATIN = {
    "ru": "`qwertyuiop[]asdfghjkl;'zxcvbnm,.",
    "ar": "`qwertyuiop[]asdfghjkl;'zxcvnm,./",
    "th": "1234567890-=qwertyuiop[]asdfghjkl;'zxcvbnm,./",
}
_OWN = {
    "ru": "ёйцукенгшщзхъфывапролджэячсмитьбю",
    "ar": "ذضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظ",
    "th": "ๅ/-ภถุึคตจขชๆไำพะัีรนยบลฟหกดเ้่าสวงผปแอิืทมใฝ",
}
_LEAST = 3


def meant_on_another(text: str, language: str) -> str | None:
    """Return what the same keys write on the other layout of a language's readers; None when it is no such text.

    That is their own for Latin letters, and Latin for their own letters.
    """
    if language not in _OWN or len(text) < _LEAST:
        return None
    latin, own = _LATIN[language], _OWN[language]
    typed = text.casefold()
    for these, those in ((latin, own), (own, latin)):
        letters = [character for character in typed if not character.isspace()]
        if set(letters) <= set(these) and any(character.isalpha() for character in letters):
            return typed.translate(str.maketrans(these, those))
    return None
