"""A supervised lamp of Montaigu: from its equipment to the alarm, the command, the job and the saving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.domains.logbook import public as logbook
from belvedere.domains.scenes import public as scenes
from belvedere.kernel.clock import now
from tests.domains.automation.examples import clear_one, raise_one, rule
from tests.domains.commands.lamps import Lamps, ask, set_up
from tests.domains.interventions.examples import JPEG, dispatched
from tests.domains.scenes.examples import written
from tests.lighting import Lighting
from tests.people import People, Valbelle

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 64 + b"IEND\xaeB`\x82"


@dataclass(frozen=True)
class Supervised:
    """What hangs together: `thing_id` is the first lamp of the contract."""

    thing_id: int
    lamps: Lamps
    rule_id: int
    alarm_id: int
    intervention_id: UUID
    photo_id: UUID
    command_id: UUID
    scene_id: UUID
    entry_id: int
    cleared_id: int  # of the second lamp
    shelved_id: int  # of the third

    def parts(self, lighting: Lighting) -> dict[str, Any]:
        """Parts of the paths of operations."""
        return {
            "equipment_id": str(lighting.lamps[0]),
            "contract_id": str(lighting.contract_id),
            "rule_id": self.rule_id,
            "alarm_id": self.alarm_id,
            "intervention_id": str(self.intervention_id),
            "photo_id": str(self.photo_id),
            "command_id": str(self.command_id),
            "scene_id": str(self.scene_id),
            "thing_id": self.thing_id,
            "cleared_id": self.cleared_id,
            "shelved_id": self.shelved_id,
        }


def supervise(valbelle: Valbelle, people: People, lighting: Lighting) -> Supervised:
    lamps = set_up(people, valbelle)
    thing_id = lamps.ids[0]
    equipment.link_thing(
        actor=lighting.lead, equipment_id=lighting.lamps[0], entity_id=thing_id, version=None
    )
    watched = rule(
        valbelle.montaigu.pk,
        {
            "watched": {"kind": "streetlight"},
            "clauses": [
                {"attribute": "powerState", "condition": {"is": "says", "words": ["off"]}},
            ],
        },
        name="Lampe éteinte",
        on=False,
    )
    alarm_id = raise_one(watched.id, thing_id)
    cleared_id, shelved_id = (raise_one(watched.id, one) for one in lamps.ids[1:])
    clear_one(watched.id, lamps.ids[1])
    automation.shelve(
        actor=lighting.lead, alarm_id=shelved_id, until=now() + timedelta(days=1), why="Chantier"
    )
    interventions.save_checklist(
        actor=lighting.lead,
        territory=lighting.territory,
        organisation_id=valbelle.montaigu.pk,
        equipment_kind="",
        points=["Couper le courant"],
    )
    made = dispatched(lighting, equipment_id=lighting.lamps[0])
    _done(made, lighting.electrician)
    scene_id = written(lamps)
    scenes.add_entry(
        actor=lighting.lead,
        territory=lighting.territory,
        draft=scenes.EntryDraft(
            valbelle.montaigu.pk,
            "Lampes remplacées",
            date(2026, 1, 1),
            date(2026, 3, 31),
            Decimal(1200),
            Decimal(400),
            Decimal("0.25"),
            Decimal(128),
            Decimal(900),
            scenes.Confidence.MEASURED,
            "relevé du compteur",
            made,
        ),
    )
    entry = logbook.write_entry(
        actor=lighting.lead,
        territory=lighting.territory,
        owner_id=valbelle.montaigu.pk,
        draft=logbook.EntryDraft(logbook.Category.CALL, "Un riverain signale la lampe", alarm_id=alarm_id),
    )
    photo = interventions.intervention(lighting.lead, made).photos[0]
    return Supervised(
        thing_id,
        lamps,
        watched.id,
        alarm_id,
        made,
        photo.id,
        ask(lamps),
        scene_id,
        entry,
        cleared_id,
        shelved_id,
    )


def _done(made: UUID, electrician: Actor) -> None:
    """The electrician is there, has taken a photo and a signature, and used a part."""
    which: dict[str, Any] = {"actor": electrician, "intervention_id": made}
    interventions.accept(**which)
    interventions.arrive(**which)
    interventions.tick(**which, position=1)
    interventions.note_part(**which, words="Driver LED", amount=Decimal("48.50"))
    interventions.note_time(**which, minutes=35)
    interventions.add_photo(**which, picture=interventions.Picture(JPEG, "Lampe remplacée"))
    interventions.sign(**which, name="Mme Favre", image=PNG)
