"""Finding a place or an organisation by what someone wrote: official code first, then name, then likeness.

A matcher is built once and asked thousands of times: it keeps every name folded, and an index from each
trigram (three letters) to the names that hold it. Likeness is pg_trgm's: shared trigrams by all trigrams
of both (Jaccard), 0–1. A sure match scores 1; what a person must confirm scores less.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import numpy as np
import numpy.typing as npt

from belvedere.domains.territory.models import Organisation, Place, PlaceCode
from belvedere.domains.territory.queries import descendants, on
from belvedere.domains.territory.states import Level
from belvedere.domains.territory.values import Candidate, TerritoryView, name_in
from belvedere.kernel.clock import today
from belvedere.kernel.identifiers import fold

LEAST_LIKENESS = 0.4
# "Commune de Sion" and "Stadt Sitten" mean what their last word says.
_TITLES = re.compile(
    r"^(?:(?:la |le |l |die )?(?:commune|ville|mairie|municipalite|bourgeoisie|canton|gemeinde|stadt|"
    r"einwohnergemeinde|departement|conseil departemental|etat)\b(?: (?:de la|des|de l|de|du|d|von))?) "
)


@dataclass(slots=True)
class _Entry:
    id: UUID
    name: str
    trigrams: int = 0


@dataclass
class Matcher:
    """The names and codes of a set of things, ready to be asked."""

    _entries: list[_Entry] = field(default_factory=list)
    _exact: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _names: dict[UUID, str] = field(default_factory=dict)
    _codes: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    _postings: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _arrays: dict[str, npt.NDArray[np.intp]] = field(default_factory=dict)
    _sizes: npt.NDArray[np.intp] | None = None
    _known: dict[str, list[Candidate]] = field(default_factory=dict)

    def add(self, thing_id: UUID, name: str, spellings: Iterable[str], codes: Iterable[str]) -> None:
        """One thing: `name` is shown, `spellings` are the ways to write it."""
        self._names[thing_id] = name
        for code in codes:
            self._codes[_code_key(code)].add(thing_id)
        for folded in {fold(spelling) for spelling in spellings} - {""}:
            at = len(self._entries)
            grams = _trigrams(folded)
            self._entries.append(_Entry(thing_id, name, len(grams)))
            self._exact[folded].add(at)
            bare = _TITLES.sub("", folded)
            if bare != folded:
                self._exact[bare].add(at)
            for gram in grams:
                self._postings[gram].append(at)

    def by_code(self, code: str) -> list[Candidate]:
        """Those with an official code."""
        found = sorted(self._codes.get(_code_key(code), ()))
        return [Candidate(thing_id, self._names[thing_id], 1.0, "code") for thing_id in found]

    def find(self, text: str, *, code: str = "", most: int = 5) -> list[Candidate]:
        """The best candidates first, none below a likeness of 0.4; asked again it answers from memory."""
        if code and (found := self.by_code(code)):
            return found
        folded = fold(text)
        if not folded:
            return []
        if folded not in self._known:
            self._known[folded] = self._search(folded)
        return self._known[folded][:most]

    def _search(self, folded: str) -> list[Candidate]:
        if _code_key(folded) in self._codes and any(c.isdigit() for c in folded):
            return self.by_code(folded)
        bare = _TITLES.sub("", folded)
        exact = self._exact.get(folded) or self._exact.get(bare)
        if exact:
            score = 1.0 if len({self._entries[at].id for at in exact}) == 1 else 0.9
            return _best((self._entries[at], score, "name") for at in exact)
        return self._alike(bare)

    def _alike(self, folded: str) -> list[Candidate]:
        grams = _trigrams(folded)
        lists = [array for gram in grams if (array := self._posting(gram)) is not None]
        if not lists:
            return []
        if self._sizes is None or len(self._sizes) != len(self._entries):
            self._sizes = np.array([entry.trigrams for entry in self._entries], dtype=np.intp)
        shared = np.bincount(np.concatenate(lists), minlength=len(self._entries))
        likeness = shared / (self._sizes + len(grams) - shared)
        good = np.flatnonzero(likeness >= LEAST_LIKENESS)
        # A likeness is never a sure match, even between texts with the same trigrams.
        return _best((self._entries[at], min(0.95, float(likeness[at])), "likeness") for at in good)

    def _posting(self, gram: str) -> npt.NDArray[np.intp] | None:
        if gram not in self._postings:
            return None
        found = self._arrays.get(gram)
        if found is None or len(found) != len(self._postings[gram]):
            found = self._arrays[gram] = np.array(self._postings[gram], dtype=np.intp)
        return found


def _trigrams(folded: str) -> frozenset[str]:
    found: set[str] = set()
    for word in folded.split():
        padded = f"  {word} "
        found.update(padded[at : at + 3] for at in range(len(padded) - 2))
    return frozenset(found)


def _code_key(code: str) -> str:
    return re.sub(r"[\s.\-']", "", code).lstrip("0").casefold()


def _best(found: Iterable[tuple[_Entry, float, str]]) -> list[Candidate]:
    best: dict[UUID, Candidate] = {}
    for entry, score, by in found:
        if entry.id not in best or best[entry.id].score < score:
            best[entry.id] = Candidate(entry.id, entry.name, round(score, 3), by)
    return sorted(best.values(), key=lambda candidate: (-candidate.score, candidate.name, candidate.id))


def organisation_matcher(territory: TerritoryView) -> Matcher:
    """All organisations of a territory that are active."""
    matcher = Matcher()
    rows = Organisation.objects.filter(territory_id=territory.id, active=True).order_by("pk")
    for pk, names, short_name, code in rows.values_list("pk", "names", "short_name", "code").iterator():
        matcher.add(
            pk,
            name_in(names, languages=territory.languages),
            [*names.values(), short_name],
            [code] if code else [],
        )
    return matcher


def place_matcher(
    *,
    territory: TerritoryView | None = None,
    country: str | None = None,
    level: Level | None = Level.COMMUNE,
    day: date | None = None,
    languages: Sequence[str] = (),
) -> Matcher:
    """The places of a territory, or of a country, on `day` (default today); `level` None for all levels."""
    day = day or today(territory.zone if territory else "Europe/Zurich")
    rows = Place.objects.filter(on(day)).order_by("pk")
    if level is not None:
        rows = rows.filter(level=level)
    if country is not None:
        rows = rows.filter(country=country)
    if territory is not None:
        roots = {territory.place_id} if territory.place_id else set()
        rows = rows.filter(pk__in=descendants(roots, day))
    codes: dict[UUID, list[str]] = defaultdict(list)
    for place_id, code in PlaceCode.objects.filter(place__in=rows).values_list("place_id", "code"):
        codes[place_id].append(code)
    matcher = Matcher()
    order = languages or (territory.languages if territory else ())
    for pk, names in rows.values_list("pk", "names").iterator():
        # "Saint-Martin (VS)" is also written without its canton.
        spellings = [*names.values(), *(re.sub(r"\s*\([^)]*\)$", "", name) for name in names.values())]
        matcher.add(pk, name_in(names, languages=order), spellings, codes[pk])
    return matcher


def find_place(
    territory: TerritoryView, text: str, *, code: str = "", day: date | None = None
) -> list[Candidate]:
    """One question about the places of a territory; for many, build a `place_matcher` once."""
    return place_matcher(territory=territory, day=day).find(text, code=code)


def find_organisation(territory: TerritoryView, text: str, *, code: str = "") -> list[Candidate]:
    """One question about the organisations of a territory; for many, build an `organisation_matcher` once."""
    return organisation_matcher(territory).find(text, code=code)
