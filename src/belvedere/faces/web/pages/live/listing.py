"""The things of the territory as lines of a list, as layers of the map, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from belvedere.domains.territory.public import places
from belvedere.domains.twin import public as twin
from belvedere.faces.web import formats
from belvedere.faces.web.pages.live import asking, telling, words
from belvedere.faces.web.pages.live.thing import name_of
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.texts import cell


@dataclass(frozen=True, slots=True)
class Line:
    """A thing in the list. `form`: how the script writes its value anew, None before any."""

    id: int
    name: str
    kind: str
    slug: str
    shape: str
    icon: str
    commune: str
    measure: str
    value: str
    form: telling.Form | None
    at: datetime | None
    age: str
    state: words.Word
    is_state: str
    hidden: bool
    url: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a layer are in a state; `url` shows them."""

    state: str
    text: str
    word: words.Word
    url: str


@dataclass(frozen=True, slots=True)
class Layer:
    """The things of one kind."""

    slug: str
    label: str
    shape: str
    total: int
    counts: tuple[Count, ...]
    shown: bool


def shape_of(kind: str) -> str:
    """The shape of a kind on the map."""
    described = twin.descriptions().get(kind)
    return described.shape if described is not None else "circle"


def communes_of(dots: Sequence[twin.Dot]) -> Mapping[UUID, str]:
    ids = {one.place_id for one in dots if one.place_id}
    return {key: place.name for key, place in places(ids).items()} if ids else {}


def lines(room: Room, asked: asking.Asked, dots: Sequence[twin.Dot]) -> list[Line]:
    """The things as lines, in the order given."""
    communes = communes_of(dots)
    return [_line(room, asked, dot, communes) for dot in dots]


def _line(room: Room, asked: asking.Asked, dot: twin.Dot, communes: Mapping[UUID, str]) -> Line:
    main = dot.main
    described = twin.descriptions().get(dot.kind)
    at = main.observed_at if main else dot.last_seen_at
    return Line(
        id=dot.id,
        name=name_of(room, dot.names, dot.kind),
        kind=words.kind(dot.kind),
        slug=dot.kind,
        shape=shape_of(dot.kind),
        icon=described.icon if described else "map-pin",
        commune=communes.get(dot.place_id, "") if dot.place_id else "",
        measure=words.term(dot.kind, main.term) if main else "",
        value=words.value(dot.kind, main.term, main.number, main.value, main.unit) if main else "",
        form=telling.form(dot.kind, main.term, main.series_id, main.unit) if main else None,
        at=at,
        age=words.age(at),
        state=words.state(dot.state),
        is_state=dot.state,
        hidden=dot.kind in asked.hidden,
        url=telling.address(room, "thing", dot.id),
    )


def layers(room: Room, asked: asking.Asked, counted: Mapping[str, Mapping[str, int]]) -> list[Layer]:
    """The kinds of a choice, what is most first."""
    rows = sorted(counted.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    return [
        Layer(
            slug=kind,
            label=words.kinds(kind) or words.kind(kind),
            shape=shape_of(kind),
            total=sum(states.values()),
            counts=tuple(_counts(room, asked, kind, states)),
            shown=kind not in asked.hidden,
        )
        for kind, states in rows
    ]


def _counts(room: Room, asked: asking.Asked, kind: str, states: Mapping[str, int]) -> Iterable[Count]:
    for one in telling.URGENCY[:3]:
        n = states.get(one, 0)
        text = telling.counted(one, n) % {"n": formats.number(n)} if n else ""
        url = asked.only(kind, one.value)
        yield Count(one.value, text, words.state(one), url)


def by_state(counted: Mapping[str, Mapping[str, int]]) -> dict[twin.State, int]:
    """The sums over all kinds."""
    sums: dict[twin.State, int] = {}
    for states in counted.values():
        for state, n in states.items():
            sums[twin.State(state)] = sums.get(twin.State(state), 0) + n
    return sums


def as_csv(room: Room, dots: Sequence[twin.Dot]) -> str:
    """The things with their main value, plain numbers and instants."""
    communes = communes_of(dots)
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [
            "id",
            "name",
            "kind",
            "commune",
            "measure",
            "value",
            "unit",
            "observed_at",
            "state",
            "longitude",
            "latitude",
        ]
    )
    for dot in dots:
        main = dot.main
        given = "" if main is None else main.number if main.number is not None else main.value
        writer.writerow(
            [
                dot.id,
                cell(name_of(room, dot.names, dot.kind)),
                dot.kind,
                communes.get(dot.place_id, "") if dot.place_id else "",
                main.term if main else "",
                cell(given) if isinstance(given, str) else given,
                main.unit if main else "",
                main.observed_at.isoformat() if main and main.observed_at else "",
                dot.state,
                dot.longitude,
                dot.latitude,
            ]
        )
    return out.getvalue()
