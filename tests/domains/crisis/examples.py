"""A plan of Montaigu and crises by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.public import CardBody, CrisisDraft, Kind, Phase, PlanBody, PlanDraft, RoleBody
from belvedere.domains.territory.public import TerritoryView, territory_by_slug
from belvedere.kernel.clock import standing_at
from tests.people import People, Valbelle

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def here() -> TerritoryView:
    return territory_by_slug("valbelle")


def body(people: People) -> PlanBody:
    """The lead directs, the contributor stands in; he is in the field, where the finance officer
    stands in."""
    return PlanBody(
        (
            RoleBody(
                "1", "DOS", "Décide.", people.lead.pk, (people.contributor.pk,), "079 000 00 01", leads=True
            ),
            RoleBody("2", "Terrain", "Ferme.", people.contributor.pk, (people.finance.pk,)),
        ),
        (
            CardBody(Phase.VIGILANCE, "2", "Contrôler les vannes", ("Vanne nord", "Vanne sud"), 60),
            CardBody(Phase.ALERT, "2", "Fermer les berges", ("Rive droite",), 30),
            CardBody(Phase.CRISIS, "1", "Décider des évacuations", (), None),
        ),
    )


def plan(people: People, valbelle: Valbelle, who: str = "lead", **members: Any) -> UUID:
    given: dict[str, Any] = {"name": "Crue du Rhône", "kinds": [Kind.FLOOD], "body": body(people)}
    given |= {"resources": "Pompiers : 118"} | members
    return crises.save_plan(
        actor=people.actor(who),
        territory=here(),
        owner_id=valbelle.montaigu.pk,
        draft=PlanDraft(**given),
    )


def declared(people: People, valbelle: Valbelle, who: str = "administrator", **members: Any) -> UUID:
    """A crisis of Montaigu, by a plan of its own unless one is given."""
    given: dict[str, Any] = {
        "owner_id": valbelle.montaigu.pk,
        "name": "Crue du 22 novembre",
        "kind": Kind.FLOOD,
        "phase": Phase.VIGILANCE,
        "reason": "Le Rhône monte.",
    }
    if "plan_id" not in members:
        members["plan_id"] = plan(people, valbelle)
    with standing_at(members.pop("at", AT)):
        return crises.declare_crisis(
            actor=people.actor(who), territory=here(), draft=CrisisDraft(**given | members)
        )


def seen(people: People, crisis_id: UUID, who: str = "reader") -> crises.CrisisView:
    return crises.crisis(people.actor(who), here().id, crisis_id)


def acts(people: People, crisis_id: UUID, who: str = "reader", **wanted: Any) -> list[str]:
    lines = crises.timeline(people.actor(who), here().id, crisis_id, crises.Wanted(**wanted))
    return [f"{one.category.value}:{one.act}" for one in lines]
