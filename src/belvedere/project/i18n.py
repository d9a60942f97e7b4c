"""Translations: extract the texts of an area, check that French and German are complete, compile.

    python -m belvedere.project.i18n extract --area plans
    python -m belvedere.project.i18n check
    python -m belvedere.project.i18n compile

An area is a catalogue of its own (`locale/<area>/<language>/LC_MESSAGES/django.po`) for the sources that
`AREAS` gives it. Texts are English in the sources. Babel does the work; no system gettext is needed.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr", "de")
# The first prefix that fits a source file, longest first, says its area.
AREAS: dict[str, tuple[str, ...]] = {
    "kernel": ("kernel",),
    "operations": ("engines", "project", "faces/cli/operate", "faces/web/health"),
    "shell": ("faces/web", "faces/jobs", "faces/notices", "faces/cli"),
    "territory": (
        "domains/territory",
        "faces/web/pages/territory",
        "faces/web/pages/home",
        "faces/cli/territory",
    ),
    "access": (
        "domains/access",
        "faces/notices/invitations",
        "duties/privacy",
        "project/privacy",
        "faces/web/pages/access",
        "faces/cli/access",
        "faces/cli/privacy",
    ),
    "journal": ("duties/journal", "faces/web/pages/journal", "faces/cli/journal"),
    "sheets": (
        "domains/plans/sheets",
        "faces/web/pages/plans/sheets",
        "faces/web/pages/plans/templates/plans/sheets",
    ),
    "plans": ("domains/plans", "faces/web/pages/plans", "faces/cli/plans", "science"),
    "twin": ("domains/twin",),
    "live": (
        "domains/observations",
        "domains/intake",
        "faces/ingest",
        "faces/web/pages/live",
        "faces/cli/live",
    ),
    "exchange": ("domains/exchange", "faces/exchange", "faces/web/pages/exchange"),
    "connections": (
        "domains/connections",
        "connectors",
        "faces/web/pages/connections",
        "faces/web/pages/onboarding",
    ),
    "ngsi_ld": ("standards", "domains/context", "faces/ngsi_ld"),
    "packs": ("science/environment", "domains/packs", "faces/web/pages/packs"),
    "reach": (
        "domains/reach",
        "faces/notices/reaching",
        "faces/notices/dispatching",
        "faces/web/pages/reach",
    ),
    "duty": ("science/rosters", "domains/duty", "faces/notices/climbing", "faces/web/pages/duty"),
    "automation": ("science/alarms", "domains/automation", "faces/web/pages/automation"),
    "interventions": ("science/visits", "domains/interventions", "faces/web/pages/interventions"),
    "commands": ("domains/commands", "faces/web/pages/commands"),
    "scenes": ("domains/scenes", "science/scenes", "science/sun", "faces/web/pages/scenes"),
    "crisis": ("domains/crisis", "faces/notices/crisis", "faces/web/pages/crisis"),
    "logbook": ("domains/logbook", "faces/web/pages/logbook"),
    "equipment": ("domains/equipment", "faces/web/pages/equipment"),
    "quality": ("faces/web/pages/quality",),
    "demo": ("demo",),
    "coordination": ("domains/coordination", "faces/web/pages/coordination", "science/coordination"),
    "collaboration": (
        "domains/collaboration",
        "duties/notifications",
        "faces/web/pages/collaboration",
        "faces/notices/collaboration",
        "faces/notices/mail",
    ),
    "reporting": ("domains/reporting", "faces/web/pages/reporting", "faces/notices/reporting"),
    "library": ("domains/library", "faces/web/pages/library"),
    "overview": ("faces/web/pages/overview",),
    "works": ("domains/subscriptions", "faces/web/pages/portal", "faces/notices/works"),
    "rest": ("domains/webhooks", "faces/web/pages/webhooks", "faces/rest"),
}
# call -> whether a context comes first, whether a plural follows
CALLS = {
    "_": (False, False),
    "N_": (False, False),
    "gettext": (False, False),
    "gettext_lazy": (False, False),
    "gettext_noop": (False, False),
    "ngettext": (False, True),
    "ngettext_lazy": (False, True),
    "pgettext": (True, False),
    "pgettext_lazy": (True, False),
    "npgettext": (True, True),
}
Message = str | tuple[str, str]


def area_of(source: Path) -> str:
    """The area whose prefix fits `source` best."""
    name = source.relative_to(PACKAGE).as_posix()
    fits = [
        (len(prefix), area)
        for area, prefixes in AREAS.items()
        for prefix in prefixes
        if name.startswith(prefix)
    ]
    return max(fits)[1] if fits else "shell"


def sources() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".html", ".txt") and not {
            "migrations",
            "static",
            "locale",
            "node_modules",
        } & set(path.parts):
            yield path


def _from_python(file: BinaryIO) -> Iterator[tuple[str | None, Message]]:
    for _line, function, messages, _comments in extract_python(file, dict.fromkeys(CALLS), [], {}):
        with_context, with_plural = CALLS[str(function)]
        given = messages if isinstance(messages, tuple | list) else (messages,)
        words = [word if isinstance(word, str) else "" for word in given]
        context = words.pop(0) if with_context and words else None
        if not words or not words[0]:
            continue
        plural = words[1] if with_plural and len(words) > 1 else ""
        yield context, (words[0], plural) if plural else words[0]


def _from_template(path: Path) -> Iterator[tuple[str | None, Message]]:
    from django.utils.translation.template import templatize

    # templatize keeps the calls and replaces the rest by X; only the calls are Python.
    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    calls = re.compile(r"""\b(?:n?p?gettext|_)\((?:[^()"']|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')*\)""")
    for call in calls.findall(text):
        yield from _from_python(io.BytesIO(re.sub(r"\bu(?=[\"'])", "", call).encode()))


def texts(area: str) -> dict[tuple[str | None, Message], list[str]]:
    """Every text of `area` with the files it stands in."""
    found: dict[tuple[str | None, Message], list[str]] = {}
    for path in sources():
        if area_of(path) != area:
            continue
        if path.suffix == ".py":
            with path.open("rb") as file:
                messages = list(_from_python(file))
        else:
            messages = list(_from_template(path))
        for message in messages:
            places = found.setdefault(message, [])
            name = path.relative_to(PACKAGE).as_posix()
            if name not in places:
                places.append(name)
    return found


def catalogue_path(area: str, language: str) -> Path:
    return PACKAGE / "locale" / area / language / "LC_MESSAGES" / "django.po"


def read(area: str, language: str) -> Catalog:
    path = catalogue_path(area, language)
    if not path.exists():
        return Catalog(locale=language, project="belvedere", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def extract(area: str) -> int:
    """Write the area's catalogues anew: known translations kept, new texts empty, gone texts dropped."""
    wanted = texts(area)
    missing = 0
    for language in LANGUAGES:
        known = read(area, language)
        fresh = Catalog(locale=language, project="belvedere", fuzzy=False, header_comment="#")
        for (context, message), places in sorted(
            wanted.items(), key=lambda item: (str(item[0][1]), str(item[0][0]))
        ):
            old = known.get(message[0] if isinstance(message, tuple) else message, context)
            string = old.string if old is not None and not old.fuzzy else None
            if isinstance(message, tuple) and isinstance(string, str):
                string = None
            fresh.add(message, string, locations=[(place, 0) for place in places], context=context, flags=())
            missing += not _complete(message, string)
        path = catalogue_path(area, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            write_po(out, fresh, width=110, omit_header=False, include_lineno=False)
        text = path.read_text(encoding="utf-8")
        path.write_text(
            re.sub(r'^"(POT-Creation|PO-Revision)-Date:.*\n', "", text, flags=re.M), encoding="utf-8"
        )
    return missing


def _complete(message: Message, string: object) -> bool:
    if isinstance(message, tuple):
        return isinstance(string, tuple | list) and all(string)
    return bool(string)


_HOLES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def faults() -> list[str]:
    """What is missing or wrong in any catalogue, a sentence each.

    Django reads all catalogues as one: a text that two areas translate differently would show either.
    """
    found = []
    said: dict[tuple[str, str | None, str], tuple[str, str]] = {}
    for area in AREAS:
        wanted = texts(area)
        for language in LANGUAGES:
            known = read(area, language)
            for context, message in wanted:
                single = message[0] if isinstance(message, tuple) else message
                entry = known.get(single, context)
                if entry is None or entry.fuzzy or not _complete(message, entry.string):
                    found.append(f"{area}/{language}: not translated: {single!r}")
                    continue
                strings = [part or "" for part in _parts(entry.string)]
                if not _same_holes(message, strings):
                    found.append(f"{area}/{language}: placeholders differ: {single!r}")
                elsewhere, before = said.setdefault((language, context, single), (area, strings[0]))
                if before != strings[0]:
                    found.append(f"{area}/{language}: {elsewhere} translates it differently: {single!r}")
    return found


def _parts(string: object) -> tuple[str | None, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (str(string),)


def _same_holes(message: Message, strings: list[str]) -> bool:
    """Whether the translation fills what the text fills; a plural may leave a number out."""
    if isinstance(message, tuple):
        holes = set(_HOLES.findall(" ".join(message)))
        return not any(set(_HOLES.findall(string)) - holes for string in strings)
    return set(_HOLES.findall(strings[0])) == set(_HOLES.findall(message))


def compile_all() -> int:
    """Write each catalogue's `.mo`; returns how many."""
    count = 0
    for path in sorted((PACKAGE / "locale").glob("*/*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
        with path.with_suffix(".mo").open("wb") as out:
            write_mo(out, catalogue)
        count += 1
    return count


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("act", choices=["extract", "check", "compile"])
    parser.add_argument("--area", choices=sorted(AREAS), action="append")
    parser.add_argument("--quiet", action="store_true")
    given = parser.parse_args()
    if given.act == "compile":
        count = compile_all()
        if not given.quiet:
            sys.stdout.write(f"{count} catalogues compiled\n")
        return 0
    if given.act == "extract":
        for area in given.area or AREAS:
            sys.stdout.write(f"{area}: {extract(area)} texts to translate\n")
        return 0
    found = faults()
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
