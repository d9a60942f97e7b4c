"""The page of an owner: chart, summary, measures, what if."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import outlook, policies, queries
from belvedere.domains.territory.public import organisations_by_id
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.outlook import asked as asking
from belvedere.faces.web.pages.plans.outlook import (
    bar,
    choices,
    drawing,
    effects,
    findings,
    phone,
    scenarios,
    summary,
)
from belvedere.faces.web.pages.plans.outlook.asked import Asked
from belvedere.faces.web.pages.plans.outlook.cells import Line, Writer
from belvedere.faces.web.pages.plans.outlook.figures import Figures
from belvedere.faces.web.pages.plans.outlook.present import Columns, Rows, figures_of, styles_of
from belvedere.faces.web.pages.plans.outlook.units import Unit, unit_of
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import InvalidInput, NotFound
from belvedere.kernel.paging import Page, Window

WINDOW = 50  # measures at a time
MOST_WINDOWS = 20
NO_PRICES = frozenset({"no_prices", "no_price"})  # none entered; none for a year that is shown


class Cockpit:
    """An owner's outlook under a question, and what the page makes of it."""

    def __init__(self, room: Room, organisation_id: UUID, asked: Asked) -> None:
        self.room, self.asked, self.organisation_id = room, asked, organisation_id
        self.picture = outlook.open_picture(
            room.actor, room.territory.id, organisation_id, asked.question, language=room.language
        )
        self.asked = replace(asked, plan=self.picture.question.plan_id)  # an axis says its plan
        self.view = outlook.view_of(self.picture)
        self.url = room.url("outlook", organisation_id=organisation_id)
        self.owner = self.view.organisation_name

    @cached_property
    def columns(self) -> Columns:
        return Columns(self.view)

    @cached_property
    def figures(self) -> Figures:
        return figures_of(self.view, self.columns)

    @cached_property
    def unit(self) -> Unit:
        return unit_of(self.view.kind, self.figures.largest)

    @cached_property
    def writer(self) -> Writer:
        # One query for all addresses: what is open does not change what an amount is made of.
        query = replace(self.asked, open=(), measure=None).query()

        def address(row: str, column: str) -> str:
            return f"{self.url}explain/{row}/{column}/{query}"

        return Writer(self.figures.heads, self.unit, address)

    @cached_property
    def rows(self) -> Rows:
        styles = styles_of(self.figures)
        return Rows(self.room, self.asked, self.url, self.writer, self.columns, styles, self.owner)

    @cached_property
    def passed(self) -> tuple[outlook.views.Passed, ...]:
        """The ceilings passed, with the slips that mend them."""
        return outlook.passed(self.picture)

    @cached_property
    def titles(self) -> dict[UUID, str]:
        """Code and title of the measures that the page names outside its table."""
        wanted = {change.measure_id for change in self.asked.changes}
        wanted |= set([one.mending_measure for one in self.passed if one.mending_measure][:1])
        wanted |= {self.asked.measure} if self.asked.measure else set()
        found = {}
        for measure_id in wanted:
            row = queries.measure_row(self.room.actor, measure_id, language=self.room.language)
            if row is not None:
                found[measure_id] = f"{row.codes} {row.title}".strip()
        return found

    @cached_property
    def payer_names(self) -> dict[UUID, str]:
        """The names of the payers who leave."""
        found = organisations_by_id(self.asked.leavers)
        return {key: view.name for key, view in found.items()}

    def address(self, asked: Asked) -> str:
        return self.url + asked.query()

    def shown(self, key: str) -> Window:
        """The measures shown below an opened row."""
        return Window(0, WINDOW * min(self.asked.windows_of(key), MOST_WINDOWS // 2))

    def below(self, key: str) -> Sequence[Line]:
        """The measures under an opened row of the summary."""
        page = outlook.measures(self.picture, key, self.shown(key))
        limits = (limit for limit in self.figures.limits if limit.row == key)
        return [
            *map(self.rows.limit, limits),
            *(self.rows.part(line) for line in page.rows),
            *self._more(key, page),
        ]

    def _more(self, key: str, page: Page[Any]) -> Iterator[Line]:
        if page.next_start is not None:
            yield self.rows.more(key, len(page.rows), page.total, self.asked.windows_of(key) + 1)

    def groups(self) -> list[list[Line]]:
        """The measures by group; what is open is unfolded."""
        return [
            list(self._group(group))
            for group in outlook.groups(self.picture, outlook.By(self.asked.grouping))
        ]

    def _group(self, group: outlook.views.GroupRow) -> Iterator[Line]:
        head = self.rows.group(group)
        yield head
        if not head.is_open:
            return
        page = outlook.measures(self.picture, head.key, self.shown(head.key))
        for line in page.rows:
            row = self.rows.measure(line)
            yield row
            if row.is_open:
                yield from self.rows.detail(outlook.measure_detail(self.picture, line.measure_id))
        yield from self._more(head.key, page)

    @property
    def within(self) -> str:
        """The name of the axis or of the plan that is asked for, "" for all plans."""
        axis = next((axis for axis in self.view.axes if axis.id == self.asked.axis), None)
        plan = next((plan for plan in self.view.plans if plan.id == self.asked.plan), None)
        if axis is not None and plan is not None:
            return f"{plan.code} {axis.code} {axis.title}"
        return plan.title if plan else ""

    def finding(self) -> str:
        return findings.finding(
            self.owner,
            outlook.views.total(self.figures.net),
            outlook.views.total(self.figures.gross),
            self.view.kind,
            over=self.figures.over,
            has_ceiling=bool(self.view.ceilings),
            plan=self.within,
        )

    def head(self) -> dict[str, Any]:
        """Title and what stands under it."""
        number = self.view.measures
        years = [year for year in self.figures.years if year]
        sub = ngettext("%(n)s measure", "%(n)s measures", number) % {"n": formats.number(number)}
        if years:
            sub += gettext(", %(first)s to %(last)s") % {"first": years[0], "last": years[-1]}
        if self.view.given_up:
            sub += ngettext(", %(n)s given up left out", ", %(n)s given up left out", self.view.given_up) % {
                "n": formats.number(self.view.given_up)
            }
        return {"finding": self.finding(), "sub": f"{sub}.", "state_words": self._state_words()}

    def _state_words(self) -> str:
        if not self.asked.is_what_if:
            return ""
        if self.asked.scenario is None:
            return gettext("Scenario not saved.")
        saved = outlook.scenario(self.room.actor, self.asked.scenario)
        if saved.adjustments == self.asked.question.adjustments:
            return gettext("Scenario “%(name)s”.") % {"name": saved.name}
        return gettext("Scenario “%(name)s”, changed since.") % {"name": saved.name}

    def live(self) -> dict[str, Any]:
        """What a slider changes."""
        zones = drawing.zones_of(self.figures, self.view.current_year, self.view.planned)
        columns = len(self.figures.heads)
        return {
            **drawing.context(self.figures, self.unit, self.owner, zones, self.view.planned),
            **bar.changes(self),
            "unit": self.unit,
            "heads": self.figures.heads,
            "columns": columns,
            "columns_and_total": columns + 1,
            "effects": effects.effects(
                outlook.effects(self.picture),
                self.passed,
                self.asked,
                self.unit,
                self.url,
                self.owner,
                self.titles,
                has_ceiling=bool(self.view.ceilings),
                may_set=self.may("edit_frames"),
            ),
            "summary": summary.lines(self.figures, self.writer, self.asked, self.owner, self.url, self.below),
            "groups": self.groups(),
            "groups_label": gettext("Measures, gross cost by"),
            **choices.grouping(self),
            "foot": self.foot(),
            "files": self.files(),
            **phone.context(self),
        }

    def foot(self) -> str:
        """How the numbers are made, said under the table."""
        said = [
            gettext(
                "Aid is counted in the year of the spending; the treasury follows the payments as agreed."
            )
        ]
        if self.view.price_note:
            said.append(gettext("Prices: %(index)s.") % {"index": self.view.price_note})
        sources = dict.fromkeys(source for one in self.view.ceilings for source in one.sources)
        if sources:
            said.append(gettext("Ceiling: %(source)s.") % {"source": ", ".join(sources)})
        if self.view.unlike_lines:
            said.append(
                ngettext(
                    "%(n)s funding line is in other money than its cost and brings nothing here.",
                    "%(n)s funding lines are in other money than their cost and bring nothing here.",
                    self.view.unlike_lines,
                )
                % {"n": formats.number(self.view.unlike_lines)}
            )
        return " ".join(said)

    def ways_out(self) -> list[dict[str, str]]:
        """The buttons beside the title."""
        query = replace(self.asked, plan=None, axis=None, open=(), measure=None).query()
        within = Asked(plan=self.asked.plan, axis=self.asked.axis).query()
        return [
            {"label": gettext("Ceilings"), "icon": "ruler-measure", "url": f"{self.url}ceilings/{within}"},
            {"label": gettext("Votes"), "icon": "gavel", "url": f"{self.url}votes/{query}"},
            {"label": gettext("Prices"), "icon": "chart-line", "url": self.room.url("outlook_prices")},
            {"label": gettext("Whole territory"), "icon": "coins", "url": self.room.url("finance")},
        ]

    def files(self) -> list[dict[str, str]]:
        """What is on the page, to take away: the same plan, prices and scenario."""
        query = self.asked.query()
        return [
            {
                "label": label,
                "icon": icon,
                "url": self.room.url(f"outlook_{kind}", organisation_id=self.organisation_id) + query,
            }
            for kind, label, icon in (
                ("xlsx", gettext("Workbook"), "file-spreadsheet"),
                ("csv", "CSV", "file-export"),
                ("pdf", gettext("Report to print"), "file-type-pdf"),
            )
        ]

    def may(self, verb: str) -> bool:
        """Whether the reader may do this for the owner."""
        thing = policies.Thing(self.room.territory.id, self.organisation_id)
        return policies.may(self.room.actor, verb, thing) is None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show: no measure, and nothing paid to those of others."""
        return not self.view.measures and not any(self.view.contributions)

    def empty(self) -> dict[str, Any]:
        """What to do where there is nothing yet."""
        return {
            "finding": gettext("%(owner)s has nothing to pay yet") % {"owner": self.owner},
            "sub": "",
            "empty_title": gettext("No amount yet"),
            "empty_text": gettext("Give a measure of this owner a cost and its years: they appear here."),
            "empty_url": self.room.measures_url,
            "empty_action": gettext("See the measures"),
            "actions": self.ways_out(),
        }

    def whole(self, form: scenarios.ScenarioForm | None = None) -> dict[str, Any]:
        """Everything; `form` is the one that could not be saved."""
        if self.is_empty:
            return self.empty()
        return {
            **self.head(),
            **self.live(),
            **bar.context(self),
            **scenarios.context(self, form),
            **choices.context(self),
        }


def opened(room: Room, organisation_id: UUID, asked: Asked) -> Cockpit:
    """The cockpit, with the saved scenario that the address names.

    At constant prices, with a note that says why, where no index leads to current ones.
    """
    policies.require_outlook(room.actor, room.territory.id, organisation_id)
    asked = scenarios.opened(room, organisation_id, asked)
    try:
        return Cockpit(room, organisation_id, asked)
    except (NotFound, InvalidInput) as error:
        if error.code == "no_such_axis":
            notes = (*asked.notes, sentence(error))
            return opened(room, organisation_id, replace(asked, axis=None, notes=notes))
        if asked.prices == asking.PRICES[0] or error.code not in NO_PRICES:
            raise
        notes = (*asked.notes, sentence(error))
        return Cockpit(room, organisation_id, replace(asked, prices=asking.PRICES[0], notes=notes))


def frame_of(cockpit: Cockpit) -> dict[str, Any]:
    """What the page around it needs."""
    return {
        "room": cockpit.room,
        "owner": {"id": cockpit.organisation_id, "name": cockpit.owner},
        "money_url": cockpit.room.url("finance"),
        "page_url": cockpit.url,
        "notes": cockpit.asked.notes,
    }


def _page(request: HttpRequest, room: Room, organisation_id: UUID) -> HttpResponse:
    cockpit = opened(room, organisation_id, asking.read(request.GET))
    asked = cockpit.asked
    is_live = request.headers.get("HX-Target", "").endswith("po-live")
    context = frame_of(cockpit)
    if is_live and not cockpit.is_empty:
        beside = {**bar.context(cockpit), **scenarios.context(cockpit)}  # a changed scenario can be saved
        context |= {**beside, **cockpit.head(), **cockpit.live(), "oob": True}
        response = render(request, "plans/outlook/moved.html", context)
    else:
        context |= cockpit.whole()
        template = "body" if request.headers.get("HX-Target", "").endswith("po-page") else "page"
        response = render(request, f"plans/outlook/{template}.html", context)
    if request.headers.get("HX-Request"):
        header = "HX-Replace-Url" if is_live else "HX-Push-Url"
        response[header] = cockpit.address(asked)
    return response


page = in_cockpit(_page)

__all__ = ["Cockpit", "page"]
