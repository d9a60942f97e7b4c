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
        "id projet|identifiant|identifiant du projet|id|identifier|stable id|external id|kennung|projekt id|id massnahme|id mesure|reference|project id|project number|project no|project nr|project code|fms id|identificativo|codice|codice progetto|cup|codigo|codigo del proyecto|id proyecto|id progetto|n projet|no projet|numero de projet|projektnummer|projekt nr")),
    Field("belvedere_id", N_("Belvédère identifier"), T, _words("belvedere id")),
    Field("version", N_("Belvédère version"), N, _words("belvedere version")),
    Field("title", N_("Title"), T, _words(
        "titre|title|titel|intitule|nom de la mesure|nom du projet|libelle|designation|objet|bezeichnung|massnahme|name|nom|mesure|projet|projektname|operation|project|project name|project title|project description|vorhaben|titolo|nome|progetto|nome del progetto|intervento|opera|denominazione|titulo|nombre|proyecto|nombre del proyecto|obra|actuacion"),
        argument="language"),
    Field("description", N_("Description"), T, _words(
        "description|descriptif|description du projet|beschreibung|beschrieb|beschreibung der massnahme|descrizione|descripcion|scope|details"), argument="language"),
    Field("owner_name", N_("Owner"), T, _words(
        "maitre d ouvrage|maitre ouvrage|mo|mao|bauherr|bauherrschaft|bauherrin|owner|proprietaire|porteur|porteur de projet|nom terr|collectivite|beneficiaire|commune maitre d ouvrage|federfuhrung|trager|maitre d ouvrage bauherr|agency|managing agency|sponsor|department|lead agency|authority|promoter|ente|ente titolare|soggetto attuatore|committente|entidad|promotor|titular|vorhabentrager|zustandig|projekttrager")),
    Field("owner_code", N_("Code of the owner"), T, _words(
        "id terr|code maitre d ouvrage|code mo|siren|siret|insee|code insee|owner code|bfs nr|ofs|no ofs|siren beneficiaire")),
    Field("owner_level", N_("Kind of the owner"), FieldKind.WORD, _words("echelon|niveau|type de collectivite|ebene|level|owner kind")),
    Field("category", N_("Category"), FieldKind.WORD, _words(
        "categorie|category|kategorie|thematique|theme|domaine|massnahmenkategorie|type de mesure|thema|champ|categoria|settore|sector|programme area|program|asset class|bereich")),
    Field("kind", N_("Kind of measure"), FieldKind.WORD, _words("kind|nature de la mesure|art der massnahme|genre")),
    Field("implementation", N_("State"), FieldKind.WORD, _words(
        "etat|statut|avancement|status|state|stand|umsetzungsstand|etat d avancement|realisation|stato|stato di avanzamento|estado|progress")),
    Field("phase", N_("Phase"), FieldKind.WORD, _words("phase|phase sia|projektphase|phase du projet|sia phase|phase de projet")),
    Field("published", N_("Published"), FieldKind.WORD, _words("publie|published|veroffentlicht|public")),
    Field("plan", N_("Plan"), T, _words("plan|code du plan|programme|programm|generation")),
    Field("plan_code", N_("Code in the plan"), T, _words(
        "n mes|no mes|no mesure|n mesure|numero de mesure|code|code mesure|measure code|massnahmen nr|massnahmennummer|nr|no|numero|code de la mesure|code dans le plan|mesure no|massnahme nr")),
    Field("are_code", N_("ARE code"), T, _words("code are|are code|are|no are|are nummer|are nr")),
    Field("priority", N_("Priority"), FieldKind.WORD, _words("priorite|priority|prioritat|prio|horizon|classe")),
    Field("cost", N_("Cost"), A, _words(
        "cout|cout total|cost|kosten|cout mio|couts|gesamtkosten|montant|montant total|investissement|cout du projet|cout de la mesure|investitionskosten|montant des travaux|total cost|estimation|cout estime|cout chf|budget|total|total general|totale|totale generale|gesamt|gesamttotal|summe|gesamtsumme|gesamtbetrag|project total|total project cost|total budget|project cost|costo|costo totale|importo totale|coste|coste total|importe total|presupuesto|amount|betrag|importo|importe|kredit|amount of the line")),
    Field("eligible", N_("Eligible cost"), A, _words(
        "costo ammissibile|coste elegible|eligible|forderfahige kosten|beitragsberechtigte kosten|zuwendungsfahige kosten|eligible expenditure|cout imputable|cout eligible|couts imputables|depense eligible|depense subventionnable|anrechenbare kosten|eligible cost|assiette|assiette eligible|montant eligible")),
    Field("subsidy", N_("Aid"), A, _words(
        "montant sub|subvention|subventions|aide|aides|montant de la subvention|beitrag|bundesbeitrag|contribution federale|part federale|subsidy|aid|grant|cofinancement|montant subvention|montant attribue|subvention accordee|contribution|zuwendung|forderung|contributo|contributi|sovvenzione|subvencion|ayuda|grants|grant amount"), many=True),
    Field("subsidy_share", N_("Share of the aid (checked)"), FieldKind.SHARE, _words(
        "pct sub|taux|taux de subvention|pourcentage|part|beitragssatz|rate|taux d aide|anteil|taux de financement|grant rate|quota|percentuale|porcentaje|share")),
    Field("funder", N_("Who pays the aid"), T, _words("financeur|co financeur|subventionneur|funder|geldgeber|beitragszahler|financeurs|finanziatore|ente finanziatore|financiador|funded by|fund owner|grantor|payer|payeur|zahler")),
    Field("instrument", N_("Aid scheme"), T, _words("dotation|dispositif|instrument|programme d aide|fonds|forderprogramm|enveloppe")),
    Field("year", N_("Year"), FieldKind.YEAR, _words("annee|year|jahr|exercice|millesime|annee de realisation|fy|fiscal year|financial year|anno|ano|ejercicio|esercizio|geschaftsjahr|haushaltsjahr")),
    Field("spend", N_("Spending of the year"), A, (), argument="year", many=True),
    Field("line", N_("Amount of the line"), A, ()),
    Field("reason", N_("Reason of a negative amount"), T, _words(
        "motif|raison|reason|grund|begrundung|motivo|motif de l ajustement|explication|justification|causale")),
    Field("fund_code", N_("Code of who pays"), T, _words(
        "code financement|code du financement|code financeur|code de financement|funding code|fund code|fund|funding source|source of funds|source of funding|fund source|funding"
        "|source de financement|finanzierungsquelle|finanzquelle|geldquelle|kostentrager|fonte di finanziamento|fuente de financiacion|budget line|imputation")),
    Field("rate", N_("Rate of the aid"), FieldKind.SHARE, _words("taux applique|taux d aide applique|aid rate|rate of aid|fordersatz|tasso|tasa")),
    Field("cap", N_("Maximum of the aid"), A, _words(
        "plafond|maximum|montant maximal|montant maximum|aide maximale|cap|hochstbetrag|maximalbetrag|hochstbeitrag|massimo|importo massimo|maximo|contribution maximale|contribution max")),
    Field("currency", N_("Currency"), FieldKind.WORD, _words("devise|currency|wahrung|monnaie")),
    Field("start", N_("Start of the works"), FieldKind.DATE, _words(
        "debut|debut des travaux|debut trvx|debut travaux|start|baubeginn|beginn|date de debut|start date|debut prevu|demarrage|inizio|inizio lavori|data inizio|inicio|inicio obras|start of works|construction start|start year")),
    Field("end", N_("End of the works"), FieldKind.DATE, _words(
        "fin|fin trvx|fin des travaux|fin travaux|end|bauende|ende|date de fin|end date|mise en service|inbetriebnahme|achevement|fin prevue|fine|fine lavori|data fine|fin obras|completion|completion date|finish|end of works|fertigstellung")),
    Field("latitude", N_("Latitude"), N, _words("lat|latitude|breite|breitengrad|lat wgs84")),
    Field("longitude", N_("Longitude"), N, _words("long|lon|lng|longitude|lange|langengrad|long wgs84")),
    Field("x", N_("Easting (x)"), N, _words("x|e|est|coord x|coordonnee x|ost|easting|koordinate e|x lambert93|x l93|e mn95|coordonnee e")),
    Field("y", N_("Northing (y)"), N, _words("y|n|nord|coord y|coordonnee y|northing|koordinate n|y lambert93|y l93|n mn95|coordonnee n")),
    Field("geometry", N_("Geometry (WKT or GeoJSON)"), T, _words("geometrie|geometry|geom|wkt|geojson|the geom")),
    Field("place", N_("Commune, by name or code"), T, _words(
        "commune|communes|gemeinde|gemeinden|lieu|ort|standort|municipality|localisation|localite|code commune|place|comune|municipio|location|borough|district"), many=True),
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
