"""Verbs on the links between measures. A link is a statement of its source; a conflict binds both alike."""

from __future__ import annotations

from collections import defaultdict, deque
from uuid import UUID

from django.db import connection
from django.db.models import Q

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import AlreadyThere
from belvedere.domains.plans.follow.keeping import Kept, listed
from belvedere.domains.plans.follow.values import LinkDraft
from belvedere.domains.plans.models import Measure, MeasureLink
from belvedere.domains.plans.policies import visible
from belvedere.domains.plans.vocabulary import LinkType
from belvedere.domains.plans.writing import Change
from belvedere.kernel.errors import N_, Conflict, InvalidInput
from belvedere.kernel.texts import text_in

# These say an order: a measure that ends up before itself makes no sense.
ORDERED = frozenset({LinkType.DEPENDS_ON, LinkType.REPLACES, LinkType.SUBSTITUTES, LinkType.PART_OF})
SYMMETRIC = frozenset({LinkType.CONFLICTS})
LINK = Kept("link", MeasureLink, ("target_id", "type", "note", "lag_months"), owner="source_id")
_LOCK = 0x6C696E6B  # "link": one link at a time, so that two halves of a circle cannot be made at once


def set_link(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    draft: LinkDraft,
    item_id: int | None = None,
    reason: str = "",
) -> int:
    """Say how the measure relates to another one of its territory, or change the link of `item_id`.

    Raises:
        InvalidInput: the other measure is not there (or not for the actor to see), or is the same.
        AlreadyThere: the same link stands already.
        Conflict: the link closes a circle; the sentence names it.
    """

    def check(change: Change, present: int | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _refuse_unseen(actor, change.measure, draft)
        _refuse_twice(measure_id, draft, present)
        if draft.type in ORDERED:
            _refuse_circle(actor, change.measure, draft, present)

    made: int = LINK.keep(actor, measure_id, version, item_id, LINK.drafted(draft), reason, check)
    return made


def remove_link(
    *, actor: Actor, measure_id: UUID, version: int | None, item_id: int, reason: str = ""
) -> None:
    """Take a link back, from the side of the measure that states it."""
    LINK.take_away(actor, measure_id, version, item_id, reason)


def _refuse_unseen(actor: Actor, measure: Measure, draft: LinkDraft) -> None:
    if draft.target_id == measure.pk:
        raise InvalidInput(N_("A measure cannot be linked to itself. Choose another."), field="target")
    if not Measure.objects.filter(visible(actor, measure.territory_id), pk=draft.target_id).exists():
        raise InvalidInput(
            N_("There is no such measure in this territory, or it is not published. Choose another."),
            field="target",
        )


def _refuse_twice(measure_id: UUID, draft: LinkDraft, present: int | None) -> None:
    same = Q(source_id=measure_id, target_id=draft.target_id)
    if draft.type in SYMMETRIC:
        same |= Q(source_id=draft.target_id, target_id=measure_id)
    if MeasureLink.objects.filter(same, type=draft.type).exclude(pk__in=listed(present)).exists():
        raise AlreadyThere(N_("The two measures are linked in this way already."), field="target")


def _refuse_circle(actor: Actor, measure: Measure, draft: LinkDraft, present: int | None) -> None:
    chain = _way(measure.pk, draft, present)
    if chain is None:
        return
    seen = {
        row.pk: row.title
        for row in Measure.objects.filter(visible(actor, measure.territory_id), pk__in=chain).only("title")
    }
    # A link of the circle may pass through a measure that the actor may not know of.
    words = [text_in(seen[pk], actor.language) if pk in seen else "…" for pk in [measure.pk, *chain]]
    raise Conflict(
        N_("This link closes a circle: {chain}. Take one of these links away first; nothing was changed."),
        chain=" → ".join(words),
        code="circle",
        field="target",
    )


def _way(source: UUID, draft: LinkDraft, present: int | None) -> list[UUID] | None:
    """The shortest way along links of the draft's type from its target back to `source`, ends included."""
    onward: dict[UUID, list[UUID]] = defaultdict(list)
    links = MeasureLink.objects.filter(type=draft.type).exclude(pk__in=listed(present)).order_by("pk")
    for start, end in links.values_list("source_id", "target_id"):
        onward[start].append(end)
    came_from: dict[UUID, UUID | None] = {draft.target_id: None}
    waiting = deque([draft.target_id])
    while waiting:
        here = waiting.popleft()
        if here == source:
            return _back(came_from, here)
        for there in onward[here]:
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    return None


def _back(came_from: dict[UUID, UUID | None], end: UUID) -> list[UUID]:
    chain: list[UUID] = []
    here: UUID | None = end
    while here is not None:
        chain.append(here)
        here = came_from[here]
    return chain[::-1]
