"""The library in the cockpit of a territory: cards, unit costs, sharing, the file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from belvedere.domains.library.public import (
    exchange,
    import_library,
    policies,
    queries,
    share_measure,
    start_from,
    withdraw,
)
from belvedere.domains.plans.public import MeasureFilter, brief
from belvedere.domains.plans.public import queries as plan_queries
from belvedere.faces.web import formats
from belvedere.faces.web.pages.library import present, words
from belvedere.faces.web.pages.library.forms import FileForm, SearchForm, StartForm
from belvedere.faces.web.pages.plans.creating import owners
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import Conflict, InvalidInput
from belvedere.kernel.paging import Window

SIZE = 25
OFFERED = 40  # measures that may be shared, on one page


def url(room: Room, name: str, **kwargs: Any) -> str:
    return reverse(f"library:{name}", kwargs={"territory": room.territory, **kwargs})


def instance() -> str:
    """How this platform is named in a file."""
    return urlsplit(settings.PUBLIC_URL).netloc


def _form(request: HttpRequest, room: Room) -> SearchForm:
    found = queries.categories(room.actor)
    choices = [(group, f"{words.text(names)} ({formats.number(number)})") for group, names, number in found]
    return SearchForm(sorted(choices, key=lambda one: one[1].casefold()), request.GET)


def _page(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return max(1, min(10_000, int(asked))) if asked.isascii() and asked.isdigit() else 1


def _shared(request: HttpRequest, room: Room) -> HttpResponse:
    form = _form(request, room)
    asked, number = form.asked(), _page(request)
    found = queries.search(room.actor, asked, Window((number - 1) * SIZE, SIZE))
    return render(
        request,
        "library/shared.html",
        {
            "room": room,
            "form": form,
            "asked": bool(asked != queries.Search()),
            "finding": present.finding(found.total, asked),
            "cards": [present.line(room, one, url(room, "card", card_id=one.id)) for one in found.rows],
            "page": Paginator(range(found.total), SIZE).get_page(number),
            "costs_url": url(room, "costs"),
            "share_url": url(room, "share") if _may_share(room) else "",
            "export_url": url(room, "export"),
            "import_url": url(room, "import") if room.actor.governs(room.territory.id) else "",
            "own_url": url(room, "shared"),
        },
    )


def _may_share(room: Room) -> bool:
    here = room.territory.id
    bodies = [None, *room.actor.roles]
    return room.actor.governs(here) or any(
        policies.may_share(room.actor, here, one) is None for one in bodies if one is not None
    )


def _costs(request: HttpRequest, room: Room) -> HttpResponse:
    form = _form(request, room)
    rows = queries.unit_costs(room.actor, form.asked())
    return render(
        request,
        "library/costs.html",
        {
            "room": room,
            "form": form,
            "finding": present.costs_finding(rows),
            "rows": [present.cost_row(one, url(room, "shared")) for one in rows],
            "shared_url": url(room, "shared"),
        },
    )


def _card(request: HttpRequest, room: Room, card_id: UUID) -> HttpResponse:
    card = queries.card(room.actor, card_id)
    known = owners(room)
    form = StartForm(card, known, request.POST if request.method == "POST" else None) if known else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            made = start_from(
                actor=room.actor,
                card_id=card_id,
                territory_id=room.territory.id,
                start=form.start(),
                language=room.language,
            )
        except (InvalidInput, Conflict) as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The measure is created as a draft. Complete it below."))
            return redirect(f"{room.measure_url(made)}#todo")
    context = {
        "room": room,
        "card": present.whole(room, card),
        "form": form,
        "withdraw_url": _withdraw_url(room, card),
        "shared_url": url(room, "shared"),
    }
    return render(request, "library/card.html", context, status=422 if form and form.is_bound else 200)


def _withdraw_url(room: Room, card: queries.Card) -> str:
    if card.territory_id != room.territory.id:
        return ""
    found = brief.briefs([card.facts.source_id]).get(card.facts.source_id)
    if found is None or policies.may_share(room.actor, found.territory_id, found.owner_id) is not None:
        return ""
    return url(room, "withdraw", card_id=card.id)


def _withdraw(request: HttpRequest, room: Room, card_id: UUID) -> HttpResponse:
    withdraw(actor=room.actor, card_id=card_id, reason=request.POST.get("reason", "")[:300])
    messages.success(request, gettext("The card is withdrawn from the library."))
    return redirect(url(room, "shared"))


def _share(request: HttpRequest, room: Room) -> HttpResponse:
    if request.method == "POST":
        return _share_chosen(request, room)
    text = request.GET.get("q", "")[:200]
    mine = frozenset(
        one for one in room.actor.roles if policies.may_share(room.actor, room.territory.id, one) is None
    )
    which = MeasureFilter(
        text=text, published=True, owners=frozenset() if room.actor.governs(room.territory.id) else mine
    )
    allowed = room.actor.governs(room.territory.id) or bool(mine)
    if not allowed:
        policies.require_sharer(room.actor, room.territory.id)
    rows = plan_queries.measure_rows(
        room.actor, room.territory.id, which, language=room.language, window=Window(0, OFFERED)
    )
    return render(
        request,
        "library/share.html",
        {
            "room": room,
            "q": text,
            "rows": [(row, queries.card_of(row.id)) for row in rows.rows],
            "total": rows.total,
            "shown": OFFERED,
            "shared_url": url(room, "shared"),
        },
    )


def _share_chosen(request: HttpRequest, room: Room) -> HttpResponse:
    chosen = []
    for given in request.POST.getlist("measure")[:OFFERED]:
        try:
            chosen.append(UUID(given))
        except ValueError:
            continue
    for measure_id in chosen:
        address = reverse(
            "portal_plans:measure", kwargs={"territory": room.territory, "measure_id": measure_id}
        )
        share_measure(actor=room.actor, measure_id=measure_id, url=f"{settings.PUBLIC_URL}{address}")
    if chosen:
        said = ngettext("%(n)s measure is shared.", "%(n)s measures are shared.", len(chosen))
        messages.success(request, said % {"n": formats.number(len(chosen))})
        return redirect(url(room, "shared"))
    messages.info(request, gettext("Tick the measures to share."))
    return redirect(url(room, "share"))


def _export(request: HttpRequest, room: Room) -> HttpResponse:
    cards = queries.own_cards(room.actor)
    response = HttpResponse(
        exchange.written(cards, instance=instance(), at=now()), content_type="application/json"
    )
    name = f"belvedere-library-{instance().replace(':', '-')}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _import(request: HttpRequest, room: Room) -> HttpResponse:
    policies.require_import(room.actor, room.territory.id)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read(exchange.LARGEST_FILE + 1)
        try:
            done = import_library(
                actor=room.actor, territory_id=room.territory.id, content=content, here=instance()
            )
        except InvalidInput as error:
            form.blame(error)
        else:
            messages.success(request, present.taken(done))
            return redirect(url(room, "shared"))
    context = {"room": room, "form": form, "shared_url": url(room, "shared")}
    return render(request, "library/import.html", context, status=422 if form.is_bound else 200)


shared = never_cache(require_safe(in_cockpit(_shared)))
costs = never_cache(require_safe(in_cockpit(_costs)))
card = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_card)))
take_back = require_POST(in_cockpit(_withdraw))
share = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_share)))
export = never_cache(require_safe(in_cockpit(_export)))
bring = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_import)))
