"""By what people are reached, which kinds of gateways there are, and where a message stands."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from belvedere.kernel.errors import N_


class Way(StrEnum):
    """How a message comes to a person."""

    MAIL = "mail"
    PUSH = "push"  # a notification in the browsers that they switched on
    SMS = "sms"
    VOICE = "voice"


class Kind(StrEnum):
    """What a gateway is: one that rings telephones, or a room where several people read."""

    HTTP = "http"
    MATRIX = "matrix"
    WEBHOOK = "webhook"


class Coding(StrEnum):
    """How the body of a message to an HTTP gateway is written."""

    JSON = "json"
    FORM = "form"
    NONE = "none"


class Method(StrEnum):
    POST = "POST"
    PUT = "PUT"
    GET = "GET"


class MessageState(StrEnum):
    """Where a message to a person stands."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


WAY_NAMES: Final = {
    Way.MAIL: N_("E-mail"),
    Way.PUSH: N_("Notification"),
    Way.SMS: N_("SMS"),
    Way.VOICE: N_("Telephone call"),
}
KIND_NAMES: Final = {
    Kind.HTTP: N_("SMS or telephone calls"),
    Kind.MATRIX: N_("Matrix room"),
    Kind.WEBHOOK: N_("Signed webhook"),
}
RINGING: Final = (Way.SMS, Way.VOICE)
ROOMS: Final = (Kind.MATRIX, Kind.WEBHOOK)
