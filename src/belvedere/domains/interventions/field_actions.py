"""Verbs of the people on the spot. `at`: when it was done, where the phone sends it later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.interventions.actions import said
from belvedere.domains.interventions.alarms import tell_alarm, text_in
from belvedere.domains.interventions.errors import BadIntervention
from belvedere.domains.interventions.models import Intervention, Part, Photo, Point, Signature, TimeSpent
from belvedere.domains.interventions.states import Act
from belvedere.domains.interventions.writing import locked, step
from belvedere.kernel.errors import N_, TooLarge
from belvedere.kernel.files.contents import recognise

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
LARGEST_PHOTO = 3_000_000  # bytes; phones make them smaller before they keep them
LARGEST_SIGNATURE = 300_000
MOST_PHOTOS = 30
MOST_MINUTES = 7 * 24 * 60
LONGEST_REMARK = 5000


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it came. `at`: longitude and latitude of the phone, where it said so."""

    content: bytes
    caption: str = ""
    at: tuple[float, float] | None = None


def accept(*, actor: Actor, intervention_id: UUID, at: datetime | None = None) -> None:
    """The team has seen it and will do it."""
    with transaction.atomic():
        row = locked(actor, Act.ACCEPT, intervention_id)
        done_at = step(actor, row, Act.ACCEPT, at=at)
        _first(row, "accepted_at", done_at)


def depart(*, actor: Actor, intervention_id: UUID, at: datetime | None = None) -> None:
    """They are on the way."""
    with transaction.atomic():
        step(actor, locked(actor, Act.DEPART, intervention_id), Act.DEPART, at=at)


def arrive(*, actor: Actor, intervention_id: UUID, at: datetime | None = None) -> None:
    """They are there."""
    with transaction.atomic():
        row = locked(actor, Act.ARRIVE, intervention_id)
        done_at = step(actor, row, Act.ARRIVE, at=at)
        _first(row, "arrived_at", done_at)


def _first(row: Intervention, column: str, at: datetime) -> None:
    """Keep the instant of the first time: the contract counts that one."""
    if getattr(row, column) is None:
        setattr(row, column, at)
        row.save(update_fields=[column])


def tick(
    *, actor: Actor, intervention_id: UUID, position: int, done: bool = True, at: datetime | None = None
) -> None:
    """A point of the checklist is done, or not after all. One that is so already stays as it is."""
    act = Act.TICK if done else Act.UNTICK
    with transaction.atomic():
        row = locked(actor, act, intervention_id)
        point = Point.objects.filter(intervention=row, position=position).first()
        if point is None:
            raise BadIntervention(N_("There is no such point on the list."), field="position")
        if (point.done_at is not None) is done:
            return
        done_at = step(actor, row, act, at=at, note=point.words, data={"position": position})
        point.done_at = done_at if done else None
        point.save(update_fields=["done_at"])


def note_time(*, actor: Actor, intervention_id: UUID, minutes: int, at: datetime | None = None) -> None:
    """So long did somebody work on it."""
    if not 0 < minutes <= MOST_MINUTES:
        raise BadIntervention(N_("Write the time in minutes, from 1 to {most}."), field="minutes", most=10080)
    with transaction.atomic():
        row = locked(actor, Act.NOTE_TIME, intervention_id)
        done_at = step(actor, row, Act.NOTE_TIME, at=at, data={"minutes": minutes})
        hourly = row.team.hourly if row.team is not None else None
        TimeSpent.objects.create(
            intervention=row, person_id=actor.person_id, minutes=minutes, hourly=hourly, at=done_at
        )


def note_part(
    *,
    actor: Actor,
    intervention_id: UUID,
    words: str,
    quantity: Decimal = Decimal(1),
    amount: Decimal | None = None,
    at: datetime | None = None,
) -> None:
    """Something was used. `amount`: the cost of all of it without VAT, in the intervention's currency."""
    words = " ".join(words.replace("\x00", "").split())[:200]
    if not words:
        raise BadIntervention(N_("Say what was used."), field="words")
    if not quantity.is_finite() or not 0 < quantity < 1_000_000:
        raise BadIntervention(N_("The quantity must be above zero."), field="quantity")
    if amount is not None and not (amount.is_finite() and 0 <= amount < 10_000_000):
        raise BadIntervention(N_("The cost cannot be meant. Write it as a number."), field="amount")
    with transaction.atomic():
        row = locked(actor, Act.NOTE_PART, intervention_id)
        data = {"quantity": str(quantity), "amount": str(amount) if amount is not None else None}
        done_at = step(actor, row, Act.NOTE_PART, at=at, note=words, data=data)
        Part.objects.create(intervention=row, words=words, quantity=quantity, amount=amount, at=done_at)


def remark(*, actor: Actor, intervention_id: UUID, text: str, at: datetime | None = None) -> None:
    """A word that the office should read."""
    text = text.replace("\x00", "").strip()
    if not text or len(text) > LONGEST_REMARK:
        raise BadIntervention(
            N_("Write a remark of {most} characters at most."), field="text", most=LONGEST_REMARK
        )
    with transaction.atomic():
        row = locked(actor, Act.REMARK, intervention_id)
        row.remark = f"{row.remark}\n{text}".strip()
        step(actor, row, Act.REMARK, at=at, note=text, journal=({}, {"text": text}))


def add_photo(*, actor: Actor, intervention_id: UUID, picture: Picture, at: datetime | None = None) -> UUID:
    """A picture from the spot; gives its id."""
    media_type = _picture(picture.content, LARGEST_PHOTO)
    with transaction.atomic():
        row = locked(actor, Act.ADD_PHOTO, intervention_id)
        if row.photos.count() >= MOST_PHOTOS:
            raise BadIntervention(N_("{most} photos are kept here already."), most=MOST_PHOTOS)
        caption = " ".join(picture.caption.replace("\x00", "").split())[:200]
        done_at = step(actor, row, Act.ADD_PHOTO, at=at, note=caption)
        made = Photo.objects.create(
            intervention=row,
            caption=caption,
            media_type=media_type,
            content=picture.content,
            taken_at=done_at,
            longitude=picture.at[0] if picture.at else None,
            latitude=picture.at[1] if picture.at else None,
        )
        return made.pk


def sign(
    *, actor: Actor, intervention_id: UUID, name: str, image: bytes = b"", at: datetime | None = None
) -> None:
    """Somebody on the spot says that it is done, with a drawn signature (PNG) or the name alone."""
    name = " ".join(name.replace("\x00", "").split())[:200]
    if not name:
        raise BadIntervention(N_("Write the name of who signs."), field="name")
    if image and _picture(image, LARGEST_SIGNATURE) != "image/png":
        raise BadIntervention(N_("The signature is not a drawing. Sign again."), field="image")
    with transaction.atomic():
        row = locked(actor, Act.SIGN, intervention_id)
        done_at = step(actor, row, Act.SIGN, at=at, data={"drawn": bool(image)})
        Signature.objects.update_or_create(
            intervention=row, defaults={"name": name, "image": image, "signed_at": done_at}
        )


def give_back(*, actor: Actor, intervention_id: UUID, why: str, at: datetime | None = None) -> None:
    """The team cannot do it: the office has it again, with the reason."""
    said(why)
    with transaction.atomic():
        row = locked(actor, Act.GIVE_BACK, intervention_id)
        step(actor, row, Act.GIVE_BACK, at=at, note=why.strip()[:LONGEST_REMARK])


def finish(*, actor: Actor, intervention_id: UUID, note: str = "", at: datetime | None = None) -> None:
    """It is done. Points that are still open need a word; the alarm behind it is told."""
    note = note.replace("\x00", "").strip()[:LONGEST_REMARK]
    with transaction.atomic():
        row = locked(actor, Act.FINISH, intervention_id)
        left = Point.objects.filter(intervention=row, done_at__isnull=True).count()
        if left and not note:
            raise BadIntervention(
                N_("{left} points of the list are open. Do them, or say in a word why not."),
                field="note",
                left=left,
            )
        row.finished_at = done_at = step(actor, row, Act.FINISH, at=at, note=note, data={"open_points": left})
        row.save(update_fields=["finished_at"])
        if row.alarm_id is not None:
            text = text_in(
                row,
                N_("Intervention {number} is finished since {at}. {note}"),
                number=row.number,
                at=done_at.astimezone(ZoneInfo(row.territory.zone)).strftime("%d.%m.%Y %H:%M"),
                note=note or row.remark,
            ).strip()
            tell_alarm(Actor.system(), row, text=text, closing=True)


def _picture(content: bytes, largest: int) -> str:
    """The media type of a picture; refuses what is none, or too large."""
    if len(content) > largest:
        raise TooLarge(N_("This picture is larger than {most} kB."), most=largest // 1000)
    found = recognise(content, "").media_type
    if found not in PICTURES:
        raise BadIntervention(N_("This is not a photo. Choose a JPEG, PNG or WebP picture."), field="file")
    return found
