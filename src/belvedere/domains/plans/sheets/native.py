"""Reading our own export back: main columns and lists by their fixed names, everything by official code."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import shapely

from belvedere.domains.plans.sheets.context import Context, PlanDraft, PlanFacts
from belvedere.domains.plans.sheets.escaping import unescape
from belvedere.domains.plans.sheets.mapping import Column, Mapping
from belvedere.domains.plans.sheets.parsing import Unreadable, amount, clean
from belvedere.domains.plans.sheets.portable import LANGUAGES, LISTS, PLAN_FACTS
from belvedere.domains.plans.sheets.reading import Table
from belvedere.domains.plans.sheets.records import (
    Aid,
    Estimate,
    Listing,
    PhasePart,
    QuantityPart,
    Record,
    SitePart,
    Spend,
    Step,
)
from belvedere.domains.plans.sheets.safety import FileKind
from belvedere.domains.plans.sheets.verdicts import Row
from belvedere.domains.territory.public import OrganisationDraft, OrganisationKind, place_by_code
from belvedere.kernel.errors import N_, BelvedereError
from belvedere.kernel.identifiers import fold

MARKS = ("belvedere_id", "belvedere_version")


def native_mapping(table: Table) -> Mapping | None:
    """The mapping of our own export, or None for any other sheet. The columns are known by their names."""
    if not set(MARKS) <= set(table.headers):
        return None
    columns = [Column(header=header, why=N_("our own export")) for header in table.headers]
    fields = {
        "belvedere_id": "belvedere_id",
        "belvedere_version": "version",
        "external_id": "external_id",
        "cost": "cost",
        "owner_name": "owner_name",
        "owner_code": "owner_code",
    }
    for column in columns:
        column.filled = len(table.rows)
        if column.header.startswith("title_"):
            column.field, column.argument = "title", column.header[-2:]
        elif column.header.startswith("description_"):
            column.field, column.argument = "description", column.header[-2:]
        else:
            column.field = fields.get(column.header, "core")
    return Mapping(columns, native=True)


class NativeReader:
    """Turns the rows of our own export into records. Structure errors are problems of the row."""

    def __init__(self, table: Table, mapping: Mapping, context: Context) -> None:
        self.context = context
        self.at = {header: at for at, header in enumerate(table.headers)}
        self.text_file = table.kind is FileKind.TEXT
        self.lists: dict[str, dict[str, list[dict[str, str]]]] = {}
        self._places: dict[str, str | None] = {}
        for name, columns in LISTS.items():
            if (sheet := table.details.get(f"_{name}")) is not None:
                self.lists[name] = _rows_by_measure(sheet, columns)
        self.nodes: dict[tuple[str, str], str] = {}

    def _cell(self, row: Row, header: str) -> str:
        at = self.at.get(header)
        if at is None:
            return ""
        typed = row.decisions.cell(row.line, header)
        text = clean(row.cells[at]) if typed is None else typed
        return unescape(text) if self.text_file else text

    def identify(self, row: Row) -> UUID | None:
        text = self._cell(row, "belvedere_id")
        if not text:
            external = self._cell(row, "external_id")
            return self.context.world.by_external.get(external) if external else None
        try:
            return UUID(text)
        except ValueError:
            row.problem(
                "id_unreadable",
                "belvedere_id",
                N_("This is not a Belvédère identifier. Leave it empty to add a measure."),
                offer="value",
            )
            return None

    def wanted(self, row: Row, present: Record | None) -> Record:
        """The record of a row. What a list says replaces what is there; what the file does not have stays."""
        try:
            return self._record(row, present)
        except (
            msgspec.ValidationError,
            ValueError,
            KeyError,
            BelvedereError,
            shapely.errors.ShapelyError,
        ) as error:
            row.problem(
                "native_damaged",
                "core",
                N_("This line of the export was changed in a way that cannot be read: {why}."),
                data={"why": str(error)[:200]},
                offer="",
            )
            return present or Record()

    def _record(self, row: Row, present: Record | None) -> Record:
        base = present or Record(id=row.out.measure_id)
        said: dict[str, Any] = {}
        for field in ("title", "description"):
            texts = dict(getattr(base, field))
            for language in LANGUAGES:
                if f"{field}_{language}" in self.at:
                    texts[language] = self._cell(row, f"{field}_{language}")
            said[field] = {language: text for language, text in texts.items() if text}
        if not said["title"]:
            row.problem(
                "title_missing",
                "title",
                N_("No title on this line. Type one, or leave the line out."),
                offer="value",
            )
        for field in ("external_id", "kind", "phase_scheme", "phase", "implementation"):
            if field in self.at:
                said[field] = self._cell(row, field)
        for field in ("published", "is_example"):
            if field in self.at:
                said[field] = self._cell(row, field) == "1"
        if "category_code" in self.at:
            said["category"] = self._category(row)
        if present is None or "owner_name" in self.at or self._cell(row, "owner_code"):
            said["owner"] = self._owner(row)
        for name in LISTS:
            rows = self._list(row, name)
            if rows is not None and (name != "places" or all({"scheme", "code"} <= set(one) for one in rows)):
                said[name] = _sorted(name, self._parts(name, rows, getattr(base, name)))
        record = msgspec.structs.replace(base, **said)
        record = self._edited_cost(row, record)
        row.out.cost = record.cost
        row.out.aid = (
            sum((aid.amount for aid in record.aids if aid.amount is not None), start=_ZERO)
            if record.aids
            else None
        )
        return record

    def _owner(self, row: Row) -> str:
        said = {k: self._cell(row, f"owner_{k}") for k in ("scheme", "code", "name", "kind")}
        if said["code"] or said["name"]:
            return self._organisation(said)
        text = N_("No owner on this line. Choose who carries the measure.")
        row.problem("owner_missing", "owner_name", text, offer="value")
        return ""

    def _edited_cost(self, row: Row, record: Record) -> Record:
        """The cost typed over in the main sheet is a new estimate; the lists stay as they are."""
        text = self._cell(row, "cost")
        last = record.estimates[-1] if record.estimates else None
        try:
            found = amount(text)
        except Unreadable:
            row.problem(
                "amount_unreadable", "cost", N_("This amount cannot be read."), text=text, offer="value"
            )
            return record
        if found is None or last is None or found.value == last.amount:
            return record
        if found.value < 0:
            row.problem(
                "negative_amount",
                "cost",
                N_("An amount cannot be negative. Enter the cost, and what others pay as aid."),
                offer="value",
            )
            return record
        fresh = msgspec.structs.replace(
            last,
            version=last.version + 1,
            amount=found.value,
            dated=self.context.today,
            source=self.context.source,
            raw_text="",
            eligible=None,
        )
        return msgspec.structs.replace(record, estimates=(*record.estimates, fresh))

    def _category(self, row: Row) -> str:
        code, name = self._cell(row, "category_code"), self._cell(row, "category_name")
        if code and code not in self.context.world.category_names:
            self.context.new_categories[code] = name or code
            self.context.world.category_names[code] = name or code
            self.context.world.categories[fold(name or code)] = code
        return code

    def _organisation(self, ref: dict[str, str]) -> str:
        world = self.context.world
        code, name = ref["code"], ref["name"]
        if code and code in world.codes:
            return world.codes[code]
        known = world.names.get(fold(name), [])
        if not code and known:
            return known[0]
        key = f"new:{code or fold(name)}"
        self.context.new_owners.setdefault(
            key,
            OrganisationDraft(
                OrganisationKind(ref["kind"]),
                {world.territory.languages[0]: name or code},
                code_scheme=ref["scheme"],
                code=code,
            ),
        )
        return key

    # ---------------------------------------------------------------- lists
    def _list(self, row: Row, name: str) -> list[dict[str, str]] | None:
        if name in self.lists:
            return self.lists[name].get(self._cell(row, "belvedere_id"), [])
        text = self._cell(row, name)
        if name not in self.at:
            return None
        return [
            {column: clean(one[column]) for column in LISTS[name] if column in one}
            for one in (json.loads(text) if text else [])
        ]

    def _parts(self, name: str, rows: list[dict[str, str]], present: tuple[Any, ...]) -> list[Any]:
        """The parts that rows say. A column that the file does not have leaves the value as it is."""
        waiting: dict[tuple[str, ...], list[Any]] = {}
        asked = [column for column in IDENTITY.get(name, ()) if rows and column in rows[0]]
        if not all(_names_funder(one) for one in rows):
            asked = [column for column in asked if column != "funder_code"]
        for part in present:
            waiting.setdefault(tuple(self._said(part, column) for column in asked), []).append(part)
        found = []
        for one in rows:
            # Parts of one identity pair up in the order in which they left.
            same = waiting.get(tuple(self._key(one, column) for column in asked))
            found.append(self._part(name, one, same.pop(0) if same else None))
        return found

    def _key(self, row: dict[str, str], column: str) -> str:
        if column == "funder_code":
            return self._organisation({k: row.get(f"funder_{k}", "") for k in ORGANISATION})
        return row[column]

    @staticmethod
    def _said(part: Any, column: str) -> str:
        """What an export says of a part in this column."""
        value = getattr(part, "organisation" if column == "funder_code" else column)
        return "" if value is None else clean(str(value))

    def _part(self, name: str, row: dict[str, str], known: Any) -> Any:
        if name == "places":
            return self._place(row)
        given: dict[str, Any] = {} if known is None else msgspec.structs.asdict(known)
        for key, value in row.items():
            if value == "":
                given.pop(key, None)
            else:
                given[key] = value
        if name == "aids" and _names_funder(row):
            given["organisation"] = self._organisation({k: row.get(f"funder_{k}", "") for k in ORGANISATION})
        elif name == "listings" and "plan" in row:
            self._plan(row)
        elif name == "quantities":
            labels = dict(given.get("label", {}))
            labels |= {code: row[f"label_{code}"] for code in LANGUAGES if f"label_{code}" in row}
            given["label"] = {code: text for code, text in labels.items() if text}
        elif name == "sites" and "wkt" in row:
            given["geometry"] = bytes(shapely.to_wkb(shapely.from_wkt(row["wkt"]))).hex()
        return msgspec.convert(given, _PARTS[name], strict=False)

    def _place(self, row: dict[str, str]) -> str:
        key = f"{row['scheme']}:{row['code']}"
        if key not in self._places:
            self._places[key] = str(place_by_code(row["scheme"], row["code"]).id)
        return self._places[key] or ""

    def _plan(self, row: dict[str, str]) -> None:
        context, code = self.context, row["plan"]
        if row.get("node"):
            self.nodes[code, row["node"]] = row.get("node_title", "")
        if code not in context.world.plans.values() and code not in context.new_plans:
            owner = self._organisation({k: row[f"plan_owner_{k}"] for k in ORGANISATION})
            context.new_plans[code] = PlanDraft(
                code,
                row["plan_type"],
                row["plan_title"],
                owner,
                int(row["plan_generation"]) if row.get("plan_generation") else None,
                row["plan_currency"],
                row["plan_vat"],
                row.get("plan_price_base", ""),
                row.get("plan_previous", ""),
                msgspec.convert(
                    {fact.removeprefix("plan_"): row[fact] for fact in PLAN_FACTS if row.get(fact)},
                    PlanFacts,
                    strict=False,
                ),
            )


_PARTS: dict[str, Any] = {
    "estimates": Estimate,
    "spending": Spend,
    "aids": Aid,
    "listings": Listing,
    "sites": SitePart,
    "phases": PhasePart,
    "quantities": QuantityPart,
    "steps": Step,
}
_ZERO = Decimal(0)
ORGANISATION = ("scheme", "code", "name", "kind")
# By what a part is known again when the file does not have all its columns; where one of these is missing,
# by the others and the order.
IDENTITY: dict[str, tuple[str, ...]] = {
    "estimates": ("version",),
    "spending": ("scenario", "year", "span", "nature", "state"),
    "aids": ("position", "instrument", "rule", "funder_code"),
    "listings": ("plan",),
    "sites": ("name",),
    "phases": ("scheme", "code"),
    "quantities": ("unit",),
    "steps": ("plan", "previous_plan", "previous"),
}


def _names_funder(row: dict[str, str]) -> bool:
    return bool(row.get("funder_code") or row.get("funder_name"))


def _sorted(name: str, parts: list[Any]) -> tuple[Any, ...]:
    keys: dict[str, Any] = {
        "estimates": lambda p: p.version,
        "spending": lambda p: p.key,
        "listings": lambda p: p.plan,
        "phases": lambda p: (p.scheme, p.code),
        "places": str,
        "steps": lambda p: (p.plan, p.previous_plan, p.previous),
    }
    return tuple(sorted(parts, key=keys[name]) if name in keys else parts)


def _rows_by_measure(sheet: list[list[Any]], columns: tuple[str, ...]) -> dict[str, list[dict[str, str]]]:
    """The rows of a detail sheet by measure; a WKT longer than a cell goes on in wkt_2, wkt_3…"""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    header = [clean(cell) for cell in sheet[0]] if sheet else []
    for cells in sheet[1:]:
        row = {name: clean(cell) for name, cell in zip(header, cells, strict=False)}
        if not row.get("belvedere_id"):
            continue
        for name in sorted((n for n in row if n.startswith("wkt_")), key=lambda n: int(n[4:])):
            row["wkt"] = row.get("wkt", "") + row[name]
        found[row["belvedere_id"]].append({column: row[column] for column in columns if column in row})
    return found
