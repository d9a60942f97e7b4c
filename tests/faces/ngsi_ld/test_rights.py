"""Who may do what through the door: each person differs from the contributor of Montaigu by one fact."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db
URN = "urn:ngsi-ld:Tree:1"
ONE = f"entities/{URN}"
TREE = {"id": URN, "type": "Tree", "height": {"type": "Property", "value": 12}}
#: What is asked, the body, and what the contributor gets.
WRITES: list[tuple[str, str, Any, int]] = [
    ("PATCH", ONE, {"height": {"value": 1}}, 204),
    ("PUT", ONE, {**TREE, "age": 3}, 204),
    ("DELETE", ONE, None, 204),
    ("POST", f"{ONE}/attrs", {"age": 3}, 204),
    ("PATCH", f"{ONE}/attrs", {"height": {"value": 1}}, 204),
    ("PATCH", f"{ONE}/attrs/height", {"value": 1}, 204),
    ("PUT", f"{ONE}/attrs/height", {"type": "Property", "value": 1}, 204),
    ("DELETE", f"{ONE}/attrs/height", None, 204),
]
BATCHES: list[tuple[str, str, Any, int]] = [
    ("POST", "entityOperations/upsert", [{**TREE, "height": 1}], 204),
    ("POST", "entityOperations/update", [{**TREE, "height": 1}], 204),
    ("POST", "entityOperations/merge", [{**TREE, "height": 1}], 204),
    ("POST", "entityOperations/delete", [URN], 204),
]
MAKES: list[tuple[str, str, Any, int]] = [
    ("POST", "entities", {**TREE, "id": "urn:ngsi-ld:Tree:2"}, 201),
    ("POST", "entityOperations/create", [{**TREE, "id": "urn:ngsi-ld:Tree:2"}], 201),
]
READS = [ONE, "entities?type=Tree", "types/Tree", "attributes/height"]
name = "{0[0]} {0[1]}".format


@pytest.fixture(autouse=True)
def tree(asks: Any, valbelle: Any) -> None:
    valbelle.territory.published = True
    valbelle.territory.save()
    assert asks("contributor")("POST", "entities", TREE).status == 201


@pytest.mark.parametrize("asked", [*WRITES, *BATCHES, *MAKES], ids=name)
def test_a_token_that_only_reads_changes_nothing(asks: Any, asked: tuple[str, str, Any, int]) -> None:
    verb, path, body, usual = asked
    refused = asks("contributor", ("read",))(verb, path, body)
    assert (refused.status, refused.json["status"]) == (403, 403)
    assert asks("")(verb, path, body).status == 401
    assert asks("contributor")("GET", ONE).json == TREE
    assert asks("contributor")(verb, path, body).status == usual


@pytest.mark.parametrize("asked", WRITES, ids=name)
def test_the_neighbours_colleague_learns_of_no_thing_and_the_body_may_not_write(
    asks: Any, asked: tuple[str, str, Any, int]
) -> None:
    verb, path, body, _usual = asked
    assert asks("neighbour")(verb, path, body).status == 404
    assert asks("office")(verb, path, body).status == 403  # it sees what its member has
    assert asks("reader")(verb, path, body).status == 403
    assert asks("contributor")("GET", ONE).json == TREE


@pytest.mark.parametrize("asked", BATCHES, ids=name)
def test_batches_refuse_each_thing_that_one_may_not_write(
    asks: Any, asked: tuple[str, str, Any, int]
) -> None:
    verb, path, body, _usual = asked
    refused = asks("neighbour")(verb, path, body)
    assert (refused.status, [one["error"]["status"] for one in refused.json["errors"]]) == (207, [404])
    assert asks("contributor")("GET", ONE).json == TREE


@pytest.mark.parametrize("path", READS)
def test_what_one_may_not_see_is_not_there(asks: Any, path: str) -> None:
    assert asks("contributor")("GET", path).status == 200
    for person in ("neighbour", ""):
        found = asks(person)("GET", path)
        assert (found.status, found.json if found.status == 200 else []) in ((404, []), (200, []))
    assert asks("contributor", ("write",))("GET", path).status == 403


def test_only_who_works_with_its_hands_makes_things(asks: Any) -> None:
    for verb, path, body, _usual in MAKES:
        assert asks("reader")(verb, path, body).status == 403
        assert asks("elected")(verb, path, body).status == 403
        assert asks("nobody")(verb, path, body).status in (400, 403)


def test_purging_leaves_what_is_not_ones_own(asks: Any) -> None:
    assert asks("neighbour")("DELETE", "entities?type=Tree").status == 204
    refused = asks("office")("DELETE", "entities?type=Tree")
    assert (refused.status, [one["error"]["status"] for one in refused.json["errors"]]) == (207, [403])
    assert asks("contributor")("GET", ONE).json == TREE


def test_an_attribute_that_is_kept_closer_is_told_to_those_alone(asks: Any, valbelle: Any) -> None:
    from belvedere.domains.twin.models import Attribute, Entity

    Entity.objects.filter(urn=URN).update(visibility="public")
    assert asks("")("GET", ONE).json == TREE
    Attribute.objects.filter(entity__urn=URN).update(visibility="own")
    assert asks("")("GET", ONE).json == {"id": URN, "type": "Tree"}
    assert asks("")("GET", "entities?type=Tree&q=height==12").json == []
    assert asks("")("GET", "attributes").json["attributeList"] == []
    assert asks("contributor")("GET", "entities?type=Tree&q=height==12").json == [TREE]


def test_a_token_that_is_revoked_opens_nothing_any_more(asks: Any, people: Any) -> None:
    from belvedere.domains.access.models import ApiToken
    from belvedere.faces.ngsi_ld import callers

    ask = asks("contributor")
    assert ask("GET", ONE).status == 200
    ApiToken.objects.update(revoked_at="2026-01-01T00:00:00Z")
    callers.forget()  # three seconds later
    assert ask("GET", ONE).status == 401
    assert callers.REMEMBERED_S + callers.ASKING_S < 5


def test_one_request_asks_anew_who_it_is_and_those_beside_it_go_on(
    asks: Any, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from belvedere.domains.access.errors import BadToken
    from belvedere.faces.ngsi_ld import callers

    ask = asks("contributor")
    callers.forget()
    assert ask("GET", ONE).status == 200
    ((_key, known),) = callers._known.items()
    known.until = 0.0
    statuses: list[int] = []
    refuse = False
    resolve = callers.resolve_token

    def asked_anew(token: str, **more: Any) -> Any:
        statuses.append(ask("GET", ONE).status if len(statuses) < 1 else 0)
        if refuse:
            raise BadToken("This token is not valid.")
        return resolve(token, **more)

    monkeypatch.setattr(callers, "resolve_token", asked_anew)
    assert (ask("GET", ONE).status, statuses) == (200, [200])
    ((_key, renewed),) = callers._known.items()
    assert renewed is not known and renewed.until > known.until
    # What was known of a token that is refused helps nobody any more.
    renewed.until, refuse = 0.0, True
    assert (ask("GET", ONE).status, callers._known) == (401, {})


def test_what_a_program_reads_is_counted_by_types_and_attributes(
    asks: Any, people: Any, valbelle: Any
) -> None:
    from belvedere.domains.access.public import readers_of, write_readings

    ask = asks("reader", ("read",))
    by_body = {"type": "Query", "entities": [{"type": "Tree"}], "attrs": ["height", "age"]}
    assert ask("GET", ONE).status == ask("GET", "entities?type=https://example.org/Tree").status == 200
    assert ask("GET", "entities?type=Tree&attrs=height").status == 200
    assert ask("POST", "entityOperations/query", by_body).status == 200
    assert ask("GET", "types").status == ask("GET", "subscriptions").status == 200  # names, no values
    assert ask("GET", f"{ONE}2").status == 404  # nothing was read
    assert asks("contributor")("PATCH", f"{ONE}/attrs", {"height": 1}).status == 204
    write_readings()
    found = {
        one.person: one.readings for one in readers_of(people.actor("administrator"), valbelle.territory.pk)
    }
    assert {(one.what, one.attributes, one.times) for one in found["Reader"]} == {
        ("Tree", (), 2),
        ("Tree", ("height",), 1),
        ("Tree", ("height", "age"), 1),
    }
    assert found["Contributor"] == ()


def owner_of(urn: str) -> Any:
    from belvedere.domains.twin.models import Entity

    return Entity.objects.get(urn=urn).owner_id


def made(asker: Any, urn: str, owner: Any = None) -> Any:
    headers = {} if owner is None else {"BELVEDERE_OWNER": str(owner)}
    return asker("POST", "entities", {"id": urn, "type": "Tree"}, **headers)


def test_who_works_for_several_names_the_one(asks: Any, valbelle: Any, people: Any) -> None:
    from belvedere.domains.access.models import Membership
    from belvedere.domains.access.public import Role

    Membership.objects.create(
        person=people.contributor, organisation=valbelle.rochefort, role=Role.CONTRIBUTOR
    )
    both, urn = asks("contributor"), "urn:ngsi-ld:Tree:several"
    refused = made(both, urn)
    told = refused.body.decode()
    assert refused.status == 400 and str(valbelle.rochefort.pk) in told and "Belvedere-Owner" in told
    assert made(both, urn, valbelle.rochefort.pk).status == 201
    assert owner_of(urn) == valbelle.rochefort.pk
    batch = [{"id": f"{urn}:2", "type": "Tree"}]
    done = both("POST", "entityOperations/upsert", batch, BELVEDERE_OWNER=str(valbelle.montaigu.pk))
    assert done.status == 201 and owner_of(f"{urn}:2") == valbelle.montaigu.pk


def test_nobody_makes_things_for_others(asks: Any, valbelle: Any) -> None:
    for who, owner, status in (
        ("contributor", valbelle.rochefort.pk, 403),
        ("reader", valbelle.montaigu.pk, 403),
        ("contributor", "01a20902-0000-7000-8000-000000000000", 403),
        ("governor", "01a20902-0000-7000-8000-000000000000", 403),
        ("contributor", "Rochefort", 400),
        ("contributor", valbelle.montaigu.pk, 201),
    ):
        assert made(asks(who), "urn:ngsi-ld:Tree:other", owner).status == status, (who, owner)
    assert owner_of("urn:ngsi-ld:Tree:other") == valbelle.montaigu.pk


def test_an_administrator_of_the_territory_makes_things_for_any_of_its_organisations(
    asks: Any, valbelle: Any
) -> None:
    assert made(asks("governor"), "urn:ngsi-ld:Tree:any", valbelle.rochefort.pk).status == 201
    assert owner_of("urn:ngsi-ld:Tree:any") == valbelle.rochefort.pk
