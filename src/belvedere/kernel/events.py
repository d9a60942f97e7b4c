"""How a lower domain tells an upper one: facts, published after commit.

An event is a frozen dataclass in a domain's `events.py`, named as something that happened. A domain
subscribes in its `apps.py`. A handler that fails does not undo the fact: it is logged, the others run.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

log = logging.getLogger(__name__)
E = TypeVar("E")
_handlers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event: type[E], handler: Callable[[E], None]) -> None:
    """Call `handler` with every future `event`; subscribing the same handler twice counts once."""
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def publish(event: object) -> None:
    """Tell every subscriber. Call it when the fact is committed (`transaction.on_commit`)."""
    for handler in tuple(_handlers[type(event)]):
        try:
            handler(event)
        except Exception:
            log.exception("a handler of %s failed", type(event).__name__)
