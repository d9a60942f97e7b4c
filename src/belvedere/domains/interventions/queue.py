"""Acts that a phone sends, perhaps hours after they were done.

The phone gives each act an identifier and says which act it did before: an act that comes twice is one, one
that comes before its predecessor is asked for later, one that cannot be taken any more is kept whole.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.interventions import field_actions as field_verbs
from belvedere.domains.interventions.errors import BadIntervention, NotYet, OfSomebodyElse
from belvedere.domains.interventions.models import Intervention, SentAct
from belvedere.domains.interventions.policies import may_plan, require, visible
from belvedere.domains.interventions.states import OF_THE_FIELD, Act, Outcome
from belvedere.domains.territory.public import TerritoryView
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError


@dataclass(frozen=True, slots=True)
class Sent:
    """An act as it came. `after`: the act this phone did before; `content`: a picture, in base64."""

    id: UUID
    intervention_id: UUID
    act: Act
    at: datetime
    after: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    content: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it. `why`: a msgid with its data, where it was refused."""

    id: UUID
    outcome: Outcome
    why: str = ""
    why_data: Mapping[str, Any] = field(default_factory=dict)
    again: bool = False


def take(*, actor: Actor, territory: TerritoryView, person_id: UUID, sent: Sent) -> Taken:
    """Take an act once. `person_id`: whose phone page it was done on.

    Raises:
        OfSomebodyElse: the acts are not the actor's. NotYet: the act before this one has not come.
    """
    if actor.person_id is None or person_id != actor.person_id:
        raise OfSomebodyElse(
            N_("These acts were done by somebody else on this phone. They wait until that person signs in.")
        )
    if (known := _known(actor, sent.id)) is not None:
        return known
    if sent.after is not None and not SentAct.objects.filter(pk=sent.after, person_id=person_id).exists():
        raise NotYet(N_("An act that was done before this one has not come yet."))
    try:
        with transaction.atomic():
            return _take(actor, territory, sent)
    except IntegrityError:  # the same act came twice at the same time: the other one is written now
        known = _known(actor, sent.id)
        if known is None:
            raise
        return known


def _known(actor: Actor, act_id: UUID) -> Taken | None:
    row = SentAct.objects.filter(pk=act_id).defer("content", "data").first()
    if row is None:
        return None
    if row.person_id != actor.person_id:
        raise OfSomebodyElse(N_("An act with this identifier came from somebody else."))
    return Taken(row.pk, Outcome(row.outcome), row.why, row.why_data, again=True)


def _take(actor: Actor, territory: TerritoryView, sent: Sent) -> Taken:
    assert actor.person_id is not None
    known = Intervention.objects.filter(visible(actor, territory.id), pk=sent.intervention_id).exists()
    row = SentAct.objects.create(
        id=sent.id,
        territory_id=territory.id,
        person_id=actor.person_id,
        intervention_id=sent.intervention_id if known else None,
        act=sent.act,
        done_at=sent.at,
        received_at=now(),
        outcome=Outcome.TAKEN,
    )
    try:
        with transaction.atomic():
            _do(actor, sent)
    except BelvedereError as error:
        row.outcome, row.why = Outcome.REFUSED, error.message
        row.why_data = {name: _plain(value) for name, value in error.data.items()}
        row.data, row.content = {**sent.data, "intervention": str(sent.intervention_id)}, _kept(sent.content)
        row.save()
        return Taken(sent.id, Outcome.REFUSED, row.why, row.why_data)
    return Taken(sent.id, Outcome.TAKEN)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _kept(content: str) -> bytes:
    try:
        return _bytes(content)
    except BadIntervention:
        return content.encode()


def _bytes(content: str) -> bytes:
    try:
        return b64decode(content, validate=True)
    except (NotBase64, ValueError) as error:
        raise BadIntervention(N_("The picture cannot be read. Take it again.")) from error


def _do(actor: Actor, sent: Sent) -> None:
    """Call the verb of the act with what the phone sent."""
    if sent.act not in OF_THE_FIELD:
        raise BadIntervention(N_("This is not done on a phone."))
    common: dict[str, Any] = {"actor": actor, "intervention_id": sent.intervention_id, "at": sent.at}
    said = {name: str(sent.data.get(name) or "") for name in ("text", "name", "words", "caption", "note")}
    match sent.act:
        case Act.ACCEPT | Act.DEPART | Act.ARRIVE:
            simple = {
                Act.ACCEPT: field_verbs.accept,
                Act.DEPART: field_verbs.depart,
                Act.ARRIVE: field_verbs.arrive,
            }
            simple[sent.act](**common)
        case Act.TICK | Act.UNTICK:
            position = _whole(sent.data.get("position"))
            field_verbs.tick(**common, position=position, done=sent.act is Act.TICK)
        case Act.NOTE_TIME:
            field_verbs.note_time(**common, minutes=_whole(sent.data.get("minutes")))
        case Act.NOTE_PART:
            amount = sent.data.get("amount")
            field_verbs.note_part(
                **common,
                words=said["words"],
                quantity=_number(sent.data.get("quantity") or 1),
                amount=None if amount in (None, "") else _number(amount),
            )
        case Act.REMARK:
            field_verbs.remark(**common, text=said["text"])
        case Act.ADD_PHOTO:
            picture = field_verbs.Picture(_bytes(sent.content), said["caption"], _spot(sent.data.get("spot")))
            field_verbs.add_photo(**common, picture=picture)
        case Act.SIGN:
            field_verbs.sign(**common, name=said["name"], image=_bytes(sent.content))
        case Act.GIVE_BACK:
            field_verbs.give_back(**common, why=said["text"])
        case _:
            field_verbs.finish(**common, note=said["note"])


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 1_000_000:
        raise BadIntervention(N_("A whole number is missing."))
    return value


def _number(value: Any) -> Decimal:
    try:
        return Decimal(str(value).replace(",", "."))
    except InvalidOperation as error:
        raise BadIntervention(N_("“{value}” is not a number."), value=str(value)[:40]) from error


def _spot(value: Any) -> tuple[float, float] | None:
    """Longitude and latitude of the phone; none where it said nothing sensible."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, int | float) for one in value):
        x, y = float(value[0]), float(value[1])
        if -180 <= x <= 180 and -90 <= y <= 90:
            return x, y
    return None


def settle(*, actor: Actor, act_id: UUID) -> None:
    """The office has looked at an act that could not be taken: it is not shown any more, and stays kept."""
    with transaction.atomic():
        rows = SentAct.objects.select_for_update(of=("self",)).filter(outcome=Outcome.REFUSED)
        row = rows.select_related("intervention").filter(pk=act_id, settled_at__isnull=True).first()
        if row is None or row.intervention is None:
            raise BadIntervention(N_("This has been looked at already."))
        require(may_plan(actor, row.territory_id, row.intervention.owner_id))
        row.settled_at = now()
        row.save(update_fields=["settled_at"])
        record(
            **signed(actor),
            verb="interventions.settle",
            subject=("interventions.intervention", str(row.intervention_id)),
            territory_id=row.territory_id,
            before={},
            after={"number": row.intervention.number, "act": row.act},
        )
