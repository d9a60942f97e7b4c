"""Verbs on saved views: a choice of measures under a name, one's own or shared with an organisation."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.collaboration.errors import NoSuchView
from belvedere.domains.collaboration.models import SavedView
from belvedere.domains.collaboration.policies import works_for
from belvedere.domains.collaboration.views import SavedViewView
from belvedere.domains.territory.public import organisations_by_id, owners_among
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput, Refused

MOST: Final = 40
LONGEST_NAME: Final = 80
LONGEST_QUERY: Final = 2000
LEFT_OUT: Final = frozenset({"start", "sel"})  # where one is in the list, not which measures it shows
_NO_SUCH: Final = N_("There is no such view, or it is not shared with you.")


def save_view(
    *, actor: Actor, territory_id: UUID, name: str, query: str, organisation_id: UUID | None = None
) -> UUID:
    """Keep a choice under a name; the same name of the same person is written over.

    `query`: what stands after the `?` of the list's address. With an organisation, its people see it too.
    """
    if actor.person_id is None:
        raise Refused(N_("Sign in to do this."))
    if not actor.allows("write"):
        raise Refused(N_("This token only reads. Create one that may write."))
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInput(
            N_("Give the view a name of at most {longest} characters."), longest=LONGEST_NAME, field="name"
        )
    kept = urlencode([(key, value) for key, value in parse_qsl(query.lstrip("?")) if key not in LEFT_OUT])
    if len(kept) > LONGEST_QUERY:
        raise InvalidInput(N_("This choice has too many filters to be kept. Remove some."), field="query")
    _check_sharing(actor, territory_id, organisation_id)
    with transaction.atomic():
        mine = SavedView.objects.select_for_update().filter(
            territory_id=territory_id, person_id=actor.person_id
        )
        old = mine.filter(name=name).first()
        if old is None and mine.count() >= MOST:
            raise Conflict(N_("You keep {most} views already. Remove one first."), most=MOST)
        row = old or SavedView(territory_id=territory_id, person_id=actor.person_id, name=name)
        row.query, row.organisation_id, row.created_at = kept, organisation_id, now()
        row.save()
        _journal(actor, "save_view", row)
    return row.pk


def _check_sharing(actor: Actor, territory_id: UUID, organisation_id: UUID | None) -> None:
    if organisation_id is None:
        return
    if not works_for(actor, organisation_id):
        raise Refused(
            N_("Only people of an organisation share views with it. Keep it for yourself, or choose yours."),
            code="may_not_share",
        )
    if owners_among(territory_id, {organisation_id}) != {organisation_id}:
        raise InvalidInput(N_("This organisation is not of the territory."), field="organisation")


def remove_view(*, actor: Actor, view_id: UUID) -> None:
    """Take away one's own view; who was using its link is told that it is gone."""
    with transaction.atomic():
        row = SavedView.objects.select_for_update().filter(pk=view_id).first()
        if row is None or not _sees(actor, row):
            raise NoSuchView(_NO_SUCH)
        if row.person_id != actor.person_id and not actor.governs(row.territory_id):
            raise Refused(N_("Only who made a view removes it."), code="may_not_remove_view")
        _journal(actor, "remove_view", row)
        row.delete()


def views_of(actor: Actor, territory_id: UUID) -> list[SavedViewView]:
    """The views of the actor and those shared with their organisations, by name."""
    if actor.person_id is None:
        return []
    rows = SavedView.objects.filter(territory_id=territory_id).filter(
        Q(person_id=actor.person_id) | Q(organisation_id__in=list(actor.roles))
    )
    return _views(actor, list(rows.order_by("name", "pk")))


def view(actor: Actor, territory_id: UUID, view_id: UUID) -> SavedViewView:
    """One view by its link; NoSuchView when it is neither the actor's nor shared with them."""
    row = SavedView.objects.filter(pk=view_id, territory_id=territory_id).first()
    if row is None or not _sees(actor, row):
        raise NoSuchView(_NO_SUCH)
    return _views(actor, [row])[0]


def _sees(actor: Actor, row: SavedView) -> bool:
    mine = actor.person_id is not None and row.person_id == actor.person_id
    return mine or (row.organisation_id is not None and works_for(actor, row.organisation_id))


def _views(actor: Actor, rows: list[SavedView]) -> list[SavedViewView]:
    if not rows:
        return []
    bodies = organisations_by_id({row.organisation_id for row in rows if row.organisation_id})
    names = names_of({row.person_id for row in rows})
    return [
        SavedViewView(
            id=row.pk,
            name=row.name,
            query=row.query,
            organisation_id=row.organisation_id,
            shared_with=bodies[row.organisation_id].label if row.organisation_id in bodies else "",
            by=names.get(row.person_id, ""),
            is_mine=row.person_id == actor.person_id,
        )
        for row in rows
    ]


def _journal(actor: Actor, verb: str, row: SavedView) -> None:
    record(
        **signed(actor),
        verb=f"collaboration.{verb}",
        subject=("collaboration.savedview", str(row.pk)),
        territory_id=row.territory_id,
        after={"name": row.name} if verb == "save_view" else {},
        before={"name": row.name} if verb == "remove_view" else {},
    )
