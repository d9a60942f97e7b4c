"""What is typed of a roster and of a stand-in; the verbs decide whether it can be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.duty.public import RosterBody, ShiftBody
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.duty import words
from belvedere.faces.web.pages.duty.plan_words import clock
from belvedere.kernel.errors import BelvedereError
from belvedere.kernel.holidays import CALENDARS

MOST_PEOPLE = 8
_PEOPLE = [f"person{number}" for number in range(1, MOST_PEOPLE + 1)]
WEEKS, SHIFTS = "weeks", "shifts"
_INSTANT = forms.DateTimeInput(attrs={"type": "datetime-local"})


class Shown(forms.Form):
    def show(self, error: BelvedereError) -> None:
        """Put the sentence of `error` beside the field it names, else above the form."""
        name = error.data.get("field")
        self.add_error(name if name in self.fields else None, sentence(error))


def clock_field(label: Any, **more: Any) -> forms.TimeField:
    """A time of the day, on the clock of the territory."""
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}), **more)


def minute_of(at: time) -> int:
    """The minute of the day."""
    return at.hour * 60 + at.minute


def version_in(data: QueryDict) -> int | None:
    """The version of what is changed, as it was when the form was opened; None where none was sent."""
    given = data.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def numbers_in(data: QueryDict, name: str, most: int) -> list[str]:
    """The numbers of the rows of a form, in order: they keep them while others come and go."""
    given = [one for one in data.getlist(name) if one.isascii() and one.isdigit() and len(one) < 4]
    return list(dict.fromkeys(given))[:most]


def sent(form: forms.Form) -> dict[str, Any]:
    """What was typed into a form as it was sent, to be shown again before it is judged."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }


class RosterForm(Shown):
    """Who takes turns: by week, in order, with when they hand over; or by shifts, typed beside it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    turns = forms.ChoiceField(
        label=_("They take turns"),
        required=False,
        widget=forms.RadioSelect,
        choices=[(WEEKS, _("by week")), (SHIFTS, _("by shifts: hours of some days"))],
    )
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    weekday = forms.TypedChoiceField(label=_("Handed over on"), coerce=int)
    hour = clock_field(_("At"))
    calendar = forms.ChoiceField(label=_("Public holidays of"), required=False)
    holiday = forms.ChoiceField(label=_("On duty on holidays"), required=False)

    def __init__(self, names: Mapping[UUID, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [("", "–"), *((str(key), name) for key, name in names.items())]
        for number, key in enumerate(_PEOPLE, 1):
            self.fields[key] = forms.ChoiceField(
                label=gettext("Turn %(n)s") % {"n": number}, choices=people, required=False
            )
        fields: Any = self.fields
        fields["weekday"].choices = words.weekdays()
        fields["calendar"].choices = [("", "–"), *((one, one) for one in CALENDARS)]
        fields["holiday"].choices = people

    @property
    def week(self) -> list[forms.BoundField]:
        """The fields of turns by week."""
        return [self[name] for name in ("weekday", "hour", *_PEOPLE)]

    @property
    def common(self) -> list[forms.BoundField]:
        return [self[name] for name in ("calendar", "holiday")]

    @property
    def by_shifts(self) -> bool:
        return bool(self.cleaned_data["turns"] == SHIFTS)

    def body(self, shifts: Sequence[ShiftBody]) -> RosterBody:
        """What counts of what was typed: the weeks or the shifts."""
        given = self.cleaned_data
        people = [] if self.by_shifts else [given[name] for name in _PEOPLE]
        return RosterBody(
            given["first"],
            tuple(UUID(one) for one in people if one),
            given["weekday"],
            minute_of(given["hour"]),
            tuple(shifts) if self.by_shifts else (),
            calendar=given["calendar"] if given["holiday"] else "",
            on_holidays=(UUID(given["holiday"]),) if given["holiday"] else (),
        )


def typed(name: str, body: RosterBody) -> dict[str, Any]:
    """What the form of a roster begins with."""
    return {
        "name": name,
        "first": body.first.isoformat(),
        "turns": SHIFTS if body.shifts else WEEKS,
        "weekday": body.weekday,
        "hour": clock(body.minute),
        "calendar": body.calendar,
        "holiday": str(body.on_holidays[0]) if body.on_holidays else "",
        **{f"person{number}": str(one) for number, one in enumerate(body.people, 1)},
    }


class StandInForm(Shown):
    """Who stands in, and from when until when, on the clock of the territory."""

    person = forms.ChoiceField(label=_("Who stands in"))
    instead_of = forms.ChoiceField(label=_("Instead of"), required=False)
    since = forms.DateTimeField(label=_("From"), widget=_INSTANT)
    until = forms.DateTimeField(label=_("Until"), widget=_INSTANT)
    why = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(
        self, names: Mapping[UUID, str], members: Mapping[UUID, str], zone: str, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(zone)
        fields: Any = self.fields
        fields["person"].choices = [(str(key), name) for key, name in names.items()]
        anybody = ("", gettext("whoever is on duty"))
        fields["instead_of"].choices = [anybody, *((str(key), name) for key, name in members.items())]

    def given(self) -> dict[str, Any]:
        def here(at: datetime) -> datetime:
            return at.replace(tzinfo=self._zone)

        data = self.cleaned_data
        return {
            "person_id": UUID(data["person"]),
            "instead_of": UUID(data["instead_of"]) if data["instead_of"] else None,
            "since": here(data["since"]),
            "until": here(data["until"]),
            "why": data["why"],
        }
