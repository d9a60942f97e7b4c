"""Votes and what left them: frozen, fingerprinted, explained before the next one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from belvedere.domains.access.models import Membership, Person
from belvedere.domains.access.public import Actor, Role, actor_of
from belvedere.domains.plans.errors import VariancesUnexplained
from belvedere.domains.plans.models import Snapshot, SnapshotLine, VarianceReason
from belvedere.domains.plans.public import outlook, vocabulary
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, Refused
from belvedere.kernel.money import Kind, Vat
from tests.domains.plans.drafts import CHF

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
BUDGET, REPORT = vocabulary.SnapshotKind.BUDGET, vocabulary.SnapshotKind.REPORT
MONEY, DATES = vocabulary.VarianceKind.MONEY, vocabulary.VarianceKind.DATES
A, B = UUID(int=1), UUID(int=2)


def line(
    measure: UUID = A, net: str = "1000000.00", start: str = "2027-01-01", end: str = "2028-12-31"
) -> Any:
    return {
        "measure_id": str(measure),
        "title": {"fr": "Voie verte"},
        "codes": ["M1"],
        "cost": net,
        "net": {"2027": net},
        "net_total": net,
        "works_start": start,
        "works_end": end,
    }


def content(kind: Kind = CHF) -> dict[str, Any]:
    said = {"currency": kind.currency, "vat": kind.vat.value, "price_base": kind.price_base}
    return {"kind": said, "columns": ["2027"], "rows": {"net": ["1000000.00"]}}


def vote(
    valbelle: Any, *lines: Any, actor: Actor = SYSTEM, kind: Any = BUDGET, money: Kind = CHF, day: int = 1
) -> UUID:
    return outlook.vote_snapshot(
        actor=actor,
        territory_id=valbelle.territory.pk,
        organisation_id=valbelle.montaigu.pk,
        draft=outlook.SnapshotDraft(
            kind, "Budget 2026", "Conseil général", date(2025, 12, day), content(money), lines or (line(),)
        ),
    )


def explain(key: UUID, *now: Any, kind: Any = MONEY, reason: str = "Offres", actor: Actor = SYSTEM) -> None:
    outlook.explain_variance(
        actor=actor, snapshot_id=key, measure_id=A, kind=kind, now_lines=now, reason=reason
    )


def test_a_vote_is_kept_as_it_was_and_says_when_it_was_touched(valbelle: Any) -> None:
    key = vote(valbelle, line(B), line(A))
    view = outlook.snapshot(SYSTEM, key)
    assert view.intact and outlook.verify_snapshot(SYSTEM, key)
    assert view.content == content()
    assert list(view.lines) == [line(A), line(B)]
    (head,) = outlook.snapshots_of(SYSTEM, valbelle.territory.pk, valbelle.montaigu.pk)
    assert (head.id, head.kind, len(head.sha256)) == (key, BUDGET, 64)
    entry = entries_of(("plans.snapshot", str(key))).rows[0]
    assert (entry.verb, entry.after["sha256"]) == ("plans.vote_snapshot", head.sha256)
    for model in (Snapshot, SnapshotLine):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(**({"title": "x"} if model is Snapshot else {"content": {}}))
    with connection.cursor() as cursor:  # someone with the keys of the database
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE plans_snapshotline DISABLE TRIGGER plans_append_only")
        cursor.execute("""UPDATE plans_snapshotline SET content = content || '{"net_total": "1.00"}'""")
    assert not outlook.verify_snapshot(SYSTEM, key)


@pytest.mark.parametrize(
    ("now", "needs"),
    [
        (line(net="1049999.99"), set()),  # below 5 %
        (line(net="1050000.00"), {MONEY}),
        (line(net="950000.00"), {MONEY}),
        (line(start="2027-03-31"), set()),  # 89 days
        (line(start="2027-04-01"), {DATES}),
        (line(end="2028-10-02"), {DATES}),  # earlier counts too
        (line(net="2000000.00", start="2028-01-01"), {MONEY, DATES}),
    ],
)
def test_what_passes_the_thresholds_needs_a_reason(valbelle: Any, now: Any, needs: Any) -> None:
    (found,) = outlook.variances(SYSTEM, vote(valbelle), [now])
    assert found.needs == found.open == needs


def test_small_measures_are_held_to_an_amount(valbelle: Any) -> None:
    key = vote(valbelle, line(net="20000.00"))
    assert not outlook.variances(SYSTEM, key, [line(net="29999.99")])[0].needs
    assert outlook.variances(SYSTEM, key, [line(net="30000.00")])[0].needs == {MONEY}


def test_new_and_gone_measures_are_differences(valbelle: Any) -> None:
    key = vote(valbelle, line(A))
    found = {one.measure_id: one for one in outlook.variances(SYSTEM, key, [line(B, net="9000.00")])}
    assert found[A].is_gone and found[A].needs == {MONEY}
    assert found[B].is_new and not found[B].needs
    assert outlook.variances(SYSTEM, key, [line(A)]) == ()


def test_another_kind_of_money_is_never_subtracted(valbelle: Any) -> None:
    now = [line(net="2000000.00", start="2028-01-01")]
    other = Kind("CHF", Vat.INCLUDED, "")
    (found,) = outlook.variances(SYSTEM, vote(valbelle), now, kind=other)
    assert found.amount is None
    assert found.needs == {DATES}


def test_the_next_vote_waits_for_reasons(valbelle: Any) -> None:
    key = vote(valbelle)
    now = line(net="1100000.00", start="2028-01-01", end="2029-12-31")
    with pytest.raises(VariancesUnexplained) as caught:
        vote(valbelle, now, day=2)
    assert caught.value.data["measure_ids"] == [str(A)]
    vote(valbelle, now, kind=REPORT)  # of another kind: compared with its own
    explain(key, now)
    with pytest.raises(VariancesUnexplained):
        vote(valbelle, now, day=2)
    explain(key, now, kind=DATES, reason="Recours")
    with pytest.raises(InvalidInput):
        outlook.vote_snapshot(
            actor=SYSTEM,
            territory_id=valbelle.territory.pk,
            organisation_id=valbelle.montaigu.pk,
            draft=outlook.SnapshotDraft(BUDGET, "B", "C", date(2025, 11, 30), content(), (now,)),
        )
    vote(valbelle, now, day=2)
    (found,) = outlook.variances(SYSTEM, key, [now])
    assert [(one.kind, one.reason) for one in found.reasons] == [(MONEY, "Offres"), (DATES, "Recours")]
    assert not found.open


def test_a_reason_counts_while_the_difference_stays_near_what_it_explained(valbelle: Any) -> None:
    key = vote(valbelle)
    explain(key, line(net="1100000.00"))
    assert not outlook.variances(SYSTEM, key, [line(net="1149999.00")])[0].open
    assert outlook.variances(SYSTEM, key, [line(net="1150000.00")])[0].open == {MONEY}
    with pytest.raises(Conflict):
        explain(key, line(net="1000001.00"))
    with pytest.raises(InvalidInput):
        explain(key, line(net="1100000.00"), reason="  ")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        VarianceReason.objects.update(reason="x")


def test_a_vote_that_cannot_be_is_refused(valbelle: Any) -> None:
    with pytest.raises(InvalidInput):
        outlook.SnapshotDraft(BUDGET, " ", "Conseil", date(2025, 12, 1))
    with pytest.raises(InvalidInput):
        outlook.SnapshotDraft(BUDGET, "Budget", "Conseil", date(2150, 1, 1))
    with pytest.raises(InvalidInput):
        outlook.vote_snapshot(
            actor=SYSTEM,
            territory_id=valbelle.territory.pk,
            organisation_id=valbelle.montaigu.pk,
            draft=outlook.SnapshotDraft(BUDGET, "Budget", "Conseil", date(2025, 12, 1), content()),
        )
    with pytest.raises(TypeError):
        vote(valbelle, {**line(), "cost": 0.1})
    with pytest.raises(NotFound):
        outlook.snapshot(SYSTEM, A)
    assert not Snapshot.objects.exists()


def test_only_those_who_answer_for_the_money_record_a_vote(valbelle: Any, people: Any) -> None:
    treasurer = Person.objects.create(email="treasurer@example.org", display_name="T", language="fr")
    Membership.objects.create(person=treasurer, organisation=valbelle.rochefort, role=Role.FINANCE)
    key = vote(valbelle, actor=people.actor("finance"))
    refused = [people.actor(name) for name in ("contributor", "reader", "office", "elected", "nobody")]
    for actor in (*refused, actor_of(treasurer), Actor.public()):
        with pytest.raises(Refused):
            vote(valbelle, actor=actor, day=2)
    assert outlook.snapshot(people.actor("elected"), key).may_explain is False
    for actor in (actor_of(treasurer), people.actor("neighbour"), people.actor("nobody")):
        with pytest.raises(Refused):
            outlook.snapshot(actor, key)
        with pytest.raises(Refused):
            outlook.variances(actor, key, [line()])
        with pytest.raises(Refused):
            outlook.snapshots_of(actor, valbelle.territory.pk, valbelle.montaigu.pk)
    now = line(net="1100000.00")
    for name in ("reader", "elected", "office", "neighbour"):
        with pytest.raises(Refused):
            explain(key, now, actor=people.actor(name))
    explain(key, now, actor=people.actor("contributor"))  # may explain, may not vote
