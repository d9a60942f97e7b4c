"""Who answers for each owner of the demo: invented people who cannot sign in, only be written to."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from belvedere.demo.people import PEOPLE
from belvedere.domains.access.public import Actor, Role, TerritoryRole, create_person, give_role

# Owner -> name, language. Sierre and Sion have people of their own, with a login.
CONTACTS: Mapping[str, tuple[str, str]] = {
    "anniviers": ("Maëlle Zuchuat-Bey", "fr"),
    "arbaz": ("Gilles Morantin", "fr"),
    "ardon": ("Séverine Delgrange", "fr"),
    "ayent": ("Bastien Auberloz", "fr"),
    "chalais": ("Coraline Perruzat", "fr"),
    "chamoson": ("Yvan Carrupand", "fr"),
    "chippis": ("Lorena Tschoppoz", "fr"),
    "conthey": ("Fabien Évéquand", "fr"),
    "crans": ("Solène Bagnourd", "fr"),
    "evolene": ("Rémy Folloniet", "fr"),
    "grimisuat": ("Joëlle Balletaz", "fr"),
    "grone": ("Mathias Théodulin", "fr"),
    "heremence": ("Céline Sierrat", "fr"),
    "icogne": ("Norbert Kammerling", "fr"),
    "lens": ("Amandine Naouxel", "fr"),
    "leonard": ("Christophe Gillioud", "fr"),
    "martin": ("Élodie Morandin", "fr"),
    "mont-noble": ("Samuel Favrand", "fr"),
    "nendaz": ("Véronique Fournerel", "fr"),
    "noble": ("Thierry Clavien-Bois", "fr"),
    "saviese": ("Patricia Luyetaz", "fr"),
    "vetroz": ("Alexandre Penonnet", "fr"),
    "vex": ("Ludivine Rudaz-Mey", "fr"),
    "veysonnaz": ("Hervé Praloncel", "fr"),
    "agglo": ("Sandrine Beytrisot", "fr"),
    "canton": ("Jean-Marc Dayerand", "fr"),
    "canton_sdm": ("Estelle Roduitaz", "fr"),
    "canton_sdn": ("Reinhard Imsenberg", "de"),
    "confederation": ("Regula Hofstättler", "de"),
    "rail": ("Urs Zenhäuslin", "de"),
    "bus": ("Carole Antillet", "fr"),
}


def name(actor: Actor, organisations: Mapping[str, UUID]) -> int:
    """Give every owner without a login somebody who is written to; gives how many."""
    known = {one.role[0] for one in PEOPLE if not isinstance(one.role, TerritoryRole)}
    wanted = [key for key in organisations if key not in known]
    for key in wanted:
        display_name, language = CONTACTS[key]
        person = create_person(
            actor=actor,
            email=f"mesures.{key.replace('_', '.')}@demo.example",
            display_name=display_name,
            language=language,
        )
        give_role(actor=actor, person_id=person, organisation_id=organisations[key], role=Role.MANAGER)
    return len(wanted)
