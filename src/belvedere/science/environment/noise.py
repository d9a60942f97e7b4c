"""Levels of noise over a time: energies are averaged, not decibels; the level day-evening-night.

Directive 2002/49/EC, annex I: L_den = 10 lg 1/24 (12 10^(Ld/10) + 4 10^((Le+5)/10) + 8 10^((Ln+10)/10)). The
hours of the day are those of the country: in France day 6-18, evening 18-22, night 22-6 (Code de
l'environnement, art. R572-4 and its order of 4 April 2006). Levels are dB(A).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
HOURS: Final = 24
DAY, EVENING = range(6, 18), range(18, 22)
EVENING_PENALTY_DB, NIGHT_PENALTY_DB = 5.0, 10.0
LEAST_SHARE: Final = 0.75


def mean_level(levels_db: Vector) -> float:
    """The level of the mean energy; NaN without any."""
    known = np.asarray(levels_db, np.float64)
    known = known[np.isfinite(known)]
    return float(10 * np.log10(np.mean(10 ** (known / 10)))) if len(known) else float("nan")


def of_periods(hours: npt.NDArray[np.int64], levels_db: Vector) -> tuple[float, float, float]:
    """The levels of day, evening and night of readings at these local hours."""
    is_day = np.isin(hours, DAY)
    is_evening = np.isin(hours, EVENING)
    levels = np.asarray(levels_db, np.float64)
    return (
        mean_level(levels[is_day]),
        mean_level(levels[is_evening]),
        mean_level(levels[~is_day & ~is_evening]),
    )


def den(day_db: float, evening_db: float, night_db: float) -> float:
    """The level day-evening-night; NaN where one of them is."""
    parts = ((12, day_db), (4, evening_db + EVENING_PENALTY_DB), (8, night_db + NIGHT_PENALTY_DB))
    return float(10 * np.log10(sum(share * 10 ** (level / 10) for share, level in parts) / HOURS))
