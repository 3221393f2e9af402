"""A Hugo site with the same texts as a content directory, and pages of about the same make and size as the portal's."""

from __future__ import annotations

import json
from pathlib import Path

import ryaml

LAYOUTS = Path(__file__).with_name("hugo_layouts")
OWN_SIZE = 8400
"""About how many bytes a page of the layout has without its filler, in content/ as it is."""


def write(content: Path, site: Path, *, size: int) -> None:
    """Write the Hugo site.

    :param size: of how many bytes its pages should be, about: what the portal's frame has more is filled up.
    """
    described = ryaml.loads((content / "site.yaml").read_text("utf-8"))
    tags = [language["tag"] for language in described["languages"]]
    names = {language["tag"]: language["name"] for language in described["languages"]}
    languages = {
        tag.lower(): {
            "languageName": names[tag],
            "title": described["names"].get(tag, "Tianjin"),
            "contentDir": f"content/{tag}",
            "weight": weight,
        }
        for weight, tag in enumerate(tags, 1)
    }
    config = {
        "baseURL": "https://tianjin.example/",
        "defaultContentLanguage": tags[0].lower(),
        "defaultContentLanguageInSubdir": True,
        "disableKinds": ["taxonomy", "term", "RSS"],
        "languages": languages,
        "outputFormats": {"driver": {"mediaType": "text/html", "isHTML": True, "baseName": "driver"}},
        "outputs": {"page": ["HTML", "driver"]},
    }
    layouts = site / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (site / "config.json").write_text(json.dumps(config, ensure_ascii=False), "utf-8")
    filler = "<p>.</p> " * (max(0, size - OWN_SIZE) // 9)
    for layout in LAYOUTS.iterdir():
        (layouts / layout.name).write_text(layout.read_text("utf-8").replace("FILLER", filler), "utf-8")
    for kind in ("attractions", "dining", "entertainment"):
        for listing in (content / kind).iterdir():
            for file in listing.glob("*.md"):
                page = site / "content" / file.stem / kind / f"{listing.name}.md"
                page.parent.mkdir(parents=True, exist_ok=True)
                page.write_text(file.read_text("utf-8").replace("---\nname: ", "---\ntitle: ", 1), "utf-8")
