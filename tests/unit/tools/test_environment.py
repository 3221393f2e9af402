from __future__ import annotations

from tools import environment

INSTALLED = "python 3.11\nflask==3.1.3\npytest==9.2.0\n"


def test_what_is_installed_is_not_installed_again() -> None:
    assert environment.is_current(INSTALLED, "flask==3.1.3\npytest==9.2.0\n", "python 3.11")


def test_serving_after_testing_installs_nothing() -> None:
    assert environment.is_current(INSTALLED, "# production\nflask==3.1.3  # web\n\n", "python 3.11")


def test_a_changed_pin_is_installed() -> None:
    assert not environment.is_current(INSTALLED, "flask==3.1.4\n", "python 3.11")


def test_another_python_installs_anew() -> None:
    assert not environment.is_current(INSTALLED, "flask==3.1.3\n", "python 3.12")


def test_nothing_is_current_when_an_installation_broke_off() -> None:
    assert not environment.is_current("", "flask==3.1.3\n", "python 3.11")


def test_an_environment_of_another_python_is_not_used() -> None:
    assert environment.is_usable("home = /usr/bin\nversion = 3.11.2\n", "python 3.11")
    assert environment.is_usable("version_info = 3.11.2\n", "python 3.11")
    assert not environment.is_usable("version = 3.12.1\n", "python 3.11")
    assert not environment.is_usable("", "python 3.11")


def test_production_is_a_part_of_what_development_installs() -> None:
    """Or serving and testing in turn would install in turn."""
    production, development = (
        environment.pins(file.read_text()) for file in (environment.PRODUCTION, environment.DEVELOPMENT)
    )
    assert production < development
