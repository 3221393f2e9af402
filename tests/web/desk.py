"""People at their desks, for tests: accounts made, signed in, forms sent as a browser without JavaScript sends them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts import passwords, people
from portal.accounts.model import Role
from portal.services import Services

PASSWORD = "a teahouse by the river"
_KEPT: list[str] = []


def make(
    services: Services, mail: str, role: Role, *listings: str, trusted: bool = False, scope: str = ""
) -> int | None:
    """Make an account; of owner and staff with a business that has the listings. Return the business's id."""
    if not _KEPT:
        _KEPT.append(passwords.hashed(PASSWORD))
    now = services.clock()
    with services.database.write() as connection:
        person = people.create(connection, now, people.NewPerson(mail, mail.partition("@")[0], _KEPT[0], "en"))
        if role not in {Role.OWNER, Role.STAFF}:
            people.give_role(connection, person, role, (scope,))
            return None
        business = people.found_business(connection, now, f"Business of {mail}", trusted=trusted)
        people.join(connection, person, business, role)
        for listing in listings:
            people.grant(connection, business, listing)
        return business


def token(client: FlaskClient, path: str = "/en/business/sign-in") -> str:
    """Return what a form of a page proves itself with."""
    page = client.get(path, follow_redirects=True).text
    return re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]


def sign_in(client: FlaskClient, mail: str, password: str = PASSWORD) -> TestResponse:
    """Sign in."""
    form = {"csrf_token": token(client), "mail": mail, "password": password}
    return client.post("/en/business/sign-in", data=form)


def send(
    client: FlaskClient, path: str, data: Mapping[str, Any] | None = None, page: str = "/en/business/account"
) -> Any:
    """Send a form; its token comes from `page`."""
    return client.post(path, data={"csrf_token": token(client, page), **(data or {})})


def fields(text: str, action: str) -> dict[str, Any]:
    """Return what a browser would send of the form with this action, as it stands."""
    form = BeautifulSoup(text, "html.parser").find("form", action=action)
    assert form is not None, action
    sent: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name")
        if not name or field.has_attr("disabled"):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            sent[name] = chosen["value"] if chosen else ""
        elif field.name == "textarea":
            sent[name] = field.get_text().removeprefix("\n")
        elif field.get("type") in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                sent.setdefault(name, []).append(field.get("value", "on"))
        elif field.get("type") != "submit":
            sent[name] = field.get("value", "")
    return sent


def letters(services: Services) -> list[tuple[str, str, str]]:
    """Send what waits; return recipient, subject and text of every letter so far."""
    services.worker().drain()
    found = []
    for file in sorted((services.settings.state / "mail").glob("*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        found.append((str(mail["To"]), str(mail["Subject"]), mail.get_body(("plain",)).get_content()))  # type: ignore[attr-defined]
    return found


def link_in(text: str) -> str:
    """Return the path of the link in a letter."""
    return re.findall(r"http://127\.0\.0\.1:8000(/\S+)", text)[0]
