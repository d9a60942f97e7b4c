"""One decision of a person on a draft, as a value, laid into its mapping and decisions."""

from __future__ import annotations

from collections.abc import Mapping as Given
from dataclasses import dataclass
from uuid import UUID

from pyproj import CRS
from pyproj.exceptions import CRSError

from belvedere.domains.plans.sheets.decisions import NEW, Decisions
from belvedere.domains.plans.sheets.fields import BY_KEY
from belvedere.domains.plans.sheets.forms import OWN, STATE
from belvedere.domains.plans.sheets.horizon import when_of
from belvedere.domains.plans.sheets.mapping import UNITS, Mapping, Payer, set_column
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.identifiers import fold
from belvedere.kernel.money import CURRENCIES, Kind, Vat

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Act:
    """`act`: value, fix, keep, word, side, leave, back; `kind` is the kind of a problem (`Problem.kind`)."""

    act: str
    line: int = 0
    field: str = ""
    value: str = ""
    kind: str = ""
    alike: bool = False


def apply(decisions: Decisions, act: Act) -> None:
    """Lay `act` into `decisions`; InvalidInput when it makes no sense."""
    value = act.value.strip()[:LONGEST]
    if act.act == "value":
        decisions.cells[f"{act.line}:{act.field}"] = value
    elif act.act in ("fix", "keep"):
        said = value or act.act if act.act == "fix" else "keep"
        if act.alike:
            decisions.groups[act.kind] = said
        else:
            _one(decisions, act, said)
    elif act.act == "word":
        field, _, word = act.field.partition(":")
        if not word or not value:
            raise InvalidInput(N_("Choose what this means first."))
        decisions.words[f"{field}:{word}"] = value
    elif act.act == "side" and value in ("sheet", "belvedere"):
        if act.alike:
            decisions.groups["changed_here:version:"] = value
        else:
            decisions.sides[str(act.line)] = value
    elif act.act == "leave":
        decisions.left_out = sorted({*decisions.left_out, act.line})
    elif act.act == "back":
        _back(decisions, act.line)
    else:
        raise InvalidInput(N_("This is not a decision the import knows."))


def _one(decisions: Decisions, act: Act, said: str) -> None:
    code = act.kind.partition(":")[0]
    if code in ("coordinates_swapped", "other_crs"):
        decisions.cells[f"{act.line}:crs"] = said
    elif code == "outside":
        decisions.cells[f"{act.line}:outside"] = "keep"
    elif code == "other_unit":
        decisions.cells[f"{act.line}:other_unit:{act.field.partition('@')[0]}"] = said
    else:
        decisions.cells[f"{act.line}:{act.field}"] = said


def _back(decisions: Decisions, line: int) -> None:
    """Take back everything decided on one line."""
    decisions.left_out = [one for one in decisions.left_out if one != line]
    decisions.sides.pop(str(line), None)
    for key in [key for key in decisions.cells if key.partition(":")[0] == str(line)]:
        del decisions.cells[key]


def settle(mapping: Mapping, given: Given[str, str]) -> None:
    """Lay settings that hold for the whole sheet into `mapping`, each checked."""
    settings = mapping.settings
    for name, raw in given.items():
        value = raw.strip()
        if name == "unit":
            settings.unit = _unit(value)
        elif name == "currency":
            settings.currency = _one_of(value, CURRENCIES, name)
        elif name == "vat":
            settings.vat = _one_of(value, {vat.value for vat in Vat}, name)
        elif name == "price_base":
            settings.price_base = Kind("CHF", Vat.UNKNOWN, value).price_base
        elif name == "decimal":
            settings.decimal = _one_of(value, {",", "."}, name)
        elif name == "year":
            settings.year = _year(value)
        elif name == "crs":
            settings.crs = _crs(value)
        elif name == "plan" and value == "-":
            _of_no_plan(mapping)
        elif name in ("owner", "funder", "plan"):
            setattr(settings, name, value or None)
        elif name == "create_owners":
            settings.create_owners = value == "1"
        elif name == "group":
            group_by(mapping, value)
        elif name.startswith("payer:"):
            word = fold(name[6:])
            if all(payer.word != word for payer in mapping.payers):
                mapping.payers.append(Payer(word, name[6:].strip()[:80]))
            name_payers(mapping, {word: value})
        elif name == "states":
            settings.states = _one_of(value, {"furthest", "add"}, name)
        elif name == "percent":
            settings.percent = _one_of(value, {"percent", "share"}, name)
        else:
            raise InvalidInput(N_("“{name}” is not a setting of an import."), name=name)


def _of_no_plan(mapping: Mapping) -> None:
    """The codes of the sheet are no plan's: they are the identifiers of its measures."""
    for at in mapping.all("plan_code"):
        set_column(mapping, at, "" if mapping.at("external_id") is not None else "external_id", "")
    for field in ("priority", "are_code"):
        for at in mapping.all(field):
            set_column(mapping, at, "", "")


def group_by(mapping: Mapping, value: str) -> None:
    """Lines alike in these columns ("0,3") are one measure; "-": each line is one of its own."""
    keys = {int(part) for part in value.split(",") if part.isascii() and part.isdigit()}
    if value != "-" and (not keys or max(keys) >= len(mapping.columns)):
        raise InvalidInput(
            N_("Choose the columns that are alike in the lines of one measure."), field="group"
        )
    for at, column in enumerate(mapping.columns):
        column.key = at in keys
    mapping.settings.grouped = bool(keys)
    if not keys and mapping.at("cost") is None and (line := mapping.at("line")) is not None:
        mapping.columns[line].field = "cost"


def name_payers(mapping: Mapping, given: Given[str, str], rest: str = "") -> None:
    """Say who pays behind codes: folded word → identifier, "own", "state", "new"; `rest` for those left."""
    for payer in mapping.payers:
        target = given.get(payer.word, "").strip() or payer.target or rest
        if target and target not in (OWN, STATE, NEW):
            try:
                target = str(UUID(target))
            except ValueError as error:
                raise InvalidInput(N_("Choose who pays from the list."), field="payers") from error
        payer.target = target


def _unit(value: str) -> int:
    unit = int(value) if value.isascii() and value.isdigit() else 0
    if unit not in UNITS:
        raise InvalidInput(N_("The unit is 1, 1000 or 1000000."), field="unit")
    return unit


def _one_of(value: str, known: set[str] | frozenset[str], name: str) -> str:
    if value not in known:
        raise InvalidInput(N_("Choose one of: {known}."), known=sorted(known), field=name)
    return value


def _year(value: str) -> int:
    year = int(value) if value.isascii() and value.isdigit() and len(value) <= 4 else -1
    if year and not 1950 <= year <= 2150:
        raise InvalidInput(
            N_("This is not a year. Write four digits, or 0 if the sheet does not say."), field="year"
        )
    return year


def _crs(value: str) -> str:
    try:
        CRS.from_user_input(value)
    except CRSError as error:
        raise InvalidInput(
            N_("“{crs}” is not a known coordinate system. Write it as an EPSG code, for example EPSG:2056."),
            crs=value,
        ) from error
    return value.upper()


def columns(mapping: Mapping, given: Given[str, str]) -> None:
    """Read columns into fields: column number → "field" or "field:argument", "" for not at all."""
    for number, chosen in given.items():
        at = int(number) if number.isdigit() else -1
        field, _, argument = chosen.partition(":")
        if not 0 <= at < len(mapping.columns) or (field and field not in BY_KEY):
            raise InvalidInput(N_("This column or field is not known. Open the page again."))
        if field == "spend":
            _checked_when(argument)
        column = mapping.columns[at]
        if (column.field, column.argument) != (field, argument):
            set_column(mapping, at, field, argument)


def _checked_when(argument: str) -> None:
    try:
        when_of(argument)
    except ValueError as error:
        raise InvalidInput(
            N_("This is not a year. Write four digits, or 0 if the sheet does not say."), field="year"
        ) from error


def create_all(decisions: Decisions, kinds: list[str]) -> None:
    """Create every unknown owner: `kinds` are those of the problems that wait."""
    for kind in kinds:
        code, _field, word = kind.split(":", 2)
        if code == "owner_unknown" and word:
            decisions.words[f"owner:{word}"] = NEW
