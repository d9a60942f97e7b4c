"""Telling a person that their roles changed: a handler of the events of access."""

from __future__ import annotations

from belvedere.domains.access.events import RolesChanged
from belvedere.domains.collaboration.kinds import ASSIGNMENT
from belvedere.domains.territory.public import organisation, territory_by_id
from belvedere.duties.notifications.public import notify
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import new_id


def tell_roles(event: RolesChanged) -> None:
    """What the person may do in an organisation, or in the whole territory, is not what it was."""
    territory = territory_by_id(event.territory_id)
    names = territory.names if event.organisation_id is None else organisation(event.organisation_id).names
    notify(
        [event.person_id],
        ASSIGNMENT,
        N_("Your roles in {where} were changed: see your account"),
        {"where": dict(names)},
        key=f"roles:{new_id().hex}",
        territory_id=territory.id,
        zone=territory.zone,
        link="/account/",
    )
