"""What can go wrong with intake, for people. What is wrong with a message is a reason, not an error."""

from __future__ import annotations

from belvedere.kernel.errors import NotFound


class NoSuchLetter(NotFound):
    default_code = "no_such_letter"
