"""Works along one street of Valbelle, each differing from the next by one fact."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import shapely

from belvedere.domains.plans.public import states, values
from belvedere.kernel.geometry import Shape
from tests.faces.web.plans_examples import create

DAY = date(2026, 6, 1)
STREET = shapely.LineString([(7.400, 46.200), (7.404, 46.200)])  # about 310 m


def works(
    valbelle: Any,
    owner: Any,
    title: str,
    years: tuple[int, int],
    *,
    geometry: Any = STREET,
    method: states.SiteMethod = states.SiteMethod.DRAWN,
    **more: Any,
) -> UUID:
    """A published measure whose works run from March of the one year to October of the other."""
    planned = (date(years[0], 3, 1), date(years[1], 10, 31))
    given: dict[str, Any] = {
        "published": True,
        "kind": states.MeasureKind.INFRASTRUCTURE,
        "phases": (values.PhaseDraft("5", planned=planned),),
        "sites": (values.SiteDraft(Shape(geometry), method),),
        **more,
    }
    return create(valbelle, owner, title, **given)
