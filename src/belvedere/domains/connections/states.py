"""Which systems can be connected and by which way, and how the decoding of an uplink ends."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class System(StrEnum):
    """A kind of LoRaWAN network server."""

    CHIRPSTACK = "chirpstack"
    THINGS_STACK = "things_stack"


class Way(StrEnum):
    """How its uplinks come."""

    WEBHOOK = "webhook"  # it calls us
    MQTT = "mqtt"  # we listen at its broker


SYSTEM_NAMES: Final = {System.CHIRPSTACK: "ChirpStack v4", System.THINGS_STACK: "The Things Stack v3"}
WAYS: Final = {Way.WEBHOOK: N_("It calls this address"), Way.MQTT: N_("We listen at its broker (MQTT)")}


class Undecoded(StrEnum):
    """Why nothing came out of the bytes of an uplink."""

    NONE = "no_decoder"  # nobody said how they are read
    EMPTY = "no_values"
    ERROR = "decoder_error"  # the decoder says that they are wrong
    LIMIT = "decoder_limit"  # it was stopped
    OUTPUT = "decoder_output"  # what it gave is no set of values
