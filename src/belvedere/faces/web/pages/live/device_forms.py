"""What is typed of a device: what it is, where it stands, how its fields are read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import shapely
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.territory.public import Level, PlaceView, boundaries, places_of
from belvedere.domains.twin.public import (
    DeviceDraft,
    EntityDraft,
    FieldDraft,
    Visibility,
    descriptions,
)
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.live import words
from belvedere.faces.web.pages.plans.fields import ShapeField
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.clock import today
from belvedere.kernel.errors import BelvedereError
from belvedere.kernel.geometry import Shape
from belvedere.kernel.identifiers import sha256

NOBODY = "none"  # the owner of what belongs to the territory itself
LONGEST_MINUTES = 31 * 24 * 60
EMPTY_ROWS = 2
CODE = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
NUMBER = {"inputmode": "decimal", "autocomplete": "off", "size": "8"}


class RegisterForm(forms.Form):
    """A device and the thing it tells of, in one go."""

    use_required_attribute = False
    name = forms.CharField(
        label=_("Name of the thing"),
        max_length=200,
        help_text=_("As people call it, for example “Container, rue de la Gare 3”."),
    )
    kind = forms.ChoiceField(label=_("Kind of thing"))
    key = forms.CharField(
        label=_("Name of the device"),
        max_length=64,
        help_text=_("Small letters, digits, - and _. It signs in with it, and nothing else here has it."),
        widget=forms.TextInput(CODE),
    )
    owner = forms.ChoiceField(label=_("Belongs to"))
    visibility = forms.ChoiceField(label=_("Seen by"))
    minutes = forms.IntegerField(
        label=_("It tells something every (minutes)"),
        required=False,
        min_value=1,
        max_value=LONGEST_MINUTES,
        help_text=_("Empty: as its kind usually does. It counts as silent after three times that."),
        # A field for numbers would send nothing of what it cannot read, and nobody would be told.
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    place = forms.ChoiceField(
        label=_("Commune"),
        required=False,
        help_text=_("Needed only without a point on the map: it then stands at the centre of the commune."),
    )
    geometry = ShapeField(label=_("Place"), required=False, widget=forms.HiddenInput)

    def __init__(self, room: Room, owners: Sequence[tuple[str, str]], data: Any = None) -> None:
        self.room = room
        self.communes = {str(one.id): one for one in places_of(room.territory, level=Level.COMMUNE) if one.at}
        super().__init__(data, initial={"visibility": Visibility.SHARED.value})
        kinds = sorted((one.label(room.language), slug) for slug, one in descriptions().items())
        self._choose("kind", [("", gettext("choose")), *((slug, label) for label, slug in kinds)])
        self._choose("owner", list(owners))
        self._choose("visibility", [(one.value, gettext(text)) for one, text in words.VISIBILITIES.items()])
        named = sorted((one.name, key) for key, one in self.communes.items())
        self._choose("place", [("", gettext("choose")), *((key, name) for name, key in named)])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("geometry") and not cleaned.get("place") and "geometry" not in self.errors:
            self.add_error("place", gettext("Draw a point on the map, or choose the commune."))
        return cleaned

    def entity(self) -> EntityDraft:
        """The thing that the device tells of."""
        given = self.cleaned_data
        owner = given["owner"]
        return EntityDraft(
            kind=given["kind"],
            names={self.room.language: given["name"].strip()},
            owner_id=None if owner == NOBODY else UUID(owner),
            visibility=Visibility(given["visibility"]),
            shape=given["geometry"] or self._middle(self.communes[given["place"]]),
        )

    def _middle(self, place: PlaceView) -> Shape:
        """The main settlement of a commune; a point surely within its outline where that lies outside."""
        assert place.at is not None
        at = shapely.Point(*place.at)
        outline = boundaries([place.id], today(self.room.territory.zone)).get(place.id)
        if outline is not None and not outline.geometry.contains(at):
            at = shapely.point_on_surface(outline.geometry)
        return Shape(at)

    def device(self, entity_id: int) -> DeviceDraft:
        minutes = self.cleaned_data["minutes"]
        return DeviceDraft(
            key=self.cleaned_data["key"].strip(),
            entity_id=entity_id,
            expected_interval_s=minutes * 60 if minutes else None,
        )

    def blame(self, error: BelvedereError) -> None:
        """Put the sentence of `error` beside the field it names, else above the form."""
        named = {"fields": "kind"}.get(str(error.data.get("field", "")), error.data.get("field"))
        self.add_error(named if named in self.fields else None, sentence(error))


class FactorField(forms.FloatField):
    """A number with a decimal point or comma."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class FieldForm(forms.Form):
    """How one field of a device's messages is read; an empty name takes it away."""

    use_required_attribute = False
    field = forms.CharField(
        label=_("Field in the message"),
        required=False,
        max_length=120,
        widget=forms.TextInput(CODE),
    )
    term = forms.ChoiceField(label=_("What it says"), required=False)
    unit = forms.ChoiceField(label=_("Sent in"), required=False)
    factor = FactorField(label=_("times"), required=False, widget=forms.TextInput(NUMBER))
    offset = FactorField(label=_("plus"), required=False, widget=forms.TextInput(NUMBER))

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        described = descriptions()[kind].attributes if kind in descriptions() else {}
        named = sorted((one.label(words.language()), term) for term, one in described.items())
        known = set(described)
        told = (self.initial or {}).get("term", "")
        extra = [(told, told)] if told and told not in known else []
        self._choose("term", [("", ""), *extra, *((term, label) for label, term in named)])
        self._choose("unit", [("", gettext("as it is kept")), *words.units()])
        for one in self.fields.values():
            one.widget.attrs["class"] = "bv-input"

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("field") and not cleaned.get("term"):
            self.add_error("term", gettext("Say what this field tells."))
        if cleaned.get("offset") is not None and cleaned.get("factor") is None:
            cleaned["factor"] = 1.0
        return cleaned


class FieldsForm:
    """The fields of a device: one row each, and a few empty ones."""

    def __init__(self, kind: str, told: Sequence[dict[str, Any]], data: Any = None) -> None:
        self.error = ""
        self.seen = _mark(told)  # what the person who types has before their eyes
        self._was = data.get("seen") if data is not None else None
        count = _count(data, len(told)) if data is not None else len(told) + EMPTY_ROWS
        self.rows = [
            FieldForm(
                kind,
                data,
                prefix=f"f{at}",
                initial=told[at] if at < len(told) else {},
            )
            for at in range(count)
        ]

    def is_valid(self) -> bool:
        if self._was and self._was != self.seen:
            self.error = gettext(
                "Someone changed these fields meanwhile. What you typed stands here; open the page anew "
                "to see theirs, or save again to put yours in its place."
            )
            return False
        wrong = [row for row in self.rows if not row.is_valid()]  # all are looked at, so that each says what
        if wrong:
            return False
        names = [row.cleaned_data["field"].strip() for row in self.rows if row.cleaned_data.get("field")]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            self.error = gettext("The field “%(name)s” stands in two rows. Keep one of them.") % {
                "name": twice[0]
            }
        return not twice

    @property
    def has_errors(self) -> bool:
        return bool(self.error) or any(row.errors for row in self.rows if row.is_bound)

    def fields(self) -> dict[str, FieldDraft]:
        """What is read from now on, by field of the message."""
        found = {}
        for row in self.rows:
            given = row.cleaned_data
            if given.get("field"):
                found[given["field"].strip()] = FieldDraft(
                    given["term"], given["unit"], given["factor"], given["offset"]
                )
        return found


def _mark(told: Sequence[dict[str, Any]]) -> str:
    """What tells these rows from others, however they are ordered."""
    rows = sorted(json.dumps(one, sort_keys=True, default=str) for one in told)
    return sha256("\n".join(rows).encode())[:16]


def _count(data: Any, least: int) -> int:
    """How many rows were sent; at most what a page may hold."""
    at = least
    while at < 100 and f"f{at}-field" in data:
        at += 1
    return at
