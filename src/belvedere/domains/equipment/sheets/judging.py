"""Each row of a spreadsheet as equipment to be, or with the sentence that says why not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import shapely

from belvedere.domains.equipment.drafts import EquipmentDraft, Facts, checked
from belvedere.domains.equipment.errors import BadEquipment
from belvedere.domains.equipment.kinds import kinds
from belvedere.kernel.errors import N_, BelvedereError
from belvedere.kernel.geometry import WGS84, Box, guess_system, reproject
from belvedere.kernel.identifiers import fold

DAY_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y")
WORLD = Box(-180, -90, 180, 90)
AROUND = 1.0  # degrees: further from the territory a point is a slip
_SPACES = re.compile(r"[\s'’\u00a0\u202f]")


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are judged by. `numbers`: of the owner, in small letters; `parents`: of all that may be
    seen, in small letters; `contracts`: name and reference in folded letters. `area`: of the territory."""

    owner_id: UUID
    numbers: frozenset[str]
    parents: Mapping[str, UUID]
    contracts: Mapping[str, UUID]
    area: Box | None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row: `draft` where it can be taken, else `fault`."""

    line: int
    cells: list[str]
    draft: EquipmentDraft | None = None
    fault: BelvedereError | None = None


def judge(rows: Sequence[tuple[int, list[str]]], columns: Sequence[str], known: Known) -> list[Judged]:
    """Every row by itself, then as others stand under it: what hangs under a bad row is bad too."""
    found = [_row(line, cells, columns, known) for line, cells in rows]
    found = _once(found, known)
    return _under(found, columns, known)


def _row(line: int, cells: list[str], columns: Sequence[str], known: Known) -> Judged:
    said = {field: cell for field, cell in zip(columns, cells, strict=True) if field}
    try:
        facts = checked(
            Facts(
                kind=_kind(said.get("kind", ""), known.kind),
                name=said.get("name", "") or said.get("where", "") or said.get("number", ""),
                number=said.get("number", ""),
                maker=said.get("maker", ""),
                model=said.get("model", ""),
                serial=said.get("serial", ""),
                at=_at(said.get("x", ""), said.get("y", ""), known.area),
                where=said.get("where", ""),
                installed_on=_day(said.get("installed_on", ""), "installed_on"),
                warranty_until=_day(said.get("warranty_until", ""), "warranty_until"),
                contract_id=_contract(said.get("contract", ""), known),
                notes=said.get("notes", ""),
            )
        )
    except BelvedereError as error:
        return Judged(line, cells, fault=error)
    return Judged(line, cells, EquipmentDraft(known.owner_id, facts))


def _kind(text: str, usual: str) -> str:
    words = fold(text)
    if not words:
        if usual:
            return usual
        raise BadEquipment(N_("The kind is missing. Fill its cell, or choose one for all rows without."))
    for slug, one in kinds().items():
        if words in {fold(slug), *map(fold, one.labels.values()), *map(fold, one.plural.values())}:
            return slug
    starts = [
        slug
        for slug, one in kinds().items()
        if any(words in fold(label).split() for label in (*one.labels.values(), *one.plural.values()))
    ]
    if len(starts) == 1:
        return starts[0]
    raise BadEquipment(N_("“{kind}” is no kind of equipment that is known here."), kind=text[:40])


def _number(text: str) -> float:
    plain = _SPACES.sub("", text)
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        raise BadEquipment(N_("“{text}” is no coordinate."), text=text[:40]) from None


def _at(x: str, y: str, area: Box | None) -> tuple[float, float] | None:
    if not x and not y:
        return None
    if not x or not y:
        raise BadEquipment(N_("Of the two coordinates one is missing."))
    east, north = _number(x), _number(y)
    wide = WORLD
    if area is not None:
        wide = Box(area.west - AROUND, area.south - AROUND, area.east + AROUND, area.north + AROUND)
    system = guess_system(east, north, wide)
    if system is None:
        raise BadEquipment(N_("The coordinates {x}, {y} lie far from the territory."), x=x, y=y)
    if system == "swapped":
        return (north, east)
    if system == WGS84:
        return (east, north)
    point = reproject(shapely.Point(east, north), system)
    assert isinstance(point, shapely.Point)
    return (round(point.x, 7), round(point.y, 7))


def _day(text: str, field: str) -> date | None:
    if not text:
        return None
    for form in DAY_FORMS:
        try:
            return datetime.strptime(text[:10], form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    raise BadEquipment(
        N_("“{text}” is no day. Write it as 2024-05-31 or 31.05.2024."), text=text[:40], field=field
    )


def _contract(text: str, known: Known) -> UUID | None:
    if not text:
        return None
    found = known.contracts.get(fold(text))
    if found is None:
        raise BadEquipment(N_("The organisation has no contract “{name}”."), name=text[:80])
    return found


def _once(found: list[Judged], known: Known) -> list[Judged]:
    """Numbers that are in use, or come twice: the later row is at fault."""
    taken = set(known.numbers)
    result = []
    for one in found:
        number = one.draft.facts.number.lower() if one.draft else ""
        if number and number in taken:
            fault = BadEquipment(N_("The number {number} is in use already."), number=number.upper())
            one = Judged(one.line, one.cells, fault=fault)
        elif number:
            taken.add(number)
        result.append(one)
    return result


def _under(found: list[Judged], columns: Sequence[str], known: Known) -> list[Judged]:
    """Put rows under what their cell names: a row of the file, else equipment of the register."""
    if "parent" not in columns:
        return found
    at = list(columns).index("parent")
    here = {
        one.draft.facts.number.lower(): i
        for i, one in enumerate(found)
        if one.draft and one.draft.facts.number
    }
    wanted = [one.cells[at].strip().lower() for one in found]
    result = list(found)
    for i, one in enumerate(found):
        if one.draft is None or not wanted[i]:
            continue
        fault = _fault(i, wanted, here, found, known)
        if fault is not None:
            result[i] = Judged(one.line, one.cells, fault=fault)
            continue
        above = here.get(wanted[i])
        parent = found[above].draft if above is not None else None
        parent_id = parent.id if parent is not None else known.parents[wanted[i]]
        facts = replace(one.draft.facts, parent_id=parent_id)
        result[i] = Judged(one.line, one.cells, replace(one.draft, facts=facts))
    return result


def _fault(
    i: int, wanted: list[str], here: Mapping[str, int], found: list[Judged], known: Known
) -> BadEquipment | None:
    """Why row `i` cannot stand where it says; rows are followed upwards as long as they are of the file."""
    seen, at = {i}, i
    while wanted[at]:
        above = here.get(wanted[at])
        if above is None:
            if wanted[at] in known.parents:
                return None
            return BadEquipment(
                N_("There is no equipment {number} for it to stand under, nor a good row with that number."),
                number=wanted[at].upper(),
            )
        if above in seen:
            return BadEquipment(N_("It would stand under itself."))
        seen.add(above)
        at = above
    return None
