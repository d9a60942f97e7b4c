"""What is typed of scenes, of what overrides them and of savings; the verbs decide if it can be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.commands.public import Form, Kind
from belvedere.domains.scenes.errors import BadScene
from belvedere.domains.scenes.public import (
    CONFIDENCE_NAMES,
    By,
    Confidence,
    EntryDraft,
    Figures,
    OverrideBody,
    Reach,
    SceneBody,
    SheetBody,
    StepBody,
    WhenBody,
)
from belvedere.faces.web.pages.commands import words as commands_words
from belvedere.faces.web.pages.connections.forms import Blamed
from belvedere.faces.web.pages.scenes import words
from belvedere.kernel.errors import N_, BelvedereError
from belvedere.kernel.holidays import CALENDARS

SHEETS: Final = 2
STEPS: Final = 6
_CLOCK: Final = re.compile(r"(\d{1,2})\s*[:hH.]\s*(\d{2})")
_DAY: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.?")
_DATE: Final = {"type": "date"}
_PLACE: Final = re.compile(r"sheets\.(\d)\.(?:steps\.(\d+)\.(when|value)|(steps|days|season))")


def value_field(kind: Kind, label: str, *, required: bool) -> forms.Field:
    """A field for the value of a kind of command."""
    if kind.form is Form.CHOICE:
        choices = [("", "–"), *((one, kind.shown(one, words_language())) for one in kind.choices)]
        return forms.ChoiceField(label=label, choices=choices, required=required)
    if kind.form is Form.TEXT:
        return forms.CharField(label=label, required=required, max_length=kind.longest)
    return forms.CharField(
        label=f"{label} ({kind.low:g}–{kind.high:g} {kind.unit})",
        required=required,
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )


def words_language() -> str:
    return commands_words.language()


def read_when(by: str, text: str, field: str) -> WhenBody:
    """ "22:30" for the clock; "", "15" or "-15" minutes for the sun."""
    text = text.strip().replace("\u2212", "-")
    if by == By.CLOCK.value:
        found = _CLOCK.fullmatch(text)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise BadScene(N_("Write an hour like 22:00."), field=field)
        return WhenBody(By.CLOCK, int(found[1]) * 60 + int(found[2]))
    if not re.fullmatch(r"[+-]?\d{0,3}", text) or text in ("+", "-"):
        raise BadScene(N_("Write minutes like 15, or -15 for before."), field=field)
    return WhenBody(By(by), int(text or 0))


def typed_when(of: WhenBody) -> str:
    if of.by is By.CLOCK:
        return f"{of.minutes // 60:02}:{of.minutes % 60:02}"
    return f"{of.minutes:+d}" if of.minutes else ""


class SceneForm(Blamed):
    """Two programmes of steps, the second for other days."""

    name = forms.CharField(label=_("Name"), max_length=120)
    owner = forms.ChoiceField(label=_("Organisation"))
    street = forms.CharField(
        label=_("Street"),
        required=False,
        max_length=200,
        help_text=_("A part of the names of the things. Empty: all of the organisation."),
    )
    under = forms.ChoiceField(label=_("Cabinet"), required=False)
    calendar = forms.ChoiceField(label=_("Public holidays of"), required=False)
    lamp_w = forms.FloatField(label=_("Installed power of a lamp (W)"), required=False, min_value=0)
    price = forms.CharField(label=_("Price of a kWh"), required=False, max_length=12)
    grams = forms.FloatField(label=_("CO₂ of a kWh (g)"), required=False, min_value=0)
    source = forms.CharField(label=_("Where these figures are from"), required=False, max_length=200)
    before = forms.FloatField(
        label=_("Level before, from sunset to sunrise (%)"), required=False, min_value=1, max_value=100
    )

    def __init__(
        self,
        kind: Kind,
        owners: Mapping[UUID, str],
        cabinets: Mapping[UUID, str],
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.kind = kind
        self.choose("owner", [(str(key), name) for key, name in owners.items()])
        self.choose("under", [("", "–"), *((str(key), name) for key, name in cabinets.items())])
        self.choose("calendar", [("", "–"), *((one, one) for one in CALENDARS)])
        for sheet in range(SHEETS):
            self._add_sheet(sheet)
        self._rows: dict[int, list[int]] = {}

    def _add_sheet(self, sheet: int) -> None:
        self.fields[f"days{sheet}"] = forms.TypedMultipleChoiceField(
            label=_("Days"),
            coerce=int,
            required=False,
            choices=words.day_choices(),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[f"first{sheet}"] = forms.CharField(
            label=_("From the day"), required=False, max_length=6, help_text=_("Like 01.11. Empty: all year.")
        )
        self.fields[f"last{sheet}"] = forms.CharField(label=_("Until the day"), required=False, max_length=6)
        for step in range(STEPS):
            self.fields[f"by{sheet}_{step}"] = forms.ChoiceField(
                label=gettext("Step %(n)s") % {"n": step + 1}, required=False, choices=words.by_choices()
            )
            self.fields[f"at{sheet}_{step}"] = forms.CharField(
                label=_("Hour, or minutes after the sun"), required=False, max_length=8
            )
            self.fields[f"value{sheet}_{step}"] = value_field(
                self.kind, self.kind.label(words_language()), required=False
            )

    def sheets(self) -> list[dict[str, Any]]:
        """The fields of each programme, for the page."""
        return [
            {
                "number": sheet,
                "days": self[f"days{sheet}"],
                "season": [self[f"first{sheet}"], self[f"last{sheet}"]],
                "steps": [self._step(sheet, step) for step in range(STEPS)],
                "is_typed": any(self[f"value{sheet}_{step}"].value() for step in range(STEPS)),
            }
            for sheet in range(SHEETS)
        ]

    def _step(self, sheet: int, step: int) -> list[BoundField]:
        return [self[f"{name}{sheet}_{step}"] for name in ("by", "at", "value")]

    def body(self, old: SceneBody) -> SceneBody:
        """What was typed; what the form does not ask for stays as it is in `old`.

        Raises:
            BadScene: an hour or a figure cannot be read.
        """
        given = self.cleaned_data
        sheets = [one for one in (self._sheet(number) for number in range(SHEETS)) if one is not None]
        reach = Reach(
            things=old.reach.things,
            under=(UUID(given["under"]),) if given["under"] else (),
            street=given["street"].strip(),
            places=old.reach.places,
        )
        return SceneBody(
            command=self.kind.slug,
            sheets=(*sheets, *old.sheets[SHEETS:]),
            reach=reach,
            by_night=old.by_night,
            calendar=given["calendar"],
            figures=self._figures(),
        )

    def _sheet(self, sheet: int) -> SheetBody | None:
        given = self.cleaned_data
        rows = [step for step in range(STEPS) if str(given[f"value{sheet}_{step}"]).strip()]
        self._rows[sheet] = rows
        if not rows and sheet:
            return None
        steps = tuple(
            StepBody(
                read_when(given[f"by{sheet}_{step}"], given[f"at{sheet}_{step}"], f"at{sheet}_{step}"),
                given[f"value{sheet}_{step}"],
            )
            for step in rows
        )
        first, last = given[f"first{sheet}"].strip(), given[f"last{sheet}"].strip()
        season = None
        if first or last:
            season = (_month_day(first, f"first{sheet}"), _month_day(last, f"last{sheet}"))
        return SheetBody(steps, tuple(given[f"days{sheet}"]), season)

    def _figures(self) -> Figures | None:
        given = self.cleaned_data
        if given["lamp_w"] is None:
            return None
        return Figures(
            given["lamp_w"],
            given["price"].strip().replace(",", ".") or "0",
            given["grams"] or 0.0,
            given["source"],
            given["before"] or 100.0,
        )

    def blame(self, error: BelvedereError) -> None:
        found = _PLACE.fullmatch(str(error.data.get("field", "")))
        if found is not None:
            sheet = int(found[1])
            if found[2] is not None:
                rows = self._rows.get(sheet, [])
                step = rows[int(found[2])] if int(found[2]) < len(rows) else 0
                error.data["field"] = f"{'at' if found[3] == 'when' else 'value'}{sheet}_{step}"
            else:
                name = {"steps": f"value{sheet}_0", "days": f"days{sheet}", "season": f"first{sheet}"}
                error.data["field"] = name[found[4]]
        super().blame(error)


def typed_scene(name: str, owner_id: UUID | None, body: SceneBody) -> dict[str, Any]:
    """What the form of a scene begins with."""
    found: dict[str, Any] = {
        "name": name,
        "owner": str(owner_id or ""),
        "street": body.reach.street,
        "under": str(body.reach.under[0]) if body.reach.under else "",
        "calendar": body.calendar,
        "before": 100,
    }
    if body.figures is not None:
        one = body.figures
        found |= {"lamp_w": one.lamp_w, "price": one.price, "grams": one.grams, "source": one.source}
        found["before"] = one.before
    for number, sheet in enumerate(body.sheets[:SHEETS]):
        found[f"days{number}"] = list(sheet.days)
        if sheet.season is not None:
            for field, edge in zip(("first", "last"), sheet.season, strict=True):
                found[f"{field}{number}"] = f"{edge[3:]}.{edge[:2]}"
        for place, step in enumerate(sheet.steps[:STEPS]):
            found[f"by{number}_{place}"] = step.when.by.value
            found[f"at{number}_{place}"] = typed_when(step.when)
            value = step.value
            found[f"value{number}_{place}"] = value if isinstance(value, str) else f"{value:g}"
    return found


def _month_day(text: str, field: str) -> str:
    found = _DAY.fullmatch(text)
    if found is None:
        raise BadScene(N_("Write a day of the year like 01.11."), field=field)
    return f"{int(found[2]):02}-{int(found[1]):02}"


class HandForm(Blamed):
    """Switch now, until a time."""

    until = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput({"type": "datetime-local"}))
    street = forms.CharField(
        label=_("Street"),
        required=False,
        max_length=200,
        help_text=_("Empty: all things of the scene."),
    )
    why = forms.CharField(label=_("Why"), required=False, max_length=200)

    def __init__(self, kind: Kind, zone: str, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="hand_%s")
        self._zone = ZoneInfo(zone)
        self.fields["value"] = value_field(kind, kind.label(words_language()), required=True)
        self.order_fields(["value", "until", "street", "why"])

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        until: datetime = data["until"]
        return {
            "value": data["value"],
            "until": until.replace(tzinfo=self._zone),
            "reach": Reach(street=data["street"].strip()),
            "why": data["why"],
        }


class OverrideForm(Blamed):
    """An exception by the calendar."""

    why = forms.CharField(label=_("Occasion"), max_length=200)
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(_DATE))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(_DATE))
    begin_by = forms.ChoiceField(label=_("Begins"))
    begin = forms.CharField(label=_("Hour, or minutes after the sun"), required=False, max_length=8)
    end_by = forms.ChoiceField(label=_("Ends"))
    end = forms.CharField(label=_("Hour, or minutes after the sun"), required=False, max_length=8)
    street = forms.CharField(
        label=_("Street"), required=False, max_length=200, help_text=_("Empty: all things of the scene.")
    )

    def __init__(self, kind: Kind, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["value"] = value_field(kind, kind.label(words_language()), required=True)
        self.choose("begin_by", words.by_choices())
        self.choose("end_by", words.by_choices())
        self.order_fields(["why", "street", "value", "first", "last", "begin_by", "begin", "end_by", "end"])

    def body(self) -> OverrideBody:
        given = self.cleaned_data
        first: date = given["first"]
        last: date = given["last"]
        return OverrideBody(
            given["value"],
            first.isoformat(),
            last.isoformat(),
            read_when(given["begin_by"], given["begin"], "begin"),
            read_when(given["end_by"], given["end"], "end"),
            Reach(street=given["street"].strip()),
        )


class EntryForm(Blamed):
    """A line of the ledger."""

    title = forms.CharField(label=_("What was done"), max_length=160)
    owner = forms.ChoiceField(label=_("Organisation"))
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(_DATE))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(_DATE))
    before_kwh = forms.DecimalField(
        label=_("Used before (kWh)"), min_value=0, max_digits=13, decimal_places=2,
        help_text=_("Over as many days, before it was done."),
    )  # fmt: skip
    after_kwh = forms.DecimalField(label=_("Used after (kWh)"), min_value=0, max_digits=13, decimal_places=2)
    price = forms.DecimalField(label=_("Price of a kWh"), min_value=0, max_digits=8, decimal_places=4)
    grams = forms.DecimalField(label=_("CO₂ of a kWh (g)"), min_value=0, max_digits=8, decimal_places=2)
    spent = forms.DecimalField(label=_("What it cost"), min_value=0, max_digits=13, decimal_places=2)
    confidence = forms.ChoiceField(label=_("How it is known"))
    source = forms.CharField(label=_("Where these figures are from"), max_length=300)

    def __init__(self, owners: Mapping[UUID, str], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.choose("owner", [(str(key), name) for key, name in owners.items()])
        self.choose("confidence", [(one.value, gettext(CONFIDENCE_NAMES[one])) for one in Confidence])

    def draft(self) -> EntryDraft:
        given = dict(self.cleaned_data)
        owner, confidence = UUID(given.pop("owner")), Confidence(given.pop("confidence"))
        return EntryDraft(owner_id=owner, confidence=confidence, **given)
