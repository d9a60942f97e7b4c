"""How every verb on one measure runs: lock, check, change, derive, journal, tell. Private to the domain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import figures
from belvedere.domains.plans.errors import AlreadyThere, ChangedMeanwhile, NoSuchMeasure
from belvedere.domains.plans.events import MeasureChanged
from belvedere.domains.plans.models import Measure, MeasureFigures, MeasurePlace, PlanMembership, Site
from belvedere.domains.plans.policies import Thing, require_either
from belvedere.domains.territory.public import owners_among, places
from belvedere.duties.journal.public import Entry, record_many, signed
from belvedere.engines.transactions import announce
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.identifiers import fold

LONGEST_SEARCH = 4000


@dataclass
class Change:
    """What a verb does to a measure; `before` and `after` go to the journal."""

    measure: Measure
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def note(self, name: str, before: Any, after: Any) -> bool:
        """Keep a difference for the journal; False when there is none."""
        if before == after:
            return False
        self.before[name], self.after[name] = before, after
        return True


def thing_of(measure: Measure) -> Thing:
    return Thing(measure.territory_id, measure.owner_id, measure.published)


@contextmanager
def changing(
    actor: Actor,
    measure_id: UUID,
    *,
    verb: str,
    right: str,
    reason: str,
    version: int | None,
    holder: Thing | None = None,
) -> Iterator[Change]:
    """Lock a measure, check right and version, then after the block derive, journal and tell.

    `holder` is a plan: who may change it may also do this to a measure he sees. A block that notes no
    difference writes nothing: no version, no journal entry.
    """
    with transaction.atomic():
        try:
            measure = Measure.objects.select_for_update(of=("self",)).get(pk=measure_id)
        except Measure.DoesNotExist:
            raise NoSuchMeasure(N_("There is no such measure, or it is not published.")) from None
        require_either(actor, right, thing_of(measure), holder)
        if version is not None and version != measure.version:
            raise ChangedMeanwhile(
                N_(
                    "Someone changed this measure meanwhile. What you typed is kept: look at the new values, "
                    "then save again."
                )
            )
        change = Change(measure)
        yield change
        if change.after or change.before:
            _finish(actor, change, verb=verb, reason=reason)


_waiting: ContextVar[dict[UUID, None] | None] = ContextVar("waiting", default=None)


@contextmanager
def at_once() -> Iterator[None]:
    """Many acts in one transaction, whose figures are derived once, at its end.

    For loading, not for people: the journal then tells each act without what it did to the figures.
    """
    if _waiting.get() is not None:
        yield
        return
    with transaction.atomic():
        token = _waiting.set({})
        try:
            yield
            waiting = _waiting.get()
        finally:
            _waiting.reset(token)
        figures.refresh(list(waiting or ()))


def derive_figures(measure_ids: Collection[UUID]) -> None:
    """Derive the figures of these measures now, or at the end of what is done at once."""
    waiting = _waiting.get()
    if waiting is None:
        figures.refresh(measure_ids)
    else:
        waiting.update(dict.fromkeys(measure_ids))


def _finish(actor: Actor, change: Change, *, verb: str, reason: str) -> None:
    measure = change.measure
    alone = _waiting.get() is None
    old = _figures_of(measure.pk) if alone else {}
    measure.search = search_text(measure)
    measure.version += 1
    measure.save()  # before the figures, which are derived from what is stored
    derive_figures([measure.pk])
    for name, value in _figures_of(measure.pk).items() if alone else ():
        change.note(name, old.get(name), value)
    record_many(
        [entry_of(actor, measure, verb=verb, before=change.before, after=change.after, reason=reason)]
    )
    told = MeasureChanged(measure.pk, measure.territory_id, verb)
    announce(told)


def _figures_of(measure_id: UUID) -> dict[str, str | None]:
    known: Mapping[str, Any] = (
        MeasureFigures.objects.filter(measure_id=measure_id).values("cost", "aid", "net").first() or {}
    )
    return {f"figures.{name}": None if value is None else str(value) for name, value in known.items()}


def entry_of(
    actor: Actor,
    measure: Measure,
    *,
    verb: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any],
    reason: str,
) -> Entry:
    """The journal's entry of an act on a measure."""
    return Entry(
        **signed(actor),
        verb=f"plans.{verb}",
        subject=("plans.measure", str(measure.pk)),
        territory_id=measure.territory_id,
        before=before or {},
        after=after,
        reason=reason,
    )


def search_text(measure: Measure) -> str:
    """What a text filter looks through, of a measure that is stored with its parts."""
    codes = PlanMembership.objects.filter(measure=measure).values_list("code", flat=True)
    sites = Site.objects.filter(measure=measure).exclude(name="").values_list("name", flat=True)
    place_ids = MeasurePlace.objects.filter(measure=measure).values_list("place_id", flat=True)
    return search_of(measure, codes, sites, place_words(place_ids))


def search_of(measure: Measure, codes: Iterable[str], sites: Iterable[str], places: Iterable[str]) -> str:
    """Titles, codes, owner, category, and the names of sites and places, without accents or case."""
    parts = [*measure.title.values(), *codes, *measure.owner.names.values(), measure.external_id]
    if measure.category is not None:
        parts += measure.category.names.values()
    return folded_search([*parts, *sites, *places])


def folded_search(words: Iterable[str]) -> str:
    """Words as the text filter compares them, each once."""
    return fold(" ".join(dict.fromkeys(words)))[:LONGEST_SEARCH]


def place_words(place_ids: Iterable[UUID]) -> list[str]:
    """The names of places in every language."""
    return [name for names in names_of_places(place_ids).values() for name in names]


def names_of_places(place_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """The names in every language of each of these places."""
    wanted = set(place_ids)
    return {pk: list(view.names.values()) for pk, view in places(wanted).items()} if wanted else {}


def owns_here(territory_id: UUID, owner_ids: set[UUID]) -> None:
    """Refuse owners that are not organisations of the territory."""
    # A role in one territory must not open the door of another.
    if owners_among(territory_id, owner_ids) != owner_ids:
        raise InvalidInput(
            N_("The owner is not an organisation of this territory. Choose another, or add it first."),
            field="owner",
        )


def already_there(error: IntegrityError) -> Exception:
    """What a broken uniqueness means, in words; the error itself where it means nothing to people."""
    text = str(error)
    if "measure_external_id_once" in text:
        return AlreadyThere(
            N_("A measure with this stable identifier is already there."), field="external_id"
        )
    if "measure_code_once_a_plan" in text:
        return AlreadyThere(N_("The plan already lists a measure under this code."), field="code")
    if "measure_once_a_plan" in text:
        return AlreadyThere(N_("The plan already lists this measure."), field="plan")
    return error
