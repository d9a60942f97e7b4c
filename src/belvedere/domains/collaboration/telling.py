"""Whom the work on a measure concerns, and what they are told. Private to the domain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypedDict
from uuid import UUID

from belvedere.domains.access.public import Actor, Role, holders, working_in
from belvedere.domains.collaboration.kinds import ANSWER, CHANGE, MENTION, SUGGESTION
from belvedere.domains.collaboration.models import Comment, Follow
from belvedere.domains.plans.public import brief, vocabulary
from belvedere.domains.territory.public import territory_by_id
from belvedere.duties.notifications.public import notify
from belvedere.kernel.errors import N_

PILOTS = (vocabulary.ActorRole.PILOT,)


def leads_of(measure: brief.Brief) -> frozenset[UUID]:
    """Who follows without asking: the managers of the owner, and who is named as pilot."""
    managers = holders([measure.owner_id], Role.MANAGER).get(measure.owner_id, frozenset())
    named = brief.people_named([measure.id], *PILOTS).get(measure.id, [])
    return managers | {person for _role, person in named}


def deciders_of(measure: brief.Brief) -> frozenset[UUID]:
    """Who is told of a suggestion: the leads, else everyone of the owner who may change the measure."""
    leads = leads_of(measure)
    if leads:
        return leads
    return holders([measure.owner_id], Role.CONTRIBUTOR, Role.ADMINISTRATOR).get(
        measure.owner_id, frozenset()
    )


def inside_of(measure: brief.Brief) -> list[Actor]:
    """The people who work on the measure, by name."""
    return [actor for actor in working_in(measure.territory_id) if measure.inside(actor)]


def followers_of(measure: brief.Brief, *, inside_only: bool = False) -> frozenset[UUID]:
    """Who follows the measure and may still see it."""
    chosen = dict(Follow.objects.filter(measure_id=measure.id).values_list("person_id", "active"))
    leads = leads_of(measure)
    own_will = {person for person, active in chosen.items() if active} - leads
    if own_will and (inside_only or not measure.published):
        own_will &= {actor.person_id for actor in inside_of(measure) if actor.person_id}
    return frozenset(own_will | {person for person in leads if chosen.get(person, True)})


def tell(
    measure: brief.Brief,
    recipients: Iterable[UUID],
    kind: str,
    message: str,
    values: Mapping[str, str | Mapping[str, str]],
    *,
    key: str,
    author_id: UUID | None = None,
    quote: str = "",
    repeats: bool = False,
) -> int:
    """A notice about a measure; `{measure}` in the message is its title in the reader's language."""
    return notify(
        recipients,
        kind,
        message,
        {"measure": dict(measure.title), **values},
        key=key,
        subject_id=str(measure.id),
        territory_id=measure.territory_id,
        zone=territory_by_id(measure.territory_id).zone,
        author_id=author_id,
        quote=quote,
        repeats=repeats,
    )


class _By(TypedDict):
    author_id: UUID | None
    quote: str


def tell_comment(actor: Actor, measure: brief.Brief, comment: Comment, mentioned: Collection[UUID]) -> None:
    """Each person once, for the nearest reason: mentioned, answered, or following."""
    said = {"who": actor.label}
    key = f"comment:{comment.pk}"
    by = _By(author_id=actor.person_id, quote=comment.text)
    told = set(mentioned)
    tell(measure, told, MENTION, N_("{who} mentions you on “{measure}”"), said, key=key, **by)
    answered = _thread_of(comment) - told
    tell(measure, answered, ANSWER, N_("{who} answers on “{measure}”"), said, key=key, **by)
    others = followers_of(measure, inside_only=True) - told - answered
    tell(measure, others, CHANGE, N_("{who} comments “{measure}”"), said, key=key, **by)


def _thread_of(comment: Comment) -> set[UUID]:
    """Who spoke in the thread before."""
    if comment.parent_id is None:
        return set()
    rows = Comment.objects.filter(parent_id=comment.parent_id) | Comment.objects.filter(pk=comment.parent_id)
    return set(rows.filter(author__isnull=False, removed_at__isnull=True).values_list("author_id", flat=True))


def tell_suggestion(measure: brief.Brief, suggestion_id: UUID, by: UUID | None, quote: str) -> None:
    """The owner's people hear of a suggestion that waits for them."""
    tell(
        measure,
        deciders_of(measure),
        SUGGESTION,
        N_("A suggestion on “{measure}” waits for your answer"),
        {},
        key=f"suggestion:{suggestion_id}",
        author_id=by,
        quote=quote,
    )
