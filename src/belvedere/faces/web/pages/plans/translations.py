"""The translator's page: what is missing in a language, beside what another says, filled in place."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from belvedere.domains.plans.public import translating
from belvedere.domains.territory.public import name_in, organisations_by_id
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.forms import language_name
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, BelvedereError, Refused
from belvedere.kernel.paging import Window

WINDOW = 25
FIELDS = {
    "measure.title": N_("Title"),
    "measure.description": N_("What and why"),
    "measure.justification": N_("Why it is needed"),
    "plan.title": N_("Title of a plan"),
    "axis.title": N_("Name of an axis"),
    "category.names": N_("Category"),
    "indicator.names": N_("Indicator"),
    "milestone.title": N_("Milestone"),
    "quantity.label": N_("Quantity"),
    "risk.description": N_("Risk"),
    "risk.mitigation": N_("Answer to a risk"),
    "decision.title": N_("Decision"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks: the language to write, and of which texts."""

    language: str
    field: str
    owner: UUID | None
    start: int

    def query(self, **extra: Any) -> str:
        known = {
            "to": self.language,
            "field": self.field,
            "owner": self.owner or "",
            "start": self.start or "",
        }
        return "?" + urlencode({name: value for name, value in {**known, **extra}.items() if value})


@dataclass(frozen=True, slots=True)
class Row:
    """A text to give. `typed` and `error`: what was sent and why it was not taken."""

    id: str
    field: str
    label: str
    of: str
    url: str
    sources: list[tuple[str, str]]  # language, text
    long: bool
    longest: int
    item: str
    typed: str = ""
    error: str = ""


def _require(room: Room) -> None:
    if not translating.may_translate(room.actor, room.territory.id):
        raise Refused(
            N_("Texts are translated by those who may change measures here."), code="may_not_translate"
        )


def _asked(request: HttpRequest, room: Room, shares: tuple[translating.Share, ...]) -> Asked:
    given = request.GET
    most = max(shares, key=lambda share: share.missing).language
    to = given.get("to", "")
    try:
        owner = UUID(given.get("owner", ""))
    except ValueError:
        owner = None
    start = given.get("start", "")
    return Asked(
        to if to in room.territory.languages else most,
        given.get("field", "") if given.get("field", "") in FIELDS else "",
        owner,
        min(int(start), 1_000_000) if start.isascii() and start.isdigit() and len(start) < 8 else 0,
    )


def _translations(request: HttpRequest, room: Room) -> HttpResponse:
    _require(room)
    here = room.territory.id
    shares = translating.completeness(room.actor, here)
    asked = _asked(request, room, shares)
    window = Window(asked.start, WINDOW)
    found = translating.missing(
        room.actor, here, asked.language, field=asked.field, owner_id=asked.owner, window=window
    )
    following = found.next_start
    share = next(one for one in shares if one.language == asked.language)
    context = {
        "room": room,
        "asked": asked,
        "finding": _finding(share),
        "tabs": [
            {
                "language": one.language,
                "name": language_name(one.language),
                "share": formats.percent(one.share),
                "missing": one.missing,
                "url": asked.query(to=one.language, start=""),
                "current": one.language == asked.language,
            }
            for one in shares
        ],
        "name": language_name(asked.language),
        "to": asked.language,
        "rows": [_row(room, one) for one in found.rows],
        "total": found.total,
        "fields": [(key, gettext(label)) for key, label in FIELDS.items()],
        "owners": _owners(room),
        "next_url": "" if following is None else asked.query(start=following),
        "previous_url": asked.query(start=max(0, asked.start - WINDOW) or "") if asked.start else "",
        "csv_url": room.url("translations_csv") + asked.query(start=""),
    }
    return render(request, "plans/translations.html", context)


def _finding(share: translating.Share) -> str:
    name = language_name(share.language)
    if not share.total:
        return gettext("Nothing to translate yet")
    if not share.missing:
        return gettext("%(language)s is complete") % {"language": name}
    return gettext("%(language)s: %(share)s of the texts, %(missing)s missing") % {
        "language": name,
        "share": formats.percent(share.share),
        "missing": formats.number(share.missing),
    }


def _owners(room: Room) -> list[tuple[UUID, str]]:
    known = organisations_by_id(room.actor.roles)
    return sorted(
        ((found.id, found.name) for found in known.values() if found.territory_id == room.territory.id),
        key=lambda pair: pair[1].casefold(),
    )


def _row(room: Room, one: translating.Missing, typed: str = "", error: str = "") -> Row:
    order = dict.fromkeys((room.language, *one.texts))
    return Row(
        id=f"tr-{one.field.key.replace('.', '-')}-{one.id}",
        field=one.field.key,
        label=gettext(FIELDS[one.field.key]),
        of=name_in(one.of, room.language, room.territory.languages) if one.of else "",
        url=room.measure_url(one.measure_id) if one.measure_id else "",
        sources=[(code, one.texts[code]) for code in order if one.texts.get(code)],
        long=one.field.long,
        longest=one.field.longest,
        item=one.id,
        typed=typed,
        error=error,
    )


def _translate(request: HttpRequest, room: Room) -> HttpResponse:
    """One text is given; the page then shows it done, or the sentence beside what was typed."""
    sent = request.POST
    field, item, text, language = (sent.get(name, "") for name in ("field", "item", "text", "to"))
    back = room.url("translations") + "?" + urlencode({"to": language})
    is_part = bool(request.headers.get("HX-Request"))
    try:
        translating.translate(
            actor=room.actor,
            territory_id=room.territory.id,
            field=field,
            item_id=item,
            language=language,
            text=text,
        )
    except BelvedereError as error:
        if error.status in (403, 404):
            raise
        if not is_part:
            messages.error(request, sentence(error))
            return redirect(back)
        one = translating.text_of(room.actor, room.territory.id, field, item)
        context = {
            "room": room,
            "row": _row(room, one, text, sentence(error)),
            "to": language,
            "name": language_name(language),
        }
        return render(request, "plans/translation_row.html", context, status=422)
    if not is_part:
        messages.success(request, gettext("The text is saved."))
        return redirect(back)
    row_id = f"tr-{field.replace('.', '-')}-{item}"
    context = {"room": room, "id": row_id, "text": text.strip(), "language": language}
    return render(request, "plans/translation_done.html", context)


def _csv(request: HttpRequest, room: Room) -> HttpResponse:
    """What is missing, for a translator who works elsewhere."""
    _require(room)
    asked = _asked(request, room, translating.completeness(room.actor, room.territory.id))
    out = StringIO()
    out.write("\ufeff")  # a spreadsheet takes it for what it is
    lines = csv.writer(out, delimiter=";")
    languages = [code for code in room.territory.languages if code != asked.language]
    lines.writerow(
        [
            gettext("Field"),
            gettext("Measure or plan"),
            *map(language_name, languages),
            language_name(asked.language),
        ]
    )
    for one in translating.every_missing(
        room.actor, room.territory.id, asked.language, field=asked.field, owner_id=asked.owner
    ):
        row = _row(room, one)
        texts = [one.texts.get(code, "") for code in languages]
        lines.writerow([_safe(text) for text in (row.label, row.of, *texts, "")])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="translations-{asked.language}.csv"'
    return answer


def _safe(text: str) -> str:
    """A spreadsheet takes a text that starts so for a formula."""
    return f"\u2019{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


translations, translations_csv = in_cockpit(_translations), in_cockpit(_csv)
translate = require_POST(in_cockpit(_translate))
