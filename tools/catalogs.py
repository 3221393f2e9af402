"""Interface texts: `make catalogs` takes new strings into the catalogs, the other commands compile what changed."""

from __future__ import annotations

from pathlib import Path

from tools import apt, environment, packages
from tools.console import ROOT, ToolError, run_command, say
from tools.processes import interrupt_on_signals, run, run_quietly

PYBABEL = str(environment.BIN / "pybabel")
TRANSLATIONS = ROOT / "translations"
TEMPLATE = ROOT / "build" / "messages.pot"
KEYWORDS = ("_", "_l", "gettext", "lazy_gettext", "ngettext:1,2", "lazy_ngettext:1,2", "pgettext:1c,2", "N_")
WIDTH = "120"


def stale(translations: Path = TRANSLATIONS) -> list[Path]:
    """Return the catalogs that changed since they were compiled, or never were."""
    return [source for source in sorted(translations.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def compile_stale() -> None:
    """Compile the catalogs when one of them is stale.

    :raises ToolError: with Babel's words, when a catalog is broken.
    """
    if stale():
        run_quietly("Compiling the translations", (PYBABEL, "compile", "--directory", str(TRANSLATIONS)))


def extraction() -> tuple[str, ...]:
    """Return the command that collects the strings of code and templates."""
    return (
        *(PYBABEL, "-q", "extract", "--mapping-file", "babel.cfg", "--output-file", str(TEMPLATE), "--width", WIDTH),
        *(word for keyword in KEYWORDS for word in ("--keyword", keyword)),
        *("--add-location", "file", "--sort-output", "--add-comments", "Translators:"),
        *("--project", "Charming Tianjin", "--copyright-holder", "the authors of Charming Tianjin", "."),
    )


def merge(locale: str) -> tuple[str, ...]:
    """Return the command that takes the collected strings into one locale's catalog.

    Without guesses, obsolete entries and dates: a catalog holds what the site says, and changes only with it.
    """
    return (
        *(PYBABEL, "-q", "update", "--locale", locale, "--init-missing", "--width", WIDTH),
        *("--input-file", str(TEMPLATE), "--output-dir", str(TRANSLATIONS)),
        *("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date"),
    )


def update() -> int:
    """Extract all strings and merge them into every catalog; a new language needs only its empty folder."""
    TEMPLATE.parent.mkdir(exist_ok=True)
    locales = sorted(folder.name for folder in TRANSLATIONS.iterdir() if folder.is_dir())
    say(f"Updating {', '.join(locales)} ...")
    for command in (extraction(), *map(merge, locales)):
        if run(command):
            raise ToolError("The catalogs were not updated.")
    compile_stale()
    say("Fill in what is empty in translations/*/LC_MESSAGES/messages.po; make test names what is missing.")
    return 0


def main() -> int:
    """Run `make catalogs`."""
    interrupt_on_signals()
    apt.ensure(packages.SERVE)
    environment.ensure(environment.PRODUCTION)
    return update()


if __name__ == "__main__":
    run_command(main)
