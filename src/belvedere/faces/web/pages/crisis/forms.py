"""What is typed of a crisis; the verbs decide whether it can be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.crisis.public import (
    ORDER,
    Category,
    CrisisDraft,
    CrisisView,
    Kind,
    Phase,
    PlanView,
    PointDraft,
    PointView,
    TaskDraft,
    Wanted,
)
from belvedere.faces.web.pages.connections.forms import Blamed
from belvedere.faces.web.pages.crisis import words

Choices = Sequence[tuple[str, Any]]
_TEXT = forms.Textarea({"rows": 3})
_INSTANT = {"type": "datetime-local"}
_FORMAT = "%Y-%m-%dT%H:%M"


class Clocked(Blamed):
    """A form whose instants are on the clock of the territory."""

    def __init__(self, zone: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(zone)

    def instant(self, name: str) -> datetime | None:
        """What was typed there, None where nothing was."""
        at: datetime | None = self.cleaned_data[name]
        return at.replace(tzinfo=self._zone) if at is not None else None


def typed(at: datetime | None, zone: str) -> datetime | None:
    """An instant as a field of a form begins with it: to the minute, on the clock of the territory."""
    if at is None:
        return None
    return at.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0, tzinfo=None)


def _instant(label: Any, **more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=forms.DateTimeInput(_INSTANT, format=_FORMAT), **more)


class DeclareForm(Clocked):
    """What happens, since when, how grave."""

    plan = forms.ChoiceField(label=_("By the plan"), required=False)
    owner = forms.ChoiceField(label=_("Organisation"))
    is_exercise = forms.BooleanField(label=_("It is an exercise"), required=False)
    name = forms.CharField(label=_("Name of the crisis"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind of event"))
    phase = forms.ChoiceField(label=_("Phase"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why it is declared"), max_length=4000, widget=_TEXT)
    begun_at = _instant(_("Began at"))

    def __init__(self, plans: Sequence[PlanView], owners: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners = {str(one.id): one.owner_id for one in plans}
        self.choose("plan", [*((str(one.id), one.name) for one in plans), ("", gettext("without a plan"))])
        self.choose("owner", owners)
        self.choose("kind", [(one.value, words.kind(one)) for one in Kind])
        self.choose("phase", [(one.value, words.phase(one).label) for one in ORDER])
        if len(owners) <= 1:
            self.fields["owner"].widget = forms.HiddenInput()
            self.fields["owner"].required = False

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("plan") and not given.get("owner") and "owner" not in self.errors:
            self.add_error("plan", gettext("Choose one of the plans that you may declare."))
        return given

    def draft(self) -> CrisisDraft:
        """A plan says of which organisation the crisis is."""
        given = self.cleaned_data
        return CrisisDraft(
            owner_id=self._owners.get(given["plan"]) or UUID(given["owner"]),
            name=given["name"],
            kind=Kind(given["kind"]),
            phase=Phase(given["phase"]),
            reason=given["reason"],
            plan_id=UUID(given["plan"]) if given["plan"] else None,
            begun_at=self.instant("begun_at"),
            is_exercise=given["is_exercise"],
        )


class PhaseForm(Blamed):
    """To which phase, why."""

    phase = forms.ChoiceField(label=_("New phase"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), max_length=4000, widget=_TEXT)
    also_skipped = forms.BooleanField(
        label=_("Open the task cards of the phases in between too"), required=False, initial=True
    )
    expected = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, view: CrisisView, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("phase", [(one.value, words.phase(one).label) for one in ORDER if one is not view.phase])
        self.fields["expected"].initial = view.phase.value

    def clean_expected(self) -> Phase:
        try:
            return Phase(self.cleaned_data["expected"])
        except ValueError:
            raise forms.ValidationError(gettext("Open this page anew.")) from None


class EndForm(Blamed):
    summary = forms.CharField(
        label=_("Summing up"),
        max_length=8000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("What happened, what was done, what remains, what to do better."),
    )


class PointForm(Clocked):
    """A situation point."""

    situation = forms.CharField(label=_("Situation"), max_length=4000, widget=forms.Textarea({"rows": 4}))
    done = forms.CharField(label=_("What is done"), max_length=4000, widget=_TEXT, required=False)
    expected = forms.CharField(label=_("What is expected"), max_length=4000, widget=_TEXT, required=False)
    decisions = forms.CharField(label=_("Decisions"), max_length=4000, widget=_TEXT, required=False)
    next_at = _instant(_("Next situation point at"), required=False)

    @classmethod
    def of(cls, point: PointView | None, zone: str, data: Any = None) -> PointForm:
        if point is None:
            return cls(zone, data)
        told = {name: getattr(point, name) for name in ("situation", "done", "expected", "decisions")}
        return cls(zone, data, initial={**told, "next_at": typed(point.next_at, zone)})

    def draft(self) -> PointDraft:
        given = self.cleaned_data
        return PointDraft(
            given["situation"], given["done"], given["expected"], given["decisions"], self.instant("next_at")
        )


class TaskForm(Clocked):
    """A task that no card foresaw."""

    what = forms.CharField(label=_("What is to be done"), max_length=300)
    role = forms.ChoiceField(label=_("For the role"), required=False)
    person = forms.ChoiceField(label=_("Given to"), required=False)
    due_at = _instant(_("Until"), required=False)
    points = forms.CharField(
        label=_("Points to tick"),
        max_length=6200,
        widget=_TEXT,
        required=False,
        help_text=_("One a line."),
    )

    def __init__(self, view: CrisisView, people: Mapping[UUID, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("role", [("", "–"), *((str(one.id), one.name) for one in view.roles)])
        self.choose("person", [("", gettext("who has the role")), *named(people)])

    def draft(self) -> TaskDraft:
        given = self.cleaned_data
        return TaskDraft(
            given["what"],
            tuple(given["points"].splitlines()),
            UUID(given["role"]) if given["role"] else None,
            UUID(given["person"]) if given["person"] else None,
            self.instant("due_at"),
        )


class PersonForm(Blamed):
    """To whom a role or a task is handed, with a word."""

    person = forms.ChoiceField(label=_("To whom"))
    word = forms.CharField(label=_("A word for them"), max_length=2000, widget=_TEXT, required=False)

    def __init__(self, people: Mapping[UUID, str], *args: Any, nobody: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = [("", nobody)] if nobody else []
        self.choose("person", [*first, *named(people)])
        if nobody:
            self.fields["person"].required = False
            del self.fields["word"]

    def person_id(self) -> UUID | None:
        return UUID(self.cleaned_data["person"]) if self.cleaned_data["person"] else None


class RoleForm(Blamed):
    """A role that the plan did not foresee."""

    name = forms.CharField(label=_("Name of the role"), max_length=120)
    person = forms.ChoiceField(label=_("Asked of"), required=False)
    duty = forms.CharField(label=_("Answers for"), max_length=600, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=120, required=False)

    def __init__(self, people: Mapping[UUID, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("person", [("", "–"), *named(people)])


class ReasonForm(Blamed):
    reason = forms.CharField(label=_("Why"), max_length=600, widget=forms.Textarea({"rows": 2}))


class Narrow(forms.Form):
    """Which lines of the timeline; what cannot be read narrows nothing."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    category = forms.ChoiceField(label=_("What it is"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["category"].choices = [
            ("", _("Everything")),
            *((one.value, words.category(one)) for one in Category),
        ]

    def wanted(self) -> Wanted:
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            text=given.get("q", ""),
            categories=[Category(given["category"])] if given.get("category") else [],
        )


def named(people: Mapping[UUID, str]) -> list[tuple[str, str]]:
    """People as choices."""
    return [(str(key), name) for key, name in people.items()]
