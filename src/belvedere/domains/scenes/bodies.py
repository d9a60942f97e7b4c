"""What a scene says, as it is stored and as it is checked."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from belvedere.domains.commands.errors import BadCommand
from belvedere.domains.commands.public import Form, Kind, kind
from belvedere.domains.scenes.errors import BadScene
from belvedere.kernel.errors import N_
from belvedere.kernel.holidays import CALENDARS
from belvedere.science.scenes import programs
from belvedere.science.scenes.programs import HOLIDAY, By, Value

MOST_SHEETS: Final = 6
MOST_STEPS: Final = 12
MOST_THINGS: Final = 2000
MOST_OFFSET_MIN: Final = 240
DAY_MINUTES: Final = 1440
Text = Annotated[str, Meta(max_length=200)]
MonthDay = Annotated[str, Meta(pattern=r"^\d\d-\d\d$")]
_LEAP: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class WhenBody(Struct, frozen=True):
    """Minutes after midnight, or after (before, if negative) the sun sets or rises."""

    by: By
    minutes: int

    def when(self) -> programs.When:
        return programs.When(self.by, self.minutes)


class StepBody(Struct, frozen=True):
    when: WhenBody
    value: Value


class SheetBody(Struct, frozen=True, omit_defaults=True):
    """Steps of weekdays (1 is Monday) and public holidays (8); `season`: first and last day, "MM-DD"."""

    steps: tuple[StepBody, ...]
    days: tuple[Annotated[int, Meta(ge=1, le=HOLIDAY)], ...] = (1, 2, 3, 4, 5, 6, 7)
    season: tuple[MonthDay, MonthDay] | None = None

    def sheet(self) -> programs.Sheet:
        season = None
        if self.season is not None:
            season = (_month_day(self.season[0]), _month_day(self.season[1]))
        steps = tuple(programs.Step(one.when.when(), one.value) for one in self.steps)
        return programs.Sheet(steps, frozenset(self.days), season)


class Reach(Struct, frozen=True, omit_defaults=True):
    """Things of the owner: those named, those under equipment (a cabinet), or all whose names hold a text
    (a street), in places. Empty: all of them."""

    things: tuple[int, ...] = ()
    under: tuple[UUID, ...] = ()
    street: Text = ""
    places: tuple[UUID, ...] = ()


class Figures(Struct, frozen=True):
    """What savings are reckoned with: watts a lamp, price of a kWh in the currency of the territory, grams
    of CO₂ a kWh and where both are from, the level (%) of the former regime from sunset to sunrise."""

    lamp_w: Annotated[float, Meta(gt=0, le=5000)]
    price: str
    grams: Annotated[float, Meta(ge=0, le=2000)]
    source: Text
    before: Annotated[float, Meta(gt=0, le=100)] = 100.0

    @property
    def price_each(self) -> Decimal:
        return Decimal(self.price)


class SceneBody(Struct, frozen=True, omit_defaults=True):
    """`command`: the slug of a kind; `by_night`: days run from noon to noon; `at`: longitude, latitude."""

    command: str
    sheets: tuple[SheetBody, ...]
    reach: Reach = Reach()
    by_night: bool = True
    calendar: str = ""
    figures: Figures | None = None
    at: tuple[float, float] = (0.0, 0.0)

    def program(self, zone: str) -> programs.Program:
        site = programs.Site(ZoneInfo(zone), self.at[1], self.at[0])
        return programs.Program(site, tuple(one.sheet() for one in self.sheets), self.by_night, self.calendar)


class OverrideBody(Struct, frozen=True, omit_defaults=True):
    """Another value on days from `first` to `last` ("2026-07-14"), from a time of the day until another."""

    value: Value
    first: str
    last: str
    begin: WhenBody
    end: WhenBody
    reach: Reach = Reach()


def packed(body: Struct) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(body)
    return found


def scene_body(stored: Any) -> SceneBody:
    return msgspec.convert(stored, SceneBody)


def override_body(stored: Any) -> OverrideBody:
    return msgspec.convert(stored, OverrideBody)


def reach_of(stored: Any) -> Reach:
    return msgspec.convert(stored, Reach)


def checked(body: SceneBody) -> SceneBody:
    """The body with its values as the kind of command takes them.

    Raises:
        BadScene: it cannot be followed; the sentence says what to change.
    """
    try:
        body = msgspec.convert(msgspec.to_builtins(body), SceneBody)
    except msgspec.ValidationError as error:
        raise BadScene(N_("The scene cannot be read: {what}."), what=str(error)) from error
    wanted = _kind(body.command)
    if not 1 <= len(body.sheets) <= MOST_SHEETS:
        raise BadScene(N_("A scene has 1 to {most} programmes of days."), most=MOST_SHEETS, field="sheets")
    if body.calendar and body.calendar not in CALENDARS:
        raise BadScene(
            N_("There is no calendar of public holidays “{calendar}”."),
            calendar=body.calendar[:20],
            field="calendar",
        )
    if any(HOLIDAY in one.days for one in body.sheets) and not body.calendar:
        raise BadScene(N_("Say which public holidays are meant."), field="calendar")
    sheets = tuple(_sheet(one, wanted, body.by_night, number) for number, one in enumerate(body.sheets))
    if len(body.reach.things) > MOST_THINGS:
        raise BadScene(N_("Choose {most} things at most."), most=MOST_THINGS, field="things")
    if body.figures is not None:
        _figures(body.figures)
    return msgspec.structs.replace(body, sheets=sheets)


def checked_value(command: str, value: Any, field: str) -> Value:
    """A value that the kind of command takes."""
    try:
        return kind(command).checked(value)
    except BadCommand as error:
        raise BadScene(error.message, **{**error.data, "field": field}) from error


def check_when(when: WhenBody, field: str) -> None:
    if when.by is By.CLOCK and not 0 <= when.minutes < DAY_MINUTES:
        raise BadScene(N_("Write an hour like 22:00."), field=field)
    if when.by is not By.CLOCK and abs(when.minutes) > MOST_OFFSET_MIN:
        raise BadScene(
            N_("Say {most} minutes before or after the sun at most."), most=MOST_OFFSET_MIN, field=field
        )


def _kind(slug: str) -> Kind:
    try:
        return kind(slug)
    except BadCommand as error:
        raise BadScene(error.message, **{**error.data, "field": "command"}) from error


def _sheet(sheet: SheetBody, wanted: Kind, by_night: bool, number: int) -> SheetBody:
    field = f"sheets.{number}"
    if not sheet.days:
        raise BadScene(N_("Choose days of the week."), field=f"{field}.days")
    for edge in sheet.season or ():
        month, day = _month_day(edge)
        if not (1 <= month <= 12 and 1 <= day <= _LEAP[month - 1]):
            raise BadScene(N_("Write a day of the year like 01.11."), field=f"{field}.season")
    if not 1 <= len(sheet.steps) <= MOST_STEPS:
        raise BadScene(N_("Write 1 to {most} steps."), most=MOST_STEPS, field=f"{field}.steps")
    steps = []
    for place, one in enumerate(sheet.steps):
        check_when(one.when, f"{field}.steps.{place}.when")
        value = checked_value(wanted.slug, one.value, f"{field}.steps.{place}.value")
        steps.append(StepBody(one.when, value))
    clock = [
        (place, (one.when.minutes + (DAY_MINUTES if by_night and one.when.minutes < programs.NOON else 0)))
        for place, one in enumerate(steps)
        if one.when.by is By.CLOCK
    ]
    for (_before, earlier), (place, later) in pairwise(clock):
        if later <= earlier:
            raise BadScene(
                N_("Write the steps in the order in which they come."), field=f"{field}.steps.{place}.when"
            )
    return msgspec.structs.replace(sheet, steps=tuple(steps), days=tuple(sorted(set(sheet.days))))


def _figures(figures: Figures) -> None:
    try:
        price = Decimal(figures.price)
    except InvalidOperation:
        price = Decimal(-1)
    if not (price.is_finite() and 0 <= price <= 10):
        raise BadScene(N_("Give the price of a kWh, from 0 to 10."), field="price")
    if not figures.source.strip():
        raise BadScene(N_("Say where the price and the grams are from."), field="source")


def _month_day(text: str) -> tuple[int, int]:
    month, _dash, day = text.partition("-")
    return int(month), int(day)


def is_lighting(body: SceneBody) -> bool:
    """Whether savings of light are reckoned: levels of lamps by night."""
    wanted = kind(body.command)
    is_level = wanted.form is Form.LEVEL and wanted.unit == "%"
    return body.by_night and is_level and "streetlight" in wanted.things
