"""From a template of ours and plain values to PDF (or pictures of its pages), without network or system.

The values travel as JSON and are set as text: nothing of them is read as markup. The faces are those of the
product where their package is installed, else the ones that typst brings along.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

FACES = "fontpkg_source_sans_3"  # Source Sans 3, OFL-1.1


@cache
def fonts() -> typst.Fonts:
    """The faces that a document is set in."""
    found = find_spec(FACES)
    places = [Path(place) / "files" for place in found.submodule_search_locations or ()] if found else []
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(place) for place in places]
    )


@cache
def _template(name: str) -> bytes:
    return (files(__package__) / name).read_bytes()


def pdf(name: str, values: Mapping[str, Any], made_at: datetime) -> bytes:
    """The template `name` of this package as PDF/UA-1: tagged, with title and language."""
    return typst.compile(
        _template(name),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(made_at.timestamp()),
    )


def pages(name: str, values: Mapping[str, Any], pixels_per_inch: float = 80) -> list[bytes]:
    """The same as one PNG a page, to look at."""
    made: bytes | list[bytes] = typst.compile(
        _template(name),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=pixels_per_inch,
        sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
    )
    return made if isinstance(made, list) else [made]


__all__ = ["fonts", "pages", "pdf"]
