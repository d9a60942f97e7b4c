"""Plugs the territory into the platform."""

from __future__ import annotations

from django.apps import AppConfig

TABLES = (
    "ColumnMapping",
    "Network",
    "NetworkLine",
    "Organisation",
    "OrganisationMember",
    "OrganisationPlace",
    "Place",
    "PlaceBoundary",
    "PlaceCode",
    "PlaceParent",
    "PlacePopulation",
    "Territory",
)


class TerritoryConfig(AppConfig):
    name = "belvedere.domains.territory"
    label = "territory"

    def ready(self) -> None:
        from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table

        # Places and public bodies; a population is a number, never a list of people.
        for table in TABLES:
            declare_table(f"territory.{table}", NOT_PERSONAL)
