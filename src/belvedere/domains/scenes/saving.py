"""What scenes of street lights save, from what lamps have confirmed; and what they will.

A lamp that has confirmed nothing yet is reckoned by the former regime, and saves nothing: one that refuses
does not count as dimmed. From its first confirmed command on, what it confirmed last is what it does, whoever
asked for it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from belvedere.domains.commands.public import Done, done_between, kind
from belvedere.domains.scenes.bodies import Figures, SceneBody, is_lighting
from belvedere.domains.scenes.queries import begun_at, reached
from belvedere.domains.scenes.views import SavingView, SceneView
from belvedere.kernel.clock import now
from belvedere.science.scenes.programs import By, Moment, Program, Sheet, Step, When
from belvedere.science.scenes.savings import Inputs, Stretch, full_hours, saved, stretches

NIGHTS: Final = 30
YEAR: Final = timedelta(days=365)
#: What a lamp confirmed so long before still tells how it burns.
MEMORY: Final = timedelta(days=2)
_SWITCHED: Final = {"on": 100.0, "off": 0.0}


def former(body: SceneBody, figures: Figures, zone: str) -> Program:
    """The regime before: one level from sunset to sunrise, every night."""
    steps = (Step(When(By.SUNSET, 0), figures.before), Step(When(By.SUNRISE, 0), 0.0))
    return Program(body.program(zone).site, (Sheet(steps),))


def saved_so_far(view: SceneView, zone: str, nights: int = NIGHTS) -> SavingView | None:
    """In the last nights, from what was done; None where it is no light, or without figures."""
    figures = view.body.figures
    if figures is None or not is_lighting(view.body):
        return None
    until = now()
    since = max(begun_at(view), until - timedelta(days=nights))
    if since >= until:
        return None
    things = reached(view)
    kinds = [one for one in (view.body.command, "switch") if kind(one).things]
    told: dict[int, list[Done]] = defaultdict(list)
    for one in done_between(things, kinds, since - MEMORY, until):
        told[one.entity_id].append(one)
    before = _lit(former(view.body, figures, zone), since, until)
    before_h = full_hours(before)
    after_h = sum(_lamp_h(told.get(number, ()), before, since, until) for number in things)
    return _view(since, until, len(things), len(told), before_h * len(things), after_h, figures)


def saves_a_year(view: SceneView, zone: str) -> SavingView | None:
    """In the coming year, if all lamps do what the programme says."""
    figures = view.body.figures
    if figures is None or not is_lighting(view.body):
        return None
    since = now()
    until = since + YEAR
    before_h = full_hours(_lit(former(view.body, figures, zone), since, until))
    after_h = full_hours(_lit(view.body.program(zone), since, until))
    lamps = view.things
    return _view(since, until, lamps, lamps, before_h * lamps, after_h * lamps, figures)


def _lit(program: Program, since: datetime, until: datetime) -> list[Stretch]:
    held = program.holds(since)
    first = float(held.value) / 100 if held is not None else 0.0
    return stretches(program.between(since, until), since, until, first)


def _lamp_h(told: list[Done] | tuple[()], before: list[Stretch], since: datetime, until: datetime) -> float:
    """Hours of full light of a lamp."""
    if not told:
        return full_hours(before)
    begun = max(since, told[0].at)
    as_before = [Stretch(one.since, min(one.until, begun), one.level) for one in before if one.since < begun]
    moments = [Moment(one.at, _level(one)) for one in told]
    return full_hours(as_before) + full_hours(stretches(moments, begun, until, _level(told[0]) / 100))


def _level(done: Done) -> float:
    if isinstance(done.value, str):
        return _SWITCHED.get(done.value, 0.0)
    return done.value


def _view(
    since: datetime,
    until: datetime,
    lamps: int,
    told: int,
    before_h: float,
    after_h: float,
    figures: Figures,
) -> SavingView:
    inputs = Inputs(figures.lamp_w, figures.price_each, figures.grams)
    return SavingView(since, until, lamps, told, before_h, after_h, figures, saved(inputs, before_h, after_h))
