"""What can go wrong with connections."""

from __future__ import annotations

from belvedere.kernel.errors import InvalidInput, NotFound, Refused


class NoSuchConnection(NotFound):
    default_code = "no_such_connection"


class NoSuchSource(NotFound):
    default_code = "no_such_source"


class NoSuchFile(NotFound):
    default_code = "no_such_file"


class NoSuchScript(NotFound):
    default_code = "no_such_script"


class WrongSecret(Refused):
    """Who calls does not know the secret of the connection."""

    default_code = "wrong_secret"


class NotAnUplink(InvalidInput):
    """What a network server sent cannot be read."""

    default_code = "not_an_uplink"
