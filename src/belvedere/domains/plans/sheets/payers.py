"""Who pays an amount: by the name on the line, by its code, or by the title of the column."""

from __future__ import annotations

from belvedere.domains.plans.sheets import forms
from belvedere.domains.plans.sheets.context import Context
from belvedere.domains.plans.sheets.decisions import NEW
from belvedere.domains.plans.sheets.forms import OWN, STATE
from belvedere.domains.plans.sheets.mapping import Mapping, Payer
from belvedere.domains.plans.sheets.reading import Table
from belvedere.domains.plans.sheets.verdicts import Row
from belvedere.domains.plans.sheets.world import World
from belvedere.domains.territory.public import OrganisationDraft, OrganisationKind
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold

Key = tuple[str, str]  # organisation, instrument


def look(mapping: Mapping, table: Table, world: World) -> None:
    """List who the sheet names as paying, those already known with their organisation."""
    asked = any(column.field == "fund_code" or column.payer for column in mapping.columns)
    known = {}
    if asked:
        known = {word: ids[0] for word, ids in world.names.items() if len(ids) == 1}
        known |= {fold(code): key for code, key in world.codes.items()}
        known |= {word: target for (field, word), target in world.words.items() if field == "funder"}
    forms.look(mapping, table, known, world.labels)


def of_word(context: Context, word: str) -> Key | None:
    """The payer behind a code or a word of a title; None for the owner's own money, or while undecided."""
    payer = context.payers.get(word)
    if payer is None or payer.target in ("", OWN):
        return None
    instrument = payer.text[:200]
    if payer.target == STATE:
        return _state(context), instrument
    if payer.target == NEW:
        return _to_create(context, payer), instrument
    return payer.target, instrument


def of_line(context: Context, row: Row) -> Key | None:
    """The payer of a line, by its code, else by its name, else that of the whole sheet."""
    if row.has("fund_code"):
        word = fold(row.text("fund_code"))
        return of_word(context, word) if word else None
    if row.has("funder") or context.mapping.settings.funder:
        return of_name(context, row)
    return None


def of_name(context: Context, row: Row) -> Key | None:
    """The payer by name; unknown ones are a question of the row, answered once for all alike."""
    organisation = _named(context, row)
    return None if organisation is None else (organisation, row.text("instrument")[:200])


def _named(context: Context, row: Row) -> str | None:
    word = row.text("funder")
    if not word:
        chosen = context.mapping.settings.funder
        return _state(context) if chosen == STATE else chosen
    folded = fold(word)
    decided = context.decisions.word("funder", folded) or context.world.words.get(("funder", folded))
    known = context.world.names.get(folded, [])
    if decided and decided != NEW:
        return decided
    if decided == NEW:
        return _to_create(context, Payer(folded, word))
    if len(known) == 1:
        return known[0]
    candidates = context.world.like_organisation(word)
    if candidates and candidates[0].score >= 0.999:
        return str(candidates[0].id)
    row.problem(
        "funder_unknown",
        "funder",
        N_("No organisation of the territory is called “{name}”."),
        data={"name": word},
        offer="choose",
        group=folded,
        choices=tuple((str(c.id), c.name) for c in candidates),
    )
    return None


def _state(context: Context) -> str:
    return context.world.states[0] if context.world.states else context.state_to_create()


def _to_create(context: Context, payer: Payer) -> str:
    key = f"new:funder:{payer.word}"
    language = context.world.territory.languages[0]
    context.new_owners.setdefault(key, OrganisationDraft(OrganisationKind.PRIVATE, {language: payer.text}))
    return key
