"""What is printed on a LoRaWAN device as a code, or typed from it: the DevEUI is what is wanted.

TR005 of the LoRa Alliance: `LW:D0:<JoinEUI>:<DevEUI>:<ProfileID>[:…]`. Many makers print something of their
own; where one single word of 16 hexadecimal digits stands in it, or one after “DevEUI”, that is it.
"""

from __future__ import annotations

import re

from belvedere.domains.connections.public import dev_eui
from belvedere.kernel.errors import N_, InvalidInput

_TR005 = re.compile(r"LW:D0:[0-9A-F]{16}:([0-9A-F]{16}):[0-9A-F]{8}(:.*)?", re.IGNORECASE | re.DOTALL)
_NAMED = re.compile(r"DEV[ _-]?EUI\W{0,3}([0-9A-F]{16})(?![0-9A-F])", re.IGNORECASE)
_WORD = re.compile(r"(?<![0-9A-F])[0-9A-F]{16}(?![0-9A-F])", re.IGNORECASE)
LONGEST = 400


def identifier(scanned: str) -> str:
    """The DevEUI in what was scanned or typed.

    Raises:
        InvalidInput: there is none, or more than one.
    """
    text = scanned.strip()[:LONGEST]
    for pattern in (_TR005, _NAMED):
        found = pattern.fullmatch(text) if pattern is _TR005 else pattern.search(text)
        if found:
            return dev_eui(found[1])
    words = {word.lower() for word in _WORD.findall(text)}
    if len(words) > 1:
        raise InvalidInput(
            N_("This code holds several identifiers. Type the one that is called DevEUI on the device."),
            field="key",
        )
    return dev_eui(words.pop() if words else text)


def is_dev_eui(key: str) -> bool:
    """Whether a device of this name is heard through a network server."""
    return re.fullmatch("[0-9a-f]{16}", key) is not None
