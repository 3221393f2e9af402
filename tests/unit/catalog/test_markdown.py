import pytest

from portal.catalog.files import FRONT_MATTER
from portal.catalog.markdown import to_html, to_plain
from portal.config import ROOT


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        '<img src=x onerror="alert(1)">',
        "![x](https://example.org/tracker.png)",
        '<a href="https://example.org" onclick="x()">y</a>',
    ],
)
def test_no_script_image_or_handler_survives(hostile: str) -> None:
    html = to_html(hostile)
    assert "<script" not in html
    assert "<img" not in html
    assert "href=" not in html or ("javascript:" not in html and "data:" not in html)


def test_structure_stays() -> None:
    assert to_html("## A\n\nb *c*\n\n- d") == "<h2>A</h2>\n<p>b <em>c</em></p>\n<ul>\n<li>d</li>\n</ul>"


def test_plain_text_has_no_markup_and_no_entities() -> None:
    assert to_plain(to_html("## A & B\n\nc <d>")) == "A & B\n\nc <d>"


def test_the_fast_parser_and_the_careful_one_agree_on_the_projects_own_texts() -> None:
    for file in sorted((ROOT / "content").glob("*/*/*.md")):
        body = FRONT_MATTER.match(file.read_text("utf-8"))["body"]  # type: ignore[index]
        assert to_html(body) == to_html(f"{body}\n\n[unused]: <x>\n"), file


def test_a_table_stays_and_raw_html_beside_it_shows_as_text() -> None:
    table = "| a | b |\n| - | - |\n| 1 | 2 |"
    assert to_html(table).startswith("<table><thead><tr><th>a</th>")
    assert "&lt;b&gt;x&lt;/b&gt;" in to_html(f"{table}\n\n<b>x</b>")
