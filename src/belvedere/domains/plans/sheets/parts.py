"""What a row says of texts, plans, works and place, laid over the measure as it is."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from belvedere.domains.plans.sheets import parsing
from belvedere.domains.plans.sheets.context import Context
from belvedere.domains.plans.sheets.parsing import Unreadable, clean, has_bidi, is_empty
from belvedere.domains.plans.sheets.records import Listing, PhasePart, Record
from belvedere.domains.plans.sheets.verdicts import Row
from belvedere.domains.plans.values import LONGEST_TEXT, LONGEST_TITLE
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold

WORKS = {"sia112": "5", "mop": "EXE"}


# ------------------------------------------------------------------ texts
def texts(context: Context, row: Row, base: Record, owner: str | None) -> dict[str, Any]:
    title, description = dict(base.title), dict(base.description)
    said = False
    for field, into, longest in (("title", title, LONGEST_TITLE), ("description", description, LONGEST_TEXT)):
        for at in row.columns.get(field, ()):
            language = context.mapping.columns[at].argument or context.mapping.settings.language or "fr"
            text = " ".join(clean(row.raw(field, at)).split(" ")).strip()
            if field == "title":
                text = " ".join(text.split())
            if has_bidi(text):
                row.warn(
                    "bidi",
                    field,
                    N_("This text turns the reading direction; it is kept and shown apart."),
                    at=at,
                )
            if len(text) > longest:
                row.warn(
                    "too_long",
                    field,
                    N_(
                        "This text has {length} characters, {longest} fit: the whole stands in "
                        "the description."
                    ),
                    data={"length": len(text), "longest": longest},
                    at=at,
                )
                if field == "title":
                    description[language] = text[:LONGEST_TEXT]
                text = _cut(text, longest)
            if text:
                into[language], said = text, True
    if not title:
        _name_it(context, row, title, owner)
    elif not said and not base.title:
        return {}
    return {"title": title, "description": description}


def _cut(text: str, longest: int) -> str:
    return text[: longest - 1].rsplit(" ", 1)[0][: longest - 1] + "…"


def _name_it(context: Context, row: Row, title: dict[str, str], owner: str | None) -> None:
    """A measure without a title is named by its category and owner, and the row says so."""
    category = row.text("category")
    parts = [word for word in (category, context.owner_label(owner or "")) if word]
    if not parts:
        row.problem(
            "title_missing",
            "title",
            N_("No title on this line. Type one, or leave the line out."),
            offer="value",
        )
        return
    language = context.mapping.settings.language or "fr"
    title[language] = " · ".join(parts)[:LONGEST_TITLE]
    row.warn("title_made", "title", N_("No title on this line: it is named by its category and owner."))


# ------------------------------------------------------------------ plans, works, place
def plan(context: Context, row: Row, base: Record) -> dict[str, Any]:
    if not any(row.has(field) for field in ("plan", "plan_code", "priority", "are_code")):
        return {}
    code = context.plan_of(row)
    if code is None:
        if row.text("plan"):
            row.problem(
                "plan_unknown",
                "plan",
                N_("There is no plan “{plan}” in the territory."),
                data={"plan": row.text("plan")},
                offer="choose",
                group=fold(row.text("plan")),
                choices=tuple(sorted({(c, c) for c in context.world.plans.values()})),
            )
        return {}
    known = next((listing for listing in base.listings if listing.plan == code), None)
    listing = known or Listing(code)
    priority = context.priority(row) if row.has("priority") else None
    fresh = msgspec.structs.replace(
        listing,
        code=row.text("plan_code")[:60] or listing.code,
        are_code=row.text("are_code")[:30] or listing.are_code,
        priority=listing.priority if priority is None else priority,
    )
    if fresh == known:
        return {}
    others = [one for one in base.listings if one.plan != code]
    return {"listings": tuple(sorted([*others, fresh], key=lambda one: one.plan))}


def works(context: Context, row: Row, base: Record) -> dict[str, Any]:
    """Start and end of the works, as forecast."""
    days: dict[str, date | None] = {}
    for field in ("start", "end"):
        if not row.has(field) or is_empty(row.raw(field)):
            continue
        try:
            found = parsing.period(row.raw(field))
        except Unreadable as error:
            row.problem(
                "date_unreadable",
                field,
                N_("This date cannot be read. Write a month and a year, as in 03.2027."),
                text=error.text,
                offer="value",
            )
            continue
        if found is not None:
            days[field] = found.first if field == "start" else found.last
    if not days:
        return {}
    code = WORKS[base.phase_scheme]
    known = next((p for p in base.phases if (p.scheme, p.code) == (base.phase_scheme, code)), None)
    phase = known or PhasePart(base.phase_scheme, code)
    start, end = days.get("start", phase.forecast_start), days.get("end", phase.forecast_end)
    if start and end and end < start:
        row.problem("ends_before", "end", N_("The works end before they start."), offer="value")
        return {}
    fresh = msgspec.structs.replace(phase, forecast_start=start, forecast_end=end)
    if fresh == known:
        return {}
    others = [p for p in base.phases if p is not known]
    return {"phases": tuple(sorted([*others, fresh], key=lambda p: (p.scheme, p.code)))}


def where(context: Context, row: Row, base: Record) -> dict[str, Any]:
    said: dict[str, Any] = {}
    site = context.sites.read(row)
    if site is not None and all(site.geometry != known.geometry for known in base.sites):
        imported = [known for known in base.sites if known.method in ("imported", "commune_centroid")]
        if not base.sites:
            said["sites"] = (site,)
        elif len(imported) == 1:
            said["sites"] = tuple(site if known is imported[0] else known for known in base.sites)
        else:
            row.warn(
                "site_kept", "longitude", N_("The site was drawn here: the point of the sheet is not taken.")
            )
    if row.has("place"):
        found = context.sites.places(row)
        if found and set(found) - set(base.places):
            said["places"] = tuple(sorted({*base.places, *found}))
    return said
