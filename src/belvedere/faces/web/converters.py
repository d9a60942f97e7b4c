"""The first segment of an address: the slug of a territory, turned into its value, or 404."""

from __future__ import annotations

from belvedere.domains.territory.public import TerritoryView, territory_by_slug
from belvedere.kernel.errors import NotFound


class TerritoryConverter:
    """`<territory:territory>` in a path; a view receives a `TerritoryView`."""

    regex = r"[a-z0-9][a-z0-9-]{0,59}"

    def to_python(self, value: str) -> TerritoryView:
        try:
            return territory_by_slug(value)
        except NotFound as error:
            raise ValueError(value) from error  # Django goes on to its 404

    def to_url(self, value: TerritoryView | str) -> str:
        return value if isinstance(value, str) else value.slug
