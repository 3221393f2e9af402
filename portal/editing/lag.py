"""What every process of a machine knows of a search engine: whether it lacks changes that it could not take."""

from __future__ import annotations

from pathlib import Path


class Lag:
    """A file that is there while an engine cannot be kept current. Written by one process, looked at by all.

    :param state: the state folder of the machine.
    """

    def __init__(self, state: Path, engine: str) -> None:
        self._file = state / f"search-behind-{engine}"

    def known(self) -> bool:
        """Tell whether the engine is behind."""
        return self._file.exists()

    def note(self, reason: str) -> bool:
        """Note that it is; return whether that is news."""
        news = not self.known()
        self._file.write_text(f"{reason}\n", "utf-8")
        return news

    def clear(self) -> bool:
        """Note that it is no longer; return whether that is news."""
        news = self.known()
        self._file.unlink(missing_ok=True)
        return news
