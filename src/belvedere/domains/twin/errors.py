"""What can go wrong with things and devices."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound


class NoSuchEntity(NotFound):
    """There is no such thing, or the actor may not know that there is."""

    default_code = "no_such_entity"


class NoSuchDevice(NotFound):
    default_code = "no_such_device"


class BadMapping(InvalidInput):
    """Fields of a device that cannot be read as they are said to be."""

    default_code = "bad_mapping"


class BadAttribute(InvalidInput):
    """A value that an attribute cannot hold."""

    default_code = "bad_attribute"


class BadForecast(InvalidInput):
    """A value that cannot be read as a forecast."""

    default_code = "bad_forecast"


class OlderThanShown(Conflict):
    """A value older than the present one: it belongs to the history, not here."""

    default_code = "older_than_shown"


class StillFed(Conflict):
    """A thing that devices still tell of."""

    default_code = "still_fed"
