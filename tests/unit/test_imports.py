"""Every module imports alone, in whatever order: no cycle hides behind another module's import."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import portal
import search
from portal.config import ROOT

MODULES = sorted(
    module.name
    for package in (portal, search)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if ".migrations." not in module.name and not module.ispkg
)
ALONE = """
import importlib, sys
for name in sys.argv[1:]:
    for known in [known for known in sys.modules if known.partition(".")[0] in ("portal", "search")]:
        del sys.modules[known]
    importlib.import_module(name)
"""


def test_every_module_imports_alone() -> None:
    names = [name for name in MODULES if not name.startswith(("portal.database", "portal.bookings.tables"))]
    assert len(names) > 40
    done = subprocess.run([sys.executable, "-c", ALONE, *names], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["wsgi"])
def test_the_entry_point_imports_without_touching_the_disk(name: str, tmp_path: object) -> None:
    environ = {"PORTAL_STATE": f"{tmp_path}/state", "PORTAL_SECRET_KEY": "x", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", f"import {name}"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
