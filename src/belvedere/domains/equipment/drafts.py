"""What the verbs take: the facts of equipment and of contracts, tidied and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal
from uuid import UUID

from belvedere.domains.equipment.errors import BadContract, BadEquipment
from belvedere.domains.equipment.kinds import kind
from belvedere.domains.equipment.states import Step
from belvedere.kernel.errors import N_
from belvedere.kernel.files.contents import recognise
from belvedere.kernel.identifiers import new_id
from belvedere.kernel.money import Kind as MoneyKind
from belvedere.kernel.severity import Severity
from belvedere.kernel.texts import tidied

LONGEST = {
    "number": 60,
    "name": 200,
    "maker": 120,
    "model": 120,
    "serial": 120,
    "where": 300,
    "notes": 10_000,
}
MOST_HOURS = Decimal(10_000)
WORK_DAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is said of equipment. `number` empty: one is given; `at`: longitude and latitude in degrees;
    `entity_id`: the thing of the live territory that it is."""

    kind: str
    name: str
    number: str = ""
    maker: str = ""
    model: str = ""
    serial: str = ""
    at: tuple[float, float] | None = None
    where: str = ""
    installed_on: date | None = None
    warranty_until: date | None = None
    parent_id: UUID | None = None
    contract_id: UUID | None = None
    entity_id: int | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class EquipmentDraft:
    """Equipment to register. `id` is known before, so that others of the same batch may stand under it."""

    owner_id: UUID
    facts: Facts
    id: UUID = field(default_factory=new_id)


def checked(facts: Facts) -> Facts:
    """The facts with tidy texts.

    Raises:
        BadEquipment: a text is missing or too long, a kind unknown, a date or a point impossible.
    """
    kind(facts.kind)
    tidy = tidied(facts, LONGEST, BadEquipment, lines=("notes",))
    if not tidy["name"]:
        raise BadEquipment(N_("Give the equipment a name."), field="name")
    if facts.at is not None and not (-180 <= facts.at[0] <= 180 and -90 <= facts.at[1] <= 90):
        raise BadEquipment(N_("The point lies outside the world. Choose it on the map."), field="at")
    for name in ("installed_on", "warranty_until"):
        day = getattr(facts, name)
        if day is not None and not 1850 <= day.year <= 2150:
            raise BadEquipment(N_("This date cannot be meant. Write the year with four digits."), field=name)
    if facts.installed_on and facts.warranty_until and facts.warranty_until < facts.installed_on:
        raise BadEquipment(
            N_("The warranty ends before the equipment was installed. Check both dates."),
            field="warranty_until",
        )
    return replace(facts, **tidy)


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """Hours to each step for faults of one severity, None where nothing is agreed; `penalty` for each hour
    late, in the currency of the contract."""

    acknowledge_h: Decimal | None = None
    arrive_h: Decimal | None = None
    repair_h: Decimal | None = None
    round_the_clock: bool = False
    penalty: Decimal | None = None

    def hours(self, step: Step) -> Decimal | None:
        return {
            Step.ACKNOWLEDGE: self.acknowledge_h,
            Step.ARRIVE: self.arrive_h,
            Step.REPAIR: self.repair_h,
        }[step]

    @property
    def is_empty(self) -> bool:
        return self.penalty is None and all(self.hours(step) is None for step in Step)


@dataclass(frozen=True, slots=True)
class Terms:
    """All that is said of a contract. `ends_on` is the last day, None for one without end."""

    name: str
    contractor_id: UUID
    starts_on: date
    ends_on: date | None = None
    reference: str = ""
    currency: str = "CHF"
    work_days: tuple[int, ...] = WORK_DAYS
    works_from: time = time(7)
    works_until: time = time(17)
    response_times: Mapping[Severity, ResponseTimes] = field(default_factory=dict)
    notes: str = ""


def checked_terms(terms: Terms) -> Terms:
    """The terms with tidy texts, without severities for which nothing is agreed.

    Raises:
        BadContract: something is missing or cannot be.
    """
    tidy = tidied(terms, {"name": 200, "reference": 80, "notes": 10_000}, BadContract, lines=("notes",))
    if not tidy["name"]:
        raise BadContract(N_("Give the contract a name."), field="name")
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise BadContract(N_("The contract ends before it begins. Check both dates."), field="ends_on")
    if terms.works_from >= terms.works_until:
        raise BadContract(N_("The working hours end before they begin."), field="works_until")
    days = tuple(sorted(set(terms.work_days)))
    if not days or not set(days) <= set(range(1, 8)):
        raise BadContract(N_("Choose at least one working day."), field="work_days")
    MoneyKind(terms.currency)
    times = {one: _checked(one, said) for one, said in terms.response_times.items() if not said.is_empty}
    return replace(terms, **tidy, work_days=days, response_times=times)


def _checked(severity: Severity, said: ResponseTimes) -> ResponseTimes:
    before = Decimal(0)
    for step in Step:
        hours = said.hours(step)
        if hours is None:
            continue
        if not 0 < hours <= MOST_HOURS:
            raise BadContract(
                N_("A response time lies above 0 and is {most} hours at most."),
                most=MOST_HOURS,
                field=f"{step}_{int(severity)}",
            )
        if hours < before:
            raise BadContract(
                N_("Of one severity the times rise: to acknowledge, to arrive, to repair."),
                field=f"{step}_{int(severity)}",
            )
        before = hours
    if said.penalty is not None and not 0 <= said.penalty < Decimal(10) ** 9:
        raise BadContract(N_("This penalty cannot be meant."), field=f"penalty_{int(severity)}")
    return said


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A photo or document as it came; made only of what may be kept.

    Raises (when made):
        RefusedFile, TooLarge: it may not be kept.
    """

    title: str
    content: bytes = field(repr=False)
    file_name: str
    media_type: str = ""

    def __post_init__(self) -> None:
        found = recognise(self.content, self.file_name)
        object.__setattr__(self, "media_type", found.media_type)
        object.__setattr__(self, "file_name", found.file_name)
        title = " ".join(self.title.split())[:200]
        object.__setattr__(self, "title", title or found.file_name.rpartition(".")[0][:200])
