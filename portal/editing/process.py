"""Work in a process of its own beside a server, so that no page waits for it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

INHERITED = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD)
"""Signals a server may have handlers for that are not meant for its child."""


def run_beside(work: Callable[[], None]) -> None:
    """Run `work` in a child that ends when this process does, even by `kill -9`; return at once.

    The child is a fork, which costs neither time nor memory. Call it before this process has threads or open
    databases: neither survives a fork.
    """
    read, write = os.pipe()
    if os.fork():
        os.close(read)  # the other end stays open as long as this process lives
        return
    try:
        os.close(write)
        signal.set_wakeup_fd(-1)
        for number in INHERITED:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to understand
        threading.Thread(target=_end_with_parent, args=(read,), daemon=True).start()
        work()
    finally:
        os._exit(1)


def _end_with_parent(pipe: int) -> None:
    os.read(pipe, 1)  # returns when nobody holds the other end any more
    os._exit(0)
