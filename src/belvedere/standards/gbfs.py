"""GBFS 2.0 to 3.0 (General Bikeshare Feed Specification, MobilityData): the discovery file (gbfs.json),
station_information and station_status, read into stations.

Fields that changed their names in 3.0 are read under both; what is missing or odd is left out. Not read:
vehicles that stand free, whose positions tell of the people who left them there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INFORMATION, STATUS = "station_information", "station_status"
LONGEST_TTL_S = 86_400


class NotGbfs(ValueError):
    """The document is not the file that was expected; the argument names it."""


@dataclass(frozen=True, slots=True)
class Station:
    """A station. `names` by language, under "" where none is told; numbers None where they are not told.

    `vehicles` and `docks`: free to take, free to bring back to; `docks_off`: out of service.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    longitude: float | None = None
    latitude: float | None = None
    capacity: int | None = None
    vehicles: int | None = None
    docks: int | None = None
    docks_off: int | None = None
    is_open: bool | None = None
    at: datetime | None = None


def feeds(document: Any, languages: tuple[str, ...] = ()) -> dict[str, str]:
    """The addresses of the feeds by name (gbfs.json); before 3.0 those of the first language that is there.

    Raises:
        NotGbfs: it is no discovery file, or does not name both feeds of stations.
    """
    data = _data(document, "gbfs")
    if "feeds" not in data:
        chosen = next((one for one in languages if one in data), next(iter(data), ""))
        own = data.get(chosen)
        data = own if isinstance(own, Mapping) else {}
    listed = data.get("feeds")
    found = {
        str(one["name"]): str(one["url"])
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, Mapping) and isinstance(one.get("name"), str) and isinstance(one.get("url"), str)
    }
    for name in (INFORMATION, STATUS):
        if name not in found:
            raise NotGbfs(name)
    return found


def ttl_s(document: Any) -> int:
    """For how many seconds a document says that asking again brings nothing new; at most a day."""
    told = _whole(document.get("ttl")) if isinstance(document, Mapping) else None
    return min(told or 0, LONGEST_TTL_S)


def stations(information: Any, status: Any) -> list[Station]:
    """Every station that both files know, in the order of its information.

    Raises:
        NotGbfs: one of them is not what it should be.
    """
    now_at = _instant(status.get("last_updated")) if isinstance(status, Mapping) else None
    states = {_id(one): one for one in _stations(status, STATUS)}
    return [
        _station(one, states[_id(one)], now_at)
        for one in _stations(information, INFORMATION)
        if _id(one) and _id(one) in states
    ]


def _stations(document: Any, name: str) -> list[Mapping[str, Any]]:
    listed = _data(document, name).get("stations")
    if not isinstance(listed, list):
        raise NotGbfs(name)
    return [one for one in listed if isinstance(one, Mapping)]


def _data(document: Any, name: str) -> Mapping[str, Any]:
    data = document.get("data") if isinstance(document, Mapping) else None
    if not isinstance(data, Mapping):
        raise NotGbfs(name)
    return data


def _station(one: Mapping[str, Any], state: Mapping[str, Any], at: datetime | None) -> Station:
    longitude, latitude = _degrees(one.get("lon"), 180), _degrees(one.get("lat"), 90)
    is_there = longitude is not None and latitude is not None
    return Station(
        id=_id(one),
        names=_names(one.get("name")),
        longitude=longitude if is_there else None,
        latitude=latitude if is_there else None,
        capacity=_whole(one.get("capacity")),
        vehicles=_whole(state.get("num_vehicles_available", state.get("num_bikes_available"))),
        docks=_whole(state.get("num_docks_available")),
        docks_off=_whole(state.get("num_docks_disabled")),
        is_open=_is_open(state),
        at=_instant(state.get("last_reported")) or at,
    )


def _is_open(state: Mapping[str, Any]) -> bool | None:
    """Installed, and one may take or bring back; before 2.0 these were 0 and 1."""
    told = [state.get(name) for name in ("is_installed", "is_renting", "is_returning")]
    if any(one is None for one in told):
        return None
    return bool(told[0] and (told[1] or told[2]))


def _id(one: Mapping[str, Any]) -> str:
    told = one.get("station_id")
    return str(told) if isinstance(told, str | int) and not isinstance(told, bool) else ""


def _names(told: Any) -> dict[str, str]:
    if isinstance(told, str):
        return {"": told}
    return {
        str(one.get("language", "")): one["text"]
        for one in (told if isinstance(told, list) else [])
        if isinstance(one, Mapping) and isinstance(one.get("text"), str)
    }


def _whole(told: Any) -> int | None:
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return int(told) if is_number and 0 <= told < 1_000_000_000 else None


def _degrees(told: Any, most: int) -> float | None:
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return float(told) if is_number and -most <= told <= most else None


def _instant(told: Any) -> datetime | None:
    """Seconds since 1970 (before 3.0) or RFC 3339."""
    try:
        if isinstance(told, str):
            at = datetime.fromisoformat(told)
            return at.astimezone(UTC) if at.tzinfo else None
        seconds = _whole(told)
        return EPOCH + timedelta(seconds=seconds) if seconds else None
    except (ValueError, OverflowError):
        return None
