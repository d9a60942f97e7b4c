"""What the intake asks: how to read a device's messages, and who may come in."""

from __future__ import annotations

import hmac
import re
from collections import defaultdict
from collections.abc import Collection, Iterable

from belvedere.domains.twin.attributes import described
from belvedere.domains.twin.device_actions import KEY, digest
from belvedere.domains.twin.models import Attribute, Device, FeedsVersion, Strictness
from belvedere.domains.twin.states import FORECAST
from belvedere.domains.twin.values import Feed, Grant, Target

Pair = tuple[str, str]
_NOBODY = digest("")
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}")


def feeds_version() -> int:
    """Grows whenever a device, a mapping or a strictness changes; while it stands, `feeds` says the same."""
    return FeedsVersion.objects.values_list("number", flat=True).first() or 0


def feeds(pairs: Collection[Pair]) -> dict[Pair, Feed]:
    """What is known of these devices (territory slug, device key), the revoked included; three queries."""
    wanted = {pair for pair in pairs if _might_be(pair)}
    rows = [
        row
        for row in Device.objects.filter(
            territory__slug__in={slug for slug, _key in wanted}, key__in={key for _slug, key in wanted}
        )
        .select_related("territory", "entity")
        .defer("territory__waters", "territory__surroundings")  # outlines: no message needs them
        if (row.territory.slug, row.key) in wanted
    ]
    strict = frozenset(
        Strictness.objects.filter(
            territory_id__in={row.territory_id for row in rows}, refuse=True
        ).values_list("territory_id", flat=True)
    )
    series = _series(rows)
    return {
        (row.territory.slug, row.key): Feed(
            device_id=row.pk,
            territory_id=row.territory_id,
            device_key=row.key,
            entity_id=row.entity_id,
            fields=_targets(row, series[row.entity_id]),
            strict=row.territory_id in strict,
            revoked=row.revoked_at is not None,
            per_minute=row.per_minute,
            owner_id=row.owner_id,
        )
        for row in rows
    }


def _might_be(pair: Pair) -> bool:
    """Whether there can be such a device at all; the database refuses some letters that a topic may hold."""
    slug, key = pair
    return _SLUG.fullmatch(slug) is not None and KEY.fullmatch(key) is not None


_Series = dict[Pair, tuple[int, str]]


def _series(rows: Iterable[Device]) -> dict[int, _Series]:
    """By thing: number and unit of its attributes, by term and dataset."""
    found: dict[int, _Series] = defaultdict(dict)
    attributes = Attribute.objects.filter(entity_id__in={row.entity_id for row in rows})
    for entity_id, term, dataset, number, unit in attributes.values_list(
        "entity_id", "term", "dataset_id", "id", "unit"
    ):
        found[entity_id][term, dataset] = (number, unit)
    return found


def _targets(row: Device, series: _Series) -> dict[str, Target]:
    targets = {}
    for name, field in row.fields.items():
        held = series.get((field["term"], field["dataset"]))
        if held is None:
            continue
        number, unit = held
        known = described(row.entity.kind, field["term"])
        targets[name] = Target(
            series_id=number,
            term=field["term"],
            kind=FORECAST if known is not None and known.forecast_of else field["kind"],
            factor=field["factor"],
            offset=field["offset"],
            unit=known.unit if known is not None else unit,
            low=known.low if known is not None else None,
            high=known.high if known is not None else None,
        )
    return targets


def authenticate(user: str, password: str) -> Grant | None:
    """What who signs in on the bus may do; None for an unknown, revoked or wrong one, after equal work."""
    slug, _dot, key = user.partition(".")
    if not _might_be((slug, key)):
        slug, key = "", ""
    found = (
        Device.objects.filter(territory__slug=slug, key=key, revoked_at__isnull=True)
        .values_list("secret_sha256", flat=True)
        .first()
    )
    fits = hmac.compare_digest(bytes(found) if found is not None else _NOBODY, digest(password))
    if not fits or found is None:
        return None
    own = f"devices.{slug}.{key}"
    return Grant(slug, key, (own, f"{own}.>", f"answers.{slug}.{key}"), (f"commands.{slug}.{key}",))
