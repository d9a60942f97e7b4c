"""The choices above the chart: plan, grouping, kind of money, prices; and the ways out of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, ngettext

from belvedere.faces.web import formats

if TYPE_CHECKING:
    from belvedere.faces.web.pages.plans.outlook.cockpit import Cockpit


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    url: str
    current: bool = False
    code: str = ""
    title: str = ""


def groupings() -> dict[str, str]:
    return {
        "plan": gettext("plan"),
        "category": gettext("service"),
        "phase": gettext("phase"),
        "commune": gettext("commune"),
        "funder": gettext("funder"),
    }


def _plans(page: Cockpit) -> Iterator[Choice]:
    plans = page.view.plans
    if len(plans) < 2:
        return
    whole = ngettext("The %(n)s plan", "The %(n)s plans", len(plans)) % {"n": formats.number(len(plans))}
    yield Choice(whole, page.address(replace(page.asked, plan=None, axis=None)), page.asked.plan is None)
    for plan in plans:
        url = page.address(replace(page.asked, plan=plan.id, axis=None))
        yield Choice(plan.code, url, page.asked.plan == plan.id, title=plan.title)


def _axes(page: Cockpit) -> dict[str, Any]:
    """The axes of the plan that is asked for; nothing where it has none."""
    if not page.view.axes:
        return {}
    choices = [
        Choice(gettext("All axes"), page.address(replace(page.asked, axis=None)), page.asked.axis is None)
    ]
    for axis in page.view.axes:
        label = f"{axis.code} {axis.title}".strip()
        url = page.address(replace(page.asked, axis=axis.id))
        choices.append(Choice(label, url, page.asked.axis == axis.id))
    return {
        "axis_choices": choices,
        "axis_label": next((one.label for one in choices if one.current), choices[0].label),
    }


def _prices(page: Cockpit) -> Iterator[Choice]:
    constant = formats.money_kind(page.view.constant_kind).partition(", ")[2]
    current = gettext("current prices, VAT included")
    for value, label in (("constant", constant), ("current", current)):
        url = page.address(replace(page.asked, prices=value))
        yield Choice(label[:1].upper() + label[1:], url, page.asked.prices == value)


def _kinds(page: Cockpit) -> Iterator[Choice]:
    if not page.view.others:
        return
    yield Choice(formats.money_kind(page.view.constant_kind), page.address(page.asked), current=True)
    for other in page.view.others:
        number = ngettext("%(n)s measure", "%(n)s measures", other.measures) % {
            "n": formats.number(other.measures)
        }
        url = page.address(replace(page.asked, kind=other.kind))
        yield Choice(formats.money_kind(other.kind), url, code=number)


def grouping(page: Cockpit) -> dict[str, Any]:
    """By what the measures are grouped."""
    names = groupings()
    return {
        "grouping_label": names[page.asked.grouping],
        "grouping_choices": [
            Choice(label, page.address(replace(page.asked, grouping=key)), key == page.asked.grouping)
            for key, label in names.items()
        ],
    }


def context(page: Cockpit) -> dict[str, Any]:
    return {
        "plan_choices": list(_plans(page)),
        **_axes(page),
        "price_choices": list(_prices(page)),
        "kind_choices": list(_kinds(page)),
        "actions": page.ways_out(),
    }
