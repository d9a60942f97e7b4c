"""Why messages are refused, in sentences: what happened and what to do."""

from __future__ import annotations

from django.utils.translation import gettext

from belvedere.domains.intake.public import OUTCOMES, REASONS, Outcome, Reason
from belvedere.kernel.errors import N_

TO_DO: dict[Reason, str] = {
    Reason.TOO_LARGE: N_("Make the device send fewer values at once, in several messages."),
    Reason.NOT_JSON: N_("Correct what the device or its gateway writes: a message is a JSON object."),
    Reason.BAD_FORM: N_("Correct its form: an object of fields, or a list of such objects under …/batch."),
    Reason.UNKNOWN_DEVICE: N_("Register the device under this name, then take its messages again."),
    Reason.REVOKED: N_("If it may send again, register it anew under another name."),
    Reason.NOT_ALLOWED: N_("Make the device publish under its own topic."),
    Reason.NO_VALUES: N_("Nothing to do, unless the device should have told something."),
    Reason.UNKNOWN_FIELD: N_("Say on the page of the device what the field means, then take them again."),
    Reason.NOT_A_NUMBER: N_("Look at the sensor: it sends no number where one is expected."),
    Reason.WRONG_TYPE: N_("Say on the page of the device what the field means, or correct what it sends."),
    Reason.WRONG_UNIT: N_("Correct on the page of the device the unit in which the field is sent."),
    Reason.OUT_OF_RANGE: N_("Look at the sensor, for its value cannot be true, or correct the unit."),
    Reason.BAD_TIME: N_("Make the device write its time as ISO 8601 with a time zone, or leave it out."),
    Reason.FUTURE: N_("Set the clock of the device: it runs ahead by more than ten minutes."),
    Reason.TOO_OLD: N_("Set the clock of the device: it stands before 1990."),
    Reason.TOO_MANY: N_("Make the device send less often."),
    Reason.NO_DECODER: N_("Say on the page of the device how it is decoded, then take its messages again."),
    Reason.DECODER_ERROR: N_("Look whether the decoder fits the model of the device and its settings."),
    Reason.DECODER_LIMIT: N_("Correct the decoder: it runs too long, or takes or gives too much."),
    Reason.DECODER_OUTPUT: N_("Correct the decoder: it must give an object of values."),
    Reason.FAULT: N_("Take them again; if they are refused again, tell who runs the platform."),
}


def outcome(of: Outcome) -> str:
    return gettext(OUTCOMES[of])


def name(of: Reason) -> str:
    """The reason in a few words."""
    return gettext(REASONS[of])


def to_do(of: Reason) -> str:
    return gettext(TO_DO[of])
