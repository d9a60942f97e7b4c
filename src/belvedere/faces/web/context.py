"""The context every template has: `shell`, the frame around the page."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from belvedere.faces.web import language
from belvedere.faces.web.shell import (
    Entry,
    LanguageChoice,
    NavItem,
    PersonCard,
    Shell,
    TerritoryCard,
    Text,
    sections,
)

SECTIONS: tuple[tuple[str, Text], ...] = (
    ("decide", _("Decide")),
    ("govern", _("Govern")),
)

ENTRIES: tuple[Entry, ...] = (
    Entry("decide", _("Measures"), "list-details", "plans:measures"),
    Entry("decide", _("Finances"), "coins", "plans:finance"),
    Entry("govern", _("Territory"), "map-2", "territory:places"),
    Entry("govern", _("People and roles"), "users", "access:people"),
    Entry("govern", _("Journal"), "history", "journal:list"),
)


def url_or_none(name: str, **kwargs: str) -> str:
    """The address called `name`, or "" where the platform has none (yet)."""
    try:
        return reverse(name, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


def _territory(request: HttpRequest) -> TerritoryCard | None:
    found = getattr(request, "territory", None)
    if found is None:
        return None
    return TerritoryCard(
        slug=found.slug,
        name=str(found.name),
        url=url_or_none("cockpit:territory", territory=found.slug),
        is_example=bool(getattr(found, "is_example", False)),
        summary=str(getattr(found, "summary", "") or ""),
    )


def _person(request: HttpRequest) -> PersonCard | None:
    try:
        actor = getattr(request, "actor", None)
        if actor is None or actor.person_id is None:
            return None
    except DatabaseError:  # the page that says so must still be drawn
        return None
    return PersonCard(name=actor.label, account_url=url_or_none("access:account"))


def shell(request: HttpRequest) -> dict[str, Shell]:
    """`shell` for the templates; asks for nothing that the middleware has not already found."""
    now = (get_language() or "fr")[:2]
    territory = _territory(request)
    nav = sections(request, territory.slug, ENTRIES, SECTIONS) if territory else []
    slug = territory.slug if territory else ""
    portal = [
        NavItem(label, "", url, current=request.path.startswith(url))
        for label, name in ((_("Projects"), "portal_plans:measures"), (_("Money"), "portal_plans:finance"))
        if slug and (url := url_or_none(name, territory=slug))
    ]
    return {
        "shell": Shell(
            territory=territory,
            person=_person(request),
            nav=nav,
            portal_nav=portal,
            languages=[LanguageChoice(code, name, code == now) for code, name in language.NAMES.items()],
            cockpit_url=url_or_none("cockpit"),
            portal_url=url_or_none("portal:territory", territory=slug) if slug else url_or_none("portal"),
            sign_in_url=url_or_none("account_login"),
            sign_out_url=url_or_none("account_logout"),
        )
    }
