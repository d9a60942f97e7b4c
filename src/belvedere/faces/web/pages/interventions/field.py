"""The page of an agent's phone: its shell, the day's data, the acts it sends, its service worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.public import Act, InterventionView
from belvedere.faces.web.pages.interventions import words
from belvedere.faces.web.pages.interventions.field_texts import texts
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.workers import served
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, InvalidInput

WORKER = "belvedere/pages/interventions/worker.js"


class SentJson(msgspec.Struct):
    """An act as a phone sends it."""

    person: UUID
    id: UUID
    intervention: UUID
    act: Act
    at: datetime
    after: UUID | None = None
    data: dict[str, Any] = {}
    content: str = ""


def _page(request: HttpRequest, room: Room) -> HttpResponse:
    context = {
        "room": room,
        "texts": texts(),
        "urls": {
            "day": reverse("interventions:day", args=[room.territory]),
            "act": reverse("interventions:field_act", args=[room.territory]),
            "worker": reverse("interventions:worker", args=[room.territory]),
            "scope": reverse("interventions:field", args=[room.territory]),
            "photo": reverse("interventions:list", args=[room.territory]),
        },
        "person": str(room.actor.person_id),
    }
    return render(request, "interventions/field.html", context)


def _day(request: HttpRequest, room: Room) -> HttpResponse:
    day = today(room.territory.zone)
    found = interventions.day_of(room.actor, room.territory.id, day)
    known = equipment.known([one.row.equipment_id for one in found if one.row.equipment_id])
    return JsonResponse(
        {
            "person": str(room.actor.person_id),
            "name": room.actor.label,
            "csrf": get_token(request),
            "day": day.isoformat(),
            "interventions": [_told(one, known) for one in found],
            "refused": [
                {
                    "id": str(one.id),
                    "number": one.number,
                    "act": words.act(one.act),
                    "at": one.done_at.isoformat(),
                    "why": words.why(one.why, dict(one.why_data)),
                }
                for one in interventions.held_of(room.actor, room.territory.id)
            ],
        }
    )


def _told(view: InterventionView, known: dict[UUID, equipment.Known]) -> dict[str, Any]:
    row = view.row
    piece = known.get(row.equipment_id) if row.equipment_id else None
    urgency = words.urgency(row.priority)
    return {
        "id": str(row.id),
        "number": row.number,
        "what": row.what,
        "kind": words.kind(row.kind),
        "urgency": urgency.label,
        "level": urgency.level,
        "state": row.state.value,
        "details": view.details,
        "skills": view.skills,
        "where": row.where,
        "at": row.at,
        "equipment": f"{piece.number}, {piece.name}" if piece else "",
        "due": row.due.isoformat() if row.due else None,
        "points": [
            {"position": one.position, "words": one.words, "at": one.done_at and one.done_at.isoformat()}
            for one in view.points
        ],
        "photos": [
            {"id": str(one.id), "caption": one.caption, "at": one.taken_at.isoformat()} for one in view.photos
        ],
        "parts": [{"words": one.words, "quantity": str(one.quantity.normalize())} for one in view.parts],
        "minutes": view.minutes,
        "remark": view.remark,
        "signed": view.signature.name if view.signature else "",
    }


def _act(request: HttpRequest, room: Room) -> HttpResponse:
    try:
        given = msgspec.json.decode(request.body, type=SentJson)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(N_("What the phone sent cannot be read.")) from error
    if given.at.tzinfo is None:
        raise InvalidInput(N_("What the phone sent cannot be read."))
    sent = interventions.Sent(
        given.id, given.intervention, given.act, given.at, given.after, given.data, given.content
    )
    taken = interventions.take(actor=room.actor, territory=room.territory, person_id=given.person, sent=sent)
    why = words.why(taken.why, dict(taken.why_data))
    return JsonResponse({"outcome": taken.outcome.value, "again": taken.again, "why": why})


def _worker(request: HttpRequest, room: Room) -> HttpResponse:
    """The service worker, under the address that it looks after."""
    return served(WORKER, reverse("interventions:field", args=[room.territory]))


field = never_cache(require_GET(in_cockpit(_page)))
day = never_cache(require_GET(in_cockpit(_day)))
act = never_cache(require_POST(in_cockpit(_act)))
worker = never_cache(require_GET(in_cockpit(_worker)))
