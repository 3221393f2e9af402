"""Installs missing system packages where that needs no question, else names the one command to run."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.console import ToolError, say
from tools.packages import Package, missing
from tools.processes import run

UPDATE = ("apt-get", "update", "-q")
INSTALL = (
    *("apt-get", "install", "-q", "-y", "--no-install-recommends"),
    *("-o", "DPkg::Lock::Timeout=300"),  # a fresh machine often updates itself just then
    *("-o", "Dpkg::Use-Pty=0"),
)
ASK_NOTHING = ("env", "DEBIAN_FRONTEND=noninteractive")


@dataclass(frozen=True)
class Rights:
    """What this user may do here."""

    has_apt: bool
    is_root: bool
    has_sudo: bool
    sudo_asks: bool


def rights() -> Rights:
    """Find out, without asking for a password."""
    has_sudo = shutil.which("sudo") is not None
    return Rights(
        has_apt=shutil.which("apt-get") is not None,
        is_root=os.geteuid() == 0,
        has_sudo=has_sudo,
        sudo_asks=has_sudo and subprocess.run(("sudo", "-n", "true"), capture_output=True, check=False).returncode != 0,
    )


def commands(names: Sequence[str], rights: Rights) -> list[tuple[str, ...]]:
    """Return the commands that install packages without a question, or none when this user cannot."""
    if not rights.has_apt:
        return []
    if rights.is_root:
        prefix: tuple[str, ...] = ()
    elif rights.has_sudo and not rights.sudo_asks:
        prefix = ("sudo", "-n")
    else:
        return []
    return [(*prefix, *UPDATE), (*prefix, *ASK_NOTHING, *INSTALL, *names)]


def advice(packages: Sequence[Package], rights: Rights) -> str:
    """Say what is missing and the one command that installs it."""
    reasons = "\n".join(f"  {package.name:24} {package.why}" for package in packages)
    names = " ".join(package.name for package in packages)
    if not rights.has_apt:
        return f"Missing, by Debian's names, and there is no apt-get to install it:\n{reasons}"
    command = f"apt-get update && apt-get install -y --no-install-recommends {names}"
    by = "sudo sh -c" if rights.has_sudo else "su -c"
    return f"Missing:\n{reasons}\nRun this, then start again:\n\n  {by} {shlex.quote(command)}\n"


def ensure(packages: Iterable[Package]) -> None:
    """Have the packages installed when this function returns.

    :raises ToolError: naming the command to run, when this user cannot install or the installation failed.
    """
    wanted = missing(packages)
    if not wanted:
        return
    mine = rights()
    steps = commands([package.name for package in wanted], mine)
    if not steps:
        raise ToolError(advice(wanted, mine))
    say(f"Installing by apt: {', '.join(package.name for package in wanted)}")
    for step in steps:
        code = run(step)  # a failed update may be one foreign source; what it needs, the installation will say
    if code or (wanted := missing(wanted)):
        raise ToolError(f"apt-get did not install them all.\n{advice(wanted, mine)}")
