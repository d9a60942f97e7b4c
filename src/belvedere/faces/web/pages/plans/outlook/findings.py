"""Sentences of an owner's cockpit: the title that answers, what the changes do, what a slider says."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext, ngettext, pgettext

from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook.units import MILLION
from belvedere.kernel.money import Kind


def with_nature(label: str, nature: str) -> str:
    """“Ceiling, investment”; the label alone for all spending."""
    return f"{label}, {nature_said(nature)}" if nature else label


def nature_said(nature: str) -> str:
    """“investment”, “operation”; "" for all spending."""
    return {"investment": gettext("investment"), "operation": gettext("operation")}.get(nature, "")


def listed(words: Sequence[str]) -> str:
    """“2028, 2032 and 2033”."""
    if len(words) < 2:
        return "".join(words)
    return gettext(" and ").join((", ".join(words[:-1]), words[-1]))


def _short_list(years: Sequence[int]) -> str:
    """The years, the first ones where there are many."""
    if len(years) <= 5:
        return listed([str(year) for year in years])
    return gettext("%(n)s years, first in %(first)s") % {"n": len(years), "first": years[0]}


def _pays(name: str, net: Decimal, gross: Decimal, kind: Kind) -> str:
    if max(abs(net), abs(gross)) >= MILLION:
        said = {
            "name": name,
            "net": formats.number(net / MILLION, 1),
            "gross": formats.number(gross / MILLION, 1),
            "currency": kind.currency,
        }
        return gettext("%(name)s pays %(net)s million %(currency)s net of %(gross)s") % said
    said = {
        "name": name,
        "net": formats.number(net, 0),
        "gross": formats.number(gross, 0),
        "currency": kind.currency,
    }
    return gettext("%(name)s pays %(net)s %(currency)s net of %(gross)s") % said


def finding(
    name: str,
    net: Decimal,
    gross: Decimal,
    kind: Kind,
    *,
    over: Sequence[int],
    has_ceiling: bool,
    plan: str = "",
) -> str:
    """The title. `over` are the years above the ceiling; `plan` the name of the one plan looked at."""
    said = _pays(name, net, gross, kind)
    if plan:
        return gettext("%(said)s for %(plan)s") % {"said": said, "plan": plan}
    if not has_ceiling:
        return said
    if over:
        return gettext("%(said)s and exceeds its ceiling in %(years)s") % {
            "said": said,
            "years": _short_list(over),
        }
    return gettext("%(said)s and keeps within its ceiling") % {"said": said}


def ceiling_change(now: Sequence[int], before: Sequence[int]) -> str:
    """“2029 comes back under the ceiling, 2032 and 2033 pass it”, or that nothing changes."""
    back = [str(year) for year in before if year not in now]
    out = [str(year) for year in now if year not in before]
    parts = []
    if back:
        parts.append(
            ngettext(
                "%(years)s comes back under the ceiling", "%(years)s come back under the ceiling", len(back)
            )
            % {"years": listed(back)}
        )
    if out:
        parts.append(ngettext("%(years)s passes it", "%(years)s pass it", len(out)) % {"years": listed(out)})
    return ", ".join(parts) if parts else gettext("as in the reference")


def years_said(shift: int) -> str:
    """“+3 years”, “as planned”."""
    if not shift:
        return gettext("as planned")
    number = formats.number(abs(shift))
    sign = "+" if shift > 0 else "−"
    return ngettext("%(sign)s%(n)s year", "%(sign)s%(n)s years", abs(shift)) % {"sign": sign, "n": number}


def cost_said(percent: int) -> str:
    """“+8 %”, “as estimated”."""
    if not percent:
        return gettext("as estimated")
    sign = "+" if percent > 0 else ""
    return sign + formats.percent(Decimal(percent) / 100)


def change_said(shift: int, percent: int) -> str:
    """“+3 years, +8 %”."""
    parts = [years_said(shift)] if shift else []
    return ", ".join([*parts, *([cost_said(percent)] if percent else [])])


def changed(measures: int, leavers: int, *, in_general: bool = False) -> str:
    """“1 measure changed”, what stands under “Scenario”."""
    parts = [gettext("all that has not started")] if in_general else []
    if measures:
        parts.append(
            ngettext("%(n)s measure changed", "%(n)s measures changed", measures)
            % {"n": formats.number(measures)}
        )
    if leavers:
        parts.append(
            ngettext("%(n)s payer leaves", "%(n)s payers leave", leavers) % {"n": formats.number(leavers)}
        )
    return ", ".join(parts) or pgettext("what if", "nothing changed")
