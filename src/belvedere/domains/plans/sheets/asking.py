"""What a person must still decide about a sheet; while this names something, nothing is taken. No Django."""

from __future__ import annotations

from typing import Any

import msgspec

from belvedere.domains.plans.sheets.fields import AMOUNTS
from belvedere.domains.plans.sheets.mapping import Mapping
from belvedere.kernel.errors import N_


class Option(msgspec.Struct, frozen=True):
    value: str
    label: str  # msgid
    data: dict[str, Any] = {}


class Question(msgspec.Struct, frozen=True):
    """Something a person must decide. `setting` is its name in `Settings`; no `options`: free text."""

    setting: str
    text: str  # msgid
    options: tuple[Option, ...] = ()
    suggested: str = ""
    why: str = ""  # msgid
    data: dict[str, Any] = {}
    columns: tuple[int, ...] = ()


UNIT_OPTIONS = (
    Option("1", N_("In {currency}")),
    Option("1000", N_("In thousands of {currency}")),
    Option("1000000", N_("In millions of {currency}")),
)
VAT_OPTIONS = (
    Option("excluded", N_("Without VAT")),
    Option("included", N_("VAT included")),
    Option("unknown", N_("Nobody knows")),
)


def questions(mapping: Mapping, table_years: str = "") -> list[Question]:
    """What a person must still decide before anything can be taken, the heaviest first."""
    if mapping.native:
        return []
    settings = mapping.settings
    found: list[Question] = []
    amounts = [at for at, c in enumerate(mapping.columns) if c.field in AMOUNTS]
    currency = settings.currency or ""
    if amounts:
        found += _money_questions(mapping, amounts, currency)
    if mapping.at("title") is None:
        found.append(Question("title", N_("Which column holds the title of the measures? Choose it below.")))
    if mapping.at("owner_name") is None and mapping.at("owner_code") is None and settings.owner is None:
        found.append(Question("owner", N_("Whose measures are these? No column names the owner.")))
    if mapping.all("subsidy") and mapping.at("funder") is None and settings.funder is None:
        found.append(
            Question(
                "funder",
                N_("Who pays the aid? No column says it."),
                (Option("state", N_("The State")),),
                columns=tuple(mapping.all("subsidy")),
            )
        )
    listed = next(
        (at for key in ("plan_code", "priority", "are_code") if (at := mapping.at(key)) is not None), None
    )
    if listed is not None and mapping.at("plan") is None and settings.plan is None:
        found.append(Question("plan", N_("Of which plan are these codes and priorities?"), columns=(listed,)))
    if (mapping.at("x") is not None or mapping.at("geometry") is not None) and settings.crs is None:
        at = mapping.at("x") if mapping.at("x") is not None else mapping.at("geometry")
        found.append(
            Question(
                "crs",
                N_("In which coordinate system are the sites?"),
                CRS_OPTIONS,
                columns=(at,) if at is not None else (),
            )
        )
    return found


CRS_OPTIONS = (
    Option("EPSG:4326", N_("Longitude and latitude (WGS 84)")),
    Option("EPSG:2056", N_("Swiss coordinates (MN95)")),
    Option("EPSG:21781", N_("Old Swiss coordinates (MN03)")),
    Option("EPSG:2154", N_("Lambert 93")),
)


def _money_questions(mapping: Mapping, amounts: list[int], currency: str) -> list[Question]:
    settings = mapping.settings
    found = []
    unsaid = tuple(at for at in amounts if mapping.columns[at].unit is None)
    if settings.unit is None and unsaid:
        found.append(
            Question(
                "unit",
                N_("In which unit are these amounts? The sheet does not say."),
                tuple(msgspec.structs.replace(o, data={"currency": currency}) for o in UNIT_OPTIONS),
                columns=unsaid,
            )
        )
    if settings.currency is None and mapping.at("currency") is None:
        found.append(
            Question(
                "currency",
                N_("In which currency are these amounts?"),
                (Option("CHF", "CHF"), Option("EUR", "EUR")),
                columns=tuple(amounts),
            )
        )
    unsaid = tuple(at for at in amounts if mapping.columns[at].vat is None)
    if settings.vat is None and unsaid:
        found.append(
            Question(
                "vat",
                N_("Are these amounts without VAT? The sheet does not say."),
                VAT_OPTIONS,
                columns=unsaid,
            )
        )
    if settings.price_base is None:
        found.append(
            Question(
                "price_base",
                N_("At the prices of which month? Leave empty for current prices."),
                columns=tuple(amounts[:1]),
            )
        )
    return [*found, *_writing_questions(mapping, amounts)]


def _writing_questions(mapping: Mapping, amounts: list[int]) -> list[Question]:
    """What the numbers as written leave open: the decimal sign, the year they are spent in."""
    settings = mapping.settings
    found = []
    if settings.decimal is None:
        found.append(
            Question(
                "decimal",
                N_("Does 1.234 mean one thousand two hundred and thirty-four?"),
                (
                    Option(",", N_("Yes, the point separates thousands")),
                    Option(".", N_("No, it is a decimal point")),
                ),
                columns=tuple(amounts),
            )
        )
    dated = mapping.all("spend") or mapping.at("year") is not None
    if mapping.at("cost") is not None and not dated and settings.year is None:
        found.append(
            Question(
                "year",
                N_("In which year is this money spent? 0 if the sheet does not say."),
                columns=tuple(mapping.all("cost")),
            )
        )
    return found
