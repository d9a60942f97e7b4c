"""The owner's measures by plan, category, phase, commune or funder; each stands in one group only."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from uuid import UUID

import numpy as np

from belvedere.domains.plans.models import Category, Plan
from belvedere.domains.plans.outlook import assumptions
from belvedere.domains.plans.outlook.cockpit import measure_lines
from belvedere.domains.plans.outlook.picture import COUNTED, Part, Picture, aid_of, names_of, row
from belvedere.domains.plans.outlook.views import Ceiling, GroupRow, MeasureLine
from belvedere.domains.plans.states import PHASE_SCHEMES
from belvedere.domains.territory.public import places
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.paging import Page, Window
from belvedere.kernel.texts import text_in
from belvedere.science.finance.ceilings import counted
from belvedere.science.finance.cents import Cents

NONE = "none"  # the group of what has no plan, category…
SEVERAL = "several"  # of what touches several communes


class By(StrEnum):
    PLAN = "plan"
    CATEGORY = "category"
    PHASE = "phase"
    COMMUNE = "commune"
    FUNDER = "funder"


def _plan_key(picture: Picture, whole: int) -> str:
    listed = picture.own.holdings.listings[whole]
    asked = picture.question.plan_id
    if asked is not None:
        return str(asked)
    return str(listed[0].plan_id) if listed else NONE


def _category_key(picture: Picture, whole: int) -> str:
    category = picture.own.holdings.categories[whole]
    return NONE if category is None else str(category)


def _phase_key(picture: Picture, whole: int) -> str:
    scheme, code = picture.own.holdings.phases[whole]
    return f"{scheme}:{code}" if code else NONE


def _commune_key(picture: Picture, whole: int) -> str:
    places = picture.own.holdings.places[whole]
    return NONE if not places else str(places[0]) if len(places) == 1 else SEVERAL


KEYS: dict[By, Callable[[Picture, int], str]] = {
    By.PLAN: _plan_key,
    By.CATEGORY: _category_key,
    By.PHASE: _phase_key,
    By.COMMUNE: _commune_key,
}


def _members(picture: Picture, by: By) -> dict[str, list[int]]:
    """Rows of the owner's part by the key of their group."""

    def make() -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        key = KEYS[by]
        for at, whole in enumerate(picture.own.rows.tolist()):
            found.setdefault(key(picture, whole), []).append(at)
        return found

    what = ("members", by, picture.question.plan_id, picture.question.node_id, picture.constant_kind)
    return picture.own.holdings.once(what, make)


def groups(picture: Picture, by: By) -> tuple[GroupRow, ...]:
    """The groups, which add up to the owner's gross and net. By funder, aid stands as gross and net is 0."""
    if by is By.FUNDER:
        return _funders(picture)
    found = _members(picture, by)
    labels = _labels(picture, by, list(found))
    rows = []
    for key, members in found.items():
        at = np.array(members, np.int64)
        gross, net = picture.own.found.gross[at].sum(axis=0), picture.own.found.net[at].sum(axis=0)
        rows.append(GroupRow(key, labels.get(key, ""), len(members), row(gross), row(net)))
    order = {key: number for number, key in enumerate(labels)}
    if by in (By.PLAN, By.PHASE):
        return tuple(sorted(rows, key=lambda one: order.get(one.key, len(order))))
    return tuple(sorted(rows, key=lambda one: (-sum(one.gross), one.label)))


def _labels(picture: Picture, by: By, keys: list[str]) -> dict[str, str]:
    """Names of groups in the order to show them; phases and the group of the rest have none here."""
    named = [key for key in keys if key not in (NONE, SEVERAL)]
    match by:
        case By.PLAN:
            plans = Plan.objects.filter(pk__in=named).order_by("type", "-generation", "code")
            return {str(plan.pk): text_in(plan.title, picture.language) for plan in plans}
        case By.CATEGORY:
            words = Category.objects.filter(pk__in=named).order_by("code")
            return {str(word.pk): text_in(word.names, picture.language) for word in words}
        case By.COMMUNE:
            found_places = places([UUID(key) for key in named])
            return {
                str(place.id): text_in(dict(place.names), picture.language) for place in found_places.values()
            }
        case _:
            order = [f"{scheme}:{step.code}" for scheme, steps in PHASE_SCHEMES.items() for step in steps]
            return {key: "" for key in order if key in named}


def _funders(picture: Picture) -> tuple[GroupRow, ...]:
    own = picture.own
    names = names_of(own.book.payers, picture.language)
    aid = own.by_payer(own.found)
    nothing = row(np.zeros(picture.axis.width, np.int64))
    rows = []
    for at, payer in enumerate(own.book.payers):
        if aid[at].any():
            members = np.unique(own.book.line_measure[own.book.line_payer == at])
            rows.append(GroupRow(str(payer), names.get(payer, ""), len(members), row(aid[at]), nothing))
    return tuple(sorted(rows, key=lambda one: (-sum(one.gross), one.label)))


def rows_of(picture: Picture, what: str) -> tuple[Part, list[int], Cents]:
    """What a row of the page is made of: the measures, and their amounts [n, c] in it.

    `what` is "gross", "net", "need", "contributions", "aid:<payer>" or "<grouping>:<key>". NotFound for
    any other.
    """
    own, found = picture.own, picture.own.found
    kind, _, key = what.partition(":")
    if what in ("gross", "net", "need"):
        values = {"gross": found.gross, "net": found.net, "need": found.need}[what]
    elif what == "contributions":
        return _contributions(picture)
    elif kind == "aid" or (kind == By.FUNDER and key):
        return own, *_aid(own, key)
    elif kind in {by.value for by in KEYS}:
        members = _members(picture, By(kind)).get(key)
        if members is None:
            raise NotFound(N_("There is nothing in this group. Open the page again."))
        return own, members, found.gross
    else:
        raise NotFound(N_("This page has no such row. Open it again."))
    return own, np.flatnonzero(values.any(axis=1)).tolist(), values


def sources_of(picture: Picture, what: str) -> tuple[tuple[Part, list[int], Cents], ...]:
    """As `rows_of`, and the rows made of two: "charge" and "need" hold what is paid to others too.

    "margin" and "margin:<nature>": what counts under a ceiling, taken from it, in the years that have one.
    """
    if what.partition(":")[0] == "margin":
        return _under(picture, ceiling_of(picture, what))
    if what == "charge":
        return rows_of(picture, "net"), rows_of(picture, "contributions")
    if what == "need":
        paid_out = _aid(picture.others, str(picture.owner.id), received=True)
        return rows_of(picture, "need"), (picture.others, *paid_out)
    return (rows_of(picture, what),)


def ceiling_of(picture: Picture, what: str) -> Ceiling:
    """The ceiling of a row of margins; NotFound for any other."""
    for one in picture.ceilings:
        if one.row == what:
            return one
    raise NotFound(N_("This page has no such row. Open it again."))


def _under(picture: Picture, ceiling: Ceiling) -> tuple[tuple[Part, list[int], Cents], ...]:
    """What a ceiling holds, as amounts that are taken from it."""
    limited = np.array(assumptions.in_cents(ceiling.limits), np.int64) >= 0
    own, others = picture.own, picture.others
    lines = others.lines_of(picture.owner.id)
    helped = np.zeros_like(others.found.gross)
    np.add.at(helped, others.book.line_measure[lines], aid_of(others.found, lines, ceiling.nature))
    found = []
    for part, values in ((own, counted(own.found, COUNTED[ceiling.nature])), (others, helped)):
        taken = np.where(limited, -values, 0)
        found.append((part, np.flatnonzero(taken.any(axis=1)).tolist(), taken))
    return tuple(found)


def _aid(part: Part, key: str, *, received: bool = False) -> tuple[list[int], Cents]:
    try:
        lines = part.lines_of(UUID(key))
    except ValueError:
        raise NotFound(N_("This page has no such row. Open it again.")) from None
    values = np.zeros_like(part.found.gross)
    amounts = part.found.received if received else part.found.aid_line
    np.add.at(values, part.book.line_measure[lines], amounts[lines])
    return np.flatnonzero(values.any(axis=1)).tolist(), values


def _contributions(picture: Picture) -> tuple[Part, list[int], Cents]:
    members, values = _aid(picture.others, str(picture.owner.id))
    return picture.others, members, values


def measures(picture: Picture, what: str, window: Window | None = None) -> Page[MeasureLine]:
    """The measures behind a row of the page, the largest first; of a margin the owner's, then others'."""
    window = window or Window(size=50)
    if what.partition(":")[0] != "margin":
        part, members, values = rows_of(picture, what)
        return measure_lines(picture, members, values, part=part, window=window)
    (part, members, values), (others, helped, paid) = sources_of(picture, what)
    own = measure_lines(picture, members, values, part=part, window=window)
    start, size = max(0, window.start - own.total), window.size - len(own.rows)
    lines = list(own.rows)
    if size > 0:
        lines += measure_lines(picture, helped, paid, part=others, window=Window(start, size)).rows
    return Page(lines, own.total + len(helped), window)


__all__ = ["NONE", "SEVERAL", "By", "ceiling_of", "groups", "measures", "rows_of", "sources_of"]
