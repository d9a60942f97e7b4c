"""What is typed of the shifts of a roster: hours of some days, and who takes them in turn week by week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.duty.public import ShiftBody
from belvedere.faces.web.pages.duty import words
from belvedere.faces.web.pages.duty.forms import MOST_PEOPLE, clock_field, minute_of, numbers_in, sent
from belvedere.faces.web.pages.duty.plan_words import clock

MOST_SHIFTS = 14
_PEOPLE = [f"person{number}" for number in range(1, MOST_PEOPLE + 1)]


class ShiftForm(forms.Form):
    """One stretch of hours, on some days."""

    days = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Say on which days.")},
    )
    start = clock_field(_("From"))
    end = clock_field(_("Until"), help_text=_("Not later than the beginning: on the next day."))

    def __init__(self, names: Mapping[UUID, str], key: str, data: Any = None, **start: Any) -> None:
        super().__init__(data, prefix=f"s{key}", initial=start)
        self.key = key
        fields: Any = self.fields
        fields["days"].choices = words.weekdays()
        people = [("", "–"), *((str(one), name) for one, name in names.items())]
        for number, name in enumerate(_PEOPLE, 1):
            label = gettext("Turn %(n)s") % {"n": number}
            fields[name] = forms.ChoiceField(label=label, choices=people, required=False)

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """Whose turn it is, as many as mostly take turns."""
        return [self[name] for name in _PEOPLE[:3]]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in _PEOPLE[3:]]

    @property
    def has_more(self) -> bool:
        return any(one.value() for one in self.more_fields)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(given.get(name) for name in _PEOPLE) and not set(_PEOPLE) & set(self.errors):
            self.add_error("person1", gettext("Say whose turn it is."))
        return given

    def body(self) -> ShiftBody:
        given = self.cleaned_data
        people = tuple(UUID(given[name]) for name in _PEOPLE if given[name])
        return ShiftBody(tuple(given["days"]), minute_of(given["start"]), minute_of(given["end"]), people)


def shifts_of(names: Mapping[UUID, str], shifts: tuple[ShiftBody, ...]) -> list[ShiftForm]:
    """The shifts as the form begins: those of the roster, or an empty one to write the first."""
    begun = [
        ShiftForm(
            names,
            str(number),
            days=[str(day) for day in one.days],
            start=clock(one.start),
            end=clock(one.end),
            **{name: str(who) for name, who in zip(_PEOPLE, one.people, strict=False)},
        )
        for number, one in enumerate(shifts)
    ]
    return begun or [ShiftForm(names, "0")]


def shifts_in(names: Mapping[UUID, str], data: QueryDict) -> list[ShiftForm]:
    """The shifts as they were sent, to be judged."""
    keys = numbers_in(data, "shift", MOST_SHIFTS)
    return [ShiftForm(names, key, data) for key in keys] or [ShiftForm(names, "0")]


def shifts_reshaped(names: Mapping[UUID, str], data: QueryDict) -> list[ShiftForm]:
    """The shifts with one more or less; what was typed stays, and nothing is judged yet."""
    keys = numbers_in(data, "shift", MOST_SHIFTS) or ["0"]
    dropped = data.get("drop")
    if dropped in keys and len(keys) > 1:
        keys.remove(dropped)
    kept = [ShiftForm(names, key, **sent(ShiftForm(names, key, data))) for key in keys]
    if "more" in data and len(keys) < MOST_SHIFTS:
        kept.append(ShiftForm(names, str(max(int(one) for one in keys) + 1)))
    return kept
