"""Pictures from strangers made harmless: decoded, turned upright, brought to a web page's size, written anew as JPEG.

Nothing of the file itself is kept: no place and no camera, no second file hidden behind the first, no frames but one.
"""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from portal.pictures.renditions import MOST_PIXELS

LARGEST_FILE = 20 * 1024 * 1024
LONGEST_SIDE = 2560
"""Pixels kept: more than the widest rendition, so that a later crop still has enough."""
SHORTEST_SIDE = 300
"""Pixels, once the longer side is brought down: what is smaller or narrower is an icon or a stripe."""
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
"""What is decoded at all. Pillow knows dozens more, each with bugs of its own."""
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "image/avif")
"""The same, as browsers name them."""
_DECODING = threading.Lock()
"""One picture a process is unpacked at a time: it may take 300 MB while that lasts."""


class Refusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too large"
    NO_PICTURE = "no picture of a known format"
    TOO_MANY_PIXELS = "too many pixels"
    TOO_SMALL = "too small"
    BROKEN = "broken"


class Refused(Exception):
    """An uploaded file is not taken."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Photograph:
    """A picture as it is kept: JPEG in sRGB, upright, without metadata; `width` and `height` in pixels."""

    data: bytes
    width: int
    height: int

    @property
    def file(self) -> str:
        """Its name, made of what it shows: the same picture has the same name, and none is ever overwritten."""
        return f"photo-{hashlib.sha256(self.data).hexdigest()[:16]}.jpg"


def cleaned(upload: IO[bytes]) -> Photograph:
    """Return what is kept of an uploaded file.

    :raises Refused: for a file that is no picture, or one that cannot or should not be unpacked.
    """
    data = upload.read(LARGEST_FILE + 1)
    if not data:
        raise Refused(Refusal.EMPTY)
    if len(data) > LARGEST_FILE:
        raise Refused(Refusal.TOO_LARGE)
    with _DECODING:
        try:
            upright = _decoded(data)
        except Refused:
            raise
        except Exception as error:  # decoders raise whatever a hostile file leads them to
            raise Refused(Refusal.BROKEN) from error
        kept = io.BytesIO()
        upright.save(kept, "JPEG", quality=88, optimize=True, progressive=True)
    return Photograph(kept.getvalue(), upright.width, upright.height)


def _decoded(data: bytes) -> Image.Image:
    try:
        opened = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Refusal.TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise Refused(Refusal.NO_PICTURE) from error
    with opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Refused(Refusal.TOO_MANY_PIXELS)
        scale = min(1.0, LONGEST_SIDE / max(opened.size))
        if min(opened.size) * scale < SHORTEST_SIDE:
            raise Refused(Refusal.TOO_SMALL)
        profile = opened.info.get("icc_profile")
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        upright = ImageOps.exif_transpose(opened)
        return _on_white(_in_srgb(upright, profile))


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the colours as screens show them: cameras write wider spaces, which would look dull without a profile."""
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        moved = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):  # a broken profile says nothing
        return image
    return image if moved is None else moved


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture without transparency, which JPEG has not, and without anything but its pixels."""
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        image = Image.alpha_composite(paper, seen)
    plain = image.convert("RGB")
    plain.info.clear()
    return plain
