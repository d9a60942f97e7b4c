"""Which units a quantity may be given in, and how they convert.

One map from quantity to allowed units; the first unit is the one stored. Names of numbers end in their
unit: `length_m`, `mass_kg`, `energy_kwh`, `filling_share`.
"""

from __future__ import annotations

from decimal import Decimal

from belvedere.kernel.errors import N_, InvalidInput

UNITS: dict[str, dict[str, Decimal]] = {
    "length": {"m": Decimal(1), "km": Decimal(1000)},
    "area": {"m2": Decimal(1), "ha": Decimal(10_000), "km2": Decimal(1_000_000)},
    "mass": {"kg": Decimal(1), "t": Decimal(1000)},
    "duration": {"s": Decimal(1), "min": Decimal(60), "h": Decimal(3600), "d": Decimal(86_400)},
    "energy": {"kwh": Decimal(1), "mwh": Decimal(1000)},
    "count": {"piece": Decimal(1)},
    # How a sheet writes its money; stored in base units.
    "money_scale": {"1": Decimal(1), "thousand": Decimal(1000), "million": Decimal(1_000_000)},
}


def to_stored(quantity: str, value: Decimal, unit: str) -> Decimal:
    """`value` in the stored unit of `quantity`; an unknown unit is refused, never guessed."""
    allowed = UNITS[quantity]
    if unit not in allowed:
        raise InvalidInput(
            N_("“{unit}” is not a unit of {quantity}. Use one of: {allowed}."),
            unit=unit,
            quantity=quantity,
            allowed=list(allowed),
            field="unit",
        )
    return value * allowed[unit]
