"""Documents handed out over the web: to whom, and so that nothing in them can run."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import vocabulary
from belvedere.domains.plans.public import follow
from tests.domains.plans.follow import files
from tests.faces.web.plans_examples import english, street

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return english()


@pytest.fixture
def measure(valbelle: Any) -> UUID:
    """Published, in a published territory."""
    valbelle.territory.published = True
    valbelle.territory.save()
    return street(valbelle)


def add(measure: UUID, content: bytes = files.PDF, name: str = "plan é.pdf", public: bool = False) -> UUID:
    system = Actor.system()
    draft = follow.DocumentDraft(vocabulary.DocumentType.PLAN, follow.FileDraft(name, content))
    made = follow.add_document(actor=system, measure_id=measure, version=None, draft=draft)
    if public:
        follow.publish_document(actor=system, measure_id=measure, version=None, document_id=made, public=True)
    return made


def cockpit(document: UUID, number: str = "") -> str:
    return f"/cockpit/valbelle/plans/documents/{document}/{number}"


def portal(document: UUID, number: str = "") -> str:
    return f"/valbelle/plans/documents/{document}/{number}"


def test_a_pdf_is_shown_and_nothing_in_it_runs(people: Any, client: Client, measure: UUID) -> None:
    client.force_login(people.reader)
    answer = client.get(cockpit(add(measure)))
    assert answer.status_code == 200 and answer.content == files.PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''plan%20%C3%A9.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("vue.png", files.PNG, True),
        ("vue.jpg", files.JPEG, True),
        ("scan.tif", files.TIFF, False),
        ("note.docx", files.docx(), False),
        ("note.txt", b"Bonjour", False),
        ("trace.geojson", files.GEOJSON, False),
    ],
    ids=["png", "jpg", "tif", "docx", "txt", "geojson"],
)
def test_what_a_browser_does_not_show_is_saved(
    people: Any, client: Client, measure: UUID, name: str, content: bytes, shown: bool
) -> None:
    client.force_login(people.reader)
    answer = client.get(cockpit(add(measure, content, name)))
    assert answer["Content-Disposition"] == f'{"inline" if shown else "attachment"}; filename="{name}"'
    assert "sandbox" in answer["Content-Security-Policy"]


def test_unchanged_bytes_are_not_sent_again_but_the_right_is_asked_again(
    people: Any, client: Client, measure: UUID
) -> None:
    document = add(measure)
    client.force_login(people.reader)
    etag = client.get(cockpit(document))["ETag"]
    again = client.get(cockpit(document), headers={"If-None-Match": etag})
    assert again.status_code == 304 and again.content == b""
    assert "sandbox" in again["Content-Security-Policy"]
    client.force_login(people.nobody)
    assert client.get(cockpit(document), headers={"If-None-Match": etag}).status_code == 403
    assert Client().get(portal(document), headers={"If-None-Match": etag}).status_code == 404


def test_the_neighbour_sees_the_measure_but_not_what_is_not_public(
    people: Any, client: Client, measure: UUID
) -> None:
    inside, public = add(measure), add(measure, public=True)
    answers = {}
    for name in ("lead", "reader", "office", "neighbour"):
        client.force_login(getattr(people, name))
        answers[name] = [client.get(cockpit(document)).status_code for document in (inside, public)]
    assert answers == {
        "lead": [200, 200], "reader": [200, 200], "office": [200, 200], "neighbour": [404, 200],
    }  # fmt: skip


def test_one_without_a_role_here_does_not_enter(people: Any, client: Client, measure: UUID) -> None:
    document = add(measure, public=True)
    client.force_login(people.nobody)
    assert client.get(cockpit(document)).status_code == 403
    anonymous = english().get(cockpit(document))
    assert anonymous.status_code in (302, 403) and anonymous.content != files.PDF


def test_the_portal_hands_out_public_documents_only(people: Any, client: Client, measure: UUID) -> None:
    inside, public = add(measure), add(measure, public=True)
    # signed in or not: in the portal a person sees what everyone sees
    for person in (None, people.lead):
        if person is not None:
            client.force_login(person)
        assert client.get(portal(public)).content == files.PDF
        assert client.get(portal(inside)).status_code == 404


def test_the_portal_hands_out_the_latest_version_only(client: Client, measure: UUID) -> None:
    document = add(measure, public=True)
    newer = files.PDF + b"% 2\n%%EOF\n"
    follow.add_version(
        actor=Actor.system(), measure_id=measure, version=None, document_id=document,
        file=follow.FileDraft("plan.pdf", newer),
    )  # fmt: skip
    assert client.get(portal(document, "2/")).content == newer
    assert client.get(portal(document, "1/")).status_code == 404


def test_a_person_inside_opens_an_older_version(people: Any, client: Client, measure: UUID) -> None:
    document = add(measure, public=True)
    client.force_login(people.reader)
    assert client.get(cockpit(document, "1/")).content == files.PDF
    assert client.get(cockpit(document, "2/")).status_code == 404


def test_an_unpublished_territory_has_no_portal(valbelle: Any, client: Client, measure: UUID) -> None:
    document = add(measure, public=True)
    valbelle.territory.published = False
    valbelle.territory.save()
    assert client.get(portal(document)).status_code == 404


def test_a_document_is_only_read_here(people: Any, client: Client, measure: UUID) -> None:
    document = add(measure)
    client.force_login(people.lead)
    assert client.post(cockpit(document)).status_code == 405
    assert client.head(cockpit(document)).status_code == 200


def test_the_journal_tells_it_in_words_and_names_nobody(people: Any, client: Client, measure: UUID) -> None:
    lead = people.actor("lead")
    risk = follow.RiskDraft(vocabulary.RiskKind.COST, {"fr": "Prix de l’acier"}, 4, 3)
    follow.set_risk(actor=lead, measure_id=measure, version=None, draft=risk)
    milestone = follow.MilestoneDraft(vocabulary.MilestoneType.PERMIT, planned=date(2027, 3, 1))
    follow.set_milestone(actor=lead, measure_id=measure, version=None, draft=milestone)
    actor = follow.ActorDraft(vocabulary.ActorRole.CONTACT, label="Jeanne Favre")
    made = follow.set_actor(actor=lead, measure_id=measure, version=None, draft=actor)
    follow.remove_actor(actor=lead, measure_id=measure, version=None, item_id=made)
    add(measure)
    client.force_login(people.lead)
    text = (
        client.get(f"/cockpit/valbelle/plans/measures/{measure}/").content.decode().split('id="history"')[-1]
    )
    for words in ("changed a risk", "Prix de l’acier · 4 · 3", "changed a milestone", "Mar 2027"):
        assert words in text, words
    assert "added a document" in text and "plan é.pdf" in text
    assert "plans.set" not in text
    assert "Favre" not in text


def test_a_removed_document_is_offered_back_and_comes_back(
    people: Any, client: Client, measure: UUID
) -> None:
    made = add(measure)
    follow.remove_document(
        actor=Actor.system(), measure_id=measure, version=None, document_id=made, reason="doublon"
    )
    page, edit = cockpit_page(measure), f"{cockpit_page(measure)}edit/restore-document/{made}/"
    client.force_login(people.contributor)
    shown = client.get(page).content.decode()
    assert "1 document taken out of sight" in shown and edit in shown
    answer = client.post(edit, {"act": "save"}, follow=True)
    assert "The document is back." in answer.content.decode()
    assert client.get(cockpit(made)).status_code == 200


def test_who_only_reads_does_not_put_a_document_back(people: Any, client: Client, measure: UUID) -> None:
    made = add(measure)
    follow.remove_document(
        actor=Actor.system(), measure_id=measure, version=None, document_id=made, reason="doublon"
    )
    edit = f"{cockpit_page(measure)}edit/restore-document/{made}/"
    for who in (people.reader, people.neighbour):  # the neighbour holds the lead's role, next door
        client.force_login(who)
        assert "taken out of sight" not in client.get(cockpit_page(measure)).content.decode()
        assert client.post(edit, {"act": "save"}).status_code == 403
    client.force_login(people.lead)
    assert client.get(cockpit(made)).status_code == 404


def cockpit_page(measure: UUID) -> str:
    return f"/cockpit/valbelle/plans/measures/{measure}/"
