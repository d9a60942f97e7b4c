"""The context every template has: `shell`, the frame around the page.

It is worked out when a template first asks for it: a fragment that htmx fetches costs nothing.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from belvedere.domains.access.public import Actor
from belvedere.domains.connections import public as connections
from belvedere.domains.crisis import public as crises
from belvedere.domains.exchange import public as exchange
from belvedere.domains.intake import public as intake
from belvedere.domains.reach import public as reach
from belvedere.domains.territory.public import (
    Level,
    TerritoryView,
    organisations_by_id,
    places_of,
    territories,
    territories_of_organisations,
)
from belvedere.domains.twin.public import is_measured
from belvedere.domains.webhooks import public as webhooks
from belvedere.faces.web import language
from belvedere.faces.web.pages.crisis.signs import phase
from belvedere.faces.web.shell import (
    CrisisCard,
    Entry,
    LanguageChoice,
    NavItem,
    PersonCard,
    Shell,
    TerritoryCard,
    Text,
    sections,
)
from belvedere.kernel.clock import today

SECTIONS: tuple[tuple[str, Text], ...] = (
    ("see", _("See")),
    ("decide", _("Decide")),
    ("act", _("Act")),
    ("prove", _("Prove")),
    ("govern", _("Govern")),
)


def _sets_up_webhooks(request: HttpRequest) -> bool:
    actor, territory = _actor(request), getattr(request, "territory", None)
    return actor is not None and territory is not None and webhooks.may(actor, territory) is None


def _manages_devices(request: HttpRequest) -> bool:
    actor, territory = _actor(request), getattr(request, "territory", None)
    if actor is None or territory is None:
        return False
    owners = [None, *actor.roles]
    return any(connections.may_connect(actor, territory.id, owner) is None for owner in owners)


def _reads_messages(request: HttpRequest) -> bool:
    actor, territory = _actor(request), getattr(request, "territory", None)
    return actor is not None and territory is not None and intake.may(actor, territory.id) is None


def _sees_readers(request: HttpRequest) -> bool:
    actor, territory = _actor(request), getattr(request, "territory", None)
    return actor is not None and territory is not None and exchange.may(actor, "view", territory.id) is None


def _writes_gateways(request: HttpRequest) -> bool:
    actor, territory = _actor(request), getattr(request, "territory", None)
    return actor is not None and territory is not None and reach.may_see(actor, territory.id) is None


def _follows_crises(request: HttpRequest) -> bool:
    actor, territory = _actor(request), getattr(request, "territory", None)
    return actor is not None and territory is not None and crises.follows_all(actor, territory.id)


ENTRIES: tuple[Entry, ...] = (
    Entry("see", _("Live territory"), "map-pin-bolt", "live:things"),
    Entry("see", _("Supervision desk"), "device-laptop", "automation:desk"),
    Entry("see", _("Alarms"), "bell", "automation:alarms"),
    Entry("see", _("Rules"), "adjustments", "automation:rules"),
    Entry("see", _("Packs"), "stack-2", "packs:packs"),
    Entry("see", _("Devices"), "antenna", "live:devices"),
    Entry("see", _("Connections"), "plug-connected", "connections:connections", visible=_manages_devices),
    Entry("see", pgettext_lazy("of devices", "Messages"), "inbox", "live:ledger", visible=_reads_messages),
    Entry("see", _("Data quality"), "activity", "quality:board"),
    Entry("decide", _("Overview"), "layout-dashboard", "cockpit:territory", alone=True),
    Entry(
        "decide",
        _("Measures"),
        "list-details",
        "plans:measures",
        also=("plans:imports", "collaboration:views"),
    ),
    Entry("decide", _("Finances"), "coins", "plans:finance"),
    Entry("decide", _("Financial cockpit"), "report-money", "plans:outlooks"),
    Entry("decide", _("Schedule"), "calendar-stats", "reporting:schedule"),
    Entry("decide", _("Coordination"), "git-merge", "coordination:conflicts"),
    Entry("decide", _("Library"), "books", "library:shared"),
    Entry("act", _("Interventions"), "checklist", "interventions:list"),
    Entry("act", _("Equipment"), "tool", "equipment:register"),
    Entry("act", _("Commands"), "send", "commands:list"),
    Entry("act", _("Scenes"), "calendar-stats", "scenes:list"),
    Entry("act", _("Crisis mode"), "urgent", "crisis:list", visible=_follows_crises),
    Entry("act", _("Log book"), "book", "logbook:list"),
    Entry("act", _("On duty"), "users", "duty:board"),
    Entry("prove", _("Reporting"), "clipboard-check", "reporting:rounds"),
    Entry("govern", _("Suggestions"), "message-2-question", "collaboration:suggestions"),
    Entry("govern", _("Translations"), "language", "plans:translations"),
    Entry("govern", _("Territory"), "map-2", "territory:places"),
    Entry("govern", _("People and roles"), "users", "access:people"),
    Entry("govern", _("Journal"), "history", "journal:list"),
    Entry(
        "govern",
        pgettext_lazy("subscriptions", "Who reads"),
        "send",
        "exchange:subscribers",
        visible=_sees_readers,
    ),
    Entry("govern", _("Gateways"), "device-mobile", "reach:gateways", visible=_writes_gateways),
    Entry("govern", _("Webhooks"), "webhook", "webhooks:endpoints", visible=_sets_up_webhooks),
)
PORTAL: tuple[tuple[Text, str], ...] = (
    (_("Projects"), "portal_plans:measures"),
    (_("Works near me"), "works:near"),
    (_("Money"), "portal_plans:finance"),
    (_("Measured now"), "portal_live:things"),
)


def url_or_none(name: str, **kwargs: str) -> str:
    """The address called `name`, or "" where the platform has none."""
    try:
        return reverse(name, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=200)
def _communes(territory: TerritoryKey, day: date) -> int:
    return len(places_of(territory.view, day, Level.COMMUNE))


class TerritoryKey:
    """A territory as a key of the cache: the same until it changes (`version`)."""

    __slots__ = ("view",)

    def __init__(self, view: TerritoryView) -> None:
        self.view = view

    def __hash__(self) -> int:
        return hash((self.view.id, self.view.version))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TerritoryKey) and (self.view.id, self.view.version) == (
            other.view.id,
            other.view.version,
        )


def _person(actor: Actor) -> PersonCard:
    """The person with the first body they act for, by name."""
    names = sorted(view.name for view in organisations_by_id(actor.roles).values()) if actor.roles else []
    return PersonCard(
        name=actor.label, role=names[0] if names else "", account_url=url_or_none("access:account")
    )


def card(territory: TerritoryView, *, counted: bool = False) -> TerritoryCard:
    """The territory as the frame shows it; `counted` says how many communes it has."""
    count = _communes(TerritoryKey(territory), today(territory.zone)) if counted else 0
    return TerritoryCard(
        slug=territory.slug,
        name=territory.name,
        url=url_or_none("cockpit:territory", territory=territory.slug)
        or url_or_none("plans:measures", territory=territory.slug),
        is_example=territory.is_example,
        summary=ngettext("%(count)s commune", "%(count)s communes", count) % {"count": count}
        if count
        else "",
    )


def _open_to(actor: Actor) -> list[TerritoryCard]:
    """The territories whose cockpit the actor may enter: those of its organisations and of its own roles."""
    ids = set(actor.territory_roles) | territories_of_organisations(actor.roles.keys())
    return [card(territory) for territory in territories(ids=ids)] if ids else []


def _is_measured(request: HttpRequest, territory: TerritoryView | None) -> bool:
    """Whether anything is measured in public here; asked only where the portal's frame is shown."""
    if territory is None or request.path.startswith("/cockpit/"):
        return False
    try:
        return is_measured(Actor.public(), territory.id)
    except DatabaseError:
        return False


def _actor(request: HttpRequest) -> Actor | None:
    """Who is signed in, or None. The page that says the database is away must still be drawn."""
    try:
        actor: Actor | None = getattr(request, "actor", None)
        return actor if actor is not None and actor.person_id is not None else None
    except DatabaseError:
        return None


def _crises(request: HttpRequest, actor: Actor | None, territory: TerritoryView | None) -> list[CrisisCard]:
    """Those that run, on pages of the cockpit."""
    if actor is None or territory is None or not request.path.startswith("/cockpit/"):
        return []
    try:
        rows = crises.running(actor, territory.id)
    except DatabaseError:
        return []
    return [
        CrisisCard(
            name=one.name,
            url=url_or_none("crisis:crisis", territory=territory.slug, crisis_id=str(one.id)),
            phase=phase(one.phase).label,
            level=phase(one.phase).level,
            since=one.phase_at,
            is_exercise=one.is_exercise,
            my_tasks=one.my_tasks,
        )
        for one in rows
    ]


def build(request: HttpRequest) -> Shell:
    """The frame of this request's page."""
    now = (get_language() or "fr")[:2]
    territory: TerritoryView | None = getattr(request, "territory", None)
    slug = territory.slug if territory else ""
    actor = _actor(request)
    portal = [
        NavItem(label, "", url, current=request.path.startswith(url))
        for label, name in PORTAL
        if slug
        and (url := url_or_none(name, territory=slug))
        and (name != "portal_live:things" or _is_measured(request, territory))
    ]
    return Shell(
        territory=card(territory, counted=True) if territory else None,
        territories=_open_to(actor) if actor else (),
        person=_person(actor) if actor else None,
        nav=sections(request, slug, ENTRIES, SECTIONS) if slug else (),
        portal_nav=portal,
        languages=[LanguageChoice(code, name, code == now) for code, name in language.NAMES.items()],
        cockpit_url=url_or_none("cockpit"),
        portal_url=(url_or_none("portal:territory", territory=slug) if slug else "") or url_or_none("portal"),
        sign_in_url=url_or_none("account_login"),
        sign_out_url=url_or_none("account_logout"),
        crises=_crises(request, actor, territory),
    )


def shell(request: HttpRequest) -> dict[str, object]:
    """`shell` for the templates, lazily."""
    return {"shell": SimpleLazyObject(lambda: build(request))}
