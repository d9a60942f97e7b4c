"""What a file holds: the figures of the page, and the words that make them readable years later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext, pgettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.kernel.clock import today
from belvedere.kernel.texts import text_in

if TYPE_CHECKING:
    from belvedere.faces.web.pages.plans.outlook.cockpit import Cockpit


@dataclass(frozen=True, slots=True)
class Heading:
    """The words at the top. `title` is the answer of the page, `state` whether the scenario is saved."""

    title: str
    owner: str
    territory: str
    plan: str  # "" for all plans
    money: str
    state: str
    language: str
    day: date
    example: str = ""  # that the content is invented, where it is


@dataclass(frozen=True, slots=True)
class Fact:
    """An assumption: what, how much, from where."""

    label: str
    value: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Content:
    heading: Heading
    view: outlook.views.OutlookView
    whole: outlook.Whole
    sections: tuple[Section, ...]
    # (nature, year) -> who decided its ceiling
    decided: Mapping[tuple[str, int], str] = field(default_factory=dict)


def content_of(page: Cockpit) -> Content:
    """The content of the page as it is asked for."""
    whole = outlook.whole(page.picture)
    return Content(heading_of(page), page.view, whole, tuple(_sections(page, whole)), _decided(page))


def _decided(page: Cockpit) -> dict[tuple[str, int], str]:
    """Who decided the ceiling of each year, as the page compares it: the owner's, the plan's, the axis's."""
    return {
        (str(one.nature or ""), one.year): one.source
        for one in outlook.frames(page.room.actor, page.room.territory.id, page.view.organisation_id)
        if one.node_id == page.asked.axis and one.plan_id == page.asked.plan and one.source
    }


def heading_of(page: Cockpit) -> Heading:
    return Heading(
        title=page.finding(),
        owner=page.owner,
        territory=text_in(dict(page.room.territory.names), page.room.language),
        plan=page.within,
        money=formats.money_kind(page.view.kind),
        state=page.head()["state_words"],
        language=page.room.language,
        day=today(page.room.territory.zone),
        example=gettext("Example: invented content") if page.room.territory.is_example else "",
    )


def column_name(view: outlook.views.OutlookView, column: outlook.views.Column) -> str:
    """“before 2024”, “2026”, “after 2038”, “no year”."""
    years = [one.year for one in view.columns if one.year]
    if column.key == "before":
        return gettext("before %(year)s") % {"year": years[0]}
    if column.key == "after":
        return gettext("after %(year)s") % {"year": years[-1]}
    return str(column.year) if column.year else gettext("no year")


def _sections(page: Cockpit, whole: outlook.Whole) -> Iterator[Section]:
    yield Section(gettext("What this shows"), tuple(_shown(page)))
    yield Section(gettext("Prices"), tuple(_prices(page)))
    yield Section(gettext("Scenario"), tuple(_scenario(page, whole)))
    left_out = tuple(_left_out(page, whole))
    if left_out:
        yield Section(gettext("Left out"), left_out)
    yield Section(gettext("How it is counted"), tuple(_method(page)))


def _shown(page: Cockpit) -> Iterator[Fact]:
    heading = heading_of(page)
    yield Fact(gettext("Territory"), heading.territory)
    if heading.example:
        yield Fact(gettext("Content"), heading.example)
    yield Fact(gettext("Organisation"), heading.owner)
    yield Fact(gettext("Plan"), heading.plan or gettext("all plans, each measure counted once"))
    yield Fact(gettext("Measures"), formats.number(page.view.measures))
    yield Fact(gettext("Date"), formats.day(heading.day, "long"))


def _prices(page: Cockpit) -> Iterator[Fact]:
    view, prices, series = page.view, page.picture.prices, page.picture.series
    yield Fact(gettext("Amounts"), formats.money_kind(view.kind))
    if prices is None or series is None:
        yield Fact(gettext("Indexation"), gettext("none: prices of the estimates"))
        return
    yield Fact(gettext("Estimates"), formats.money_kind(view.constant_kind))
    yield Fact(gettext("Index"), series.name, series.source)
    value = gettext("%(value)s in %(month)s") % {
        "value": formats.number(series.value(series.last)),
        "month": formats.price_base(series.last),
    }
    yield Fact(gettext("Last value"), value)
    if series.yearly_rate is not None:
        yield Fact(gettext("Beyond it, a year"), formats.percent(series.yearly_rate, 1))
    for since, rate in prices.vat.steps if prices.vat else ():
        label = gettext("VAT since %(day)s") % {"day": formats.day(since, "short")}
        yield Fact(label, formats.percent(rate, 1), prices.vat.source if prices.vat else "")


def _scenario(page: Cockpit, whole: outlook.Whole) -> Iterator[Fact]:
    adjustments = page.picture.question.adjustments
    if not adjustments:
        yield Fact(gettext("Changes"), gettext("none: this is the reference"))
        return
    if page.head()["state_words"]:
        yield Fact(gettext("State"), page.head()["state_words"])
    general = adjustments.general
    if general.shift_years or general.cost_share:
        yield Fact(gettext("What has not started"), _change(general))
    titles = {one.measure_id: f"{one.code} {one.title}".strip() for one in (*whole.measures, *whole.helped)}
    for measure_id, change in adjustments.changes.items():
        if measure_id in titles:
            yield Fact(titles[measure_id], _change(change))
    for leaver in sorted(adjustments.leavers):
        name = page.payer_names.get(leaver)
        if name:
            yield Fact(name, gettext("leaves: its funding brings nothing"))


def _change(change: outlook.Change) -> str:
    return findings.change_said(change.shift_years, int(change.cost_share * 100)) or pgettext(
        "what if", "nothing changed"
    )


def _left_out(page: Cockpit, whole: outlook.Whole) -> Iterator[Fact]:
    view = page.view
    if view.given_up:
        yield Fact(
            gettext("Given up or replaced"),
            ngettext("%(n)s measure", "%(n)s measures", view.given_up) % {"n": formats.number(view.given_up)},
            gettext("It will not be built."),
        )
    for other in view.others:
        number = ngettext("%(n)s measure", "%(n)s measures", other.measures) % {
            "n": formats.number(other.measures)
        }
        amount = f"{formats.number(other.gross, 0)} {formats.money_kind(other.kind)}"
        yield Fact(amount, number, gettext("Other money: it cannot be added to the amounts shown."))
    if view.unlike_lines:
        yield Fact(
            gettext("Funding in other money than its cost"),
            ngettext("%(n)s line", "%(n)s lines", view.unlike_lines)
            % {"n": formats.number(view.unlike_lines)},
            gettext("It brings nothing here."),
        )


def _method(page: Cockpit) -> Iterator[Fact]:
    yield Fact(gettext("Aid"), gettext("in the year of the spending it pays for"))
    yield Fact(gettext("Treasury"), gettext("follows the payments as agreed: advance, then the rest"))
    yield Fact(gettext("Net"), gettext("gross cost less aid"))
    yield Fact(gettext("To be paid in all"), gettext("net and what is paid to measures of others"))
    for ceiling in page.view.ceilings:
        counts = gettext("compared with what is to be paid in all")
        if ceiling.nature:
            counts = gettext("compared with its part of what is to be paid; aid is shared as the cost is")
        label = findings.with_nature(gettext("Ceiling"), str(ceiling.nature or ""))
        yield Fact(label, counts, " · ".join(ceiling.sources))


__all__ = ["Content", "Fact", "Heading", "Section", "column_name", "content_of", "heading_of"]
