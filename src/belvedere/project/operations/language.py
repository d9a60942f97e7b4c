"""The language of the command line: that of the terminal (LC_ALL, LC_MESSAGES, LANG), without Django.

Not for pages: Django translates those, by person.
"""

from __future__ import annotations

import functools
import gettext
import os
from pathlib import Path

from belvedere.kernel.errors import BelvedereError

LOCALES = Path(__file__).resolve().parents[2] / "locale"


@functools.cache
def _catalogues() -> gettext.NullTranslations:
    given = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "C"
    all_areas = gettext.NullTranslations()
    if not LOCALES.is_dir():
        return all_areas
    for area in sorted(LOCALES.iterdir()):
        found = gettext.translation("django", area, [given[:2]], fallback=True)
        if isinstance(found, gettext.GNUTranslations):
            all_areas.add_fallback(found)
    return all_areas


def _(message: str) -> str:
    """`message` in the language of the terminal; English where there is no translation."""
    return _catalogues().gettext(message)


def sentence(error: BelvedereError) -> str:
    """What a person reads of an error."""
    return error.sentence(_(error.message))
