"""The three tracks of a measure on one grid: where each stands, and the steps that may follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext

from belvedere.domains.plans.public import guards, maturity, states, views
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import tracks, words
from belvedere.faces.web.pages.plans.addresses import open_url
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.faces.web.pages.plans.track_forms import AgreementForm, in_the_way
from belvedere.kernel.errors import N_

# What stands in the way is mended by this part, and how the way there is called.
FIXES: dict[str, tuple[str, str]] = {
    "estimate": ("estimate", N_("Enter an estimate")),
    "site": ("site", N_("Draw the site")),
    "listing": ("listing", N_("Open the listing")),
    "assessment": ("assess", N_("Record the authority’s priority")),
    "agreement": ("agreement", N_("Enter the number")),
    "financing": ("agreement", N_("Enter number and date")),
    "decision": ("decision", N_("Record the decision")),
    "phase": ("phase", N_("Move the phase")),
    "dates": ("dates", N_("Enter the dates")),
    "quantities": ("quantity", N_("Enter the quantities")),
    "implementation": ("implementation", N_("Move the implementation")),
}
ON_LISTINGS = frozenset({"listing", "assess", "agreement"})


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A step that cannot be taken yet, why, and the way to what mends it."""

    label: str
    why: str
    fix: Button | None


@dataclass(frozen=True, slots=True)
class Track:
    """One row of the grid. `target` is the place where its form opens."""

    key: str
    title: str
    note: str
    steps: list[tracks.Step]
    buttons: list[Button]
    refusals: list[Refusal]
    others: Button | None  # the form with every step, those back too
    deadlines: list[str]

    @property
    def target(self) -> str:
        return f"pq-edit-{self.key}"


def rows(room: Room, view: views.MeasureView) -> list[Track]:
    """Planning, implementation, and the agreement of each plan that has one."""
    found = [_planning(room, view), _implementation(room, view)]
    if room.is_cockpit:
        found += [_agreement(room, view, one) for one in view.listings if one.has_agreement]
    return found


def _planning(room: Room, view: views.MeasureView) -> Track:
    steps = tracks.planning(view)
    order = [step.code for step in states.PHASE_SCHEMES.get(view.phase_scheme, ())]
    at = order.index(view.phase) if view.phase in order else -1
    following = order[at + 1] if at + 1 < len(order) else ""
    url = open_url(room, view, "phase")
    shown = [one for one in view.planning_steps if one.to == following]
    buttons, refusals = _ways(room, view, shown, url, view.phase_scheme)
    others = Button(gettext("Another phase"), url) if url else None
    note = words.scheme(view.phase_scheme)
    return Track("phase", gettext("Planning"), note, steps, buttons, refusals, others, [])


def _implementation(room: Room, view: views.MeasureView) -> Track:
    url = open_url(room, view, "implementation")
    forward = [one for one in view.implementation_steps if one.to in _ROAD and not one.step.back]
    buttons, refusals = _ways(room, view, forward, url)
    others = Button(gettext("Suspend, abandon, replace"), url) if url else None
    return Track(
        "implementation",
        gettext("Implementation"),
        gettext("what one can see"),
        tracks.implementation(view),
        buttons,
        refusals,
        others,
        [],
    )


_ROAD = (states.Implementation.IN_PROGRESS, states.Implementation.DONE)


def _agreement(room: Room, view: views.MeasureView, listing: views.Listing) -> Track:
    url = open_url(room, view, "agreement", listing)
    forward = [one for one in listing.steps if not one.step.back and one.to != states.Agreement.FORFEITED]
    buttons, refusals = _ways(room, view, forward, url, listing=listing)
    others = Button(gettext("Numbers, another step"), url) if url else None
    return Track(
        f"agreement-{listing.id}",
        gettext("Agreement"),
        listing.plan_code,
        tracks.agreement(listing),
        buttons,
        refusals,
        others,
        deadlines_in_words(listing),
    )


def deadlines_in_words(listing: views.Listing) -> list[str]:
    """The deadlines of a listing, with their source and since when they are frozen."""
    said = []
    if listing.start_deadline:
        said.append(
            gettext("Works to start by %(day)s") % {"day": formats.day(listing.start_deadline, "short")}
        )
    if listing.claim_deadline:
        said.append(
            gettext("Aid to be claimed by %(day)s") % {"day": formats.day(listing.claim_deadline, "short")}
        )
    if said and listing.deadlines_frozen_on:
        said.append(gettext("frozen on %(day)s") % {"day": formats.day(listing.deadlines_frozen_on, "short")})
    if said and listing.deadline_source:
        said.append(gettext("source: %(source)s") % {"source": listing.deadline_source})
    return said


def _ways(
    room: Room,
    view: views.MeasureView,
    possible: Sequence[maturity.Possible],
    url: str,
    scheme: str = "",
    listing: views.Listing | None = None,
) -> tuple[list[Button], list[Refusal]]:
    """The steps that can be taken as buttons, the others with what is in the way; none without a right."""
    if not url:
        return [], []
    buttons, refusals = [], []
    for one in possible:
        label = tracks.label(one.step.track, one.to, scheme)
        if one.allowed or (listing is not None and AgreementForm.walkable(one)):
            buttons.append(Button(label, f"{url}?{urlencode({'to': one.to})}"))
        else:
            first = in_the_way(one)
            refusals.append(Refusal(label, words.obstacle(first), _fix(room, view, first, listing)))
    return buttons, refusals


def _fix(
    room: Room, view: views.MeasureView, obstacle: guards.Obstacle, listing: views.Listing | None
) -> Button | None:
    known = FIXES.get(obstacle.fix)
    if known is None:
        return None
    part, label = known
    row = None
    if part in ON_LISTINGS:
        code = obstacle.data.get("plan")
        row = next((one for one in view.listings if one.plan_code == code), listing)
        if row is None:
            return None
    url = open_url(room, view, part, row)
    if url and part == "decision":
        url += "?type=abandon"
    return Button(gettext(label), url) if url else None
