"""What a vote rests on, as facts for its files: who voted, when, on which prices and assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.export.content import Fact, Section
from belvedere.faces.web.pages.plans.outlook.frozen import Frozen, kind_of
from belvedere.faces.web.pages.plans.outlook.votes import KINDS


def title_of(frozen: Frozen) -> str:
    head = frozen.head
    said = {"title": head.title, "day": formats.day(head.voted_on, "long"), "body": head.body}
    return gettext("%(title)s, voted on %(day)s by %(body)s") % said


def sections(frozen: Frozen) -> Iterator[Section]:
    yield Section(gettext("The vote"), tuple(_vote(frozen)))
    yield Section(gettext("Prices"), tuple(_prices(frozen)))
    yield Section(gettext("Scenario"), tuple(_scenario(frozen)))
    left_out = tuple(_left_out(frozen))
    if left_out:
        yield Section(gettext("Left out"), left_out)


def _vote(frozen: Frozen) -> Iterator[Fact]:
    head = frozen.head
    yield Fact(gettext("Organisation"), frozen.owner)
    yield Fact(gettext("What"), str(KINDS[head.kind]))
    yield Fact(gettext("Who voted"), head.body)
    yield Fact(gettext("Voted on"), formats.day(head.voted_on, "long"))
    yield Fact(gettext("Measures"), formats.number(len(frozen.lines)))
    yield Fact(gettext("Recorded at"), formats.moment(head.taken_at))
    yield Fact(gettext("Fingerprint (SHA-256)"), head.sha256)
    for one in outlook.frozen_ceilings(frozen.content):
        label = findings.with_nature(gettext("Ceiling"), one["nature"])
        yield Fact(label, " · ".join(one["sources"]))


def _prices(frozen: Frozen) -> Iterator[Fact]:
    content = frozen.content
    yield Fact(gettext("Amounts"), formats.money_kind(frozen.kind))
    if content["prices"]["current"]:
        yield Fact(gettext("Estimates"), formats.money_kind(kind_of(content["constant_kind"])))
        yield Fact(gettext("Index"), content["prices"]["index"])
    else:
        yield Fact(gettext("Indexation"), gettext("none: prices of the estimates"))


def _scenario(frozen: Frozen) -> Iterator[Fact]:
    said = frozen.content["assumptions"]
    if frozen.head.scenario_name:
        yield Fact(gettext("Scenario"), frozen.head.scenario_name)
    general = _change(said["general"])
    if general:
        yield Fact(gettext("What has not started"), general)
    known = {line["measure_id"]: line for line in frozen.lines}
    for measure_id, change in said["changes"].items():
        line, words = known.get(measure_id), _change(change)
        if line is not None and words:
            yield Fact(f"{next(iter(line['codes']), '')} {frozen.title(line)}".strip(), words)
    names = {one["id"]: one["name"] for one in frozen.content["payers"]}
    for leaver in said["leavers"]:
        yield Fact(names.get(leaver, leaver), gettext("leaves: its funding brings nothing"))
    if not (general or said["changes"] or said["leavers"]):
        yield Fact(gettext("Changes"), gettext("none: this is the reference"))


def _change(said: dict[str, object]) -> str:
    return findings.change_said(int(str(said["shift_years"])), int(Decimal(str(said["cost_share"])) * 100))


def _left_out(frozen: Frozen) -> Iterator[Fact]:
    left = frozen.content["left_out"]
    if number := left["given_up"]:
        words = ngettext("%(n)s measure", "%(n)s measures", number) % {"n": formats.number(number)}
        yield Fact(gettext("Given up or replaced"), words, gettext("It will not be built."))
    for other in left["other_kinds"]:
        number = other["measures"]
        words = ngettext("%(n)s measure", "%(n)s measures", number) % {"n": formats.number(number)}
        amount = f"{formats.number(Decimal(other['gross']), 0)} {formats.money_kind(kind_of(other))}"
        source = gettext("Other money: it cannot be added to the amounts shown.")
        yield Fact(amount, words, source)


__all__ = ["sections", "title_of"]
