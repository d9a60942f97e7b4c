"""What people say to each other on the demo's measures: comments, a shared view, suggestions."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from belvedere.demo import content
from belvedere.demo.documents_of_plans import Ids
from belvedere.demo.programme import Filled
from belvedere.domains.access.public import Actor, working_in
from belvedere.domains.collaboration.public import (
    Part,
    SuggestionDraft,
    answer_suggestion,
    follow_measure,
    make_suggestion,
    save_view,
    write_comment,
)
from belvedere.domains.plans.public import states
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import standing_at, today

LEAD, OFFICE, FINANCE = "Damien Antonin", "Laurent Kalbfuss", "Nathalie Brigger"


def talk(territory: TerritoryView, organisations: Ids, made: Filled) -> None:
    """Sierre's lead, the office and a neighbour speak about measures of Sierre."""
    people = {actor.label: actor for actor in working_in(territory.id)}
    lead, office, neighbour = (people[name] for name in (LEAD, OFFICE, FINANCE))
    ours = [
        idea
        for idea in content.everything()
        if idea.owner == "sierre" and idea.published and idea.kind == states.MeasureKind.INFRASTRUCTURE
    ]
    first, second = (made.measures[idea.key] for idea in ours[:2])
    noon = datetime.combine(today(territory.zone), time(12), ZoneInfo(territory.zone))
    with standing_at(noon - timedelta(days=6)):
        asked = write_comment(
            actor=lead,
            measure_id=first,
            text="@LaurentKalbfuss le levé du géomètre est arrivé. Faut-il corriger l’emprise avant le "
            "rapport annuel ?",
        )
    with standing_at(noon - timedelta(days=5)):
        write_comment(
            actor=office,
            measure_id=first,
            text="@DamienAntonin oui, avant le gel. La géométrie du levé suffit.",
            answers=asked,
        )
        follow_measure(actor=office, measure_id=first)
        save_view(
            actor=lead,
            territory_id=territory.id,
            name="À démarrer à Sierre",
            query=f"owner={organisations['sierre']}&implementation=not_started",
            organisation_id=organisations["sierre"],
        )
    _suggest(territory, lead, neighbour, (ours[0], ours[1]), made, noon)
    with standing_at(noon - timedelta(days=1)):
        make_suggestion(
            actor=Actor.public(),
            measure_id=second,
            draft=SuggestionDraft(
                Part.OTHER,
                "fr",
                message="À l’heure de la sortie de l’école, la traversée est dangereuse : peut-on commencer "
                "par là ?",
            ),
        )


def _suggest(
    territory: TerritoryView,
    lead: Actor,
    neighbour: Actor,
    about: tuple[content.Idea, content.Idea],
    made: Filled,
    noon: datetime,
) -> None:
    """A neighbour's word that was answered, and her correction that waits."""
    one, two = about
    with standing_at(noon - timedelta(days=4)):
        said = make_suggestion(
            actor=neighbour,
            measure_id=made.measures[one.key],
            draft=SuggestionDraft(
                Part.PLACE, "fr", message="Côté Sion, la piste s’arrête 80 m plus loin que sur la carte."
            ),
        )
    with standing_at(noon - timedelta(days=3)):
        answer_suggestion(
            actor=lead, suggestion_id=said, answer="Merci, le levé le confirme : nous corrigeons l’emprise."
        )
        make_suggestion(
            actor=neighbour,
            measure_id=made.measures[two.key],
            draft=SuggestionDraft(
                Part.TITLE,
                "fr",
                value=f"{two.titles['fr']} (tronçon est)",
                message="Le tronçon ouest est déjà réalisé.",
            ),
        )


__all__ = ["talk"]
