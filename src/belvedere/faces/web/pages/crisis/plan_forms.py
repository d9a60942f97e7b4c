"""What is typed of a crisis plan: the plan, its roles, its task cards; the verb decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.crisis.public import (
    LONGEST_DUE_MIN,
    MOST_CARDS,
    MOST_ROLES,
    MOST_STAND_INS,
    ORDER,
    CardBody,
    Kind,
    Phase,
    PlanBody,
    PlanDraft,
    RoleBody,
)
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.connections.forms import Blamed
from belvedere.faces.web.pages.crisis import words
from belvedere.faces.web.pages.crisis.forms import named
from belvedere.faces.web.pages.duty.forms import numbers_in, sent, version_in
from belvedere.kernel.errors import BelvedereError

People = Mapping[UUID, str]
_STAND_INS = [f"stand_in{number}" for number in range(1, MOST_STAND_INS + 1)]


class PlanForm(Blamed):
    """What the plan is for, when it is declared, what there is to help."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of events"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Say for what kinds of events the plan is made.")},
    )
    conditions = forms.CharField(
        label=_("When it is declared"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("In words: forecasts, levels, requests of the authority."),
    )
    resources = forms.CharField(
        label=_("Resources and telephone numbers"),
        max_length=8000,
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("One a line: places, keys, means, who is called."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kinds"].choices = [(one.value, words.kind(one)) for one in Kind]


class RoleForm(Blamed):
    """A role: who is asked first, who next, how they are reached."""

    name = forms.CharField(label=_("Role"), max_length=120)
    duty = forms.CharField(
        label=_("Answers for"), max_length=600, required=False, widget=forms.Textarea({"rows": 2})
    )
    holder = forms.ChoiceField(label=_("Holder"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=120, required=False)
    leads = forms.BooleanField(label=_("May declare, change the phase and end"), required=False)

    def __init__(self, people: People, key: str, data: Any = None, **start: Any) -> None:
        super().__init__(data, prefix=f"r{key}", initial=start)
        self.key = key
        choices = [("", "–"), *named(people)]
        for number, name in enumerate(_STAND_INS, 1):
            label = gettext("Stand-in %(n)s") % {"n": number}
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.choose("holder", choices)

    @property
    def people(self) -> list[forms.BoundField]:
        return [self[name] for name in ("holder", *_STAND_INS)]

    def body(self) -> RoleBody:
        given = self.cleaned_data
        asked = [UUID(given[name]) for name in ("holder", *_STAND_INS) if given[name]]
        return RoleBody(
            self.key,
            given["name"],
            given["duty"],
            asked[0] if asked else None,
            tuple(asked[1:]),
            given["phone"],
            given["leads"],
        )


class CardForm(Blamed):
    """A task card: of a phase and a role."""

    phase = forms.ChoiceField(label=_("Phase"))
    role = forms.ChoiceField(label=_("For the role"))
    what = forms.CharField(label=_("What is to be done"), max_length=300)
    points = forms.CharField(
        label=_("Points to tick"),
        max_length=6200,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One a line."),
    )
    due_min = forms.IntegerField(
        label=_("Minutes after the phase begins"),
        min_value=0,
        max_value=LONGEST_DUE_MIN,
        required=False,
        help_text=_("Empty: no time is set."),
    )

    def __init__(self, roles: Sequence[tuple[str, str]], key: str, data: Any = None, **start: Any) -> None:
        super().__init__(data, prefix=f"c{key}", initial=start)
        self.key = key
        self.choose("phase", [(one.value, words.phase(one).label) for one in ORDER])
        self.choose("role", roles)

    def body(self) -> CardBody:
        given = self.cleaned_data
        return CardBody(
            Phase(given["phase"]),
            given["role"],
            given["what"],
            tuple(given["points"].splitlines()),
            given["due_min"],
        )


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole form, and the version of the plan it was opened with."""

    plan: PlanForm
    roles: tuple[RoleForm, ...]
    cards: tuple[CardForm, ...]
    version: int | None

    @property
    def more_roles(self) -> bool:
        return len(self.roles) < MOST_ROLES

    @property
    def more_cards(self) -> bool:
        return bool(self.roles) and len(self.cards) < MOST_CARDS

    def is_valid(self) -> bool:
        # Each is asked, so that every mistake is shown at once.
        rows = [one.is_valid() for one in (*self.roles, *self.cards)]
        return all([self.plan.is_valid(), *rows])

    def draft(self) -> PlanDraft:
        given = self.plan.cleaned_data
        return PlanDraft(
            given["name"],
            [Kind(one) for one in given["kinds"]],
            PlanBody(tuple(one.body() for one in self.roles), tuple(one.body() for one in self.cards)),
            given["conditions"],
            given["resources"],
        )

    def blame(self, error: BelvedereError) -> None:
        """The sentence beside the row that it names, else above the form."""
        role, card = error.data.get("role"), error.data.get("card")
        rows: Sequence[Blamed] = self.roles if role else self.cards if card else ()
        place = (role or card or 0) - 1
        if 0 <= place < len(rows):
            rows[place].blame(error)
        elif error.data.get("field") in self.plan.fields:
            self.plan.blame(error)
        else:
            self.plan.add_error(None, sentence(error))


def begun(people: People, draft: PlanDraft | None, version: int | None = None) -> Typed:
    """The form as it is opened: of a plan or an example, or of a new one with two roles and a card."""
    body = draft.body if draft is not None else _first()
    start: dict[str, Any] = {}
    if draft is not None:
        start = {name: getattr(draft, name) for name in ("name", "conditions", "resources")}
        start["kinds"] = [Kind(one).value for one in draft.kinds]
    roles = tuple(RoleForm(people, one.key, **_of_role(one)) for one in body.roles)
    known = [(one.key, one.name) for one in body.roles]
    cards = tuple(CardForm(known, str(number), **_of_card(one)) for number, one in enumerate(body.cards))
    return Typed(PlanForm(initial=start), roles, cards, version)


def _first() -> PlanBody:
    names = (gettext("Director of operations"), gettext("Head of municipal action"))
    roles = tuple(RoleBody(str(number), name, leads=True) for number, name in enumerate(names, 1))
    return PlanBody(roles, (CardBody(Phase.VIGILANCE, "2", ""),))


def _of_role(one: RoleBody) -> dict[str, Any]:
    asked = dict(zip(("holder", *_STAND_INS), (str(person) for person in one.people), strict=False))
    return {"name": one.name, "duty": one.duty, "phone": one.phone, "leads": one.leads, **asked}


def _of_card(one: CardBody) -> dict[str, Any]:
    told = {"phase": one.phase.value, "role": one.role, "what": one.what, "due_min": one.due_min}
    return {**told, "points": "\n".join(one.points)}


def read(people: People, data: QueryDict) -> Typed:
    """The form as it was sent, to be judged."""
    roles = tuple(RoleForm(people, key, data) for key in numbers_in(data, "role", MOST_ROLES))
    known = _known(roles)
    cards = tuple(CardForm(known, key, data) for key in numbers_in(data, "card", MOST_CARDS))
    return Typed(PlanForm(data), roles, cards, version_in(data))


def reshaped(people: People, data: QueryDict) -> Typed:
    """The form with a role or a card more or less; what was typed stays, and nothing is judged yet."""
    role_keys, card_keys = numbers_in(data, "role", MOST_ROLES), numbers_in(data, "card", MOST_CARDS)
    role_keys = [one for one in role_keys if one != data.get("drop_role")]
    card_keys = [one for one in card_keys if one != data.get("drop_card")]
    roles = [RoleForm(people, key, **sent(RoleForm(people, key, data))) for key in role_keys]
    if "more_role" in data and len(roles) < MOST_ROLES:
        roles.append(RoleForm(people, _next(role_keys)))
    known = _known(tuple(RoleForm(people, key, data) for key in role_keys), [one.key for one in roles])
    cards = [CardForm(known, key, **sent(CardForm(known, key, data))) for key in card_keys]
    if "more_card" in data and len(cards) < MOST_CARDS:
        last = cards[-1].initial if cards else {}
        same = {name: last[name] for name in ("phase", "role") if name in last}
        cards.append(CardForm(known, _next(card_keys), **same))
    return Typed(PlanForm(initial=sent(PlanForm(data))), tuple(roles), tuple(cards), version_in(data))


def _known(roles: Sequence[RoleForm], keys: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The roles that cards may name, by what was typed as their name."""
    names = {one.key: str(one["name"].value() or "").strip() for one in roles}
    return [
        (key, names.get(key) or gettext("Role %(n)s") % {"n": place})
        for place, key in enumerate(keys or list(names), 1)
    ]


def _next(keys: Sequence[str]) -> str:
    return str(max((int(one) for one in keys), default=0) + 1)
