"""`belvedere access …`: the first administrator, invitations, and who has which role."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils.translation import gettext as _

app = typer.Typer(no_args_is_help=True, help="People and their roles.")
Slug = Annotated[str, typer.Option(help="The slug of the territory.")]


@app.command()
def administrator(
    email: Annotated[str, typer.Argument(help="Their e-mail address, which is their sign-in name.")],
    territory: Slug,
    language: Annotated[str, typer.Option(help="fr, de or en: the language of the message.")] = "fr",
) -> None:
    """Invite the administrator of a territory: the first one, or one more."""
    from belvedere.domains.access.public import Actor, TerritoryRole, invite_person
    from belvedere.domains.territory.public import territory_by_slug

    invite_person(
        actor=Actor.system(),
        email=email,
        territory_id=territory_by_slug(territory).id,
        territory_role=TerritoryRole.ADMINISTRATOR,
        language=language,
    )
    typer.echo(_("An invitation is on its way to %(email)s.") % {"email": email})


@app.command()
def people(territory: Slug) -> None:
    """List who has which role."""
    from belvedere.domains.access.public import ROLE_NAMES, TERRITORY_ROLE_NAMES, Actor, people_of
    from belvedere.domains.territory.public import organisations, territory_by_slug

    place = territory_by_slug(territory)
    names = {body.id: body.name for body in organisations(place.id)}
    for person in people_of(Actor.system(), place.id):
        roles = [_(TERRITORY_ROLE_NAMES[role]) for role in person.territory_roles]
        roles += [f"{_(ROLE_NAMES[role])} ({names.get(body, body)})" for body, role in person.roles]
        typer.echo(f"{person.email}  {person.display_name}  {', '.join(roles)}")


@app.command()
def close(
    email: Annotated[str, typer.Argument(help="Whose account.")],
    territory: Slug,
    reason: Annotated[str, typer.Option(help="Why: kept in the journal.")],
) -> None:
    """Close an account: signed out everywhere, no role any more. Data stay until they are erased."""
    from belvedere.domains.access.public import Actor, deactivate_person, person_by_email
    from belvedere.domains.territory.public import territory_by_slug
    from belvedere.kernel.errors import N_, NotFound

    person_id = person_by_email(email)
    if person_id is None:
        raise NotFound(N_("{email} has no account; nothing was changed."), email=email)
    deactivate_person(
        actor=Actor.system(), person_id=person_id, territory_id=territory_by_slug(territory).id, reason=reason
    )
    typer.echo(_("The account of %(email)s is closed.") % {"email": email})
