"""What is done with scenarios: save what is seen, put one away."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from belvedere.domains.plans.public import outlook, vocabulary
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.outlook import asked as asking
from belvedere.faces.web.pages.plans.outlook.cockpit import frame_of, opened
from belvedere.faces.web.pages.plans.outlook.scenarios import ScenarioForm
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import Conflict, InvalidInput


def _save(request: HttpRequest, room: Room, organisation_id: UUID) -> HttpResponse:
    page = opened(room, organisation_id, asking.read(request.GET))
    asked = page.asked
    form = ScenarioForm(request.POST, auto_id="po-save-%s")
    if form.is_valid():
        over = asked.scenario if request.POST.get("over") else None
        version = request.POST.get("over", "")
        try:
            saved = outlook.save_scenario(
                actor=room.actor,
                territory_id=room.territory.id,
                organisation_id=organisation_id,
                draft=outlook.ScenarioDraft(
                    form.cleaned_data["name"],
                    asked.question.adjustments,
                    vocabulary.ScenarioType(form.cleaned_data["type"]),
                    form.cleaned_data["note"],
                ),
                scenario_id=over,
                version=int(version) if over and version.isascii() and version.isdigit() else None,
            )
        except (InvalidInput, Conflict) as error:
            field = str(error.data.get("field", ""))
            form.add_error(field if field in form.fields else None, sentence(error))
        else:
            messages.success(request, gettext("The scenario is saved."))
            return redirect(page.address(replace(asked, scenario=saved)))
    context = {**frame_of(page), **page.whole(form)}
    return render(request, "plans/outlook/page.html", context, status=422)


def _archive(request: HttpRequest, room: Room, organisation_id: UUID, scenario_id: UUID) -> HttpResponse:
    found = outlook.scenario(room.actor, scenario_id)
    version = request.POST.get("version", "")
    outlook.archive_scenario(
        actor=room.actor,
        scenario_id=found.id,
        version=int(version) if version.isascii() and version.isdigit() else None,
    )
    messages.success(request, gettext("The scenario “%(name)s” is put away.") % {"name": found.name})
    return redirect(room.url("outlook", organisation_id=organisation_id))


save = require_POST(in_cockpit(_save))
archive = require_POST(in_cockpit(_archive))

__all__ = ["archive", "save"]
