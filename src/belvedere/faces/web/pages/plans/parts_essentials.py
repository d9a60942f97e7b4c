"""Editable parts: what the measure is, where it stands, where it lies."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext

from belvedere.domains.plans.public import actions, money_actions, restoring, states, values, views
from belvedere.faces.web.pages.plans import document_forms, forms, histories, site_forms, track_forms
from belvedere.faces.web.pages.plans.edit_task import Item, Part, Task
from belvedere.kernel.errors import N_


def _texts(task: Task) -> None:
    form = task.form
    cleaned = form.cleaned_data
    category = cleaned.get("category")
    actions.edit_measure(
        **task.common,
        title=form.texts("title"),
        description=form.texts("description"),
        justification=form.texts("justification"),
        kind=states.MeasureKind(cleaned["kind"]) if cleaned["kind"] else None,
        category_id=int(category) if category else None,
    )


def _phase(task: Task) -> None:
    actions.change_phase(**task.common, to=task.form.cleaned_data["to"])


def _implementation(task: Task) -> None:
    cleaned = task.form.cleaned_data
    to = states.Implementation(cleaned["to"])
    other: UUID | None = cleaned["replaced_by"] if to is states.Implementation.REPLACED else None
    actions.change_implementation(**task.common, to=to, replaced_by=other)


def _dates(task: Task) -> None:
    actions.set_phase_dates(**task.common, phases=task.form.drafts())


def _publish(task: Task) -> None:
    actions.publish_measure(**task.common, published=task.form.cleaned_data["published"])


def _site(task: Task) -> None:
    cleaned = task.form.cleaned_data
    shape = cleaned["geometry"]
    if task.row is not None:
        money_actions.move_site(**task.common, site_id=task.row_id, shape=shape, method=task.form.method)
        return
    draft = values.SiteDraft(shape, task.form.method, cleaned["name"])
    money_actions.add_site(**task.common, draft=draft)


def _remove_site(task: Task) -> None:
    money_actions.remove_site(**task.common, site_id=task.row_id)


def _put_back(task: Task) -> None:
    restoring.put_back(**task.common, entry_id=task.row.entry_id, name=task.row.key)


def _old(row: histories.Old, at: int) -> str:
    return row.name


def _import_sites(task: Task) -> None:
    common = task.common
    for draft in task.form.cleaned_data["sites"]:
        money_actions.add_site(**common, draft=draft)
        # The first has checked the version; its own change must not make the next ones refuse.
        common["version"] = None


def _place(site: views.SiteView, at: int) -> str:
    return site.name or gettext("Site %(n)s") % {"n": at}


ESSENTIALS: dict[str, Part] = {
    "texts": Part(
        title=N_("Title and description"),
        form=forms.TextsForm,
        act=_texts,
        saved=N_("The texts are saved."),
        right="edit",
        anchor="essentials",
    ),
    "phase": Part(
        title=N_("Planning: the next phase"),
        form=track_forms.PhaseForm,
        act=_phase,
        saved=N_("The phase is saved."),
        right="edit",
        anchor="progress",
        template="plans/edit_step.html",
    ),
    "implementation": Part(
        title=N_("Implementation: the next step"),
        form=track_forms.ImplementationForm,
        act=_implementation,
        saved=N_("The state is saved."),
        right="edit",
        anchor="progress",
        template="plans/edit_step.html",
    ),
    "dates": Part(
        title=N_("Dates of the phases"),
        form=track_forms.DatesForm,
        act=_dates,
        saved=N_("The dates are saved."),
        right="edit",
        anchor="calendar",
        template="plans/edit_dates.html",
    ),
    "publish": Part(
        title=N_("Visibility"),
        form=forms.PublishForm,
        act=_publish,
        saved=N_("The visibility is saved."),
        right="publish",
        anchor="essentials",
    ),
    "site": Part(
        title=N_("Site"),
        form=site_forms.DrawnSiteForm,
        act=_site,
        saved=N_("The site is saved."),
        right="edit",
        anchor="place",
        template="plans/edit_site.html",
        of="sites",
        item=Item.MAY,
        named=_place,
    ),
    "import-sites": Part(
        title=N_("Sites from a file"),
        form=document_forms.SitesFileForm,
        act=_import_sites,
        saved=N_("The sites of the file are added."),
        right="edit",
        anchor="place",
    ),
    "put-back": Part(
        title=N_("Put an old value back"),
        form=forms.PutBackForm,
        act=_put_back,
        saved=N_("The old value is back."),
        right="edit",
        anchor="journal",
        template="plans/edit_put_back.html",
        of="history",
        item=Item.MUST,
        named=_old,
    ),
    "remove-site": Part(
        title=N_("Remove this site"),
        form=forms.RemoveForm,
        act=_remove_site,
        saved=N_("The site is removed."),
        right="edit",
        anchor="place",
        template="plans/edit_remove.html",
        of="sites",
        item=Item.MUST,
        named=_place,
    ),
}
