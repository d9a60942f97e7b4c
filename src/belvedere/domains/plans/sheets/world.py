"""What a row is compared with: the territory's organisations, words, plans, places and measures.

Loaded once per check; asked thousands of times.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from belvedere.domains.access.public import Actor, Role
from belvedere.domains.plans.models import Category, Measure, Plan, PlanMembership
from belvedere.domains.plans.sheets.models import SheetWord
from belvedere.domains.plans.sheets.present import records_of
from belvedere.domains.plans.sheets.records import Record
from belvedere.domains.territory.public import (
    Candidate,
    OrganisationKind,
    TerritoryView,
    members_of,
    organisation_matcher,
    organisations,
    place_matcher,
)
from belvedere.kernel.errors import N_
from belvedere.kernel.geometry import Box
from belvedere.kernel.identifiers import fold

SURE = 0.999


@dataclass
class World:
    """`territory` as `actor` may know it; `codes` and `names` lead to organisations."""

    territory: TerritoryView
    actor: Actor
    codes: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    states: list[str] = field(default_factory=list)  # organisations that are the State or the Confederation
    categories: dict[str, str] = field(default_factory=dict)  # folded word -> code
    category_names: dict[str, str] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)  # folded code or title -> code
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    by_external: dict[str, UUID] = field(default_factory=dict)
    by_code: dict[tuple[str, str], UUID] = field(default_factory=dict)
    measure_ids: frozenset[UUID] = frozenset()
    present: dict[UUID, tuple[Record, int]] = field(default_factory=dict)

    @classmethod
    def load(cls, actor: Actor, territory: TerritoryView) -> World:
        world = cls(territory, actor)
        for view in organisations(territory.id, active_only=True):
            key = str(view.id)
            world.labels[key] = view.name
            if view.code:
                world.codes[view.code] = key
            for name in {*map(fold, view.names.values()), fold(view.short_name)} - {""}:
                world.names.setdefault(name, []).append(key)
            if view.kind in (OrganisationKind.STATE, OrganisationKind.CONFEDERATION):
                world.states.append(key)
        for category in Category.objects.filter(territory_id=territory.id):
            world.category_names[category.code] = category.names.get(territory.languages[0]) or category.code
            for word in (*category.synonyms, *map(fold, category.names.values()), fold(category.code)):
                world.categories[word] = category.code
        for plan in Plan.objects.filter(territory_id=territory.id):
            for word in (plan.code, *plan.title.values()):
                world.plans[fold(word)] = plan.code
        world.words = {
            (word.field, word.word): word.target
            for word in SheetWord.objects.filter(territory_id=territory.id)
        }
        here = Measure.objects.filter(territory_id=territory.id)
        world.measure_ids = frozenset(here.values_list("pk", flat=True))
        world.by_external = dict(here.exclude(external_id="").values_list("external_id", "pk"))
        listed = PlanMembership.objects.filter(measure__territory_id=territory.id).exclude(code="")
        world.by_code = {
            (plan, code): pk for plan, code, pk in listed.values_list("plan__code", "code", "measure_id")
        }
        return world

    def know(self, measure_ids: set[UUID]) -> None:
        """Load the records of these measures, to compare with."""
        self.present.update(records_of(measure_ids - self.present.keys()))

    # ---------------------------------------------------------------- rights
    @cached_property
    def _managed(self) -> frozenset[UUID]:
        led = frozenset(
            organisation
            for organisation, roles in self.actor.roles.items()
            if not roles.isdisjoint({Role.MANAGER, Role.ADMINISTRATOR})
        )
        return led | members_of(led)

    @property
    def governs(self) -> bool:
        return self.actor.governs(self.territory.id)

    def refusal(self, owner: str) -> str | None:
        """Why the actor may not import measures of `owner`, or None. New owners need an administrator."""
        if not self.actor.allows("write"):
            return N_("This token only reads. Create one that may write.")
        if self.governs:
            return None
        if owner.startswith("new:"):
            return N_("Only administrators of the territory may add organisations.")
        if UUID(owner) in self._managed:
            return None
        return N_("You manage neither {owner} nor a body it belongs to: its rows are left out.")

    @property
    def may_import(self) -> bool:
        """Whether there is anything the actor may import here."""
        if not self.actor.allows("write"):
            return False
        return self.governs or any(str(organisation) in self.labels for organisation in self._managed)

    # ---------------------------------------------------------------- likeness
    @cached_property
    def _organisations(self):  # type: ignore[no-untyped-def]
        return organisation_matcher(self.territory)

    @cached_property
    def _places(self):  # type: ignore[no-untyped-def]
        return place_matcher(territory=self.territory)

    def like_organisation(self, name: str) -> list[Candidate]:
        found: list[Candidate] = self._organisations.find(name, most=5)
        return found

    def like_place(self, text: str) -> list[Candidate]:
        found: list[Candidate] = self._places.find(text, most=5)
        return found

    @property
    def area(self) -> Box | None:
        """Where sites should lie: the territory's box and a fifth around it."""
        box = self.territory.bounds
        if box is None:
            return None
        wide, high = (box.east - box.west) * 0.2, (box.north - box.south) * 0.2
        return Box(box.west - wide, box.south - high, box.east + wide, box.north + high)
