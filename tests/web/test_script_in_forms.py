"""Script in every text field of every form for businesses, by everybody who gets it: no page lets it out as markup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from portal.accounts import people
from portal.accounts.model import Role
from portal.reports.reports import Report, Subject, submit
from portal.services import Services
from tests.web.desk import PASSWORD, make, sign_in

Browse = Callable[[], FlaskClient]
WHEEL = "attractions/wheel"
MARKUP = "'\"></textarea></title></select><xss onfocus=alert(7) autofocus><script>alert(7)</script>{{7*7}}"
MAIL = '"><xss/onfocus=alert(7)>@evil.example'
HOSTILE = {"text": MARKUP, "email": MAIL, "url": "javascript:alert(7)//"}
TYPED = frozenset({"text", "search", "email", "url", "tel", "number", "date", "time", "textarea"})
LEFT = frozenset({"csrf_token", "version", "link"})
"""Fields without which a form is refused before anybody reads the others."""
FEW = 3
EVERYBODY = ("nobody", "owner", "staff", "translator", "moderator", "administrator")


@pytest.fixture
def crowd(desks: Services, browse: Browse) -> dict[str, FlaskClient]:
    """A browser of everybody, signed in."""
    business = make(desks, "owner@example.com", Role.OWNER, WHEEL)
    make(desks, "staff@example.com", Role.STAFF)
    staff = people.find(desks.database, "staff@example.com")
    assert staff is not None
    assert business is not None
    with desks.database.write() as connection:
        people.join(connection, staff.id, business, Role.STAFF)
    make(desks, "translator@example.com", Role.TRANSLATOR, scope="*")
    for role in (Role.MODERATOR, Role.ADMINISTRATOR):
        make(desks, f"{role}@example.com", role)
    submit(desks.database, Report(WHEEL, "en", Subject.TEXT, MARKUP, MAIL), desks.clock())
    clients = {name: browse() for name in EVERYBODY}
    for name in EVERYBODY[1:]:
        sign_in(clients[name], f"{name}@example.com")
    return clients


def pages(client: FlaskClient) -> Iterator[tuple[str, BeautifulSoup]]:
    """Walk everything for businesses that links lead to; of pages that differ by a number or a date alone, a few."""
    waiting, known, alike = ["/en/business/", "/en/business/sign-in"], set(), Counter[tuple[str, ...]]()
    while waiting:
        path = waiting.pop()
        shape = (re.sub(r"\d+", "0", urlsplit(path).path), *sorted(parse_qs(urlsplit(path).query)))
        if path in known or alike[shape] == FEW:
            continue
        known.add(path)
        alike[shape] += 1
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.status_code >= 300 or answer.mimetype != "text/html":
            continue
        soup = BeautifulSoup(answer.text, "html.parser")
        yield path, soup
        for link in soup.find_all("a", href=True):
            parts = urlsplit(str(link["href"]))
            if parts.path.startswith("/en/business/") and not parts.netloc:
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))


def let_out(soup: BeautifulSoup) -> list[str]:
    """Return what a browser would run."""
    found = [str(tag) for tag in soup.find_all("xss")]
    found += [str(tag) for tag in soup.find_all("script") if "alert(7)" in tag.get_text() and not tag.get("type")]
    for tag in soup.find_all(True):
        found += [f"{name}={value}" for name, value in tag.attrs.items() if name.startswith("on")]
        found += [
            f"{tag.name} {tag.get(name)}"
            for name in ("href", "src", "action", "formaction")
            if str(tag.get(name, "")).lstrip().lower().startswith("javascript:")
        ]
    return found + (["49"] if "{{7*7}}" not in str(soup) and "alert(7)&gt;49" in str(soup) else [])


def kind_of(field: Tag) -> str:
    return str(field.get("type", "text")) if field.name == "input" else str(field.name)


def filled(form: Tag, everything: bool) -> dict[str, Any]:
    """Return a form with script in every field that one types into, or in all that are left to the browser too."""
    sent: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = str(field.get("name", "")), kind_of(field)
        if not name:
            continue
        if kind == "password":
            sent[name] = PASSWORD
        elif name in LEFT:
            sent[name] = field.get("value", "")
        elif kind in TYPED:
            sent[name] = HOSTILE.get(kind, MARKUP)
        elif everything:
            sent[name] = MARKUP
        elif kind == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            sent[name] = chosen["value"] if isinstance(chosen, Tag) else ""
        elif kind == "hidden":
            sent[name] = field.get("value", "")
    return sent


def attack(client: FlaskClient, done: set[tuple[str, ...]]) -> None:
    """Send every form there is twice: as a person would, and with nothing left as it was."""
    for path, soup in list(pages(client)):
        for form in soup.find_all("form"):
            typed = sorted(
                str(field.get("name")) for field in form.find_all(["input", "textarea"]) if kind_of(field) in TYPED
            )
            actions = [str(form.get("action", path))]
            actions += [str(button["formaction"]) for button in form.find_all("button", formaction=True)]
            for action in actions:
                key = (*(part for part in action.split("/") if not part.isdecimal()), *typed)
                if not typed or key in done:
                    continue
                done.add(key)
                for everything in (False, True):
                    values = filled(form, everything)
                    if form.get("method", "get") == "get":
                        answer = client.get(action, query_string=values)
                    else:
                        values |= {"decision": "refuse"} if "/claims/" in action and action[-1].isdecimal() else {}
                        answer = client.post(action, data=values)
                    assert answer.status_code < 500, (action, answer.status_code)
                    assert let_out(BeautifulSoup(answer.text, "html.parser")) == [], action


def test_script_in_any_field_of_any_form_stays_text(desks: Services, crowd: dict[str, FlaskClient]) -> None:
    sent = {name: set[tuple[str, ...]]() for name in EVERYBODY}
    for name, client in crowd.items():
        attack(client, sent[name])
    assert len(set().union(*sent.values())) > 25, "the walk has lost its way"
    intake = desks.intake()
    intake.refresh()
    intake.close()
    seen = 0
    for name, client in crowd.items():
        for path, soup in pages(client):
            assert let_out(soup) == [], (name, path)
            seen += "alert(7)" in str(soup)
    assert seen > 10, "what was sent is nowhere to be seen"
    for path in (f"/en/{WHEEL}/", "/en/attractions/", f"/api/v1/listings/{WHEEL}"):
        assert let_out(BeautifulSoup(crowd["nobody"].get(path).text, "html.parser")) == [], path
