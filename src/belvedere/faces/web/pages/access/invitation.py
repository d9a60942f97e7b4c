"""Accepting an invitation: the page its link opens."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from belvedere.domains.access.public import (
    InvitationView,
    Newcomer,
    accept_invitation,
    has_account,
    look_at_invitation,
    own_details,
)
from belvedere.domains.territory.public import organisation, territory_by_id
from belvedere.faces.web.pages.access import words
from belvedere.faces.web.pages.access.acting import actor_of_session, client_of
from belvedere.faces.web.pages.access.forms import Welcome, show_error
from belvedere.faces.web.pages.access.languages import remember_language
from belvedere.kernel.errors import InvalidInput

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What is offered, by whom; a newcomer chooses a name and a password, others only agree."""
    actor, client = actor_of_session(request), client_of(request)
    offer = look_at_invitation(token, client=client)
    if actor.person_id is None and has_account(offer.email):
        return redirect_to_login(request.get_full_path())
    newcomer = actor.person_id is None
    form = Welcome(
        request.POST if request.method == "POST" else None, initial={"language": (get_language() or "fr")[:2]}
    )
    if request.method == "POST" and (not newcomer or form.is_valid()):
        given = Newcomer(**form.cleaned_data) if newcomer else None
        try:
            person_id = accept_invitation(actor=actor, token=token, newcomer=given, client=client)
        except InvalidInput as error:
            show_error(form, error)
        else:
            return _welcome(request, person_id, given)
    context = {
        "offer": offer,
        "where": _where(offer),
        "role": words.role_name(offer.role),
        "form": form if newcomer else None,
        "other_address": not newcomer and own_details(actor).email.lower() != offer.email.lower(),
    }
    failed = newcomer and bool(form.errors)
    return render(request, "access/invitation.html", context, status=422 if failed else 200)


def _where(offer: InvitationView) -> str:
    if offer.organisation_id is not None:
        return organisation(offer.organisation_id).name
    return territory_by_id(offer.territory_id).name


def _welcome(request: HttpRequest, person_id: UUID, given: Newcomer | None) -> HttpResponse:
    response = redirect("/cockpit/")
    if given is not None:
        login(request, get_user_model().objects.get(pk=person_id), backend=BACKEND)
        remember_language(response, given.language)
    messages.success(request, gettext("Welcome. Your role is yours from now on."))
    return response
