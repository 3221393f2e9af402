"""Files that somebody might upload instead of a picture, made on the spot."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image

SIZE = (640, 480)
JPEG_START = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SHELL = b"#!/bin/sh\nrm -rf /\n"


def photograph(form: str = "JPEG", size: tuple[int, int] = SIZE, mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture that is as it should be: a gradient, so that something is to be seen."""
    image = Image.linear_gradient("L").resize(size).convert(mode)
    kept = io.BytesIO()
    image.save(kept, form, **options)
    return kept.getvalue()


def chunk(name: bytes, data: bytes, checksum: int | None = None) -> bytes:
    """Return a chunk of a PNG."""
    crc = zlib.crc32(name + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)


def png(width: int, height: int, *more: bytes, depth: int = 8, kind: int = 2, data: bytes | None = None) -> bytes:
    """Return a PNG that says of itself what it likes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 64) if data is None else data)
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"")


def bomb(width: int, height: int) -> bytes:
    """Return a true PNG of so many pixels of one colour: a few hundred kilobytes that unpack to gigabytes."""
    row = b"\0" + b"\0" * (width // 8 + 1)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png(width, height, depth=1, kind=0, data=data)


def frames(form: str) -> bytes:
    """Return an animation."""
    first, *others = (Image.new("RGB", SIZE, (n * 40, 0, 0)) for n in range(5))
    kept = io.BytesIO()
    first.save(kept, form, save_all=True, append_images=others, duration=100)
    return kept.getvalue()


def archive() -> bytes:
    """Return a ZIP file."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("../../evil.sh", SHELL)
    return kept.getvalue()


def with_exif() -> bytes:
    """Return a photograph that says where and by what it was taken, and that it has to be turned."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    exif[0x010F] = "A camera"
    exif[0x8825] = {1: "N", 2: (39.0, 9.0, 11.0), 3: "E", 4: (117.0, 11.0, 0.0)}
    return photograph(exif=exif, comment=HTML)


JPEG, PNG, WEBP, AVIF = (photograph(form) for form in ("JPEG", "PNG", "WEBP", "AVIF"))


def _mutated() -> Iterator[tuple[str, bytes]]:
    """Yield pictures with bytes turned over in their middle."""
    for name, data in (("jpeg", JPEG), ("png", PNG), ("webp", WEBP), ("avif", AVIF)):
        for place in (30, len(data) // 2):
            yield (
                f"{name} with a byte turned over at {place}",
                data[:place] + bytes([data[place] ^ 255]) + data[place + 1 :],
            )


REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "one byte": b"\xff",
    "zeros": b"\0" * 4096,
    "text": b"I am a picture, honestly.",
    "HTML": HTML,
    "a shell script": SHELL,
    "PHP": b"<?php system($_GET['c']); ?>",
    "SVG with a script": SVG,
    "SVG with an XML head": b'<?xml version="1.0"?>' + SVG,
    "SVG with entities": b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
    "PDF": b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 640 480\n(/etc/passwd) (r) file\n",
    "GIF": photograph("GIF"),
    "animated GIF": frames("GIF"),
    "BMP": photograph("BMP"),
    "TIFF": photograph("TIFF"),
    "ICO": photograph("ICO", (256, 256)),
    "JPEG 2000": photograph("JPEG2000"),
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 2048,
    "MP4": b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + b"\0" * 2048,
    "ZIP": archive(),
    "a program": b"\x7fELF\x02\x01\x01" + b"\0" * 4096,
    "GIF89a before JavaScript": b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1);",
    "a JPEG's first bytes": JPEG_START,
    "a JPEG's first bytes before HTML": JPEG_START + HTML,
    "a PNG's signature alone": b"\x89PNG\r\n\x1a\n",
    "RIFF that is no WebP": b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 64,
    "half a JPEG": JPEG[: len(JPEG) // 2],
    "half a PNG": PNG[: len(PNG) // 2],
    "half a WebP": WEBP[: len(WEBP) // 2],
    "half an AVIF": AVIF[: len(AVIF) // 2],
    "a PNG without pixels": png(640, 480, data=b""),
    "a PNG with a broken stream": png(640, 480, data=b"\x78\x9c\xff\xff\xff\xff"),
    "a PNG that is 0 pixels wide": png(0, 480),
    "a PNG that says 2 thousand million pixels": png(2**31 - 1, 1),
    "a PNG that says 65,535 pixels each way": png(65_535, 65_535),
    "a PNG with a depth of 99": png(640, 480, depth=99),
    "a PNG with a wrong checksum": png(640, 480, chunk(b"gAMA", b"\0\0\xb1\x8f", checksum=1)),
    "a PNG with text that unpacks to 64 MB": png(
        640, 480, chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 64 * 1024 * 1024))
    ),
    "a bomb of 400 million pixels": bomb(20_000, 20_000),
    "a bomb of 90 million pixels": bomb(9_500, 9_500),
    "an icon": photograph(size=(64, 64)),
    "one pixel": photograph("PNG", (1, 1)),
    "a stripe": photograph("PNG", (12_000, 400)),
    "a line": photograph("PNG", (16_000, 1)),
    "more than 20 MB": JPEG + b"\0" * (20 * 1024 * 1024),
}
"""What is refused, and by what it is called."""

HARMLESS: dict[str, bytes] = {
    "JPEG": JPEG,
    "PNG": PNG,
    "WebP": WEBP,
    "AVIF": AVIF,
    "a phone's photograph with its place": with_exif(),
    "a JPEG before HTML": JPEG + HTML,
    "a JPEG before a ZIP": JPEG + archive(),
    "a JPEG with a script as its comment": photograph(comment=HTML),
    "a PNG before PHP": PNG + b"<?php system('id'); ?>",
    "a PNG with a script as its text": PNG[:33] + chunk(b"tEXt", b"Comment\0" + HTML) + PNG[33:],
    "a WebP with a broken profile": photograph("WEBP", icc_profile=b"not a profile" * 20),
    "an animated PNG": frames("PNG"),
    "an animated WebP": frames("WEBP"),
    "a PNG with transparency": photograph("PNG", mode="RGBA"),
    "a PNG with a palette": photograph("PNG", mode="P"),
    "a PNG in black and white": photograph("PNG", mode="1"),
    "a PNG with 16 bits": photograph("PNG", mode="I;16"),
    "a JPEG for printers": photograph(mode="CMYK"),
    "a grey JPEG": photograph(mode="L"),
}
"""What is taken, and may hold nothing but pixels afterwards."""

EITHER = dict(_mutated())
"""What a decoder may or may not make sense of."""

NAMES = (
    *(
        "../../../etc/passwd",
        "..\\..\\boot.ini",
        "/etc/shadow",
        "<script>alert(1)</script>.jpg",
        "photo-1.svg",
        "a.jpg",
    ),
    *("listing.yaml", ".htaccess", "." * 300, "con", "a.jpg", "é" * 200, "a b\tc.jpg"),
)
"""Names of files that no name on disk may come from."""
