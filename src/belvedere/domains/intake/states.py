"""What can become of a message: forms, outcomes, reasons. Each reason has a sentence for people."""

from __future__ import annotations

from enum import StrEnum

from belvedere.kernel.errors import N_


class Form(StrEnum):
    """How a payload is written; the last word of its topic says which."""

    SIMPLE = "simple"
    BATCH = "batch"
    NGSILD = "ngsild"
    UPLINK = "uplink"  # a frame of a LoRaWAN device, see connections.frames


class Outcome(StrEnum):
    """What became of a reading set. Every set has exactly one."""

    STORED = "stored"
    LATE = "late"  # kept in the history; its device had told something newer
    DUPLICATE = "duplicate"  # the history had all of it
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a set was refused."""

    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    BAD_FORM = "bad_form"
    UNKNOWN_DEVICE = "unknown_device"
    REVOKED = "revoked"
    NOT_ALLOWED = "not_allowed"
    NO_VALUES = "no_values"
    UNKNOWN_FIELD = "unknown_field"
    NOT_A_NUMBER = "not_a_number"
    WRONG_TYPE = "wrong_type"
    WRONG_UNIT = "wrong_unit"
    OUT_OF_RANGE = "out_of_range"
    BAD_FORECAST = "bad_forecast"
    BAD_TIME = "bad_time"
    FUTURE = "future"
    TOO_OLD = "too_old"
    TOO_MANY = "too_many"
    NO_DECODER = "no_decoder"
    DECODER_ERROR = "decoder_error"
    DECODER_LIMIT = "decoder_limit"
    DECODER_OUTPUT = "decoder_output"
    FAULT = "fault"


REASONS: dict[Reason, str] = {
    Reason.TOO_LARGE: N_("Too large"),
    Reason.NOT_JSON: N_("Not JSON"),
    Reason.BAD_FORM: N_("Not a known form"),
    Reason.UNKNOWN_DEVICE: N_("Unknown device"),
    Reason.REVOKED: N_("Device no longer allowed"),
    Reason.NOT_ALLOWED: N_("Not a topic of this device"),
    Reason.NO_VALUES: N_("No value in it"),
    Reason.UNKNOWN_FIELD: N_("A field without a mapping"),
    Reason.NOT_A_NUMBER: N_("Not a number"),
    Reason.WRONG_TYPE: N_("A value of another kind"),
    Reason.WRONG_UNIT: N_("A unit that does not fit"),
    Reason.OUT_OF_RANGE: N_("Outside the bounds"),
    Reason.BAD_FORECAST: N_("Not a forecast"),
    Reason.BAD_TIME: N_("A time that cannot be read"),
    Reason.FUTURE: N_("In the future"),
    Reason.TOO_OLD: N_("Before 1990"),
    Reason.TOO_MANY: N_("More messages than allowed"),
    Reason.NO_DECODER: N_("Nobody said how it is decoded"),
    Reason.DECODER_ERROR: N_("The decoder cannot read it"),
    Reason.DECODER_LIMIT: N_("The decoder was stopped"),
    Reason.DECODER_OUTPUT: N_("The decoder gave no values"),
    Reason.FAULT: N_("A fault of the platform"),
}

OUTCOMES: dict[Outcome, str] = {
    Outcome.STORED: N_("Stored"),
    Outcome.LATE: N_("Stored, late"),
    Outcome.DUPLICATE: N_("Had already"),
    Outcome.REFUSED: N_("Refused"),
}


class LetterState(StrEnum):
    """Where a dead letter stands."""

    WAITING = "waiting"
    REPLAYED = "replayed"  # judged anew and taken
    DISMISSED = "dismissed"
