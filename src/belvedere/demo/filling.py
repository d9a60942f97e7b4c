"""Filling a home with the demo, in one transaction: whole or not at all."""

from __future__ import annotations

from django.db import connection, transaction

from belvedere.demo import (
    agreements,
    contacts,
    coordination,
    crises,
    equipment,
    fieldwork,
    finances,
    following,
    ground,
    library,
    lighting,
    live,
    people,
    programme,
    reporting,
    roads,
    supervising,
    talking,
)
from belvedere.domains.access.public import Actor
from belvedere.domains.observations.public import measure_soon
from belvedere.domains.plans.public import actions
from belvedere.domains.territory.public import territory_by_slug
from belvedere.engines.home import Home, replace_private
from belvedere.kernel.errors import NotFound

LOGINS = "demo-logins.txt"


def fill(home: Home | None = None) -> int:
    """Make the demo territory and write its logins into the home; returns how many measures it made.

    0 when the territory is there already: what people changed in it stays.
    """
    try:
        territory_by_slug(ground.SLUG)
    except NotFound:
        pass
    else:
        return 0
    home = home or Home.from_environment()
    actor = Actor.system("Démonstration")
    with transaction.atomic():
        organisations = ground.lay(actor)
        territory = territory_by_slug(ground.SLUG)
        roads.lay(actor, territory.id)
        made = programme.fill(actor, territory, organisations)
        _look_again()
        with actions.at_once():
            agreements.review(actor, made)
            following.follow_up(actor, territory, organisations, made)
            agreements.walk(actor, made)
        finances.arrange(actor, territory, organisations, made)
        _look_again()
        coordination.coordinate(actor, territory, organisations, made)
        companies = {people.CONTRACTOR: equipment.contractor(actor, territory)}
        logins = people.invite(actor, territory.id, {**organisations, **companies})
        contacts.name(actor, organisations)
        reporting.report(actor, territory, organisations, made)
        talking.talk(territory, organisations, made)
        library.share(actor, territory, made)
        live.connect(actor, territory, organisations, home, live.Scale.from_environment())
        equipment.fill(actor, territory, {**organisations, **companies})
        supervising.fill(actor, territory)
        fieldwork.fill(actor, territory, {**organisations, **companies})
        lighting.fill(actor, territory, organisations)
        crises.fill(actor, territory, organisations)
        measure_soon()
        # Inside the transaction: passwords that could not be kept must not be in force.
        replace_private(home.path(LOGINS), people.sheet(logins))
    return len(made.measures)


def _look_again() -> None:
    """Let the database see how much there is now: nobody else tells it before the transaction ends, and it
    would go on planning for empty tables."""
    names = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(connection.ops.quote_name(name) for name in names))
