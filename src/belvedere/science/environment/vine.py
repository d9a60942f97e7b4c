"""Frost and downy mildew in vineyards: the temperature of a wet bud, and the rule of the three tens.

Wet bulb: Stull, R. (2011), Wet-Bulb Temperature from Relative Humidity and Air Temperature, J. Appl. Meteor.
Climatol. 50, 2267-2269: within 1 K from 5 to 99 % and -20 to 50 degrees at sea-level pressure. Three tens:
Baldacci, E. (1947), Epifitie di Plasmopara viticola, Atti Ist. Bot. Pavia 8: a first infection is possible
once shoots are 10 cm long, at a mean of at least 10 degrees, with at least 10 mm of rain within 24 to 48
hours. It says when to look, not that there is mildew; it does not tell later infections.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
LEAST_MM: Final = 10.0
LEAST_CEL: Final = 10.0
DAYS: Final = 2


def wet_bulb_cel(temperature_cel: Vector, humidity_share: Vector) -> Vector:
    """The wet-bulb temperature; NaN outside what the formula is made for.

    Args:
        temperature_cel: of the air.
        humidity_share: relative humidity, 0 to 1.
    """
    t = np.asarray(temperature_cel, np.float64)
    rh = np.asarray(humidity_share, np.float64) * 100
    fits = (rh >= 5) & (rh <= 99) & (t >= -20) & (t <= 50)
    rh = np.where(fits, rh, 50.0)
    found = (
        t * np.arctan(0.151977 * np.sqrt(rh + 8.313659))
        + np.arctan(t + rh)
        - np.arctan(rh - 1.676331)
        + 0.00391838 * rh**1.5 * np.arctan(0.023101 * rh)
        - 4.686035
    )
    return np.where(fits, found, np.nan)


def three_tens(rain_mm: Vector, mean_cel: Vector) -> npt.NDArray[np.bool_]:
    """Whether by a day's end rain and temperature allow a first infection: at least 10 mm on that day and the
    day before, both at a mean of at least 10 degrees. Shoots of 10 cm are for people to see.

    Args:
        rain_mm, mean_cel: by day, in order; NaN where not known, which says no.
    """
    rain = np.asarray(rain_mm, np.float64)
    warm = np.asarray(mean_cel, np.float64) >= LEAST_CEL
    before = np.concatenate(([0.0], rain[:-1]))
    both = rain + np.where(np.isfinite(before), before, 0.0)
    was_warm = np.concatenate(([True], warm[:-1]))
    return (both >= LEAST_MM) & warm & (was_warm | (rain >= LEAST_MM))
