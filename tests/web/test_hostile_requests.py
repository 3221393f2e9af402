"""Whatever an address, a header or a cookie holds: a page or a refusal in words, never a crash or another's page."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from portal.web.selecting import PARAMETERS
from tests.web.pages import read

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KNOWN = {
    "language": ["en", "zh-hans", "ar", "th"],
    "kind": ["attractions", "dining", "events", "guides"],
    "slug": ["tianjin-eye", "goubuli", "hebei"],
    "product": ["haihe-cruise-day", "tianjin-eye-ride"],
    "reference": ["AAAAA-BBBBB"],
    "file": ["tianjin-eye.svg"],
    "filename": ["css/portal.css"],
}
WORDS = [
    "",
    "0",
    "1",
    "-1",
    "1e999",
    "99999999999999999999",
    "now",
    "then",
    "nan,nan",
    "39.1,117.2",
    "2026-02-30",
    "%00",
]
WORDS += ["../../etc/passwd", "<script>alert(1)</script>", "' OR 1=1 --", "{{7*7}}", "\u202e\u0000\ud7ff", "天" * 300]
NAMES = [*PARAMETERS, "q", "page", "to", "date", "lang", "limit", "offset", "radius", "token", "v", "sent", "kind"]

values = st.one_of(st.sampled_from(WORDS), st.text(max_size=40))
queries = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=6)
headers = st.dictionaries(
    st.sampled_from(["Accept-Language", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range", "Cookie"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60),
    max_size=4,
)


def routes(client: FlaskClient) -> list[Rule]:
    return [rule for rule in client.application.url_map.iter_rules() if "GET" in (rule.methods or ())]


@st.composite
def addresses(draw: st.DrawFn, client: FlaskClient) -> str:
    """A route of the portal, its parts known or hostile."""
    rule = draw(st.sampled_from(routes(client)))
    path = ""
    for is_part, text in rule._trace:
        if not is_part:
            path += text.lstrip("|")
            continue
        known = KNOWN.get(text, ["x"])
        path += quote(draw(st.one_of(st.sampled_from(known), values)), safe="")
    return "/" + path.lstrip("/")


@QUICK
@given(data=st.data())
def test_every_route_answers_whatever_it_is_given(client: FlaskClient, data: st.DataObject) -> None:
    address = data.draw(addresses(client))
    query = data.draw(queries)
    answer = client.get(f"{address}?{urlencode(query, errors='replace')}", headers=data.draw(headers))
    assert answer.status_code < 500, address
    if answer.status_code >= 400 and answer.mimetype == "text/html":
        assert read(answer.text).title


@QUICK
@given(query=queries)
def test_lists_and_the_map_take_any_parameters(client: FlaskClient, query: list[tuple[str, str]]) -> None:
    for path in ("/th/attractions/", "/en/events/", "/ar/map/", "/zh-hans/districts/hebei/", "/de/search"):
        answer = client.get(f"{path}?{urlencode(query, errors='replace')}")
        assert answer.status_code in {200, 400, 404}
        if answer.status_code == 400:
            assert read(answer.text).lang.lower() == path.split("/")[1]


@QUICK
@given(data=st.data())
def test_forms_refuse_in_words(client: FlaskClient, data: st.DataObject) -> None:
    for path in ("/en/attractions/tianjin-eye/report", "/en/book/haihe-cruise-day/"):
        page = read(client.get(path).text)
        form = dict.fromkeys(["subject", "message", "email", "name", "slot", "uuid", "unit-adult"], "")
        form |= data.draw(st.dictionaries(st.sampled_from(sorted(form)), values))
        answer = client.post(path, data={**form, "csrf_token": page.fields["csrf_token"]})
        assert answer.status_code in {303, 400, 422, 409}, answer.status_code


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept-Language", "ar"),
        ("Cookie", "language=ar; portal=stolen"),
        ("Host", "evil.example"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("X-Original-URL", "/ar/"),
        ("Authorization", "Bearer x"),
        ("Forwarded", "host=evil.example"),
    ],
)
def test_no_header_leaves_a_trace_in_a_kept_page(client: FlaskClient, name: str, value: str) -> None:
    for path in ("/en/", "/en/attractions/tianjin-eye/", "/en/map/", "/robots.txt", "/sitemap-en.xml"):
        client.get(path, headers={name: value})
        after = client.get(path)
        assert "evil.example" not in after.text
        assert "Set-Cookie" not in after.headers
        if after.mimetype == "text/html":
            assert read(after.text).lang == "en"


def test_unknown_parameters_fill_no_cache(client: FlaskClient) -> None:
    """Addresses nobody asks for twice are made anew; they must not push out pages that many read."""
    asked: list[str] = []
    client.application.before_request(lambda: asked.append("made"))
    for _ in range(2):
        client.get("/en/attractions/?utm_source=mail")
    assert len(asked) == 2
