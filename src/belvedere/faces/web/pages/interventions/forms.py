"""What is typed of an intervention, a team, a checklist, a maintenance that comes back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.errors import BadRule
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.public import KIND_NAMES, Facts, InterventionView, Kind
from belvedere.domains.territory.public import organisations
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.automation.builder import number
from belvedere.faces.web.pages.equipment import words as equipment_words
from belvedere.faces.web.pages.live import words as live_words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import BelvedereError
from belvedere.kernel.paging import Window
from belvedere.kernel.severity import SEVERITY_NAMES, Severity

MOST_OFFERED = 300
NUMBER = {"inputmode": "decimal"}
Choices = list[tuple[str, str]]


class Chosen(forms.Form):
    """A form whose choices are filled in, and that says an error of a verb beside its field."""

    use_required_attribute = False

    def choose(self, name: str, choices: Iterable[tuple[str, str]], *, empty: str = "") -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField | forms.MultipleChoiceField)
        field.choices = [*([("", empty)] if empty else []), *choices]

    def blame(self, error: BelvedereError) -> None:
        named = error.data.get("field")
        self.add_error(named if named in self.fields else None, sentence(error))


def owners_for(room: Room) -> Choices:
    """The organisations that the actor plans for, by name."""
    here = room.territory.id
    rows = organisations(here, active_only=True)
    able = [one for one in rows if interventions.may_plan(room.actor, here, one.id) is None]
    return sorted(((str(one.id), one.label) for one in able), key=lambda pair: pair[1].casefold())


def teams_for(room: Room) -> list[interventions.TeamView]:
    return interventions.teams(room.actor, room.territory.id)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more)


class InterventionForm(Chosen):
    """An intervention to plan, or its facts to change (`view`)."""

    what = forms.CharField(
        label=_("What is to be done"),
        max_length=200,
        help_text=_("In a few words, for example “Get the cabinet of rue de la Gare going again”."),
    )
    details = forms.CharField(
        label=_("What the team should know"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Keys, dangers, who to call."),
    )
    kind = forms.ChoiceField(label=_("Kind of intervention"))
    priority = forms.ChoiceField(
        label=_("Urgency"), help_text=_("The contract of the equipment says by when, for each urgency.")
    )
    owner = forms.ChoiceField(
        label=_("For"), required=False, help_text=_("Needed only where no equipment is chosen.")
    )
    equipment = forms.CharField(
        label=_("Piece of equipment"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"list": "iv-equipment", "autocomplete": "off"}),
        help_text=_("Its number."),
    )
    where = forms.CharField(label=_("Where"), required=False, max_length=300)
    skills = forms.CharField(label=_("Skills needed"), required=False, max_length=200)
    team = forms.ChoiceField(label=_("Team"), required=False)
    assigned = forms.ChoiceField(
        label=_("Person"), required=False, help_text=_("Empty: whoever of the team takes it.")
    )
    planned_on = _day(_("Day"), required=False)
    order = forms.IntegerField(label=_("Order in the day"), required=False, min_value=0, max_value=999)

    def __init__(self, room: Room, view: InterventionView | None, data: Any = None, **start: Any) -> None:
        self.room, self.view = room, view
        super().__init__(data, initial=_initial(view) if view else start)
        self.choose("kind", [(one.value, gettext(name)) for one, name in KIND_NAMES.items()])
        urgencies = [(str(one.value), gettext(name)) for one, name in SEVERITY_NAMES.items()]
        self.choose("priority", reversed(urgencies))
        teams = teams_for(room)
        names = {one.id: one.label for one in organisations(room.territory.id)}
        labels = [(str(one.id), f"{one.name} ({names.get(one.organisation_id, '')})") for one in teams]
        self.choose("team", labels, empty=gettext("not yet"))
        people = [(str(key), name) for one in teams for key, name in one.people.items()]
        self.choose("assigned", dict(people).items(), empty=gettext("anyone"))
        if view is not None:
            del self.fields["owner"], self.fields["equipment"]
            self.offered: list[tuple[str, str]] = []
            return
        self.choose("owner", owners_for(room), empty=gettext("that of the equipment"))
        found = equipment.listed(
            room.actor, room.territory.id, equipment.Wanted(), Window(0, MOST_OFFERED)
        ).rows
        self.offered = [(one.number, one.name) for one in found]

    def clean_equipment(self) -> UUID | None:
        number = self.cleaned_data["equipment"].strip()
        if not number:
            return None
        wanted = equipment.Wanted(text=number)
        rows = equipment.listed(self.room.actor, self.room.territory.id, wanted, Window(0, 60)).rows
        found = [one.id for one in rows if one.number.casefold() == number.casefold()]
        if len(found) != 1:
            raise forms.ValidationError(gettext("There is no equipment with this number that you may see."))
        return found[0]

    def facts(self) -> Facts:
        given = self.cleaned_data
        return Facts(
            what=given["what"],
            kind=Kind(given["kind"]),
            priority=Severity(int(given["priority"])),
            details=given["details"],
            skills=given["skills"],
            where=given["where"],
            at=self.view.row.at if self.view else None,
            team_id=_id(given["team"]),
            assigned_id=_id(given["assigned"]),
            planned_on=given["planned_on"],
            order=given["order"] or 0,
        )

    def draft(self, alarm_id: int | None) -> interventions.Draft:
        given = self.cleaned_data
        return interventions.Draft(self.facts(), _id(given["owner"]), given["equipment"], None, alarm_id)


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


def _initial(view: InterventionView) -> dict[str, Any]:
    row = view.row
    return {
        "what": row.what,
        "details": view.details,
        "kind": row.kind.value,
        "priority": str(row.priority.value),
        "where": row.where,
        "skills": view.skills,
        "team": str(row.team_id or ""),
        "assigned": str(view.assigned_id or ""),
        "planned_on": row.planned_on,
        "order": row.order or None,
    }


class TeamForm(Chosen):
    """A new team; its people are chosen among those of its organisation."""

    name = forms.CharField(label=_("Name of the team"), max_length=120)
    people = forms.MultipleChoiceField(label=_("People"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, people: Iterable[tuple[UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("people", [(str(key), name) for key, name in people])

    def chosen(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["people"]]


class ChecklistForm(Chosen):
    """The points of a kind of equipment, one a line."""

    equipment_kind = forms.ChoiceField(label=_("Kind of equipment"), required=False)
    points = forms.CharField(
        label=_("Points"),
        required=False,
        max_length=9000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("One a line. Interventions that are planned already keep theirs. Empty: no list."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("equipment_kind", kinds(), empty=gettext("any equipment"))

    def lines(self) -> list[str]:
        return str(self.cleaned_data["points"]).splitlines()


class UpkeepForm(Chosen):
    """What is done to which equipment, and by whom."""

    what = forms.CharField(label=_("What is to be done"), max_length=200)
    owner = forms.ChoiceField(label=_("For"))
    equipment_kind = forms.ChoiceField(label=_("Kind of equipment"))
    contract = forms.ChoiceField(label=_("Maintenance contract"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, room: Room, data: Any, **more: Any) -> None:
        super().__init__(data, **more)
        self.choose("owner", owners_for(room))
        self.choose("equipment_kind", kinds())
        found = equipment.contracts(room.actor, room.territory.id)
        running = [(str(one.id), one.name) for one in found if one.is_running]
        self.choose("contract", running, empty=gettext("any contract"))
        self.choose("team", [(str(one.id), one.name) for one in teams_for(room)], empty=gettext("not yet"))


class PreventiveForm(UpkeepForm):
    """A maintenance that comes back, for the equipment of a kind, of a contract, or of both."""

    equipment_kind = forms.ChoiceField(label=_("Kind of equipment"), required=False)
    every_months = forms.IntegerField(label=_("Every (months)"), min_value=1, max_value=120)
    first_on = _day(_("The first time on"))
    lead_days = forms.IntegerField(
        label=_("Planned so many days before"), min_value=0, max_value=90, initial=14
    )

    def __init__(self, room: Room, data: Any = None) -> None:
        super().__init__(room, data)
        self.choose("equipment_kind", kinds(), empty=gettext("any equipment"))

    def draft(self) -> interventions.PreventiveDraft:
        given = self.cleaned_data
        return interventions.PreventiveDraft(
            owner_id=UUID(given["owner"]),
            what=given["what"],
            every_months=given["every_months"],
            first_on=given["first_on"],
            equipment_kind=given["equipment_kind"],
            contract_id=_id(given["contract"]),
            team_id=_id(given["team"]),
            lead_days=given["lead_days"],
        )


class NeedForm(UpkeepForm):
    """A maintenance that comes when equipment of a kind needs it: by a counter, or by a rule."""

    counter = forms.ChoiceField(
        label=_("Counter"), required=False, help_text=_("What its thing of the live territory counts.")
    )
    every = forms.CharField(
        label=_("Each time it went on by"), required=False, max_length=20, widget=forms.TextInput(NUMBER)
    )
    rule = forms.ChoiceField(
        label=_("Or while this rule finds something wrong"),
        required=False,
        help_text=_("Its alarm stays with whom it waits for."),
    )

    def __init__(self, room: Room, data: Any = None) -> None:
        super().__init__(room, data, auto_id="need_%s")
        counted = {
            term: live_words.term(kind, term)
            for slug in equipment.kinds()
            for term, kind in interventions.counters(slug).items()
        }
        by_name = sorted(counted.items(), key=lambda pair: pair[1].casefold())
        self.choose("counter", by_name, empty=gettext("no counter"))
        rules = automation.rules(room.actor, room.territory.id)
        self.choose("rule", [(str(one.id), one.name) for one in rules], empty=gettext("no rule"))

    def clean_every(self) -> float | None:
        given: str = self.cleaned_data["every"].strip()
        try:
            return number(given, "every") if given else None
        except BadRule as error:
            raise forms.ValidationError(sentence(error)) from None

    def draft(self) -> interventions.NeedDraft:
        given = self.cleaned_data
        return interventions.NeedDraft(
            owner_id=UUID(given["owner"]),
            what=given["what"],
            equipment_kind=given["equipment_kind"],
            counter=given["counter"],
            every=given["every"],
            rule_id=int(given["rule"]) if given["rule"] else None,
            contract_id=_id(given["contract"]),
            team_id=_id(given["team"]),
        )


def kinds() -> Choices:
    found = ((equipment_words.kinds(slug), slug) for slug in equipment.kinds())
    return [(slug, label) for label, slug in sorted(found)]
