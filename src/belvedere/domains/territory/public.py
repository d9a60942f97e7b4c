"""THE DOOR of territory: places, boundaries, organisations, each asked for a date.

Words: territory, place, boundary, organisation, perimeter, member.
Not for: who may do what (access), what is planned (plans).
"""

from belvedere.domains.territory.queries import members_of
from belvedere.domains.territory.states import Level, OrganisationKind

__all__ = ["Level", "OrganisationKind", "members_of"]
