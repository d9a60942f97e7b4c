"""Teams and checklists: verbs and reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from belvedere.domains.access.public import Actor, holders, names_of
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions.errors import BadIntervention, NoSuchTeam
from belvedere.domains.interventions.models import Checklist, Intervention, Team, TeamMember
from belvedere.domains.interventions.policies import may_lead, require
from belvedere.domains.interventions.views import TeamView
from belvedere.domains.territory.public import TerritoryView, owners_among, territory_by_id
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.errors import N_
from belvedere.kernel.money import CENT, Money
from belvedere.kernel.money import Kind as MoneyKind

MOST_POINTS = 40
LARGEST_RATE = 10_000


def save_team(
    *,
    actor: Actor,
    territory: TerritoryView,
    organisation_id: UUID,
    name: str,
    people: Collection[UUID],
    team_id: UUID | None = None,
) -> UUID:
    """Make a team of an organisation, or change who is in it; gives its id."""
    name = " ".join(name.split())[:120]
    if not name:
        raise BadIntervention(N_("Give the team a name."), field="name")
    if not owners_among(territory.id, [organisation_id]):
        raise BadIntervention(N_("Choose the organisation of the team."), field="organisation")
    require(may_lead(actor, territory.id, organisation_id))
    strangers = set(people) - holders([organisation_id]).get(organisation_id, frozenset())
    if strangers:
        raise BadIntervention(
            N_("Only people who work for the organisation can be in its teams."), field="people"
        )
    with transaction.atomic():
        same = Team.objects.filter(organisation_id=organisation_id, name__iexact=name)
        if team_id is not None:
            same = same.exclude(pk=team_id)
        if same.exists():
            raise BadIntervention(N_("A team of this organisation has this name already."), field="name")
        if team_id is None:
            team = Team.objects.create(territory_id=territory.id, organisation_id=organisation_id, name=name)
        else:
            found = (
                Team.objects.select_for_update().filter(pk=team_id, organisation_id=organisation_id).first()
            )
            if found is None:
                raise NoSuchTeam(N_("There is no such team."))
            team = found
            team.name = name
            team.save(update_fields=["name"])
        before = sorted(str(one) for one in team.members.values_list("person_id", flat=True))
        team.members.exclude(person_id__in=list(people)).delete()
        TeamMember.objects.bulk_create(
            [TeamMember(team=team, person_id=one) for one in people], ignore_conflicts=True
        )
        record(
            **signed(actor),
            verb="interventions.save_team",
            subject=("interventions.team", str(team.pk)),
            territory_id=territory.id,
            before={"people": before} if before else {},
            after={"name": name, "people": sorted(str(one) for one in people)},
        )
    return team.pk


def set_rate(*, actor: Actor, team_id: UUID, hourly: Decimal | None) -> None:
    """What an hour of one person of the team costs from now on, without VAT; None: it is not said. Time that
    is noted already keeps its rate."""
    if hourly is not None and not (hourly.is_finite() and 0 < hourly < LARGEST_RATE):
        raise BadIntervention(
            N_("An hour costs more than nothing and less than {most}."), field="hourly", most=LARGEST_RATE
        )
    with transaction.atomic():
        team = Team.objects.select_for_update().filter(pk=team_id).first()
        if team is None:
            raise NoSuchTeam(N_("There is no such team."))
        require(may_lead(actor, team.territory_id, team.organisation_id))
        before, team.hourly = team.hourly, hourly.quantize(CENT, ROUND_HALF_UP) if hourly else None
        if before == team.hourly:
            return
        team.save(update_fields=["hourly"])
        record(
            **signed(actor),
            verb="interventions.set_rate",
            subject=("interventions.team", str(team.pk)),
            territory_id=team.territory_id,
            before={"hourly": before and str(before)},
            after={"name": team.name, "hourly": team.hourly and str(team.hourly)},
        )


def remove_team(*, actor: Actor, team_id: UUID) -> None:
    """Let a team go that never had an intervention; one that has work, or had, stays for the record."""
    with transaction.atomic():
        team = Team.objects.select_for_update().filter(pk=team_id).first()
        if team is None:
            raise NoSuchTeam(N_("There is no such team."))
        require(may_lead(actor, team.territory_id, team.organisation_id))
        if Intervention.objects.filter(team=team).exists():
            raise BadIntervention(N_("This team has had interventions: it stays."))
        record(
            **signed(actor),
            verb="interventions.remove_team",
            subject=("interventions.team", str(team.pk)),
            territory_id=team.territory_id,
            before={"name": team.name},
            after={},
        )
        team.delete()


def teams(actor: Actor, territory_id: UUID) -> list[TeamView]:
    """The teams that the actor may send or works with: those of the organisations he sees, and of the
    contractors of the contracts he sees."""
    currency = MoneyKind(territory_by_id(territory_id).currency)
    contractors = {one.contractor_id for one in equipment.contracts(actor, territory_id)}
    rows = Team.objects.filter(territory_id=territory_id)
    if not (actor.governs(territory_id) or actor.is_elected(territory_id)):
        rows = rows.filter(Q(organisation_id__in=set(actor.sees) | set(actor.roles) | contractors))
    found = list(rows.prefetch_related("members").order_by("name", "pk"))
    working = holders({one.organisation_id for one in found}) if found else {}
    names = names_of({member.person_id for one in found for member in one.members.all()})
    led = {
        one: may_lead(actor, territory_id, one) is None for one in {team.organisation_id for team in found}
    }
    return [
        TeamView(
            id=one.pk,
            organisation_id=one.organisation_id,
            name=one.name,
            people={
                member.person_id: names[member.person_id]
                for member in one.members.all()
                if member.person_id in names
                and member.person_id in working.get(one.organisation_id, frozenset())
            },
            may_edit=led[one.organisation_id],
            hourly=Money(one.hourly, currency) if one.hourly and led[one.organisation_id] else None,
        )
        for one in found
    ]


def candidates(actor: Actor, territory_id: UUID, organisation_id: UUID) -> dict[UUID, str]:
    """Who could be in a team of the organisation; nobody for who does not lead its teams."""
    if may_lead(actor, territory_id, organisation_id) is not None:
        return {}
    found = names_of(holders([organisation_id]).get(organisation_id, frozenset()))
    return dict(sorted(found.items(), key=lambda pair: pair[1].casefold()))


def save_checklist(
    *,
    actor: Actor,
    territory: TerritoryView,
    organisation_id: UUID,
    equipment_kind: str,
    points: Sequence[str],
) -> None:
    """What is gone through on each intervention of the organisation on equipment of a kind ("": any). No
    points: no list. Interventions that are planned already keep theirs."""
    tidy = [text for one in points if (text := " ".join(one.replace("\x00", "").split())[:200])]
    if len(tidy) > MOST_POINTS:
        raise BadIntervention(N_("A list has {most} points at most."), field="points", most=MOST_POINTS)
    if equipment_kind and equipment_kind not in equipment.kinds():
        raise BadIntervention(N_("Choose a kind of equipment."), field="equipment_kind")
    if not owners_among(territory.id, [organisation_id]):
        raise BadIntervention(N_("Choose the organisation."), field="organisation")
    require(may_lead(actor, territory.id, organisation_id))
    which: dict[str, Any] = {"organisation_id": organisation_id, "equipment_kind": equipment_kind}
    with transaction.atomic():
        before = Checklist.objects.filter(**which).values_list("points", flat=True).first() or []
        if tidy:
            Checklist.objects.update_or_create(
                **which, defaults={"territory_id": territory.id, "points": tidy}
            )
        else:
            Checklist.objects.filter(**which).delete()
        record(
            **signed(actor),
            verb="interventions.save_checklist",
            subject=("interventions.checklist", f"{organisation_id}:{equipment_kind}"),
            territory_id=territory.id,
            before={"points": before},
            after={"equipment_kind": equipment_kind, "points": tidy},
        )


def checklists(actor: Actor, territory_id: UUID) -> list[tuple[UUID, str, tuple[str, ...]]]:
    """The checklists of the organisations that the actor leads or sees: organisation, kind, points."""
    rows = Checklist.objects.filter(territory_id=territory_id)
    if not (actor.governs(territory_id) or actor.is_elected(territory_id)):
        rows = rows.filter(organisation_id__in=actor.sees)
    return [
        (one.organisation_id, one.equipment_kind, tuple(one.points))
        for one in rows.order_by("equipment_kind")
    ]
