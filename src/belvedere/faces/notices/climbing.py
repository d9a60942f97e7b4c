"""Alarms that climb: the clock that finds what is due every second (letters about crises too), and the letter
that leaves."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from belvedere.domains.automation.public import AlarmView
from belvedere.domains.duty import public as duty
from belvedere.domains.duty.public import Channel, Letter, Said, Told
from belvedere.domains.reach import public as reach
from belvedere.domains.territory.public import TerritoryView, name_in, territory_by_id
from belvedere.engines.rounds import Rounds
from belvedere.faces.notices import crisis, reaching
from belvedere.faces.notices.mail import send
from belvedere.kernel.clock import now
from belvedere.kernel.severity import SEVERITY_NAMES

LOOK_S = 1.0


def look() -> int:
    """Call for the levels that are due, send what waits; gives how many letters left."""
    at = now()
    duty.climb_due(at)
    return duty.send_due(at, deliver, say) + reach.send_due(at, reaching.deliver) + crisis.send_due(at)


def deliver(letter: Letter) -> bool:
    """One letter with all the alarms that its reader is told of now, in their language."""
    person, territory = letter.person, territory_by_id(letter.territory_id)
    with translation.override(person.language):
        first = letter.alarms[0]
        subject = _title(first, territory, person.language)
        if len(letter.alarms) > 1:
            subject = ngettext(
                "%(count)s alarm: %(first)s", "%(count)s alarms: %(first)s", len(letter.alarms)
            ) % {"count": len(letter.alarms), "first": subject}
        lines = [gettext("Good day %(name)s,") % {"name": person.name}, ""]
        for one in letter.alarms:
            path = reverse("automation:alarm", args=[territory, one.alarm.id])
            title = _title(one, territory, person.language)
            lines += [f"- {title}", f"  {_since(one.alarm, territory)}", f"  {settings.PUBLIC_URL}{path}", ""]
        lines.append(
            gettext("Acknowledge it there: then others see that somebody knows, and nobody is called.")
        )
        return send(
            person.email,
            person.language,
            subject,
            "\n".join(lines),
            sender=territory.name_in(person.language),
            key=letter.key,
        )


def say(letter: Letter, channel: Channel) -> Said:
    """What a telephone, a room or a browser is told: the first alarm, how many more, where to acknowledge
    it."""
    territory, language = territory_by_id(letter.territory_id), letter.person.language
    with translation.override(language):
        first, more = letter.alarms[0], len(letter.alarms) - 1
        parts = [_title(first, territory, language)]
        if more:
            parts.append(ngettext("%(count)s more alarm", "%(count)s more alarms", more) % {"count": more})
        if channel is Channel.VOICE:
            name = territory.name_in(language)
            parts.insert(0, gettext("Belvédère for %(territory)s.") % {"territory": name})
            parts.append(gettext("Sign in to acknowledge it."))
            return Said(". ".join(one.rstrip(".") for one in parts) + ".")
        path = reverse("automation:alarm", args=[territory, first.alarm.id])
        if channel is Channel.PUSH:
            return Said("; ".join(parts), territory.name_in(language), path)
        return Said(f"{'; '.join(parts)} {settings.PUBLIC_URL}{path}")


def _title(one: Told, territory: TerritoryView, language: str) -> str:
    alarm = one.alarm
    thing = name_in(alarm.names, language, territory.languages) or str(alarm.entity_id)
    told = {"severity": gettext(SEVERITY_NAMES[alarm.severity]), "rule": alarm.rule_name, "thing": thing}
    if one.is_again:
        return gettext("Nobody acknowledged yet: %(rule)s, %(thing)s (%(severity)s)") % told
    return gettext("%(severity)s: %(rule)s, %(thing)s") % told


def _since(alarm: AlarmView, territory: TerritoryView) -> str:
    here = translation.get_language() or "fr"
    from babel.dates import format_datetime, get_timezone

    at = format_datetime(alarm.raised_at, "short", tzinfo=get_timezone(territory.zone), locale=here[:2])
    return gettext("Raised %(at)s.") % {"at": at}


class Climbing(Rounds):
    """The thread that looks."""

    name = "duty"

    def round(self) -> float:
        self.totals["letters"] += look()
        return LOOK_S
