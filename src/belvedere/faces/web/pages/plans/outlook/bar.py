"""The scenario bar: the measure, its sliders, what is changed, what is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.asked import COSTS, SHIFTS

if TYPE_CHECKING:
    from belvedere.faces.web.pages.plans.outlook.cockpit import Cockpit


def _slider(value: int, bounds: tuple[int, int], said: Any) -> dict[str, Any]:
    """A slider wide enough for its value."""
    low, high = min(bounds[0], value), max(bounds[1], value)
    words = [said(one) for one in range(low, high + 1)]
    return {"value": value, "min": low, "max": high, "said": said(value), "words": "|".join(words)}


def context(page: Cockpit) -> dict[str, Any]:
    """The bar itself; `changes` is below it, where a slider brings it anew."""
    asked = page.asked
    measure = page.titles.get(asked.measure) if asked.measure else None
    shift, cost = asked.shift, asked.cost
    if measure and asked.measure:
        change = asked.change_of(asked.measure)
        shift, cost = change.shift, change.cost
    return {
        "measure": {"id": asked.measure, "label": measure} if measure else None,
        "shift": _slider(shift, SHIFTS, findings.years_said),
        "cost": _slider(cost, COSTS, findings.cost_said),
        "all_url": page.address(replace(asked, measure=None)) if measure else "",
        "changed_words": findings.changed(
            len(asked.changes), len(asked.leavers), in_general=bool(asked.shift or asked.cost)
        ),
        "reference_url": page.address(asked.reference()) if asked.is_what_if or asked.scenario else "",
        "finds_url": f"{page.url}find/",
        "find": "",
        "finds": None,
    }


def _chips(page: Cockpit) -> Iterator[dict[str, Any]]:
    asked = page.asked
    for change in asked.changes:
        label = page.titles.get(change.measure_id)
        if label is None:
            continue
        yield {
            "label": label,
            "what": findings.change_said(change.shift, change.cost),
            "url": page.address(asked.on_measure(change.measure_id)),
            "current": change.measure_id == asked.measure,
            "drop_url": page.address(asked.without_change(change.measure_id)),
            "drop_label": gettext("Take “%(title)s” out of the scenario") % {"title": label},
        }
    if asked.shift or asked.cost:
        label = gettext("All that has not started")
        yield {
            "label": label,
            "what": findings.change_said(asked.shift, asked.cost),
            "url": page.address(replace(asked, measure=None)),
            "current": asked.measure is None,
            "drop_url": page.address(asked.with_general(0, 0)),
            "drop_label": gettext("Take “%(title)s” out of the scenario") % {"title": label},
        }
    names = {payer.organisation_id: payer.name for payer in page.view.payers}
    for leaver in asked.leavers:
        label = gettext("%(payer)s leaves") % {"payer": page.payer_names.get(leaver, names.get(leaver, "?"))}
        yield {
            "label": label,
            "what": "",
            "url": page.address(asked),
            "current": False,
            "drop_url": page.address(asked.without_leaver(leaver)),
            "drop_label": gettext("Take “%(title)s” out of the scenario") % {"title": label},
        }


def changes(page: Cockpit) -> dict[str, Any]:
    """Chips of what is changed, and the fields that keep the state of the form."""
    asked = page.asked
    # The sliders say the change of their measure, or of all: the other one is state.
    left_out = {"measure"} if asked.measure in page.titles else {"measure", "all"}
    return {
        "chips": list(_chips(page)),
        "payer_choices": [
            {"label": payer.name, "url": page.address(asked.with_leaver(payer.organisation_id))}
            for payer in page.view.payers
            if payer.organisation_id not in asked.leavers
        ],
        "state_pairs": [pair for pair in asked.pairs() if pair[0] not in left_out],
    }
