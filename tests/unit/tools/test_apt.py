from __future__ import annotations

import pytest

from tools import apt
from tools.apt import Rights
from tools.packages import Package

ROOT = Rights(has_apt=True, is_root=True, has_sudo=False, sudo_asks=False)
SUDO = Rights(has_apt=True, is_root=False, has_sudo=True, sudo_asks=False)
SUDO_THAT_ASKS = Rights(has_apt=True, is_root=False, has_sudo=True, sudo_asks=True)
NEITHER = Rights(has_apt=True, is_root=False, has_sudo=False, sudo_asks=False)
NO_APT = Rights(has_apt=False, is_root=True, has_sudo=True, sudo_asks=False)

MAVEN = Package("maven", "fetches parts", commands=("mvn",))
CHROMIUM = Package("chromium", "the browser", commands=("chromium",))


def test_root_updates_and_installs_without_a_question() -> None:
    update, install = apt.commands(["maven", "chromium"], ROOT)
    assert update == ("apt-get", "update", "-q")
    assert install[:2] == ("env", "DEBIAN_FRONTEND=noninteractive")
    assert {"-y", "--no-install-recommends"} < set(install)
    assert install[-2:] == ("maven", "chromium")


def test_sudo_that_asks_nothing_is_used() -> None:
    assert [command[:2] for command in apt.commands(["maven"], SUDO)] == [("sudo", "-n"), ("sudo", "-n")]


@pytest.mark.parametrize("rights", [SUDO_THAT_ASKS, NEITHER, NO_APT])
def test_nothing_is_run_where_it_would_ask_or_fail(rights: Rights) -> None:
    assert apt.commands(["maven"], rights) == []


def test_one_command_is_named_when_sudo_would_ask() -> None:
    advice = apt.advice([MAVEN, CHROMIUM], SUDO_THAT_ASKS)
    assert (
        "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends maven chromium'"
        in advice.splitlines()[-1]
    )
    assert "the browser" in advice


def test_su_is_named_where_there_is_no_sudo() -> None:
    assert "su -c 'apt-get update && " in apt.advice([MAVEN], NEITHER)


def test_only_the_names_are_given_where_there_is_no_apt() -> None:
    advice = apt.advice([MAVEN], NO_APT)
    assert "maven" in advice
    assert "apt-get install" not in advice


def test_nothing_is_asked_of_apt_when_nothing_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    apt.ensure([Package("make", "is here", commands=("make",))])
    assert capsys.readouterr().out == ""
