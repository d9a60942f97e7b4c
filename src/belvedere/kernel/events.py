"""How a lower domain tells an upper one: facts, told while they are written or once they are.

An event is a frozen dataclass in a domain's `events.py`, named as something that happened. A domain
subscribes in its `apps.py`, in one of two ways:

- `subscribe`: after commit. A handler that fails does not undo the fact: it is logged, the others run.
- `subscribe_within`: in the transaction that writes the fact. What the handler writes stands or falls with
  it, so this is for an outbox: no fact without its message, no message without its fact. A handler that
  fails undoes the fact.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

log = logging.getLogger(__name__)
E = TypeVar("E")
_after: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)
_within: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event: type[E], handler: Callable[[E], None]) -> None:
    """Call `handler` with every future `event`; subscribing the same handler twice counts once."""
    if handler not in _after[event]:
        _after[event].append(handler)


def subscribe_within(event: type[E], handler: Callable[[E], None]) -> None:
    """Call `handler` with every future `event`, inside the transaction that makes it true."""
    if handler not in _within[event]:
        _within[event].append(handler)


def publish(event: object) -> None:
    """Tell every subscriber. Call it when the fact is committed."""
    for handler in tuple(_after[type(event)]):
        try:
            handler(event)
        except Exception:
            log.exception("a handler of %s failed", type(event).__name__)


def publish_within(event: object) -> None:
    """Tell those who write with the fact, in its transaction; what they raise comes through."""
    for handler in tuple(_within[type(event)]):
        handler(event)
