"""What is followed: a measure, a place, a circle round a point, or the whole territory."""

from __future__ import annotations

import math
from dataclasses import dataclass
from uuid import UUID

from belvedere.domains.subscriptions.errors import BadScope
from belvedere.domains.subscriptions.states import DECIMALS, RADII_M, ScopeKind
from belvedere.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Scope:
    """Made by the four functions below. Longitude and latitude are degrees rounded to about 100 m: nobody
    needs to know the door at which a person lives."""

    kind: ScopeKind
    measure_id: UUID | None = None
    place_id: UUID | None = None
    longitude: float | None = None
    latitude: float | None = None
    radius_m: int | None = None

    @property
    def key(self) -> str:
        """The same text for the same scope."""
        if self.kind is ScopeKind.CIRCLE:
            return f"circle:{self.longitude},{self.latitude},{self.radius_m}"
        return f"{self.kind}:{self.measure_id or self.place_id or ''}"

    @property
    def centre(self) -> tuple[float, float] | None:
        if self.longitude is None or self.latitude is None:
            return None
        return (self.longitude, self.latitude)


def of_measure(measure_id: UUID) -> Scope:
    return Scope(ScopeKind.MEASURE, measure_id=measure_id)


def of_place(place_id: UUID) -> Scope:
    return Scope(ScopeKind.PLACE, place_id=place_id)


def of_territory() -> Scope:
    return Scope(ScopeKind.TERRITORY)


def of_circle(longitude: float, latitude: float, radius_m: int) -> Scope:
    """Raises BadScope for what is not a position on Earth, or a radius that is not offered."""
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise BadScope(_NOT_A_POSITION)
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise BadScope(_NOT_A_POSITION)
    if radius_m not in RADII_M:
        raise BadScope(N_("Choose one of the distances offered, in metres: {radii}."), radii=list(RADII_M))
    return Scope(
        ScopeKind.CIRCLE,
        longitude=round(longitude, DECIMALS) + 0.0,
        latitude=round(latitude, DECIMALS) + 0.0,
        radius_m=radius_m,
    )


_NOT_A_POSITION = N_("This is not a position. Type a street or a commune, or click the map.")
