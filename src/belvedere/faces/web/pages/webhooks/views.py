"""The webhooks of a territory, for its administrators: which there are, what each received."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.webhooks import public as webhooks
from belvedere.faces.web.pages.webhooks import words
from belvedere.faces.web.pages.webhooks.forms import EndpointForm
from belvedere.kernel.errors import BelvedereError


def _enter(request: HttpRequest, territory: TerritoryView) -> Actor:
    request.territory = territory  # type: ignore[attr-defined]
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "POST"])
def endpoints(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """The webhooks; a new one shows its secret in the answer to its form, once."""
    actor = _enter(request, territory)
    webhooks.endpoints(actor, territory)  # refuses before anything typed is looked at
    form = EndpointForm(request.POST if request.method == "POST" else None)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = webhooks.create_endpoint(actor=actor, territory=territory, **form.cleaned_data)
        except BelvedereError as error:
            form.show(error)
        else:
            form = EndpointForm()
    found = webhooks.endpoints(actor, territory)
    context = {
        "territory": territory,
        "form": form,
        "made": made,
        "finding": words.finding(found),
        "rows": [{"view": one, "kinds": words.kinds(one), "state": words.state_of(one)} for one in found],
    }
    return render(request, "webhooks/endpoints.html", context, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    territory: TerritoryView,
    endpoint_id: UUID,
    form: EndpointForm | None = None,
    made: webhooks.NewSecret | None = None,
) -> HttpResponse:
    actor = _enter(request, territory)
    view = webhooks.endpoint(actor, territory, endpoint_id)
    form = form or EndpointForm(initial={"url": view.url, "kinds": [one.value for one in view.kinds]})
    context = {
        "territory": territory,
        "view": view,
        "form": form,
        "made": made,
        "kept_days": webhooks.KEPT_DAYS,
        "state": words.state_of(view),
        "why": words.why_stopped(view),
        "rows": [
            {"view": one, "kind": words.kind(one.kind), "state": words.delivery_state(one)}
            for one in webhooks.deliveries(actor, territory, endpoint_id)
        ],
    }
    return render(request, "webhooks/endpoint.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def endpoint(request: HttpRequest, territory: TerritoryView, endpoint_id: UUID) -> HttpResponse:
    """One webhook with its messages; POST changes its address and events."""
    if request.method == "GET":
        return _page(request, territory, endpoint_id)
    actor = _enter(request, territory)
    form = EndpointForm(request.POST)
    if form.is_valid():
        try:
            webhooks.change_endpoint(
                actor=actor, territory=territory, endpoint_id=endpoint_id, **form.cleaned_data
            )
        except BelvedereError as error:
            if "field" not in error.data:
                raise
            form.show(error)
        else:
            messages.success(request, gettext("The webhook is changed."))
            return redirect("webhooks:endpoint", territory, endpoint_id)
    return _page(request, territory, endpoint_id, form)


@never_cache
@require_POST
def rotate(request: HttpRequest, territory: TerritoryView, endpoint_id: UUID) -> HttpResponse:
    """A new secret, shown once."""
    actor = _enter(request, territory)
    made = webhooks.rotate_secret(actor=actor, territory=territory, endpoint_id=endpoint_id)
    return _page(request, territory, endpoint_id, made=made)


@require_POST
def test(request: HttpRequest, territory: TerritoryView, endpoint_id: UUID) -> HttpResponse:
    """Send a test message."""
    webhooks.send_test(actor=_enter(request, territory), territory=territory, endpoint_id=endpoint_id)
    messages.success(request, gettext("A test message is on its way. Reload the page to see its answer."))
    return redirect("webhooks:endpoint", territory, endpoint_id)


@require_POST
def stop(request: HttpRequest, territory: TerritoryView, endpoint_id: UUID) -> HttpResponse:
    """Send nothing more for now."""
    webhooks.stop_endpoint(actor=_enter(request, territory), territory=territory, endpoint_id=endpoint_id)
    messages.success(request, gettext("The webhook is stopped; what waits is kept."))
    return redirect("webhooks:endpoint", territory, endpoint_id)


@require_POST
def start(request: HttpRequest, territory: TerritoryView, endpoint_id: UUID) -> HttpResponse:
    """Send again, in the name of who starts it."""
    webhooks.start_endpoint(actor=_enter(request, territory), territory=territory, endpoint_id=endpoint_id)
    messages.success(request, gettext("The webhook runs again; what waited is sent now."))
    return redirect("webhooks:endpoint", territory, endpoint_id)


@require_POST
def remove(request: HttpRequest, territory: TerritoryView, endpoint_id: UUID) -> HttpResponse:
    """Forget a webhook and its messages."""
    webhooks.remove_endpoint(actor=_enter(request, territory), territory=territory, endpoint_id=endpoint_id)
    messages.success(request, gettext("The webhook is removed."))
    return redirect("webhooks:endpoints", territory)


@require_POST
def replay(
    request: HttpRequest, territory: TerritoryView, endpoint_id: UUID, delivery_id: UUID
) -> HttpResponse:
    """Send one message again."""
    webhooks.replay(actor=_enter(request, territory), territory=territory, delivery_id=delivery_id)
    messages.success(request, gettext("The message is sent again, under the same number."))
    return redirect("webhooks:endpoint", territory, endpoint_id)
