"""A person's own account: details, safety, sessions, tokens."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from belvedere.domains.access.public import (
    Actor,
    change_own_details,
    create_token,
    end_other_sessions,
    end_session,
    own_details,
    revoke_token,
    sessions_of,
    tokens_of,
)
from belvedere.domains.territory.public import organisations_by_id, territories
from belvedere.faces.web.pages.access import words
from belvedere.faces.web.pages.access.acting import signed_in
from belvedere.faces.web.pages.access.forms import Details, NewTokenForm, show_error
from belvedere.faces.web.pages.access.languages import remember_language
from belvedere.kernel.errors import BelvedereError


@never_cache
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The person's details, roles and means of signing in."""
    actor = signed_in(request)
    own = own_details(actor)
    initial = {"display_name": own.display_name, "language": own.language, "phone": own.phone}
    form = Details(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_own_details(actor=actor, **form.cleaned_data)
        except BelvedereError as error:
            show_error(form, error)
        else:
            return _details_saved(request, form.cleaned_data["language"])
    context = {
        "form": form,
        "own": own,
        "roles": _roles(actor),
        "factors": _factors(actor),
        "sessions": len(sessions_of(actor, request.session.session_key or "")),
        "tokens": sum(not token.revoked and not token.expired for token in tokens_of(actor)),
    }
    return render(request, "access/account.html", context, status=422 if form.errors else 200)


def _details_saved(request: HttpRequest, language: str) -> HttpResponse:
    with translation.override(language):
        messages.success(request, gettext("Your details are saved."))
    response = redirect("access:account")
    remember_language(response, language)
    return response


def _roles(actor: Actor) -> list[dict[str, str]]:
    """Where the actor is what, territories first."""
    named = organisations_by_id(actor.roles)
    rows = [
        {"place": place.name, "role": words.role_name(role)}
        for place in territories(ids=list(actor.territory_roles))
        for role in sorted(actor.territory_roles[place.id])
    ]
    return rows + [
        {"place": named[key].name, "role": words.role_name(role)}
        for key, roles in actor.roles.items()
        for role in sorted(roles)
        if key in named
    ]


def _factors(actor: Actor) -> dict[str, int]:
    """How many second factors of each type the actor has set up."""
    rows = Authenticator.objects.filter(user_id=actor.person_id) if actor.person_id else []
    types = [row.type for row in rows]
    return {kind: types.count(kind) for kind in ("totp", "webauthn", "recovery_codes")}


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list of tokens; a new one is shown in the answer to its form, once."""
    actor = signed_in(request)
    form = NewTokenForm(request.POST if request.method == "POST" else None)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = create_token(actor=actor, **form.cleaned_data)
        except BelvedereError as error:
            show_error(form, error)
        else:
            form = NewTokenForm()
    rows = [
        {"token": token, "scopes": [label for value, label in words.scope_choices() if value in token.scopes]}
        for token in tokens_of(actor)
    ]
    context = {"form": form, "made": made, "rows": rows}
    return render(request, "access/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def token_revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Make one of one's own tokens useless."""
    revoke_token(actor=signed_in(request), token_id=token_id)
    messages.success(request, gettext("The token is revoked; programs that use it are refused from now on."))
    return redirect("access:tokens")


@never_cache
@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in; POST signs out everywhere but here."""
    actor = signed_in(request)
    key = request.session.session_key or ""
    if request.method == "POST":
        count = end_other_sessions(actor=actor, current_key=key)
        messages.success(
            request,
            ngettext("%(count)s other session ended.", "%(count)s other sessions ended.", count)
            % {"count": count},
        )
        return redirect("access:sessions")
    return render(request, "access/sessions.html", {"sessions": sessions_of(actor, key)})


@require_POST
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out of one browser."""
    end_session(actor=signed_in(request), session_id=session_id)
    messages.success(request, gettext("That session is ended."))
    return redirect("access:sessions")


def email(request: HttpRequest) -> HttpResponse:
    """The address is the proof an invitation made; it is not changed here."""
    return redirect("access:account")
