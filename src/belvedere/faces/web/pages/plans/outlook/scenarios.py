"""Saved scenarios: the menu of what is saved, the one that an address opens, the form that saves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import outlook, vocabulary
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.outlook import asked as asking
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import NotFound

if TYPE_CHECKING:
    from belvedere.faces.web.pages.plans.outlook.cockpit import Cockpit

TYPES = [
    (vocabulary.ScenarioType.OWN.value, _("Own scenario")),
    (vocabulary.ScenarioType.PRUDENT.value, _("Prudent")),
    (vocabulary.ScenarioType.ACCELERATED.value, _("Accelerated")),
]


class ScenarioForm(forms.Form):
    """Under which name the changes are kept."""

    name = forms.CharField(label=_("Name"), max_length=120)
    type = forms.ChoiceField(label=_("Kind"), choices=TYPES)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


def opened(room: Room, organisation_id: UUID, asked: asking.Asked) -> asking.Asked:
    """With the changes of the saved scenario where the address names one and no change."""
    if asked.scenario is None or asked.is_what_if:
        return asked
    try:
        found = outlook.scenario(room.actor, asked.scenario)
    except NotFound as error:
        return replace(asked, scenario=None, notes=(*asked.notes, sentence(error)))
    if found.organisation_id != organisation_id or found.territory_id != room.territory.id:
        return replace(asked, scenario=None)
    return asked.laid(found.adjustments)


def context(page: Cockpit, form: ScenarioForm | None = None) -> dict[str, Any]:
    """The menu of what is saved, and the form that saves what is seen."""
    asked = page.asked
    found = outlook.scenarios_of(page.room.actor, page.room.territory.id, page.organisation_id)
    current = next((one for one in found if one.id == asked.scenario), None)
    may_make = page.may("make_scenario")
    initial = {"name": current.name, "type": current.type.value, "note": current.note} if current else {}
    kinds = dict(TYPES)
    return {
        "scenario_choices": [
            {
                "label": one.name,
                "what": ", ".join(
                    (str(kinds[one.type.value]), _what(one.adjustments), *([one.note] if one.note else []))
                ),
                "url": page.address(replace(asked.reference(), scenario=one.id)),
                "current": one.id == asked.scenario,
                "version": one.version,
                "archive_url": f"{page.url}scenario/{one.id}/archive/"
                if "archive_scenario" in one.may
                else "",
                "archive_label": gettext("Archive “%(name)s”") % {"name": one.name},
            }
            for one in found
        ],
        "scenario": current,
        "is_changed": current is not None and current.adjustments != asked.question.adjustments,
        "may_save": may_make and asked.is_what_if,
        "may_overwrite": current is not None and "make_scenario" in current.may,
        "save_url": f"{page.url}scenario/{asked.query()}",
        "save_form": form or ScenarioForm(initial=initial, auto_id="po-save-%s"),
        "save_failed": form is not None,
    }


def _what(adjustments: outlook.Adjustments) -> str:
    general = adjustments.general != outlook.Change()
    return findings.changed(len(adjustments.changes), len(adjustments.leavers), in_general=general)


__all__ = ["ScenarioForm", "context", "opened"]
