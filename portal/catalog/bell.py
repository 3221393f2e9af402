"""News of a compilation, heard without asking the disk: eight bytes that the processes of a machine share in memory.

Asking the catalog which generation it is of costs a request several system calls, at each of which a thread may lose
its turn to another. Whoever compiles rings when it is done; who reads looks at the bytes.
"""

from __future__ import annotations

import mmap
import os
import time
from contextlib import suppress
from pathlib import Path

SIZE = 8


def beside(catalog: Path) -> Path:
    """Return where the bell of a catalog lies."""
    return catalog.with_name(f"{catalog.name}-bell")


def ring(catalog: Path) -> None:
    """Tell every process of this machine that the catalog changed; where that cannot be, they find out themselves."""
    with suppress(OSError):
        descriptor = os.open(beside(catalog), os.O_RDWR | os.O_CREAT, 0o644)
        try:
            os.pwrite(descriptor, time.time_ns().to_bytes(SIZE), 0)
        finally:
            os.close(descriptor)


class Bell:
    """Listens to the bell of one catalog."""

    def __init__(self, catalog: Path) -> None:
        self._shared: mmap.mmap | None = None
        with suppress(OSError, ValueError), beside(catalog).open("rb") as file:  # none yet, or an empty one
            self._shared = mmap.mmap(file.fileno(), SIZE, access=mmap.ACCESS_READ)

    def heard(self) -> bytes | None:
        """Return what changes with every ring; None where there is no bell."""
        return None if self._shared is None else self._shared[:SIZE]
