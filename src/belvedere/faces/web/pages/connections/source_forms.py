"""What is typed of a source: where it is, how often it is asked, and what its fields tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.connections.public import (
    KIND_OF_FORM,
    SOURCE_FORMS,
    FieldMap,
    ListMap,
    Offer,
    SourceDraft,
    SourceForm,
    SourceView,
)
from belvedere.domains.twin.public import Visibility, descriptions
from belvedere.faces.web.pages.connections.forms import Blamed
from belvedere.faces.web.pages.live import words
from belvedere.faces.web.pages.live.device_forms import CODE, NOBODY
from belvedere.kernel.errors import BelvedereError

EVERY_S = (60, 120, 300, 600, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400)
EMPTY_ROWS = 3
MOST_ROWS = 50


class SourceEditForm(Blamed):
    """A source that is there."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("As you call it, for example “Bikes of the city”.")
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Of the data itself, beginning with https://"),
        widget=forms.TextInput({**CODE, "inputmode": "url"}),
    )
    every = forms.TypedChoiceField(label=_("Asked every"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind of things it tells of"), required=False)
    creates = forms.BooleanField(
        label=_("Create things that are not known yet"), required=False, initial=True
    )
    visibility = forms.ChoiceField(label=_("New things are seen by"))
    begins = forms.CharField(
        label=_("The names of its devices begin with"),
        required=False,
        max_length=24,
        help_text=_("Empty: with its name, or with nothing when it creates no things."),
        widget=forms.TextInput(CODE),
    )
    header = forms.CharField(
        label=_("Header with a key, if it wants one"),
        required=False,
        max_length=60,
        help_text=_("For example Authorization or X-Api-Key."),
        widget=forms.TextInput(CODE),
    )
    secret = forms.CharField(
        label=_("What the header holds"),
        required=False,
        max_length=2000,
        help_text=_("Kept encrypted and never shown again. Empty: it stays as it is."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        kinds = sorted((one.label(words.language()), slug) for slug, one in descriptions().items())
        self.choose("kind", [("", gettext("choose")), *((slug, label) for label, slug in kinds)])
        self.choose("every", [(str(one), words.span(one)) for one in EVERY_S])
        self.choose("visibility", [(one.value, gettext(text)) for one, text in words.VISIBILITIES.items()])

    def blame(self, error: BelvedereError) -> None:
        named = {"prefix": "begins", "minutes": "every"}
        error.data["field"] = named.get(str(error.data.get("field")), error.data.get("field"))
        super().blame(error)

    @classmethod
    def of(cls, view: SourceView, data: Any = None) -> SourceEditForm:
        return cls(
            data,
            {
                "name": view.name,
                "url": view.url,
                "every": view.every_s,
                "kind": view.kind,
                "creates": view.creates,
                "visibility": view.visibility.value,
                "begins": view.prefix,
                "header": view.header,
            },
        )

    def draft(self, form: SourceForm) -> SourceDraft:
        given = self.cleaned_data
        return SourceDraft(
            form=form,
            name=given["name"],
            url=given["url"],
            kind=given["kind"],
            every_s=given["every"],
            header=given["header"],
            secret=given["secret"] or None,
            prefix=given["begins"],
            creates=given["creates"],
            visibility=Visibility(given["visibility"]),
        )


class NewSourceForm(SourceEditForm):
    """A source to connect."""

    form = forms.ChoiceField(label=_("What is there"))
    owner = forms.ChoiceField(label=_("Speaks for the devices of"))
    field_order = (
        "form", "name", "url", "kind", "owner", "every", "creates", "visibility", "header",
        "secret", "begins",
    )  # fmt: skip

    def __init__(self, owners: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data, {"every": 300, "visibility": Visibility.SHARED.value, "creates": True})
        self.choose("form", [(one.value, gettext(text)) for one, text in SOURCE_FORMS.items()])
        self.choose("owner", list(owners))
        self.fields["kind"].help_text = gettext("Only for a list; a standard says so itself.")
        self.fields["secret"].help_text = gettext("Kept encrypted and never shown again.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("form")
            and SourceForm(cleaned["form"]) not in KIND_OF_FORM
            and not cleaned.get("kind")
        ):
            self.add_error("kind", gettext("Say what kind of things it tells of."))
        return cleaned

    @property
    def owner_id(self) -> UUID | None:
        owner = self.cleaned_data["owner"]
        return None if owner == NOBODY else UUID(owner)

    def new(self) -> SourceDraft:
        return self.draft(SourceForm(self.cleaned_data["form"]))


class PlacesForm(Blamed):
    """Where in the list is what every list has."""

    items = forms.ChoiceField(label=_("The list"), required=False)
    id = forms.ChoiceField(label=_("Names the thing"), required=False)
    name = forms.ChoiceField(label=_("What people call it"), required=False)
    time = forms.ChoiceField(label=_("The time"), required=False)
    longitude = forms.ChoiceField(label=_("Longitude"), required=False)
    latitude = forms.ChoiceField(label=_("Latitude"), required=False)


class FieldRow(Blamed):
    """What one field of the list tells; one without a field is left out."""

    source = forms.ChoiceField(label=_("Field of the list"), required=False)
    term = forms.ChoiceField(label=_("What it says"), required=False)
    unit = forms.ChoiceField(label=_("Comes in"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("source") and not cleaned.get("term"):
            self.add_error("term", gettext("Say what this field tells."))
        return cleaned


class MappingForm:
    """How a list is read: its places, and a row for each field that tells something."""

    #: Places that are not asked for.
    LEFT_OUT: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, kind: str, how: ListMap, offered: Offer, data: Any = None) -> None:
        self.error = ""
        self._zone = how.zone
        told = {name: getattr(how, name) for name in PlacesForm.base_fields}
        self.places = PlacesForm(data, initial=told)
        fields = self._fields(offered)
        self.places.choose("items", self._lists(offered, how))
        nothing = self._nothing()
        for name in ("id", "name", "time", "longitude", "latitude"):
            self.places.choose(name, self._with(fields, told[name], nothing.get(name, gettext("no field"))))
        for name in self.LEFT_OUT:
            del self.places.fields[name]
        rows = [{"source": one.source, "term": one.term, "unit": one.unit} for one in how.fields]
        count = len(rows) + EMPTY_ROWS
        if data is not None:
            count = sum(1 for at in range(MOST_ROWS) if f"f{at}-source" in data)
        self.rows = [
            self._row(kind, fields, at, rows[at] if at < len(rows) else {}, data) for at in range(count)
        ]

    def _nothing(self) -> dict[str, str]:
        """What it means that no field is chosen."""
        return {"id": gettext("none: it is one thing"), "time": gettext("none: when it is asked")}

    @staticmethod
    def _fields(offered: Offer) -> list[tuple[str, str]]:
        return [(path, f"{path} ({example})" if example else path) for path, example in offered.fields]

    @staticmethod
    def _lists(offered: Offer, how: ListMap) -> list[tuple[str, str]]:
        found = {
            path: gettext("%(name)s (%(rows)s rows)") % {"name": path or gettext("the whole"), "rows": rows}
            for path, rows in offered.lists
        }
        found.setdefault(how.items, how.items or gettext("the whole"))
        return list(found.items())

    @staticmethod
    def _with(fields: list[tuple[str, str]], told: str, nothing: str) -> list[tuple[str, str]]:
        extra = [(told, told)] if told and told not in dict(fields) else []
        return [("", nothing), *extra, *fields]

    def _row(
        self, kind: str, fields: list[tuple[str, str]], at: int, told: Mapping[str, str], data: Any
    ) -> FieldRow:
        row = FieldRow(data, prefix=f"f{at}", initial=dict(told))
        described = descriptions()[kind].attributes
        terms = sorted((one.label(words.language()), term) for term, one in described.items())
        row.choose("source", self._with(fields, told.get("source", ""), ""))
        row.choose("term", [("", ""), *((term, label) for label, term in terms)])
        row.choose("unit", [("", gettext("as it is kept")), *words.units()])
        for one in row.fields.values():
            one.widget.attrs["class"] = "bv-input"
        return row

    def is_valid(self) -> bool:
        valid = [one.is_valid() for one in (self.places, *self.rows)]  # all are looked at
        return all(valid)

    @property
    def has_errors(self) -> bool:
        return bool(self.error) or any(one.errors for one in (self.places, *self.rows) if one.is_bound)

    def mapping(self) -> ListMap:
        """As it is read from now on."""
        told = {name: self.places.cleaned_data.get(name, "") for name in PlacesForm.base_fields}
        fields = tuple(
            FieldMap(given["source"], given["term"], given["unit"])
            for given in (row.cleaned_data for row in self.rows)
            if given.get("source")
        )
        return ListMap(**told, zone=self._zone, fields=fields)
