"""What can go wrong with people and their rights, beyond the common family."""

from __future__ import annotations

from belvedere.kernel.errors import BelvedereError, Conflict, InvalidInput, NotFound, Refused


class NoSuchPerson(NotFound):
    default_code = "no_such_person"


class NoSuchInvitation(NotFound):
    default_code = "no_such_invitation"


class InvitationSpent(Conflict):
    """Accepted, revoked or expired; `code` says which."""

    default_code = "invitation_spent"


class SignInFirst(Refused):
    """The invited address has an account: whoever opens the link must prove to be its holder."""

    default_code = "sign_in_first"


class LastAdministrator(Conflict):
    """A territory always keeps someone who governs it."""

    default_code = "last_administrator"


class BadToken(BelvedereError):
    """No such token, or it is over."""

    status = 401
    default_code = "bad_token"


class TooManyAttempts(BelvedereError):
    """Someone guesses, or a script runs wild."""

    status = 429
    default_code = "too_many_attempts"


class KeyUsed(InvalidInput):
    """A program gave two requests the same key."""

    default_code = "key_used"
