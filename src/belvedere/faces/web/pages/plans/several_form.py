"""The form of a change on several measures: one of six kinds, each with what it needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import bulk, plan_reads, queries, states
from belvedere.domains.territory.public import name_in
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.rooms import Room

KINDS = {
    "shift": _("Shift the forecast dates"),
    "step": _("Implementation"),
    "priority": _("Priority in a plan"),
    "plan": _("List in a plan"),
    "category": _("Category"),
    "published": _("Visibility"),
}
NEEDS = {
    "shift": ("months",),
    "step": ("to",),
    "priority": ("priority_plan", "priority"),
    "plan": ("plan",),
    "category": ("category",),
    "published": ("published",),
}


class SeveralForm(forms.Form):
    change = forms.ChoiceField(
        choices=list(KINDS.items()), error_messages={"required": _("Choose what is to change.")}
    )
    months = forms.IntegerField(
        label=_("Months (a minus for earlier)"), required=False, min_value=-240, max_value=240
    )
    to = forms.ChoiceField(label=_("New state"), required=False)
    priority_plan = forms.ChoiceField(label=_("In the plan"), required=False)
    priority = forms.ChoiceField(
        label=_("Our priority"),
        required=False,
        choices=[(one.value, one.value or _("none")) for one in states.Priority],
    )
    plan = forms.ChoiceField(label=_("Plan"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    published = forms.ChoiceField(
        label=_("Everyone sees it"), required=False, choices=[("yes", _("yes")), ("no", _("no"))]
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, help_text=_("Kept in the journal, with your name.")
    )
    use_required_attribute = False

    def __init__(self, room: Room, data: Any = None) -> None:
        super().__init__(data, initial={"change": "shift"})
        plans = [
            (str(plan.id), f"{plan.code} · {name_in(plan.title, room.language, room.territory.languages)}")
            for plan in plan_reads.plan_choices(room.actor, room.territory.id)
        ]
        self.categories = [
            (str(pk), name_in(names, room.language, room.territory.languages))
            for pk, names in queries.categories(room.territory.id)
        ]
        steps = [
            (one.value, words.implementation(one).label)
            for one in states.Implementation
            if one is not states.Implementation.REPLACED
        ]
        for name, choices in (
            ("to", steps),
            ("priority_plan", plans),
            ("plan", plans),
            ("category", self.categories),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        offered = [
            kind
            for kind in KINDS
            if (plans or kind not in ("priority", "plan")) and (self.categories or kind != "category")
        ]
        self.fields["change"].choices = [(kind, KINDS[kind]) for kind in offered]  # type: ignore[attr-defined]
        for name in {name for names in NEEDS.values() for name in names}:
            self.fields[name].error_messages["required"] = gettext("Say which.")
        self._need(name for names in NEEDS.values() for name in names)

    @property
    def kinds(self) -> list[tuple[str, str, bool, list[forms.BoundField]]]:
        """Each kind with its word, whether it is chosen, and its fields."""
        chosen = self["change"].value()
        choices = self.fields["change"].choices  # type: ignore[attr-defined]
        return [
            (kind, str(label), kind == chosen, [self[name] for name in NEEDS[kind]])
            for kind, label in choices
        ]

    def full_clean(self) -> None:
        """A field is asked only of the kind that is chosen, yet none of them is shown as optional."""
        asked = NEEDS.get(self.data.get(self.add_prefix("change"), ""), ())
        self._need(name for name in asked if name != "priority")  # a priority may be none
        super().full_clean()
        self._need(name for names in NEEDS.values() for name in names)

    def _need(self, names: Iterable[str]) -> None:
        needed = set(names)
        for kind in NEEDS.values():
            for name in kind:
                self.fields[name].required = name in needed

    def wanted(self) -> bulk.BulkChange:
        cleaned = self.cleaned_data
        match cleaned["change"]:
            case "shift":
                return bulk.Shift(cleaned["months"])
            case "step":
                return bulk.ToStep(states.Implementation(cleaned["to"]))
            case "priority":
                return bulk.ToPriority(UUID(cleaned["priority_plan"]), states.Priority(cleaned["priority"]))
            case "plan":
                return bulk.IntoPlan(UUID(cleaned["plan"]))
            case "category":
                return bulk.ToCategory(int(cleaned["category"]))
            case _:
                return bulk.ToPublished(cleaned["published"] == "yes")
