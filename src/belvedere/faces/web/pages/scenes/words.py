"""Scenes in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from belvedere.domains.scenes.public import (
    HOLIDAY,
    By,
    Moment,
    Reach,
    SceneView,
    SheetBody,
    WhenBody,
)
from belvedere.faces.web.pages.commands import words as commands_words
from belvedere.faces.web.pages.live.words import Word
from belvedere.kernel.errors import N_

# in the journal
VERBS: Final = {
    "scenes.create": N_("wrote a scene"),
    "scenes.change": N_("changed a scene"),
    "scenes.remove": N_("removed a scene"),
    "scenes.switch_on": N_("switched a scene on"),
    "scenes.switch_off": N_("switched a scene off"),
    "scenes.add_override": N_("entered an exception to a scene"),
    "scenes.end_override": N_("ended an exception to a scene"),
    "scenes.by_hand": N_("switched things of a scene by hand"),
    "scenes.add_entry": N_("entered a saving"),
    "scenes.remove_entry": N_("took a saving out of the ledger"),
}
BY_NAMES: Final = {
    By.CLOCK: N_("at the hour"),
    By.SUNSET: N_("at sunset"),
    By.SUNRISE: N_("at sunrise"),
}
DAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
    N_("public holidays"),
)


def day_choices() -> list[tuple[int, str]]:
    names = (gettext(name) for name in DAYS)
    return [(number, name[:1].upper() + name[1:]) for number, name in enumerate(names, 1)]


def by_choices() -> list[tuple[str, str]]:
    return [(one.value, gettext(name)) for one, name in BY_NAMES.items()]


def when(of: WhenBody) -> str:
    """ "22:30", "sunset", "15 min before sunrise"."""
    if of.by is By.CLOCK:
        return f"{of.minutes // 60:02}:{of.minutes % 60:02}"
    if of.minutes == 0:
        return gettext(BY_NAMES[of.by])
    told = {"n": abs(of.minutes)}
    if of.by is By.SUNSET:
        text = gettext("%(n)s min before sunset") if of.minutes < 0 else gettext("%(n)s min after sunset")
    else:
        text = gettext("%(n)s min before sunrise") if of.minutes < 0 else gettext("%(n)s min after sunrise")
    return text % told


def days(of: SheetBody) -> str:
    """Which days a programme is for."""
    chosen = set(of.days)
    if chosen >= set(range(1, 8)):
        text = gettext("every day")
    elif chosen - {HOLIDAY} == {1, 2, 3, 4, 5}:
        text = gettext("Monday to Friday")
    elif chosen - {HOLIDAY} == {6, 7}:
        text = gettext("Saturday and Sunday")
    else:
        text = ", ".join(gettext(DAYS[one - 1]) for one in of.days if one != HOLIDAY)
    if HOLIDAY in chosen and not chosen >= set(range(1, 8)):
        text = gettext("%(days)s and public holidays") % {"days": text} if text else gettext(DAYS[-1])
    if of.season is not None:
        first, last = (f"{one[3:]}.{one[:2]}." for one in of.season)
        text = gettext("%(days)s, from %(first)s to %(last)s") % {
            "days": text, "first": first, "last": last,
        }  # fmt: skip
    return text


def hour(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def steps(command: str, moments: Iterable[Moment], zone: str) -> str:
    """ "17:12 100 %, 23:00 30 %"."""
    return ", ".join(
        f"{hour(one.at, zone)}\u00a0{commands_words.value(command, one.value)}" for one in moments
    )


def reach(of: Reach, every: str = "") -> str:
    """Which things are meant, without their names; `every`: where nothing narrows them."""
    parts = []
    if of.street:
        parts.append(gettext("those with “%(text)s” in their name") % {"text": of.street})
    if of.under:
        parts.append(gettext("those under a chosen cabinet"))
    if of.things:
        parts.append(gettext("those that were chosen"))
    if of.places:
        parts.append(gettext("those of chosen communes"))
    return ", ".join(parts) or every or gettext("all of the organisation")


def state(view: SceneView) -> Word:
    if view.is_on:
        return Word(gettext("on"), "ok", "check")
    return Word(gettext("off"), "", "ban")
