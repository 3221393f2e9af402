from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import processes
from tools.console import ROOT, ToolError

STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
)
PARENT = """
import signal, sys, time
from tools.processes import start
child = start([sys.executable, "-c", "import time; time.sleep(60)"], own_group=True)
print(child.pid, flush=True)
time.sleep(60)
"""


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_exit_code_of_a_command_comes_back() -> None:
    assert processes.run((sys.executable, "-c", "raise SystemExit(3)")) == 3


def test_a_quiet_command_speaks_when_it_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ToolError, match=r"(?s)no such pin.*Installing: failed with exit code 1"):
        processes.run_quietly("Installing", (sys.executable, "-c", "raise SystemExit('no such pin')"))
    processes.run_quietly("Compiling", (sys.executable, "-c", "print('details')"))
    assert capsys.readouterr().out == "Installing ...\nCompiling ...\n"


def test_a_child_that_ignores_the_request_is_killed() -> None:
    read, write = os.pipe()
    child = processes.start(STUBBORN, own_group=True, output=write)
    os.close(write)
    with os.fdopen(read) as output:
        output.readline()
        assert processes.stop(child, signal.SIGTERM, patience_s=0.2) == -signal.SIGKILL


def test_a_child_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen((sys.executable, "-c", PARENT), cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
    deadline = time.monotonic() + 5
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(child)
