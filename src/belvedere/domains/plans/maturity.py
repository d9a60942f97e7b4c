"""The one table of guarded steps of the three tracks of maturity.

Planning (SIA 112 or MOP phases), implementation, and the agreement on aid of each listing move by the same
rules: a step has guards, may need a reason or a decision, may freeze deadlines. Phases may be jumped over,
but a jump meets the guards of every phase it passes: no way round them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from belvedere.domains.plans import guards
from belvedere.domains.plans.errors import ImpossibleTransition
from belvedere.domains.plans.guards import Guard, Obstacle
from belvedere.domains.plans.standing import WORKS_STAGE, ListingFacts, Standing
from belvedere.domains.plans.states import (
    AGREEMENT_TRANSITIONS,
    IMPLEMENTATION_TRANSITIONS,
    PHASE_SCHEMES,
    Agreement,
    Implementation,
)
from belvedere.domains.plans.vocabulary import DecisionType
from belvedere.kernel.errors import N_, InvalidInput


class Track(StrEnum):
    PLANNING = "planning"
    IMPLEMENTATION = "implementation"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Step:
    """From one state to another. `scheme` is that of the phases, "" on the other tracks.

    `needs_decision` names the decision that documents the step (the guards ask for it).
    """

    track: Track
    origin: str
    to: str
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    needs_decision: DecisionType | None = None
    freezes: bool = False
    back: bool = False
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Possible:
    """A step as it stands for one measure: allowed, or what stands in the way."""

    step: Step
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def to(self) -> str:
        return self.step.to

    @property
    def allowed(self) -> bool:
        return not self.obstacles


# What must hold from a stage of the common ladder on.
PHASE_GUARDS: dict[int, tuple[Guard, ...]] = {
    4: (guards.sited,),
    6: (guards.costed, guards.ready_for_tender),
    WORKS_STAGE: (guards.free_to_build,),
}
WORKS_GUARDS = PHASE_GUARDS[WORKS_STAGE]
DO, A = Implementation, Agreement
IMPLEMENTATION_GUARDS: dict[Implementation, tuple[Guard, ...]] = {
    DO.IN_PROGRESS: (guards.free_to_build,),
    DO.DONE: (guards.commissioned,),
    DO.ABANDONED: (guards.given_up_by_decision,),
    DO.REPLACED: (guards.replaced_by_another,),
}
IMPLEMENTATION_BACK = frozenset(
    {
        (DO.SUSPENDED, DO.NOT_STARTED),
        (DO.DONE, DO.IN_PROGRESS),
        (DO.ABANDONED, DO.NOT_STARTED),
        (DO.REPLACED, DO.NOT_STARTED),
    }
)
ENTRANCE: tuple[Guard, ...] = (
    guards.plan_has_agreement,
    guards.first_class,
    guards.numbered,
    guards.costed,
    guards.planned_enough,
)
AGREEMENT_GUARDS: dict[tuple[Agreement, Agreement], tuple[Guard, ...]] = {
    (A.NOT_LISTED, A.PROPOSED): (guards.plan_has_agreement,),
    (A.PROPOSED, A.ASSESSED): (guards.assessed,),
    (A.ASSESSED, A.IN_AGREEMENT): ENTRANCE,
    (A.FORFEITED, A.IN_AGREEMENT): ENTRANCE,
    (A.IN_AGREEMENT, A.REQUESTED): (guards.sited, guards.counted),
    (A.REQUESTED, A.SIGNED): (guards.signed,),
    (A.SIGNED, A.WORKS_STARTED): (guards.works_have_started,),
    (A.WORKS_STARTED, A.CLAIMS): (guards.claimed_in_time,),
    (A.CLAIMS, A.FINAL_ACCOUNT): (guards.settled,),
    (A.FINAL_ACCOUNT, A.CLOSED): (guards.finished,),
}
AGREEMENT_BACK = frozenset(
    {
        (A.PROPOSED, A.NOT_LISTED),
        (A.ASSESSED, A.PROPOSED),
        (A.ASSESSED, A.NOT_LISTED),
        (A.REQUESTED, A.IN_AGREEMENT),
        (A.FINAL_ACCOUNT, A.CLAIMS),
        (A.FORFEITED, A.IN_AGREEMENT),
    }
)


def _planning() -> Iterable[Step]:
    for scheme, phases in PHASE_SCHEMES.items():
        for to in phases:
            yield _phase_step(scheme, "", -1, to.code, to.stage)
            for origin in phases:
                if origin is not to:
                    yield _phase_step(scheme, origin.code, origin.stage, to.code, to.stage)


def _phase_step(scheme: str, origin: str, left: int, to: str, reached: int) -> Step:
    back = reached < left
    passed = (
        guard for stage, held in sorted(PHASE_GUARDS.items()) if left < stage <= reached for guard in held
    )
    return Step(
        Track.PLANNING,
        origin,
        to,
        guards=() if back else tuple(passed),
        needs_reason=back,
        back=back,
        scheme=scheme,
    )


def _implementation() -> Iterable[Step]:
    for origin, reachable in IMPLEMENTATION_TRANSITIONS.items():
        for to in sorted(reachable):
            back = (origin, to) in IMPLEMENTATION_BACK
            yield Step(
                Track.IMPLEMENTATION,
                origin.value,
                to.value,
                guards=IMPLEMENTATION_GUARDS.get(to, ()),
                needs_reason=back or to in (DO.ABANDONED, DO.REPLACED),
                needs_decision=DecisionType.ABANDON if to is DO.ABANDONED else None,
                back=back,
            )


def _agreement() -> Iterable[Step]:
    for origin, reachable in AGREEMENT_TRANSITIONS.items():
        for to in sorted(reachable):
            held = AGREEMENT_GUARDS.get((origin, to), ())
            back = (origin, to) in AGREEMENT_BACK
            yield Step(
                Track.AGREEMENT,
                origin.value,
                to.value,
                guards=held,
                needs_reason=back or to is A.FORFEITED,
                freezes=to is A.IN_AGREEMENT and guards.numbered in held,
                back=back,
            )


TABLE: tuple[Step, ...] = (*_planning(), *_implementation(), *_agreement())


@cache
def _from(track: Track, origin: str, scheme: str) -> tuple[Step, ...]:
    found = (s for s in TABLE if (s.track, s.origin, s.scheme) == (track, origin, scheme))
    if track is not Track.PLANNING:
        return tuple(found)
    order = [step.code for step in PHASE_SCHEMES.get(scheme, ())]
    return tuple(sorted(found, key=lambda step: order.index(step.to)))


def steps(
    standing: Standing, track: Track, listing: ListingFacts | int | None = None
) -> tuple[Possible, ...]:
    """Every next state on a track, each allowed or with what stands in its way."""
    one = standing.listing(listing) if isinstance(listing, int) else listing
    if track is Track.AGREEMENT:
        if one is None:
            return ()
        found = _from(track, one.agreement.value, "")
    elif track is Track.PLANNING:
        found = _from(track, standing.phase, standing.scheme)
    else:
        found = _from(track, standing.implementation.value, "")
    return tuple(Possible(step, _obstacles(step, standing, one)) for step in found)


def _obstacles(step: Step, standing: Standing, listing: ListingFacts | None) -> tuple[Obstacle, ...]:
    found = (guard(standing, listing) for guard in step.guards)
    return tuple(obstacle for obstacle in found if obstacle is not None)


def take(
    standing: Standing, track: Track, to: str, *, reason: str, listing: ListingFacts | int | None = None
) -> Step:
    """The step to `to`; raises ImpossibleTransition or InvalidInput with what stands in the way."""
    possible = next((one for one in steps(standing, track, listing) if one.to == to), None)
    if possible is None:
        raise ImpossibleTransition(
            N_("This step does not follow from where the measure stands. Choose one of those offered."),
            track=track.value,
            to=to,
        )
    if possible.step.needs_reason and not reason.strip():
        raise InvalidInput(N_("Say why: the reason is kept in the journal."), field="reason")
    _refuse(possible.obstacles)
    return possible.step


def meet(standing: Standing, held: Iterable[Guard]) -> None:
    """Raise ImpossibleTransition at the first of these guards that is not met."""
    _refuse(tuple(found for guard in held if (found := guard(standing, None)) is not None))


def _refuse(obstacles: tuple[Obstacle, ...]) -> None:
    if obstacles:
        first = obstacles[0]
        said = {name: str(value) if isinstance(value, date) else value for name, value in first.data.items()}
        raise ImpossibleTransition(first.message, fix=first.fix, **said)


def reachable(track: Track, origin: str, scheme: str = "") -> frozenset[str]:
    """Every state that some path of the table leads to from `origin`, guards left aside."""
    known, open_ones = {origin}, [origin]
    while open_ones:
        for step in _from(track, open_ones.pop(), scheme):
            if step.to not in known:
                known.add(step.to)
                open_ones.append(step.to)
    return frozenset(known)
