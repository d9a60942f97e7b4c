"""What is given to the verbs, and what the reads return: frozen values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from belvedere.domains.crisis.bodies import PlanBody
from belvedere.domains.crisis.states import Category, Kind, Phase, TaskState, Why
from belvedere.domains.logbook.public import EntryView


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """`conditions`: in words, when it is declared; `resources`: places, means and telephone numbers."""

    name: str
    kinds: Collection[Kind]
    body: PlanBody
    conditions: str = ""
    resources: str = ""


@dataclass(frozen=True, slots=True)
class CrisisDraft:
    """`begun_at`: None for now."""

    owner_id: UUID
    name: str
    kind: Kind
    phase: Phase
    reason: str
    plan_id: UUID | None = None
    begun_at: datetime | None = None
    is_exercise: bool = False


@dataclass(frozen=True, slots=True)
class PointDraft:
    """A situation point: what is, what was done, what is expected, what was decided, when the next one is."""

    situation: str
    done: str = ""
    expected: str = ""
    decisions: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task that no card foresaw; for a role, a person or both."""

    what: str
    points: tuple[str, ...] = ()
    role_id: UUID | None = None
    person_id: UUID | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    id: UUID
    owner_id: UUID
    name: str
    kinds: tuple[Kind, ...]
    conditions: str
    resources: str
    body: PlanBody
    version: int
    changed_at: datetime
    names: Mapping[UUID, str]
    may_write: bool
    may_declare: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A crisis in a list or a banner. `open_tasks` of all, `my_tasks` of the actor."""

    id: UUID
    owner_id: UUID
    name: str
    kind: Kind
    is_exercise: bool
    phase: Phase
    phase_at: datetime
    begun_at: datetime
    ended_at: datetime | None
    my_tasks: int = 0


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role of a crisis. `person_id`: who is asked now, `taken_at`: since when they have said that they have
    it; `phone` is empty for who may not see it."""

    id: UUID
    name: str
    duty: str
    phone: str
    leads: bool
    person_id: UUID | None
    person: str
    taken_at: datetime | None
    people: tuple[tuple[UUID, str, bool], ...]  # id, name, whether absent
    mine: bool
    may_take: bool


@dataclass(frozen=True, slots=True)
class CheckView:
    position: int
    text: str
    ticked_at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class TaskView:
    """`person`: who it is given to, else who has the role."""

    id: UUID
    number: int
    role_id: UUID | None
    role: str
    phase: Phase
    what: str
    state: TaskState
    given_to: UUID | None
    person: str
    opened_at: datetime
    due_at: datetime | None
    is_late: bool
    done_at: datetime | None
    done_by: str
    why: str
    checks: tuple[CheckView, ...]
    mine: bool
    may_work: bool

    @property
    def is_open(self) -> bool:
        return self.state in (TaskState.TODO, TaskState.DOING)

    @property
    def ticked(self) -> int:
        return sum(one.ticked_at is not None for one in self.checks)


@dataclass(frozen=True, slots=True)
class PointView:
    """`strikes`, `struck_by`: numbers of situation points."""

    id: int
    number: int
    at: datetime
    by: str
    situation: str
    done: str
    expected: str
    decisions: str
    next_at: datetime | None
    strikes: int | None
    struck_by: int | None


@dataclass(frozen=True, slots=True)
class CrisisView:
    """A crisis as the actor sees it; `point`: the latest one that was not struck."""

    id: UUID
    territory_id: UUID
    owner_id: UUID
    plan_id: UUID | None
    name: str
    kind: Kind
    reason: str
    is_exercise: bool
    resources: str
    phase: Phase
    phase_at: datetime
    begun_at: datetime
    declared_at: datetime
    declared_by: str
    ended_at: datetime | None
    ended_by: str
    summary: str
    absent: frozenset[UUID]
    roles: tuple[RoleView, ...]
    tasks: tuple[TaskView, ...]
    point: PointView | None
    points: int
    may_lead: bool
    may_act: bool

    @property
    def runs(self) -> bool:
        return self.ended_at is None

    @property
    def mine(self) -> tuple[TaskView, ...]:
        return tuple(one for one in self.tasks if one.mine and one.is_open)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the timeline; empty asks for nothing in particular."""

    text: str = ""
    categories: Collection[Category] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline. `entry`: of the log book, then nothing else is told here. `person` did it,
    `other` is whom it concerns; both "" once erased, `person` also where the platform did it."""

    at: datetime
    written_at: datetime
    category: Category
    act: str
    phase: Phase | None = None
    person: str = ""
    other: str = ""
    role: str = ""
    task_id: UUID | None = None
    what: str = ""
    text: str = ""
    point: PointView | None = None
    entry: EntryView | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """Why somebody is told, with the tasks that are theirs."""

    why: Why
    role: str
    tasks: tuple[tuple[str, datetime | None], ...]  # what, due
