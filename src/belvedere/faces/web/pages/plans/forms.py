"""The forms of a measure: what can be typed, checked and turned into what the verbs take."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import shapely
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import follow, payments, queries, views
from belvedere.domains.territory.public import name_in
from belvedere.duties.journal.public import entries_of
from belvedere.faces.web.language import NAMES
from belvedere.faces.web.pages.plans import histories, words
from belvedere.faces.web.pages.plans.fields import AmountField, ShapeField, point_at
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.identifiers import sha256
from belvedere.kernel.paging import Window

LONGEST_TITLE = 500


@dataclass(frozen=True)
class Subject:
    """What a form is about: the measure as it stands, and one of several things of it.

    `of` names their list, in the view or in what is followed; `item` is the identifier in the address.
    `asked` are the values the address proposes for the fields.
    """

    room: Room
    view: views.MeasureView
    item: str | None = None
    of: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def followed(self) -> follow.Followed:
        room = self.room
        return follow.followed(room.actor, self.view.id, room.language, territory_id=room.territory.id)

    @cached_property
    def account(self) -> payments.PaymentsView:
        """Contracts and payments; refused to those who do not work on the measure."""
        return payments.payments(self.room.actor, self.view.id, territory_id=self.room.territory.id)

    @cached_property
    def rows(self) -> Sequence[Any]:
        """The things of the kind, in order."""
        if not self.of:
            return ()
        if self.of in ("commitments", "payments"):
            return tuple(getattr(self.account, self.of))
        if self.of == "values":
            return [value for effect in self.followed.effects for value in effect.values]
        if self.of == "history":
            found = entries_of(("plans.measure", str(self.view.id)), Window(0, histories.SHOWN))
            return histories.old_values(found.rows, self.view, self.room)
        if hasattr(self.view, self.of):
            return tuple(getattr(self.view, self.of))
        return tuple(getattr(self.followed, self.of))

    @cached_property
    def row(self) -> Any:
        """The one in the address; None without, NotFound when it is not, or no longer, of this measure."""
        if self.item is None:
            return None
        for row in self.rows:
            if str(row.id) == self.item:
                return row
        raise NotFound(N_("This part of the measure is gone. Open the measure again."))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.room.territory.languages)


@dataclass(frozen=True, slots=True)
class Laid:
    """A field as it is laid out: over the whole width, under a heading, for some choices only."""

    field: forms.BoundField
    wide: bool
    heading: str
    only: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Fields laid out in numbered lines, `<column>_<line>`. `keys` tell the lines apart, a line without
    anything in `filled` is empty."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    filled: tuple[str, ...]

    def split(self, name: str) -> tuple[str, int] | None:
        """The column and the line of a field; None for one outside the grid."""
        column, _line, at = name.rpartition("_")
        return (column, int(at)) if column in self.columns and at.isdigit() else None


# What a form carries besides the fields that two people may both change.
NOT_MERGED = frozenset({"version", "was", "clashes", "reason", "geometry"})
BUILT_ON = "*"


class MeasureForm(forms.Form):
    """A form on a measure: the version that was read comes back with it, and what the fields showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    was = forms.CharField(widget=forms.HiddenInput, required=False)
    clashes = forms.CharField(widget=forms.HiddenInput, required=False)
    PROPOSES: tuple[str, ...] = ()  # fields that first show a proposal, not what stands
    GRID: Grid | None = None
    use_required_attribute = False
    is_danger = False
    has_file = False
    remark = ""  # a msgid, above the fields
    HEADINGS: Mapping[str, str] = {}  # the first field of a group -> its heading, a msgid
    ONLY: Mapping[str, str] = {}  # field -> the values of `CHOOSER` that it belongs to, with spaces
    CHOOSER = ""

    @property
    def button(self) -> str:
        """The word on the button that saves."""
        return gettext("Save")

    @property
    def laid_out(self) -> Iterator[Laid]:
        """The fields in order, without the reason."""
        for bound in self.visible_fields():
            if bound.name == "reason":
                continue
            attrs = bound.field.widget.attrs
            heading = self.HEADINGS.get(bound.name, "")
            yield Laid(
                bound,
                "rows" in attrs or "data-wide" in attrs,
                gettext(heading) if heading else "",
                self.ONLY.get(bound.name, ""),
            )

    def __init__(self, subject: Subject, data: Any = None, files: Any = None) -> None:
        self.subject = subject
        self.started = self.start(subject)
        known = {"version": subject.view.version, **self.started, **subject.asked}
        super().__init__(data, files, initial=known)
        self.prepare()
        reason = self.fields.pop("reason", None)
        if reason is not None:
            self.fields["reason"] = reason  # last, whatever was added
        if not self.is_bound:
            self.initial["was"] = json.dumps(showing(self))

    def start(self, subject: Subject) -> dict[str, Any]:
        """What the fields show first."""
        return {}

    def prepare(self) -> None:
        """Add the fields that depend on the measure."""

    def stands_on(self) -> dict[str, str]:
        """What the edit builds on and no field shows, by label: asked again when it moved meanwhile."""
        return {}

    def choose(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """What a field of choice offers."""
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    # ------------------------------------------------------------------ texts in several languages
    def codes(self, *known: Mapping[str, str]) -> list[str]:
        """The languages of the territory, and those in which something is said already."""
        return list(dict.fromkeys([*self.subject.languages, *(code for texts in known for code in texts)]))

    def add_texts(
        self, name: str, label: str, said: Mapping[str, str], *, rows: int = 0, longest: int = 500
    ) -> None:
        """A field of text for each language; `label` is in the reader's language already."""
        codes = self.codes(said)
        for code in codes:
            attrs = {"lang": code, **({"rows": rows} if rows else {"data-wide": ""})}
            shown = label if len(codes) == 1 else f"{label} ({language_name(code)})"
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=shown,
                required=False,
                max_length=longest,
                initial=said.get(code, ""),
                widget=forms.Textarea(attrs=attrs) if rows else forms.TextInput(attrs=attrs),
            )

    def texts(self, name: str) -> dict[str, str]:
        """What was typed, by language."""
        start = f"{name}_"
        return {
            key.removeprefix(start): text
            for key, text in self.cleaned_data.items()
            if key.startswith(start) and len(key) == len(start) + 2
        }


def showing(form: MeasureForm) -> dict[str, Any]:
    """What the fields of a form show when it is opened on the measure as it stands, whatever was sent."""
    shown: dict[str, Any] = {
        name: said_of(field, form.started.get(name, field.initial))
        for name, field in form.fields.items()
        if name not in NOT_MERGED and not isinstance(field, forms.FileField)
    }
    return shown | {BUILT_ON: form.stands_on()}


def said_of(field: forms.Field, value: Any) -> str:
    """A value of a field as one text, the same whether it was typed or shown."""
    if isinstance(field, forms.BooleanField):
        return "1" if field.to_python(value) else ""
    if isinstance(value, list | tuple):
        return ",".join(sorted(str(one) for one in value))
    if isinstance(field, forms.DateField):
        value = field.widget.format_value(value)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


class ReasonForm(MeasureForm):
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, help_text=_("Kept in the journal, with your name.")
    )

    def need_reason(self, sentence: str) -> None:
        """A reason is due; it may wait until what the change brings was seen."""
        if self.data.get("act") != "preview":
            self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = sentence


def language_name(code: str) -> str:
    return NAMES.get(code, code.upper())


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


class TextsForm(ReasonForm):
    """What the measure is: title, description, justification, kind, category."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)

    def start(self, subject: Subject) -> dict[str, Any]:
        return {"kind": subject.view.kind, "category": str(subject.view.category_id or "")}

    def prepare(self) -> None:
        view, room = self.subject.view, self.subject.room
        kind, category = self.fields.pop("kind"), self.fields.pop("category")
        self.add_texts("title", gettext("Title"), view.title, longest=LONGEST_TITLE)
        self.add_texts("description", gettext("What and why"), view.description, rows=5, longest=20_000)
        self.add_texts(
            "justification", gettext("Why it is needed"), view.justification, rows=3, longest=20_000
        )
        self.fields["kind"] = kind
        self.choose("kind", ((value.value, gettext(label)) for value, label in words.KINDS.items()))
        known = [
            (str(pk), name_in(names, room.language, room.territory.languages))
            for pk, names in queries.categories(view.territory_id)
        ]
        if known:
            self.fields["category"] = category
            self.choose("category", [*([("", gettext("none"))] if view.category_id is None else []), *known])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(self.texts("title").values()):
            first = next(name for name in self.fields if name.startswith("title_"))
            if first not in self.errors:
                self.add_error(first, gettext("Give a title in at least one language."))
        return cleaned


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

    PROPOSES = ("published",)

    def stands_on(self) -> dict[str, str]:
        shown = self.subject.view.published
        return {gettext("Visibility"): gettext("published") if shown else gettext("not published")}


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
        site = self.subject.row
        return json.dumps(site.geometry) if site else ""

    def stands_on(self) -> dict[str, str]:
        site = self.subject.row
        if site is None:
            return {}
        at = shapely.geometry.shape(site.geometry).representative_point()
        size = site.length_m or site.area_m2
        return {gettext("Where the site lies"): f"{at.x:.5f}, {at.y:.5f} · {size:.0f}"}

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

    def stands_on(self) -> dict[str, str]:
        # What it says now is told by the history; here it is enough to know that it is not the same.
        return {gettext("What would be removed"): f"#{sha256(repr(self.subject.row).encode())[:12]}"}


class PutBackForm(ReasonForm):
    """Putting back what was taken away."""

    @property
    def button(self) -> str:
        return gettext("Put back")


class RemoveForReasonForm(RemoveForm):
    """Taking away what others may rely on: a reason is due."""

    def prepare(self) -> None:
        self.need_reason(gettext("Say why: the reason is kept in the journal."))


class RemoveFundingForm(RemoveForm):
    """Taking a funding line away."""

    remark = N_("To keep a refusal on record, change its state instead.")
