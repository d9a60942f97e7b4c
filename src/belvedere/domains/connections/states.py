"""Which systems can be connected and by which way, what a source holds, how decoding ends."""

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


class SourceForm(StrEnum):
    """What is found at the address of a source."""

    LIST = "list"  # JSON or CSV, read as a person said
    GBFS = "gbfs"  # stations of hired bikes, read as the standard says
    ALERTS = "gtfs_alerts"  # disruptions of public transport (GTFS Realtime)


SOURCE_FORMS: Final = {
    SourceForm.LIST: N_("A list of things and values (JSON or CSV)"),
    SourceForm.GBFS: N_("Stations of hired bikes (GBFS)"),
    SourceForm.ALERTS: N_("Disruptions of public transport (GTFS Realtime)"),
}
#: The kind of things that the form alone decides.
KIND_OF_FORM: Final = {SourceForm.GBFS: "bike-hire", SourceForm.ALERTS: "alert"}


class Undecoded(StrEnum):
    """Why nothing came out of the bytes of an uplink."""

    NONE = "no_decoder"  # nobody said how they are read
    EMPTY = "no_values"
    ERROR = "decoder_error"  # the decoder says that they are wrong
    LIMIT = "decoder_limit"  # it was stopped
    OUTPUT = "decoder_output"  # what it gave is no set of values
