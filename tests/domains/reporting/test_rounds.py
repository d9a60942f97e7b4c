"""Opening, answering, reminding, closing: who may, what is kept, what is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import ChangedMeanwhile
from belvedere.domains.plans.public import actions, page, reported, states, values
from belvedere.domains.reporting.errors import NoSuchRound, NotAllAnswered, RoundHasGaps, RoundIsClosed
from belvedere.domains.reporting.events import RoundClosed, TaskAsked, TaskReminded
from belvedere.domains.reporting.models import (
    Reminder,
    ReportingRound,
    RoundLine,
    RoundSnapshot,
    RoundSnapshotLine,
    RoundTask,
)
from belvedere.domains.reporting.public import (
    Correction,
    close_round,
    confirm_lines,
    correct_line,
    hand_in_task,
    queries,
    remind,
    reopen_task,
)
from belvedere.domains.reporting.public import states as words
from belvedere.domains.reporting.tasks import remind_by_the_day
from belvedere.duties.journal.public import entries_of
from belvedere.kernel import events
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import Conflict, InvalidInput, Refused
from belvedere.kernel.paging import Window
from tests.domains.reporting.examples import AS_OF, DUE, Programme, chf, opened

pytestmark = pytest.mark.django_db
WAIT, OK, NEW = words.LineState.TO_CONFIRM, words.LineState.CONFIRMED, words.LineState.CORRECTED


def task_of(owner: Any) -> RoundTask:
    return RoundTask.objects.get(organisation=owner)


def line_of(made: Programme, name: str) -> RoundLine:
    return RoundLine.objects.get(measure_id=made.measures[name])


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    heard: list[object] = []
    monkeypatch.setattr(events, "publish", heard.append)
    return heard


# ------------------------------------------------------------------ opening
def test_each_owner_gets_a_task_with_its_measures(
    valbelle: Any,
    people: Any,
    made: Programme,
    on_opening_day: None,
    told: list[object],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        round_id = opened(valbelle, people.actor("office"), made)
    tasks = {task.organisation_id: task for task in RoundTask.objects.filter(round_id=round_id)}
    assert set(tasks) == {valbelle.montaigu.pk, valbelle.rochefort.pk}
    lines = RoundLine.objects.filter(task=tasks[valbelle.montaigu.pk])
    assert {line.measure_id for line in lines} == {made.measures["street"], made.measures["bridge"]}
    assert {line.state for line in lines} == {WAIT}
    assert line_of(made, "street").opened["cost"]["value"] == "1000000.00"
    assert {event.task_id for event in told if isinstance(event, TaskAsked)} == {
        task.pk for task in tasks.values()
    }
    acts = entries_of(("reporting.round", str(round_id)), Window(0, 5)).rows
    assert [act.verb for act in acts] == ["reporting.open_round"]


@pytest.mark.parametrize("who", ["lead", "neighbour", "stranger", "elected"])
def test_only_the_office_opens(
    valbelle: Any, people: Any, made: Programme, on_opening_day: None, who: str
) -> None:
    with pytest.raises((Refused, NoSuchRound)):
        opened(valbelle, people.actor(who), made)
    assert not ReportingRound.objects.exists()
    opened(valbelle, people.actor("governor"), made)


def test_a_round_needs_a_day_to_come_a_name_and_a_question(
    valbelle: Any, people: Any, made: Programme, on_opening_day: None
) -> None:
    office = people.actor("office")
    for wrong in ({"due": date(2026, 11, 2)}, {"name": " "}, {"questions": ()}, {"plan_ids": ()}):
        with pytest.raises(InvalidInput):
            opened(valbelle, office, made, **wrong)
    opened(valbelle, office, made)
    with pytest.raises(Conflict), transaction.atomic():
        opened(valbelle, office, made)


# ------------------------------------------------------------------ answering
def test_an_owner_confirms_all_with_one_act_and_hands_in(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    lead, task = people.actor("lead"), task_of(valbelle.montaigu)
    with pytest.raises(NotAllAnswered) as refused:
        hand_in_task(actor=lead, task_id=task.pk)
    assert "wait for an answer: 2" in str(refused.value)
    assert confirm_lines(actor=lead, task_id=task.pk) == 2
    hand_in_task(actor=lead, task_id=task.pk, note="Tout est juste.")
    view = queries.task_view(lead, task.pk)
    assert (view.left, view.state, view.note) == (0, words.TaskState.HANDED_IN, "Tout est juste.")
    assert {line.state for line in view.lines} == {OK}


@pytest.mark.parametrize("who", ["reader", "neighbour", "office", "elected", "stranger"])
def test_nobody_answers_for_another(
    valbelle: Any, people: Any, made: Programme, round_id: UUID, who: str
) -> None:
    with pytest.raises((Refused, NoSuchRound)):
        confirm_lines(actor=people.actor(who), task_id=task_of(valbelle.montaigu).pk)
    assert not RoundLine.objects.exclude(state=WAIT).exists()
    assert confirm_lines(actor=people.actor("contributor"), task_id=task_of(valbelle.montaigu).pk) == 2


def test_a_line_of_another_checklist_is_refused(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    with pytest.raises(NoSuchRound):
        confirm_lines(
            actor=people.actor("lead"),
            task_id=task_of(valbelle.montaigu).pk,
            line_ids=[line_of(made, "square").pk],
        )
    assert line_of(made, "square").state == WAIT


def test_a_correction_changes_the_measure_in_the_name_of_who_answers(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    lead, line = people.actor("lead"), line_of(made, "street")
    correct_line(
        actor=lead,
        line_id=line.pk,
        version=1,
        correction=Correction(
            works=(date(2028, 6, 1), date(2029, 10, 31)), cost=Decimal(1_200_000), paid=Decimal(50_000)
        ),
        note="Recours d’un riverain",
    )
    measure = page.measure_page(lead, made.measures["street"], language="fr")
    assert measure.cost == chf(1_200_000)
    assert measure.estimates[0].eligible == chf(960_000)
    assert sum(spent.amount.amount for spent in measure.spending) == 1_200_000
    assert measure.phases[0].planned == (date(2027, 4, 1), date(2028, 9, 30))
    assert measure.phases[0].forecast == (date(2028, 6, 1), date(2029, 10, 31))
    kept = line_of(made, "street")
    assert (kept.state, kept.note) == (NEW, "Recours d’un riverain")
    assert kept.answered["paid"]["value"] == "50000.00"
    acts = entries_of(("plans.measure", str(measure.id)), Window(0, 10)).rows
    assert {act.actor_id for act in acts[:3]} == {people.lead.pk}
    assert all("Recours d’un riverain" in act.reason for act in acts[:3])


def test_days_that_passed_are_real(valbelle: Any, people: Any, made: Programme, round_id: UUID) -> None:
    lead = people.actor("lead")
    correct_line(
        actor=lead,
        line_id=line_of(made, "bridge").pk,
        version=None,
        correction=Correction(works=(date(2026, 5, 11), date(2029, 5, 1))),
        note="Chantier ouvert",
    )
    phase = page.measure_page(lead, made.measures["bridge"], language="fr").phases[0]
    assert phase.actual == (date(2026, 5, 11), None)
    assert phase.forecast == (date(2026, 5, 1), date(2029, 5, 1))


def test_what_plans_refuse_is_refused_whole(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    """A contributor may move dates but no amounts: then neither moves."""
    line = line_of(made, "street")
    both = Correction(works=(date(2028, 6, 1), None), cost=Decimal(2_000_000))
    with pytest.raises(Refused):
        correct_line(
            actor=people.actor("contributor"),
            line_id=line.pk,
            version=None,
            correction=both,
            note="Plus cher",
        )
    measure = page.measure_page(people.actor("lead"), made.measures["street"], language="fr")
    assert (measure.cost, measure.version) == (chf(1_000_000), 1)
    assert line_of(made, "street").state == WAIT
    with pytest.raises(InvalidInput):  # no word why
        correct_line(actor=people.actor("lead"), line_id=line.pk, version=None, correction=both, note="  ")


def test_someone_saved_meanwhile(valbelle: Any, people: Any, made: Programme, round_id: UUID) -> None:
    lead = people.actor("lead")
    actions.edit_measure(actor=lead, measure_id=made.measures["street"], version=1, title={"fr": "Rue"})
    with pytest.raises(ChangedMeanwhile):
        correct_line(
            actor=lead,
            line_id=line_of(made, "street").pk,
            version=1,
            correction=Correction(cost=Decimal(5)),
            note="x",
        )


def test_confirming_what_was_changed_elsewhere_counts_as_corrected(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    lead = people.actor("lead")
    actions.change_phase(actor=lead, measure_id=made.measures["bridge"], version=None, to="31")
    confirm_lines(actor=lead, task_id=task_of(valbelle.montaigu).pk)
    assert (line_of(made, "bridge").state, line_of(made, "street").state) == (NEW, OK)


def test_the_office_asks_again(valbelle: Any, people: Any, made: Programme, round_id: UUID) -> None:
    task = task_of(valbelle.rochefort)
    confirm_lines(actor=people.actor("neighbour"), task_id=task.pk)
    hand_in_task(actor=people.actor("neighbour"), task_id=task.pk)
    with pytest.raises((Refused, NoSuchRound)):
        reopen_task(actor=people.actor("lead"), task_id=task.pk, reason="Voir la date")
    with pytest.raises(InvalidInput):
        reopen_task(actor=people.actor("office"), task_id=task.pk, reason="")
    reopen_task(actor=people.actor("office"), task_id=task.pk, reason="Voir la date")
    assert task_of(valbelle.rochefort).state == words.TaskState.WAITING


# ------------------------------------------------------------------ reminding
def test_reminders_by_the_clock_leave_once_each_to_who_waits(
    valbelle: Any,
    people: Any,
    made: Programme,
    round_id: UUID,
    told: list[object],
    django_capture_on_commit_callbacks: Any,
) -> None:
    neighbour = people.actor("neighbour")
    confirm_lines(actor=neighbour, task_id=task_of(valbelle.rochefort).pk)
    hand_in_task(actor=neighbour, task_id=task_of(valbelle.rochefort).pk)
    sent: dict[int, int] = {}
    with django_capture_on_commit_callbacks(execute=True):
        for offset in range(-20, 12):
            day = DUE + timedelta(days=offset)
            for _twice in range(2):
                sent[offset] = sent.get(offset, 0) + remind_by_the_day(day)
    assert {offset: count for offset, count in sent.items() if count} == {-14: 1, -3: 1, 1: 1, 7: 1}
    waiting = task_of(valbelle.montaigu).pk
    reminded = [event for event in told if isinstance(event, TaskReminded)]
    assert [(event.task_id, event.kind) for event in reminded] == [
        (waiting, kind) for kind in ("before_14", "before_3", "after_1", "after_7")
    ]


def test_a_machine_that_slept_sends_the_last_reminder_only(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    assert remind_by_the_day(DUE + timedelta(days=2)) == 2
    assert remind_by_the_day(DUE + timedelta(days=3)) == 0
    assert set(Reminder.objects.values_list("kind", flat=True)) == {"after_1"}


def test_reminders_due_before_the_opening_are_not_sent(
    valbelle: Any, people: Any, made: Programme, on_opening_day: None
) -> None:
    opened(valbelle, people.actor("office"), made, due=date(2026, 11, 10))
    assert remind_by_the_day(date(2026, 11, 2)) == 0
    assert remind_by_the_day(date(2026, 11, 7)) == 2


def test_the_office_reminds_by_hand_once_a_day(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    with pytest.raises(NoSuchRound):
        remind(actor=people.actor("lead"), round_id=round_id)
    assert remind(actor=people.actor("office"), round_id=round_id) == 2
    assert remind(actor=people.actor("office"), round_id=round_id) == 0
    with standing_at(datetime(2026, 11, 3, 9, tzinfo=UTC)):
        one = [task_of(valbelle.montaigu).pk]
        assert remind(actor=people.actor("office"), round_id=round_id, task_ids=one) == 1


# ------------------------------------------------------------------ closing
def answer_all(valbelle: Any, people: Any) -> None:
    for who, owner in (("lead", valbelle.montaigu), ("neighbour", valbelle.rochefort)):
        confirm_lines(actor=people.actor(who), task_id=task_of(owner).pk, note="Juste")
        hand_in_task(actor=people.actor(who), task_id=task_of(owner).pk)


def test_closing_says_what_is_missing_and_keeps_it(
    valbelle: Any,
    people: Any,
    made: Programme,
    round_id: UUID,
    told: list[object],
    django_capture_on_commit_callbacks: Any,
) -> None:
    office = people.actor("office")
    with pytest.raises(RoundHasGaps) as refused:
        close_round(actor=office, round_id=round_id)
    assert (refused.value.data["owners"], refused.value.data["lines"]) == (2, 3)
    with pytest.raises(InvalidInput):
        close_round(actor=office, round_id=round_id, with_gaps=True)
    with django_capture_on_commit_callbacks(execute=True):
        close_round(actor=office, round_id=round_id, with_gaps=True, reason="Délai fédéral")
    kept = queries.frozen(office, round_id, territory_id=valbelle.territory.pk)
    assert kept.content["missing"]["owners"] == 2
    assert kept.content["reason"] == "Délai fédéral"
    assert kept.intact
    assert [event for event in told if isinstance(event, RoundClosed)]


def test_only_the_office_closes(valbelle: Any, people: Any, made: Programme, round_id: UUID) -> None:
    answer_all(valbelle, people)
    for who in ("lead", "neighbour", "elected", "stranger"):
        with pytest.raises((Refused, NoSuchRound)):
            close_round(actor=people.actor(who), round_id=round_id, with_gaps=True, reason="x")
    assert ReportingRound.objects.get().state == words.RoundState.OPEN


def test_a_closed_round_takes_nothing_more(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    answer_all(valbelle, people)
    office, task = people.actor("office"), task_of(valbelle.montaigu)
    close_round(actor=office, round_id=round_id, with_gaps=True, reason="Dates manquantes")
    for act in (
        lambda: confirm_lines(actor=people.actor("lead"), task_id=task.pk),
        lambda: hand_in_task(actor=people.actor("lead"), task_id=task.pk),
        lambda: remind(actor=office, round_id=round_id),
        lambda: reopen_task(actor=office, task_id=task.pk, reason="x"),
        lambda: close_round(actor=office, round_id=round_id, with_gaps=True, reason="x"),
    ):
        with pytest.raises(RoundIsClosed):
            act()
    assert remind_by_the_day(DUE + timedelta(days=1)) == 0


@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.parametrize("table", [RoundSnapshot, RoundSnapshotLine])
def test_the_database_refuses_to_change_what_was_frozen(
    valbelle: Any, people: Any, made: Programme, round_id: UUID, table: Any, act: str
) -> None:
    close_round(actor=people.actor("office"), round_id=round_id, with_gaps=True, reason="x")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        if act == "update":
            table.objects.update(content={})
        else:
            RoundSnapshotLine.objects.all().delete() if table is RoundSnapshotLine else (
                table.objects.all()._raw_delete("default")
            )
    assert table.objects.exists()


# ------------------------------------------------------------------ reading
def test_who_reads_what(valbelle: Any, people: Any, made: Programme, round_id: UUID) -> None:
    territory = valbelle.territory.pk
    for who in ("office", "elected", "governor"):
        assert len(queries.round_view(people.actor(who), round_id, territory_id=territory).tasks) == 2
    with pytest.raises(Refused):  # an owner has its own checklist
        queries.round_view(people.actor("lead"), round_id, territory_id=territory)
    with pytest.raises(NoSuchRound):
        queries.round_view(people.actor("stranger"), round_id, territory_id=territory)
    task = task_of(valbelle.montaigu).pk
    for who in ("reader", "lead", "office", "elected"):
        assert len(queries.task_view(people.actor(who), task).lines) == 2
    for who in ("neighbour", "stranger", "nobody"):
        with pytest.raises(NoSuchRound):
            queries.task_view(people.actor(who), task)
    assert [head.mine for head in queries.rounds_of(people.actor("lead"), territory)] == [(task,)]
    assert queries.rounds_of(people.actor("stranger"), territory) == []
    assert not queries.task_view(people.actor("reader"), task).may_answer


def test_findings_stand_with_their_measures(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    view = queries.round_view(people.actor("office"), round_id, territory_id=valbelle.territory.pk)
    found = {measure.id: {one.code.value for one in findings} for _task, measure, findings in view.findings}
    assert found[made.measures["bridge"]] == {"start_passed"}
    assert found[made.measures["square"]] == {"no_dates"}
    assert made.measures["street"] not in found


def test_deadlines_nearest_first_of_what_one_sees(valbelle: Any, people: Any, made: Programme) -> None:
    found = reported.deadlines(people.actor("office"), valbelle.territory.pk)
    assert [one.day for one in found] == sorted(one.day for one in found)
    assert {one.what for one in found} == {"start", "claim"}
    assert not [one for one in found if one.missed]
    assert reported.deadlines(people.actor("stranger"), valbelle.territory.pk) == []
    actions.set_phase_dates(
        actor=Actor.system(),
        measure_id=made.measures["street"],
        version=None,
        phases=[values.PhaseDraft("5", forecast=(date(2028, 6, 1), date(2029, 5, 1)))],
    )
    late = [one for one in reported.deadlines(people.actor("lead"), valbelle.territory.pk) if one.missed]
    assert [(one.measure_id, one.what) for one in late] == [(made.measures["street"], "start")]


def test_reads_do_not_grow_with_the_measures(
    valbelle: Any, people: Any, made: Programme, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        found = reported.reported(people.actor("office"), valbelle.territory.pk)
    assert len(found) == 3
    assert found[0].listings[0].listed_cost == chf(1_000_000)
    assert found[0].funding[0].granted == chf(300_000)
    assert found[0].implementation is states.Implementation.NOT_STARTED


assert AS_OF < DUE
