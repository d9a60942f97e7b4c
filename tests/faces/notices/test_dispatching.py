"""Who is told that an intervention is sent out, given back, called off; by what, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.access.models import Membership, Person
from belvedere.domains.access.public import Role
from belvedere.domains.interventions import public as interventions
from belvedere.domains.reach import public as reach
from belvedere.domains.reach.models import Message
from belvedere.duties.notifications.models import Notice
from belvedere.faces.notices import reaching
from belvedere.kernel.clock import now, standing_at
from belvedere.kernel.severity import Severity
from tests.domains.interventions.examples import dispatched, electricians, planned
from tests.domains.reach.test_wishes import MORNING, NIGHT, given
from tests.lighting import Lighting
from tests.people import People

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    """(to whom, what), as it would be mailed."""
    rows = Message.objects.select_related("person").order_by("pk")
    return [(one.person.display_name, one.text.format(**one.values)) for one in rows]


def test_the_team_is_told_and_who_sent_it_out_when_it_comes_back(
    lighting: Lighting, people: People, mailoutbox: list[Any]
) -> None:
    made = dispatched(lighting)
    number = interventions.intervention(lighting.lead, made).row.number
    ((name, text),) = told()
    assert name == "Lumelec" and text.startswith(
        f"Intervention {number} is given to the team Équipe 1: Rétablir"
    )
    assert Notice.objects.get().link == f"/cockpit/valbelle/interventions/{made}/"
    reach.send_due(now(), reaching.deliver)
    (mail,) = mailoutbox
    assert mail.to == ["lumelec@example.org"] and f"/interventions/{made}/" in mail.body
    assert "est confiée à l’équipe" in mail.subject
    Message.objects.all().delete()
    interventions.give_back(actor=lighting.electrician, intervention_id=made, why="Pas la bonne nacelle")
    assert [name for name, _text in told()] == ["Lead"]
    assert "gave intervention" in told()[0][1]


def test_the_contact_of_the_contractor_is_told_too(lighting: Lighting) -> None:
    boss = Person.objects.create(email="boss@example.org", display_name="Boss", language="de")
    Membership.objects.create(person=boss, organisation=lighting.contractor, role=Role.MANAGER)
    dispatched(lighting)
    assert sorted(name for name, _text in told()) == ["Boss", "Lumelec"]


def test_where_who_sent_it_out_left_all_who_plan_are_told(lighting: Lighting, people: People) -> None:
    made = dispatched(lighting)
    Message.objects.all().delete()
    Membership.objects.filter(person=people.lead).update(ended_at=now())
    interventions.give_back(actor=lighting.electrician, intervention_id=made, why="Malade")
    assert sorted(name for name, _text in told()) == ["Administrator", "Contributor"]


def test_nobody_is_told_of_plans_nor_of_what_they_did(lighting: Lighting) -> None:
    quiet = planned(lighting, electricians(lighting))
    interventions.cancel(actor=lighting.lead, intervention_id=quiet, why="Doublon")
    assert told() == [], "nobody was out"
    out = planned(lighting, interventions.teams(lighting.lead, lighting.territory.id)[0].id)
    interventions.dispatch(actor=lighting.lead, intervention_id=out)
    interventions.cancel(actor=lighting.lead, intervention_id=out, why="Réparé à distance")
    assert ["is called off" in text for _name, text in told()] == [False, True]


def test_quiet_hours_are_kept_but_for_what_is_urgent(lighting: Lighting) -> None:
    reach.save_wishes(actor=lighting.electrician, given=given(is_quiet=True))
    with standing_at(NIGHT):
        dispatched(lighting, priority=Severity.MINOR)
    assert Message.objects.get().next_at == MORNING
    Message.objects.all().delete()
    with standing_at(NIGHT + timedelta(minutes=1)):
        team = interventions.teams(lighting.lead, lighting.territory.id)[0].id
        urgent = planned(lighting, team, priority=Severity.CRITICAL)
        interventions.dispatch(actor=lighting.lead, intervention_id=urgent)
    assert Message.objects.get().next_at == NIGHT + timedelta(minutes=1)
