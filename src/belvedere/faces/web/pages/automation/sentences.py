"""A rule said in words: one sentence, as its author would say it."""

from __future__ import annotations

from collections.abc import Sequence

from babel.dates import get_day_names
from django.utils.translation import gettext, ngettext

from belvedere.domains.automation.public import (
    Body,
    Change,
    Clause,
    Count,
    Expected,
    Foreseen,
    Hours,
    Level,
    Neighbours,
    Says,
    Silence,
    Stuck,
    Usual,
    Watched,
)
from belvedere.domains.territory.public import organisations_by_id, places
from belvedere.domains.twin import public as twin
from belvedere.faces.web import formats
from belvedere.faces.web.pages.automation import words
from belvedere.faces.web.pages.live import words as live
from belvedere.kernel.severity import Severity
from belvedere.science.alarms.comparing import Apart, Measure
from belvedere.science.alarms.conditions import Side

WEEK = tuple(range(1, 8))


def said(body: Body, severity: Severity) -> str:
    """The whole rule: “When “Filling level” is above 90% at waste containers in Sierre for 30 min, …”."""
    if body.tally is not None:
        return together(body, severity)
    lasting = gettext(" for %(span)s") % {"span": live.span(body.for_s)} if body.for_s else ""
    return gettext(
        "When %(conditions)s at %(things)s%(where)s%(lasting)s%(outside)s, raise an alarm: %(severity)s."
    ) % {
        "conditions": gettext(" and ").join(clause(body.watched.kind, one) for one in body.clauses),
        "things": things(body.watched),
        "where": where(body.watched),
        "lasting": lasting,
        "outside": _outside(body),
        "severity": words.counted(severity, 1),
    }


def together(body: Body, severity: Severity) -> str:
    """The whole rule, where all its things are judged as one."""
    told = {
        "conditions": gettext(" and ").join(clause(body.watched.kind, one) for one in body.clauses),
        "things": things(body.watched),
        "where": where(body.watched),
        "lasting": gettext(" for %(span)s") % {"span": live.span(body.for_s)} if body.for_s else "",
        "outside": _outside(body),
        "severity": words.counted(severity, 1),
    }
    if not isinstance(body.tally, Count):
        text = gettext(
            "When, added up over all %(things)s%(where)s, %(conditions)s%(lasting)s%(outside)s, "
            "raise one alarm for all: %(severity)s."
        )
        return text % told
    told["lasting"] += _back(body.tally)
    if body.tally.share:
        text = gettext(
            "When at %(many)s of the %(things)s%(where)s %(conditions)s%(lasting)s%(outside)s, "
            "raise one alarm for all: %(severity)s."
        )
    else:
        text = gettext(
            "When at %(many)s %(things)s%(where)s at once %(conditions)s%(lasting)s%(outside)s, "
            "raise one alarm for all: %(severity)s."
        )
    return text % {**told, "many": many(body.tally)}


def many(tally: Count) -> str:
    """“more than 5”, “less than 20 %”."""
    high = tally.side is Side.ABOVE
    n = {"n": tally_number(tally, tally.level)}
    if tally.share:
        told = gettext("more than %(n)s") % n if high else gettext("less than %(n)s") % n
    else:
        told = gettext("more than %(n)s") % n if high else gettext("fewer than %(n)s") % n
    return told


def _back(tally: Count) -> str:
    """When it is over, where that is another number."""
    if tally.clears_at is None or tally.clears_at == tally.level:
        return ""
    high = tally.side is Side.ABOVE
    back = (
        gettext(" (over once no more than %(n)s of them)")
        if high
        else gettext(" (over once at least %(n)s of them)")
    )
    return back % {"n": tally_number(tally, tally.clears_at)}


def tally_number(tally: Count, value: float) -> str:
    """How many things, or what share of them."""
    return live.number(value, "C62", percent=True) if tally.share else live.figures(value)


def lower(text: str) -> str:
    """A label within a sentence. German nouns and abbreviations keep their capital."""
    if live.language() == "de" or (len(text) > 1 and not text[1].islower()):
        return text
    return text[:1].lower() + text[1:]


def things(watched: Watched) -> str:
    if not watched.kind:
        return watched.type.rpartition("/")[2] or watched.type
    return lower(live.kinds(watched.kind))


def where(watched: Watched) -> str:
    """What narrows the things down; "" for all of the kind."""
    told = ""
    if watched.places:
        named = sorted(one.name for one in places(watched.places).values())
        told += gettext(" in %(places)s") % {"places": _either(named)}
    if watched.organisations:
        named = sorted(one.label for one in organisations_by_id(watched.organisations).values())
        told += gettext(" of %(owners)s") % {"owners": _either(named)}
    if n := len(watched.things):
        told += ngettext(" (%(n)s chosen thing)", " (%(n)s chosen things)", n) % {"n": formats.number(n)}
    return told


def clause(kind: str, one: Clause) -> str:
    """What is wrong with one attribute."""
    what = {"what": live.term(kind, one.attribute)}
    match one.condition:
        case Level(side, level):
            high = side is Side.ABOVE
            text = gettext("“%(what)s” is above %(n)s") if high else gettext("“%(what)s” is below %(n)s")
            told = text % {**what, "n": number(kind, one.attribute, level)}
            return told + _over_once(kind, one.attribute, one.condition)
        case Change(side, by, within_s):
            rises = gettext("“%(what)s” rises by more than %(n)s within %(span)s")
            falls = gettext("“%(what)s” falls by more than %(n)s within %(span)s")
            text = rises if side is Side.ABOVE else falls
            return text % {**what, "n": number(kind, one.attribute, abs(by)), "span": live.span(within_s)}
        case Silence(after_s):
            return gettext("“%(what)s” is not heard for %(span)s") % {**what, "span": live.span(after_s)}
        case Stuck(over_s, within):
            still = {**what, "span": live.span(over_s)}
            if not within:
                return gettext("“%(what)s” does not move for %(span)s") % still
            moves = gettext("“%(what)s” moves by no more than %(n)s in %(span)s")
            return moves % {**still, "n": number(kind, one.attribute, within)}
        case Says(said_words):
            named = [word(kind, one.attribute, text) for text in said_words]
            return gettext("“%(what)s” says %(words)s") % {**what, "words": _either(named)}
        case Foreseen():
            return foreseen(kind, one.attribute, one.condition)
        case Usual() | Neighbours() | Expected():
            return compared(kind, one.attribute, one.condition)


def foreseen(kind: str, attribute: str, condition: Foreseen) -> str:
    """What the forecast must reach, and within what time."""
    high = condition.side is Side.ABOVE
    text = (
        gettext("“%(what)s” goes above %(n)s within the next %(span)s")
        if high
        else gettext("“%(what)s” goes below %(n)s within the next %(span)s")
    )
    told = text % {
        "what": live.term(kind, attribute),
        "n": number(kind, attribute, condition.level),
        "span": live.span(condition.within_s),
    }
    return told + _over_once(kind, attribute, condition)


def _over_once(kind: str, attribute: str, condition: Level | Foreseen) -> str:
    """At what number it is over, where that is another one."""
    if condition.clears_at is None or condition.clears_at == condition.level:
        return ""
    high = condition.side is Side.ABOVE
    back = gettext(" (over once below %(n)s)") if high else gettext(" (over once above %(n)s)")
    return back % {"n": number(kind, attribute, condition.clears_at)}


def compared(kind: str, attribute: str, condition: Usual | Neighbours | Expected) -> str:
    """How far it must lie from what is usual at this hour, from the others, or from what was forecast."""
    told = {
        Apart.ABOVE: gettext("“%(what)s” is more than %(n)s above %(base)s"),
        Apart.BELOW: gettext("“%(what)s” is more than %(n)s below %(base)s"),
        Apart.EITHER: gettext("“%(what)s” differs by more than %(n)s from %(base)s"),
    }[condition.apart]
    if isinstance(condition, Usual):
        base = ngettext(
            "what is usual at this hour (learnt from %(n)s week)",
            "what is usual at this hour (learnt from %(n)s weeks)",
            condition.weeks,
        ) % {"n": formats.number(condition.weeks)}
    elif isinstance(condition, Expected):
        base = gettext("its forecast")
        if condition.lead_s:
            base = gettext("what was forecast %(span)s before") % {"span": live.span(condition.lead_s)}
    elif condition.same_place:
        base = gettext("the middle of the others in the same place")
    else:
        base = gettext("the middle of the others")
    text = told % {
        "what": live.term(kind, attribute),
        "n": apart(kind, attribute, condition.measure, condition.by),
        "base": base,
    }
    if condition.clears_at is None or condition.clears_at == condition.by:
        return text
    back = gettext(" (over once within %(n)s)")
    return text + back % {"n": apart(kind, attribute, condition.measure, condition.clears_at)}


def apart(kind: str, attribute: str, measure: Measure, value: float) -> str:
    """A distance as people write it: 50 %, 3 m³/h, 4 deviations."""
    if measure is Measure.SHARE:
        return live.number(value, "C62", percent=True)
    if measure is Measure.UNITS:
        return number(kind, attribute, value)
    return gettext("%(n)s standard deviations") % {"n": live.figures(value)}


def number(kind: str, attribute: str, value: float) -> str:
    """A number of an attribute as people write it: 90 % of a share."""
    described = described_as(kind, attribute)
    if described is None:
        return live.figures(value)
    return live.number(value, described.unit, percent=described.percent)


def described_as(kind: str, attribute: str) -> twin.AttributeDescription | None:
    found = twin.descriptions().get(kind)
    return found.attributes.get(attribute) if found is not None else None


def word(kind: str, attribute: str, text: str) -> str:
    """A word of an attribute, for the reader; booleans as yes and no."""
    told: object = {"true": True, "false": False}.get(text, text)
    return gettext("“%(word)s”") % {"word": live.value(kind, attribute, None, told, "")}


def _either(named: Sequence[str]) -> str:
    if len(named) < 2:
        return "".join(named)
    return gettext("%(some)s or %(last)s") % {"some": ", ".join(named[:-1]), "last": named[-1]}


def _outside(body: Body) -> str:
    told = [hours(one) for one in body.excepted.hours]
    if body.excepted.holidays:
        told.append(gettext("public holidays (%(where)s)") % {"where": calendar(body.excepted.holidays)})
    return gettext(", outside %(when)s") % {"when": ", ".join(told)} if told else ""


def hours(one: Hours) -> str:
    """“every day 22:00–06:00”, “Mon–Fri 07:00–18:00”."""
    return f"{days(one.days)} {one.start}–{one.end}"


def days(of: Sequence[int]) -> str:
    chosen = sorted(set(of))
    if chosen == list(WEEK):
        return gettext("every day")
    named = get_day_names("abbreviated", locale=formats.locale())
    label = [str(named[day - 1]).rstrip(".") for day in chosen]
    if len(chosen) > 2 and chosen == list(range(chosen[0], chosen[-1] + 1)):
        return f"{label[0]}–{label[-1]}"
    return ", ".join(label)


def calendar(name: str) -> str:
    """“canton VS”, “France”, “France, département 57”."""
    country, _dash, part = name.partition("-")
    if country == "CH":
        return gettext("canton %(code)s") % {"code": part}
    return gettext("France, département %(code)s") % {"code": part} if part else gettext("France")
