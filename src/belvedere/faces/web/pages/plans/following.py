"""What is followed on a measure as its page shows it: each row in words, with its edits for those who may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from belvedere.domains.plans.public import follow, views, vocabulary
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import follow_words as words
from belvedere.faces.web.pages.plans.addresses import open_url
from belvedere.faces.web.pages.plans.rooms import Room

HEAVY, NOTABLE = 15, 8  # of a risk's weight, 1 to 25


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row: itself, its name, and the links of its edits."""

    row: Any
    name: str
    links: list[Link]
    extra: dict[str, Any] = field(default_factory=dict)


class Page:
    """Reads what is followed once, for one reader."""

    def __init__(self, room: Room, view: views.MeasureView, followed: follow.Followed) -> None:
        self.room, self.view, self.followed = room, view, followed

    def _links(self, row: Any, *parts: tuple[str, str]) -> list[Link]:
        found = ((label, open_url(self.room, self.view, part, row)) for part, label in parts)
        return [Link(label, url) for label, url in found if url]

    def _usual(self, key: str, row: Any) -> list[Link]:
        return self._links(row, (key, gettext("Change")), (f"remove-{key}", gettext("Remove")))

    def milestones(self) -> list[Line]:
        rows = sorted(self.followed.milestones, key=lambda row: (row.expected is None, row.expected))
        return [
            Line(row, words.milestone(row), self._usual("milestone", row), self._slip(row)) for row in rows
        ]

    @staticmethod
    def _slip(row: follow.MilestoneView) -> dict[str, Any]:
        return {"slip": row.slip_days if row.slip_days and row.slip_days > 0 else 0}

    def quantities(self) -> list[Line]:
        return [
            Line(
                row,
                row.label.text or gettext(words.UNITS[row.unit]).capitalize(),
                self._usual("quantity", row),
                {
                    "planned": words.quantity(row.planned, row.unit),
                    "realised": "" if row.realised is None else words.quantity(row.realised, row.unit),
                    "share": _clamped(row.share),
                },
            )
            for row in self.followed.quantities
        ]

    def risks(self) -> list[Line]:
        return [
            Line(
                row,
                gettext(words.RISKS[row.kind]),
                self._usual("risk", row),
                {"level": "ok" if row.closed_on else _weight(row.weight), "word": _weight_word(row)},
            )
            for row in self.followed.risks
        ]

    def decisions(self) -> list[Line]:
        return [
            Line(
                row,
                row.title.text or gettext(words.DECISIONS[row.type]),
                self._usual("decision", row),
                {
                    "kind": gettext(words.DECISIONS[row.type]),
                    "url": self._file(row.document) if row.document else "",
                },
            )
            for row in self.followed.decisions
        ]

    def documents(self) -> list[Line]:
        return [
            Line(
                row,
                row.title,
                self._links(
                    row,
                    ("new-version", gettext("New version")),
                    ("describe-document", gettext("Rename")),
                    ("publish-document", gettext("Take back") if row.public else gettext("Make public")),
                    ("remove-document", gettext("Remove")),
                ),
                {
                    "url": self._file(row),
                    "kind": gettext(words.DOCUMENTS[row.type]),
                    "earlier": [
                        (one.number, self.room.url("document_version", document_id=row.id, number=one.number))
                        for one in row.versions[1:]
                    ],
                },
            )
            for row in self.followed.documents
        ]

    def removed_documents(self) -> list[Line]:
        """Out of sight, with the way to put them back."""
        return [
            Line(row, row.title, self._links(row, ("restore-document", gettext("Put back"))))
            for row in self.followed.removed_documents
            if row.may_change
        ]

    def _file(self, row: follow.DocumentView) -> str:
        return self.room.url("document", document_id=row.id)

    def effects(self) -> list[Line]:
        return [self._effect(row) for row in self.followed.effects]

    def _effect(self, row: follow.EffectView) -> Line:
        unit = row.indicator
        latest = row.progress[0] if row.progress else None
        links = self._links(
            row,
            ("value", gettext("New value")),
            ("effect", gettext("Change")),
            ("remove-effect", gettext("Remove")),
        )
        values = [
            Line(
                value,
                words.of_indicator(value.value, unit),
                self._links(
                    value, ("correct-value", gettext("Correct")), ("remove-value", gettext("Remove"))
                ),
                {"kind": gettext(words.VALUE_KINDS[value.kind])},
            )
            for value in row.values
        ]
        return Line(
            row,
            unit.name.text,
            links,
            {
                "baseline": _number(row.baseline, unit),
                "latest": _number(latest.value, unit) if latest else "",
                "dated": latest.dated if latest else None,
                "target": _number(row.target, unit),
                "share": _clamped(latest.share) if latest else None,
                "said": _path(row, latest),
                "late": row.overdue,
                "values": values,
            },
        )

    def links(self) -> list[Line]:
        return [
            Line(
                row,
                words.link(row.type, row.way),
                self._usual("link", row) if row.removable else [],
                {"url": self.room.measure_url(row.measure_id)},
            )
            for row in self.followed.links
        ]

    def actors(self) -> list[Line]:
        rows = sorted(self.followed.actors, key=lambda row: not row.present)
        return [
            Line(row, row.name or row.organisation, self._usual("actor", row), _role(row)) for row in rows
        ]


def _role(row: follow.ActorView) -> dict[str, Any]:
    parts = [gettext(words.ROLES[row.role])]
    if row.name and row.organisation:
        parts.append(row.organisation)
    if row.until is not None and not row.present:
        parts.append(gettext("until %(day)s") % {"day": formats.day(row.until, "short")})
    elif row.since is not None and not row.present:
        parts.append(gettext("from %(day)s") % {"day": formats.day(row.since, "short")})
    return {"role": ", ".join(parts)}


def _clamped(share: Decimal | None) -> str | None:
    return None if share is None else f"{min(Decimal(1), max(Decimal(0), share)):.4f}"


def _number(value: Decimal | None, unit: follow.IndicatorView) -> str:
    return "" if value is None else formats.number(value, unit.decimals)


def _weight(weight: int) -> str:
    return "major" if weight >= HEAVY else "warn" if weight >= NOTABLE else ""


def _weight_word(row: follow.RiskView) -> str:
    if row.closed_on:
        return gettext("closed on %(day)s") % {"day": formats.day(row.closed_on, "short")}
    said = {"major": gettext("heavy"), "warn": gettext("notable"), "": gettext("light")}
    return said[_weight(row.weight)]


def _path(row: follow.EffectView, latest: follow.Progress | None) -> str:
    """How far the measure is on the way to the target, in a few words."""
    if row.target is None:
        return gettext("no target")
    if latest is None:
        if row.target_on is not None:
            return gettext("to be measured by %(day)s") % {"day": formats.day(row.target_on, "month")}
        return gettext("not measured yet")
    if latest.reached:
        return gettext("target reached")
    if row.overdue:
        return gettext("target missed")
    if latest.share is None:
        return gettext("no baseline")
    if latest.share < 0:
        return gettext("going the wrong way")
    return gettext("%(share)s of the way") % {"share": formats.percent(latest.share)}


def context(room: Room, view: views.MeasureView) -> dict[str, Any]:
    """What the templates show; in the portal only what is public of its nature."""
    followed = follow.followed(room.actor, view.id, room.language, territory_id=room.territory.id)
    page = Page(room, view, followed)
    shown: dict[str, Iterable[Line]] = {
        "milestones": page.milestones(),
        "quantities": page.quantities(),
        "documents": page.documents(),
        "effects": page.effects(),
    }
    # A neighbour sees a published measure from the cockpit too, but does not work on it.
    inside = room.is_cockpit and followed.inside
    if inside:
        shown |= {
            "risks": page.risks(),
            "decisions": page.decisions(),
            "removed_documents": page.removed_documents(),
            "links": page.links(),
            "actors": page.actors(),
        }
    has_pilot = any(row.role is vocabulary.ActorRole.PILOT and row.present for row in followed.actors)
    return {**shown, "inside": inside, "has_pilot": has_pilot}
