"""The form of a listing's pictures: order, the point to keep in view, credit, licence and words, and what goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from portal.editing.document import Fields
from portal.editing.states import UP_TO_DATE, pinned, states
from portal.editing.uploads import images_of
from portal.web.businesses.facts_form import BadField

Form = MultiDict[str, str]
LICENCES = ("all-rights-reserved", "CC-BY-SA-4.0", "CC-BY-4.0", "CC0-1.0")
"""What somebody may put a picture under: SPDX's names, and the one for pictures that are only shown here."""
MOST = 30
"""How many pictures a listing may have."""
LONGEST_LINE = 600


def shown(fields: Fields, spoken: Sequence[str]) -> Form:
    """Return what the controls show, as a browser would send it back.

    :param spoken: the languages in which the pictures are described.
    """
    form: Form = MultiDict()
    for place, image in enumerate(images_of(fields), 1):
        file = image.get("file", "")
        form[f"place-{file}"] = str(place)
        form[f"credit-{file}"] = str(image.get("credit", ""))
        form[f"licence-{file}"] = str(image.get("licence", ""))
        for axis in ("x", "y"):
            form[f"{axis}-{file}"] = str((image.get("focus") or {}).get(axis, ""))
        for tag in spoken:
            form[f"alt-{tag}-{file}"] = (fields.get(f"{tag}/alt") or {}).get(file, "")
    return form


def described_in(fields: Fields, spoken: Sequence[str]) -> list[str]:
    """Return the languages that a listing has a text in: those its pictures can be described in."""
    return [tag for tag in spoken if fields.get(f"{tag}/name")]


def sent(form: Form, fields: Fields, spoken: Sequence[str], source: str) -> dict[str, Any]:
    """Return the fields that a form sends: the pictures, their words, and the pins that go with them.

    A picture the form knows nothing of, because somebody added it meanwhile, stays.

    :raises BadField: for the first that cannot be.
    """
    present = images_of(fields)
    gone = {image.get("file") for image in present if form.get(f"remove-{image.get('file')}")}
    ranked = sorted(enumerate(present), key=lambda item: _rank(form, *item))
    images = [_image(form, image) for _, image in ranked if image.get("file") not in gone]
    values: dict[str, Any] = {"facts/images": images or None}
    for tag in spoken:
        words = {**(fields.get(f"{tag}/alt") or {})}
        for image in present:
            file = image.get("file", "")
            if f"alt-{tag}-{file}" in form:
                words[file] = _line(form, f"alt-{tag}-{file}")
        values[f"{tag}/alt"] = {file: text for file, text in words.items() if text and file not in gone} or None
    return values | _pins(fields, values, spoken, source)


def credit_and_licence(form: Form, suffix: str = "", known: Sequence[str] = LICENCES) -> dict[str, str]:
    """Return whose picture it is, and under which terms it may be shown.

    :raises BadField: when one is missing.
    """
    credit, licence = _line(form, f"credit{suffix}"), form.get(f"licence{suffix}", "")
    if not credit:
        raise BadField(gettext("Say who made the picture."))
    if licence not in known:
        raise BadField(gettext("Choose a licence for the picture."))
    return {"credit": credit, "licence": licence}


def _rank(form: Form, index: int, image: dict[str, Any]) -> tuple[int, int, int]:
    """Return where a picture goes: what was moved up to a place comes before what has it, what was moved down after."""
    text = form.get(f"place-{image.get('file')}", "")
    place = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else index + 1
    moved = 0 if place < index + 1 else 2 if place > index + 1 else 1
    return place, moved, index


def _image(form: Form, image: dict[str, Any]) -> dict[str, Any]:
    file = image.get("file", "")
    if f"place-{file}" not in form:
        return image
    known = (*LICENCES, str(image.get("licence", "")))
    changed = {**image, **credit_and_licence(form, f"-{file}", known)}
    focus = _focus(form, file)
    return {key: value for key, value in changed.items() if key != "focus"} | ({"focus": focus} if focus else {})


def _focus(form: Form, file: str) -> dict[str, int] | None:
    texts = [_line(form, f"{axis}-{file}") for axis in ("x", "y")]
    if not any(texts):
        return None
    numbers = [int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 101 for text in texts]
    if max(numbers) > 100:
        raise BadField(gettext("The point to keep in view is given by two numbers from 0 to 100."))
    return {"x": numbers[0], "y": numbers[1]}


def _line(form: Form, name: str) -> str:
    return " ".join(form.get(name, "").replace("\x00", "").split())[:LONGEST_LINE]


def _pins(fields: Fields, values: Fields, spoken: Sequence[str], source: str) -> dict[str, Any]:
    """Return the pins of the descriptions: of those that were changed, and of those that only lost a picture."""
    after = {**fields, **values}
    said = values.get(f"{source}/alt") or {}
    before = _kept(fields, f"{source}/alt", values)
    pins: dict[str, Any] = {}
    for tag in spoken:
        if tag == source or not values.get(f"{tag}/alt"):
            continue
        stays = before == said and states(fields, source, tag).get("alt") in UP_TO_DATE
        if stays or _kept(fields, f"{tag}/alt", values) != values[f"{tag}/alt"]:
            pins |= pinned(after, source, tag, ["alt"])
    return pins


def _kept(fields: Fields, key: str, values: Fields) -> dict[str, str]:
    """Return the words of before, without those of pictures that go."""
    files = {image["file"] for image in values["facts/images"] or [] if "file" in image}
    return {file: words for file, words in (fields.get(key) or {}).items() if file in files}
