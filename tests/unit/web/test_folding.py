"""Templates of a language: what is the same on all its pages stands in them as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from jinja2 import DictLoader
from markupsafe import Markup

from portal.web.folding import LanguageEnvironment


class Reader:
    """A reader whose language changes, and what was looked up for them."""

    def __init__(self) -> None:
        self.tag = "en"
        self.asked: list[str] = []

    def names(self) -> Mapping[str, Any]:
        return {"_": self.gettext, "here": SimpleNamespace(tag=self.tag, names={}), "exporting": None}

    def gettext(self, text: str, **values: Any) -> Markup:
        self.asked.append(text)
        return Markup(f"{self.tag}:{text}") % values if values else Markup(f"{self.tag}:{text}")


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def environment(reader: Reader) -> Iterator[LanguageEnvironment]:
    app = Flask(__name__)
    with app.app_context():
        environment = LanguageEnvironment(app, autoescape=lambda name: name is not None and name.endswith(".html"))
        environment.speak(lambda: (reader.tag, reader.names))
        yield environment


def rendered(environment: LanguageEnvironment, source: str, name: str = "page.html", **values: Any) -> str:
    environment.loader = DictLoader({name: source})
    return environment.get_or_select_template(name).render(values)


def test_a_word_is_looked_up_once_for_all_pages(environment: LanguageEnvironment, reader: Reader) -> None:
    environment.loader = DictLoader({"page.html": "<p>{{ _('Map') }}, {{ name }}</p>"})
    pages = [environment.get_or_select_template("page.html").render(name=name) for name in ("a", "<b>")]
    assert pages == ["<p>en:Map, a</p>", "<p>en:Map, &lt;b&gt;</p>"]
    assert reader.asked == ["Map"]


def test_each_language_has_templates_of_its_own(environment: LanguageEnvironment, reader: Reader) -> None:
    environment.loader = DictLoader({"page.html": "{{ _('Map') }} {{ here.tag }}"})
    assert environment.get_or_select_template("page.html").render() == "en:Map en"
    reader.tag = "ar"
    assert environment.get_or_select_template("page.html").render() == "ar:Map ar"


def test_words_with_values_are_put_together_on_each_page(environment: LanguageEnvironment) -> None:
    source = "{{ _('From %(price)s', price=price) }}"
    assert rendered(environment, source, price="<1>") == "en:From &lt;1&gt;"


def test_what_never_holds_is_left_out_and_what_may_hold_stays(environment: LanguageEnvironment) -> None:
    source = (
        "{% if exporting %}a{% elif open %}b{% elif not exporting %}c{% else %}d{% endif %}{{ 1 if exporting else 2 }}"
    )
    assert rendered(environment, source, open=True) == "b2"
    assert rendered(environment, source, open=False) == "c2"


def test_plain_text_keeps_its_own_words(environment: LanguageEnvironment, reader: Reader) -> None:
    source = "{{ _('Yours & ours') }}"
    assert rendered(environment, source, "letter.txt", _=lambda text: f"plain {text}") == "plain Yours & ours"
    assert reader.asked == []


def test_what_is_no_plain_value_is_asked_for_on_each_page(environment: LanguageEnvironment) -> None:
    assert rendered(environment, "{{ here.names.get('x', 'none') }}") == "none"
