"""What a plan of crisis says, as it is stored and as it is checked: roles and task cards."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from belvedere.domains.crisis.errors import BadPlan
from belvedere.domains.crisis.states import Phase
from belvedere.kernel.errors import N_

MOST_ROLES: Final = 24
MOST_CARDS: Final = 80
MOST_POINTS: Final = 20
MOST_STAND_INS: Final = 3
LONGEST_DUE_MIN: Final = 7 * 24 * 60
_NAME, _DUTY, _PHONE, _WHAT, _POINT = 120, 600, 120, 300, 300


class RoleBody(Struct, frozen=True, omit_defaults=True):
    """A role of the command post. `key`: what cards name it by; `holder`, `stand_ins`: people, in the order
    in which they are asked; `leads`: declares, changes the phase and ends."""

    key: str
    name: str
    duty: str = ""
    holder: UUID | None = None
    stand_ins: tuple[UUID, ...] = ()
    phone: str = ""
    leads: bool = False

    @property
    def people(self) -> tuple[UUID, ...]:
        first = () if self.holder is None else (self.holder,)
        return tuple(dict.fromkeys((*first, *self.stand_ins)))


class CardBody(Struct, frozen=True, omit_defaults=True):
    """What a role (`role`: its key) does in a phase, with points to tick, within minutes of its begin (None:
    no time is set)."""

    phase: Phase
    role: str
    what: str
    points: tuple[str, ...] = ()
    due_min: int | None = None


class PlanBody(Struct, frozen=True, omit_defaults=True):
    roles: tuple[RoleBody, ...] = ()
    cards: tuple[CardBody, ...] = ()

    def everybody(self) -> frozenset[UUID]:
        return frozenset(one for role in self.roles for one in role.people)

    def leaders(self) -> frozenset[UUID]:
        """Who may declare by this plan."""
        return frozenset(one for role in self.roles if role.leads for one in role.people)


def packed(body: PlanBody) -> Any:
    """As JSON values, for a column."""
    return msgspec.to_builtins(body)


def plan_body(stored: Any) -> PlanBody:
    return msgspec.convert(stored, PlanBody)


def checked(body: PlanBody) -> PlanBody:
    """The body as it may be saved; BadPlan says what is wrong and in which row."""
    roles = tuple(_role(number, one) for number, one in enumerate(body.roles, 1))
    if len(roles) > MOST_ROLES:
        raise BadPlan(N_("A plan has {most} roles at most."), most=MOST_ROLES, field="roles")
    keys = [one.key for one in roles]
    if len(set(keys)) < len(keys):
        raise BadPlan(N_("Two roles have the same number."), field="roles")
    names = [one.name.casefold() for one in roles]
    for number, name in enumerate(names, 1):
        if names.index(name) < number - 1:
            raise BadPlan(N_("Another role has this name already."), field="name", role=number)
    if len(body.cards) > MOST_CARDS:
        raise BadPlan(N_("A plan has {most} task cards at most."), most=MOST_CARDS, field="cards")
    cards = tuple(_card(number, one, frozenset(keys)) for number, one in enumerate(body.cards, 1))
    return PlanBody(roles, cards)


def _role(number: int, one: RoleBody) -> RoleBody:
    name = _line(one.name)
    if not name:
        raise BadPlan(N_("Name the role."), field="name", role=number)
    if len(one.people) > MOST_STAND_INS + 1:
        raise BadPlan(N_("A role has {most} stand-ins at most."), most=MOST_STAND_INS, role=number)
    for field, text, most in (("name", name, _NAME), ("duty", one.duty, _DUTY), ("phone", one.phone, _PHONE)):
        if len(text) > most:
            raise BadPlan(N_("Write {most} characters at most."), most=most, field=field, role=number)
    people = one.people
    return RoleBody(
        one.key,
        name,
        one.duty.strip(),
        people[0] if people else None,
        people[1:],
        _line(one.phone),
        one.leads,
    )


def _card(number: int, one: CardBody, keys: frozenset[str]) -> CardBody:
    if one.role not in keys:
        raise BadPlan(N_("Choose the role that the card is for."), field="role", card=number)
    what = _line(one.what)
    if not what or len(what) > _WHAT:
        raise BadPlan(
            N_("Say what is to be done, in {most} characters at most."), most=_WHAT, field="what", card=number
        )
    points = checked_points(one.points, card=number)
    if one.due_min is not None and not 0 <= one.due_min <= LONGEST_DUE_MIN:
        raise BadPlan(N_("The time is 0 minutes to 7 days."), field="due_min", card=number)
    return CardBody(one.phase, one.role, what, points, one.due_min)


def checked_points(points: tuple[str, ...], **where: Any) -> tuple[str, ...]:
    """Points to tick, each on one line, without empty ones; BadPlan where there are too many."""
    lines = tuple(line for line in map(_line, points) if line)
    if len(lines) > MOST_POINTS or any(len(line) > _POINT for line in lines):
        raise BadPlan(
            N_("A card has {most} points at most, each of {longest} characters."),
            most=MOST_POINTS,
            longest=_POINT,
            field="points",
            **where,
        )
    return lines


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
