"""Documents: versions stay, contents are kept once, and only those open them who may."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import AlreadyThere
from belvedere.domains.plans.models import DocumentContent, DocumentVersion, Measure
from belvedere.domains.plans.public import follow
from belvedere.domains.plans.vocabulary import DecisionType, DocumentType
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import InvalidInput, NotFound, Refused
from belvedere.kernel.identifiers import sha256
from belvedere.kernel.paging import Window
from tests.domains.plans.follow import files

pytestmark = pytest.mark.django_db


def draft(content: bytes = files.PDF, name: str = "plan.pdf", **more: Any) -> follow.DocumentDraft:
    return follow.DocumentDraft(DocumentType.PLAN, follow.FileDraft(name, content), **more)


@pytest.fixture
def plan(people: Any, bridge: UUID) -> UUID:
    """A document of the published measure, not public itself."""
    return follow.add_document(
        actor=people.actor("contributor"), measure_id=bridge, version=None, draft=draft(title="Plan")
    )


def publish(people: Any, measure: UUID, document: UUID, public: bool = True, who: str = "lead") -> None:
    follow.publish_document(
        actor=people.actor(who), measure_id=measure, version=None, document_id=document, public=public
    )


def again(people: Any, measure: UUID, document: UUID, content: bytes, who: str = "lead") -> int:
    return follow.add_version(
        actor=people.actor(who),
        measure_id=measure,
        version=None,
        document_id=document,
        file=follow.FileDraft("plan.pdf", content),
    )


NEWER = files.PDF + b"% 2\n%%EOF\n"


def test_a_document_is_kept_as_it_came(people: Any, bridge: UUID, plan: UUID) -> None:
    opened = follow.open_document(people.actor("reader"), plan)
    assert opened.content == files.PDF and opened.sha256 == sha256(files.PDF)
    assert (opened.media_type, opened.file_name, opened.number) == ("application/pdf", "plan.pdf", 1)
    (seen,) = follow.followed(people.actor("reader"), bridge, "fr").documents
    assert (seen.title, seen.latest.size_bytes, seen.public) == ("Plan", len(files.PDF), False)
    told = entries_of(("plans.measure", str(bridge)), Window(0, 1)).rows[0]
    assert told.verb == "plans.add_document" and told.after["document"]["sha256"] == sha256(files.PDF)


def test_without_a_title_it_bears_the_name_of_the_file(people: Any, bridge: UUID) -> None:
    follow.add_document(actor=people.actor("lead"), measure_id=bridge, version=None, draft=draft())
    assert follow.followed(people.actor("lead"), bridge, "fr").documents[0].title == "plan.pdf"


@pytest.mark.parametrize("who", ["reader", "finance", "office", "elected", "neighbour"])
def test_those_who_may_not_add(who: str, people: Any, bridge: UUID) -> None:
    with pytest.raises(Refused):
        follow.add_document(actor=people.actor(who), measure_id=bridge, version=None, draft=draft())
    assert not DocumentContent.objects.exists()


def test_a_new_version_leaves_the_first(people: Any, bridge: UUID, plan: UUID) -> None:
    assert again(people, bridge, plan, NEWER) == 2
    reader = people.actor("reader")
    assert follow.open_document(reader, plan).content == NEWER
    assert follow.open_document(reader, plan, 1).content == files.PDF
    with pytest.raises(NotFound):
        follow.open_document(reader, plan, 3)
    with pytest.raises(AlreadyThere):
        again(people, bridge, plan, NEWER)
    assert again(people, bridge, plan, files.PDF) == 3  # back to the first is a step of its own
    assert DocumentContent.objects.count() == 2


def test_a_content_is_kept_once(people: Any, street: UUID, bridge: UUID, plan: UUID) -> None:
    other = follow.add_document(
        actor=people.actor("lead"), measure_id=street, version=None, draft=draft(name="copie.pdf")
    )
    assert DocumentContent.objects.count() == 1 and DocumentVersion.objects.count() == 2
    assert follow.open_document(people.actor("lead"), other).file_name == "copie.pdf"


def test_the_database_refuses_to_rewrite_a_version(plan: UUID) -> None:
    for rewrite in (
        lambda: DocumentVersion.objects.update(number=7),
        lambda: DocumentContent.objects.update(content=b"x"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rewrite()


@pytest.mark.parametrize("who", ["lead", "contributor", "reader", "finance", "office", "elected", "governor"])
def test_those_who_work_on_it_open_what_is_not_public(who: str, people: Any, plan: UUID) -> None:
    assert follow.open_document(people.actor(who), plan).number == 1


@pytest.mark.parametrize("who", ["neighbour", "stranger", "nobody"])
def test_a_published_measure_does_not_open_its_documents(who: str, people: Any, plan: UUID) -> None:
    for actor in (people.actor(who), Actor.public()):
        with pytest.raises(NotFound):
            follow.open_document(actor, plan)


def test_everyone_opens_the_latest_version_of_a_public_document(
    people: Any, bridge: UUID, plan: UUID
) -> None:
    again(people, bridge, plan, NEWER)
    publish(people, bridge, plan)
    for actor in (people.actor("neighbour"), Actor.public()):
        assert follow.open_document(actor, plan).content == NEWER
        assert follow.open_document(actor, plan, 2).content == NEWER
        with pytest.raises(NotFound):
            follow.open_document(actor, plan, 1)  # what was before it was public stays inside
        (seen,) = follow.followed(actor, bridge, "fr").documents
        assert [version.number for version in seen.versions] == [2]
    assert [item.title for item in follow.documents_public(bridge)] == ["Plan"]
    publish(people, bridge, plan, False)
    with pytest.raises(NotFound):
        follow.open_document(Actor.public(), plan)
    assert follow.documents_public(bridge) == ()


def test_a_public_document_of_a_measure_taken_back_is_closed(people: Any, bridge: UUID, plan: UUID) -> None:
    publish(people, bridge, plan)
    Measure.objects.filter(pk=bridge).update(published=False)
    with pytest.raises(NotFound):
        follow.open_document(Actor.public(), plan)
    with pytest.raises(NotFound):
        follow.open_document(people.actor("neighbour"), plan)
    with pytest.raises(NotFound):
        follow.documents_public(bridge)


@pytest.mark.parametrize("who", ["contributor", "finance", "reader", "neighbour"])
def test_those_who_may_not_publish_a_document(who: str, people: Any, bridge: UUID, plan: UUID) -> None:
    with pytest.raises(Refused):
        publish(people, bridge, plan, who=who)


def test_a_contributor_does_not_change_what_everyone_sees(people: Any, bridge: UUID, plan: UUID) -> None:
    contributor = people.actor("contributor")
    assert follow.followed(contributor, bridge, "fr").documents[0].may_change
    again(people, bridge, plan, NEWER, "contributor")
    publish(people, bridge, plan)
    assert not follow.followed(contributor, bridge, "fr").documents[0].may_change
    with pytest.raises(Refused):
        again(people, bridge, plan, files.PDF, "contributor")
    with pytest.raises(Refused):
        follow.remove_document(
            actor=contributor, measure_id=bridge, version=None, document_id=plan, reason="erreur"
        )
    assert again(people, bridge, plan, files.PDF) == 3


def test_a_removed_document_is_out_of_sight_and_stays_on_record(
    people: Any, bridge: UUID, plan: UUID
) -> None:
    lead = people.actor("lead")
    with pytest.raises(InvalidInput):
        follow.remove_document(actor=lead, measure_id=bridge, version=None, document_id=plan, reason=" ")
    follow.remove_document(actor=lead, measure_id=bridge, version=None, document_id=plan, reason="doublon")
    with pytest.raises(NotFound):
        follow.open_document(lead, plan)
    with pytest.raises(NotFound):
        again(people, bridge, plan, NEWER)
    assert follow.followed(lead, bridge, "fr").documents == ()
    assert DocumentVersion.objects.filter(document=plan).count() == 1


def restore(people: Any, measure: UUID, document: UUID, who: str = "lead") -> None:
    follow.restore_document(actor=people.actor(who), measure_id=measure, version=None, document_id=document)


def test_a_removed_document_is_put_back_as_it_was(
    people: Any, bridge: UUID, street: UUID, plan: UUID
) -> None:
    lead, contributor = people.actor("lead"), people.actor("contributor")
    publish(people, bridge, plan)
    follow.remove_document(actor=lead, measure_id=bridge, version=None, document_id=plan, reason="erreur")
    (gone,) = follow.followed(lead, bridge, "fr").removed_documents
    assert gone.id == plan and gone.removed_at is not None
    assert follow.followed(people.actor("reader"), bridge, "fr").removed_documents == ()
    with pytest.raises(NotFound):
        restore(people, street, plan)
    with pytest.raises(Refused):  # everyone would see it again
        restore(people, bridge, plan, "contributor")
    restore(people, bridge, plan)
    (back,) = follow.followed(contributor, bridge, "fr").documents
    assert back.id == plan and back.public and back.removed_at is None
    assert follow.followed(lead, bridge, "fr").removed_documents == ()
    assert follow.open_document(lead, plan).number == 1
    version = Measure.objects.get(pk=bridge).version
    restore(people, bridge, plan)  # it is there: nothing to do
    assert Measure.objects.get(pk=bridge).version == version


def test_a_document_of_another_measure_is_not_touched(
    people: Any, bridge: UUID, street: UUID, plan: UUID
) -> None:
    with pytest.raises(NotFound):
        again(people, street, plan, NEWER)
    with pytest.raises(NotFound):
        publish(people, street, plan)


def test_a_document_is_opened_in_its_own_territory(people: Any, plan: UUID, valbelle: Any) -> None:
    from belvedere.domains.territory.models import Territory

    other = Territory.objects.create(slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF")
    lead = people.actor("lead")
    assert follow.open_document(lead, plan, territory_id=valbelle.territory.pk).number == 1
    with pytest.raises(NotFound):
        follow.open_document(lead, plan, territory_id=other.pk)


def test_a_document_is_described_anew(people: Any, bridge: UUID, plan: UUID) -> None:
    follow.describe_document(
        actor=people.actor("contributor"),
        measure_id=bridge,
        version=None,
        document_id=plan,
        type=DocumentType.STUDY,
        title="Étude de variantes",
    )
    (seen,) = follow.followed(people.actor("reader"), bridge, "fr").documents
    assert (seen.type, seen.title) == (DocumentType.STUDY, "Étude de variantes")


def test_a_decision_is_public_when_its_document_is(people: Any, bridge: UUID, plan: UUID) -> None:
    decision = follow.DecisionDraft(DecisionType.CREDIT, "Conseil", date(2026, 5, 4), document_id=plan)
    follow.set_decision(actor=people.actor("lead"), measure_id=bridge, version=None, draft=decision)
    assert follow.followed(Actor.public(), bridge, "fr").decisions == ()
    publish(people, bridge, plan)
    (seen,) = follow.followed(Actor.public(), bridge, "fr").decisions
    assert seen.document is not None and seen.document.id == plan
    follow.remove_document(
        actor=people.actor("lead"), measure_id=bridge, version=None, document_id=plan, reason="erreur"
    )
    (seen,) = follow.followed(people.actor("reader"), bridge, "fr").decisions
    assert seen.document is None  # the decision stays
