"""A crisis declared, its phase changed, its roles taken and handed on, ended."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.errors import WrongState
from belvedere.domains.crisis.public import Kind, Phase
from belvedere.domains.territory.public import organisation
from belvedere.faces.web.pages.crisis import words
from belvedere.faces.web.pages.crisis.forms import (
    DeclareForm,
    EndForm,
    PersonForm,
    PhaseForm,
    RoleForm,
    typed,
)
from belvedere.faces.web.pages.crisis.rooms import declares_for, pressed, seen
from belvedere.faces.web.pages.duty.owners import staff
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError, NotFound, Refused

NOBODY = N_("Only administrators and the roles that the plan names declare a crisis.")
LEADS = N_("Only who leads this crisis does that: an administrator, or a role that the plan lets lead.")


def _declare(request: HttpRequest, room: Room) -> HttpResponse:
    plans = [one for one in crises.plans(room.actor, room.territory.id) if one.may_declare]
    owners = [(str(key), name) for key, name in declares_for(room)]
    if not owners and not plans:
        raise Refused(NOBODY)
    asked = request.GET.get("plan", "")
    by = next((one for one in plans if str(one.id) == asked), plans[0] if plans else None)
    start = {
        "plan": str(by.id) if by else "",
        "owner": _offered(owners, by.owner_id if by else None),
        "name": by.name if by else "",
        "kind": (by.kinds[0] if by else Kind.OTHER).value,
        "phase": Phase.VIGILANCE.value,
        "begun_at": typed(now(), room.territory.zone),
        "is_exercise": "exercise" in request.GET,
    }
    given = request.POST if request.method == "POST" else None
    form = DeclareForm(plans, owners, room.territory.zone, given, initial=start)
    if given is not None and form.is_valid():
        try:
            made = crises.declare_crisis(actor=room.actor, territory=room.territory, draft=form.draft())
        except (Refused, NotFound):
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("It is declared. Who has a role is told by e-mail now."))
            return redirect("crisis:crisis", room.territory, made)
    context = {"room": room, "form": form, "by": by}
    return render(request, "crisis/declare.html", context, status=422 if form.errors else 200)


def _offered(owners: list[tuple[str, str]], owner_id: UUID | None) -> str:
    """The organisation that is proposed: that of the plan, else the first one."""
    keys = [key for key, _name in owners]
    return str(owner_id) if str(owner_id) in keys else keys[0] if keys else ""


def _phase(request: HttpRequest, room: Room, crisis_id: UUID) -> HttpResponse:
    view = seen(room, crisis_id)
    if not view.may_lead:
        raise Refused(LEADS)
    sent = request.POST.copy() if request.method == "POST" else None
    form = PhaseForm(view, sent)
    status = 200
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        try:
            crises.change_phase(
                actor=room.actor,
                territory=room.territory,
                crisis_id=crisis_id,
                phase=Phase(given["phase"]),
                reason=given["reason"],
                expected=given["expected"],
                also_skipped=given["also_skipped"],
            )
        except (Refused, NotFound):
            raise
        except BelvedereError as error:
            form.blame(error)
            # Whoever reads how it stands now, and sends again, means it.
            sent["expected"] = view.phase.value
            status = error.status
        else:
            messages.success(request, gettext("The phase is changed; its task cards are open."))
            return redirect("crisis:crisis", room.territory, crisis_id)
    context = {"room": room, "view": view, "form": form, "phase": words.phase(view.phase)}
    return render(
        request, "crisis/phase.html", context, status=status if status > 200 or not form.errors else 422
    )


def _end(request: HttpRequest, room: Room, crisis_id: UUID) -> HttpResponse:
    view = seen(room, crisis_id)
    if not view.may_lead:
        raise Refused(LEADS)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            crises.end_crisis(
                actor=room.actor,
                territory=room.territory,
                crisis_id=crisis_id,
                summary=form.cleaned_data["summary"],
            )
        except (Refused, NotFound, WrongState):
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("It is ended. Its timeline stays."))
            return redirect("crisis:crisis", room.territory, crisis_id)
    still = [one for one in view.tasks if one.is_open]
    context = {"room": room, "view": view, "form": form, "still": still}
    return render(request, "crisis/end.html", context, status=422 if form.errors else 200)


def _roles(request: HttpRequest, room: Room, crisis_id: UUID) -> HttpResponse:
    """Every role with who is asked, in order; the form adds one."""
    view = seen(room, crisis_id)
    people = staff(view.owner_id) if view.may_act else {}
    if request.method == "POST" and not view.may_lead:
        raise Refused(LEADS)
    form = RoleForm(people, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            crises.add_role(
                actor=room.actor,
                territory=room.territory,
                crisis_id=crisis_id,
                name=given["name"],
                person_id=UUID(given["person"]) if given["person"] else None,
                duty=given["duty"],
                phone=given["phone"],
            )
        except (Refused, NotFound, WrongState):
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The role is added."))
            return redirect("crisis:roles", room.territory, crisis_id)
    context = {
        "room": room,
        "view": view,
        "form": form,
        "owner": organisation(view.owner_id).label,
        "here": request.path,
        "me": room.actor.person_id,
    }
    return render(request, "crisis/roles.html", context, status=422 if form.errors else 200)


def _hand(request: HttpRequest, room: Room, crisis_id: UUID, role_id: UUID) -> HttpResponse:
    view = seen(room, crisis_id)
    role = next((one for one in view.roles if one.id == role_id), None)
    if role is None:
        raise NotFound(N_("This role is not of this crisis."))
    if not (view.may_lead or (role.mine and view.may_act)):
        raise Refused(LEADS)
    others = {key: name for key, name in staff(view.owner_id).items() if key != role.person_id}
    form = PersonForm(others, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        to = form.person_id()
        assert to is not None
        return pressed(
            request,
            room,
            crisis_id,
            gettext("It is handed on; the person is told by e-mail now."),
            lambda: crises.hand_role(
                actor=room.actor,
                territory=room.territory,
                crisis_id=crisis_id,
                role_id=role_id,
                person_id=to,
                word=form.cleaned_data["word"],
            ),
        )
    context = {"room": room, "view": view, "role": role, "form": form}
    return render(request, "crisis/hand.html", context, status=422 if form.errors else 200)


def _take(request: HttpRequest, room: Room, crisis_id: UUID, role_id: UUID) -> HttpResponse:
    return pressed(
        request,
        room,
        crisis_id,
        gettext("You have this role now."),
        lambda: crises.take_role(
            actor=room.actor, territory=room.territory, crisis_id=crisis_id, role_id=role_id
        ),
    )


def _absent(request: HttpRequest, room: Room, crisis_id: UUID, person_id: UUID) -> HttpResponse:
    """`back` in the form: there again."""
    verb = crises.mark_back if "back" in request.POST else crises.mark_absent
    return pressed(
        request,
        room,
        crisis_id,
        "",
        lambda: verb(actor=room.actor, territory=room.territory, crisis_id=crisis_id, person_id=person_id),
    )


declare = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_declare)))
phase = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_phase)))
end = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_end)))
roles = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_roles)))
hand = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_hand)))
take = require_POST(in_cockpit(_take))
absent = require_POST(in_cockpit(_absent))
