"""The form in which measures leave and come back: plain columns and lists, everything by official code.

The same columns make the sheets of a workbook and the JSON cells of a CSV. Texts are cleaned on the way out,
so that what comes back is what left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
import shapely

from belvedere.domains.plans.models import Category, Plan
from belvedere.domains.plans.sheets.parsing import clean
from belvedere.domains.plans.sheets.records import Record
from belvedere.domains.territory.public import OrganisationView, TerritoryView, organisations, places
from belvedere.kernel.texts import text_in

LANGUAGES = ("fr", "de", "en")
MAIN = (
    "belvedere_id",
    "belvedere_version",
    "external_id",
    *(f"title_{language}" for language in LANGUAGES),
    *(f"description_{language}" for language in LANGUAGES),
    "kind",
    "category_code",
    "category_name",
    "owner_scheme",
    "owner_code",
    "owner_name",
    "owner_kind",
    "phase_scheme",
    "phase",
    "implementation",
    "published",
    "is_example",
    "cost",
    "currency",
    "vat",
    "price_base",
)
_MONEY = ("currency", "vat", "price_base")
# Of a plan, beside what names it: by the names of its columns.
PLAN_FACTS = (
    "plan_year_from",
    "plan_year_to",
    "plan_federal_rate",
    "plan_federal_maximum",
    "plan_adopted_on",
    "plan_legal_basis",
    "plan_has_agreement",
)
_ORGANISATION = ("funder_scheme", "funder_code", "funder_name", "funder_kind")
LISTS: dict[str, tuple[str, ...]] = {
    "estimates": (
        "version",
        "dated",
        "kind",
        "amount",
        "eligible",
        "accuracy",
        *_MONEY,
        "raw_text",
        "source",
    ),
    "spending": ("year", "span", "amount", "scenario", "nature", "state", "reason", *_MONEY),
    "aids": (
        *_ORGANISATION,
        "instrument",
        "position",
        "rule",
        "amount",
        "rate",
        "tariff",
        "unit",
        "cap",
        "state",
        "conditions",
        "requested_on",
        "decided_on",
        "start_deadline",
        "claim_deadline",
        "advance_share",
        "lag_years",
        "indexed",
        *_MONEY,
    ),
    "listings": (
        "plan",
        "code",
        "are_code",
        "priority",
        "node",
        "horizon_from",
        "horizon_to",
        "start_deadline",
        "listed_cost",
        "listed_cost_note",
        "assessed_priority",
        "agreement",
        "agreement_number",
        "financing_number",
        "financing_date",
        "contribution",
        "claim_deadline",
        "deadlines_frozen_on",
        "deadline_source",
        "node_title",
        "plan_type",
        "plan_title",
        "plan_generation",
        "plan_currency",
        "plan_vat",
        "plan_price_base",
        "plan_previous",
        *PLAN_FACTS,
        "plan_owner_scheme",
        "plan_owner_code",
        "plan_owner_name",
        "plan_owner_kind",
    ),
    "sites": ("name", "wkt", "method", "accuracy_m", "source_crs"),
    "phases": (
        "scheme",
        "code",
        "planned_start",
        "planned_end",
        "forecast_start",
        "forecast_end",
        "actual_start",
        "actual_end",
        "confirmed",
    ),
    "places": ("scheme", "code", "name"),
    "quantities": ("unit", "planned", "realised", *(f"label_{language}" for language in LANGUAGES)),
    "steps": ("plan", "previous", "previous_plan", "relation"),
}
NUMBERS = frozenset({"amount", "eligible", "cap", "cost", "tariff", "listed_cost", "belvedere_version"})


@dataclass
class Names:
    """What the identifiers in records are called elsewhere."""

    territory: TerritoryView
    organisations: dict[str, OrganisationView] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    nodes: dict[tuple[str, str], str] = field(default_factory=dict)
    places: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, territory: TerritoryView, records: list[Record]) -> Names:
        names = cls(territory)
        names.organisations = {str(view.id): view for view in organisations(territory.id)}
        language = territory.languages[0]
        for category in Category.objects.filter(territory_id=territory.id):
            names.categories[category.code] = text_in(category.names, language)
        for plan in Plan.objects.filter(territory_id=territory.id).prefetch_related("nodes"):
            names.plans[plan.code] = plan
            for node in plan.nodes.all():
                names.nodes[plan.code, node.path] = text_in(node.title, language)
        wanted = {UUID(place) for record in records for place in record.places}
        for place_id, view in places(wanted).items():
            scheme = min(view.codes) if view.codes else ""
            names.places[str(place_id)] = (scheme, view.codes.get(scheme, ""), view.name)
        return names

    def plan_code(self, plan_id: UUID | None) -> str:
        """The code of the plan with this identifier, "" for none."""
        return next((code for code, plan in self.plans.items() if plan.pk == plan_id), "") if plan_id else ""

    def organisation(self, key: str, prefix: str) -> dict[str, str]:
        view = self.organisations[key]
        name = text_in(view.names, self.territory.languages[0])
        return {
            f"{prefix}scheme": view.code_scheme,
            f"{prefix}code": view.code,
            f"{prefix}name": clean(name),
            f"{prefix}kind": view.kind.value,
        }


def main_row(record: Record, version: int, names: Names) -> dict[str, Any]:
    """The plain columns of a measure."""
    last = record.estimates[-1] if record.estimates else None
    row: dict[str, Any] = {
        "belvedere_id": str(record.id),
        "belvedere_version": version,
        "external_id": clean(record.external_id),
        "kind": record.kind,
        "category_code": record.category,
        "category_name": clean(names.categories.get(record.category, "")),
        **names.organisation(record.owner, "owner_"),
        "phase_scheme": record.phase_scheme,
        "phase": record.phase,
        "implementation": record.implementation,
        "published": "1" if record.published else "0",
        "is_example": "1" if record.is_example else "0",
        "cost": last.amount if last else "",
        "currency": last.currency if last else "",
        "vat": last.vat if last else "",
        "price_base": last.price_base if last else "",
    }
    for language in LANGUAGES:
        row[f"title_{language}"] = clean(record.title.get(language, ""))
        row[f"description_{language}"] = clean(record.description.get(language, ""))
    return row


def list_rows(record: Record, names: Names) -> dict[str, list[dict[str, Any]]]:
    """The lists of a measure, each a list of plain rows."""
    made: dict[str, list[dict[str, Any]]] = {}
    for name, columns in LISTS.items():
        enrich = _ENRICH.get(name, _as_is)
        made[name] = [
            {column: _plain(row.get(column)) for column in columns}
            for row in (enrich(part, names) for part in getattr(record, name))
        ]
    return made


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return clean(value) if isinstance(value, str) else value


def _as_is(part: Any, names: Names) -> dict[str, Any]:
    return msgspec.structs.asdict(part)


def _aid(part: Any, names: Names) -> dict[str, Any]:
    return {**msgspec.structs.asdict(part), **names.organisation(part.organisation, "funder_")}


def _listing(part: Any, names: Names) -> dict[str, Any]:
    plan = names.plans[part.plan]
    return {
        **msgspec.structs.asdict(part),
        "node_title": names.nodes.get((part.plan, part.node), ""),
        "plan_type": plan.type,
        "plan_title": text_in(plan.title, names.territory.languages[0]),
        "plan_generation": plan.generation,
        "plan_currency": plan.currency,
        "plan_vat": plan.vat,
        "plan_price_base": plan.price_base,
        "plan_previous": names.plan_code(plan.previous_id),
        **{fact: getattr(plan, fact.removeprefix("plan_")) for fact in PLAN_FACTS},
        **names.organisation(str(plan.owner_id), "plan_owner_"),
    }


def wkt_of(hexadecimal: str) -> str:
    """WKT that reads back to the very same coordinates."""
    geometry = shapely.from_wkb(bytes.fromhex(hexadecimal))
    return str(shapely.to_wkt(geometry, rounding_precision=25, trim=True))


def _site(part: Any, names: Names) -> dict[str, Any]:
    row = msgspec.structs.asdict(part)
    accuracy = row["accuracy_m"]
    return {**row, "wkt": wkt_of(part.geometry), "accuracy_m": "" if accuracy is None else repr(accuracy)}


def _quantity(part: Any, names: Names) -> dict[str, Any]:
    labels = {f"label_{language}": part.label.get(language, "") for language in LANGUAGES}
    return {**msgspec.structs.asdict(part), **labels}


def _place(part: Any, names: Names) -> dict[str, Any]:
    scheme, code, name = names.places[part]
    return {"scheme": scheme, "code": code, "name": name}


_ENRICH: Mapping[str, Callable[[Any, Names], dict[str, Any]]] = {
    "aids": _aid,
    "listings": _listing,
    "sites": _site,
    "places": _place,
    "quantities": _quantity,
}
