"""THE DOOR of territory: places, boundaries, organisations, each asked for a date.

Words: territory, place, boundary, organisation, perimeter, member, network.
Events: TerritoryOpened, PlacesChanged, OrganisationChanged, NetworkChanged.
Not for: who may do what (access), what is planned (plans).
"""

from belvedere.domains.territory.actions import (
    add_place,
    describe_place,
    dress_map,
    link_parent,
    open_territory,
    record_population,
    set_boundary,
)
from belvedere.domains.territory.files.boundaries import import_boundaries
from belvedere.domains.territory.files.mapping import (
    BoundaryMapping,
    MembershipMapping,
    mapping_from,
    save_mapping,
    saved_mapping,
)
from belvedere.domains.territory.files.memberships import import_memberships
from belvedere.domains.territory.files.networks import NetworkMapping, import_network, remove_network
from belvedere.domains.territory.files.reading import choose_system, read_features
from belvedere.domains.territory.files.report import NetworkReport, Report, RowNote
from belvedere.domains.territory.matching import (
    Matcher,
    find_organisation,
    find_place,
    organisation_matcher,
    place_matcher,
)
from belvedere.domains.territory.networks import follows_network, network_lines, networks
from belvedere.domains.territory.organisation_actions import (
    create_organisation,
    create_organisations,
    join_body,
    leave_body,
    set_perimeter,
)
from belvedere.domains.territory.outlines import Outlines, outlines
from belvedere.domains.territory.policies import Acting, may
from belvedere.domains.territory.queries import (
    members_of,
    organisation,
    organisations,
    organisations_by_id,
    organisations_with_extent,
    owners_among,
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
from belvedere.domains.territory.spatial import (
    boundaries,
    commune_at,
    places_at,
    places_touched,
    put_in_communes,
)
from belvedere.domains.territory.states import Level, NetworkKind, OrganisationKind
from belvedere.domains.territory.values import (
    Candidate,
    NetworkLineView,
    NetworkView,
    OrganisationDraft,
    OrganisationView,
    PlaceView,
    Population,
    TerritoryView,
    name_in,
)

__all__ = [
    "Acting",
    "BoundaryMapping",
    "Candidate",
    "Level",
    "Matcher",
    "MembershipMapping",
    "NetworkKind",
    "NetworkLineView",
    "NetworkMapping",
    "NetworkReport",
    "NetworkView",
    "OrganisationDraft",
    "OrganisationKind",
    "OrganisationView",
    "Outlines",
    "PlaceView",
    "Population",
    "Report",
    "RowNote",
    "TerritoryView",
    "add_place",
    "boundaries",
    "choose_system",
    "commune_at",
    "create_organisation",
    "create_organisations",
    "describe_place",
    "dress_map",
    "find_organisation",
    "find_place",
    "follows_network",
    "import_boundaries",
    "import_memberships",
    "import_network",
    "join_body",
    "leave_body",
    "link_parent",
    "mapping_from",
    "may",
    "members_of",
    "name_in",
    "network_lines",
    "networks",
    "open_territory",
    "organisation",
    "organisation_matcher",
    "organisations",
    "organisations_by_id",
    "organisations_with_extent",
    "outlines",
    "owners_among",
    "parents_of",
    "perimeter",
    "place_by_code",
    "place_matcher",
    "places",
    "places_at",
    "places_of",
    "places_touched",
    "places_within",
    "populations",
    "put_in_communes",
    "read_features",
    "record_population",
    "remove_network",
    "save_mapping",
    "saved_mapping",
    "set_boundary",
    "set_perimeter",
    "territories",
    "territories_of_organisations",
    "territory_by_id",
    "territory_by_slug",
]
