"""Index folders on disk: each rebuild makes a new one, and a pointer file says which one serves.

<folder>/current                       name of the folder that serves; replaced atomically
<folder>/<time>-<random>/              a generation: the engine's files and generation.json
<folder>/writer.lock                   held by whoever writes, in any process
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from search.backend import IndexMissing, SearchUnavailable

LOCK_POLL_S = 0.05
NOT_BUILT = "the embedded index is not built yet"


@dataclass(frozen=True, slots=True)
class Generation:
    """A finished index folder."""

    path: Path
    built_at: str
    fingerprint: str


class Generations:
    """The generations under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pointer = folder / "current"

    @contextmanager
    def writing(self, timeout_s: float) -> Iterator[None]:
        """Hold the one right to write, over all processes; a process that dies gives it up.

        :raises SearchUnavailable: when another writer does not finish in time.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "writer.lock").open("a") as lock:
            deadline = time.monotonic() + timeout_s
            while not _try_lock(lock.fileno()):
                if time.monotonic() > deadline:
                    raise SearchUnavailable("another process is writing the embedded index")
                time.sleep(LOCK_POLL_S)
            yield

    def current(self) -> Generation:
        """Return the generation that serves.

        :raises IndexMissing: when nothing was built yet.
        """
        try:
            return _read(self._folder / self._pointer.read_text())
        except (FileNotFoundError, NotADirectoryError) as error:
            raise IndexMissing(NOT_BUILT) from error

    def older(self) -> Generation | None:
        """Return the generation that served before the one that serves now, or after it if that was put back."""
        serving = self._pointer.read_text() if self._pointer.exists() else None
        kept = [file.parent for file in self._folder.glob("*/generation.json") if file.parent.name != serving]
        return max(map(_read, kept), key=lambda one: one.path.name, default=None)

    def put_back(self, generation: Generation) -> None:
        """Let a generation that was kept serve; the one that served is kept in its place."""
        _write(self._pointer, generation.path.name)

    def pointer_state(self) -> tuple[int, int]:
        """Return what changes when another generation begins to serve."""
        try:
            state = self._pointer.stat()
        except FileNotFoundError as error:
            raise IndexMissing(NOT_BUILT) from error
        return state.st_ino, state.st_mtime_ns

    @contextmanager
    def building(self) -> Iterator[Path]:
        """Give an empty folder to build in; it is deleted again when building fails."""
        path = self._folder / f"{datetime.now(UTC):%Y%m%dt%H%M%S}-{secrets.token_hex(4)}"
        path.mkdir()
        try:
            yield path
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise

    def serve(self, path: Path, fingerprint: str) -> Generation:
        """Let readers go over to a folder that was built, and drop all others but the one before."""
        generation = Generation(path, datetime.now(UTC).isoformat(timespec="seconds"), fingerprint)
        facts = {key: value for key, value in asdict(generation).items() if key != "path"}
        _write(path / "generation.json", json.dumps(facts))
        before = self._pointer.read_text() if self._pointer.exists() else None
        _write(self._pointer, path.name)
        for other in self._folder.iterdir():
            if other.is_dir() and other.name not in {path.name, before}:
                shutil.rmtree(other, ignore_errors=True)
        return generation


def _read(path: Path) -> Generation:
    facts = json.loads((path / "generation.json").read_text())
    return Generation(path, facts["built_at"], facts["fingerprint"])


def _try_lock(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _write(file: Path, text: str) -> None:
    """Write a file so that nobody, even after a crash, sees half of it."""
    draft = file.with_name(f"{file.name}.new")
    with draft.open("w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
