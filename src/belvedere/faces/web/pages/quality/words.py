"""Findings on data in the reader's words: what is odd, how much, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from belvedere.domains.observations.public import FindingView, Oddity, Weight
from belvedere.faces.web import formats
from belvedere.faces.web.pages.live import words
from belvedere.kernel.errors import N_

LABELS: dict[Oddity, str] = {
    Oddity.SILENT: N_("Silent"),
    Oddity.STUCK: N_("Always the same value"),
    Oddity.OUT_OF_BOUNDS: N_("Outside its bounds"),
    Oddity.CLOCK: N_("Clock runs ahead"),
    Oddity.INCOMPLETE: N_("Readings missing"),
    Oddity.GAP: N_("A gap"),
    Oddity.DRIFT: N_("Away from its usual values"),
    Oddity.LATE: N_("Readings arrive late"),
    Oddity.BATTERY: N_("Battery low"),
}
TO_DO: dict[Oddity, str] = {
    Oddity.SILENT: N_("See whether it has power and reception."),
    Oddity.STUCK: N_("Look at the sensor: it may be blocked, covered or broken."),
    Oddity.OUT_OF_BOUNDS: N_("Look at the sensor, for its value cannot be true, or correct the unit."),
    Oddity.CLOCK: N_("Set the clock of the device, or make it leave the time out."),
    Oddity.INCOMPLETE: N_("Look at the reception, or correct how often it is expected."),
    Oddity.GAP: N_("Nothing to do now; look at the reception if it comes again."),
    Oddity.DRIFT: N_("Compare it with another sensor nearby; have it cleaned or calibrated."),
    Oddity.LATE: N_("Look at the reception, or at the gateway in between."),
    Oddity.BATTERY: N_("Change the battery."),
}
ICONS: dict[Oddity, str] = {
    Oddity.SILENT: "circle-dashed",
    Oddity.STUCK: "lock",
    Oddity.OUT_OF_BOUNDS: "alert-triangle",
    Oddity.CLOCK: "clock-exclamation",
    Oddity.INCOMPLETE: "circle-dot",
    Oddity.GAP: "circle-dot",
    Oddity.DRIFT: "activity",
    Oddity.LATE: "clock",
    Oddity.BATTERY: "bolt",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as it is shown."""

    label: str
    level: str
    icon: str
    amount: str
    to_do: str


def label(of: Oddity) -> str:
    return gettext(LABELS[of])


def say(one: FindingView, kind: str, seen_at: datetime | None) -> Said:
    """The finding on a thing of this kind, last heard at `seen_at`."""
    return Said(
        label=label(one.oddity),
        level="major" if one.weight is Weight.BAD else "warn",
        icon=ICONS[one.oddity],
        amount=_amount(one, kind, seen_at),
        to_do=gettext(TO_DO[one.oddity]),
    )


def _amount(one: FindingView, kind: str, seen_at: datetime | None) -> str:
    what = words.term(kind, one.term) if one.term else ""
    hours = int(abs(one.amount))
    match one.oddity:
        case Oddity.SILENT:
            if seen_at is None:
                return gettext("never heard")
            return gettext("nothing heard for %(age)s") % {"age": words.age(seen_at)}
        case Oddity.STUCK:
            span = words.span(hours * 3600)
            return gettext("%(what)s: the very same for %(span)s") % {"what": what, "span": span}
        case Oddity.OUT_OF_BOUNDS:
            return ngettext(
                "%(what)s: in %(count)s hour of the last 24",
                "%(what)s: in %(count)s hours of the last 24",
                hours,
            ) % {"what": what, "count": hours}
        case Oddity.CLOCK:
            return gettext("by %(span)s") % {"span": words.span(abs(one.amount))}
        case Oddity.INCOMPLETE:
            return gettext("%(share)s of what is expected, 24 hours") % {"share": formats.percent(one.amount)}
        case Oddity.GAP:
            return ngettext(
                "%(count)s hour without a reading, 7 days",
                "%(count)s hours without a reading, 7 days",
                hours,
            ) % {"count": hours}
        case Oddity.DRIFT:
            return _drift(one.amount, what)
        case Oddity.LATE:
            return gettext("%(share)s of its readings") % {"share": formats.percent(one.amount)}
        case Oddity.BATTERY:
            return formats.percent(one.amount)


def _drift(amount: float, what: str) -> str:
    times = formats.number(abs(amount), 0)
    if amount > 0:
        return gettext("%(what)s: above, by %(times)s times its usual spread") % {
            "what": what,
            "times": times,
        }
    return gettext("%(what)s: below, by %(times)s times its usual spread") % {"what": what, "times": times}
