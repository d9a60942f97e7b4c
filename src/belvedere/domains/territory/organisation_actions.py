"""Verbs on organisations: what they are, where they answer, to which body they belong."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from belvedere.domains.territory.events import OrganisationChanged
from belvedere.domains.territory.models import (
    Organisation,
    OrganisationMember,
    OrganisationPlace,
)
from belvedere.domains.territory.policies import Acting, require
from belvedere.domains.territory.queries import on
from belvedere.domains.territory.states import OrganisationKind
from belvedere.domains.territory.values import OrganisationDraft
from belvedere.domains.territory.writing import check_period, checked_names, journal, kept_whole, search_text
from belvedere.duties.journal.public import Entry, record_many, signed
from belvedere.engines.transactions import announce
from belvedere.kernel.errors import N_, InvalidInput, NotFound


def create_organisation(
    *,
    actor: Acting,
    territory_id: UUID,
    kind: OrganisationKind,
    names: Mapping[str, str],
    short_name: str = "",
    code_scheme: str = "",
    code: str = "",
    place_ids: Collection[UUID] = (),
    reason: str = "",
) -> UUID:
    """A new organisation that answers for `place_ids` without limit of time."""
    draft = OrganisationDraft(kind, names, short_name, code_scheme, code, tuple(place_ids))
    return create_organisations(actor=actor, territory_id=territory_id, drafts=[draft], reason=reason)[0]


def create_organisations(
    *, actor: Acting, territory_id: UUID, drafts: Sequence[OrganisationDraft], reason: str = ""
) -> list[UUID]:
    """Many at once, all or none, in their order (an import brings thousands)."""
    require(actor, "create_organisation", territory_id)
    rows = [_row(territory_id, draft) for draft in drafts]
    with kept_whole(", ".join(row.code for row in rows if row.code)[:200]):
        Organisation.objects.bulk_create(rows, batch_size=2000)
        OrganisationPlace.objects.bulk_create(
            (
                OrganisationPlace(organisation=row, place_id=place_id)
                for row, draft in zip(rows, drafts, strict=True)
                for place_id in dict.fromkeys(draft.place_ids)
            ),
            batch_size=2000,
        )
        record_many(
            Entry(
                **signed(actor),
                verb="territory.create_organisation",
                subject=("territory.organisation", str(row.pk)),
                territory_id=territory_id,
                after={"names": row.names, "kind": str(row.kind), "code": row.code},
                reason=reason,
            )
            for row in rows
        )
        for row in rows:
            _tell(row)
    return [row.pk for row in rows]


def _row(territory_id: UUID, draft: OrganisationDraft) -> Organisation:
    names = checked_names(draft.names)
    if bool(draft.code) != bool(draft.code_scheme):
        raise InvalidInput(
            N_("A code needs its scheme, SIREN or BFS, and the scheme its code."), field="code"
        )
    return Organisation(
        territory_id=territory_id,
        kind=draft.kind.value,
        names=names,
        short_name=draft.short_name[:60],
        code_scheme=draft.code_scheme.upper(),
        code=draft.code,
        search=search_text(names, [word for word in (draft.short_name, draft.code) if word]),
    )


def set_perimeter(
    *,
    actor: Acting,
    organisation_id: UUID,
    place_ids: Collection[UUID],
    since: date | None,
    reason: str = "",
) -> tuple[int, int]:
    """From `since` on the organisation answers for exactly `place_ids`; what was before stays on record.

    With `since` None the perimeter is written anew as if it had always been so. Returns how many places
    came and how many went.
    """
    with kept_whole():
        row = _locked(organisation_id)
        require(actor, "set_perimeter", row.territory_id)
        wanted = frozenset(place_ids)
        held = OrganisationPlace.objects.filter(organisation=row)
        if since is None:
            now = frozenset(held.filter(valid_from=None, valid_to=None).values_list("place_id", flat=True))
            held.exclude(place_id__in=wanted & now, valid_from=None, valid_to=None).delete()
        else:
            if held.filter(valid_from__gt=since).exists():
                raise InvalidInput(
                    N_("A later change of this perimeter is known already. Give a day after it."),
                    field="since",
                )
            present = held.filter(on(since))
            now = frozenset(present.values_list("place_id", flat=True))
            going = present.exclude(place_id__in=wanted)
            going.filter(valid_from=since).delete()
            going.update(valid_to=since)
        OrganisationPlace.objects.bulk_create(
            OrganisationPlace(organisation=row, place_id=place_id, valid_from=since)
            for place_id in sorted(wanted - now)
        )
        came, went = len(wanted - now), len(now - wanted)
        if came or went:
            journal(
                actor,
                "set_perimeter",
                ("organisation", row.pk),
                row.territory_id,
                before={"places": len(now)},
                after={"places": len(wanted), "since": since},
                reason=reason,
            )
            _tell(row)
    return came, went


def join_body(
    *,
    actor: Acting,
    body_id: UUID,
    member_id: UUID,
    since: date | None = None,
    until: date | None = None,
    reason: str = "",
) -> None:
    """Make an organisation a member of a body (a commune of its agglomeration), from a day to a day."""
    check_period(since, until)
    with kept_whole():
        body = _locked(body_id)
        require(actor, "join_body", body.territory_id)
        _locked(member_id)
        if body_id == member_id or body_id in _members_ever(member_id):
            raise InvalidInput(N_("An organisation cannot belong to its own member."), field="member")
        OrganisationMember.objects.create(
            body_id=body_id, member_id=member_id, valid_from=since, valid_to=until
        )
        journal(
            actor,
            "join_body",
            ("organisation", body_id),
            body.territory_id,
            after={"member": str(member_id), "since": since, "until": until},
            reason=reason,
        )
        _tell(body)


def leave_body(*, actor: Acting, body_id: UUID, member_id: UUID, on_day: date, reason: str = "") -> None:
    """End a membership: `on_day` is the first day on which it is no more."""
    with kept_whole():
        body = _locked(body_id)
        require(actor, "leave_body", body.territory_id)
        link = OrganisationMember.objects.filter(on(on_day), body_id=body_id, member_id=member_id).first()
        if link is None:
            raise NotFound(N_("This organisation is not a member on that day."))
        if link.valid_from == on_day:
            link.delete()
        else:
            link.valid_to = on_day
            link.save(update_fields=["valid_to"])
        journal(
            actor,
            "leave_body",
            ("organisation", body_id),
            body.territory_id,
            after={"member": str(member_id), "on": on_day},
            reason=reason,
        )
        _tell(body)


def _members_ever(body_id: UUID) -> set[UUID]:
    found: set[UUID] = set()
    frontier = {body_id}
    while frontier:
        frontier = (
            set(OrganisationMember.objects.filter(body_id__in=frontier).values_list("member_id", flat=True))
            - found
        )
        found |= frontier
    return found


def _locked(organisation_id: UUID) -> Organisation:
    row = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if row is None:
        raise NotFound(N_("There is no such organisation here."))
    return row


def _tell(row: Organisation) -> None:
    told = OrganisationChanged(row.pk, row.territory_id)
    announce(told)
