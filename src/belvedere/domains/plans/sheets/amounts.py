"""Amounts of a row: in base units, with their kind; what looks wrong is named, never mended silently."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from belvedere.domains.plans.sheets import parsing
from belvedere.domains.plans.sheets.fields import AMOUNTS
from belvedere.domains.plans.sheets.mapping import Mapping
from belvedere.domains.plans.sheets.money_words import currency_in
from belvedere.domains.plans.sheets.parsing import Unreadable, is_empty
from belvedere.domains.plans.sheets.reading import Table
from belvedere.domains.plans.sheets.verdicts import Row
from belvedere.kernel.errors import N_
from belvedere.kernel.money import CENT, CURRENCIES, LARGEST

# No measure of a territory costs ten billions: a larger amount in a column of millions is in francs.
_IMPROBABLE = Decimal(10) ** 10
PER_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class MoneyWords:
    """In what the amounts of a row are expressed."""

    currency: str
    vat: str
    price_base: str


class AmountReader:
    """Reads the amounts of a sheet by its mapping."""

    def __init__(self, mapping: Mapping, table: Table) -> None:
        self.mapping = mapping
        self.sign = mapping.settings.decimal
        self._medians: dict[int, Decimal] = {}
        self._placed: dict[tuple[int, int], Decimal] = {}
        for at, column in enumerate(mapping.columns):
            if column.field == "cost":
                self._medians[at] = self._median(table, at)
            if column.field in AMOUNTS:
                self._place_cents(table, at)

    def _median(self, table: Table, at: int) -> Decimal:
        values = [Decimal(repr(v)) for row in table.rows if isinstance(v := row[at], int | float) and v]
        return median(values) if values else Decimal(0)

    def _place_cents(self, table: Table, at: int) -> None:
        """Round the amounts with more digits than cents so that the column keeps its sum to the cent.

        Each stays within a cent of what is written; rounding each for itself would move the sum of
        25,000 rows.
        """
        exact = rounded = Decimal(0)
        unit = self.unit(at)
        for line, row in zip(table.lines, table.rows, strict=True):
            cell = row[at]
            if not isinstance(cell, float):
                continue
            value = Decimal(repr(cell)) * unit
            if value != value.quantize(CENT):
                exact += value
                self._placed[at, line] = exact.quantize(CENT, ROUND_HALF_UP) - rounded
                rounded += self._placed[at, line]

    def like(self, row: Row, at: int, value: Decimal, known: Decimal | None) -> Decimal:
        """`known` where it differs from `value` only in how a fraction of a cent was rounded."""
        if known is not None and (at, row.line) in self._placed and abs(known - value) <= CENT:
            return known
        return value

    def unit(self, at: int) -> int:
        return self.mapping.columns[at].unit or self.mapping.settings.unit or 1

    def money_words(self, row: Row) -> MoneyWords:
        settings = self.mapping.settings
        currency = settings.currency or "CHF"
        word = row.text("currency")
        if word:
            found = word.upper() if word.upper() in CURRENCIES else currency_in(word) or ""
            if found in CURRENCIES:
                currency = found
            else:
                row.problem(
                    "currency_unknown",
                    "currency",
                    N_("The currency “{text}” is not known. Write one of: {known}."),
                    data={"text": word, "known": sorted(CURRENCIES)},
                    offer="value",
                )
        column = row.column("cost")
        vat = settings.vat or (self.mapping.columns[column].vat if column is not None else None) or "unknown"
        return MoneyWords(currency, vat, settings.price_base or "")

    def read(
        self, row: Row, field: str, at: int, money: MoneyWords, *, signed: bool = False
    ) -> Decimal | None:
        """The amount in column `at`, in base units; None when empty or when a problem was noted.

        `signed`: a negative amount is one, not a mistake.
        """
        cell = row.raw(field, at)
        typed = row.decisions.cell(row.line, f"{field}@{at}") is not None
        try:
            found = parsing.amount(cell, self.sign)
        except Unreadable as error:
            row.problem(
                "amount_unreadable",
                field,
                N_("This amount cannot be read."),
                at=at,
                text=error.text,
                offer="value",
            )
            return None
        if found is None:
            return None
        unit = found.unit or self.unit(at)
        value = (found.value * unit).quantize(CENT, ROUND_HALF_UP)
        if not typed and found.unit is None:
            value = self._placed.get((at, row.line), value)
        if found.currency and found.currency != money.currency:
            row.problem(
                "mixed_currencies",
                field,
                N_(
                    "This amount is in {found}, the column in {expected}. Amounts are never converted here: "
                    "give a column of currencies, or enter the amount in {expected}."
                ),
                data={"found": found.currency, "expected": money.currency},
                at=at,
                offer="value",
            )
            return None
        if value < 0 and not signed:
            row.problem(
                "negative_amount",
                field,
                N_("An amount cannot be negative. Enter the cost, and what others pay as aid."),
                at=at,
                offer="value",
            )
            return None
        sure = value if typed else self._unit_doubt(row, field, at, found, value)
        if sure is None:
            return None
        value = sure
        if abs(value) >= LARGEST:
            row.problem(
                "amount_too_large", field, N_("This amount is too large to be real."), at=at, offer="value"
            )
            return None
        return value

    def _unit_doubt(
        self, row: Row, field: str, at: int, found: parsing.Amount, value: Decimal
    ) -> Decimal | None:
        """`value`, or the cell as it stands where a person said so; None while that is undecided."""
        unit = self.unit(at)
        if found.unit is None and unit > 1 and value >= _IMPROBABLE:
            decided = row.decisions.cell(row.line, f"other_unit:{field}") or row.decisions.groups.get(
                f"other_unit:{field}@{at}:"
            )
            if decided and decided != "keep":  # the amount that was proposed, or "fix"
                return found.value.quantize(CENT, ROUND_HALF_UP)
            if not decided:
                plain = found.value.quantize(CENT, ROUND_HALF_UP)
                row.problem(
                    "other_unit",
                    field,
                    N_("This amount is not in the unit of its column: read so, it would be {read}."),
                    data={"read": f"{value:,.0f}".replace(",", " ")},
                    at=at,
                    offer="convert",
                    suggestion=f"{(plain / unit).normalize():f}",
                )
                return None
        elif field == "cost" and 0 < value < 100 and unit == 1 and self._medians.get(at, Decimal(0)) > 10_000:
            row.warn(
                "tiny_amount",
                field,
                N_("This cost is very small beside the others: is it in millions?"),
                at=at,
            )
        return value


def check_shares(row: Row, cost: Decimal | None, aid: Decimal | None) -> None:
    """Warn of aid above the cost, a cost of 0, and a stated share that is wrong by more than a point."""
    if cost is not None and not cost:
        row.warn("cost_zero", "cost", N_("The cost is 0."))
    if cost is not None and aid is not None and aid > cost:
        row.warn("aid_exceeds_cost", "subsidy", N_("The aid is larger than the cost."))
    if not row.has("subsidy_share") or is_empty(row.raw("subsidy_share")):
        return
    try:
        stated = parsing.share(row.raw("subsidy_share"))
    except Unreadable:
        row.warn(
            "share_unreadable",
            "subsidy_share",
            N_("This share cannot be read; it is only checked, not kept."),
        )
        return
    if stated is None or not cost or aid is None:
        return
    real = aid / cost
    if abs(real - stated) > PER_CENT:
        row.warn(
            "share_wrong",
            "subsidy_share",
            N_("The sheet says {stated} %, the amounts give {real} %."),
            data={"stated": f"{stated * 100:.1f}", "real": f"{real * 100:.1f}"},
        )


def common_lines(pairs: list[tuple[int, tuple[str, str]]]) -> dict[tuple[str, str], list[int]]:
    """Which (owner, title) stand on several lines."""
    times = Counter(key for _, key in pairs)
    found: dict[tuple[str, str], list[int]] = {}
    for line, key in pairs:
        if times[key] > 1:
            found.setdefault(key, []).append(line)
    return found
