"""The people of a territory, for who administers it or one of its organisations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.access.public import (
    Actor,
    InvitationView,
    PersonView,
    Role,
    TerritoryRole,
    administered,
    change_role,
    deactivate_person,
    end_membership,
    end_territory_role,
    invitations_of,
    invite_person,
    people_of,
    revoke_invitation,
    send_invitation_again,
)
from belvedere.domains.territory.public import TerritoryView
from belvedere.faces.web.pages.access import words
from belvedere.faces.web.pages.access.acting import actor_of_session
from belvedere.faces.web.pages.access.forms import WHOLE_TERRITORY, Invite, show_error
from belvedere.kernel.errors import N_, BelvedereError, InvalidInput, Refused


@never_cache
@require_GET
def people(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """Who holds which role, by organisation; and who was invited."""
    actor = _enter(request, territory)
    found = people_of(actor, territory.id)
    invitations = invitations_of(actor, territory.id)
    groups: list[dict[str, Any]] = []
    if actor.governs(territory.id):
        groups.append(_group(actor, None, territory.name, found, invitations))
    groups += [
        _group(actor, body.id, body.name, found, invitations)
        for body in words.bodies(territory.id, administered(actor, territory.id))
    ]
    context = {
        "territory": territory,
        "groups": [group for group in groups if group["rows"] or group["invitations"]],
        "count": len(found),
        "waiting": len(invitations),
        "roles": words.short_role_choices(),
        "governs": actor.governs(territory.id),
    }
    return render(request, "access/people.html", context)


def _group(
    actor: Actor,
    organisation_id: UUID | None,
    name: str,
    found: list[PersonView],
    invitations: list[InvitationView],
) -> dict[str, Any]:
    """An organisation (None: the territory itself) with a row for each role held there."""
    rows = []
    for person in found:
        held: list[Role | TerritoryRole] = (
            list(person.territory_roles)
            if organisation_id is None
            else [role for body, role in person.roles if body == organisation_id]
        )
        rows += [
            {
                "person": person,
                "role": role.value,
                "role_name": words.role_name(role),
                "is_self": person.id == actor.person_id,
            }
            for role in held
        ]
    waiting = [
        {"invitation": row, "role_name": words.role_name(row.role)}
        for row in invitations
        if row.organisation_id == organisation_id
    ]
    return {"id": organisation_id, "name": name, "rows": rows, "invitations": waiting}


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """Invite someone to a role."""
    actor = _enter(request, territory)
    managed = administered(actor, territory.id)
    if not managed and not actor.governs(territory.id):
        people_of(actor, territory.id)  # refuses, with the reason
    form = Invite(
        request.POST if request.method == "POST" else None,
        bodies=words.bodies(territory.id, managed),
        governs=actor.governs(territory.id),
        initial={"place": request.GET.get("organisation", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _invite(actor, territory, form.cleaned_data)
        except BelvedereError as error:
            if isinstance(error, Refused):
                raise
            show_error(form, error)
        else:
            email = form.cleaned_data["email"]
            messages.success(request, gettext("An invitation is on its way to %(email)s.") % {"email": email})
            return redirect("access:people", territory=territory.slug)
    context = {"territory": territory, "form": form}
    return render(request, "access/invite.html", context, status=422 if form.errors else 200)


def _invite(actor: Actor, territory: TerritoryView, given: dict[str, Any]) -> None:
    if given["place"] == WHOLE_TERRITORY:
        if not given.get("territory_role"):
            raise InvalidInput(N_("Choose a role in the whole territory."), field="territory_role")
        invite_person(
            actor=actor,
            email=given["email"],
            territory_id=territory.id,
            territory_role=TerritoryRole(given["territory_role"]),
            language=given["language"],
        )
        return
    if not given.get("role"):
        raise InvalidInput(N_("Choose a role in the organisation."), field="role")
    invite_person(
        actor=actor,
        email=given["email"],
        organisation_id=UUID(given["place"]),
        role=Role(given["role"]),
        language=given["language"],
    )


@require_POST
def invitation_act(
    request: HttpRequest, territory: TerritoryView, invitation_id: UUID, act: str
) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    actor = _enter(request, territory)
    if act == "again":
        send_invitation_again(actor=actor, invitation_id=invitation_id)
        messages.success(request, gettext("A new link is on its way; the old one does not work any more."))
    else:
        revoke_invitation(actor=actor, invitation_id=invitation_id)
        messages.success(request, gettext("The invitation is withdrawn; its link does not work any more."))
    return redirect("access:people", territory=territory.slug)


@require_POST
def role_change(
    request: HttpRequest, territory: TerritoryView, person_id: UUID, organisation_id: UUID
) -> HttpResponse:
    """Replace a role in an organisation, or end it (an empty new role)."""
    actor = _enter(request, territory)
    role, chosen = _role(request.POST.get("role")), request.POST.get("new_role", "")
    reason = request.POST.get("reason", "")[:500]
    if chosen:
        change_role(
            actor=actor,
            person_id=person_id,
            organisation_id=organisation_id,
            role=role,
            new_role=_role(chosen),
            reason=reason,
        )
        messages.success(request, gettext("The role is changed."))
    else:
        end_membership(
            actor=actor, person_id=person_id, organisation_id=organisation_id, role=role, reason=reason
        )
        messages.success(request, gettext("The role is ended."))
    return redirect("access:people", territory=territory.slug)


@require_POST
def territory_role_end(request: HttpRequest, territory: TerritoryView, person_id: UUID) -> HttpResponse:
    """End a role in the whole territory."""
    actor = _enter(request, territory)
    try:
        role = TerritoryRole(request.POST.get("role", ""))
    except ValueError:
        raise _unknown_role() from None
    end_territory_role(actor=actor, person_id=person_id, territory_id=territory.id, role=role)
    messages.success(request, gettext("The role is ended."))
    return redirect("access:people", territory=territory.slug)


@require_POST
def close(request: HttpRequest, territory: TerritoryView, person_id: UUID) -> HttpResponse:
    """Close an account."""
    actor = _enter(request, territory)
    deactivate_person(
        actor=actor,
        person_id=person_id,
        territory_id=territory.id,
        reason=request.POST.get("reason", "")[:500],
    )
    messages.success(request, gettext("The account is closed; the person is signed out everywhere."))
    return redirect("access:people", territory=territory.slug)


def _enter(request: HttpRequest, territory: TerritoryView) -> Actor:
    request.territory = territory  # type: ignore[attr-defined]  # for the frame
    return actor_of_session(request)


def _role(given: str | None) -> Role:
    try:
        return Role(given or "")
    except ValueError:
        raise _unknown_role() from None


def _unknown_role() -> InvalidInput:
    return InvalidInput(N_("There is no such role. Load the page again; nothing was changed."), field="role")
