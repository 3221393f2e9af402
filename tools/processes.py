"""Child processes that end with the command that started them, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from tools.console import ROOT, ToolError, say

PR_SET_PDEATHSIG = 1
HEARTBEAT_S = 15
LINES_KEPT = 60


def interrupt_on_signals() -> None:
    """Make SIGINT, SIGTERM and SIGHUP raise `KeyboardInterrupt`, and SIGTERM come when `make` dies first."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, interrupt)
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)()


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return what a process calls to be sent a signal when its parent is gone, even by `kill -9` (Linux only)."""
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number))

    return ask


def start(
    command: Sequence[str],
    *,
    stop_signal: signal.Signals = signal.SIGTERM,
    own_group: bool = False,
    environ: Mapping[str, str] | None = None,
    output: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a command in the project's folder without standard input; it gets `stop_signal` when this process dies.

    :param own_group: keep Ctrl-C from the child, so that its end is in our hands alone.
    :param output: a file descriptor for both its outputs; by default they are ours.
    """
    bind_to_parent = die_with_parent(stop_signal)

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` had it ignored
        bind_to_parent()

    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        preexec_fn=prepare,  # noqa: PLW1509 - this process has one thread
        process_group=0 if own_group else None,
    )


def stop(process: subprocess.Popen[bytes], stop_signal: signal.Signals, *, patience_s: float) -> int:
    """End a child: ask, wait, and kill when patience or the person's (a second Ctrl-C) runs out. Return its code."""
    if process.poll() is None:
        process.send_signal(stop_signal)
    try:
        return process.wait(patience_s)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        _kill(process)
        return process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if os.getpgid(process.pid) == process.pid:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def run(
    command: Sequence[str],
    *,
    stop_signal: signal.Signals = signal.SIGTERM,
    patience_s: float = 30,
    environ: Mapping[str, str] | None = None,
) -> int:
    """Run a command to its end, its output ours, and return its exit code."""
    process = start(command, stop_signal=stop_signal, environ=environ)
    try:
        return process.wait()
    except KeyboardInterrupt:
        stop(process, stop_signal, patience_s=patience_s)
        raise


def run_quietly(what: str, command: Sequence[str], *, environ: Mapping[str, str] | None = None) -> None:
    """Run a command whose output matters only when it fails; say what it does, and that it still does.

    :raises ToolError: with the last lines of the output, when the command fails.
    """
    say(f"{what} ...")
    started = time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = start(command, environ=environ, output=log.fileno())
        try:
            while (code := _wait(process)) is None:
                say(f"  still at it, {time.monotonic() - started:.0f} s")
        except KeyboardInterrupt:
            stop(process, signal.SIGTERM, patience_s=10)
            raise
        if code:
            log.seek(0)
            lines = log.read().decode(errors="replace").splitlines()[-LINES_KEPT:]
            raise ToolError("\n".join([*lines, "", f"{what}: failed with exit code {code}."]))


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(HEARTBEAT_S)
    except subprocess.TimeoutExpired:
        return None
