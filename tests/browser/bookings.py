"""Pages of bookings for the judges: made with the forms that visitors use."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import APIRequestContext

Fields = dict[str, str | float | bool]


def fields(form: Tag) -> Fields:
    """Return what a form would send as it stands, and the first time that can be chosen."""
    sent: Fields = {
        str(field["name"]): str(field.get("value") or "") for field in form.select("input:not([type=radio])")
    }
    for slot in form.select("input[type=radio]:not([disabled])")[:1]:
        sent[str(slot["name"])] = str(slot["value"])
    return sent


def booking_pages(visitor: APIRequestContext, site: str) -> dict[str, str]:
    """Hold, confirm and cancel a booking each; return the pages below the language, by what they show."""
    pages = {}
    for state, steps in {"held": (), "confirmed": ("confirm",), "cancelled": ("confirm", "cancel")}.items():
        day = date.today() + timedelta(days=5)
        address = f"{site}/en/book/haihe-cruise-day/?date={day}"
        form = _form(visitor.get(address).text(), "reserve")
        answer = visitor.post(address, form={**fields(form), "name": "Li Lei", "email": "li@example.com"})
        for step in steps:
            form = _form(answer.text(), step)
            answer = visitor.post(f"{site}{form['action']}", form=fields(form))
        assert answer.ok, answer.text()
        parts = urlsplit(answer.url)
        pages[f"booking {state}"] = f"{parts.path.removeprefix('/en/')}?{parts.query}"
    return pages


def _form(text: str, step: str) -> Tag:
    forms = BeautifulSoup(text, "html.parser").select("form[method=post]")
    return next(form for form in forms if step == "reserve" or f"/{step}?" in str(form["action"]))
