"""What goes into a district of the water network against what is measured there.

A district is what the register of equipment says: the meters that stand under the one that feeds them, the
nearest above each; a meter of the next district down the line is one of them.
"""

from __future__ import annotations

import math
from typing import Final
from zoneinfo import ZoneInfo

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment.public import things_above
from belvedere.domains.observations.public import hourly
from belvedere.domains.packs.tabular import MOST, Column, Row, Table, sees
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import Watchable, expand_term, watchable
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.science.environment import water

KIND: Final = "water-consumption"
DAYS: Final = 7
LITRES: Final = 1000
TITLE: Final = N_("Balance of districts")
NOTE: Final = N_(
    "Indexes of these days: of the meter that feeds a district, and of the meters that stand under it in the "
    "register of equipment. Where one of them was not heard or was reset, nothing is said."
)
#: Beyond it the yield of the network is under 85 % (décret 2012-97).
MOST_LOST: Final = 15.0
COLUMNS: Final = (
    Column(N_("Lost"), "%", MOST_LOST, 1),
    Column(N_("Lost volume"), "m³"),
    Column(N_("Fed in"), "m³"),
    Column(N_("Measured there"), "m³"),
    Column(N_("Meters"), "", None, 0),
)


def table(actor: Actor, territory: TerritoryView) -> Table:
    """The districts of whose meters the actor may see all values; the one that loses most first."""
    index = expand_term(KIND, "waterConsumption")
    things = {
        one.entity_id: one for one in watchable(territory.id, kinds={KIND}, types=(), attributes={index})
    }
    fed: dict[int, list[Watchable]] = {}
    for number, above in things_above(things).items():
        feeding = next((one for one in above if one in things), None)
        if feeding is not None:
            fed.setdefault(feeding, []).append(things[number])
    seen = {
        number: some
        for number, some in sorted(fed.items())
        if all(sees(actor, territory, one) for one in (things[number], *some))
    }
    kept = dict(list(seen.items())[:MOST])
    zone = ZoneInfo(territory.zone)
    last = now().astimezone(zone).date().toordinal()
    wanted = {one.entity_id: one.series[index].series_id for one in things.values() if index in one.series}
    ids = {wanted[one] for number, some in kept.items() for one in (number, *(x.entity_id for x in some))}
    indexes = hourly(sorted(ids), last - DAYS, last, zone)

    def volume(number: int) -> float:
        found = indexes.get(wanted[number])
        return math.nan if found is None else water.volume(found.ravel()) / LITRES

    rows = [
        _row(things[number], volume(number), [volume(one.entity_id) for one in some])
        for number, some in kept.items()
    ]
    rows.sort(key=lambda row: (row.values[0] is None, -(row.values[0] or 0.0), row.entity_id))
    return Table(TITLE, NOTE, COLUMNS, tuple(rows), DAYS, len(seen) - len(kept))


def _row(feeding: Watchable, fed_in: float, measured: list[float]) -> Row:
    found = water.balance(fed_in, measured)
    told = (found.lost_share * 100, found.lost, found.inflow, found.measured)
    values = tuple(one if math.isfinite(one) else None for one in told)
    return Row(feeding.entity_id, feeding.names, feeding.kind, (*values, float(len(measured))))
