"""A crisis as it runs: phases open cards, roles pass on, tasks move, situation points are struck; the
timeline keeps all of it; two people at once; who does none of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any
from unittest.mock import ANY
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from belvedere.domains.access.public import Actor
from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.errors import BadCrisis, NoSuchCrisis, NoSuchPlan, WrongState
from belvedere.domains.crisis.models import Call, Crisis, Fact, SituationPoint, Task
from belvedere.domains.crisis.public import Kind, Phase, PointDraft, TaskAct, TaskDraft, TaskState
from belvedere.domains.logbook import public as logbook
from belvedere.duties.journal.public import entries_of
from belvedere.duties.notifications.public import inbox
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import Refused
from belvedere.kernel.severity import Severity
from tests.domains.automation.examples import container, raise_one, rule
from tests.domains.crisis.examples import AT, MINUTE, acts, declared, here, plan, seen
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


def given(people: People, crisis_id: UUID, who: str) -> dict[str, Any]:
    return {"actor": people.actor(who), "territory": here(), "crisis_id": crisis_id}


def refusals(people: People, made: UUID, who: str, task: UUID, role_id: UUID) -> list[Callable[[], Any]]:
    """Every verb that changes something, as this person would call it."""
    mine, reader = given(people, made, who), people.reader.pk
    return [
        lambda: crises.change_phase(**mine, phase=Phase.ALERT, reason="x"),
        lambda: crises.end_crisis(**mine, summary="x"),
        lambda: crises.move_task(**mine, task_id=task, act=TaskAct.FINISH),
        lambda: crises.tick_check(**mine, task_id=task, position=1),
        lambda: crises.assign_task(**mine, task_id=task, person_id=reader),
        lambda: crises.write_point(**mine, draft=PointDraft("x")),
        lambda: crises.strike_point(**mine, number=1, draft=PointDraft("x")),
        lambda: crises.add_task(**mine, draft=TaskDraft("x", person_id=reader)),
        lambda: crises.add_role(**mine, name="x"),
        lambda: crises.hand_role(**mine, role_id=role_id, person_id=reader),
        lambda: crises.take_role(**mine, role_id=role_id),
        lambda: crises.mark_absent(**mine, person_id=people.lead.pk),
        lambda: crises.mark_back(**mine, person_id=people.lead.pk),
    ]


def role(people: People, crisis_id: UUID, name: str) -> crises.RoleView:
    return next(one for one in seen(people, crisis_id).roles if one.name == name)


def test_declared_phases_open_their_cards_to_who_has_the_role(valbelle: Valbelle, people: People) -> None:
    made = declared(people, valbelle, begun_at=AT - 30 * MINUTE)
    view = seen(people, made, "contributor")
    assert (view.phase, view.begun_at, view.runs, view.declared_by) == (
        Phase.VIGILANCE,
        AT - 30 * MINUTE,
        True,
        "Administrator",
    )
    (task,) = view.tasks
    assert (task.what, task.person, task.due_at, task.mine) == (
        "Contrôler les vannes",
        "Contributor",
        AT + 60 * MINUTE,
        True,
    )
    assert [one.person for one in view.roles] == ["Lead", "Contributor"] and view.roles[0].taken_at is None
    with standing_at(AT + 10 * MINUTE):
        crises.change_phase(
            **given(people, made, "lead"), phase=Phase.CRISIS, reason="2,5 m", also_skipped=True
        )
    view = seen(people, made, "lead")
    assert [one.what for one in view.tasks] == [
        "Fermer les berges",
        "Contrôler les vannes",
        "Décider des évacuations",
    ]
    assert [one.what for one in view.mine] == ["Décider des évacuations"] and view.may_lead
    with standing_at(AT + 20 * MINUTE):
        mine = given(people, made, "lead")
        with pytest.raises(BadCrisis):
            crises.change_phase(**mine, phase=Phase.CRISIS, reason="x")
        with pytest.raises(WrongState):
            crises.change_phase(**mine, phase=Phase.ALERT, reason="x", expected=Phase.VIGILANCE)
        crises.change_phase(**given(people, made, "lead"), phase=Phase.VIGILANCE, reason="Décrue")
    assert len(seen(people, made).tasks) == 3  # what is open is not opened twice
    assert acts(people, made, categories=[crises.Category.PHASE]) == [
        "phase:declare",
        "phase:raise",
        "phase:lower",
    ]


def test_a_crisis_without_a_plan_takes_roles_and_tasks_by_hand(valbelle: Valbelle, people: People) -> None:
    made = declared(people, valbelle, plan_id=None, kind=Kind.POWER_CUT, is_exercise=True)
    assert seen(people, made).roles == () and seen(people, made).is_exercise
    with standing_at(AT):
        crises.add_role(**given(people, made, "administrator"), name="Terrain", person_id=people.finance.pk)
        with pytest.raises(BadCrisis):
            crises.add_role(**given(people, made, "administrator"), name="terrain")
        with pytest.raises(BadCrisis):
            crises.add_role(**given(people, made, "administrator"), name="x", person_id=people.neighbour.pk)
        first = seen(people, made).roles[0]
        draft = TaskDraft("Porter un groupe électrogène", ("Plein fait",), first.id, due_at=AT + MINUTE)
        crises.add_task(**given(people, made, "finance"), draft=draft)
        for wrong in (
            TaskDraft("x"),
            TaskDraft(" ", role_id=first.id),
            TaskDraft("x", role_id=uuid4()),
            TaskDraft("x", person_id=people.neighbour.pk),
            TaskDraft("x", role_id=first.id, due_at=AT - MINUTE),
            TaskDraft("x", ("y" * 301,), first.id),
        ):
            with pytest.raises(BadCrisis):
                crises.add_task(**given(people, made, "administrator"), draft=wrong)
    with standing_at(AT + 2 * MINUTE):
        (task,) = seen(people, made, "finance").tasks
    assert task.is_late and task.mine and task.may_work


def test_a_declaration_that_cannot_be_taken(valbelle: Valbelle, people: People) -> None:
    for members in (
        {"reason": " "},
        {"name": ""},
        {"begun_at": AT + 10 * MINUTE},
        {"begun_at": AT - 60 * 24 * 40 * MINUTE},
        {"owner_id": uuid4()},
    ):
        with pytest.raises(BadCrisis):
            declared(people, valbelle, plan_id=None, **members)
    with pytest.raises(NoSuchPlan):
        declared(people, valbelle, plan_id=uuid4())
    assert not Crisis.objects.exists() and not Fact.objects.exists()


def test_who_declares_leads_works_and_reads(valbelle: Valbelle, people: People) -> None:
    by = plan(people, valbelle)
    for who in ("reader", "finance", "neighbour", "office", "stranger", "elected", "nobody"):
        with pytest.raises(Refused):
            declared(people, valbelle, who, plan_id=by)
    with pytest.raises(Refused):  # their role is in the plan only
        declared(people, valbelle, "lead", plan_id=None)
    for who in ("lead", "contributor", "governor"):
        declared(people, valbelle, who, plan_id=by)
    made = declared(people, valbelle, plan_id=by)
    task, director = seen(people, made).tasks[0], role(people, made, "DOS")
    for who in ("reader", "finance", "neighbour", "office", "elected"):
        for refused in refusals(people, made, who, task.id, director.id):
            with pytest.raises(Refused):
                refused()
    with pytest.raises(Refused):  # works, but does not lead
        crises.end_crisis(**given(people, made, "contributor"), summary="x")
    for who in ("neighbour", "office", "elected", "stranger"):  # other public bodies of the territory
        view = seen(people, made, who)
        assert view.name and not (view.may_lead or view.may_act), who
    assert seen(people, made, "neighbour").roles[0].phone == "" == seen(people, made, "neighbour").resources
    assert seen(people, made, "reader").roles[0].phone == "079 000 00 01"
    with pytest.raises(NoSuchCrisis):
        seen(people, made, "nobody")
    reading = Actor("token", people.lead.pk, roles=people.actor("lead").roles, scopes=frozenset({"read"}))
    with pytest.raises(Refused):
        crises.change_phase(actor=reading, territory=here(), crisis_id=made, phase=Phase.ALERT, reason="x")


def test_a_company_sees_no_crisis(valbelle: Valbelle, people: People) -> None:
    from belvedere.domains.access.models import Membership
    from belvedere.domains.access.public import Role
    from belvedere.domains.territory.models import Organisation

    company = Organisation.objects.create(
        territory=valbelle.territory, kind="private", names={"fr": "Lumières SA"}, search="lumieres"
    )
    Membership.objects.create(person=people.nobody, organisation=company, role=Role.MANAGER)
    made = declared(people, valbelle)
    contractor = people.actor("nobody")
    assert crises.running(contractor, here().id) == [] and not crises.follows_all(contractor, here().id)
    with pytest.raises(NoSuchCrisis):
        crises.timeline(contractor, here().id, made)
    with pytest.raises(NoSuchCrisis):
        crises.take_role(**given(people, made, "nobody"), role_id=seen(people, made).roles[0].id)
    assert [one.id for one in crises.running(people.actor("stranger"), here().id)] == [made]


def test_tasks_go_from_to_do_to_done_or_cancelled(valbelle: Valbelle, people: People) -> None:
    made = declared(people, valbelle)
    pk = seen(people, made).tasks[0].id
    mine = {**given(people, made, "contributor"), "task_id": pk}
    with standing_at(AT + MINUTE):
        crises.tick_check(**mine, position=1)
        task = seen(people, made).tasks[0]
        assert (task.state, task.ticked, task.checks[0].by) == (TaskState.DOING, 1, "Contributor")
        with pytest.raises(WrongState):
            crises.move_task(**mine, act=TaskAct.BEGIN)
        with pytest.raises(BadCrisis):
            crises.move_task(**mine, act=TaskAct.CANCEL, reason=" ")
        with pytest.raises(BadCrisis):
            crises.move_task(**mine, act=TaskAct.TICK)
        with pytest.raises(BadCrisis):
            crises.tick_check(**mine, position=9)
        crises.tick_check(**mine, position=1, ticked=False)
        crises.move_task(**mine, act=TaskAct.FINISH)
        late_acts: list[Callable[[], Any]] = [
            lambda: crises.move_task(**mine, act=TaskAct.FINISH),
            lambda: crises.tick_check(**mine, position=2),
            lambda: crises.assign_task(**mine, person_id=people.finance.pk),
        ]
        for late in late_acts:
            with pytest.raises(WrongState):
                late()
        crises.move_task(**mine, act=TaskAct.REOPEN, reason="La vanne fuit.")
        crises.assign_task(**mine, person_id=people.finance.pk)
        with pytest.raises(Refused):  # given away
            crises.tick_check(**mine, position=2)
        with pytest.raises(BadCrisis):
            crises.assign_task(**given(people, made, "lead"), task_id=pk, person_id=people.neighbour.pk)
        crises.move_task(
            **given(people, made, "finance"), task_id=pk, act=TaskAct.CANCEL, reason="Faite par le canton."
        )
    task = seen(people, made).tasks[0]
    assert (task.state, task.done_by, task.why) == (TaskState.CANCELLED, "Finance", "Faite par le canton.")
    told = acts(people, made, categories=[crises.Category.TASK])
    assert told == [
        f"task:{act}" for act in ("open", "begin", "tick", "untick", "finish", "reopen", "assign", "cancel")
    ]


def test_roles_are_taken_handed_on_and_pass_to_stand_ins(valbelle: Valbelle, people: People) -> None:
    made = declared(people, valbelle)
    field, director = role(people, made, "Terrain"), role(people, made, "DOS")
    with standing_at(AT + MINUTE):
        crises.take_role(**given(people, made, "contributor"), role_id=field.id)
        with pytest.raises(WrongState):
            crises.take_role(**given(people, made, "contributor"), role_id=field.id)
        with pytest.raises(Refused):
            crises.take_role(**given(people, made, "reader"), role_id=field.id)
        assert role(people, made, "Terrain").taken_at == AT + MINUTE
        crises.mark_absent(**given(people, made, "lead"), person_id=people.contributor.pk)
        field = role(people, made, "Terrain")
        assert (field.person, field.taken_at) == ("Finance", None) and seen(people, made, "finance").mine
        assert [one[2] for one in field.people] == [True, False]
        with pytest.raises(WrongState):
            crises.mark_absent(**given(people, made, "lead"), person_id=people.contributor.pk)
        with pytest.raises(BadCrisis):
            crises.mark_absent(**given(people, made, "lead"), person_id=people.reader.pk)
        crises.mark_absent(**given(people, made, "finance"), person_id=people.finance.pk)
        assert role(people, made, "Terrain").person == ""  # nobody is left, and everybody sees it
        crises.mark_back(**given(people, made, "contributor"), person_id=people.contributor.pk)
        assert role(people, made, "Terrain").person == "Contributor"
        crises.hand_role(
            **given(people, made, "contributor"),
            role_id=field.id,
            person_id=people.reader.pk,
            word="Clés au guichet.",
        )
        with pytest.raises(Refused):
            crises.hand_role(**given(people, made, "contributor"), role_id=field.id, person_id=people.lead.pk)
        for wrong in (people.reader.pk, people.neighbour.pk):
            with pytest.raises(BadCrisis):
                crises.hand_role(**given(people, made, "lead"), role_id=field.id, person_id=wrong)
        with pytest.raises(WrongState):
            crises.mark_back(**given(people, made, "lead"), person_id=people.lead.pk)
        crises.take_role(**given(people, made, "contributor"), role_id=director.id)  # stands in
    assert seen(people, made, "reader").mine and seen(people, made, "contributor").may_lead
    assert not seen(people, made, "lead").may_lead
    assert acts(people, made, categories=[crises.Category.ROLE]) == [
        f"role:{act}"
        for act in ("take", "absent", "stand_in", "absent", "vacant", "back", "stand_in", "hand", "take")
    ]


def test_a_situation_point_is_struck_and_both_stay(valbelle: Valbelle, people: People) -> None:
    made = declared(people, valbelle)
    draft = PointDraft("2,1 m au pont", "Berges fermées", "Pic à 22 h", "Évacuer", AT + 60 * MINUTE)
    with standing_at(AT):
        assert crises.write_point(**given(people, made, "contributor"), draft=draft) == 1
        for wrong in (PointDraft(" "), PointDraft("x", next_at=AT)):
            with pytest.raises(BadCrisis):
                crises.write_point(**given(people, made, "lead"), draft=wrong)
    with standing_at(AT + 90 * MINUTE):
        right = PointDraft("2,3 m au pont", next_at=AT + 60 * MINUTE)
        assert crises.strike_point(**given(people, made, "lead"), number=1, draft=right) == 2
        with pytest.raises(WrongState):
            crises.strike_point(**given(people, made, "lead"), number=1, draft=right)
        with pytest.raises(BadCrisis):
            crises.strike_point(**given(people, made, "lead"), number=7, draft=right)
    second, first = crises.points(people.actor("reader"), here().id, made)
    assert (first.struck_by, first.situation, second.strikes) == (2, "2,1 m au pont", 1)
    latest = seen(people, made).point
    assert latest is not None and latest.number == 2


def test_the_database_keeps_every_line(valbelle: Valbelle, people: People) -> None:
    made = declared(people, valbelle)
    with standing_at(AT):
        crises.write_point(**given(people, made, "lead"), draft=PointDraft("Calme"))
    changes: list[Callable[[], Any]] = [
        lambda: Fact.objects.update(text="Rien."),
        lambda: Fact.objects.all().delete(),
        lambda: Fact.objects.update(person_id=people.reader.pk),
        lambda: SituationPoint.objects.update(situation="Rien."),
        lambda: SituationPoint.objects.all()._raw_delete("default"),
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    for table in (Task, Crisis):
        with pytest.raises(DatabaseError, match="is kept"), transaction.atomic():
            table.objects.all()._raw_delete("default")
    before = len(acts(people, made))
    Fact.objects.update(person=None, other=None)
    assert len(acts(people, made)) == before


def test_it_ends_with_a_summary_and_nothing_moves_any_more(valbelle: Valbelle, people: People) -> None:
    made = declared(people, valbelle)
    pk = seen(people, made).tasks[0].id
    with standing_at(AT + 60 * MINUTE):
        with pytest.raises(BadCrisis):
            crises.end_crisis(**given(people, made, "lead"), summary="")
        crises.end_crisis(**given(people, made, "lead"), summary="Personne n’a été blessé.")
        for late in (
            lambda: crises.end_crisis(**given(people, made, "lead"), summary="x"),
            lambda: crises.move_task(**given(people, made, "lead"), task_id=pk, act=TaskAct.FINISH),
            lambda: crises.write_point(**given(people, made, "lead"), draft=PointDraft("x")),
            lambda: crises.change_phase(**given(people, made, "lead"), phase=Phase.ALERT, reason="x"),
        ):
            with pytest.raises(WrongState):
                late()
    view = seen(people, made, "lead")
    assert (view.ended_by, view.summary, view.may_lead) == ("Lead", "Personne n’a été blessé.", False)
    assert (view.tasks[0].state, view.tasks[0].why) == (TaskState.CANCELLED, crises.ENDS)
    assert crises.running(people.actor("lead"), here().id) == []
    from belvedere.kernel.paging import Window

    assert [one.id for one in crises.ended(people.actor("neighbour"), here().id, Window()).rows] == [made]
    verbs = {one.verb for one in entries_of(("crisis.crisis", str(made))).rows}
    assert verbs == {"crisis.declare", "crisis.end"}


def test_several_crises_run_and_tell_what_waits_for_me(valbelle: Valbelle, people: People) -> None:
    by = plan(people, valbelle)
    drill = declared(people, valbelle, plan_id=by, is_exercise=True, at=AT - MINUTE)
    real = declared(people, valbelle, plan_id=by)
    rows = crises.running(people.actor("contributor"), here().id)
    assert [(one.id, one.is_exercise, one.my_tasks) for one in rows] == [(real, False, 1), (drill, True, 1)]
    assert [one.my_tasks for one in crises.running(people.actor("reader"), here().id)] == [0, 0]


def test_the_log_book_hears_and_is_part_of_the_timeline(valbelle: Valbelle, people: People) -> None:
    made = declared(people, valbelle)
    owner = valbelle.montaigu.pk

    def write(text: str, at: Any) -> None:
        draft = logbook.EntryDraft(logbook.Category.CALL, text, happened_at=at)
        logbook.write_entry(actor=people.actor("lead"), territory=here(), owner_id=owner, draft=draft)

    with standing_at(AT + 20 * MINUTE):
        write("Avant", AT - MINUTE)
        write("Un appel", AT + 5 * MINUTE)
        severe = rule(owner, name="Crue", severity=Severity.CRITICAL)
        raise_one(severe.id, container(owner), AT + 6 * MINUTE)
        raise_one(rule(owner).id, container(owner, "Autre"), AT + 7 * MINUTE)  # major only
        crises.change_phase(**given(people, made, "lead"), phase=Phase.ALERT, reason="Deux mètres")
        told = acts(people, made)
        assert told.count("log:") == 1 and told.count("alarm:raise") == 1
        assert acts(people, made, text="appel") == ["log:"]
        assert acts(people, made, text="metres") == ["phase:raise"]
        assert acts(people, made, since=AT + 10 * MINUTE) == ["phase:raise", "task:open"]
        assert acts(people, made, until=AT + MINUTE) == ["phase:declare", "task:open"]
        assert "log:" not in acts(people, made, "neighbour") and "alarm:raise" not in acts(
            people, made, "stranger"
        )
    crises.end_crisis(**given(people, made, "lead"), summary="Fin.")
    wanted = logbook.Wanted(categories=[logbook.Category.CRISIS])
    heard = logbook.entries(people.actor("reader"), here().id, wanted).rows
    assert [(one.act, one.crisis_id) for one in heard[::-1]] == [
        ("begin:vigilance", made),
        ("phase:alert", made),
        ("end", made),
    ]
    assert heard[-1].text == "Crue du 22 novembre\nLe Rhône monte." and not heard[0].may_strike


def test_who_has_a_role_is_told_once_by_letter(valbelle: Valbelle, people: People) -> None:
    made = declared(people, valbelle)
    letters: list[crises.Letter] = []
    taken = {"is": False}

    def deliver(letter: crises.Letter) -> bool:
        letters.append(letter)
        return taken["is"]

    assert crises.send_due(AT, deliver) == 0 and len(letters) == 2
    assert crises.send_due(AT + 20 * MINUTE / 60, deliver) == 0 and len(letters) == 2  # waits to try again
    taken["is"] = True
    assert crises.send_due(AT + MINUTE, deliver) == 2 and crises.send_due(AT + 2 * MINUTE, deliver) == 0
    of_field = next(one for one in letters if one.person.id == people.contributor.pk)
    assert of_field.told[0].tasks == (("Contrôler les vannes", AT + 60 * MINUTE),)
    assert {one.key for one in letters[:2]} == {one.key for one in letters[2:]}
    held = inbox(people.contributor.pk)
    assert "Crisis declared" in str(held)
    with standing_at(AT + 3 * MINUTE):
        task = seen(people, made).tasks[0]
        crises.assign_task(**given(people, made, "lead"), task_id=task.id, person_id=people.reader.pk)
        crises.assign_task(**given(people, made, "lead"), task_id=task.id, person_id=people.lead.pk)
    assert list(Call.objects.filter(why="task").values_list("person_id", flat=True)) == [people.reader.pk]
    crises.end_crisis(**given(people, made, "lead"), summary="Fin.")
    crises.send_due(AT + 60 * 24 * 365 * MINUTE, deliver)
    assert set(Call.objects.filter(why="task").values_list("state", flat=True)) == {"not_sent"}
    assert all(one.told[0].why is crises.Why.ENDED for one in letters[4:]) and len(letters) == 6


def test_who_chose_a_message_first_gets_one_too(
    valbelle: Valbelle, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from belvedere.domains.reach import public as reach
    from belvedere.domains.reach.models import Message

    declared(people, valbelle)
    assert not Message.objects.exists()  # e-mail first: the letter is enough

    def ways(*_given: Any) -> tuple[reach.Way, ...]:
        return reach.Way.SMS, reach.Way.MAIL

    monkeypatch.setattr(reach, "ways_of", ways)
    monkeypatch.setattr("belvedere.domains.reach.telling.ways_of", ways)
    made = declared(people, valbelle)
    rows = Message.objects.order_by("pk")
    assert {one.person_id for one in rows} == {people.lead.pk, people.contributor.pk}
    assert {one.text for one in rows} == {"Crisis declared: {crisis}"}
    assert {(one.way, one.link) for one in rows} == {("sms", f"/cockpit/valbelle/crisis/{made}/")}
    assert Call.objects.filter(crisis_id=made).count() == 2


def test_two_tick_and_finish_the_same(valbelle: Valbelle, people: People) -> None:
    """The one who comes second changes nothing; the timeline has each act once. Whoever writes holds the
    crisis first, so that nobody decides on what another one is changing."""
    made = declared(people, valbelle)
    pk = seen(people, made).tasks[0].id
    for who in ("contributor", "administrator"):
        for position in (1, 2):
            crises.tick_check(**given(people, made, "contributor"), task_id=pk, position=position)
            crises.tick_check(**given(people, made, who), task_id=pk, position=position)
    with CaptureQueriesContext(connection) as asked:
        crises.move_task(**given(people, made, "contributor"), task_id=pk, act=TaskAct.FINISH)
    locks = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"]]
    writes = [one["sql"] for one in asked if one["sql"].startswith(("UPDATE", "INSERT"))]
    assert (
        locks
        and writes
        and asked.captured_queries.index({"sql": locks[0], "time": ANY})
        < min(asked.captured_queries.index({"sql": one, "time": ANY}) for one in writes)
    )
    with pytest.raises(WrongState):
        crises.move_task(**given(people, made, "administrator"), task_id=pk, act=TaskAct.FINISH)
    told = acts(people, made, categories=[crises.Category.TASK])
    assert told == [f"task:{act}" for act in ("open", "begin", "tick", "tick", "finish")]
    task = seen(people, made).tasks[0]
    assert task.ticked == 2 and {one.by for one in task.checks} == {"Contributor"}


def deeds(people: People, made: UUID, chance: Random) -> list[Callable[[], Any]]:
    """Things that an administrator may try now, some of them in vain."""
    view, mine = seen(people, made, "administrator"), given(people, made, "administrator")
    task, of, phase = chance.choice(view.tasks), chance.choice(view.roles), chance.choice(list(Phase))
    who = chance.choice([people.lead.pk, people.contributor.pk, people.finance.pk, people.reader.pk])
    act, ticked = chance.choice(list(TaskAct)), chance.random() < 0.7
    return [
        lambda: crises.change_phase(**mine, phase=phase, reason="x"),
        lambda: crises.move_task(**mine, task_id=task.id, act=act, reason="x"),
        lambda: crises.tick_check(**mine, task_id=task.id, position=1, ticked=ticked),
        lambda: crises.assign_task(**mine, task_id=task.id, person_id=who),
        lambda: crises.hand_role(**mine, role_id=of.id, person_id=who),
        lambda: crises.mark_absent(**mine, person_id=who),
        lambda: crises.mark_back(**mine, person_id=who),
        lambda: crises.write_point(**mine, draft=PointDraft("x")),
        lambda: crises.strike_point(**mine, number=1, draft=PointDraft("y")),
        lambda: crises.add_task(**mine, draft=TaskDraft("x", ("y",), of.id)),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_the_timeline_loses_nothing(seed: int, valbelle: Valbelle, people: People) -> None:
    """After each act what was there is there unchanged; what failed left no line."""
    made, chance = declared(people, valbelle), Random(seed)
    before = crises.timeline(people.actor("reader"), here().id, made)
    first = len(before)
    for minute in range(40):
        with standing_at(AT + minute * MINUTE):
            tried, failed = chance.choice(deeds(people, made, chance)), False
            try:
                tried()
            except (BadCrisis, WrongState):
                failed = True
            after = crises.timeline(people.actor("reader"), here().id, made)
        kept = {one.number: replace(one, point=None) for one in after}
        assert all(kept[one.number] == replace(one, point=None) for one in before)
        assert after == sorted(after, key=lambda one: (one.at, one.number))
        assert not failed or len(after) == len(before)
        before = after
    assert len(before) > first + 10
