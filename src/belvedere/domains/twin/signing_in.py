"""Since when the present secrets of devices hold: whoever signed in before must go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from belvedere.domains.twin.models import Device


def signed_in_since(pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], datetime]:
    """For those of these devices (territory slug, key) that may sign in, when their secret was made."""
    rows = Device.objects.filter(
        revoked_at__isnull=True,
        territory__slug__in={slug for slug, _key in pairs},
        key__in={key for _slug, key in pairs},
    ).values_list("territory__slug", "key", "secret_made_at")
    wanted = set(pairs)
    return {(slug, key): made_at for slug, key, made_at in rows if (slug, key) in wanted}
