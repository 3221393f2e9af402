"""The system packages that the commands need: the one list of them, and which of them are missing.

A package counts as present when what it is needed for is there, wherever it came from: a JDK of another maker serves
as well as Debian's.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """How to look for things on this machine; tests pass their own."""

    has_command: Callable[[str], bool] = lambda name: shutil.which(name) is not None
    has_file: Callable[[str], bool] = lambda pattern: any(Path("/").glob(pattern.lstrip("/")))
    has_module: Callable[[str], bool] = lambda name: importlib.util.find_spec(name) is not None


@dataclass(frozen=True)
class Package:
    """A Debian package and the proof that what it brings is there: any command, any file (a glob) or a module."""

    name: str
    why: str
    commands: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    module: str | None = None

    def is_present(self, machine: Machine) -> bool:
        """Whether one of the proofs holds."""
        return (
            any(machine.has_command(command) for command in self.commands)
            or any(machine.has_file(pattern) for pattern in self.files)
            or (self.module is not None and machine.has_module(self.module))
        )


CHROMIUM = Package("chromium", "the browser", commands=("chromium", "chromium-browser", "google-chrome"))
NGINX = Package("nginx", "what stands in front of the portal", commands=("nginx",), files=("/usr/sbin/nginx",))
NODE = (
    Package("nodejs", "runs Lighthouse", commands=("node",)),
    Package("npm", "fetches the judges of pages", commands=("npm",)),
)

SERVE = (Package("python3-venv", "makes .venv", module="ensurepip"),)

TEST = (
    *SERVE,
    Package("default-jdk-headless", "builds and runs the Elasticsearch node", commands=("javac",)),
    Package("maven", "fetches the Elasticsearch node's parts", commands=("mvn",)),
    Package(
        "libzstd1", "compression of the Elasticsearch node", files=("/usr/lib/*/libzstd.so.1", "/lib/*/libzstd.so.1")
    ),
    Package("redis-server", "counts requests over machines", commands=("redis-server",)),
    Package("postgresql", "the production database", files=("/usr/lib/postgresql/*/bin/initdb",)),
    NGINX,
    Package("libatomic1", "the driver of the browser", files=("/usr/lib/*/libatomic.so.1", "/lib/*/libatomic.so.1")),
    CHROMIUM,
    *NODE,
    Package("fonts-noto-core", "Latin, Cyrillic and Arabic", files=("/usr/share/fonts/**/NotoSansArabic-Regular.ttf",)),
    Package("fonts-noto-cjk", "Chinese, Japanese, Korean", files=("/usr/share/fonts/**/NotoSansCJK-Regular.ttc",)),
    Package("fonts-thai-tlwg", "Thai", files=("/usr/share/fonts/**/Loma.[ot]tf",)),
    Package("fonts-noto-color-emoji", "pictographs", files=("/usr/share/fonts/**/NotoColorEmoji.ttf",)),
)

BENCH = (
    *SERVE,
    NGINX,
    Package("wrk", "generates load", commands=("wrk",)),
    Package("hugo", "builds the site that the export is compared with", commands=("hugo",)),
)


def missing(packages: Iterable[Package], machine: Machine | None = None) -> list[Package]:
    """Return the packages whose proof is not found, in the order given."""
    machine = machine or Machine()
    return [package for package in packages if not package.is_present(machine)]
