"""THE DOOR of access: who a person is and what they may do.

Words: person, membership (a role in an organisation), territory role, invitation, token, actor.
Not for: what a role allows on a measure (that is the policy of the domain that owns the thing).
"""

from belvedere.domains.access.actor import Actor
from belvedere.domains.access.queries import actor_of
from belvedere.domains.access.states import Role, TerritoryRole

__all__ = ["Actor", "Role", "TerritoryRole", "actor_of"]
