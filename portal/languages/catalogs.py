"""The interface's translations: that every language of the portal has one."""

from __future__ import annotations

from pathlib import Path

from portal.languages.model import Languages


class CatalogMissing(Exception):
    """Interface texts of a language are not there; pages would silently be English."""


def check(translations: Path, languages: Languages) -> None:
    """Make sure that every language has its compiled catalog.

    :raises CatalogMissing: naming the files that are missing.
    """
    files = [translations / str(language.locale) / "LC_MESSAGES" / "messages.mo" for language in languages]
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise CatalogMissing(f"run pybabel compile -d {translations}; missing: {', '.join(missing)}")
