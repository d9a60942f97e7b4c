"""Devices: their secrets, how their messages are read, who comes in."""

from __future__ import annotations

from typing import Any

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import BadMapping, NoSuchEntity
from belvedere.domains.twin.events import CredentialEnded
from belvedere.domains.twin.models import Device
from belvedere.duties.journal.public import entries_in
from belvedere.kernel import events
from belvedere.kernel.errors import Conflict, InvalidInput
from tests.domains.twin.things import AT, Bin

pytestmark = pytest.mark.django_db
ME = Actor.system()
PAIR = ("valbelle", "eglise-1")


def feed_of(key: str) -> twin.Feed:
    return twin.feeds([("valbelle", key)])["valbelle", key]


def map_fields(container: Bin, **fields: twin.FieldDraft) -> None:
    twin.map_fields(actor=ME, device_id=container.secret.device_id, fields=fields)


def test_a_device_signs_in_with_its_secret_and_publishes_below_its_own_topic(container: Bin) -> None:
    secret = container.secret
    assert secret.user == "valbelle.eglise-1"
    assert len(secret.password) >= 32
    grant = twin.authenticate(secret.user, secret.password)
    own = "valbelle.eglise-1"
    assert grant == twin.Grant(
        "valbelle",
        "eglise-1",
        (f"devices.{own}", f"devices.{own}.>", f"answers.{own}"),
        (f"commands.{own}",),
    )


def test_only_the_digest_is_kept_and_nothing_tells_the_secret(
    container: Bin, django_assert_num_queries: Any
) -> None:
    secret = container.secret.password
    row = Device.objects.get(pk=container.secret.device_id)
    assert secret.encode() not in bytes(row.secret_sha256)
    assert secret not in repr(container.secret)
    told = entries_in(container.territory.id).rows
    assert told
    assert not any(secret in f"{one.before}{one.after}{one.reason}" for one in told)
    with django_assert_num_queries(1):
        twin.authenticate(container.secret.user, secret)


def test_who_differs_by_a_letter_does_not_come_in(container: Bin) -> None:
    user, password = container.secret.user, container.secret.password
    for wrong_user, wrong in [
        (user, password[:-1]),
        (user, password + "x"),
        (user, ""),
        ("", ""),
        ("valbelle", password),
        ("valbelle.eglise-2", password),
        ("elsewhere.eglise-1", password),
        (f"{user}.", password),
        (user.upper(), password),
        ("valbelle\x00.eglise-1", password),
        ("valbelle.eglise\ud800-1", "\ud800"),
    ]:
        assert twin.authenticate(wrong_user, wrong) is None, wrong_user


def test_a_renewed_secret_ends_the_old_one(container: Bin, django_capture_on_commit_callbacks: Any) -> None:
    told: list[CredentialEnded] = []
    events.subscribe(CredentialEnded, told.append)
    with django_capture_on_commit_callbacks(execute=True):
        new = twin.rotate_secret(actor=ME, device_id=container.secret.device_id)
    assert twin.authenticate(container.secret.user, container.secret.password) is None
    assert twin.authenticate(new.user, new.password) is not None
    assert told == [CredentialEnded(*PAIR)]


def test_a_revoked_device_is_out_and_known_as_such(container: Bin) -> None:
    before = twin.feeds_version()
    twin.revoke_device(actor=ME, device_id=container.secret.device_id)
    assert twin.authenticate(container.secret.user, container.secret.password) is None
    assert feed_of("eglise-1").revoked
    assert twin.feeds_version() > before
    assert container.page().expected_s is None
    with pytest.raises(Conflict, match="revoked"):
        twin.rotate_secret(actor=ME, device_id=container.secret.device_id)
    with pytest.raises(Conflict, match="eglise-1"):
        twin.register_device(
            actor=ME, territory=container.territory, draft=twin.DeviceDraft("eglise-1", container.entity_id)
        )


def test_a_feed_says_how_messages_are_read(container: Bin) -> None:
    feed = feed_of("eglise-1")
    assert set(feed.fields) == set(twin.descriptions()["waste-container"].usual)
    level = feed.fields["fillingLevel"]
    assert (level.kind, level.unit, level.low, level.high) == ("number", "C62", 0, 1)
    assert (feed.entity_id, feed.territory_id, feed.per_minute) == (
        container.entity_id,
        container.territory.id,
        600,
    )
    assert not feed.strict and not feed.revoked
    odd = [("valbelle", "nobody"), ("elsewhere", "eglise-1"), ("valbelle", "a\x00"), ("\ud800", "é")]
    assert twin.feeds(odd) == {}


def test_feeds_are_few_queries(container: Bin, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        twin.feeds([PAIR, ("valbelle", "x"), ("valbelle", "y")])


def test_fields_are_read_in_the_unit_they_are_sent_in(container: Bin) -> None:
    map_fields(
        container,
        fill=twin.FieldDraft("fillingLevel", "P1"),
        temp=twin.FieldDraft("temperature", "FAH"),
        raw=twin.FieldDraft("cargoWeight", factor=0.5, offset=-3),
        own=twin.FieldDraft("https://example.org/tilt", "DD"),
    )
    fields = feed_of("eglise-1").fields
    assert twin.to_stored(fields["fill"], 45) == pytest.approx(0.45)
    assert twin.to_stored(fields["fill"], 0.45, "C62") == pytest.approx(0.45)
    assert twin.to_stored(fields["temp"], 212) == pytest.approx(100)
    assert twin.to_stored(fields["temp"], 20, "CEL") == 20
    assert twin.to_stored(fields["temp"], 293.15, "KEL") == pytest.approx(20)
    assert twin.to_stored(fields["temp"], 20, "KGM") is None
    assert twin.to_stored(fields["raw"], 10) == 2
    assert (fields["own"].unit, fields["own"].low) == ("DD", None)


def test_a_series_keeps_its_number_when_the_mapping_changes(container: Bin) -> None:
    before, version = container.series["temperature"], twin.feeds_version()
    map_fields(container, temp=twin.FieldDraft("temperature"))
    assert feed_of("eglise-1").fields["temp"].series_id == before
    assert twin.feeds_version() > version
    page = container.page()
    assert next(one for one in page.attributes if one.term == "fillingLevel").device_id is None
    version = twin.feeds_version()
    map_fields(container, temp=twin.FieldDraft("temperature"))
    assert twin.feeds_version() == version


def test_two_devices_of_a_thing_do_not_write_over_each_other(container: Bin) -> None:
    draft = twin.DeviceDraft("eglise-2", container.entity_id, {"temperature": twin.FieldDraft("temperature")})
    twin.register_device(actor=ME, territory=container.territory, draft=draft)
    other = feed_of("eglise-2").fields["temperature"].series_id
    assert other != container.series["temperature"]
    twin.apply_present(
        [container.say("temperature", 10, AT), twin.Present(other, 20.0, None, AT, AT, "CEL", "")]
    )
    shown = {one.dataset_id: one.number for one in container.page().attributes if one.term == "temperature"}
    assert shown == {"": 10.0, "urn:ngsi-ld:Dataset:eglise-2": 20.0}
    by_key = {one.key: one for one in container.page().devices}
    assert by_key["eglise-1"].last_seen_at == by_key["eglise-2"].last_seen_at == AT


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"t": twin.FieldDraft("temperature")},
        {"observedAt": twin.FieldDraft("temperature")},
        {"": twin.FieldDraft("temperature")},
        {"x" * 81: twin.FieldDraft("temperature")},
        {"a": twin.FieldDraft("")},
        {"a": twin.FieldDraft("two words")},
        {"a": twin.FieldDraft("temperature", "KGM")},
        {"a": twin.FieldDraft("temperature", "degrees")},
        {"a": twin.FieldDraft("temperature", factor=0)},
        {"a": twin.FieldDraft("temperature", factor=float("inf"))},
        {"a": twin.FieldDraft("own", kind="picture")},
        {"a": twin.FieldDraft("temperature"), "b": twin.FieldDraft("temperature")},
        {f"f{number}": twin.FieldDraft(f"own{number}") for number in range(101)},
    ],
)
def test_a_mapping_that_cannot_be_read_is_refused(container: Bin, fields: dict[str, twin.FieldDraft]) -> None:
    before = feed_of("eglise-1")
    with pytest.raises(BadMapping):
        map_fields_raw(container, fields)
    assert feed_of("eglise-1") == before


def map_fields_raw(container: Bin, fields: dict[str, twin.FieldDraft]) -> None:
    twin.map_fields(actor=ME, device_id=container.secret.device_id, fields=fields)


@pytest.mark.parametrize("key", ["", "Église", "a b", "-a", "a.b", "a/b", "a>", "x" * 65, "A1"])
def test_a_key_is_safe_in_a_topic(container: Bin, key: str) -> None:
    with pytest.raises(InvalidInput):
        twin.register_device(
            actor=ME, territory=container.territory, draft=twin.DeviceDraft(key, container.entity_id)
        )


@pytest.mark.parametrize(("interval", "pace"), [(0, 1), (-1, 1), (400 * 86_400, 1), (60, 0), (60, 10**6)])
def test_a_pace_is_sensible(container: Bin, interval: int, pace: int) -> None:
    draft = twin.DeviceDraft("b", container.entity_id, expected_interval_s=interval, per_minute=pace)
    with pytest.raises(InvalidInput):
        twin.register_device(actor=ME, territory=container.territory, draft=draft)


def test_many_are_registered_or_none(container: Bin, territory: TerritoryView) -> None:
    drafts = [
        twin.DeviceDraft(f"many-{n}", container.entity_id, expected_interval_s=60 + n) for n in range(30)
    ]
    made = twin.register_devices(actor=ME, territory=territory, drafts=drafts)
    assert len({one.password for one in made}) == 30
    assert all(twin.authenticate(one.user, one.password) for one in made)
    assert container.page().expected_s == 60
    with pytest.raises(Conflict):
        twin.register_devices(
            actor=ME,
            territory=territory,
            drafts=[
                twin.DeviceDraft("fresh", container.entity_id),
                twin.DeviceDraft("many-3", container.entity_id),
            ],
        )
    with pytest.raises(NoSuchEntity):
        twin.register_device(actor=ME, territory=territory, draft=twin.DeviceDraft("fresh", 10**12))
    assert twin.devices(ME, territory.id, text="fresh").total == 0
    assert twin.devices(ME, territory.id, text="many").total == 30


def test_strictness_reaches_the_feeds(container: Bin) -> None:
    version = twin.feeds_version()
    twin.set_strictness(actor=ME, territory=container.territory, refuse=True)
    assert feed_of("eglise-1").strict
    assert twin.feeds_version() > version
    twin.set_strictness(actor=ME, territory=container.territory, refuse=False)
    assert not feed_of("eglise-1").strict


def test_the_health_of_a_device(container: Bin) -> None:
    twin.apply_present([container.say("batteryLevel", 0.8, AT)])
    view = twin.device(ME, container.secret.device_id)
    assert (view.battery, view.signal, view.last_seen_at) == (0.8, None, AT)
    assert [one.key for one in twin.devices(ME, container.territory.id, silent=False).rows] == ["eglise-1"]
    assert twin.devices(ME, container.territory.id, silent=True).total == 0
