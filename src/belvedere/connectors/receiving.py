"""What all connectors of network servers share: an uplink is read, put on the disk of the bus, remembered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from django.db import DatabaseError, connection

from belvedere.domains.connections.errors import NotAnUplink
from belvedere.domains.connections.public import Frame, Line, note, note_route, write_frame
from belvedere.engines import deposits
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

#: Reads an event: its bytes, when it came, whose connection. None for one that is no uplink.
Read: TypeAlias = Callable[[bytes, datetime, str], tuple[str, Frame] | None]
UNREADABLE = N_("It sent something that is no uplink as JSON.")
log = logging.getLogger(__name__)


def receive(line: Line, read: Read, payload: bytes, base: str = "") -> bool:
    """Keep an uplink; False for an event of another kind. `base`: what the topics of its device begin with.

    Raises:
        NotAnUplink: it cannot be read, and never will.
        Unavailable: it was not kept; it is to be sent again.
    """
    try:
        found = read(payload, now(), line.owner)
    except NotAnUplink:
        remember(line, refused=1, problem=UNREADABLE)
        raise
    if found is None:
        return False
    eui, frame = found
    deposits.put(line.subject(eui), write_frame(frame))
    remember(line, taken=1, problem="")
    try:
        note_route(line, eui, base)
    except DatabaseError as error:
        connection.close()
        log.warning("the way down to %s could not be noted: %s", eui, error)
    return True


def remember(line: Line, *, taken: int = 0, refused: int = 0, problem: str | None = None) -> None:
    """What the page of connections tells. That it could not be written changes nothing for the uplink."""
    try:
        note(line.id, taken=taken, refused=refused, problem=problem)
    except DatabaseError as error:
        connection.close()
        log.warning("what a connection did could not be noted: %s", error)
