"""THE DOOR of connections: network servers whose uplinks come in, and how the bytes in them are read.

Words: connection (a LoRaWAN network server that calls us, or at whose broker we listen), frame (an uplink in
one form), model (of the catalogue: a device that one can buy, its table of bytes), script (a decoder in
JavaScript, run in the sandbox), reader (which of them reads a device).
Not for: talking with a network server (connectors), what the values mean (twin), counting them (intake).
"""

from belvedere.domains.connections.actions import (
    Broker,
    NewKey,
    change_broker,
    connect_broker,
    connect_webhook,
    remove_connection,
    rotate_key,
)
from belvedere.domains.connections.brokers import reachable
from belvedere.domains.connections.catalogue import DeviceModel, catalogue
from belvedere.domains.connections.decoding import AS_TOLD, HowToRead, decode, how_to_read
from belvedere.domains.connections.doorkeeping import Line, Listening, admit, brokers, note
from belvedere.domains.connections.frames import (
    ONE_FRAME,
    Frame,
    believed,
    read_frame,
    write_frame,
)
from belvedere.domains.connections.policies import may_connect, may_script
from belvedere.domains.connections.queries import (
    ConnectionView,
    ReaderView,
    ScriptView,
    connection,
    connections,
    reader,
    script,
    scripts,
    scripts_whole,
)
from belvedere.domains.connections.reader_actions import (
    Onboarded,
    dev_eui,
    onboard,
    remove_script,
    set_reader,
    write_script,
)
from belvedere.domains.connections.scripts import Failed, outcome_of, try_script
from belvedere.domains.connections.states import SYSTEM_NAMES, WAYS, System, Undecoded, Way

__all__ = [
    "AS_TOLD",
    "ONE_FRAME",
    "SYSTEM_NAMES",
    "WAYS",
    "Broker",
    "ConnectionView",
    "DeviceModel",
    "Failed",
    "Frame",
    "HowToRead",
    "Line",
    "Listening",
    "NewKey",
    "Onboarded",
    "ReaderView",
    "ScriptView",
    "System",
    "Undecoded",
    "Way",
    "admit",
    "believed",
    "brokers",
    "catalogue",
    "change_broker",
    "connect_broker",
    "connect_webhook",
    "connection",
    "connections",
    "decode",
    "dev_eui",
    "how_to_read",
    "may_connect",
    "may_script",
    "note",
    "onboard",
    "outcome_of",
    "reachable",
    "read_frame",
    "reader",
    "remove_connection",
    "remove_script",
    "rotate_key",
    "script",
    "scripts",
    "scripts_whole",
    "set_reader",
    "try_script",
    "write_frame",
    "write_script",
]
