"""Titles of columns that hold the money of a year, of all years before, or of all years after. No Django.

`FY27`, `CP 2027`, `Exercice 2027`, `2027-28`, `Voté 2027`, `2027 Canton`, `Prior`, `Required to complete`:
`plan` reads them together, for a bucket without a year of its own gets it from its neighbours and words
that several years share name who pays.
"""

# ruff: noqa: E501 (a table of words reads better unbroken)

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from belvedere.kernel.identifiers import fold

FIRST, LAST = 1950, 2150
SPANS = ("", "before", "after")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that say nothing of when or who.
_FILLERS = _set(
    "depense depenses ausgaben ausgabe montant montants annee annees jahr jahre budget en in mio mios chf usd gbp eur euros tranche annuelles annuelle"
    " cout couts kosten investissement investissements investition investitionen spending expenditure year years amount amounts capital cost costs"
    " kchf mchf keur meur teur tchf tsd tausend tausende fy ex exercice exercices fiscal geschaftsjahr haushaltsjahr rechnungsjahr cp credit credits kredit paiement paiements"
    " de du des des le la les der die das den pour fur for of the l d et und and a au aux im millions million milliers thousands k m s betrag betrage importo importi spesa spese anno anni"
    " gasto gastos importe importes ano anos inversion ejercicio esercizio annualite annualites fr francs franken dollars ht ttc exkl inkl mwst tva 000 000s 1 12 31 an"
)
_STATES = {
    "voted": _set("vote votes votee votees adopte adoptes bewilligt beschlossen genehmigt adopted approved voted appropriation appropriations appropriated approvato approvati aprobado votado stanziato bp"),
    "committed": _set("engage engages engagee engagees committed commitment commitments encumbered obligated verpflichtet gebunden impegnato impegnati comprometido"),
    "paid": _set("paye payes payee payees realise realises realisee realisees depensees bezahlt verausgabt ist paid spent actual actuals expended rechnung compte comptes mandate mandates liquide liquides ca pagato pagati speso pagado ejecutado"),
    "projected": _set("prevu prevus prevue prevues projete projetes previsionnel previsionnels previsionnelle geplant planung projected forecast planned plan prognose estime estimes previsto previsti planificado soll programme"),
}  # fmt: skip
_STATE_OF = {word: state for state, words in _STATES.items() for word in words}
# Up to and including the year beside them, then strictly before it; the same for after.
_UNTIL = _set(
    "jusqu jusque jusqua bis until through thru to fino hasta cumul cumule cumules cumulees cumulated cumulative bisher bisherige stand"
)
_BEFORE = _set(
    "avant anterieur anterieurs anterieure anterieures precedent precedents precedente precedentes prior previous vor vorjahre vorjahr before earlier fruher fruhere precedenti precedente anteriores anterior pre past"
)
_FROM = _set(
    "ab from onwards onward suivant suivants suivante suivantes ff folgende folgejahre dal desde seguenti siguientes ulterieur ulterieurs ulterieure ulterieures later spater spatere future futures futur futurs successivi posteriores"
)
_AFTER = _set("apres nach after beyond dela oltre despues dopo")
_REST = _set(
    "rtc required complete completion balance remaining remainder reste restant solde restbetrag rest residuo resto realiser"
)
_WEAK = _set("to complete required realiser completion stand")  # only beside another word of their kind
_SINGLE = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)")
_RANGE = re.compile(r"(?<!\d)((?:19|20|21)\d\d)\s?[-–—/]\s?(\d\d|(?:19|20|21)\d\d)(?!\d)")
_SHORT = re.compile(r"\b(?:FY|AF|EX|GJ|HJ|RJ|BJ)\s?['’]?(\d\d)(?!\d)(?:\s?[-–/]\s?\d\d(?!\d))?", re.I)
_DAY = re.compile(r"\b\d\d?\.\d\d?\.(?=(?:19|20)\d\d)")


@dataclass(frozen=True, slots=True)
class When:
    """What a column covers: a year, or all up to it ("before") or from it on ("after"); in which state."""

    year: int
    span: str = ""
    state: str = ""

    @property
    def argument(self) -> str:
        """As it stands in a mapping: "2027", "before-2026", "2027+voted"."""
        return f"{self.span}{'-' if self.span else ''}{self.year}{'+' if self.state else ''}{self.state}"


def when_of(argument: str) -> When:
    """What `When.argument` wrote; ValueError for anything else."""
    found = re.fullmatch(r"(?:(before|after)-)?(\d{4})(?:\+(voted|committed|paid|projected))?", argument)
    if not found or not FIRST <= int(found[2]) <= LAST:
        raise ValueError(argument)
    return When(int(found[2]), found[1] or "", found[3] or "")


@dataclass(frozen=True, slots=True)
class Read:
    """A title read: `year` 0 where neighbours must say it; `words` are left over, perhaps a payer's."""

    year: int
    span: str = ""
    state: str = ""
    words: str = ""
    sure: bool = True
    split: bool = False  # a year from summer to summer

    @property
    def when(self) -> When:
        return When(self.year, self.span, self.state)


def read_title(title: str) -> Read | None:
    """What a title says of time, or None."""
    year, span, split, rest = _year_in(title)
    words = fold(rest).split()
    state = next((_STATE_OF[word] for word in words if word in _STATE_OF), "")
    left = [word for word in words if word not in _FILLERS and word not in _STATE_OF]
    after_mark, before_mark = bool(re.search(r">|≥|\d\s*\+", title)), bool(re.search(r"<|≤", title))
    if "dès" in title.casefold() or "à partir" in title.casefold():
        left = [*(word for word in left if word != "partir"), "ab"]
    kinds = {word: _span_of(word) for word in left if _span_of(word)}
    if "rest" in kinds.values():  # “required to complete” is no bucket up to a year
        kinds = {word: "rest" if word == "to" else kind for word, kind in kinds.items()}
    told = [kind for word, kind in kinds.items() if word not in _WEAK] or (
        list(kinds.values()) if len(kinds) > 1 else []
    )
    left = [word for word in left if word not in kinds and not word.isdigit()]
    if not span and (told or before_mark or after_mark):
        span, shift = _spanned(told, before_mark, after_mark, title)
        year += shift if year else 0
    if not year and not (span and told):
        return None
    if len(left) > 5 or (not year and left):
        return None
    return Read(year, span, state, " ".join(left), split=split)


def _span_of(word: str) -> str:
    for words, kind in (
        (_UNTIL, "until"),
        (_BEFORE, "before"),
        (_FROM, "from"),
        (_AFTER, "after"),
        (_REST, "rest"),
    ):
        if word in words:
            return kind
    return ""


def _spanned(told: list[str], before_mark: bool, after_mark: bool, title: str) -> tuple[str, int]:
    """The span, and by how much the year beside it moves: “before 2027” is up to 2026."""
    if "before" in told or "until" in told:
        return "before", -1 if "before" in told and "until" not in told else 0
    if told:
        return "after", 1 if "after" in told else 0
    if before_mark:
        return "before", 0 if "≤" in title or "<=" in title else -1
    return "after", 1 if ">" in title and ">=" not in title else 0


def _year_in(title: str) -> tuple[int, str, bool, str]:
    """Year, span, whether it is a split year, and the title without it."""
    if found := _RANGE.search(title):
        first = int(found[1])
        last = int(found[2]) if len(found[2]) == 4 else first // 100 * 100 + int(found[2])
        rest = title[: found.start()] + " " + title[found.end() :]
        if last == first + 1:
            return first, "", True, rest
        if last > first:
            return first * 10_000 + last, "range", False, rest
    day = _DAY.search(title)
    plain = _DAY.sub(" ", title)
    years = _SINGLE.findall(plain)
    if len(years) == 1 and FIRST <= int(years[0]) <= LAST:
        span = "before" if day and day[0] in ("31.12.", "31.12") else ""
        return int(years[0]), span, False, _SINGLE.sub(" ", plain)
    if not years and (short := _SHORT.search(title)):
        return 2000 + int(short[1]), "", False, _SHORT.sub(" ", title)
    return 0, "", False, title if len(years) != 1 else ""


def plan(titles: Mapping[int, str]) -> dict[int, Read]:
    """Which of these columns (number → title, all of amounts) hold the money of when, and whose words are
    left over. Nothing unless at least one plain year stands among them."""
    read = {at: found for at, title in titles.items() if (found := read_title(title)) is not None}
    years = [one.year for one in read.values() if one.year and not one.span]
    if not years:
        return {}
    first, last = min(years), max(years)
    settled: dict[int, Read] = {}
    for at, one in read.items():
        made = _range(one, first, last) if one.span == "range" else one
        if made is None:
            continue
        if not made.year:
            year = first - 1 if made.span == "before" else last + 1
            made = replace(made, year=year)
        settled[at] = made
    return _shared_words(settled)


def _range(one: Read, first: int, last: int) -> Read | None:
    """Several years in one column: a bucket where they lie wholly before or after the others."""
    begins, ends = divmod(one.year, 10_000)
    if ends < first:
        return replace(one, year=ends, span="before", sure=False)
    if begins > last:
        return replace(one, year=begins, span="after", sure=False)
    return None


def _shared_words(read: dict[int, Read]) -> dict[int, Read]:
    """Words left over name a payer where several groups of columns bear different ones; where all bear
    the same they say nothing; a word that stands once only makes its column something else."""
    times = Counter(one.words for one in read.values())
    named = [words for words in times if words]
    if not named:
        return read
    if len(times) == 1:
        return {at: replace(one, words="") for at, one in read.items()}
    often = {words for words in named if times[words] > 1}
    once = len(often) == 0 and len(named) > 1 and len({o.year for o in read.values()}) == 1
    return {at: one for at, one in read.items() if not one.words or one.words in often or once}
