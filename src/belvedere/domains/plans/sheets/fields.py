"""The fields a column can be read into, as data. No Django.

`words` are folded titles that mean the field, in French, German and English; the first that fits a column's
title suggests it. A field with `argument` stands once for each language or year.
"""

# ruff: noqa: E501 (a table of words reads better unbroken)

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from belvedere.kernel.errors import N_


class FieldKind(StrEnum):
    TEXT = "text"
    AMOUNT = "amount"
    SHARE = "share"
    NUMBER = "number"
    DATE = "date"
    YEAR = "year"
    WORD = "word"  # one of a vocabulary
    NATIVE = "native"  # our own export, a list as JSON


@dataclass(frozen=True, slots=True)
class Field:
    """`argument`: "language", "year" or "". `many`: several columns may be read into it."""

    key: str
    label: str  # msgid
    kind: FieldKind
    words: tuple[str, ...] = ()
    argument: str = ""
    many: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|"))


T, A, N = FieldKind.TEXT, FieldKind.AMOUNT, FieldKind.NUMBER
FIELDS: tuple[Field, ...] = (
    Field("external_id", N_("Stable identifier"), T, _words(
        "id projet|identifiant|identifiant du projet|id|identifier|stable id|external id|kennung|projekt id|id massnahme|id mesure|reference")),
    Field("belvedere_id", N_("Belvédère identifier"), T, _words("belvedere id")),
    Field("version", N_("Belvédère version"), N, _words("belvedere version")),
    Field("title", N_("Title"), T, _words(
        "titre|title|titel|intitule|nom de la mesure|nom du projet|libelle|designation|objet|bezeichnung|massnahme|name|nom|mesure|projet|projektname|operation"),
        argument="language"),
    Field("description", N_("Description"), T, _words(
        "description|descriptif|description du projet|beschreibung|beschrieb|beschreibung der massnahme"), argument="language"),
    Field("owner_name", N_("Owner"), T, _words(
        "maitre d ouvrage|maitre ouvrage|mo|mao|bauherr|bauherrschaft|bauherrin|owner|proprietaire|porteur|porteur de projet|nom terr|collectivite|beneficiaire|commune maitre d ouvrage|federfuhrung|trager|maitre d ouvrage bauherr")),
    Field("owner_code", N_("Code of the owner"), T, _words(
        "id terr|code maitre d ouvrage|code mo|siren|siret|insee|code insee|owner code|bfs nr|ofs|no ofs|siren beneficiaire")),
    Field("owner_level", N_("Kind of the owner"), FieldKind.WORD, _words("echelon|niveau|type de collectivite|ebene|level|owner kind")),
    Field("category", N_("Category"), FieldKind.WORD, _words(
        "categorie|category|kategorie|thematique|theme|domaine|massnahmenkategorie|type de mesure|thema|champ")),
    Field("kind", N_("Kind of measure"), FieldKind.WORD, _words("kind|nature de la mesure|art der massnahme|genre")),
    Field("implementation", N_("State"), FieldKind.WORD, _words(
        "etat|statut|avancement|status|state|stand|umsetzungsstand|etat d avancement|realisation")),
    Field("phase", N_("Phase"), FieldKind.WORD, _words("phase|phase sia|projektphase|phase du projet|sia phase|phase de projet")),
    Field("published", N_("Published"), FieldKind.WORD, _words("publie|published|veroffentlicht|public")),
    Field("plan", N_("Plan"), T, _words("plan|code du plan|programme|programm|generation")),
    Field("plan_code", N_("Code in the plan"), T, _words(
        "n mes|no mes|no mesure|n mesure|numero de mesure|code|code mesure|measure code|massnahmen nr|massnahmennummer|nr|no|numero|code de la mesure|code dans le plan|mesure no|massnahme nr")),
    Field("are_code", N_("ARE code"), T, _words("code are|are code|are|no are|are nummer|are nr")),
    Field("priority", N_("Priority"), FieldKind.WORD, _words("priorite|priority|prioritat|prio|horizon|classe")),
    Field("cost", N_("Cost"), A, _words(
        "cout|cout total|cost|kosten|cout mio|couts|gesamtkosten|montant|montant total|investissement|cout du projet|cout de la mesure|investitionskosten|montant des travaux|total cost|estimation|cout estime|cout chf|budget")),
    Field("eligible", N_("Eligible cost"), A, _words(
        "cout imputable|cout eligible|couts imputables|depense eligible|depense subventionnable|anrechenbare kosten|eligible cost|assiette|assiette eligible|montant eligible")),
    Field("subsidy", N_("Aid"), A, _words(
        "montant sub|subvention|subventions|aide|aides|montant de la subvention|beitrag|bundesbeitrag|contribution federale|part federale|subsidy|aid|grant|cofinancement|montant subvention|montant attribue|subvention accordee|contribution"), many=True),
    Field("subsidy_share", N_("Share of the aid (checked)"), FieldKind.SHARE, _words(
        "pct sub|taux|taux de subvention|pourcentage|part|beitragssatz|rate|taux d aide|anteil|taux de financement")),
    Field("funder", N_("Who pays the aid"), T, _words("financeur|co financeur|subventionneur|funder|geldgeber|beitragszahler|financeurs")),
    Field("instrument", N_("Aid scheme"), T, _words("dotation|dispositif|instrument|programme d aide|fonds|forderprogramm|enveloppe")),
    Field("year", N_("Year"), FieldKind.YEAR, _words("annee|year|jahr|exercice|millesime|annee de realisation")),
    Field("spend", N_("Spending of the year"), A, (), argument="year", many=True),
    Field("currency", N_("Currency"), FieldKind.WORD, _words("devise|currency|wahrung|monnaie")),
    Field("start", N_("Start of the works"), FieldKind.DATE, _words(
        "debut|debut des travaux|debut trvx|debut travaux|start|baubeginn|beginn|date de debut|start date|debut prevu|demarrage")),
    Field("end", N_("End of the works"), FieldKind.DATE, _words(
        "fin|fin trvx|fin des travaux|fin travaux|end|bauende|ende|date de fin|end date|mise en service|inbetriebnahme|achevement|fin prevue")),
    Field("latitude", N_("Latitude"), N, _words("lat|latitude|breite|breitengrad|lat wgs84")),
    Field("longitude", N_("Longitude"), N, _words("long|lon|lng|longitude|lange|langengrad|long wgs84")),
    Field("x", N_("Easting (x)"), N, _words("x|e|est|coord x|coordonnee x|ost|easting|koordinate e|x lambert93|x l93|e mn95|coordonnee e")),
    Field("y", N_("Northing (y)"), N, _words("y|n|nord|coord y|coordonnee y|northing|koordinate n|y lambert93|y l93|n mn95|coordonnee n")),
    Field("geometry", N_("Geometry (WKT or GeoJSON)"), T, _words("geometrie|geometry|geom|wkt|geojson|the geom")),
    Field("place", N_("Commune, by name or code"), T, _words(
        "commune|communes|gemeinde|gemeinden|lieu|ort|standort|municipality|localisation|localite|code commune|place"), many=True),
    Field("estimates", N_("All estimates"), FieldKind.NATIVE, _words("belvedere estimates")),
    Field("spending", N_("All yearly amounts"), FieldKind.NATIVE, _words("belvedere spending")),
    Field("funding", N_("All funding lines"), FieldKind.NATIVE, _words("belvedere funding")),
    Field("memberships", N_("All plans"), FieldKind.NATIVE, _words("belvedere memberships")),
    Field("sites", N_("All sites"), FieldKind.NATIVE, _words("belvedere sites")),
    Field("phases", N_("All phases"), FieldKind.NATIVE, _words("belvedere phases")),
    Field("places", N_("All places"), FieldKind.NATIVE, _words("belvedere places")),
    Field("core", N_("Everything else"), FieldKind.NATIVE, _words("belvedere core")),
)  # fmt: skip
BY_KEY = {field.key: field for field in FIELDS}
AMOUNTS = frozenset(field.key for field in FIELDS if field.kind is FieldKind.AMOUNT)
IGNORED = ""

# Folded words of cells -> values of our vocabularies.
IMPLEMENTATION_WORDS = {
    "not_started": _words("non commence|pas commence|a venir|prevu|projet|nicht begonnen|geplant|not started|planned|en attente"),
    "in_progress": _words("en cours|in arbeit|laufend|in progress|en realisation|travaux en cours|im bau|in umsetzung"),
    "suspended": _words("suspendu|en pause|bloque|sistiert|suspended|on hold|zuruckgestellt"),
    "done": _words("realise|termine|acheve|done|erledigt|realisiert|abgeschlossen|umgesetzt|completed|fini|livre"),
    "abandoned": _words("abandonne|aufgegeben|verzicht|abandoned|cancelled|annule"),
    "replaced": _words("remplace|ersetzt|replaced"),
}  # fmt: skip
LEVEL_WORDS = {
    "commune": _words("commune|gemeinde|ville|stadt|municipality|com"),
    "intercommunal": _words("epci|intercommunalite|cc|ca|communaute de communes|communaute d agglomeration|metropole|region morges|zweckverband"),
    "department": _words("conseil departemental|departement|dep|cd"),
    "region": _words("region|conseil regional|reg"),
    "canton": _words("canton|kanton|ct"),
    "agglomeration": _words("agglomeration|agglo"),
    "state": _words("etat|state"),
    "confederation": _words("confederation|bund"),
    "operator": _words("operateur|exploitant|transportunternehmen|cff|sbb"),
}  # fmt: skip
IGNORED_HINTS = (
    "rem",
    "remarque",
    "commentaire",
    "note",
    "bemerkung",
    "kommentar",
    "contact",
    "telephone",
    "email",
    "mail",
)
