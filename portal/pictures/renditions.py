"""Photographs in the sizes and formats that browsers ask for, made when first asked for and kept on disk."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

WIDTHS = (320, 640, 960, 1280, 1920)
"""Pixels: a phone, a phone with a fine screen, a card, a page, a page on a fine screen."""
FORMATS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "avif": {"format": "AVIF", "quality": 55, "speed": 7},
        "webp": {"format": "WEBP", "quality": 78, "method": 4},
        "jpg": {"format": "JPEG", "quality": 80, "progressive": True, "optimize": True},
    }
)
"""How each is written, the smallest first: browsers take the first they know."""
MEDIA_TYPES: Mapping[str, str] = MappingProxyType({"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"})
PHOTOGRAPHS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif"})
MOST_PIXELS = 80_000_000
"""A picture that unpacks to more is no photograph, but meant to take the memory of the server."""


class BadPicture(Exception):
    """A file that is no picture, or one too large to unpack."""


def is_photograph(file: str) -> bool:
    """Tell whether renditions can be made of a file; drawings (SVG) need none."""
    return os.path.splitext(file)[1] in PHOTOGRAPHS


def widths(width: int) -> tuple[int, ...]:
    """Return the widths that a picture is offered in: none is wider than it is itself."""
    largest = min(width, WIDTHS[-1])
    return (*(known for known in WIDTHS if known < largest), largest)


class Renditions:
    """Renditions under one folder, which may be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, source: Path, version: str, width: int, form: str, read: Callable[[], bytes] | None = None) -> Path:
        """Return the file of a rendition, at most as wide as the picture itself.

        :param source: `<kind>/<slug>/<file>` below the content directory; renditions of its other versions go.
        :param read: returns the picture where it is not in that file.
        :raises BadPicture: when the source cannot be read as a picture.
        """
        kind, slug, name = source.parts[-3:]
        folder = self._folder / kind / slug / version
        file = folder / f"{name}-{width}.{form}"
        if not file.exists():
            if not folder.exists():
                shutil.rmtree(folder.parent, ignore_errors=True)
                folder.mkdir(parents=True, exist_ok=True)
            draft = file.with_name(f"{file.name}.{os.getpid()}")
            _write(io.BytesIO(read()) if read else source, draft, width, form)
            draft.replace(file)
        return file


def _write(source: Path | io.BytesIO, file: Path, width: int, form: str) -> None:
    from PIL import Image, ImageOps  # noqa: PLC0415 - most processes that know of renditions never make one

    try:
        with Image.open(source) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BadPicture(f"{file} comes of more than {MOST_PIXELS} pixels")
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadPicture(f"{file} cannot be made: {error}") from error
    width = min(width, upright.width)
    height = max(1, round(upright.height * width / upright.width))
    upright.resize((width, height), Image.Resampling.LANCZOS).save(file, **FORMATS[form])  # without its metadata
