"""Devices of the demo with fourteen invented days: through the doors that real ones use, faults included."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import shapely

from belvedere.demo import content
from belvedere.domains.access.public import Actor
from belvedere.domains.intake import public as intake
from belvedere.domains.observations import public as observations
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now
from belvedere.kernel.geometry import Shape

STREAM = "demo"
MARK = "Inventé pour la démonstration"
DAYS = 14
HOUR = timedelta(hours=1)
# They tell something every hour, once: so that a demo that nobody feeds is not silent the same afternoon.
EXPECTED_S = 86_400
SILENT_DAYS = 5
SPREAD = 0.0012  # degrees around a spot of a commune that is known by name

# Kind -> name in French, name in German, communes.
PLACES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "waste-container": (
        "Écopoint",
        "Sammelstelle",
        (
            *("sion", "sion", "sion", "sierre", "sierre", "crans", "conthey", "vetroz", "ayent"),
            *("saviese", "nendaz", "lens", "chalais", "grone"),
        ),
    ),
    "streetlight": ("Éclairage", "Beleuchtung", ("sion", "sion", "sierre", "crans", "ardon", "vex")),
    "off-street-parking": ("Parking", "Parkplatz", ("sion", "sierre", "crans", "nendaz")),
    "air-quality": ("Station de l’air", "Luftmessstation", ("sion", "sierre", "chippis")),
    "noise-level": ("Mesure du bruit", "Lärmmessung", ("sion", "sierre", "crans")),
    "traffic-flow": ("Comptage", "Verkehrszählung", ("sion", "conthey", "sierre")),
    "water-observed": ("Niveau d’eau", "Wasserstand", ("anniviers", "evolene", "leonard")),
    "weather": ("Station météo", "Wetterstation", ("sion", "crans")),
    "water-consumption": ("Compteur d’eau", "Wasserzähler", ("sion", "grimisuat")),
}
STREETS = (
    ("rue de la Gare", "Bahnhofstrasse"),
    ("place du Village", "Dorfplatz"),
    ("route de l’École", "Schulstrasse"),
    ("chemin du Stade", "Sportplatzweg"),
    ("avenue du Rhône", "Rhoneallee"),
    ("rue du Marché", "Marktgasse"),
)
FULL = {0: 0.97, 3: 0.96, 1: 0.86, 5: 0.83, 7: 0.81}  # bins that call for somebody, by number


@dataclass(frozen=True, slots=True)
class Made:
    """A device of the demo: its number among those of its kind, its name, its thing."""

    number: int
    kind: str
    key: str
    entity_id: int


def connect(actor: Actor, territory: TerritoryView, organisations: Mapping[str, UUID]) -> int:
    """Things, their devices and what they told; how many devices there are."""
    drafts = list(_things(organisations))
    entity_ids = twin.create_entities(
        actor=actor, territory=territory, drafts=[draft for _key, _number, draft in drafts]
    )
    made = [
        Made(number, draft.kind, key, entity_id)
        for (key, number, draft), entity_id in zip(drafts, entity_ids, strict=True)
    ]
    twin.register_devices(
        actor=actor,
        territory=territory,
        drafts=[
            twin.DeviceDraft(key=one.key, entity_id=one.entity_id, expected_interval_s=EXPECTED_S)
            for one in made
        ],
    )
    at = now()
    zone = ZoneInfo(territory.zone)
    _past(actor, made, at, zone)
    intake.take(STREAM, list(_numbered(_today(territory.slug, made, at, zone))))
    twin.notice_silence(at)
    return len(made)


def _things(organisations: Mapping[str, UUID]) -> Iterator[tuple[str, int, twin.EntityDraft]]:
    communes = {one.key: one for one in content.communes()}
    for kind, (french, german, keys) in PLACES.items():
        for number, key in enumerate(keys):
            luck = random.Random(f"{kind} {number}")  # noqa: S311 (a demo, not a secret)
            street, strasse = STREETS[(number + len(kind)) % len(STREETS)]
            commune = communes[key]
            name, ortsname = commune.names["fr"], commune.names.get("de") or commune.names["fr"]
            spots = [at for spot, at in content.anchors().items() if spot.startswith(f"{key}-")] or [
                commune.at
            ]
            x, y = (at + luck.uniform(-SPREAD, SPREAD) for at in spots[number % len(spots)])
            yield (
                f"demo-{kind}-{number + 1:02d}",
                number,
                twin.EntityDraft(
                    kind=kind,
                    names={"fr": f"{french} {street}, {name}", "de": f"{german} {strasse}, {ortsname}"},
                    owner_id=organisations.get(key),
                    visibility=twin.Visibility.SHARED,
                    shape=Shape(shapely.Point(round(x, 6), round(y, 6))),
                    attributes=(twin.AttributeDraft("dataProvider", MARK),),
                ),
            )


# ------------------------------------------------------------------ what they say
def _wave(hour: float, peak: float) -> float:
    """A day as a wave 0–1, highest at the hour `peak`."""
    return (1 + math.cos((hour - peak) / 24 * 2 * math.pi)) / 2


def _rush(hour: float) -> float:
    return max(math.exp(-((hour - 8) ** 2) / 3), math.exp(-((hour - 17.5) ** 2) / 5), 0.35 * _wave(hour, 14))


def told(one: Made, at: datetime, end: datetime) -> dict[str, Any]:
    """What a device says at `at` (local time); the same each time it is asked."""
    luck = random.Random(f"{one.key} {at:%Y-%m-%d %H}")  # noqa: S311 (a demo, not a secret)
    hour = at.hour + at.minute / 60
    near, ago = luck.uniform, (end - at) / timedelta(days=1)
    match one.kind:
        case "waste-container":
            return _bin(one, ago, luck)
        case "streetlight":
            on = hour >= 17.5 or hour < 7
            broken = one.number == 2 and ago < 1.4
            return {
                "powerState": "on" if on and not broken else "off",
                "illuminanceLevel": 0.0 if not on or broken else (0.5 if 0 <= hour < 5 else 1.0),
                "powerConsumption": round((near(44, 47) if on and not broken else 0.4), 1),
                "status": "defectiveLamp" if broken else "ok",
            }
        case "off-street-parking":
            spots = 120 + 80 * one.number
            share = min(0.99, 0.25 + (0.68 if one.number == 0 else 0.5) * _wave(hour, 13) + near(0, 0.05))
            taken = round(spots * share)
            return {
                "availableSpotNumber": spots - taken,
                "occupiedSpotNumber": taken,
                "occupancy": round(taken / spots, 3),
            }
        case "air-quality":
            no2 = round(14 + 30 * _rush(hour) + near(-3, 3), 1)
            return {"no2": no2, "pm10": round(no2 * 0.6 + near(0, 4), 1), "temperature": _warmth(at, luck)}
        case "noise-level":
            loud = round(44 + 18 * _wave(hour, 14) + near(-2, 2) + (5 if one.number == 0 else 0), 1)
            return {"LAeq": loud, "LAmax": round(loud + near(8, 16), 1)}
        case "traffic-flow":
            cars = round(60 + 900 * _rush(hour) * near(0.9, 1.1))
            return {"intensity": cars, "averageVehicleSpeed": round(62 - cars / 40, 1)}
        case "water-observed":
            # One of them is stuck: the same height for days, whatever the weather.
            return {
                "height": 1.12 if one.number == 1 else round(0.8 + 0.3 * _wave(ago, 5) + near(0, 0.04), 2)
            }
        case "weather":
            return {
                "temperature": _warmth(at, luck),
                "relativeHumidity": round(0.85 - 0.35 * _wave(hour, 15), 2),
                "windSpeed": round(near(0, 6), 1),
            }
        case _:
            leak = 11.0 if one.number == 1 and ago < 2 else 0.0
            return {
                "waterConsumption": round(180 * _rush(hour) + near(2, 20) + leak),
                "minFlow": round(leak or near(0, 1), 1),
            }


def _bin(one: Made, ago: float, luck: random.Random) -> dict[str, Any]:
    """It fills evenly and is emptied every five to eight days; the last level is the one it is known for."""
    last = FULL.get(one.number, 0.15 + one.number * 0.045)
    every = 5 + one.number % 4
    rate = 0.97 / every
    level = (last - ago * rate) % 0.98 + luck.uniform(-0.004, 0.004)
    return {
        "fillingLevel": round(min(0.99, max(0.0, level)), 3),
        "temperature": round(7 + luck.uniform(-3, 3), 1),
        "batteryLevel": 0.07 if one.number == 6 else round(0.95 - one.number * 0.03, 2),
        "status": "ok",
    }


def _warmth(at: datetime, luck: random.Random) -> float:
    return round(3 + 7 * _wave(at.hour, 15) + luck.uniform(-1, 1), 1)


# ------------------------------------------------------------------ how it arrives
def _is_silent(one: Made, at: datetime, end: datetime) -> bool:
    """Two have said nothing for days; one was silent for a day and a half and came back."""
    ago = end - at
    if one.key in ("demo-waste-container-09", "demo-noise-level-03"):
        return ago < timedelta(days=SILENT_DAYS)
    return one.key == "demo-waste-container-02" and timedelta(days=6) < ago < timedelta(days=7.5)


def _past(actor: Actor, made: list[Made], end: datetime, zone: ZoneInfo) -> None:
    """The days before yesterday, straight to the history, as a file of readings would come."""
    rows = []
    for one in made:
        series = {
            attribute.term: attribute.series_id
            for attribute in twin.entity_page(actor, one.entity_id).attributes
            if attribute.value_kind is twin.ValueKind.NUMBER
        }
        for step in range(DAYS * 24, 24, -1):
            at = end - step * HOUR
            if _is_silent(one, at, end):
                continue
            for term, value in told(one, at.astimezone(zone), end.astimezone(zone)).items():
                if term in series and not isinstance(value, str):
                    rows.append(observations.Reading(series[term], at, float(value), None, 0, at))
    observations.store(rows)


def _today(
    slug: str, made: list[Made], end: datetime, zone: ZoneInfo
) -> Iterator[tuple[str, bytes, datetime]]:
    """The messages of the last day as (subject, payload, arrival), faults among them."""
    found = []
    for place, one in enumerate(made):
        last = 24 * SILENT_DAYS + 24 if one.key in ("demo-waste-container-09", "demo-noise-level-03") else 24
        for step in range(last, -1, -1):
            at = end - step * HOUR - timedelta(minutes=1 + place % 50)
            if _is_silent(one, at, end) or (last > 24 and step < last - 24):
                continue
            values = told(one, at.astimezone(zone), end.astimezone(zone))
            if one.key == "demo-weather-02" and step < 2:
                values["temperature"] = -88.0  # a broken wire: out of bounds, kept with a note
            found.append((f"devices.{slug}.{one.key}", _message(values, at), at))
    found += _faults(slug, end, zone, made)
    yield from sorted(found, key=lambda row: row[2])


def _message(values: Mapping[str, Any], at: datetime) -> bytes:
    return json.dumps({"t": at.isoformat(timespec="seconds"), **values}).encode()


def _faults(slug: str, end: datetime, zone: ZoneInfo, made: list[Made]) -> list[tuple[str, bytes, datetime]]:
    """What is refused, what comes late, what comes twice."""
    found = []

    def arrives(key: str, payload: bytes, minutes: int) -> None:
        found.append((f"devices.{slug}.{key}", payload, end - timedelta(minutes=minutes)))

    for step in range(18):  # a new version of its program names the level otherwise
        at = end - step * HOUR - timedelta(minutes=7)
        arrives("demo-waste-container-11", _message({"lvl": round(0.6 - step / 100, 2)}, at), 60 * step + 7)
    for step in range(5):
        arrives("demo-waste-container-99", b'{"fillingLevel": 0.5}', 300 * step + 20)
    for step in range(3):
        arrives("demo-traffic-flow-02", b'{"intensity": 312, "averageVeh', 400 * step + 31)
    for step in range(2):
        arrives("demo-air-quality-03", b'{"no2": "--"}', 60 * step + 44)
    arrives("demo-water-observed-03", _message({"height": 0.9}, end + timedelta(hours=3)), 75)
    twice = next(one for one in made if one.key == "demo-streetlight-01")
    for step in range(6):  # its gateway sends everything twice
        at = end - step * HOUR - timedelta(minutes=1 + made.index(twice) % 50)
        values = told(twice, at.astimezone(zone), end.astimezone(zone))
        found.append((f"devices.{slug}.{twice.key}", _message(values, at), at + timedelta(seconds=20)))
    for step in range(4):  # kept by a gateway without a network, and sent at last
        at = end - timedelta(hours=30 + step)
        arrives("demo-traffic-flow-03", _message({"intensity": 200 + step}, at), 12)
    return found


def _numbered(rows: Iterator[tuple[str, bytes, datetime]]) -> Iterator[intake.Message]:
    for seq, (subject, payload, at) in enumerate(rows, start=1):
        yield intake.Message(subject, payload, seq, at)
