"""A spreadsheet program small enough to read: it computes the formulas that the workbook writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CELL = r"\$?([A-Z]{1,3})\$?(\d+)"
TOKEN = re.compile(rf"(\"(?:[^\"]|\"\")*\")|(?:'((?:[^']|'')+)'!)?{CELL}(?::{CELL})?(?![(\w])|(<>|>=|<=|=)")
FORMULA = "formula"


def number_of(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found


class Book:
    """`cells[sheet][row, column]` (1-based) holds (formula or "", value as stored)."""

    def __init__(self, path: Any) -> None:
        with ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist() if name.endswith(".xml")}
        root = ElementTree.fromstring(self.parts["xl/workbook.xml"])
        self.names = [sheet.attrib["name"] for sheet in root.iter(f"{SPACE}sheet")]
        self.defined = {one.attrib["name"]: one.text or "" for one in root.iter(f"{SPACE}definedName")}
        self.shared = self._strings()
        self.cells = {name: dict(self._cells(at)) for at, name in enumerate(self.names, 1)}
        self.value = cache(self._value)

    def _strings(self) -> list[str]:
        part = self.parts.get("xl/sharedStrings.xml")
        found = ElementTree.fromstring(part).iter(f"{SPACE}si") if part else ()
        return ["".join(text.itertext()) for text in found]

    def _cells(self, at: int) -> Iterator[tuple[tuple[int, int], tuple[str, Any]]]:
        root = ElementTree.fromstring(self.parts[f"xl/worksheets/sheet{at}.xml"])
        for cell in root.iter(f"{SPACE}c"):
            letters, row = re.fullmatch(r"([A-Z]+)(\d+)", cell.attrib["r"]).groups()  # type: ignore[union-attr]
            formula, kind = cell.findtext(f"{SPACE}f") or "", cell.attrib.get("t", "n")
            text = cell.findtext(f"{SPACE}v")
            if kind == "inlineStr":
                value: Any = "".join(cell.find(f"{SPACE}is").itertext())  # type: ignore[union-attr]
            elif kind == "s":
                value = self.shared[int(text or 0)]
            elif kind == "str":
                value = text or ""
            else:
                value = None if text in (None, "") else float(text)
            yield (int(row), number_of(letters)), (formula, value)

    def formulas(self, sheet: str) -> dict[tuple[int, int], str]:
        return {at: formula for at, (formula, _value) in self.cells[sheet].items() if formula}

    def stored(self, sheet: str, row: int, column: int) -> Any:
        return self.cells[sheet].get((row, column), ("", None))[1]

    def _value(self, sheet: str, row: int, column: int) -> Any:
        """What the cell is worth when it is computed, not what is stored beside its formula."""
        formula, value = self.cells[sheet].get((row, column), ("", None))
        return self._computed(sheet, formula) if formula else value

    def _computed(self, sheet: str, formula: str) -> Any:
        def written(found: re.Match[str]) -> str:
            text, other, first, row, last, last_row, sign = found.groups()
            if text:
                return repr(text[1:-1].replace('""', '"'))
            if sign:
                return {"=": "==", "<>": "!="}.get(sign, sign)
            where = (other or sheet).replace("''", "'")
            if last:
                return f"area({where!r}, {number_of(first)}, {row}, {number_of(last)}, {last_row})"
            return f"(one({where!r}, {row}, {number_of(first)}) or 0)"

        functions = {
            "area": self._area,
            "one": self.value,
            "SUM": lambda *parts: sum(x for part in parts for x in part if isinstance(x, float | int)),
            "SUMIFS": _sum_if,
            "ROUND": round,
            "AND": lambda *tests: all(tests),
            "IF": lambda test, yes, no="": yes if test else no,
        }
        return eval(TOKEN.sub(written, formula), {"__builtins__": {}}, functions)

    def _area(self, sheet: str, first: int, row: int, last: int, last_row: int) -> list[Any]:
        return [self.value(sheet, r, c) for r in range(row, last_row + 1) for c in range(first, last + 1)]


def _sum_if(amounts: list[Any], keys: list[Any], test: Any) -> float:
    assert len(amounts) == len(keys)
    if test == ">0":
        wanted = [isinstance(key, float) and key > 0 for key in keys]
    else:
        wanted = [isinstance(key, float) and key == float(test) for key in keys]
    return float(sum(a for a, is_in in zip(amounts, wanted, strict=True) if is_in and isinstance(a, float)))
