"""Pages of bookings for the judges: made with the forms that visitors use."""

from __future__ import annotations

from datetime import date, timedelta

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import APIRequestContext

Fields = dict[str, str | float | bool]


def fields(form: Tag) -> Fields:
    """Return what a form would send as it stands, and the first time that can be chosen."""
    named = form.select("input:not([type=radio])[name]")
    sent: Fields = {str(field["name"]): str(field.get("value") or "") for field in named}
    for slot in form.select("input[type=radio]:not([disabled])")[:1]:
        sent[str(slot["name"])] = str(slot["value"])
    return sent


def booking_pages(visitor: APIRequestContext, site: str) -> dict[str, str]:
    """Hold, confirm and cancel a booking each; return the pages below the language, by what they show."""
    pages = {}
    for state, steps in {"held": (), "confirmed": ("confirm",), "cancelled": ("confirm", "cancel")}.items():
        day = date.today() + timedelta(days=5)
        address = f"{site}/en/book/haihe-cruise-day/?date={day}"
        form = _form(visitor.get(address).text(), "/book/")
        answer = visitor.post(address, form=fields(form))
        path, _, query = answer.url.removeprefix(f"{site}/en/").partition("?")
        for step in steps:
            form = _form(
                visitor.get(f"{site}/en/{path}{'cancel' if step == 'cancel' else ''}?{query}").text(), f"/{step}?"
            )
            sent = {**fields(form), "full_name": "Li Lei", "email_address": "li@example.com"}
            answer = visitor.post(f"{site}{form['action']}", form=sent)
        assert answer.ok, answer.text()
        pages[f"booking {state}"] = f"{path}?{query}"
        if state == "confirmed":
            pages |= {"voucher": f"{path}voucher?{query}", "cancelling": f"{path}cancel?{query}"}
    return pages


def _form(text: str, action: str) -> Tag:
    forms = BeautifulSoup(text, "html.parser").select("form[method=post]")
    return next(form for form in forms if action in str(form["action"]))
