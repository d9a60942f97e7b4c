"""A rule in a sentence. How it is said is one matter for all faces: the project names who says it."""

from __future__ import annotations

from collections.abc import Callable

from belvedere.domains.automation.public import Body
from belvedere.kernel.severity import Severity

Said = Callable[[Body, Severity], str]
_by: list[Said] = []


def say_rules_by(said: Said) -> None:
    """Have rules said so, in the language of the request."""
    _by[:] = [said]


def sentence_of(body: Body, severity: Severity) -> str:
    """The whole rule as its author would say it."""
    return _by[0](body, severity)
