"""What the columns of a spreadsheet of equipment may be, recognised by their titles in three languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold

#: Field -> what people call it.
FIELDS: Final[Mapping[str, str]] = {
    "number": N_("Number"),
    "name": N_("Name"),
    "kind": N_("Kind"),
    "maker": N_("Maker"),
    "model": N_("Model"),
    "serial": N_("Serial number"),
    "x": N_("Longitude or east"),
    "y": N_("Latitude or north"),
    "where": N_("Where it stands"),
    "installed_on": N_("Installed on"),
    "warranty_until": N_("Warranty until"),
    "parent": N_("Stands under"),
    "contract": N_("Contract"),
    "notes": N_("Notes"),
}
#: Titles as `fold` leaves them.
WORDS: Final[Mapping[str, frozenset[str]]] = {
    "number": frozenset(
        (
            "numero",
            "no",
            "n",
            "nr",
            "nummer",
            "number",
            "id",
            "inventaire",
            "numero d inventaire",
            "inventarnummer",
            "anlagenummer",
            "asset number",
            "reference",
            "code",
        )
    ),
    "name": frozenset(
        ("nom", "name", "designation", "libelle", "bezeichnung", "title", "equipement", "anlage")
    ),
    "kind": frozenset(("genre", "type", "categorie", "art", "typ", "kategorie", "kind", "category")),
    "maker": frozenset(
        ("fabricant", "marque", "constructeur", "hersteller", "marke", "maker", "manufacturer", "brand")
    ),
    "model": frozenset(("modele", "modell", "model", "reference du modele", "typenbezeichnung")),
    "serial": frozenset(
        (
            "numero de serie",
            "no de serie",
            "n de serie",
            "serie",
            "seriennummer",
            "serien nr",
            "serial",
            "serial number",
            "serial no",
        )
    ),
    "x": frozenset(
        (
            "longitude",
            "lon",
            "long",
            "lng",
            "x",
            "est",
            "e",
            "ost",
            "east",
            "coordonnee x",
            "coord x",
            "langengrad",
            "e lv95",
        )
    ),
    "y": frozenset(
        ("latitude", "lat", "y", "nord", "north", "coordonnee y", "coord y", "breitengrad", "n lv95")
    ),
    "where": frozenset(
        (
            "lieu",
            "emplacement",
            "adresse",
            "rue",
            "standort",
            "ort",
            "strasse",
            "place",
            "location",
            "address",
            "where",
        )
    ),
    "installed_on": frozenset(
        (
            "installe le",
            "date d installation",
            "installation",
            "pose",
            "date de pose",
            "mise en service",
            "eingebaut am",
            "einbaudatum",
            "einbau",
            "inbetriebnahme",
            "installed on",
            "installed",
            "installation date",
        )
    ),
    "warranty_until": frozenset(
        (
            "garantie",
            "garantie jusqu au",
            "fin de garantie",
            "garantie bis",
            "garantieende",
            "warranty",
            "warranty until",
            "warranty end",
        )
    ),
    "parent": frozenset(
        (
            "depend de",
            "parent",
            "armoire",
            "rattache a",
            "untersteht",
            "schaltschrank",
            "ubergeordnet",
            "stands under",
            "cabinet",
        )
    ),
    "contract": frozenset(("contrat", "contrat de maintenance", "vertrag", "wartungsvertrag", "contract")),
    "notes": frozenset(
        ("notes", "remarque", "remarques", "bemerkung", "bemerkungen", "notizen", "remarks", "comment")
    ),
}


def suggest(headers: Sequence[str]) -> list[str]:
    """The field of each column by its title; "" for what is not recognised or comes twice."""
    found: list[str] = []
    for header in headers:
        title = fold(header)
        field = next((key for key, words in WORDS.items() if title in words), "")
        found.append("" if field in found else field)
    return found
