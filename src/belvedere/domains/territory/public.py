"""THE DOOR of territory: places, boundaries, organisations, each asked for a date.

Words: territory, place, boundary, organisation, perimeter, member.
Not for: who may do what (access), what is planned (plans).
"""

from belvedere.domains.territory.outlines import Outlines, outlines
from belvedere.domains.territory.queries import (
    members_of,
    organisation,
    organisations,
    organisations_by_id,
    parents_of,
    perimeter,
    place_by_code,
    places,
    places_of,
    places_within,
    populations,
    territories,
    territories_of_organisations,
    territory_by_id,
    territory_by_slug,
)
from belvedere.domains.territory.states import Level, OrganisationKind
from belvedere.domains.territory.values import (
    Candidate,
    OrganisationView,
    PlaceView,
    Population,
    TerritoryView,
    name_in,
)

__all__ = [
    "Candidate",
    "Level",
    "OrganisationKind",
    "OrganisationView",
    "Outlines",
    "PlaceView",
    "Population",
    "TerritoryView",
    "members_of",
    "name_in",
    "organisation",
    "organisations",
    "organisations_by_id",
    "outlines",
    "parents_of",
    "perimeter",
    "place_by_code",
    "places",
    "places_of",
    "places_within",
    "populations",
    "territories",
    "territories_of_organisations",
    "territory_by_id",
    "territory_by_slug",
]
