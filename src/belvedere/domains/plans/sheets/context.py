"""What every row of a sheet is read against, and what its rows ask to be created first.

The arrows go one way: `judging` asks `native` or `parts` what a row says, and all three read it by this
`Context`, which knows none of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import msgspec
from django.utils.translation import gettext, override

from belvedere.domains.plans.sheets import amounts, places
from belvedere.domains.plans.sheets.decisions import NEW, Decisions
from belvedere.domains.plans.sheets.mapping import Mapping
from belvedere.domains.plans.sheets.reading import Table
from belvedere.domains.plans.sheets.verdicts import Row
from belvedere.domains.plans.sheets.world import World
from belvedere.domains.plans.states import Priority
from belvedere.domains.territory.public import OrganisationDraft, OrganisationKind
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold, slugify


class PlanFacts(msgspec.Struct, frozen=True):
    """What an export says of a plan beside its name."""

    year_from: int | None = None
    year_to: int | None = None
    federal_rate: Decimal | None = None
    federal_maximum: Decimal | None = None
    adopted_on: date | None = None
    legal_basis: str = ""
    has_agreement: bool = False


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan an export names, to be created where it is missing."""

    code: str
    type: str
    title: str
    owner: str
    generation: int | None
    currency: str
    vat: str
    price_base: str
    previous: str = ""  # the code of the plan of the generation before
    facts: PlanFacts = field(default_factory=PlanFacts)


class Context:
    """`table` read by `mapping` and `decisions` into `world`. `new_owners`, `new_categories` and `new_plans`
    fill as the rows are read."""

    def __init__(
        self, table: Table, mapping: Mapping, decisions: Decisions, world: World, *, source: str, today: date
    ) -> None:
        self.mapping, self.decisions, self.world = mapping, decisions, world
        self.source, self.today = source[:300], today
        self.money = amounts.AmountReader(mapping, table)
        self.sites = places.SiteReader(mapping, world)
        self.new_owners: dict[str, OrganisationDraft] = {}
        self.new_categories: dict[str, str] = {}  # code -> name
        self.new_plans: dict[str, PlanDraft] = {}
        self.merged_words: dict[str, set[str]] = {}  # category -> spellings met
        self.payers = {payer.word: payer for payer in mapping.payers}

    def plan_of(self, row: Row) -> str | None:
        """The code of the plan a row speaks of; None when it names none that is known."""
        word = fold(row.text("plan")) if row.has("plan") else ""
        if word:
            return self.decisions.word("plan", word) or self.world.plans.get(word)
        chosen = self.mapping.settings.plan
        return chosen if chosen in self.world.plans.values() else None

    def state_to_create(self) -> str:
        """The State (or the Confederation) as a payer, when the territory does not have it yet."""
        swiss = self.world.territory.country in ("CH", "LI")
        kind = OrganisationKind.CONFEDERATION if swiss else OrganisationKind.STATE
        names = {"fr": "Confédération", "de": "Bund"} if swiss else {"fr": "État", "de": "Staat"}
        self.new_owners.setdefault("new:state", OrganisationDraft(kind, names))
        return "new:state"

    def as_in_source(self, cell: str, line: int) -> str:
        """Why an amount is as it is when its row does not say: where it stands, in the territory's first
        language, for it is kept with the amount."""
        with override(self.world.territory.languages[0]):
            return gettext("As in the source: {file}, row {line}, cell {cell}").format(
                file=self.source[:200], line=line, cell=cell
            )

    def owner_label(self, owner: str) -> str:
        """The name of an owner, also of one to be created."""
        if owner in self.new_owners:
            return next(iter(self.new_owners[owner].names.values()))
        return self.world.labels.get(owner, "")

    def category(self, row: Row, text: str) -> str:
        """The code of a category; spellings that fold alike are one, near ones are merged and reported."""
        word = fold(text)
        target = self.decisions.word("category", word) or self.world.words.get(("category", word))
        code = target if target and target != NEW else self.world.categories.get(word)
        if code is None:
            near = _singular(word)
            code = self.world.categories.get(near) or next(
                (known for other, known in self.world.categories.items() if _singular(other) == near), None
            )
        if code is None:
            code = slugify(text) or f"category-{len(self.new_categories) + 1}"
            self.new_categories[code] = text
            self.world.category_names[code] = text
        self.world.categories.setdefault(word, code)
        self.merged_words.setdefault(code, set()).add(text)
        return code

    def priority(self, row: Row) -> str | None:
        """A, B, C or nothing; None, with a note on the row, for what is none of them."""
        word = row.text("priority").upper()
        if not word:
            return ""
        letter = word.removeprefix("PRIORITÉ").removeprefix("PRIORITÄT").strip(" .-")[:1]
        if letter in {p.value for p in Priority if p.value} and len(word.split()) <= 2:
            return letter
        row.warn("priority_unknown", "priority", N_("This priority is not A, B or C: it is left as it was."))
        return None


def _singular(folded: str) -> str:
    return " ".join(word[:-1] if len(word) > 4 and word.endswith("s") else word for word in folded.split())
