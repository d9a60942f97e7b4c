"""Why the state of a thing matters and what to do about it, in a sentence for each kind of finding."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from belvedere.domains.twin import public as twin
from belvedere.kernel.errors import N_

_AIR = (
    N_("Sensitive people feel it: advise them against effort outdoors, and see whether it lasts."),
    N_("It harms healthy people too: tell residents, schools and the canton today."),
)
_MAINS = (
    N_("The mains voltage is out of its range and wears the lamps out: tell the grid operator."),
    N_("The mains voltage is out of its range and wears the lamps out: tell the grid operator."),
)
_LEAK = (
    N_("Water may be running away unseen: ask the owner to look at taps and cisterns."),
    N_("A leak costs more every hour: tell the owner today, and close the valve if nobody answers."),
)
_SWIMMING = (
    N_("Fish and bathers feel it: have a sample taken."),
    N_("Unfit for bathing and for fish: close the access, have a sample taken and tell the canton."),
)
# (kind, attribute) -> what to do when it is to be watched, when it is in alarm; "" for any kind
_WHAT: Mapping[tuple[str, str], tuple[str, str]] = {
    ("waste-container", "fillingLevel"): (
        N_("It is soon full: have it emptied on the next round."),
        N_("It is full, and what people bring is left beside it: have it emptied today."),
    ),
    ("waste-container", "temperature"): (
        N_("It is warm inside, perhaps fermenting: look into it on the next round."),
        N_("It may be burning inside: keep people away and call the fire service."),
    ),
    ("waste-container", "status"): (
        N_("Somebody should close it or put it back in its place."),
        N_("It is knocked over, damaged or burning: send somebody at once."),
    ),
    ("streetlight", "status"): (
        N_("The post needs a look: add it to the next tour of the electricians."),
        N_("The street stays dark here: order the repair."),
    ),
    ("off-street-parking", "occupancy"): (
        N_("Almost full: start to guide drivers to another car park."),
        N_("Full: cars circle in search of a place. Guide drivers to another car park."),
    ),
    ("noise-level", "LAeq"): (
        N_("Louder than a street with flats should be: see what causes it and how long it lasts."),
        N_("Loud enough to wake people up: find the cause and have it stopped."),
    ),
    ("traffic-flow", "occupancy"): (
        N_("Traffic is dense and queues begin: watch the next junctions."),
        N_("Traffic stands still: divert it and tell the police."),
    ),
    ("weather", "temperature"): (
        N_(
            "Dangerous for elderly people and for those who work outdoors: remind them to protect themselves."
        ),
        N_("Dangerous for everyone: open cool rooms and have frail people visited."),
    ),
    ("", "batteryLevel"): (
        N_("Its battery is nearly empty: have it changed before it falls silent."),
        N_("Its battery is empty: it will fall silent. Have it changed now."),
    ),
    ("", "voltage"): _MAINS,
}
_OF_KIND: Mapping[str, tuple[str, str]] = {
    "air-quality": _AIR,
    "streetlight": _MAINS,
    "streetlight-cabinet": _MAINS,
    "water-consumption": _LEAK,
    "water-quality": _SWIMMING,
    "weather": (
        N_("Bad weather comes up: secure what is loose and look at the drains."),
        N_("Dangerous weather: keep people indoors and get the services ready."),
    ),
    "weather-alert": (
        N_("A warning is in force: read it and get the services ready."),
        N_("A severe warning is in force: warn people and call the services out."),
    ),
}
_ANY = (N_("Keep an eye on it: it may get worse."), N_("Have somebody look at it today."))
_IMPOSSIBLE = N_("Do not act on this value before its sensor was checked: it lies outside what is possible.")
_SILENT = N_("Nobody knows how it is now: check its battery and its network, then send somebody to look.")


def what_to_do(view: twin.EntityPage) -> str:
    """The one thing to do about the state of a thing; "" when all is normal."""
    if view.state is twin.State.SILENT:
        return gettext(_SILENT)
    worst = max((one for one in view.attributes if one.level), key=lambda one: one.level, default=None)
    if worst is None or view.state is twin.State.NORMAL:
        return ""
    if worst.note == "out_of_range":
        return gettext(_IMPOSSIBLE)
    found = (
        _WHAT.get((view.kind, worst.term)) or _WHAT.get(("", worst.term)) or _OF_KIND.get(view.kind) or _ANY
    )
    return gettext(found[1 if worst.level is twin.Level.ALARM else 0])
