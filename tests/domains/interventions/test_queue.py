"""What phones send: once, in order, kept where it cannot be taken, never as somebody else."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.errors import NotYet, OfSomebodyElse
from belvedere.domains.interventions.states import Act, Outcome, State
from belvedere.kernel.clock import now, standing_at
from belvedere.kernel.identifiers import new_id
from tests.domains.interventions.examples import JPEG, dispatched
from tests.lighting import Lighting

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def act(
    intervention_id: UUID, of: Act, at: datetime, after: UUID | None = None, **more: Any
) -> interventions.Sent:
    content = more.pop("content", "")
    return interventions.Sent(new_id(), intervention_id, of, at, after, more, content)


def send(lighting: Lighting, sent: interventions.Sent, actor: Any = None) -> interventions.Taken:
    actor = actor or lighting.electrician
    return interventions.take(
        actor=actor, territory=lighting.territory, person_id=lighting.electrician.person_id, sent=sent
    )


def test_an_act_that_comes_twice_is_one_and_keeps_when_it_was_done(lighting: Lighting) -> None:
    with standing_at(AT):
        made = dispatched(lighting)
    first = act(made, Act.ACCEPT, AT + 5 * MINUTE)
    photo = act(
        made, Act.ADD_PHOTO, AT + 9 * MINUTE, first.id, content=b64encode(JPEG).decode(), spot=[7.5, 46.2]
    )
    with standing_at(AT + timedelta(hours=3)):
        assert [send(lighting, one).again for one in (first, first, photo, photo)] == [
            False,
            True,
            False,
            True,
        ]
    seen = interventions.intervention(lighting.lead, made)
    assert (seen.row.state, seen.accepted_at) == (State.ACCEPTED, AT + 5 * MINUTE)
    assert [(one.taken_at, one.at) for one in seen.photos] == [(AT + 9 * MINUTE, (7.5, 46.2))]
    assert [one.act for one in seen.steps].count(Act.ACCEPT) == 1
    assert seen.steps[-1].known_at == AT + timedelta(hours=3)


def test_an_act_waits_for_the_one_before_it(lighting: Lighting) -> None:
    made = dispatched(lighting)
    first = act(made, Act.ACCEPT, now())
    second = act(made, Act.ARRIVE, now(), first.id)
    with pytest.raises(NotYet):
        send(lighting, second)
    assert send(lighting, first).outcome is Outcome.TAKEN
    assert send(lighting, second).outcome is Outcome.TAKEN
    assert interventions.intervention(lighting.lead, made).row.state is State.ON_SITE


def test_what_comes_after_the_cancelling_is_kept_and_shown(lighting: Lighting) -> None:
    made = dispatched(lighting)
    interventions.cancel(actor=lighting.lead, intervention_id=made, why="Doublon")
    photo = act(made, Act.ADD_PHOTO, now(), caption="Avant", content=b64encode(JPEG).decode())
    assert send(lighting, photo).outcome is Outcome.REFUSED
    again = send(lighting, photo)
    assert (again.again, "cancelled" in again.why) == (True, True)
    (held,) = interventions.held(lighting.lead, lighting.territory.id)
    assert (held.id, held.data["caption"]) == (photo.id, "Avant")
    assert interventions.held_picture(lighting.lead, made, photo.id) == JPEG
    assert [one.id for one in interventions.held_of(lighting.electrician, lighting.territory.id)] == [
        photo.id
    ]
    interventions.settle(actor=lighting.lead, act_id=photo.id)
    assert not interventions.held(lighting.lead, lighting.territory.id)


def test_nobody_sends_what_somebody_else_did(lighting: Lighting) -> None:
    made = dispatched(lighting)
    one = act(made, Act.ACCEPT, now())
    with pytest.raises(OfSomebodyElse):
        send(lighting, one, lighting.rival)
    assert send(lighting, one).outcome is Outcome.TAKEN
    with pytest.raises(OfSomebodyElse):  # nor takes the place of an act that was sent
        interventions.take(
            actor=lighting.rival, territory=lighting.territory, person_id=lighting.rival.person_id, sent=one
        )


def test_the_clock_of_a_phone_does_not_bend_the_contract(lighting: Lighting) -> None:
    with standing_at(AT):
        made = dispatched(lighting)
    with standing_at(AT + 60 * MINUTE):
        send(lighting, act(made, Act.ACCEPT, AT - timedelta(days=1)))
        send(lighting, act(made, Act.ARRIVE, AT + timedelta(days=1)))
    seen = interventions.intervention(lighting.lead, made)
    assert (seen.accepted_at, seen.arrived_at) == (AT, AT + 60 * MINUTE)
    assert {"said_at"} <= set(seen.steps[2].data)
    assert replace(seen.row, late=False) == seen.row
