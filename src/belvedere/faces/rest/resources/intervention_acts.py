"""What is done about interventions, by the office and on the spot, and the proof."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.public import Act
from belvedere.faces.rest.resources.acting import Acts, Which
from belvedere.faces.rest.resources.interventions import intervention_out
from belvedere.faces.rest.schemas.interventions import InterventionOut
from belvedere.faces.rest.schemas.supervising import (
    MoveIn,
    PartIn,
    PhotoIn,
    RemarkIn,
    SignatureIn,
    TickIn,
    TimeIn,
    picture,
    spot,
)

ON_JOB = Acts(
    "/interventions/{uuid:intervention_id}", "intervention_id", UUID, InterventionOut, intervention_out
)


@ON_JOB.post("moves")
def move_intervention(which: Which, given: MoveIn) -> None:
    """Say what was done with it: dispatched, accepted, on the way, there, finished, verified, cancelled."""
    at = given.moment()
    match Act(given.act):
        case Act.DISPATCH:
            interventions.dispatch(**which, note=given.note)
        case Act.VERIFY:
            interventions.verify(**which, note=given.note)
        case Act.SEND_BACK:
            interventions.send_back(**which, why=given.note)
        case Act.CANCEL:
            interventions.cancel(**which, why=given.note)
        case Act.GIVE_BACK:
            interventions.give_back(**which, why=given.note, at=at)
        case Act.FINISH:
            interventions.finish(**which, note=given.note, at=at)
        case Act.ACCEPT:
            interventions.accept(**which, at=at)
        case Act.DEPART:
            interventions.depart(**which, at=at)
        case _:
            interventions.arrive(**which, at=at)


@ON_JOB.post("points")
def tick_point(which: Which, given: TickIn) -> None:
    """A point of the checklist is done, or not after all."""
    interventions.tick(**which, position=given.position, done=given.done, at=given.moment())


@ON_JOB.post("times", twice=True)
def note_time(which: Which, given: TimeIn) -> None:
    """So long did you work on it."""
    interventions.note_time(**which, minutes=given.minutes, at=given.moment())


@ON_JOB.post("parts", twice=True)
def note_part(which: Which, given: PartIn) -> None:
    """Something was used."""
    interventions.note_part(
        **which,
        words=given.words,
        quantity=Decimal(given.quantity),
        amount=given.cost(),
        at=given.moment(),
    )


@ON_JOB.post("remarks", twice=True)
def add_remark(which: Which, given: RemarkIn) -> None:
    """A word that the office should read."""
    interventions.remark(**which, text=given.text, at=given.moment())


@ON_JOB.post("photos", twice=True)
def add_photo(which: Which, given: PhotoIn) -> None:
    """A picture from the spot, as proof."""
    taken = interventions.Picture(
        picture(given.content), given.caption, spot(given.longitude, given.latitude)
    )
    interventions.add_photo(**which, picture=taken, at=given.moment())


@ON_JOB.post("signature")
def sign_intervention(which: Which, given: SignatureIn) -> None:
    """Somebody on the spot says that it is done; a second signature takes the place of the first."""
    interventions.sign(**which, name=given.name, image=picture(given.content), at=given.moment())
