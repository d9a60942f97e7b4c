"""What is sent to supervise: equipment, alarms, interventions and their proof, commands."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from belvedere.domains.automation.public import AlarmState
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.public import Act
from belvedere.faces.rest.schemas.commands import CommandRow
from belvedere.faces.rest.schemas.shared import LongText, Strict, checked_day
from belvedere.faces.rest.schemas.words import (
    AlarmStateName,
    CommandKind,
    InterventionKind,
    SeverityName,
    Slug,
    one_of,
    severity_of,
)
from belvedere.kernel.errors import N_, InvalidInput

Name = Annotated[str, Field(max_length=300, pattern="^[^\\x00]*$")]
Note = Annotated[str, Field(max_length=5000, pattern="^[^\\x00]*$")]
Longitude = Annotated[float | None, Field(ge=-180, le=180)]
Latitude = Annotated[float | None, Field(ge=-90, le=90)]
ThingId = Annotated[int, Field(ge=1, le=2**53)]
MOVES = (
    Act.DISPATCH,
    Act.ACCEPT,
    Act.DEPART,
    Act.ARRIVE,
    Act.GIVE_BACK,
    Act.FINISH,
    Act.SEND_BACK,
    Act.VERIFY,
    Act.CANCEL,
)
MoveName = Annotated[str, one_of(MOVES)]


def spot(longitude: float | None, latitude: float | None) -> tuple[float, float] | None:
    """A point, or none; half of one is a mistake."""
    if longitude is None and latitude is None:
        return None
    if longitude is None or latitude is None:
        raise InvalidInput(N_("Give longitude and latitude, or neither."), field="longitude")
    return longitude, latitude


def instant_of(given: datetime, field: str = "at") -> datetime:
    if given.tzinfo is None or not 1970 < given.year < 2150:
        raise InvalidInput(
            N_("Write the instant with its time zone, as in 2026-03-01T08:00:00Z."), field=field
        )
    return given


class DoneIn(Strict):
    """Something that was done, perhaps a while ago."""

    at: datetime | None = Field(default=None, description="When it was done, with its time zone; else now")

    def moment(self) -> datetime | None:
        return None if self.at is None else instant_of(self.at)


class EquipmentIn(Strict):
    """A piece of equipment; without `number` it gets the next one of its kind."""

    owner_id: UUID
    kind: Slug
    name: Name
    number: Name = ""
    maker: Name = ""
    model: Name = ""
    serial: Name = ""
    where: Name = ""
    longitude: Longitude = None
    latitude: Latitude = None
    installed_on: date | None = None
    warranty_until: date | None = None
    parent_id: UUID | None = None
    contract_id: UUID | None = None
    thing_id: ThingId | None = None
    notes: LongText = ""
    reason: Name = ""

    def draft(self) -> equipment.EquipmentDraft:
        same = ("kind", "name", "number", "maker", "model", "serial", "where")
        more = ("installed_on", "warranty_until", "parent_id", "contract_id", "notes")
        facts = equipment.Facts(
            **{name: getattr(self, name) for name in (*same, *more)},
            at=spot(self.longitude, self.latitude),
            entity_id=self.thing_id,
        )
        return equipment.EquipmentDraft(self.owner_id, facts)


class NoteIn(Strict):
    """`expected`: the state in which you saw it; where it stands otherwise now, nothing is done."""

    note: Note = ""
    expected: AlarmStateName | None = None

    def state(self) -> AlarmState | None:
        return None if self.expected is None else AlarmState(self.expected)


class WordIn(Strict):
    text: Note = Field(min_length=1)


class ShelveIn(Strict):
    until: datetime = Field(description="With its time zone; 90 days from now at most")
    why: str = Field(min_length=1, max_length=500, pattern="^[^\\x00]*$")


class CloseIn(Strict):
    proof: Note = Field(description="What was found and what was done")
    expected: AlarmStateName | None = None

    def state(self) -> AlarmState | None:
        return None if self.expected is None else AlarmState(self.expected)


class InterventionIn(Strict):
    """A job to plan. `owner_id` may be left out where equipment or an alarm says whose it is."""

    what: str = Field(min_length=1, max_length=200, pattern="^[^\\x00]*$")
    kind: InterventionKind = interventions.Kind.CORRECTIVE.value
    priority: SeverityName = "major"
    details: Note = ""
    skills: str = Field(default="", max_length=200, pattern="^[^\\x00]*$")
    where: Name = ""
    longitude: Longitude = None
    latitude: Latitude = None
    team_id: UUID | None = None
    assigned_id: UUID | None = Field(default=None, description="Somebody of the team")
    planned_on: date | None = None
    owner_id: UUID | None = None
    equipment_id: UUID | None = None
    thing_id: ThingId | None = None
    alarm_id: ThingId | None = None
    reason: Name = ""

    def draft(self) -> interventions.Draft:
        facts = interventions.Facts(
            what=self.what,
            kind=interventions.Kind(self.kind),
            priority=severity_of(self.priority),
            details=self.details,
            skills=self.skills,
            where=self.where,
            at=spot(self.longitude, self.latitude),
            team_id=self.team_id,
            assigned_id=self.assigned_id,
            planned_on=checked_day(self.planned_on),
        )
        return interventions.Draft(
            facts, self.owner_id, self.equipment_id, entity_id=self.thing_id, alarm_id=self.alarm_id
        )


class MoveIn(DoneIn):
    """What was done: the office dispatches, sends back, verifies, cancels; the team does the rest."""

    act: MoveName
    note: Note = Field(default="", description="Why, where it is given or sent back or cancelled")


class TickIn(DoneIn):
    position: int = Field(ge=1, le=1000)
    done: bool = True


class TimeIn(DoneIn):
    minutes: int = Field(ge=1, le=10_080)


class PartIn(DoneIn):
    """What was used. `amount`: the cost of all of it without VAT, in the currency of the intervention."""

    words: str = Field(min_length=1, max_length=200, pattern="^[^\\x00]*$")
    quantity: str = Field(default="1", pattern=r"^[0-9]{1,6}(\.[0-9]{1,3})?$")
    amount: str | None = Field(default=None, pattern=r"^[0-9]{1,7}(\.[0-9]{1,2})?$")

    def cost(self) -> Decimal | None:
        return None if self.amount is None else Decimal(self.amount)


class RemarkIn(DoneIn):
    text: Note = Field(min_length=1)


def picture(content: str) -> bytes:
    try:
        return b64decode(content, validate=True)
    except (NotBase64, ValueError) as error:
        raise InvalidInput(N_("The picture cannot be read. Send it in base64."), field="content") from error


class PhotoIn(DoneIn):
    """A JPEG, PNG or WebP of 3 MB at most."""

    content: str = Field(min_length=4, max_length=4_200_000, description="In base64")
    caption: str = Field(default="", max_length=200, pattern="^[^\\x00]*$")
    longitude: Longitude = None
    latitude: Latitude = None


class SignatureIn(DoneIn):
    """Who says on the spot that it is done; what was drawn may come along."""

    name: str = Field(min_length=1, max_length=200, pattern="^[^\\x00]*$")
    content: str = Field(default="", max_length=420_000, description="A PNG, in base64")


class CommandIn(Strict):
    """What devices shall do. A dangerous kind needs a reason and waits for a second person."""

    thing_ids: list[ThingId] = Field(min_length=1, max_length=2000)
    kind: CommandKind
    value: float | Annotated[str, Field(max_length=200, pattern="^[^\\x00]*$")]
    why: str = Field(default="", max_length=500, pattern="^[^\\x00]*$")


class CommandsAsked(Schema):
    """One for each thing, in the order asked for; follow each at its address."""

    commands: list[CommandRow]


class CancelIn(Strict):
    note: Note = ""
