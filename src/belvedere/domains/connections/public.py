"""THE DOOR of connections: network servers whose uplinks come in, how the bytes in them are read, sources
that are asked for lists, and files of readings.

Words: connection (a LoRaWAN network server that calls us, or at whose broker we listen), source (an address
that is asked at intervals; a list that a person mapped, or a standard), frame (an uplink or a row in one
form), model (of the catalogue: a device that one can buy, its table of bytes), script (a decoder in
JavaScript, run in the sandbox), reader (which of them reads a device), way down (how a command reaches a
device behind a network server).
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
from belvedere.domains.connections.encoding import Encoded, NotEncoded, encode, try_encoding
from belvedere.domains.connections.files.actions import (
    LARGEST_FILE,
    MOST_FILE_ROWS,
    FileDraft,
    bring_file,
    file_taken,
    forget_files,
    map_file,
    refuse_size,
    remove_file,
)
from belvedere.domains.connections.files.queries import FileLook, FileView, file, files, look_into_file
from belvedere.domains.connections.frames import (
    ONE_FRAME,
    Frame,
    believed,
    read_frame,
    write_frame,
)
from belvedere.domains.connections.lists import FieldMap, ListMap, Row
from belvedere.domains.connections.offers import Offer
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
from belvedere.domains.connections.routes import (
    Passed,
    WayDown,
    forget_passed,
    note_answer,
    note_passed,
    note_route,
    passed,
    way_down,
)
from belvedere.domains.connections.scripts import Failed, outcome_of, try_script
from belvedere.domains.connections.sources.actions import (
    SourceDraft,
    change_source,
    connect_source,
    map_source,
    remove_source,
    switch_source,
)
from belvedere.domains.connections.sources.admitting import Admitted, LookedAt
from belvedere.domains.connections.sources.clock import FAULT, Due, admit_rows, answered, claim, failed
from belvedere.domains.connections.sources.queries import Look, SourceView, look, source, sources
from belvedere.domains.connections.sources.reading import Answer, ask
from belvedere.domains.connections.states import (
    KIND_OF_FORM,
    SOURCE_FORMS,
    SYSTEM_NAMES,
    WAYS,
    SourceForm,
    System,
    Undecoded,
    Way,
)

__all__ = [
    "AS_TOLD",
    "FAULT",
    "KIND_OF_FORM",
    "LARGEST_FILE",
    "MOST_FILE_ROWS",
    "ONE_FRAME",
    "SOURCE_FORMS",
    "SYSTEM_NAMES",
    "WAYS",
    "Admitted",
    "Answer",
    "Broker",
    "ConnectionView",
    "DeviceModel",
    "Due",
    "Encoded",
    "Failed",
    "FieldMap",
    "FileDraft",
    "FileLook",
    "FileView",
    "Frame",
    "HowToRead",
    "Line",
    "ListMap",
    "Listening",
    "Look",
    "LookedAt",
    "NewKey",
    "NotEncoded",
    "Offer",
    "Onboarded",
    "Passed",
    "ReaderView",
    "Row",
    "ScriptView",
    "SourceDraft",
    "SourceForm",
    "SourceView",
    "System",
    "Undecoded",
    "Way",
    "WayDown",
    "admit",
    "admit_rows",
    "answered",
    "ask",
    "believed",
    "bring_file",
    "brokers",
    "catalogue",
    "change_broker",
    "change_source",
    "claim",
    "connect_broker",
    "connect_source",
    "connect_webhook",
    "connection",
    "connections",
    "decode",
    "dev_eui",
    "encode",
    "failed",
    "file",
    "file_taken",
    "files",
    "forget_files",
    "forget_passed",
    "how_to_read",
    "look",
    "look_into_file",
    "map_file",
    "map_source",
    "may_connect",
    "may_script",
    "note",
    "note_answer",
    "note_passed",
    "note_route",
    "onboard",
    "outcome_of",
    "passed",
    "reachable",
    "read_frame",
    "reader",
    "refuse_size",
    "remove_connection",
    "remove_file",
    "remove_script",
    "remove_source",
    "rotate_key",
    "script",
    "scripts",
    "scripts_whole",
    "set_reader",
    "source",
    "sources",
    "switch_source",
    "try_encoding",
    "try_script",
    "way_down",
    "write_frame",
    "write_script",
]
