"""What the reads give back, made ready for the page: columns worth showing, rows, words of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext

from belvedere.domains.plans.public import outlook, states
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.asked import Asked, Change
from belvedere.faces.web.pages.plans.outlook.cells import Head, Line, Writer
from belvedere.faces.web.pages.plans.outlook.figures import Figures, Limit, Row, payers_shown
from belvedere.faces.web.pages.plans.outlook.units import Unit
from belvedere.faces.web.pages.plans.rooms import Room

T = TypeVar("T")
views = outlook.views


class Columns:
    """The columns of an outlook that are shown: all years, and the others where anything stands in them."""

    def __init__(self, view: views.OutlookView) -> None:
        rows = (view.gross, view.net, view.contributions, view.need, view.earlier or view.net)
        self.at = tuple(
            at for at, column in enumerate(view.columns) if column.year or any(row[at] for row in rows)
        )
        self.columns = tuple(view.columns[at] for at in self.at)

    def of(self, row: Sequence[T]) -> tuple[T, ...]:
        return tuple(row[at] for at in self.at)


def _heads(view: views.OutlookView, columns: Columns, over: frozenset[int]) -> tuple[Head, ...]:
    names = {"before": gettext("before"), "after": gettext("after"), "undated": gettext("no year")}
    found = []
    for column in columns.columns:
        past = column.key == "before" or (column.year is not None and column.year < view.current_year)
        css = "p" if past else "now" if column.year == view.current_year else ""
        label = names.get(column.key, column.key)
        found.append(Head(column.key, label, css, is_over=column.year in over))
    return tuple(found)


def figures_of(view: views.OutlookView, columns: Columns) -> Figures:
    """The upper half of the page."""
    over = frozenset(
        column.year
        for ceiling in view.ceilings
        for column, margin in zip(view.columns, ceiling.margins, strict=True)
        if column.year and margin is not None and margin < 0
    )
    payers = [(f"aid:{p.organisation_id}", p.name, columns.of(p.aid)) for p in view.payers]
    return Figures(
        kind=view.kind,
        heads=_heads(view, columns, over),
        years=tuple(column.year for column in columns.columns),
        gross=columns.of(view.gross),
        payers=payers_shown(payers, gettext("Other payers")),
        net=columns.of(view.net),
        contributions=columns.of(view.contributions),
        cash=columns.of(view.need),
        limits=tuple(
            Limit(one.row, str(one.nature or ""), columns.of(one.limits), columns.of(one.spent))
            for one in view.ceilings
        ),
        earlier=None if view.earlier is None else columns.of(view.earlier),
    )


def styles_of(figures: Figures) -> dict[str, str]:
    """The colour of each payer, by the key of its row."""
    found = {payer.key: payer.style for payer in figures.payers}
    return found | {one.key: one.style for payer in figures.payers for one in payer.of}


def _share(rate: Decimal | None) -> str:
    rate = rate or Decimal(0)
    places = 0 if rate * 100 == int(rate * 100) else 1 if rate * 1000 == int(rate * 1000) else 2
    return formats.percent(rate, places)


def rule_in_words(line: views.FundingRow, unit: Unit) -> str:
    """“40 % of the eligible cost, at most 7 000”, amounts in the unit of the table."""

    def written(amount: Decimal | None) -> str:
        return unit.in_table(amount or Decimal(0)) or "0"

    said = {
        states.FundingRule.FIXED: lambda: (
            gettext("fixed amount of %(amount)s") % {"amount": written(line.amount)}
        ),
        states.FundingRule.RATE: lambda: (
            gettext("%(share)s of the eligible cost") % {"share": _share(line.rate)}
        ),
        states.FundingRule.LUMP: lambda: (
            gettext("%(tariff)s a %(unit)s") % {"tariff": formats.number(line.tariff or 0), "unit": line.unit}
        ),
        states.FundingRule.FILL_UP: lambda: (
            gettext("fills the aid up to %(share)s of the eligible cost") % {"share": _share(line.rate)}
        ),
        states.FundingRule.RESIDUAL: lambda: gettext("takes what is left"),
    }[line.rule]()
    if line.cap is not None:
        said = gettext("%(rule)s, at most %(cap)s") % {"rule": said, "cap": written(line.cap)}
    return f"{said}, {line.instrument}" if line.instrument else said


def deadline_in_words(line: views.FundingRow) -> str:
    """“works start by 31.12.2031”."""
    if line.start_deadline:
        return gettext("works must start by %(day)s") % {"day": formats.day(line.start_deadline, "short")}
    if line.claim_deadline:
        return gettext("to be claimed by %(day)s") % {"day": formats.day(line.claim_deadline, "short")}
    return ""


def group_name(grouping: str, group: views.GroupRow) -> str:
    """The name of a group of measures; phases and the rest are named here."""
    if group.label:
        return group.label
    if group.key == outlook.SEVERAL:
        return gettext("several communes")
    if grouping == "phase" and group.key != outlook.NONE:
        return words.phase(*group.key.split(":", 1))
    return {
        "plan": gettext("in no plan"),
        "category": gettext("no service"),
        "phase": gettext("phase not said"),
        "commune": gettext("no commune"),
    }.get(grouping, gettext("others"))


class Rows:
    """Writes groups, measures and their funding as rows of the table."""

    def __init__(
        self,
        room: Room,
        asked: Asked,
        url: str,
        writer: Writer,
        columns: Columns,
        styles: dict[str, str],
        owner: str,
    ) -> None:
        self.room, self.asked, self.url, self.writer = room, asked, url, writer
        self.columns, self.styles, self.owner = columns, styles, owner

    def _toggle(self, key: str) -> str:
        return self.url + self.asked.toggled(key).query()

    def _cells(self, row: Row) -> Row:
        return self.columns.of(row)

    def group(self, group: views.GroupRow) -> Line:
        key = f"{self.asked.grouping}:{group.key}"
        return Line(
            key,
            group_name(self.asked.grouping, group),
            css="grp",
            count=formats.number(group.count),
            toggle=self._toggle(key),
            is_open=key in self.asked.open,
            cells=self.writer.cells(key, self._cells(group.gross)),
            total=self.writer.total(key, outlook.views.total(group.gross)),
        )

    def more(self, key: str, shown: int, total: int, windows: int) -> Line:
        """The row that brings the next window of a group's or a total's measures."""
        label = gettext("Next measures (%(shown)s of %(total)s shown)") % {
            "shown": formats.number(shown),
            "total": formats.number(total),
        }
        return Line(
            f"more:{key}", label, form="more", url=self.url + self.asked.windows(key, windows).query()
        )

    def _titled(self, line: views.MeasureLine) -> tuple[str, str]:
        return line.title, "" if line.title_language == self.room.language else line.title_language

    def part(self, line: views.MeasureLine) -> Line:
        """A measure under a row of the summary, with its part of that row."""
        title, language = self._titled(line)
        key = f"measure:{line.measure_id}"
        return Line(
            f"part:{line.measure_id}",
            title,
            css="sub",
            code=line.code,
            language=language,
            url=self.room.measure_url(line.measure_id),
            cells=self.writer.cells(key, self._cells(line.amounts), opens=False),
            total=self.writer.total(key, outlook.views.total(line.amounts), opens=False),
        )

    def limit(self, limit: Limit) -> Line:
        """The ceiling from which the rows under an opened margin are taken."""
        return Line(
            f"limit:{limit.row}",
            findings.with_nature(gettext("Ceiling"), limit.nature),
            css="sub",
            cells=self.writer.cells(limit.row, limit.most, opens=False),
            total=self.writer.total(limit.row, None),
        )

    def measure(self, line: views.MeasureLine) -> Line:
        title, language = self._titled(line)
        key = f"measure:{line.measure_id}"
        change = findings.change_said(line.shift_years, int(line.cost_share * 100))
        notes = []
        if line.also_in:
            said = gettext("also in %(plans)s, counted here")
            notes.append(said % {"plans": ", ".join(line.also_in)})
        return Line(
            key,
            title,
            css="me",
            code=line.code,
            language=language,
            toggle=self._toggle(key),
            is_open=key in self.asked.open,
            notes=tuple(notes),
            strong=(change,) if change else (),
            cells=self.writer.cells(key, self._cells(line.amounts)),
            total=self.writer.total(key, outlook.views.total(line.amounts)),
        )

    def detail(self, detail: views.MeasureDetail) -> Iterator[Line]:
        """The funding lines of a measure, and what is left to the owner."""
        line = detail.line
        yield self._about(line)
        for funding in detail.funding:
            yield self._funding(line, funding)
        key = f"rest:{line.measure_id}"
        yield Line(
            key,
            gettext("%(owner)s, the rest") % {"owner": self.owner},
            css="fl end",
            swatch="own",
            cells=self.writer.cells(key, self._cells(detail.net), opens=False),
            total=self.writer.total(key, outlook.views.total(detail.net), opens=False),
        )

    def _about(self, line: views.MeasureLine) -> Line:
        url = self.room.measure_url(line.measure_id)
        started = ""
        if line.works_start:
            started = gettext("Works start in %(year)s") % {"year": line.works_start.year}
            before = line.works_start_before
            if before and before.year != line.works_start.year:
                started += " " + gettext("(reference: %(year)s)") % {"year": before.year}
        phase = words.phase(line.phase_scheme, line.phase)
        label = words.scheme(line.phase_scheme)
        return Line(
            f"about:{line.measure_id}",
            f"{label}: {phase}" if phase else gettext("Phase not said"),
            form="meta",
            message=started,
            links=(
                (gettext("Page of the measure"), url),
                (gettext("Estimates and payments"), f"{url}#money"),
                (gettext("Shift it or change its cost"), self.url + self._on(line.measure_id)),
            ),
        )

    def _on(self, measure_id: UUID) -> str:
        return self.asked.on_measure(measure_id).query()

    def _funding(self, line: views.MeasureLine, funding: views.FundingRow) -> Line:
        key = f"line:{funding.line_id}"
        notes = [rule_in_words(funding, self.writer.unit)]
        swatch = self.styles.get(f"aid:{funding.payer_id}", "p6")
        if funding.unlike:
            notes.append(gettext("in other money than the cost, not counted"))
        if not funding.lost:
            if deadline := deadline_in_words(funding):
                notes.append(deadline)
            if funding.capped:
                notes.append(gettext("cap reached"))
            if funding.clipped:
                notes.append(gettext("cut to what was left"))
            return Line(
                key,
                funding.payer_name,
                css="fl",
                swatch=swatch,
                notes=tuple(notes),
                cells=self.writer.cells(key, self._cells(funding.amounts), opens=False),
                total=self.writer.total(key, outlook.views.total(funding.amounts), opens=False),
            )
        struck = self.writer.struck(funding.at_stake)
        fix_label, fix_url = self.fix(line.measure_id, funding.keeping_shift)
        return Line(
            key,
            funding.payer_name,
            css="fl lost",
            swatch=swatch,
            form="message",
            notes=tuple(notes),
            total=struck,
            consequence=gettext("Aid lost."),
            message=lost_in_words(funding.lost, funding.start_deadline, funding.claim_deadline, line),
            fix_label=fix_label,
            fix_url=fix_url,
        )

    def fix(self, measure_id: UUID, keeping: int | None) -> tuple[str, str]:
        """The button that brings a measure back to the largest shift that keeps the aid."""
        if keeping is None:
            return "", ""
        change = self.asked.change_of(measure_id)
        url = self.url + self.asked.with_change(Change(measure_id, keeping, change.cost)).query()
        if not keeping:
            return gettext("Bring back to the planned date"), url
        return gettext("Bring back to %(years)s") % {"years": findings.years_said(keeping)}, url


def lost_in_words(why: str, start: object, claim: object, line: views.MeasureLine) -> str:
    """Why aid is lost: the date of the works against the deadline."""
    if why == "departure":
        return gettext("The payer leaves.")
    if why == "start" and line.works_start:
        return gettext("Works start in %(year)s, the deadline is %(day)s.") % {
            "year": line.works_start.year,
            "day": formats.day(start, "short"),  # type: ignore[arg-type]
        }
    return gettext("The works end after the day by which the aid must be claimed, %(day)s.") % {
        "day": formats.day(claim, "short")  # type: ignore[arg-type]
    }


Written = Callable[[views.MeasureLine], Line]
