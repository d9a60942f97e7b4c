"""What a person must still decide about a sheet; while this names something, nothing is taken. No Django."""

from __future__ import annotations

from typing import Any

import msgspec

from belvedere.domains.plans.sheets.fields import AMOUNTS
from belvedere.domains.plans.sheets.mapping import Mapping
from belvedere.kernel.errors import N_
from belvedere.kernel.money import CURRENCIES


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
    found: list[Question] = _form_questions(mapping)
    amounts = [at for at, c in enumerate(mapping.columns) if c.field in AMOUNTS]
    currency = settings.currency or ""
    if amounts:
        found += _money_questions(mapping, amounts, currency)
    if mapping.at("title") is None:
        found.append(Question("title", N_("Which column holds the title of the measures? Choose it below.")))
    if mapping.at("owner_name") is None and mapping.at("owner_code") is None and settings.owner is None:
        found.append(Question("owner", N_("Whose measures are these? No column names the owner.")))
    aided = [*mapping.all("subsidy"), *mapping.all("rate")]
    named = mapping.at("funder") is not None or mapping.at("fund_code") is not None
    if aided and not named and settings.funder is None:
        found.append(
            Question(
                "funder",
                N_("Who pays the aid? No column says it."),
                (Option("state", N_("The State")),),
                columns=tuple(aided),
            )
        )
    listed = next(
        (at for key in ("plan_code", "priority", "are_code") if (at := mapping.at(key)) is not None), None
    )
    if listed is not None and mapping.at("plan") is None and settings.plan is None:
        none = Option("-", N_("Of none: they are the sheet’s own identifiers"))
        text = N_("Of which plan are these codes and priorities?")
        found.append(Question("plan", text, (none,), columns=(listed,)))
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


def _form_questions(mapping: Mapping) -> list[Question]:
    """What makes lines one measure, who pays behind a code, which of several states of a year holds."""
    found = []
    repeats = tuple(at for at, column in enumerate(mapping.columns) if column.repeats)
    if repeats and mapping.settings.grouped is None:
        found.append(
            Question(
                "group",
                N_("Several lines say the same here. Are they together one measure?"),
                tuple(Option(str(at), mapping.columns[at].header) for at in repeats),
                columns=tuple(at for at in repeats if mapping.columns[at].key)[:1],
                suggested=",".join(str(at) for at in repeats if mapping.columns[at].key),
            )
        )
    unknown = [payer for payer in mapping.payers if payer.rows and not payer.target]
    if unknown:
        found.append(
            Question("payers", N_("Who pays behind these {count} codes?"), data={"count": len(unknown)})
        )
    if mapping.states_meet and mapping.settings.states is None:
        spend = tuple(mapping.all("spend"))
        found.append(Question("states", STATES_TEXT, STATES_OPTIONS, columns=spend[:1]))
    doubtful = tuple(at for at, column in enumerate(mapping.columns) if column.doubtful)
    if doubtful and mapping.settings.percent is None:
        found.append(
            Question(
                "percent",
                N_("Does 1 mean one per cent or the whole? The column has both small and large numbers."),
                (
                    Option("percent", N_("1 is one per cent")),
                    Option("share", N_("1 is the whole, 0.4 is 40 per cent")),
                ),
                columns=doubtful,
            )
        )
    return found


STATES_TEXT = N_("The same year stands here as planned, voted or paid. How do these amounts belong together?")
STATES_OPTIONS = (
    Option("furthest", N_("They are the same money: the one that went furthest holds")),
    Option("add", N_("They are different money and add up")),
)


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
                tuple(Option(code, code) for code in sorted(CURRENCIES)),
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
    whole = mapping.all("cost") or mapping.all("line")
    if whole and not dated and settings.year is None:
        found.append(
            Question(
                "year",
                N_("In which year is this money spent? 0 if the sheet does not say."),
                columns=tuple(whole),
            )
        )
    return found
