"""Texts in the territory's languages: what is missing in one, and giving it.

A text counts in a language once it says something in any: an empty field is nobody's to translate. Names of
sites, titles of documents and short notes are kept in one language only and are not listed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import actions
from belvedere.domains.plans.errors import AlreadyThere
from belvedere.domains.plans.follow.actions import DECISION, MILESTONE, QUANTITY, RISK
from belvedere.domains.plans.follow.indicators import may_define
from belvedere.domains.plans.follow.keeping import Kept
from belvedere.domains.plans.models import Category, Indicator, Measure, Plan, PlanNode
from belvedere.domains.plans.policies import RULES, Thing, require
from belvedere.domains.plans.values import checked_texts
from belvedere.domains.plans.writing import thing_of
from belvedere.domains.territory.public import territory_by_id
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.errors import N_, InvalidInput, NotFound, Refused
from belvedere.kernel.paging import Page, Window


@dataclass(frozen=True, slots=True)
class TextField:
    """A field that holds a text by language. `kept`: of what is followed on a measure."""

    key: str
    model: type[Model]
    column: str
    longest: int
    long: bool = False  # needs several lines
    kept: Kept | None = None

    @property
    def to_measure(self) -> str:
        """The way from the row to its measure, "" where there is none."""
        return "" if self.model in (Plan, PlanNode, Category, Indicator) else "measure"


FIELDS: dict[str, TextField] = {
    field.key: field
    for field in (
        TextField("measure.title", Measure, "title", 500),
        TextField("measure.description", Measure, "description", 20_000, long=True),
        TextField("measure.justification", Measure, "justification", 20_000, long=True),
        TextField("plan.title", Plan, "title", 500),
        TextField("axis.title", PlanNode, "title", 500),
        TextField("category.names", Category, "names", 120),
        TextField("indicator.names", Indicator, "names", 500),
        TextField("milestone.title", MILESTONE.model, "title", 500, kept=MILESTONE),
        TextField("quantity.label", QUANTITY.model, "label", 500, kept=QUANTITY),
        TextField("risk.description", RISK.model, "description", 4000, long=True, kept=RISK),
        TextField("risk.mitigation", RISK.model, "mitigation", 4000, long=True, kept=RISK),
        TextField("decision.title", DECISION.model, "title", 500, kept=DECISION),
    )
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A text that says something in another language. `of`: the measure or the plan it belongs to."""

    field: TextField
    id: str
    texts: Mapping[str, str]
    of: Mapping[str, str]
    measure_id: UUID | None
    owner_id: UUID | None


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the texts a language has."""

    language: str
    there: int
    total: int

    @property
    def missing(self) -> int:
        return self.total - self.there

    @property
    def share(self) -> float:
        return self.there / self.total if self.total else 1.0


def may_translate(actor: Actor, territory_id: UUID) -> bool:
    """Whether there is anything in the territory whose texts the actor may complete."""
    return actor.governs(territory_id) or bool(_owners(actor, "edit"))


def completeness(actor: Actor, territory_id: UUID, *, owner_id: UUID | None = None) -> tuple[Share, ...]:
    """For each language of the territory, of the texts that the actor may complete."""
    languages = territory_by_id(territory_id).languages
    there, total = dict.fromkeys(languages, 0), 0
    for field in FIELDS.values():
        rows = _rows(actor, territory_id, field, owner_id)
        total += rows.count()
        for language in languages:
            there[language] += rows.filter(**{f"{field.column}__has_key": language}).count()
    return tuple(Share(language, there[language], total) for language in languages)


def missing(
    actor: Actor,
    territory_id: UUID,
    language: str,
    *,
    field: str = "",
    owner_id: UUID | None = None,
    window: Window | None = None,
) -> Page[Missing]:
    """The texts to give in `language`, measures first; `field` is a key of FIELDS."""
    window = window or Window()
    fields = [FIELDS[field]] if field in FIELDS else list(FIELDS.values())
    found: list[Missing] = []
    passed, total = window.start, 0
    for one in fields:
        rows = _lacking(_rows(actor, territory_id, one, owner_id), one, language)
        here = rows.count()
        total += here
        room = window.size - len(found)
        if room > 0 and passed < here:
            found += [_missing(row, one) for row in rows[passed : passed + room]]
        passed = max(0, passed - here)
    return Page(found, total, window)


def text_of(actor: Actor, territory_id: UUID, field: str, item_id: str) -> Missing:
    """One text as it stands, of those that the actor may complete; NotFound otherwise."""
    known = FIELDS.get(field)
    if known is None:
        raise NotFound(N_("There is no such text. Open the list again."))
    row = _found(territory_id, known, item_id)
    if not _rows(actor, territory_id, known, None).filter(pk=row.pk).exists():
        raise NotFound(N_("There is no such text. Open the list again."))
    return _missing(row, known)


def lacking(view_texts: Mapping[str, Mapping[str, str]], languages: tuple[str, ...]) -> dict[str, list[str]]:
    """For each language the names of those texts that say something, but not in it."""
    return {
        language: names
        for language in languages
        if (
            names := [
                name for name, texts in view_texts.items() if any(texts.values()) and not texts.get(language)
            ]
        )
    }


def _owners(actor: Actor, verb: str) -> list[UUID]:
    return [owner for owner, roles in actor.roles.items() if not RULES[verb][0].isdisjoint(roles)]


def _rows(actor: Actor, territory_id: UUID, field: TextField, owner_id: UUID | None) -> QuerySet[Any]:
    """The rows that say something in any language and that the actor may change."""
    rows: QuerySet[Any] = field.model._default_manager.exclude(**{field.column: {}})  # noqa: SLF001
    if field.model in (Category, Indicator):
        able = may_define(actor, territory_id) is None and owner_id is None
        return rows.filter(territory_id=territory_id).order_by("pk") if able else rows.none()
    way = {Measure: "", Plan: "", PlanNode: "plan__"}.get(field.model, f"{field.to_measure}__")
    condition = Q(**{f"{way}territory_id": territory_id})
    if not actor.governs(territory_id):
        verb = "edit_plan" if field.model in (Plan, PlanNode) else "edit"
        condition &= Q(**{f"{way}owner_id__in": _owners(actor, verb)})
    if owner_id is not None:
        condition &= Q(**{f"{way}owner_id": owner_id})
    if way:
        rows = rows.select_related(way.removesuffix("__"))
    return rows.filter(condition).order_by("pk")


def _lacking(rows: QuerySet[Any], field: TextField, language: str) -> QuerySet[Any]:
    return rows.exclude(**{f"{field.column}__has_key": language})


def _missing(row: Any, field: TextField) -> Missing:
    measure = row if field.model is Measure else getattr(row, "measure", None)
    plan = row if field.model is Plan else getattr(row, "plan", None)
    owned = measure or plan
    return Missing(
        field=field,
        id=str(row.pk),
        texts=getattr(row, field.column),
        of=measure.title if measure else {"": plan.code} if plan else {},
        measure_id=measure.pk if measure else None,
        owner_id=owned.owner_id if owned else None,
    )


# ------------------------------------------------------------------ giving a text
def translate(
    *, actor: Actor, territory_id: UUID, field: str, item_id: str, language: str, text: str
) -> None:
    """Give a text that is missing in `language`; what the other languages say stays.

    Raises:
        NotFound: there is no such text in the territory, or not for the actor.
        AlreadyThere: someone gave it meanwhile; that text stands.
        InvalidInput: the text is empty or too long, or the language not one of the territory's.
    """
    known = FIELDS.get(field)
    if known is None:
        raise NotFound(N_("There is no such text. Open the list again."))
    if language not in territory_by_id(territory_id).languages:
        raise InvalidInput(N_("This is not a language of the territory."), field="text")
    if not text.strip():
        raise InvalidInput(N_("Write the text first."), field="text")
    with transaction.atomic():
        row = _found(territory_id, known, item_id)
        _require(actor, known, row)  # before the text that may stand there is told
        was: Mapping[str, str] = getattr(row, known.column)
        if was.get(language):
            raise AlreadyThere(
                N_("Someone gave this text meanwhile: “{text}”. Change it where it stands."),
                text=was[language][:200],
                field="text",
            )
        texts = checked_texts({**was, language: text}, field="text", longest=known.longest)
        _write(actor, known, row, texts)


def _found(territory_id: UUID, field: TextField, item_id: str) -> Any:
    way = "plan__" if field.model is PlanNode else "measure__" if field.kept else ""
    try:
        item = field.model._meta.pk.to_python(item_id)  # noqa: SLF001
    except ValidationError:
        item = None
    rows = field.model._default_manager.filter(**{f"{way}territory_id": territory_id, "pk": item})  # noqa: SLF001
    row = rows.first() if item is not None else None
    if row is None:
        raise NotFound(N_("There is no such text. Open the list again."))
    return row


def _require(actor: Actor, field: TextField, row: Any) -> None:
    """Raise as the verb that changes the text would."""
    if field.model in (Plan, PlanNode):
        plan = row if field.model is Plan else row.plan
        require(actor, "edit_plan", Thing(plan.territory_id, plan.owner_id))
    elif field.model in (Category, Indicator):
        refused = may_define(actor, row.territory_id)
        if refused is not None:
            raise Refused(refused, code="may_not_translate")
    else:
        require(actor, "edit", thing_of(row if field.model is Measure else row.measure))


def _write(actor: Actor, field: TextField, row: Any, texts: dict[str, str]) -> None:
    if field.model is Measure:
        change: dict[str, Any] = {field.column: texts}
        actions.edit_measure(actor=actor, measure_id=row.pk, version=None, **change)
    elif field.kept is not None:
        said = field.kept.said_of(row) | {field.column: texts}
        field.kept.keep(actor, row.measure_id, None, row.pk, said, "")
    else:
        _write_word(actor, field, row, texts)


def _write_word(actor: Actor, field: TextField, row: Any, texts: dict[str, str]) -> None:
    """A name of a plan, an axis, a category or an indicator."""
    if field.model in (Plan, PlanNode):
        plan = row if field.model is Plan else row.plan
        territory_id, subject = plan.territory_id, ("plans.plan", str(plan.pk))
    else:
        territory_id = row.territory_id
        subject = (f"plans.{field.key.split('.')[0]}", str(row.pk))
    before = dict(getattr(row, field.column))
    setattr(row, field.column, texts)
    row.save(update_fields=[field.column])
    record(
        **signed(actor),
        verb="plans.translate",
        subject=subject,
        territory_id=territory_id,
        before={field.column: before},
        after={field.column: texts},
    )


def every_missing(
    actor: Actor, territory_id: UUID, language: str, *, field: str = "", owner_id: UUID | None = None
) -> Iterator[Missing]:
    """All of `missing`, for an export."""
    start = 0
    while True:
        page = missing(
            actor, territory_id, language, field=field, owner_id=owner_id, window=Window(start, 500)
        )
        yield from page.rows
        start += len(page.rows)
        if start >= page.total or not page.rows:
            return


__all__ = [
    "FIELDS",
    "Missing",
    "Share",
    "TextField",
    "completeness",
    "every_missing",
    "lacking",
    "may_translate",
    "missing",
    "text_of",
    "translate",
]
