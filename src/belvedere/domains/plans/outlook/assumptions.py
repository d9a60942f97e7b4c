"""The prices and ceilings that an outlook rests on, read from their tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from belvedere.domains.plans.models import Frame, IndexSeries, PlanNode, VatRate
from belvedere.domains.plans.outlook.views import Ceiling
from belvedere.domains.plans.vocabulary import Nature
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.money import Kind, Money
from belvedere.kernel.texts import text_in
from belvedere.science.finance import prices as science
from belvedere.science.finance.book import Axis
from belvedere.science.finance.cents import to_cents

NO_LIMIT = -1
NATURES = ("", *(nature.value for nature in Nature))


def index_of(territory_id: UUID, language: str = "") -> science.IndexSeries | None:
    """The index of prices of a territory, the first by code; None where there is none."""
    row = (
        IndexSeries.objects.filter(territory_id=territory_id, values__isnull=False)
        .order_by("code")
        .prefetch_related("values")
        .first()
    )
    if row is None:
        return None
    points = {value.month: value.value for value in row.values.all()}
    name = text_in(row.names, language) or row.code
    return science.IndexSeries(points, name, row.source, yearly_rate=row.yearly_rate)


def vat_of(territory_id: UUID) -> science.VatRates | None:
    """The rates of VAT of a territory; None where none is known."""
    steps = list(VatRate.objects.filter(territory_id=territory_id).values_list("valid_from", "rate"))
    return science.VatRates(steps) if steps else None


def current_prices(territory_id: UUID, series: science.IndexSeries | None) -> science.Prices:
    """What leads to the prices of each year; NotFound, saying what to add, where it is missing."""
    vat = vat_of(territory_id)
    if series is None or vat is None:
        raise NotFound(
            N_(
                "Current prices need an index and a rate of VAT. An administrator of the territory enters "
                "them once, under “Prices”."
            ),
            code="no_prices",
        )
    return science.Prices(series, vat)


def frames_of(organisation_id: UUID, plan_id: UUID | None, node_id: UUID | None) -> list[Frame]:
    """The ceilings of an organisation: its own, those of a plan, or those of an axis of it."""
    rows = Frame.objects.filter(organisation_id=organisation_id)
    rows = rows.filter(plan_id=plan_id) if plan_id else rows.filter(plan__isnull=True)
    rows = rows.filter(node_id=node_id) if node_id else rows.filter(node__isnull=True)
    return list(rows.order_by("year", "pk"))


def ceilings_of(
    frames: Iterable[Frame],
    axis: Axis,
    kind: Kind,
    prices: science.Prices | None,
    *,
    key: str = "owner",
    label: str = "",
) -> list[Ceiling]:
    """The ceilings of one holder by column, in `kind`, one for each nature that has any.

    Those of another kind of money are left out. At current prices a constant ceiling follows prices and VAT,
    as the amounts it bounds.
    """
    limits: dict[str, list[Decimal | None]] = {}
    sources: dict[str, dict[str, None]] = {}
    for frame in frames:
        if not axis.first_year <= frame.year <= axis.last_year:
            continue
        limit = _limit(frame, kind, prices)
        if limit is None:
            continue
        limits.setdefault(frame.nature, [None] * axis.width)[axis.column(frame.year)] = limit
        sources.setdefault(frame.nature, {})[frame.source] = None
    return [
        Ceiling(
            key,
            label,
            Nature(nature) if nature else None,
            tuple(limits[nature]),
            tuple(source for source in sources[nature] if source),
        )
        for nature in NATURES
        if nature in limits
    ]


def _limit(frame: Frame, kind: Kind, prices: science.Prices | None) -> Decimal | None:
    own = frame.money_kind
    if own == kind:
        return frame.ceiling
    if prices is None or prices.kind(own) != kind:
        return None

    return science.nominal(Money(frame.ceiling, own), frame.year, prices.series, prices.vat).amount


def axis_ceilings(
    organisation_id: UUID, axis: Axis, kind: Kind, prices: science.Prices | None, language: str
) -> list[tuple[Ceiling, UUID, str]]:
    """The ceilings of plans and axes: (ceiling, plan, path of the axis or "")."""
    rows = Frame.objects.filter(organisation_id=organisation_id, plan__isnull=False)
    grouped: dict[tuple[UUID, UUID | None], list[Frame]] = {}
    for frame in rows.select_related("plan", "node").order_by("plan__code", "node__path", "year"):
        assert frame.plan_id is not None
        grouped.setdefault((frame.plan_id, frame.node_id), []).append(frame)
    found = []
    for (plan_id, node_id), frames in grouped.items():
        node: PlanNode | None = frames[0].node
        plan = frames[0].plan
        assert plan is not None
        label = f"{plan.code} {node.code} {text_in(node.title, language)}" if node else plan.code
        made = ceilings_of(frames, axis, kind, prices, key=str(node_id or plan_id), label=label)
        found += [(ceiling, plan_id, node.path if node else "") for ceiling in made]
    return found


def in_cents(limits: Sequence[Decimal | None]) -> list[int]:
    return [NO_LIMIT if limit is None else to_cents(limit) for limit in limits]
