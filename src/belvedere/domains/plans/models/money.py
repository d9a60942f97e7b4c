"""Estimates, yearly spending, funding. Every amount says its currency, VAT status and price base."""

from __future__ import annotations

from functools import lru_cache

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from belvedere.domains.plans.models.measure import Measure
from belvedere.domains.plans.states import EstimateKind, FundingRule, FundingState, SpendState
from belvedere.domains.plans.vocabulary import Nature, Span
from belvedere.kernel.identifiers import new_id
from belvedere.kernel.money import CURRENCIES, Kind, Money, Vat


class MoneyKind(models.Model):
    """The three fields that make an amount addable, for every table with money."""

    currency = models.CharField(max_length=3, choices=[(c, c) for c in sorted(CURRENCIES)])
    vat = models.CharField(max_length=10, choices=[(v.value, v.name) for v in Vat])
    price_base = models.CharField(max_length=7, blank=True)  # "2025-10"; blank: nominal

    class Meta:
        abstract = True

    @property
    def money_kind(self) -> Kind:
        return _kind(self.currency, self.vat, self.price_base)


@lru_cache(maxsize=1024)
def _kind(currency: str, vat: str, price_base: str) -> Kind:
    """Kinds are few and their making checks a lot: an import asks for hundreds of thousands."""
    return Kind(currency, Vat(vat), price_base)


class CostEstimate(MoneyKind):
    """What the measure costs, as known on a day. Append-only: a new version, never an overwrite."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="estimates")
    version = models.PositiveIntegerField()
    dated = models.DateField()
    kind = models.CharField(max_length=20, choices=[(k.value, k.name) for k in EstimateKind])
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    eligible_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    accuracy_share = models.DecimalField(max_digits=4, decimal_places=3, null=True)  # ± share
    raw_text = models.CharField(max_length=200, blank=True)  # as the source wrote it
    source = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "version"], name="estimate_version_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="estimate_not_negative"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.money_kind)


class SpendLine(MoneyKind):
    """The amount of one year. `aid` is the share others pay, derived with `figures`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="spend_lines")
    scenario = models.CharField(max_length=40, default="reference")
    year = models.PositiveSmallIntegerField()
    span = models.CharField(
        max_length=6, choices=[(s.value, s.name) for s in Span], default=Span.YEAR, blank=True
    )
    nature = models.CharField(
        max_length=12, choices=[(n.value, n.name) for n in Nature], default=Nature.INVESTMENT
    )
    state = models.CharField(
        max_length=12, choices=[(s.value, s.name) for s in SpendState], default=SpendState.PROJECTED
    )
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    aid = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    reason = models.CharField(max_length=300, blank=True)  # why an amount is negative

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "scenario", "year", "span", "nature", "state"],
                name="spend_line_once_a_year",
            ),
            models.CheckConstraint(condition=Q(year__gte=1950, year__lte=2150), name="spend_line_year"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) | ~Q(reason=""), name="spend_line_negative_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["year"], name="spend_line_year_index")]


class FundingLine(MoneyKind):
    """Who pays how much, by which rule. `resolved` is what the rule gives today, derived."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="funding_lines")
    organisation = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=1)
    rule = models.CharField(max_length=20, choices=[(r.value, r.name) for r in FundingRule])
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)  # fixed
    rate = models.DecimalField(max_digits=6, decimal_places=5, null=True)  # share 0–1 of the eligible cost
    tariff = models.DecimalField(max_digits=16, decimal_places=2, null=True)  # for one unit
    unit = models.CharField(max_length=12, blank=True)  # of the measure's quantities
    cap = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    state = models.CharField(
        max_length=12, choices=[(s.value, s.name) for s in FundingState], default=FundingState.CONSIDERED
    )
    conditions = models.CharField(max_length=500, blank=True)
    requested_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    start_deadline = models.DateField(null=True)  # works must start by then, or the aid is lost
    claim_deadline = models.DateField(null=True)
    advance_share = models.DecimalField(max_digits=6, decimal_places=5, default=1)  # paid with the spending
    lag_years = models.PositiveSmallIntegerField(default=0)  # after which the rest arrives
    indexed = models.BooleanField(default=False)  # its amounts follow the index of prices
    resolved = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="funding_rule_has_its_figures",
                condition=Q(rule=FundingRule.FIXED, amount__isnull=False, rate__isnull=True)
                | Q(rule=FundingRule.RATE, rate__isnull=False, amount__isnull=True)
                | Q(rule=FundingRule.FILL_UP, rate__isnull=False, amount__isnull=True)
                | (Q(rule=FundingRule.LUMP, tariff__isnull=False, amount__isnull=True) & ~Q(unit=""))
                | Q(rule=FundingRule.RESIDUAL, rate__isnull=True, amount__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(advance_share__gte=0, advance_share__lte=1), name="funding_advance_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=True) | Q(rate__gte=0, rate__lte=1), name="funding_rate_is_a_share"
            ),
            models.CheckConstraint(
                condition=(Q(amount__isnull=True) | Q(amount__gte=0))
                & (Q(cap__isnull=True) | Q(cap__gte=0))
                & (Q(tariff__isnull=True) | Q(tariff__gte=0)),
                name="funding_not_negative",
            ),
        ]


class MeasureFigures(MoneyKind):
    """The derived figures of a measure, rewritten by every verb that touches its money."""

    measure = models.OneToOneField(Measure, models.CASCADE, primary_key=True, related_name="figures")
    cost = models.DecimalField(max_digits=16, decimal_places=2, null=True)  # null: not known, never 0
    aid = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    net = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    first_year = models.PositiveSmallIntegerField(null=True)
    last_year = models.PositiveSmallIntegerField(null=True)
    priority = models.CharField(max_length=1, blank=True)  # the strictest of its plans
    codes = models.CharField(max_length=200, blank=True)  # of its plans, newest first, for lists
    longitude = models.FloatField(null=True)  # of the first site
    latitude = models.FloatField(null=True)
    approximate = models.BooleanField(default=False)  # the first site is only a commune's centre
    flags = ArrayField(models.CharField(max_length=24), default=list)
    works_start = models.DateField(null=True)  # forecast, or really
    works_end = models.DateField(null=True)
    start_deadline = models.DateField(null=True)  # the first frozen one that is not met yet
    at_stake = models.DecimalField(max_digits=16, decimal_places=2, default=0)  # aid bound to deadlines
    promised = models.DecimalField(max_digits=16, decimal_places=2, default=0)  # aid agreed or paid
    years: ArrayField[list[int], list[int]] = ArrayField(models.PositiveSmallIntegerField(), default=list)


class MeasureBook(models.Model):
    """The money of a measure packed for computing on arrays (science.finance.packing).

    Rewritten with the figures, and apart from them: lists read the figures of all measures, never these.
    """

    measure = models.OneToOneField(Measure, models.CASCADE, primary_key=True, related_name="book")
    spending = models.BinaryField()
    rules = models.BinaryField()


class Commitment(MoneyKind):
    """Money bound by a contract or an order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="commitments")
    reference = models.CharField(max_length=80)  # of the contract
    label = models.CharField(max_length=200, blank=True)
    dated = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        ordering = ["dated", "id"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "reference"], name="commitment_once_a_contract"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="commitment_not_negative"),
        ]


class Payment(MoneyKind):
    """Money that moved: paid to a contractor, or received on a funding line."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="payments")
    commitment = models.ForeignKey(Commitment, models.PROTECT, null=True, related_name="payments")
    funding_line = models.ForeignKey(FundingLine, models.PROTECT, null=True, related_name="payments")
    dated = models.DateField()
    year = models.PositiveSmallIntegerField()  # the year of account, which may not be that of the date
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    reference = models.CharField(max_length=80, blank=True)  # of the invoice or the claim

    class Meta:
        ordering = ["dated", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(commitment__isnull=True) | Q(funding_line__isnull=True),
                name="payment_out_or_in",
            ),
        ]
