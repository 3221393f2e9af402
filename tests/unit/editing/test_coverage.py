from __future__ import annotations

from collections import Counter
from pathlib import Path

from portal.catalog import pins
from portal.editing.coverage import of_listing, share
from portal.editing.states import State
from tests import sample_content

WHEEL = "attractions/wheel"


def test_whatever_stands_on_the_present_source_is_up_to_date_whoever_made_it() -> None:
    tally = Counter({State.CURRENT: 1, State.CONVERTED: 1, State.MACHINE: 1, State.STALE: 1})
    assert share(tally) == 0.75
    assert share(Counter()) == 1


def test_a_language_without_a_file_needs_work_and_a_script_that_is_converted_does_not(tmp_path: Path) -> None:
    content = sample_content.write(tmp_path)
    pins.pin_all(content, "zh-Hans")
    assert not of_listing(content, WHEEL, "zh-Hans", ["zh-Hant"]).needs_work()
    missing = of_listing(content, WHEEL, "zh-Hans", ["ar"])
    assert missing.needs_work()
    assert share(missing.tallies["ar"]) == 0


def test_a_file_that_cannot_be_read_is_as_good_as_missing(tmp_path: Path) -> None:
    content = sample_content.write(tmp_path)
    (content / WHEEL / "en.md").write_text("---\nname: [\n---\n\nx\n")
    assert share(of_listing(content, WHEEL, "zh-Hans", ["en"]).tallies["en"]) == 0
