"""The forms of a measure: what can be typed, checked and turned into what the verbs take."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import queries, states, views
from belvedere.domains.territory.public import name_in
from belvedere.faces.web.language import NAMES
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.fields import AmountField, ShapeField, point_at
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_

LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Subject:
    """What a form is about: the measure as it stands, and the part of it when it has several."""

    room: Room
    view: views.MeasureView
    item: UUID | None = None


class MeasureForm(forms.Form):
    """A form on a measure: the version that was read comes back with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    use_required_attribute = False
    is_danger = False
    note = ""  # a msgid, above the fields

    @property
    def button(self) -> str:
        """The word on the button that saves."""
        return gettext("Save")

    def __init__(self, subject: Subject, data: Any = None) -> None:
        self.subject = subject
        super().__init__(data, initial={"version": subject.view.version, **self.start(subject)})
        self.prepare()
        reason = self.fields.pop("reason", None)
        if reason is not None:
            self.fields["reason"] = reason  # last, whatever was added

    def start(self, subject: Subject) -> dict[str, Any]:
        """What the fields show first."""
        return {}

    def prepare(self) -> None:
        """Add the fields that depend on the measure."""

    def use_version(self, version: int) -> None:
        """After a conflict: the next save is on top of `version`."""
        self.data = {**{name: self.data[name] for name in self.data}, "version": str(version)}


class ReasonForm(MeasureForm):
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, help_text=_("Kept in the journal, with your name.")
    )


def language_name(code: str) -> str:
    return NAMES.get(code, code.upper())


class TextsForm(ReasonForm):
    """Title and description in each language of the territory."""

    def start(self, subject: Subject) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for code in self.codes(subject):
            found[f"title_{code}"] = subject.view.title.get(code, "")
            found[f"description_{code}"] = subject.view.description.get(code, "")
        return found

    @staticmethod
    def codes(subject: Subject) -> list[str]:
        known = [*subject.room.territory.languages, *subject.view.title, *subject.view.description]
        return list(dict.fromkeys(known))

    def prepare(self) -> None:
        for code in self.codes(self.subject):
            said = {"language": language_name(code)}
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title (%(language)s)") % said,
                required=False,
                max_length=LONGEST_TITLE,
                widget=forms.TextInput(attrs={"lang": code, "class": "is-all"}),
            )
            self.fields[f"description_{code}"] = forms.CharField(
                label=_("What and why (%(language)s)") % said,
                required=False,
                max_length=20_000,
                widget=forms.Textarea(attrs={"lang": code, "rows": 5}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(f"title_{code}") for code in self.codes(self.subject)):
            first = self.codes(self.subject)[0]
            if f"title_{first}" not in self.errors:
                self.add_error(f"title_{first}", gettext("Give a title in at least one language."))
        return cleaned

    def texts(self, name: str) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"{name}_{code}", "") for code in self.codes(self.subject)}


class StatusForm(ReasonForm):
    """Where the measure stands."""

    phase = forms.ChoiceField(label=_("Planning phase"), required=False)
    implementation = forms.ChoiceField(label=_("Implementation"))
    category = forms.ChoiceField(label=_("Category"), required=False)

    def start(self, subject: Subject) -> dict[str, Any]:
        view = subject.view
        return {
            "phase": view.phase,
            "implementation": view.implementation.value,
            "category": str(view.category_id or ""),
        }

    def prepare(self) -> None:
        view, room = self.subject.view, self.subject.room
        steps = [(step.code, gettext(step.label)) for step in states.PHASE_SCHEMES[view.phase_scheme]]
        self.fields["phase"].choices = [("", gettext("not said")), *steps]  # type: ignore[attr-defined]
        now = view.implementation
        after = [now, *(s for s in states.Implementation if s in states.IMPLEMENTATION_TRANSITIONS[now])]
        self.fields["implementation"].choices = [  # type: ignore[attr-defined]
            (state.value, words.implementation(state).label) for state in after
        ]
        self.fields["implementation"].help_text = gettext("Abandoning or replacing a measure needs a reason.")
        known = [
            (str(pk), name_in(names, room.language, room.territory.languages))
            for pk, names in queries.categories(view.territory_id)
        ]
        blank = [("", gettext("none"))] if view.category_id is None else []
        if known:
            self.fields["category"].choices = [*blank, *known]  # type: ignore[attr-defined]
        else:
            del self.fields["category"]


class PublishForm(ReasonForm):
    """Whether everyone sees the measure."""

    published = forms.BooleanField(
        label=_("Everyone sees this measure"),
        required=False,
        help_text=_(
            "Its title, description, state, sites and amounts appear on the public pages; "
            "its journal never does."
        ),
    )

    @property
    def button(self) -> str:
        return gettext("Save") if self.subject.view.published else gettext("Publish")

    def start(self, subject: Subject) -> dict[str, Any]:
        return {"published": not subject.view.published}


class SiteForm(ReasonForm):
    """A site: drawn on the map, or a point by its coordinates."""

    name = forms.CharField(label=_("Name of the site"), required=False, max_length=200)
    geometry = ShapeField(required=False, widget=forms.HiddenInput)
    x = AmountField(label=_("Longitude or E"), required=False)
    y = AmountField(label=_("Latitude or N"), required=False)

    @property
    def site_json(self) -> str:
        """The geometry the editor starts with: what was typed, else the site as it is."""
        typed = self.data.get("geometry") if self.is_bound else ""
        if typed:
            return str(typed)
        site = next((site for site in self.subject.view.sites if site.id == self.subject.item), None)
        return json.dumps(site.geometry) if site else ""

    def prepare(self) -> None:
        if self.subject.item is not None:
            del self.fields["name"]  # moving a site keeps its name
        for name in ("x", "y"):
            self.fields[name] = forms.DecimalField(
                label=self.fields[name].label,
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
        self.fields["y"].help_text = gettext("In degrees or in the national grid, instead of drawing.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        x, y = cleaned.get("x"), cleaned.get("y")
        if x is not None and y is not None:
            try:
                cleaned["geometry"] = point_at(x, y, self.subject.room.territory.bounds)
            except ValidationError as error:
                self.add_error("x", error)
        elif x is not None or y is not None:
            self.add_error("y" if y is None else "x", gettext("Give both coordinates."))
        if cleaned.get("geometry") is None and not self.errors:
            self.add_error("x", gettext("Draw the site on the map, or give the coordinates of a point."))
        return cleaned


class RemoveForm(ReasonForm):
    """Taking a part of the measure away."""

    is_danger = True

    @property
    def button(self) -> str:
        return gettext("Remove")


class RemoveFundingForm(RemoveForm):
    """Taking a funding line away."""

    note = N_("To keep a refusal on record, change its state instead.")
