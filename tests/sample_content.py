"""A small content directory that tests may break: two listings, two districts, three languages."""

from __future__ import annotations

from pathlib import Path

SITE = """\
names: {zh-Hans: 样城, en: Sample City}
tagline: {zh-Hans: 来看看。, en: Come and see.}
city: {zh-Hans: 样城, en: Sample City}
source_language: zh-Hans
languages:
  - {tag: zh-Hans, name: 简体中文}
  - {tag: zh-Hant, name: 繁體中文}
  - {tag: en, name: English}
  - {tag: ar, name: العربية}
home: [attractions/wheel]
timezone: Asia/Shanghai
country: CN
content_licence: CC-BY-SA-4.0
"""
DISTRICT = """\
names: {zh-Hans: 河北区, en: Hebei District}
center: {lat: 39.2, lon: 117.2, precision_m: 2000}
sources: []
"""
FACTS = """\
subtype: TouristAttraction
district: hebei
location: {lat: 39.153, lon: 117.18, precision_m: 100}
tags: [river]
images:
  - {file: wheel.svg, width: 1200, height: 800, credit: Somebody, licence: CC-BY-SA-4.0}
sources: []
"""
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800"/>'


def text(name: str, body: str = "One.\n\nTwo.\n\nThree.", image: str | None = "wheel.svg") -> str:
    """Return a language file."""
    alt = f"alt: {{{image}: A wheel}}\n" if image else ""
    return f"---\nname: {name}\nsummary: {name} in short\naddress: Bridge 1\ndirections: Walk.\n{alt}---\n\n{body}\n"


EVENT = """\
recurrence: "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15"
places: [attractions/wheel]
sources: []
"""
ITINERARY = """\
stops:
  - {place: dining/dumplings, minutes: 60}
  - {place: attractions/wheel, minutes: 45}
position: 1
sources: []
"""
GUIDE = "places: [dining/dumplings]\nsources: []\n"


def write_beyond_places(root: Path) -> Path:
    """Add an event, an itinerary and a guide to the content directory at `root`."""
    head = "---\nname: {0}\nsummary: {0} in short\n---\n\nOne.\n\nTwo.\n\nThree.\n"
    for folder, facts, name in (
        ("events/lanterns", EVENT, "Lantern Night"),
        ("itineraries/one-day", ITINERARY, "One Day"),
        ("guides/paying", GUIDE, "Paying"),
    ):
        (root / folder).mkdir(parents=True)
        (root / folder / "listing.yaml").write_text(facts)
        for language in ("zh-Hans", "en"):
            (root / folder / f"{language}.md").write_text(head.format(name))
    return root


def write(root: Path) -> Path:
    """Write the content directory below `root` and return it."""
    files = {
        "site.yaml": SITE,
        "districts/hebei.yaml": DISTRICT,
        "tags/river.yaml": "names: {zh-Hans: 河, en: River}\n",
        "attractions/wheel/listing.yaml": FACTS,
        "attractions/wheel/wheel.svg": PICTURE,
        "attractions/wheel/zh-Hans.md": text("摩天轮与软件", "一。\n\n二。\n\n三。"),
        "attractions/wheel/en.md": text("The Wheel"),
        "dining/dumplings/listing.yaml": "subtype: Restaurant\ndistrict: hebei\nsources: []\n",
        "dining/dumplings/zh-Hans.md": text("饺子馆", "一。\n\n二。\n\n三。", image=None),
    }
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    return root
