import pytest

from portal.catalog.markdown import to_html, to_plain


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
