"""Uplinks through intake: decoded by table, script or network server; each frame once; refusals say why."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import yaml

from belvedere.domains.access.public import Actor
from belvedere.domains.connections import scripts
from belvedere.domains.connections.public import Frame, onboard, set_reader, write_frame, write_script
from belvedere.domains.intake.public import (
    LetterState,
    Message,
    Outcome,
    Reason,
    Taken,
    dead_letters,
    replay,
    take,
)
from belvedere.domains.territory.public import TerritoryView, territory_by_slug
from belvedere.domains.twin.public import EntityDraft, FieldDraft, entity_page, map_fields
from belvedere.engines.sandbox import Sandbox
from tests.domains.intake.things import _database_goes_back_in_time
from tests.people import Valbelle

__all__ = ["_database_goes_back_in_time"]
pytestmark = pytest.mark.django_db
EUI = "24e124136a000001"
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
#: Our own: battery 92 %, 25.7 degrees, 500 mm to the rubbish, upright.
BYTES = bytes.fromhex("01755c 036701010482f401 050000".replace(" ", ""))
FULL = 1 - 500 / 2000


@dataclass
class Site:
    territory: TerritoryView
    device_id: UUID
    entity_id: int
    owner_id: UUID
    other_id: UUID

    def say(self, term: str) -> Any:
        page = entity_page(Actor.system(), self.entity_id)
        one = next(one for one in page.attributes if one.term == term)
        return one.number if one.number is not None else one.value

    def read_by(self, source: str) -> UUID:
        script = write_script(actor=Actor.system(), territory=self.territory, name="own", source=source)
        set_reader(actor=Actor.system(), territory=self.territory, device_id=self.device_id, script_id=script)
        return script

    def letters(self) -> list[tuple[Reason, str]]:
        found = dead_letters(Actor.system(), self.territory.id, state=LetterState.WAITING, limit=200)
        return [(one.reason, one.detail) for one in found]


@pytest.fixture
def site(valbelle: Valbelle, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(scripts, "_means", scripts.Means())
    territory = territory_by_slug("valbelle")
    thing = EntityDraft(kind="waste-container", owner_id=valbelle.montaigu.pk)
    made = onboard(
        actor=Actor.system(),
        territory=territory,
        thing=thing,
        key=EUI,
        model="milesight-em400-mud",
        amount=2000,
    )
    return Site(territory, made.device_id, made.entity_id, valbelle.montaigu.pk, valbelle.rochefort.pk)


def uplink(seq: int, frame: Frame, *, eui: str = EUI) -> Message:
    return Message(
        f"devices.valbelle.{eui}.uplink", write_frame(frame), seq, AT + timedelta(days=1, seconds=seq)
    )


def frame(counter: int = 1, **other: Any) -> Frame:
    return Frame(
        **{"t": AT, "port": 85, "data": BYTES, "counter": counter, "session": "s", "rssi": -97.0, **other}
    )


def taken(*messages: Message) -> Counter[Any]:
    told: Taken = take("stream@1", messages)
    return told.sets


def test_a_table_of_the_catalogue_gives_the_values(site: Site) -> None:
    assert taken(uplink(1, frame())) == {(Outcome.STORED, None): 1}
    assert (site.say("fillingLevel"), site.say("temperature")) == (FULL, 25.7)
    assert (site.say("batteryLevel"), site.say("rssi")) == (0.92, -97)


def test_a_frame_is_taken_once_by_whichever_way_it_comes(site: Site) -> None:
    told = taken(
        uplink(1, frame(1)),
        uplink(2, frame(1, t=AT + timedelta(seconds=3))),  # another gateway's clock
        uplink(3, frame(2, t=AT + timedelta(minutes=10))),
        uplink(4, frame(9, session="", id="a", t=AT + timedelta(minutes=20))),
    )
    assert told == {(Outcome.STORED, None): 3, (Outcome.DUPLICATE, None): 1}
    again = taken(uplink(5, frame(9, session="", id="a", t=AT + timedelta(minutes=21))))
    assert again == {(Outcome.DUPLICATE, None): 1}
    anew = taken(uplink(6, frame(1, t=AT + timedelta(hours=5))))  # the counter began anew
    assert anew == {(Outcome.STORED, None): 1}


def test_what_the_network_server_decoded_is_taken_where_nobody_decodes_here(site: Site) -> None:
    set_reader(actor=Actor.system(), territory=site.territory, device_id=site.device_id)
    fields = {"water.level": FieldDraft("fillingLevel", "P1"), "battery": FieldDraft("batteryLevel", "P1")}
    map_fields(actor=Actor.system(), device_id=site.device_id, fields=fields)
    told = {"water": {"level": "75.5"}, "battery": 50, "more": [1, 2]}
    assert taken(uplink(1, frame(object=told))) == {(Outcome.STORED, None): 1}
    assert (site.say("fillingLevel"), site.say("batteryLevel")) == (0.755, 0.5)
    assert taken(uplink(2, frame(2))) == {(Outcome.REFUSED, Reason.NO_DECODER): 1}
    assert taken(uplink(3, frame(3, data=b""))) == {(Outcome.REFUSED, Reason.NO_VALUES): 1}


def test_a_script_decodes_and_its_failures_say_why(site: Site) -> None:
    site.read_by(
        "function Decode(p, b) { return { distance: 1000 + b[0], temperature: 'hot' in b ? 1 : NaN } }"
    )
    assert taken(uplink(1, frame())) == {(Outcome.REFUSED, Reason.NOT_A_NUMBER): 1}
    for source, reason in (
        ("function decodeUplink() { throw new Error('no') }", Reason.DECODER_ERROR),
        ("function decodeUplink() { return 7 }", Reason.DECODER_OUTPUT),
        ("function decodeUplink() { for (;;) {} }", Reason.DECODER_LIMIT),
        ("function decodeUplink() { return { data: { unknown: 1 } } }", Reason.UNKNOWN_FIELD),
    ):
        script = write_script(actor=Actor.system(), territory=site.territory, name=reason, source=source)
        set_reader(actor=Actor.system(), territory=site.territory, device_id=site.device_id, script_id=script)
        assert taken(uplink(hash(reason) % 10**6 + 10, frame(hash(reason) % 10**6))) == {
            (Outcome.REFUSED, reason): 1
        }
    assert {reason for reason, _detail in site.letters()} >= {Reason.DECODER_LIMIT, Reason.DECODER_ERROR}


def test_a_decoder_that_never_ends_is_left_out_and_others_go_on(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    class Counting(Sandbox):
        def run(self, source: str, given: Any) -> Any:
            ran.append(source)
            return super().run(source, given)

    sandbox = Counting()
    monkeypatch.setattr(scripts, "shared", lambda: sandbox)
    site.read_by("function decodeUplink() { for (;;) {} }")
    told = taken(*(uplink(seq, frame(seq)) for seq in range(1, 60)))
    sandbox.close()
    assert told == {(Outcome.REFUSED, Reason.DECODER_LIMIT): 59}
    assert 1 <= len(ran) <= 4  # then it is not run any more
    assert {detail for _reason, detail in site.letters()} == {scripts.STOPPED["time"], scripts.SPENT}


def test_means_fill_again() -> None:
    at = [0.0]
    means, one = scripts.Means(clock=lambda: at[0]), UUID(int=1)
    means.spend(one, 3.0)
    assert not means.has(one)
    assert means.has(UUID(int=2))
    at[0] = 1.0
    assert means.has(one)


def test_a_connection_speaks_for_the_devices_of_its_owner_only(site: Site) -> None:
    refused = (Outcome.REFUSED, Reason.NOT_ALLOWED)
    assert taken(uplink(1, frame(1, owner=str(site.other_id)))) == {refused: 1}
    assert taken(uplink(2, frame(2, owner=str(site.owner_id)))) == {(Outcome.STORED, None): 1}
    assert taken(uplink(3, frame(3, owner="", t=AT + timedelta(minutes=1)))) == {(Outcome.STORED, None): 1}


def test_an_uplink_of_an_unknown_device_is_kept_and_taken_once_it_is_known(site: Site) -> None:
    eui = "24e124136a000002"
    assert taken(uplink(1, frame(), eui=eui)) == {(Outcome.REFUSED, Reason.UNKNOWN_DEVICE): 1}
    made = onboard(
        actor=Actor.system(),
        territory=site.territory,
        thing=EntityDraft(kind="waste-container"),
        key=eui,
        model="milesight-em400-mud",
        amount=1000,
    )
    letter = dead_letters(Actor.system(), site.territory.id)[0]
    assert replay(actor=Actor.system(), territory_id=site.territory.id, ids=[letter.id]).taken == 1
    assert replace(site, entity_id=made.entity_id).say("fillingLevel") == 0.5


@pytest.mark.parametrize("payload", [b"", b"[]", b'{"data": 1}', b"\xff", b'{"t":"yesterday"}', b"[" * 5000])
def test_what_is_no_frame_is_refused(site: Site, payload: bytes) -> None:
    message = replace(uplink(1, frame()), payload=payload)
    assert taken(message) == {(Outcome.REFUSED, Reason.BAD_FORM): 1}


@pytest.mark.realdata
def test_the_vectors_of_makers_give_their_values() -> None:
    from belvedere.domains.connections.public import catalogue
    from tests.realdata import real_data

    vectors = yaml.safe_load(real_data("sensors/lorawan/codec_vectors.yaml").read_text(encoding="utf-8"))
    read = 0
    for slug, vector in vectors.items():
        if "output" not in vector:
            continue  # of a downlink
        told = catalogue()[f"milesight-{slug}"].table.read(vector["fPort"], bytes(vector["bytes"]))
        assert json.loads(json.dumps(told)) == vector["output"]
        read += 1
    assert read == 2
