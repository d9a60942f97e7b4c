"""What every verb of this domain does around its own change. Private to the domain."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from belvedere.domains.territory.errors import AlreadyThere, OverlappingPeriods
from belvedere.domains.territory.events import PlacesChanged
from belvedere.domains.territory.models import Place, Territory
from belvedere.domains.territory.policies import Acting
from belvedere.duties.journal.public import record, signed
from belvedere.engines.transactions import announce
from belvedere.kernel.errors import N_, InvalidInput, Refused
from belvedere.kernel.identifiers import fold

LONGEST_NAME = 300


def checked_names(names: Mapping[str, str], *, required: bool = True) -> dict[str, str]:
    """`names` by language without blanks; refuses unknown languages, too long names, and none at all."""
    cleaned = {language: " ".join(name.split()) for language, name in names.items()}
    cleaned = {language: name for language, name in cleaned.items() if name}
    for language, name in cleaned.items():
        if not (len(language) == 2 and language.isascii() and language.isalpha() and language.islower()):
            raise InvalidInput(N_("“{language}” is not a language code such as fr or de."), language=language)
        if len(name) > LONGEST_NAME:
            raise InvalidInput(
                N_("This name has {length} characters; at most {longest} fit. Shorten it."),
                length=len(name),
                longest=LONGEST_NAME,
                field="name",
            )
    if required and not cleaned:
        raise InvalidInput(N_("Give a name in at least one language."), field="name")
    return cleaned


def check_period(valid_from: date | None, valid_to: date | None) -> None:
    if valid_from is not None and valid_to is not None and valid_to <= valid_from:
        raise InvalidInput(
            N_("The period ends on {end}, before it starts on {start}. The end is the first day after it."),
            start=valid_from.isoformat(),
            end=valid_to.isoformat(),
            field="valid_to",
        )


def search_text(names: Mapping[str, str], codes: Collection[str] = ()) -> str:
    """Names and codes, folded, for search by likeness."""
    return fold(" ".join([*names.values(), *codes]))


def ancestors(place_ids: Collection[UUID]) -> frozenset[UUID]:
    """`place_ids` and everything they ever lay in, at any date."""
    if not place_ids:
        return frozenset()
    sql = """
        WITH RECURSIVE around(id) AS (
            SELECT unnest(%s::uuid[])
            UNION
            SELECT link.parent_id FROM territory_placeparent link JOIN around ON link.place_id = around.id
        ) SELECT id FROM around
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(place_ids)])
        return frozenset(row[0] for row in cursor.fetchall())


def require_within(actor: Acting, territory_id: UUID, place_id: UUID) -> None:
    """An administrator changes the places of the own territory, not a neighbour's."""
    if actor.is_platform:
        return
    around = ancestors({place_id})
    root = Territory.objects.filter(pk=territory_id).values_list("place_id", flat=True).first()
    if root not in around:
        raise Refused(N_("This place does not lie in your territory."), code="may_not_change_place")


def places_changed(place_ids: Collection[UUID], also: Collection[UUID] = ()) -> None:
    """Make the maps of every territory these places lie in anew; `also` are territories besides."""
    touched = frozenset(
        Territory.objects.filter(place_id__in=ancestors(place_ids)).values_list("pk", flat=True)
    ) | frozenset(also)
    # In one order, so that two imports never wait for each other.
    for territory_id in sorted(touched):
        Territory.objects.filter(pk=territory_id).update(version=F("version") + 1)
    announce(PlacesChanged(touched))


def locked_place(place_id: UUID) -> Place:
    place = Place.objects.select_for_update().filter(pk=place_id).first()
    if place is None:
        raise InvalidInput(N_("There is no such place here."), field="place")
    return place


def journal(
    actor: Acting,
    verb: str,
    subject: tuple[str, UUID],
    territory_id: UUID | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    record(
        **signed(actor),
        verb=f"territory.{verb}",
        subject=(f"territory.{subject[0]}", str(subject[1])),
        territory_id=territory_id,
        before=before,
        after=after,
        reason=reason,
    )


_TAKEN = {
    "territory_territory_slug": N_("The address “{what}” is taken by another territory. Choose another."),
    "place_code_unique": N_("The code {what} belongs to another place already."),
    "organisation_code_once": N_("An organisation of this territory has the code {what} already."),
}
_OVERLAPS = (
    "place_parent_once_at_a_time",
    "perimeter_place_once_at_a_time",
    "member_once_at_a_time",
    "boundary_once_at_a_time",
)


@contextmanager
def kept_whole(what: str = "") -> Iterator[None]:
    """One transaction, whose broken constraints become sentences."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        text = str(error)
        for name, message in _TAKEN.items():
            if name in text:
                raise AlreadyThere(message, what=what) from error
        if any(name in text for name in _OVERLAPS):
            raise OverlappingPeriods(
                N_("This is in force already for a part of the period. End the earlier one first.")
            ) from error
        raise
