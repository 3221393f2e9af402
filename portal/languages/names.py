"""Names in several languages, as content files give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import StringConstraints

from portal.languages.model import UNIVERSAL

Tag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$")]
"""A language tag of BCP 47, such as `zh-Hans`."""


def language_of(names: Mapping[str, str], tags: Sequence[str]) -> str:
    """Return the tag of the name to show: the first of `tags` there is, else the universal language, else any."""
    return next((tag for tag in (*tags, UNIVERSAL) if tag in names), next(iter(names)))


def name_in(names: Mapping[str, str], tags: Sequence[str]) -> str:
    """Return the name to show to readers of `tags`, best first. `names` is not empty."""
    return names[language_of(names, tags)]
