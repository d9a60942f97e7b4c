"""A reporting round in the inbox of those it writes to; its mails are its own (`reporting`)."""

from __future__ import annotations

from django.urls import reverse

from belvedere.domains.collaboration.public import kinds
from belvedere.domains.reporting.events import TaskAsked
from belvedere.domains.reporting.public import queries, states
from belvedere.domains.territory.public import territory_by_id
from belvedere.duties.notifications.public import notify
from belvedere.kernel.errors import N_
from belvedere.kernel.events import subscribe


def listen() -> None:
    """Take part in what happens."""
    subscribe(TaskAsked, tell)


def tell(event: TaskAsked) -> None:
    """The contacts of an owner have a checklist to answer: once a round."""
    task, contacts, _left = queries.mail_of(event.task_id)
    if task.round.state != states.RoundState.OPEN:
        return  # closed since: there is nothing to answer any more
    territory = territory_by_id(task.round.territory_id)
    notify(
        [contact.person_id for contact in contacts if contact.person_id],
        kinds.DATA_CALL,
        N_("{round}: the answers of {owner} are awaited by {due}"),
        {
            "round": task.round.name,
            "owner": dict(task.organisation.names),
            "due": f"{task.round.due:%d.%m.%Y}",
        },
        key=f"round:{task.pk}",
        subject_id=str(task.pk),
        territory_id=territory.id,
        zone=territory.zone,
        link=reverse("reporting:checklist", kwargs={"territory": territory.slug, "task_id": task.pk}),
    )
