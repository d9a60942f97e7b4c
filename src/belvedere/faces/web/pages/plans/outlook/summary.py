"""The rows of the summary: gross, aid by payer, what is left, how that stands to ceiling and reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.asked import Asked
from belvedere.faces.web.pages.plans.outlook.cells import Line, Writer
from belvedere.faces.web.pages.plans.outlook.figures import Figures, Limit, Payer

Below = Callable[[str], Sequence[Line]]  # the rows under an opened one, by its key


def lines(figures: Figures, writer: Writer, asked: Asked, owner: str, url: str, below: Below) -> list[Line]:
    """The summary; `below` gives what an opened row shows beneath it."""
    return list(_Summary(figures, writer, asked, owner, url, below).lines())


class _Summary:
    def __init__(
        self, figures: Figures, writer: Writer, asked: Asked, owner: str, url: str, below: Below
    ) -> None:
        self.figures, self.writer, self.asked = figures, writer, asked
        self.owner, self.url, self.below = owner, url, below

    def _opening(
        self, key: str, label: str, values: Sequence[Decimal], *, swatch: str = "", css: str = ""
    ) -> Iterator[Line]:
        is_open = key in self.asked.open
        over = "is-critical" if key == "net" and not self.figures.has_contributions else ""
        yield Line(
            key,
            label,
            css=css,
            swatch=swatch,
            toggle=self.url + self.asked.toggled(key).query(),
            is_open=is_open,
            cells=self.writer.cells(key, values, over=over),
            total=self.writer.total(key, outlook.views.total(values)),
        )
        if is_open:
            yield from self.below(key)

    def lines(self) -> Iterator[Line]:
        figures = self.figures
        yield from self._opening("gross", gettext("Gross cost"), figures.gross)
        for payer in figures.payers:
            yield from self._payer(payer)
        label = gettext("Left to %(owner)s, net") % {"owner": self.owner}
        yield from self._opening("net", label, figures.net, swatch="own", css="net")
        if figures.has_contributions:
            label = gettext("Paid to measures of others")
            yield from self._opening("contributions", label, figures.contributions, swatch="contribution")
            yield self._plain(
                "charge",
                gettext("To be paid in all"),
                figures.charge,
                css="net",
                over="is-critical",
                opens=True,
            )
        if figures.earlier is not None:
            yield self._difference()
        for limit in figures.limits:
            yield from self._margin(limit)
        yield self._plain("need", gettext("Treasury to advance"), figures.cash, css="mut", opens=True)

    def _payer(self, payer: Payer) -> Iterator[Line]:
        label = payer.name if payer.of else gettext("Aid, %(payer)s") % {"payer": payer.name}
        if not payer.of:
            yield from self._opening(payer.key, label, payer.values, swatch=payer.style)
            return
        is_open = payer.key in self.asked.open
        yield Line(
            payer.key,
            label,
            swatch=payer.style,
            toggle=self.url + self.asked.toggled(payer.key).query(),
            is_open=is_open,
            cells=self.writer.cells(payer.key, payer.values, opens=False),
            total=self.writer.total(payer.key, payer.total, opens=False),
        )
        for one in payer.of if is_open else ():
            yield from self._opening(one.key, one.name, one.values, swatch=payer.style, css="sub")

    def _plain(
        self,
        key: str,
        label: str,
        values: Sequence[Decimal],
        *,
        css: str,
        over: str = "",
        opens: bool = False,
    ) -> Line:
        return Line(
            key,
            label,
            css=css,
            cells=self.writer.cells(key, values, opens=opens, over=over),
            total=self.writer.total(key, None if key == "need" else outlook.views.total(values), opens=opens),
        )

    def _difference(self) -> Line:
        earlier = self.figures.earlier or ()
        values = [now - before for now, before in zip(self.figures.charge, earlier, strict=True)]
        return Line(
            "difference",
            gettext("Difference to the reference"),
            css="mut",
            cells=self.writer.cells("difference", values, opens=False, signed=True),
            total=self.writer.total("difference", outlook.views.total(values), opens=False, signed=True),
        )

    def _margin(self, limit: Limit) -> Iterator[Line]:
        is_open = limit.row in self.asked.open
        yield Line(
            limit.row,
            findings.with_nature(gettext("Margin under the ceiling"), limit.nature),
            css="mut",
            toggle=self.url + self.asked.toggled(limit.row).query(),
            is_open=is_open,
            cells=self.writer.cells(limit.row, limit.margins, below="ovc"),
            total=self.writer.total(limit.row, None),
        )
        if is_open:
            yield from self.below(limit.row)
