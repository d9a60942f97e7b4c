"""The links of messages: signed, so that only who reads the mailbox has them; nothing is kept for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing

from belvedere.domains.subscriptions.errors import BadLink
from belvedere.kernel.errors import N_

CONFIRM_WITHIN: Final = timedelta(days=7)
_CONFIRM, _MANAGE = "works.confirm", "works.manage"


def confirm_token(subscription_id: UUID) -> str:
    return signing.dumps(str(subscription_id), salt=_CONFIRM)


def manage_token(subscription_id: UUID) -> str:
    """For stopping and managing; it holds as long as the subscription."""
    return signing.dumps(str(subscription_id), salt=_MANAGE)


def read_confirm(token: str) -> UUID:
    """Raises BadLink when it is damaged or older than a week."""
    try:
        return UUID(signing.loads(token, salt=_CONFIRM, max_age=CONFIRM_WITHIN))
    except signing.BadSignature as error:
        raise BadLink(
            N_(
                "This link is damaged or older than a week. "
                "Ask for the subscription again: it takes a minute."
            )
        ) from error


def read_manage(token: str) -> UUID:
    """Raises BadLink when it is damaged."""
    try:
        return UUID(signing.loads(token, salt=_MANAGE))
    except signing.BadSignature as error:
        raise BadLink(N_("This link is damaged. Open it from the message again, whole.")) from error
