"""Mappings that come with the platform, for lists published in the same form every year."""

from __future__ import annotations

from belvedere.domains.plans.sheets.mapping import Column, Mapping, Settings


def _columns(*pairs: tuple[str, str]) -> list[Column]:
    return [
        Column(header=header, field=field, argument="fr" if field == "title" else "")
        for header, field in pairs
    ]


# ANCT: projects aided by the French State's investment grants to local authorities (DETR, DSIL, DSID).
# The file says neither VAT status nor price base; its points are centres of the communes.
ANCT_2019 = Mapping(
    _columns(
        ("id_projet", "external_id"),
        ("id_dep", ""),
        ("id_terr", "owner_code"),
        ("nom_terr", "owner_name"),
        ("pop19", ""),
        ("dotation", "instrument"),
        ("echelon", "owner_level"),
        ("categorie", "category"),
        ("description", "title"),
        ("cout_total", "cost"),
        ("montant_sub", "subsidy"),
        ("pct_sub", "subsidy_share"),
        ("lat", "latitude"),
        ("long", "longitude"),
    ),
    settings=Settings(
        unit=1,
        currency="EUR",
        vat="unknown",
        price_base="",
        decimal=".",
        language="fr",
        year=2019,
        crs="EPSG:4326",
        funder="state",
        funding_state="obtained",
        site_method="commune_centroid",
        create_owners=True,
    ),
)
KNOWN: dict[str, Mapping] = {"anct-2019": ANCT_2019}
