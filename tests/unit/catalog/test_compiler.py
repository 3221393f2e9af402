from __future__ import annotations

import os
from pathlib import Path

import pytest

from portal.catalog import store
from portal.catalog.catalog import Catalog
from portal.catalog.changes import Changes
from portal.catalog.compiler import Compiler
from portal.catalog.problems import ContentError, Problem
from portal.catalog.selection import Selection
from portal.languages.model import Language
from tests import sample_content

WHEEL = "attractions/wheel"
ENGLISH = Language("en", "English")


def test_the_sample_has_no_problem(compiler: Compiler) -> None:
    assert compiler.compile().problems == ()


def test_only_units_that_changed_are_read_again(compiler: Compiler, content: Path) -> None:
    compiler.compile()
    assert compiler.compile().changed == ()
    (content / WHEEL / "en.md").write_text(sample_content.text("The Great Wheel"))
    assert compiler.compile().changed == (WHEEL,)


def test_a_touched_file_with_the_same_content_changes_nothing(compiler: Compiler, content: Path) -> None:
    compiler.compile()
    (content / WHEEL / "en.md").touch()
    assert compiler.compile().changed == ()


def test_an_edit_shows_in_a_catalog_that_is_open(compiler: Compiler, content: Path, catalog: Catalog) -> None:
    assert _name(catalog) == "The Wheel"
    (content / WHEEL / "en.md").write_text(sample_content.text("The Great Wheel"))
    compiler.compile()
    assert _name(catalog) == "The Great Wheel"


@pytest.mark.parametrize(
    ("file", "broken", "problem"),
    [
        ("en.md", "no front matter", "en.md:1: expected front matter"),
        ("en.md", sample_content.text("X").replace("summary:", "sumary:"), "en.md:3: sumary: Extra inputs"),
        ("en.md", sample_content.text("X").replace("name: X", "name: [1]"), "en.md:2: name: Input should be a valid"),
        ("en.md", "---\nname: 'x\n---\nbody\n", "en.md:"),
        ("listing.yaml", sample_content.FACTS.replace("39.153", "'39'"), "listing.yaml:3: location.lat: Input should"),
        ("listing.yaml", sample_content.FACTS.replace("hebei", "hebai"), "listing.yaml:2: district: there is no"),
        (
            "listing.yaml",
            sample_content.FACTS.replace("[river]", "[river, lake]"),
            "listing.yaml:4: tags.1: there is no",
        ),
        (
            "listing.yaml",
            sample_content.FACTS.replace("wheel.svg", "whale.svg"),
            "listing.yaml:6: images.0.file: there",
        ),
        ("listing.yaml", sample_content.FACTS + "opening_hours: daily\n", "listing.yaml:8: opening_hours: expected"),
        ("listing.yaml", sample_content.FACTS + "phones: ['022 123']\n", "listing.yaml:8: phones.0: expected a phone"),
        ("listing.yaml", sample_content.FACTS + "booking: [{id: x}]\n", "listing.yaml:8: booking.0.names: Field"),
        ("listing.yaml", sample_content.FACTS + "sources: []\n", "listing.yaml:"),
        (
            "listing.yaml",
            sample_content.FACTS.replace("TouristAttraction", "TouristTrap"),
            "listing.yaml:1: subtype: expected a type of place",
        ),
        ("en.md", "x" * 1024 * 1024 + "x", "en.md:1: expected at most 1048576 bytes"),
        ("listing.yaml", "", "listing.yaml:1: expected keys and values"),
    ],
)
def test_a_broken_file_is_reported_by_line_and_field_and_the_last_good_version_serves(
    compiler: Compiler, content: Path, catalog: Catalog, file: str, broken: str, problem: str
) -> None:
    (content / WHEEL / file).write_text(broken)
    problems = [str(found) for found in compiler.compile().problems]
    assert any(found.startswith(f"{WHEEL}/{problem}") for found in problems), problems
    assert _name(catalog) == "The Wheel"
    assert [str(found) for found in catalog.problems()] == problems


def test_bytes_that_are_no_text_are_reported(compiler: Compiler, content: Path) -> None:
    (content / WHEEL / "en.md").write_bytes(b"---\nname: \xff\n---\n")
    assert Problem(f"{WHEEL}/en.md", 2, "", "not UTF-8 text") in compiler.compile().problems


def test_every_mistake_is_reported_at_once(compiler: Compiler, content: Path) -> None:
    (content / WHEEL / "en.md").write_text("nothing")
    (content / WHEEL / "listing.yaml").write_text("subtype: 3\ndistrict: hebei\nphones: x\n")
    fields = {(problem.path, problem.field) for problem in compiler.compile().problems}
    assert {(f"{WHEEL}/en.md", ""), *((f"{WHEEL}/listing.yaml", f) for f in ("subtype", "phones", "sources"))} <= fields


def test_a_mended_file_is_no_problem_any_more(compiler: Compiler, content: Path) -> None:
    good = (content / WHEEL / "en.md").read_text()
    (content / WHEEL / "en.md").write_text("nothing")
    assert compiler.compile().problems
    (content / WHEEL / "en.md").write_text(good)
    assert compiler.compile().problems == ()


def test_a_reference_is_good_once_its_target_is_there(compiler: Compiler, content: Path) -> None:
    facts = content / WHEEL / "listing.yaml"
    facts.write_text(sample_content.FACTS.replace("hebei", "nankai"))
    assert compiler.compile().problems
    (content / "districts/nankai.yaml").write_text(sample_content.DISTRICT)
    assert compiler.compile().problems == ()


def test_a_listing_that_is_deleted_goes(compiler: Compiler, content: Path, catalog: Catalog) -> None:
    for file in (content / WHEEL).iterdir():
        file.unlink()
    assert compiler.compile().listings == (WHEEL,)
    assert catalog.listing("attractions", "wheel", ENGLISH) is None
    assert catalog.count(Selection(kind="attractions")) == 0


def test_changes_stay_pending_for_each_taker_until_it_has_taken_them(
    compiler: Compiler, content: Path, catalog_file: Path
) -> None:
    compiler.compile()
    changes = Changes(catalog_file)
    everything = changes.since("index")
    assert everything.listings == (WHEEL, "dining/dumplings")
    changes.taken("index", everything.number)
    assert changes.since("index").listings == ()
    assert changes.since("products").listings == (WHEEL, "dining/dumplings")
    (content / WHEEL / "en.md").write_text(sample_content.text("The Great Wheel"))
    compiler.compile()
    assert changes.since("index").listings == (WHEEL,)


def test_what_changes_while_a_taker_is_busy_stays_pending(
    compiler: Compiler, content: Path, catalog_file: Path
) -> None:
    compiler.compile()
    changes = Changes(catalog_file)
    before = changes.since("index")
    (content / WHEEL / "en.md").write_text(sample_content.text("The Great Wheel"))
    compiler.compile()
    changes.taken("index", before.number)
    assert changes.since("index").listings == (WHEEL,)
    changes.taken("index", before.number - 1)  # an older note takes nothing back
    assert changes.since("index").listings == (WHEEL,)


def test_another_name_of_a_district_changes_the_listings_in_it(
    compiler: Compiler, content: Path, catalog_file: Path
) -> None:
    compiler.compile()
    changes = Changes(catalog_file)
    changes.taken("index", changes.since("index").number)
    district = content / "districts/hebei.yaml"
    district.write_text(district.read_text().replace("Hebei", "Hebei North"))
    compiler.compile()
    assert WHEEL in changes.since("index").listings


def test_without_a_site_nothing_can_be_read(compiler: Compiler, content: Path) -> None:
    (content / "site.yaml").unlink()
    with pytest.raises(ContentError, match=r"site\.yaml:1"):
        compiler.compile()


def test_a_picture_without_words_for_it_is_a_problem(compiler: Compiler, content: Path) -> None:
    (content / WHEEL / "en.md").write_text(sample_content.text("The Wheel", image=None))
    assert [problem.field for problem in compiler.compile().problems] == ["alt.wheel.svg"]


def _name(catalog: Catalog) -> str:
    listing = catalog.listing("attractions", "wheel", ENGLISH)
    assert listing is not None
    return listing.text.name


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("Asia/Shanghai", "Asia/Atlantis", "timezone: expected a time zone"),
        ("source_language: zh-Hans", "source_language: th", "source_language: expected one of languages"),
        ("tag: ar,", "tag: qq,", "languages.3.tag: expected a language"),
        ("tag: ar,", "tag: en,", "languages: expected each tag once"),
        ("city: {zh-Hans: 样城, en: Sample City}", "city: {}", "city: Dictionary should have at least 1 item"),
        ("city: {zh-Hans: 样城, en: Sample City}", "city: {en: Sample City}", "city: expected one in the source"),
    ],
)
def test_a_site_that_no_page_could_be_made_of_is_reported_and_the_last_good_one_serves(
    compiler: Compiler, content: Path, catalog: Catalog, before: str, after: str, problem: str
) -> None:
    site = catalog.site()
    (content / "site.yaml").write_text(sample_content.SITE.replace(before, after))
    (found,) = compiler.compile().problems
    assert problem in str(found)
    assert catalog.site() == site


def test_a_site_that_is_missing_is_reported_and_takes_nothing_away(
    compiler: Compiler, content: Path, catalog: Catalog
) -> None:
    for file in content.rglob("*.*"):
        file.unlink()
    with pytest.raises(ContentError, match=r"site\.yaml:1"):
        compiler.compile()
    assert [problem.path for problem in catalog.problems()] == ["site.yaml"]
    assert _name(catalog) == "The Wheel"
    sample_content.write(content)
    assert compiler.compile().problems == ()


@pytest.mark.parametrize(
    ("target", "field"),
    [("districts/hebei.yaml", "district"), ("tags/river.yaml", "tags.0"), (f"{WHEEL}/wheel.svg", "images.0.file")],
)
def test_a_reference_whose_target_goes_is_reported(
    compiler: Compiler, content: Path, catalog: Catalog, target: str, field: str
) -> None:
    before = (content / target).read_text()
    (content / target).unlink()
    problems = {(problem.path, problem.field) for problem in compiler.compile().problems}
    assert (f"{WHEEL}/listing.yaml", field) in problems
    assert _name(catalog) == "The Wheel"
    (content / target).write_text(before)
    assert compiler.compile().problems == ()


def test_a_text_in_a_language_that_was_taken_out_is_reported(compiler: Compiler, content: Path) -> None:
    (content / WHEEL / "ar.md").write_text(sample_content.text("العجلة"))
    assert compiler.compile().problems == ()
    (content / "site.yaml").write_text(sample_content.SITE.replace("  - {tag: ar, name: العربية}\n", ""))
    assert [problem.path for problem in compiler.compile().problems] == [f"{WHEEL}/ar.md"]


def test_what_is_no_file_of_ours_holds_up_no_other(compiler: Compiler, content: Path, catalog: Catalog) -> None:
    os.symlink("loop.md", content / WHEEL / "loop.md")
    os.symlink("/nowhere", content / WHEEL / "gone.svg")
    os.mkfifo(content / WHEEL / "pipe.md")
    (content / WHEEL / "folder.md").mkdir()
    Path(os.fsdecode(os.fsencode(content / WHEEL) + b"/\xd5\xd5.jpg")).touch()  # a name as an old archive packs it
    (content / WHEEL / "en.md").write_text(sample_content.text("The Great Wheel"))
    assert compiler.compile().problems == ()
    assert _name(catalog) == "The Great Wheel"


def test_a_file_that_cannot_be_read_is_reported_and_holds_up_no_other(
    compiler: Compiler, content: Path, catalog: Catalog
) -> None:
    (content / WHEEL / "zh-Hans.md").unlink()
    (content / WHEEL / "zh-Hans.md").symlink_to("/proc/self/mem")  # a file whose beginning no process may read
    (content / WHEEL / "en.md").write_text(sample_content.text("The Great Wheel"))
    assert [str(problem) for problem in compiler.compile().problems] == [
        f"{WHEEL}/zh-Hans.md:1: cannot be read: Input/output error"
    ]
    assert _name(catalog) == "The Great Wheel"


def test_a_catalog_that_was_deleted_is_made_anew(compiler: Compiler, catalog: Catalog, tmp_path: Path) -> None:
    assert _name(catalog) == "The Wheel"
    assert not compiler.lost()
    store.path_in(tmp_path).unlink()
    assert compiler.lost()
    assert _name(catalog) == "The Wheel"  # what is open serves until there is a new one
    assert compiler.compile().listings == (WHEEL, "dining/dumplings")
    assert not compiler.lost()
    assert _name(catalog) == "The Wheel"
