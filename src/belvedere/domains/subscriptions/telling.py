"""Works and their changes in the words of residents, in the reader's language: pages, feeds and messages
say the same."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from babel.dates import format_date
from django.utils.translation import get_language, gettext

from belvedere.domains.plans.public import states, vocabulary
from belvedere.domains.subscriptions.states import ChangeKind
from belvedere.domains.subscriptions.values import ChangeView
from belvedere.domains.territory.public import name_in
from belvedere.kernel.errors import N_

LOCALES: Final = {"fr": "fr_CH", "de": "de_CH", "en": "en_GB"}
S, M = states.Implementation, vocabulary.MilestoneType
STATES: Final[dict[states.Implementation, str]] = {
    S.NOT_STARTED: N_("Works not started"),
    S.IN_PROGRESS: N_("Works under way"),
    S.SUSPENDED: N_("Works suspended"),
    S.DONE: N_("Finished"),
    S.ABANDONED: N_("Given up"),
    S.REPLACED: N_("Replaced by another project"),
}
MILESTONES: Final[dict[vocabulary.MilestoneType, str]] = {
    M.CREDIT: N_("Vote of the credit"),
    M.PERMIT: N_("Building permit"),
    M.TENDER: N_("Contract with the builder"),
    M.FINANCING: N_("Agreement on the aid"),
    M.START: N_("Start of the works"),
    M.OPENING: N_("Opening to the public"),
    M.CLAIM: N_("Claim of the aid"),
    M.OTHER: N_("Step"),
}


def state(value: states.Implementation) -> str:
    return gettext(STATES[value])


def milestone(type_: vocabulary.MilestoneType, titles: dict[str, str]) -> str:
    """Its own name, else that of its type."""
    return name_in(titles) or gettext(MILESTONES[type_])


def day(value: date) -> str:
    """“3 March 2027”; French says “1er mars”."""
    written = format_date(value, "long", locale=LOCALES.get((get_language() or "fr")[:2], "fr_CH"))
    return written.replace("1 ", "1er ", 1) if value.day == 1 and get_language() == "fr" else written


def period(start: date | None, end: date | None) -> str:
    """“from 3 March 2027 to 30 April 2028”; "" when neither is known."""
    if start is None and end is None:
        return ""
    if end is None and start is not None:
        return gettext("from %(start)s") % {"start": day(start)}
    if start is None and end is not None:
        return gettext("until %(end)s") % {"end": day(end)}
    assert start is not None and end is not None
    if start == end:
        return gettext("on %(day)s") % {"day": day(start)}
    return gettext("from %(start)s to %(end)s") % {"start": day(start), "end": day(end)}


def change(one: ChangeView) -> str:
    """What changed, as a sentence without the name of the project."""
    detail = one.detail
    if one.kind is ChangeKind.PUBLISHED:
        return _published(detail)
    if one.kind is ChangeKind.STATE:
        return gettext("State of the project: %(now)s (before: %(before)s).") % {
            "now": state(S(detail["after"])),
            "before": state(S(detail["before"])),
        }
    if one.kind is ChangeKind.DATES:
        return _dates(detail)
    if one.kind is ChangeKind.DOCUMENT:
        return gettext("New document: %(title)s.") % {"title": detail["title"]}
    return _milestone(detail)


def _published(detail: Any) -> str:
    when = period(*_days(detail.get("dates") or [None, None]))
    said = state(S(detail["state"]))
    if not when:
        return gettext("The project is published. %(state)s.") % {"state": said}
    return gettext("The project is published. %(state)s; works %(when)s.") % {"state": said, "when": when}


def _dates(detail: Any) -> str:
    now, before = period(*_days(detail["after"])), period(*_days(detail["before"]))
    if now and before:
        return gettext("New dates of the works: %(now)s (before: %(before)s).") % {
            "now": now,
            "before": before,
        }
    if now:
        return gettext("Dates of the works: %(now)s.") % {"now": now}
    return gettext("The dates of the works are open again.")


def _milestone(detail: Any) -> str:
    told = {
        "what": milestone(M(detail["type"]), detail["titles"]),
        "day": day(date.fromisoformat(detail["on"])),
    }
    if detail["reached"]:
        return gettext("%(what)s: done on %(day)s.") % told
    if detail.get("before") and detail["before"] != detail["on"]:
        told["before"] = day(date.fromisoformat(detail["before"]))
        return gettext("%(what)s: now awaited on %(day)s (before: %(before)s).") % told
    return gettext("%(what)s: awaited on %(day)s.") % told


def _days(pair: Any) -> tuple[date | None, date | None]:
    start, end = (None if one is None else date.fromisoformat(one) for one in pair)
    return (start, end)


__all__ = ["change", "day", "milestone", "period", "state"]
