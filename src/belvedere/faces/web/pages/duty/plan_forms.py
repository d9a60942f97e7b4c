"""What is typed of a plan of climbing; the verb decides whether it can be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.duty.public import (
    CHANNEL_NAMES,
    CHOSEN,
    MOST_LEVELS,
    TARGET_NAMES,
    Channel,
    LevelBody,
    PlanBody,
    PlanView,
    Target,
    Whom,
)
from belvedere.faces.web.pages.duty.forms import Shown, clock_field, minute_of, numbers_in, sent, version_in
from belvedere.faces.web.pages.duty.plan_words import clock
from belvedere.faces.web.pages.duty.plan_words import whom as whom_in_words
from belvedere.kernel.severity import SEVERITY_NAMES, Severity

LONGEST_MIN = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen: rosters, people and rooms by name, kinds of things by slug."""

    rosters: Mapping[UUID, str]
    people: Mapping[UUID, str]
    kinds: Mapping[str, str]
    rooms: Mapping[UUID, str]

    @property
    def names(self) -> dict[UUID, str]:
        """Of all that can be told."""
        return {**self.rosters, **self.people, **self.rooms}


class PlanForm(Shown):
    """What the plan holds for, how it repeats, when it keeps quiet."""

    name = forms.CharField(label=_("Name"), max_length=120)
    severities = forms.TypedMultipleChoiceField(
        label=_("How urgent"),
        coerce=lambda one: Severity(int(one)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Say for how urgent alarms the plan holds.")},
    )
    kinds = forms.MultipleChoiceField(
        label=_("Only for these kinds of things"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: for all."),
    )
    repeat_min = forms.IntegerField(
        label=_("Minutes until the last level is told again"), min_value=5, max_value=LONGEST_MIN
    )
    quiet_most = forms.TypedChoiceField(label=_("Keep quiet at night for"), coerce=int)
    quiet_from = clock_field(_("Quiet from"))
    quiet_until = clock_field(_("Quiet until"))

    def __init__(self, offered: Offered, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        graver = sorted(SEVERITY_NAMES.items(), reverse=True)
        fields["severities"].choices = [(str(int(one)), gettext(name)) for one, name in graver]
        fields["kinds"].choices = list(offered.kinds.items())
        upto = [
            ("0", gettext("nothing: alarms are told at any hour")),
            (str(int(Severity.INFO)), gettext("what only informs")),
            (str(int(Severity.MINOR)), gettext("minor alarms and what only informs")),
            (str(int(Severity.MAJOR)), gettext("all but critical alarms")),
        ]
        fields["quiet_most"].choices = upto


class LevelForm(forms.Form):
    """Whom one level tells, by what, after how long."""

    after = forms.IntegerField(
        label=_("Minutes after the alarm without anybody acknowledging it"),
        min_value=0,
        max_value=LONGEST_MIN,
        help_text=_("0: at once."),
    )
    whom = forms.MultipleChoiceField(
        label=_("Who is told"), required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.MultipleChoiceField(
        label=_("People by name"), required=False, widget=forms.CheckboxSelectMultiple
    )
    channels = forms.TypedMultipleChoiceField(
        label=_("By what"),
        coerce=Channel,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Say by what they are told.")},
    )

    def __init__(
        self, offered: Offered, key: str, kept: tuple[Whom, ...], data: Any = None, **start: Any
    ) -> None:
        super().__init__(data, prefix=f"l{key}", initial=start)
        self.key = key
        fields: Any = self.fields
        groups = [Whom(one) for one in TARGET_NAMES]
        rosters = [Whom(Target.ROSTER, one) for one in offered.rosters]
        people = [Whom(Target.PERSON, one) for one in offered.people]
        rooms = [Whom(Target.ROOM, one) for one in offered.rooms]
        # Whom a plan names though they are there no more is shown, to be taken out by hand.
        gone = [one for one in kept if one not in [*groups, *rosters, *people, *rooms]]
        rosters += [one for one in gone if one.target is Target.ROSTER]
        people += [one for one in gone if one.target is Target.PERSON]
        rooms += [one for one in gone if one.target is Target.ROOM]
        names = offered.names
        fields["whom"].choices = [
            (_value(one), whom_in_words(one, names)) for one in (*rosters, *groups, *rooms)
        ]
        fields["people"].choices = [(_value(one), whom_in_words(one, names)) for one in people]
        fields["channels"].choices = [(one.value, gettext(CHANNEL_NAMES[one])) for one in CHOSEN]

    @property
    def names_people(self) -> bool:
        return bool(self["people"].value())

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("whom") and not given.get("people") and not {"whom", "people"} & set(self.errors):
            self.add_error("whom", gettext("Say who is told."))
        return given

    def body(self) -> LevelBody:
        given = self.cleaned_data
        whom = tuple(_whom(one) for one in [*given["whom"], *given["people"]])
        return LevelBody(given["after"], whom, tuple(given["channels"]))


def _value(one: Whom) -> str:
    return f"{one.target.value}:{one.id}" if one.id is not None else one.target.value


def _whom(value: str) -> Whom:
    target, _colon, key = value.partition(":")
    return Whom(Target(target), UUID(key) if key else None)


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole form: the plan, its levels in order, and the version of the plan it was opened with."""

    plan: PlanForm
    levels: tuple[LevelForm, ...]
    version: int | None

    @property
    def may_grow(self) -> bool:
        return len(self.levels) < MOST_LEVELS

    @property
    def may_shrink(self) -> bool:
        return len(self.levels) > 1

    def is_valid(self) -> bool:
        # Each is asked, so that every mistake is shown at once.
        return all([self.plan.is_valid(), *[one.is_valid() for one in self.levels]])

    def body(self) -> PlanBody:
        given = self.plan.cleaned_data
        since: time = given["quiet_from"]
        until: time = given["quiet_until"]
        return PlanBody(
            tuple(one.body() for one in self.levels),
            given["repeat_min"],
            given["quiet_most"],
            minute_of(since),
            minute_of(until),
        )


def begun(offered: Offered, view: PlanView | None) -> Typed:
    """The form as it is opened: of a plan, or of a new one that tells at once, then the heads."""
    body = view.body if view else _FIRST
    start: dict[str, Any] = {
        "name": view.name if view else "",
        "severities": [str(int(one)) for one in (view.severities if view else _GRAVE)],
        "kinds": list(view.kinds) if view else [],
        "repeat_min": body.repeat_min,
        "quiet_most": body.quiet_most,
        "quiet_from": clock(body.quiet_from),
        "quiet_until": clock(body.quiet_until),
    }
    if view is None and offered.rosters:
        on_duty = tuple(Whom(Target.ROSTER, one) for one in offered.rosters)
        body = PlanBody((LevelBody(0, on_duty), *_FIRST.levels[1:]))
    levels = tuple(
        LevelForm(offered, str(number), level.whom, **_of_level(level))
        for number, level in enumerate(body.levels)
    )
    return Typed(PlanForm(offered, initial=start), levels, view.version if view else None)


_GRAVE = (Severity.CRITICAL, Severity.MAJOR)
_FIRST = PlanBody((LevelBody(0, (Whom(Target.HANDLERS),)), LevelBody(15, (Whom(Target.HEADS),))))


def _of_level(level: LevelBody) -> dict[str, Any]:
    values = [(one.target, _value(one)) for one in level.whom]
    return {
        "after": level.after_min,
        "whom": [value for target, value in values if target is not Target.PERSON],
        "people": [value for target, value in values if target is Target.PERSON],
        "channels": [one.value for one in level.channels],
    }


def read(offered: Offered, view: PlanView | None, data: QueryDict) -> Typed:
    """The form as it was sent, to be judged."""
    kept = _kept(view)
    levels = tuple(LevelForm(offered, key, kept, data) for key in _keys(data))
    return Typed(PlanForm(offered, data), levels, version_in(data))


def reshaped(offered: Offered, view: PlanView | None, data: QueryDict) -> Typed:
    """The form with a level more or less; what was typed stays, and nothing is judged yet."""
    kept, keys = _kept(view), _keys(data)
    dropped = data.get("drop")
    if dropped in keys and len(keys) > 1:
        keys.remove(dropped)
    levels = [LevelForm(offered, key, kept, **sent(LevelForm(offered, key, kept, data))) for key in keys]
    if "more" in data and len(keys) < MOST_LEVELS:
        key = str(max(int(one) for one in keys) + 1)
        heads, mail = [Target.HEADS.value], [Channel.MAIL.value]
        levels.append(LevelForm(offered, key, kept, whom=heads, channels=mail))
    plan = PlanForm(offered, initial=sent(PlanForm(offered, data)))
    return Typed(plan, tuple(levels), version_in(data))


def _kept(view: PlanView | None) -> tuple[Whom, ...]:
    """Whom the plan names now, on any level."""
    return tuple(dict.fromkeys(one for level in view.body.levels for one in level.whom)) if view else ()


def _keys(data: QueryDict) -> list[str]:
    """The numbers of the levels in the form; always one at least."""
    return numbers_in(data, "level", MOST_LEVELS) or ["0"]
