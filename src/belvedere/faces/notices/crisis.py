"""Crises: the letter to who has a role or a task in one, in their language."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.public import PHASE_NAMES, Letter, Told, Why
from belvedere.domains.territory.public import TerritoryView, territory_by_id
from belvedere.faces.notices.mail import send
from belvedere.kernel.errors import N_

_WHY = {
    Why.DECLARED: N_("It is declared."),
    Why.PHASE: N_("The phase is now: %(phase)s."),
    Why.TASK: N_("A task is given to you."),
    Why.ROLE: N_("You are asked for a role: %(role)s."),
    Why.ENDED: N_("It is ended."),
}


def send_due(at: datetime) -> int:
    """Send what waits; gives how many letters left."""
    return crises.send_due(at, deliver)


def deliver(letter: Letter) -> bool:
    """One letter with all that its reader is told of this crisis now."""
    person, territory = letter.person, territory_by_id(letter.territory_id)
    with translation.override(person.language):
        told = {"crisis": letter.name, "phase": gettext(PHASE_NAMES[letter.phase])}
        pattern = (
            gettext("EXERCISE · %(crisis)s · %(phase)s")
            if letter.is_exercise
            else gettext("CRISIS · %(crisis)s · %(phase)s")
        )
        lines = [gettext("Good day %(name)s,") % {"name": person.name}, ""]
        if letter.is_exercise:
            lines += [gettext("This is an exercise. Nothing of it is real."), ""]
        for one in letter.told:
            lines += [*_told(one, letter, territory), ""]
        is_over = any(one.why is Why.ENDED for one in letter.told)
        lines += [letter.summary if is_over else letter.reason, ""]
        lines.append(f"{settings.PUBLIC_URL}{reverse('crisis:crisis', args=[territory, letter.crisis_id])}")
        if not is_over:
            lines += ["", gettext("Take your role there, so that everybody sees that you are at it.")]
        return send(
            person.email,
            person.language,
            pattern % told,
            "\n".join(lines),
            sender=territory.name_in(person.language),
            key=letter.key,
        )


def _told(one: Told, letter: Letter, territory: TerritoryView) -> list[str]:
    values = {"phase": gettext(PHASE_NAMES[letter.phase]), "role": one.role}
    lines = [gettext(_WHY[one.why]) % values]
    if one.role and one.why in (Why.DECLARED, Why.PHASE):
        lines.append(gettext("Your role: %(role)s.") % values)
    for what, due_at in one.tasks:
        due = gettext("until %(at)s") % {"at": _moment(due_at, territory)} if due_at is not None else ""
        lines.append(" · ".join(part for part in (f"- {what}", due) if part))
    return lines


def _moment(at: datetime, territory: TerritoryView) -> str:
    from babel.dates import format_datetime, get_timezone

    here = (translation.get_language() or "fr")[:2]
    return format_datetime(at, "short", tzinfo=get_timezone(territory.zone), locale=here)
