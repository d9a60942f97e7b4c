"""The demo's logins: invented people with passwords of their own in each home."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from belvedere.domains.access.public import (
    Actor,
    Role,
    TerritoryRole,
    create_person,
    give_role,
    give_territory_role,
)

_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]


@dataclass(frozen=True, slots=True)
class Login:
    """Who, as what, with which password."""

    email: str
    name: str
    what: str
    language: str
    role: tuple[str, Role] | TerritoryRole
    password: str = ""


#: The company that maintains the street lights, among the organisations of the demo.
CONTRACTOR = "contractor"
AGENT, FITTER = "Loïc Pralongin", "Ursina Kaltbrunn"

PEOPLE = (
    Login("elue@demo.example", "Myriam Zufferey-Roch", "Élue", "fr", TerritoryRole.ELECTED),
    Login(
        "projet.sierre@demo.example",
        "Damien Antonin",
        "Chef de projet, Sierre",
        "fr",
        ("sierre", Role.MANAGER),
    ),
    Login(
        "finances.sion@demo.example",
        "Nathalie Brigger",
        "Responsable des finances, Sion",
        "fr",
        ("sion", Role.FINANCE),
    ),
    Login(
        "administration@demo.example",
        "Laurent Kalbfuss",
        "Administrateur du territoire",
        "fr",
        TerritoryRole.ADMINISTRATOR,
    ),
    Login(
        "terrain.sierre@demo.example",
        AGENT,
        "Agent de terrain, Sierre",
        "fr",
        ("sierre", Role.CONTRIBUTOR),
    ),
    Login(
        "depannage@demo.example",
        FITTER,
        "Monteuse de l’entreprise d’éclairage",
        "de",
        (CONTRACTOR, Role.CONTRIBUTOR),
    ),
)


def new_password() -> str:
    """Nine syllables and two digits, about 61 bits: easy to copy by hand, not to guess."""
    words = ["".join(secrets.choice(_SYLLABLES) for _ in range(3)) for _ in range(3)]
    return "-".join([*words, f"{secrets.randbelow(100):02d}"])


def invite(actor: Actor, territory_id: UUID, organisations: dict[str, UUID]) -> list[Login]:
    """Create the accounts; returns them with their passwords, which are stored nowhere else."""
    made = []
    for login in PEOPLE:
        password = new_password()
        person = create_person(
            actor=actor,
            email=login.email,
            display_name=login.name,
            language=login.language,
            password=password,
        )
        if isinstance(login.role, TerritoryRole):
            give_territory_role(actor=actor, person_id=person, territory_id=territory_id, role=login.role)
        else:
            key, role = login.role
            give_role(actor=actor, person_id=person, organisation_id=organisations[key], role=role)
        made.append(Login(login.email, login.name, login.what, login.language, login.role, password))
    return made


def sheet(logins: list[Login]) -> str:
    """The logins as a small table."""
    width = max(len(login.what) for login in logins)
    mail = max(len(login.email) for login in logins)
    return "".join(f"{login.what:{width}}  {login.email:{mail}}  {login.password}\n" for login in logins)
