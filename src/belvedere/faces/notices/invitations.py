"""The message that carries an invitation's link, in the language of whom it goes to."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from belvedere.domains.access.events import PersonInvited
from belvedere.domains.access.public import (
    ROLE_NAMES,
    TERRITORY_ROLE_NAMES,
    Role,
    TerritoryRole,
    invitation_was_sent,
)
from belvedere.domains.territory.public import organisation, territory_by_id


def send_invitation(event: PersonInvited) -> None:
    """Send the link; a message that cannot leave is logged, and the list of invitations tells."""
    with translation.override(event.language):
        if event.organisation_id is not None:
            where, role = organisation(event.organisation_id).name, gettext(ROLE_NAMES[Role(event.role)])
        else:
            where = territory_by_id(event.territory_id).name
            role = gettext(TERRITORY_ROLE_NAMES[TerritoryRole(event.role)])
        told = {
            "where": where,
            "role": role,
            "by": event.invited_by,
            "link": settings.PUBLIC_URL + reverse("access:invitation", args=[event.token]),
            "email": event.email,
        }
        subject = gettext("%(where)s invites you to Belvédère") % told
        body = (
            gettext(
                "Good day,\n\n"
                "%(by)s invites you to work with %(where)s on Belvédère. Your role: %(role)s.\n\n"
                "Open this link to accept. It works once, within 7 days:\n\n"
                "%(link)s\n\n"
                "Your sign-in name will be %(email)s. If you did not expect this message, ignore it: "
                "nothing happens without the link.\n"
            )
            % told
        )
    send_mail(" ".join(subject.split()), body, None, [event.email])
    invitation_was_sent(event.invitation_id)
