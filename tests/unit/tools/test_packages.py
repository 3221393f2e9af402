from __future__ import annotations

import pytest

from tools import packages
from tools.packages import Machine, Package

BARE = Machine(has_command=lambda _: False, has_file=lambda _: False, has_module=lambda _: False)
FULL = Machine(has_command=lambda _: True, has_file=lambda _: True, has_module=lambda _: True)
ALL = {*packages.SERVE, *packages.TEST, *packages.BENCH}


def test_a_bare_machine_lacks_every_package_of_the_list() -> None:
    assert packages.missing(packages.TEST, BARE) == list(packages.TEST)


def test_a_full_machine_lacks_none() -> None:
    assert packages.missing(ALL, FULL) == []


def test_only_what_is_missing_is_named() -> None:
    machine = Machine(has_command=lambda name: name == "mvn", has_file=lambda _: True, has_module=lambda _: True)
    assert [package.name for package in packages.missing(packages.TEST, machine)] == [
        "default-jdk-headless",
        "redis-server",
        "chromium",
        "nodejs",
        "npm",
    ]


def test_any_of_several_proofs_is_enough() -> None:
    package = Package("chromium", "the browser", commands=("chromium", "google-chrome"))
    machine = Machine(has_command=lambda name: name == "google-chrome")
    assert packages.missing([package], machine) == []


def test_serving_needs_only_what_makes_the_environment() -> None:
    assert [package.name for package in packages.SERVE] == ["python3-venv"]


@pytest.mark.parametrize("package", sorted(ALL, key=lambda package: package.name), ids=lambda package: package.name)
def test_each_package_has_a_proof_and_a_reason(package: Package) -> None:
    assert package.why
    assert package.commands or package.files or package.module


def test_the_real_machine_has_what_these_tests_run_on() -> None:
    assert Machine().has_module("ensurepip")
    assert Machine().has_command("make")
    assert Machine().has_file("/usr/bin/*env")
    assert not Machine().has_file("/no/such/*.ttf")
