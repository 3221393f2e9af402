from __future__ import annotations

from typing import Any

from portal.editing import sold_names
from portal.editing.sold_names import everything_named, rename, state, translate
from portal.editing.states import State

SOURCE = "zh-Hans"


def thing(**names: str) -> dict[str, Any]:
    return {"names": {"zh-Hans": "午间茶座", "zh-Hant": "午間茶座", "en": "Tea at noon", **names}}


def named(one: dict[str, Any]) -> sold_names.Named:
    return sold_names.Named("it", (one,))


def states(one: dict[str, Any]) -> dict[str, State]:
    return {tag: state(named(one), SOURCE, tag) for tag in ("zh-Hant", "en", "ar")}


def test_a_new_name_leaves_translations_out_of_date_and_converts_what_was_converted() -> None:
    tea = thing()
    assert states(tea) == {"zh-Hant": State.CONVERTED, "en": State.CURRENT, "ar": State.MISSING}
    rename(tea, "晚间茶座", SOURCE, minor=False)
    assert tea["names"]["zh-Hant"] == "晚間茶座"
    assert states(tea) == {"zh-Hant": State.CONVERTED, "en": State.STALE, "ar": State.MISSING}
    rename(tea, "晚上茶座", SOURCE, minor=True)  # what was out of date is so still
    assert states(tea)["en"] is State.STALE
    translate(tea, "en", "Tea at night")
    assert states(tea)["en"] is State.CURRENT
    assert "names_from" not in tea


def test_a_small_change_and_the_way_back_leave_translations_current() -> None:
    tea = thing()
    rename(tea, "午间茶座。", SOURCE, minor=True)
    assert states(tea)["en"] is State.CURRENT
    other = thing()
    rename(other, "晚间茶座", SOURCE, minor=False)
    rename(other, "午间茶座", SOURCE, minor=False)
    assert states(other)["en"] is State.CURRENT
    assert other == thing()


def test_a_traditional_name_written_by_hand_is_kept_and_goes_out_of_date() -> None:
    tea = thing(**{"zh-Hant": "中午喝茶"})
    rename(tea, "晚间茶座", SOURCE, minor=False)
    assert tea["names"]["zh-Hant"] == "中午喝茶"
    assert states(tea)["zh-Hant"] is State.STALE


def test_a_name_is_taken_away_from_one_language_alone() -> None:
    tea = thing()
    translate(tea, "en", "")
    assert set(tea["names"]) == {"zh-Hans", "zh-Hant"}


def test_a_product_and_its_only_option_are_named_together_while_they_are_called_alike() -> None:
    unit = {"id": "adult", **thing()}
    option = {"id": "DEFAULT", **thing(), "units": [unit]}
    product = {"id": "tea", **thing(), "options": [option]}
    assert [one.key for one in everything_named([product])] == ["tea", "tea/DEFAULT/adult"]
    option["names"] = {"zh-Hans": "大厅"}
    assert [one.key for one in everything_named([product])] == ["tea", "tea/DEFAULT", "tea/DEFAULT/adult"]
    assert sold_names.states({"facts/booking": [{"id": "broken"}]}, SOURCE, "en") == {}
