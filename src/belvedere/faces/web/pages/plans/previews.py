"""What a change would bring, worked out by making it and taking it back before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from belvedere.domains.plans.public import page, views
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Effect:
    """A value that would change. `level`: "major" for what should be looked at, "ok" for what is cured."""

    label: str
    before: str
    after: str
    level: str = ""


def dry_run(room: Room, view: views.MeasureView, act: Callable[[], None]) -> list[Effect]:
    """The effects of `act` on the measure; nothing is kept, nothing is told. Errors of `act` pass through."""
    with transaction.atomic():
        act()
        after = page.measure_page(room.actor, view.id, language=room.language, territory_id=room.territory.id)
        transaction.set_rollback(True)
    return effects(view, after)


def effects(before: views.MeasureView, after: views.MeasureView) -> list[Effect]:
    """What differs, figures first."""
    found: list[Effect] = []
    for label, old, new in (
        (gettext("Cost"), before.cost, after.cost),
        (gettext("Aid"), before.aid, after.aid),
        (gettext("Net"), before.net, after.net),
    ):
        _note(found, label, _money(old), _money(new))
    _note(
        found,
        gettext("Phase"),
        words.phase(before.phase_scheme, before.phase),
        words.phase(after.phase_scheme, after.phase),
    )
    _note(
        found,
        gettext("Implementation"),
        words.implementation(before.implementation).label,
        words.implementation(after.implementation).label,
    )
    _years(found, before, after)
    _funding(found, before, after)
    _note(found, gettext("Sites"), str(len(before.sites)), str(len(after.sites)))
    come = [words.flag(flag).more for flag in after.flags if flag not in before.flags]
    gone = [words.flag(flag).label for flag in before.flags if flag not in after.flags]
    found += [Effect(text, "", "", "major") for text in come]
    found += [Effect(gettext("Cured: %(flag)s") % {"flag": text}, "", "", "ok") for text in gone]
    return found


def _money(value: Money | None) -> str:
    return "" if value is None else f"{formats.money(value, form='full')}"


def _note(found: list[Effect], label: str, before: str, after: str) -> None:
    if before != after:
        found.append(Effect(label, before or "–", after or "–"))


def _by_year(view: views.MeasureView) -> dict[int, str]:
    sums: dict[int, list[Money]] = {}
    for line in view.spending:
        kept = sums.setdefault(line.year, [])
        same = next((at for at, money in enumerate(kept) if money.kind == line.amount.kind), None)
        if same is None:
            kept.append(line.amount)
        else:
            kept[same] = kept[same] + line.amount
    return {year: " + ".join(_money(money) for money in kept) for year, kept in sums.items()}


def _years(found: list[Effect], before: views.MeasureView, after: views.MeasureView) -> None:
    old, new = _by_year(before), _by_year(after)
    for year in sorted({*old, *new}):
        _note(found, str(year), old.get(year, ""), new.get(year, ""))


def _funding(found: list[Effect], before: views.MeasureView, after: views.MeasureView) -> None:
    old = {line.id: line for line in before.funding}
    new = {line.id: line for line in after.funding}
    for key in [*old, *(key for key in new if key not in old)]:
        name = (new.get(key) or old[key]).organisation_name
        was = _money(old[key].resolved) if key in old else ""
        now = _money(new[key].resolved) if key in new else ""
        _note(found, name, was, now)
