"""What the frame of a page needs to know: values only, built by `context.shell` for each request.

Not for the content of pages: a page brings its own context.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

Text: TypeAlias = str | Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the rail. `count` is shown when above zero, with `count_label` as its sentence."""

    label: Text
    icon: str
    url: str
    current: bool = False
    count: int = 0
    count_label: Text = ""


@dataclass(frozen=True, slots=True)
class NavSection:
    label: Text
    items: Sequence[NavItem]


@dataclass(frozen=True, slots=True)
class TerritoryCard:
    """The territory in the corner of the rail. `summary` is a sentence such as “26 communes”."""

    slug: str
    name: str
    url: str
    is_example: bool = False
    summary: str = ""
    logo_url: str = ""


@dataclass(frozen=True, slots=True)
class PersonCard:
    name: str
    role: str = ""
    account_url: str = ""

    @property
    def initials(self) -> str:
        return initials(self.name)


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    code: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class CrisisCard:
    """A crisis that runs, shown on every page of the cockpit. `my_tasks`: those that wait for the reader."""

    name: str
    url: str
    phase: str
    level: str
    since: datetime
    is_exercise: bool
    my_tasks: int


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything `cockpit.html` and `portal.html` draw around a page."""

    territory: TerritoryCard | None = None
    territories: Sequence[TerritoryCard] = ()
    person: PersonCard | None = None
    nav: Sequence[NavSection] = ()
    portal_nav: Sequence[NavItem] = ()
    legal: Sequence[NavItem] = ()
    languages: Sequence[LanguageChoice] = ()
    cockpit_url: str = ""
    portal_url: str = ""
    sign_in_url: str = ""
    sign_out_url: str = ""
    crises: Sequence[CrisisCard] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A possible entry of the rail; it shows once its URL exists and `visible` agrees.

    `url_name` is reversed with the territory's slug; it is current on that path and below, and on the paths
    of `also`; with `alone` on that path only, for a first page that has all others below it.
    """

    section: str
    label: Text
    icon: str
    url_name: str
    visible: Callable[[HttpRequest], bool] = field(default=lambda _request: True)
    also: tuple[str, ...] = ()
    alone: bool = False

    def item(self, request: HttpRequest, slug: str) -> NavItem | None:
        try:
            url = reverse(self.url_name, kwargs={"territory": slug})
        except NoReverseMatch:
            return None
        if not self.visible(request):
            return None
        paths = [url, *(reverse(name, kwargs={"territory": slug}) for name in self.also)]
        current = request.path == url if self.alone else any(_is_current(request.path, one) for one in paths)
        return NavItem(self.label, self.icon, url, current)


def sections(
    request: HttpRequest, slug: str, entries: Sequence[Entry], labels: Sequence[tuple[str, Text]]
) -> list[NavSection]:
    """The rail's sections in the order of `labels`; empty ones are left out, one entry at most is current."""
    found: dict[str, list[NavItem]] = {key: [] for key, _label in labels}
    for entry in entries:
        item = entry.item(request, slug)
        if item is not None:
            found[entry.section].append(item)
    longest = max((len(i.url) for items in found.values() for i in items if i.current), default=0)
    result = []
    for key, label in labels:
        items = [
            NavItem(i.label, i.icon, i.url, i.current and len(i.url) == longest, i.count, i.count_label)
            for i in found[key]
        ]
        if items:
            result.append(NavSection(label, items))
    return result


def _is_current(path: str, url: str) -> bool:
    return path == url or path.startswith(url if url.endswith("/") else f"{url}/")


def initials(name: str) -> str:
    """Two letters for a person: first letters of the first and the last word, “SF” for Sandrine Favre-Rey."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    if not words:
        return name[:1].upper() or "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[1][0]).upper()
