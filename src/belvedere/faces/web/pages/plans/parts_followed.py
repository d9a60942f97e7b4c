"""Editable parts: what is followed on a measure. Each kind of thing is added, changed and taken away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from belvedere.domains.plans.public import follow, vocabulary
from belvedere.faces.web.pages.plans import document_forms, effect_forms, follow_forms, forms
from belvedere.faces.web.pages.plans import follow_words as words
from belvedere.faces.web.pages.plans.edit_task import Item, Part, Task
from belvedere.kernel.errors import N_


def _set(verb: Callable[..., Any]) -> Callable[[Task], None]:
    def act(task: Task) -> None:
        verb(**task.common, draft=task.form.draft(), item_id=task.row_id)

    return act


def _remove(verb: Callable[..., Any]) -> Callable[[Task], None]:
    def act(task: Task) -> None:
        verb(**task.common, item_id=task.row_id)

    return act


def _document(task: Task) -> None:
    follow.add_document(**task.common, draft=task.form.draft())


def _version(task: Task) -> None:
    follow.add_version(**task.common, document_id=task.row_id, file=task.form.cleaned_data["draft"])


def _describe(task: Task) -> None:
    cleaned = task.form.cleaned_data
    kind = vocabulary.DocumentType(cleaned["type"])
    follow.describe_document(**task.common, document_id=task.row_id, type=kind, title=cleaned["title"])


def _publish_document(task: Task) -> None:
    public = task.form.cleaned_data["public"]
    follow.publish_document(**task.common, document_id=task.row_id, public=public)


def _remove_document(task: Task) -> None:
    follow.remove_document(**task.common, document_id=task.row_id)


def _restore_document(task: Task) -> None:
    follow.restore_document(**task.common, document_id=task.row_id)


def _effect(task: Task) -> None:
    new = task.form.new_indicator
    if new is None:
        indicator_id = int(task.form.cleaned_data["indicator"])
    else:
        indicator_id = follow.define_indicator(
            actor=task.room.actor, territory_id=task.view.territory_id, draft=new
        )
    follow.set_effect(**task.common, draft=task.form.draft(indicator_id), item_id=task.row_id)


def _value(task: Task) -> None:
    follow.set_value(**task.common, effect_id=task.form.effect.id, draft=task.form.draft())


def _correct_value(task: Task) -> None:
    follow.set_value(
        **task.common, effect_id=task.form.effect.id, draft=task.form.draft(), item_id=task.row_id
    )


def _remove_value(task: Task) -> None:
    effect = next(one for one in task.subject.followed.effects if task.row in one.values)
    follow.remove_value(**task.common, effect_id=effect.id, item_id=task.row_id)


def _milestone(row: follow.MilestoneView, at: int) -> str:
    return words.milestone(row)


def _quantity(row: follow.QuantityView, at: int) -> str:
    return f"{words.quantity(row.planned, row.unit)} {row.label}".strip()


def _risk(row: follow.RiskView, at: int) -> str:
    return row.description.text[:60]


def _decision(row: follow.DecisionView, at: int) -> str:
    return row.title.text or row.body


def _link(row: follow.LinkView, at: int) -> str:
    return row.title.text


def _actor(row: follow.ActorView, at: int) -> str:
    return row.name or row.organisation


def _doc(row: follow.DocumentView, at: int) -> str:
    return row.title


def _indicator(row: follow.EffectView, at: int) -> str:
    return row.indicator.name.text


def _dated(row: follow.ValueView, at: int) -> str:
    return words.plain(row.value)


def _pair(
    key: str,
    *,
    of: str,
    anchor: str,
    title: str,
    adding: str,
    saved: str,
    removing: str,
    removed: str,
    form: type[forms.MeasureForm],
    named: Callable[[Any, int], str],
    verbs: tuple[Callable[..., Any], Callable[..., Any]],
) -> dict[str, Part]:
    """The two parts of a kind of thing: to add or change one, to take one away."""
    common: dict[str, Any] = {"right": "edit", "anchor": anchor, "of": of, "named": named}
    return {
        key: Part(
            title=title,
            form=form,
            act=_set(verbs[0]),
            saved=saved,
            item=Item.MAY,
            adding=adding,
            **common,
        ),
        f"remove-{key}": Part(
            title=removing,
            form=forms.RemoveForm,
            act=_remove(verbs[1]),
            saved=removed,
            item=Item.MUST,
            template="plans/edit_remove.html",
            **common,
        ),
    }


# What the parts of one kind of thing share; a row may say else.
of_document = partial(Part, right="edit", anchor="documents", of="documents", named=_doc, item=Item.MUST)
of_effect = partial(Part, right="edit", anchor="effects", of="effects", named=_indicator, item=Item.MUST)
of_value = partial(Part, right="edit", anchor="effects", of="values", named=_dated, item=Item.MUST)

FOLLOWED: dict[str, Part] = {
    **_pair(
        "milestone",
        of="milestones",
        anchor="milestones",
        title=N_("Milestone"),
        adding=N_("New milestone"),
        saved=N_("The milestone is saved."),
        removing=N_("Remove this milestone"),
        removed=N_("The milestone is removed."),
        form=follow_forms.MilestoneForm,
        named=_milestone,
        verbs=(follow.set_milestone, follow.remove_milestone),
    ),
    **_pair(
        "quantity",
        of="quantities",
        anchor="quantities",
        title=N_("Quantity"),
        adding=N_("New quantity"),
        saved=N_("The quantity is saved."),
        removing=N_("Remove this quantity"),
        removed=N_("The quantity is removed."),
        form=follow_forms.QuantityForm,
        named=_quantity,
        verbs=(follow.set_quantity, follow.remove_quantity),
    ),
    **_pair(
        "risk",
        of="risks",
        anchor="risks",
        title=N_("Risk"),
        adding=N_("New risk"),
        saved=N_("The risk is saved."),
        removing=N_("Remove this risk"),
        removed=N_("The risk is removed."),
        form=follow_forms.RiskForm,
        named=_risk,
        verbs=(follow.set_risk, follow.remove_risk),
    ),
    **_pair(
        "decision",
        of="decisions",
        anchor="decisions",
        title=N_("Decision"),
        adding=N_("New decision"),
        saved=N_("The decision is saved."),
        removing=N_("Remove this decision"),
        removed=N_("The decision is removed."),
        form=follow_forms.DecisionForm,
        named=_decision,
        verbs=(follow.set_decision, follow.remove_decision),
    ),
    **_pair(
        "link",
        of="links",
        anchor="links",
        title=N_("Link to another measure"),
        adding=N_("New link to another measure"),
        saved=N_("The link is saved."),
        removing=N_("Remove this link"),
        removed=N_("The link is removed."),
        form=follow_forms.LinkForm,
        named=_link,
        verbs=(follow.set_link, follow.remove_link),
    ),
    **_pair(
        "actor",
        of="actors",
        anchor="people",
        title=N_("Who plays a part"),
        adding=N_("Add who plays a part"),
        saved=N_("The part played is saved."),
        removing=N_("Remove who plays this part"),
        removed=N_("The part played is removed."),
        form=follow_forms.ActorForm,
        named=_actor,
        verbs=(follow.set_actor, follow.remove_actor),
    ),
    "document": Part(
        title=N_("New document"),
        form=document_forms.DocumentForm,
        act=_document,
        saved=N_("The document is added."),
        right="edit",
        anchor="documents",
    ),
    "new-version": of_document(
        title=N_("New version of a document"),
        form=document_forms.VersionForm,
        act=_version,
        saved=N_("The version is added."),
    ),
    "describe-document": of_document(
        title=N_("Title of a document"),
        form=document_forms.DescribeForm,
        act=_describe,
        saved=N_("The document is saved."),
    ),
    "publish-document": of_document(
        title=N_("Who may open a document"),
        form=document_forms.DocumentPublishForm,
        act=_publish_document,
        saved=N_("The visibility is saved."),
        right="publish",
    ),
    "remove-document": of_document(
        title=N_("Remove this document"),
        form=forms.RemoveForReasonForm,
        act=_remove_document,
        saved=N_("The document is removed."),
        template="plans/edit_remove.html",
    ),
    "restore-document": of_document(
        title=N_("Put this document back"),
        form=forms.PutBackForm,
        act=_restore_document,
        saved=N_("The document is back."),
        of="removed_documents",
    ),
    "effect": of_effect(
        title=N_("Indicator"),
        adding=N_("Add an indicator"),
        form=effect_forms.EffectForm,
        act=_effect,
        saved=N_("The indicator is saved."),
        item=Item.MAY,
    ),
    "remove-effect": of_effect(
        title=N_("Remove this indicator"),
        form=forms.RemoveForm,
        act=_remove(follow.remove_effect),
        saved=N_("The indicator is removed."),
        template="plans/edit_remove.html",
    ),
    "value": of_effect(
        title=N_("New value"),
        form=effect_forms.ValueForm,
        act=_value,
        saved=N_("The value is recorded."),
    ),
    "correct-value": of_value(
        title=N_("Correct a value"),
        form=effect_forms.ValueForm,
        act=_correct_value,
        saved=N_("The value is corrected."),
    ),
    "remove-value": of_value(
        title=N_("Remove this value"),
        form=forms.RemoveForm,
        act=_remove_value,
        saved=N_("The value is removed."),
        template="plans/edit_remove.html",
    ),
}
