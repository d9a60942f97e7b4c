"""A file of readings is taken whole: judged by the code of the intake, counted, and never kept twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.connections import public as connections
from belvedere.domains.connections.errors import NoSuchFile
from belvedere.domains.connections.models import ReadingsFile
from belvedere.domains.intake import actions as intake_actions
from belvedere.domains.intake import known_values
from belvedere.domains.intake import public as intake
from belvedere.domains.intake.public import LetterState, Reason
from belvedere.domains.observations import public as observations
from belvedere.domains.territory.public import TerritoryView, territory_by_slug
from belvedere.domains.twin.public import DeviceDraft, EntityDraft, create_entity, feeds, register_device
from belvedere.kernel.clock import now
from belvedere.kernel.errors import BelvedereError, Conflict, InvalidInput, TooLarge
from tests.domains.intake.things import _database_goes_back_in_time
from tests.people import Valbelle

__all__ = ["_database_goes_back_in_time"]
pytestmark = pytest.mark.django_db
ME = Actor.system()
HOW = connections.ListMap(
    "", "id", time="at", zone="Europe/Zurich", fields=(connections.FieldMap("free", "availableSpotNumber"),)
)
Bring = Callable[..., UUID]


@pytest.fixture
def here(valbelle: Valbelle) -> TerritoryView:
    found = territory_by_slug("valbelle")
    for key, owner in (("gare", valbelle.montaigu.pk), ("lac", valbelle.rochefort.pk)):
        draft = EntityDraft(kind="off-street-parking", owner_id=owner)
        entity = create_entity(actor=ME, territory=found, draft=draft)
        register_device(actor=ME, territory=found, draft=DeviceDraft(key=key, entity_id=entity, per_minute=1))
    return found


@pytest.fixture
def bring(here: TerritoryView, valbelle: Valbelle) -> Bring:
    def brought(body: bytes | str, how: connections.ListMap | None = HOW, **changed: Any) -> UUID:
        told = body.encode() if isinstance(body, str) else body
        draft = connections.FileDraft("parks.csv", told, "off-street-parking", **changed)
        made = connections.bring_file(actor=ME, territory=here, owner_id=valbelle.montaigu.pk, draft=draft)
        if how is not None:
            connections.map_file(actor=ME, territory=here, file_id=made, mapping=how)
        return made

    return brought


def spots(key: str) -> int:
    fields = feeds([("valbelle", key)])["valbelle", key].fields
    return next(one.series_id for one in fields.values() if one.term == "availableSpotNumber")


def history(key: str) -> list[float]:
    start, end = datetime(2000, 1, 1, tzinfo=UTC), now() + timedelta(1)
    return observations.series(spots(key), start, end).numbers.tolist()


def test_every_row_has_its_outcome_and_the_file_again_doubles_nothing(
    here: TerritoryView, bring: Bring
) -> None:
    today = now().replace(microsecond=0)
    old = [f"gare;{day:02d}.03.2024 08:00;{day},5" for day in range(1, 11)]
    new = [f"gare;{(today - timedelta(minutes=at)).isoformat()};{at}" for at in range(1, 6)]
    bad = [
        f"gare;{today.isoformat()};NaN",
        "gare;30.02.2024 08:00;7",
        f"lac;{today.isoformat()};7",
        f"nobody;{today.isoformat()};7",
        f";{today.isoformat()};7",
        f"gare;{(today + timedelta(days=2)).isoformat()};7",
    ]
    body = "\n".join(["id;at;free", *old, *new, new[0], *bad])
    file_id = bring(body)
    taken = intake.take_file(actor=ME, territory=here, file_id=file_id)
    assert (taken.rows, taken.stored + taken.late, taken.duplicate) == (22, 15, 1)
    assert taken.refused == {
        Reason.NOT_A_NUMBER: 1, Reason.BAD_TIME: 1, Reason.NOT_ALLOWED: 1, Reason.UNKNOWN_DEVICE: 1,
        Reason.BAD_FORM: 1, Reason.FUTURE: 1,
    }  # fmt: skip
    assert history("gare") == [*(day + 0.5 for day in range(1, 11)), 5, 4, 3, 2, 1]
    assert not history("lac")
    hour = now().replace(minute=0, second=0, microsecond=0)
    whole = intake.ledger(ME, here.id, hour - timedelta(hours=1), hour + timedelta(hours=1)).whole
    assert whole.balances
    assert (whole.received, whole.refused) == (22, 6)
    refused = intake.refused_rows(ME, here.id, file_id)
    assert next((one.place, one.reason) for one in refused) == (17, Reason.NOT_A_NUMBER)
    assert len(refused) == 6
    with pytest.raises(Conflict):
        intake.take_file(actor=ME, territory=here, file_id=file_id)
    assert ReadingsFile.objects.get(pk=file_id).body is None

    again = bring(body)
    assert connections.file(ME, here.id, again).same_at is not None
    taken = intake.take_file(actor=ME, territory=here, file_id=again)
    assert (taken.stored + taken.late, taken.duplicate, sum(taken.refused.values())) == (0, 16, 6)
    assert len(history("gare")) == 15


def test_what_is_settled_in_the_lake_is_known_there(
    here: TerritoryView, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2024, 3, 1, 7, tzinfo=UTC)
    held = observations.Points(
        np.array([at.replace(tzinfo=None)], "datetime64[us]"),
        np.array([4.0]),
    )
    monkeypatch.setattr(known_values, "series", lambda *_given: held)
    file_id = bring("id;at;free\ngare;01.03.2024 08:00;4\ngare;01.03.2024 09:00;4\n")
    taken = intake.take_file(actor=ME, territory=here, file_id=file_id)
    assert (taken.stored + taken.late, taken.duplicate) == (1, 1)


def test_a_refused_row_is_taken_after_its_cause_is_mended(
    here: TerritoryView, bring: Bring, valbelle: Valbelle
) -> None:
    file_id = bring(json.dumps([{"id": "quai", "at": "2026-11-20T08:00:00Z", "free": 3}]))
    taken = intake.take_file(actor=ME, territory=here, file_id=file_id)
    assert taken.refused == {Reason.UNKNOWN_DEVICE: 1}
    entity = create_entity(
        actor=ME,
        territory=here,
        draft=EntityDraft(kind="off-street-parking", owner_id=valbelle.montaigu.pk),
    )
    register_device(actor=ME, territory=here, draft=DeviceDraft(key="quai", entity_id=entity))
    ids = [one.id for one in intake.dead_letters(ME, here.id)]
    assert intake.replay(actor=ME, territory_id=here.id, ids=ids).taken == 1
    assert history("quai") == [3]
    assert [one.state for one in intake.refused_rows(ME, here.id, file_id)] == [LetterState.REPLAYED]


def test_a_file_of_one_device_needs_no_names(here: TerritoryView, bring: Bring) -> None:
    how = connections.ListMap("", time="at", fields=HOW.fields)
    file_id = bring("at,free\n2026-11-20T08:00:00Z,3\n2026-11-20T08:10:00Z,4\n", how, device="Gare")
    taken = intake.take_file(actor=ME, territory=here, file_id=file_id)
    assert (taken.stored + taken.late, taken.refused) == (2, {})
    assert history("gare") == [3, 4]
    with pytest.raises(InvalidInput, match="names the thing"):
        bring("at,free\n2026-11-20T08:00:00Z,3\n", how)
    with pytest.raises(InvalidInput, match="time"):
        bring("id,free\ngare,3\n", connections.ListMap("", "id", fields=HOW.fields))


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"", InvalidInput, "empty"),
        (b" \r\n ", InvalidInput, "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00;\x00", InvalidInput, "neither JSON nor CSV"),
        ("id;at\n1;2\n".encode("utf-16"), InvalidInput, "neither JSON nor CSV"),
        (b"<html>", InvalidInput, "web page"),
        (b"{" * 100_000, InvalidInput, "not JSON"),
        (b"a;b\n" + b"1;2\n" * 2_000_000, TooLarge, "rows"),
        (b"[" + b"{}," * 2_000_000 + b"{}]", TooLarge, "rows"),
        (b"a;b\n" + b"1" * (20 * 1024 * 1024), TooLarge, "20"),
    ],
)
def test_a_file_that_cannot_be_read_is_not_kept(
    here: TerritoryView, bring: Bring, body: bytes, kind: type[BelvedereError], said: str
) -> None:
    with pytest.raises(kind) as raised:
        bring(body, None)
    assert said in str(raised.value)
    assert not ReadingsFile.objects.exists()


def test_a_wrong_encoding_a_wrong_unit_and_a_list_elsewhere_are_told(
    here: TerritoryView, bring: Bring
) -> None:
    known = "id;at;free;où\ngare;2026-11-20T08:00:00Z;3;Dépôt\n".encode("cp1252")
    assert "où" in dict(
        connections.look_into_file(actor=ME, territory=here, file_id=bring(known, None)).offer.fields
    )
    wrong = connections.FieldMap("free", "availableSpotNumber", "CEL")
    with pytest.raises(InvalidInput, match="unit"):
        bring(known, connections.ListMap("", "id", time="at", fields=(wrong,)))
    lost = bring(known, connections.ListMap("data", "id", time="at", fields=HOW.fields))
    with pytest.raises(InvalidInput, match="no list"):
        intake.take_file(actor=ME, territory=here, file_id=lost)
    with pytest.raises(Conflict, match="fields"):
        intake.take_file(actor=ME, territory=here, file_id=bring(known, None))


def test_a_huge_line_is_refused_alone(here: TerritoryView, bring: Bring) -> None:
    at = "2026-11-20T08:00:00Z"
    file_id = bring(f"id;at;free\n{'x' * 120_000};{at};1\ngare;{at};{'9' * 120_000}\ngare;{at};3\n")
    taken = intake.take_file(actor=ME, territory=here, file_id=file_id)
    assert (taken.stored + taken.late, sum(taken.refused.values())) == (1, 2)
    assert all(
        one.device_key and len(one.device_key) <= 64 for one in intake.refused_rows(ME, here.id, file_id)
    )


def test_files_are_forgotten_in_time(here: TerritoryView, bring: Bring) -> None:
    waiting, taken = bring("id;at;free\n"), bring("id;at;free\ngare;2026-11-20T08:00:00Z;3\n")
    intake.take_file(actor=ME, territory=here, file_id=taken)
    intake_actions.forget(now() + timedelta(days=8))
    assert list(ReadingsFile.objects.values_list("pk", flat=True)) == [taken]
    with pytest.raises(NoSuchFile):
        connections.file(ME, here.id, waiting)
    intake_actions.forget(now() + timedelta(days=91))
    assert not ReadingsFile.objects.exists()
