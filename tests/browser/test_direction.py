"""From right to left, and with little motion."""

from __future__ import annotations

import pytest

from tests.plugins.browser import OpenPage
from tests.plugins.portal import Served

MIRRORED = "getComputedStyle(document.querySelector('.section-head .more .icon:has([href$=forward])')).transform"


@pytest.mark.parametrize(("language", "mirrored"), [("en", "none"), ("ar", "matrix(-1, 0, 0, 1, 0, 0)")])
def test_arrows_point_on_in_the_direction_of_the_text(
    open_page: OpenPage, served: Served, language: str, mirrored: str
) -> None:
    page = open_page()
    page.goto(f"{served.url}/{language}/")
    assert page.evaluate(MIRRORED) == mirrored


def test_times_and_prices_keep_their_order_among_arabic_words(open_page: OpenPage, served: Served) -> None:
    page = open_page()
    page.goto(f"{served.url}/ar/book/haihe-cruise-day/")
    times = page.locator(".slots strong")
    assert times.count() == page.locator(".slots strong bdi").count() > 0


def test_a_reader_who_wants_little_motion_gets_none(open_page: OpenPage, served: Served) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto(f"{served.url}/en/")
    moving = """[...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
      return parseFloat(transitionDuration) > 0 || animationName !== 'none' || scrollBehavior === 'smooth';
    }).length"""
    assert page.evaluate(moving) == 0
