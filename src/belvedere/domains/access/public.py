"""THE DOOR of access: who a person is and what they may do.

Words: person, membership (a role in an organisation), territory role, invitation, token, actor,
reading (what a token reads, and how often).
Events: PersonInvited, PersonJoined, RolesChanged, PersonDeactivated, PersonErased, TokenRevoked.
Not for: what a role allows on a measure (that is the policy of the domain that owns the thing).
"""

from belvedere.domains.access.actions.invitations import (
    Newcomer,
    accept_invitation,
    invitation_was_sent,
    invite_person,
    revoke_invitation,
    send_invitation_again,
)
from belvedere.domains.access.actions.people import change_own_details, create_person, deactivate_person
from belvedere.domains.access.actions.roles import (
    change_role,
    end_membership,
    end_territory_role,
    give_role,
    give_territory_role,
)
from belvedere.domains.access.actions.sessions import (
    SessionView,
    end_other_sessions,
    end_session,
    sessions_of,
)
from belvedere.domains.access.actions.tokens import NewToken, create_token, resolve_token, revoke_token
from belvedere.domains.access.actor import Actor
from belvedere.domains.access.holding import AccountSource, staying
from belvedere.domains.access.limits import allow_request
from belvedere.domains.access.policies import Reason, Thing, may
from belvedere.domains.access.queries import (
    InvitationView,
    Own,
    PersonView,
    TokenView,
    actor_of,
    administered,
    has_account,
    invitations_of,
    look_at_invitation,
    names_of,
    own_details,
    people_of,
    person_by_email,
    tokens_of,
)
from belvedere.domains.access.reaching import Contact, contacts, holders, phones_of, working_in
from belvedere.domains.access.readers import ReaderView, ReadingView, readers_of
from belvedere.domains.access.reading import OTHERS, note_reading, write_readings
from belvedere.domains.access.repeating import Made, do_once
from belvedere.domains.access.states import (
    ROLE_HELP,
    ROLE_NAMES,
    SCOPE_NAMES,
    TERRITORY_ROLE_HELP,
    TERRITORY_ROLE_NAMES,
    Door,
    Role,
    Scope,
    TerritoryRole,
)
from belvedere.domains.access.visiting import note_visit

__all__ = [
    "OTHERS",
    "ROLE_HELP",
    "ROLE_NAMES",
    "SCOPE_NAMES",
    "TERRITORY_ROLE_HELP",
    "TERRITORY_ROLE_NAMES",
    "AccountSource",
    "Actor",
    "Contact",
    "Door",
    "InvitationView",
    "Made",
    "NewToken",
    "Newcomer",
    "Own",
    "PersonView",
    "ReaderView",
    "ReadingView",
    "Reason",
    "Role",
    "Scope",
    "SessionView",
    "TerritoryRole",
    "Thing",
    "TokenView",
    "accept_invitation",
    "actor_of",
    "administered",
    "allow_request",
    "change_own_details",
    "change_role",
    "contacts",
    "create_person",
    "create_token",
    "deactivate_person",
    "do_once",
    "end_membership",
    "end_other_sessions",
    "end_session",
    "end_territory_role",
    "give_role",
    "give_territory_role",
    "has_account",
    "holders",
    "invitation_was_sent",
    "invitations_of",
    "invite_person",
    "look_at_invitation",
    "may",
    "names_of",
    "note_reading",
    "note_visit",
    "own_details",
    "people_of",
    "person_by_email",
    "phones_of",
    "readers_of",
    "resolve_token",
    "revoke_invitation",
    "revoke_token",
    "send_invitation_again",
    "sessions_of",
    "staying",
    "tokens_of",
    "working_in",
    "write_readings",
]
