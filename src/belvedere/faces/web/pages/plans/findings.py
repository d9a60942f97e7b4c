"""The sentences in titles, computed from the data: what the page answers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext, ngettext, pgettext

from belvedere.domains.plans.public import views
from belvedere.faces.web import formats
from belvedere.kernel.money import Money

TEN_MILLION = Decimal(10_000_000)


class Costed(Protocol):
    """What has a cost and a part that stays with the owners."""

    @property
    def cost(self) -> Money: ...

    @property
    def net(self) -> Money: ...


def headline(amount: Money) -> str:
    """An amount as a title says it: one place from ten millions on."""
    if abs(amount.amount) < TEN_MILLION:
        return formats.money(amount)
    millions = formats.number(amount.amount / 1_000_000, 1)
    return formats.HARD.join((millions, "M", amount.currency))


def of_measures(totals: views.Totals) -> str:
    """“305 measures cost 874.7 M CHF, of which others pay 412.3 M CHF”."""
    if not totals.count:
        return gettext("No measure in this choice")
    number = formats.number(totals.count)
    if totals.main is None:
        return ngettext(
            "%(n)s measure, its cost not yet known", "%(n)s measures, no cost known yet", totals.count
        ) % {"n": number}
    if len(totals.sums) > 1:
        return _unlike(totals)
    main = totals.main
    said = {"n": formats.number(main.count), "cost": headline(main.cost), "aid": headline(main.aid)}
    if not main.aid:
        return ngettext("%(n)s measure costs %(cost)s", "%(n)s measures cost %(cost)s", main.count) % said
    return (
        ngettext(
            "%(n)s measure costs %(cost)s, of which others pay %(aid)s",
            "%(n)s measures cost %(cost)s, of which others pay %(aid)s",
            main.count,
        )
        % said
    )


def _unlike(totals: views.Totals) -> str:
    parts = [headline(total.cost) for total in totals.sums]
    if len({total.kind.currency for total in totals.sums}) < len(totals.sums):
        parts = [
            f"{part} ({base(total.kind.price_base)})" for part, total in zip(parts, totals.sums, strict=True)
        ]
    shown = parts[:3]
    more = len(parts) - len(shown)
    listed = gettext(" and ").join((", ".join(shown[:-1]), shown[-1]))
    if more:
        listed += ngettext(" and %(n)s other sum", " and %(n)s other sums", more) % {"n": more}
    number = sum(total.count for total in totals.sums)
    return ngettext(
        "%(n)s measure costs %(sums)s: sums that cannot be added",
        "%(n)s measures cost %(sums)s: sums that cannot be added",
        number,
    ) % {"n": formats.number(number), "sums": listed}


def base(price_base: str) -> str:
    """The price base in a few words."""
    if not price_base:
        return gettext("nominal prices")
    month = formats.price_base(price_base)
    sentence = gettext("prices of %(month)s")
    if month[0].lower() in "aeiou":  # French elides
        sentence = pgettext("before a vowel", "prices of %(month)s")
    return sentence % {"month": month}


def of_lines(years: frozenset[int], tables: Sequence[Costed], lines: int) -> str:
    """“2029: 61.2 M CHF, of which the owners pay 33.0 M CHF”."""
    when = ", ".join(str(year) for year in sorted(years)) or gettext("All years")
    if not tables:
        return gettext("%(when)s: no amount") % {"when": when}
    if len(tables) > 1:
        return ngettext(
            "%(when)s: %(n)s amount, in sums that cannot be added",
            "%(when)s: %(n)s amounts, in sums that cannot be added",
            lines,
        ) % {"when": when, "n": formats.number(lines)}
    total = tables[0]
    return gettext("%(when)s: %(cost)s, of which the owners pay %(net)s") % {
        "when": when,
        "cost": headline(total.cost),
        "net": headline(total.net),
    }


def of_years(years: list[views.YearTotal]) -> str:
    """“The owners pay 462.4 M CHF from 2024 to 2038, most in 2029 (61.2 M CHF)”."""
    kinds = {entry.total.kind for entry in years}
    if not years:
        return gettext("No amount is set for any year yet")
    first, last = years[0].year, years[-1].year
    if len(kinds) > 1:
        return gettext("Spending from %(first)s to %(last)s, in sums that cannot be added") % {
            "first": first,
            "last": last,
        }
    net = years[0].total.net
    for entry in years[1:]:
        net = net + entry.total.net
    peak = max(years, key=lambda entry: entry.total.net.amount)
    if first == last:
        return gettext("The owners pay %(net)s in %(year)s") % {"net": headline(net), "year": first}
    return gettext("The owners pay %(net)s from %(first)s to %(last)s, most in %(peak)s: %(most)s") % {
        "net": headline(net),
        "first": first,
        "last": last,
        "peak": peak.year,
        "most": headline(peak.total.net),
    }
