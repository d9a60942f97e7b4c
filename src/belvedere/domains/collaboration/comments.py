"""Verbs on comments: write, answer, edit one's own for a while, remove with a trace."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.collaboration.errors import NoSuchComment
from belvedere.domains.collaboration.events import CommentWritten
from belvedere.domains.collaboration.models import Comment
from belvedere.domains.collaboration.policies import may, require
from belvedere.domains.collaboration.telling import inside_of, tell_comment
from belvedere.domains.collaboration.views import CommentView, Mentionable, Talk
from belvedere.domains.plans.public import brief
from belvedere.domains.territory.public import organisations_by_id
from belvedere.duties.journal.public import record, signed
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput, Refused
from belvedere.kernel.identifiers import fold

LONGEST: Final = 4000
EDIT_FOR: Final = timedelta(minutes=30)
MOST_MENTIONS: Final = 20
_NO_SUCH: Final = N_("There is no such comment, or it is not open to you.")


def write_comment(*, actor: Actor, measure_id: UUID, text: str, answers: UUID | None = None) -> UUID:
    """Add a comment, or an answer; the people mentioned, answered or following are told."""
    measure = brief.brief(actor, measure_id)
    require(actor, "comment", measure)
    said = _checked(text)
    with transaction.atomic():
        parent = None if answers is None else _thread(measure_id, answers)
        mentioned = _mentioned(measure, said)
        comment = Comment.objects.create(
            measure_id=measure_id,
            parent_id=parent,
            author_id=actor.person_id,
            text=said,
            mentioned=sorted(mentioned),
            created_at=now(),
        )
        _journal(actor, "write_comment", comment, measure)
        tell_comment(actor, measure, comment, mentioned)
        told = CommentWritten(comment.pk, measure_id, measure.territory_id)
        announce(told)
    return comment.pk


def edit_comment(*, actor: Actor, comment_id: UUID, text: str) -> None:
    """Change one's own words within half an hour; who is newly mentioned is told."""
    said = _checked(text)
    with transaction.atomic():
        comment, measure = _locked(actor, comment_id)
        if reason := _may_edit(actor, comment):
            raise Refused(reason, code="may_not_edit_comment")
        if said == comment.text:
            return
        fresh = _mentioned(measure, said) - set(comment.mentioned)
        comment.text, comment.edited_at = said, now()
        comment.mentioned = sorted({*comment.mentioned, *fresh})
        comment.save(update_fields=["text", "edited_at", "mentioned"])
        _journal(actor, "edit_comment", comment, measure)
        if fresh:
            tell_comment(actor, measure, comment, fresh)


def remove_comment(*, actor: Actor, comment_id: UUID, reason: str = "") -> None:
    """Take the words away; that there was a comment, whose, and who removed it, stays to be seen."""
    with transaction.atomic():
        comment, measure = _locked(actor, comment_id)
        if why := _may_remove(actor, comment, measure):
            raise Refused(why, code="may_not_remove_comment")
        comment.text, comment.mentioned = "", []
        comment.removed_at, comment.removed_by_id = now(), actor.person_id
        comment.save(update_fields=["text", "mentioned", "removed_at", "removed_by"])
        _journal(actor, "remove_comment", comment, measure, reason)


def talk(actor: Actor, measure_id: UUID) -> Talk:
    """The comments of a measure; Refused to those who do not work on it."""
    measure = brief.brief(actor, measure_id)
    require(actor, "read_comments", measure)
    rows = list(Comment.objects.filter(measure_id=measure_id).order_by("created_at", "pk"))
    people = {row.author_id for row in rows} | {row.removed_by_id for row in rows}
    people |= {person for row in rows for person in row.mentioned}
    names = names_of([person for person in people if person is not None])
    open_ = may(actor, "comment", measure) is None
    answers: dict[UUID, list[CommentView]] = {}
    for row in rows:
        if row.parent_id is not None:
            answers.setdefault(row.parent_id, []).append(_view(actor, measure, row, names, ()))
    threads = (
        _view(actor, measure, row, names, tuple(answers.get(row.pk, ())))
        for row in rows
        if row.parent_id is None
    )
    return Talk(measure_id, tuple(threads), open_)


def mentionable(actor: Actor, measure_id: UUID) -> list[Mentionable]:
    """Who may be mentioned on a measure: the people who work on it, by name."""
    measure = brief.brief(actor, measure_id)
    require(actor, "comment", measure)
    people = inside_of(measure)
    bodies = organisations_by_id({body for person in people for body in person.roles})
    handles = _handles(people)
    found = []
    for person in people:
        if person.person_id is None or person.person_id == actor.person_id:
            continue
        where = sorted(bodies[body].label for body in person.roles if body in bodies)
        found.append(
            Mentionable(person.person_id, person.label, handles[person.person_id], where[0] if where else "")
        )
    return found


def _handles(people: Iterable[Actor]) -> dict[UUID, str]:
    """How each is written after `@`: the name without spaces, numbered where two are alike."""
    found: dict[UUID, str] = {}
    taken: dict[str, int] = {}
    for person in people:
        if person.person_id is None:
            continue
        plain = re.sub(r"[^\w-]+", "", person.label) or "?"
        taken[plain] = taken.get(plain, 0) + 1
        found[person.person_id] = plain if taken[plain] == 1 else f"{plain}{taken[plain]}"
    return found


def _mentioned(measure: brief.Brief, text: str) -> set[UUID]:
    words = {fold(word) for word in re.findall(r"(?<![\w@])@([\w-]+)", text)}
    if not words:
        return set()
    handles = _handles(inside_of(measure))
    found = {person for person, handle in handles.items() if fold(handle) in words}
    if len(found) > MOST_MENTIONS:
        raise InvalidInput(
            N_("Mention at most {most} people at once. Your words are kept: take some names out."),
            most=MOST_MENTIONS,
            field="text",
        )
    return found


def _checked(text: str) -> str:
    said = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
    if not said:
        raise InvalidInput(N_("Write something first."), field="text")
    if len(said) > LONGEST:
        raise InvalidInput(
            N_("This text has {length} characters; at most {longest} fit. Shorten it."),
            length=len(said),
            longest=LONGEST,
            field="text",
        )
    return said


def _thread(measure_id: UUID, answers: UUID) -> UUID:
    """The head of the thread that is answered; an answer to an answer joins its thread."""
    found = Comment.objects.filter(pk=answers, measure_id=measure_id).first()
    if found is None:
        raise NoSuchComment(_NO_SUCH)
    return found.parent_id or found.pk


def _locked(actor: Actor, comment_id: UUID) -> tuple[Comment, brief.Brief]:
    comment = Comment.objects.select_for_update().filter(pk=comment_id, removed_at__isnull=True).first()
    measure = brief.briefs([comment.measure_id]).get(comment.measure_id) if comment else None
    if comment is None or measure is None or may(actor, "comment", measure) is not None:
        raise NoSuchComment(_NO_SUCH)
    return comment, measure


def _may_edit(actor: Actor, comment: Comment) -> str | None:
    if comment.author_id is None or comment.author_id != actor.person_id:
        return N_("Only who wrote a comment changes it.")
    if now() > comment.created_at + EDIT_FOR:
        return N_("A comment is changed within half an hour. Remove it, or write an answer.")
    return None


def _may_remove(actor: Actor, comment: Comment, measure: brief.Brief) -> str | None:
    if comment.author_id is not None and comment.author_id == actor.person_id:
        return None
    if actor.governs(measure.territory_id):
        return None
    return N_("Only who wrote a comment, or an administrator of the territory, removes it.")


def _view(
    actor: Actor,
    measure: brief.Brief,
    row: Comment,
    names: dict[UUID, str],
    answers: tuple[CommentView, ...],
) -> CommentView:
    present = row.removed_at is None
    writes = may(actor, "comment", measure) is None
    removed_by = None if present else (names.get(row.removed_by_id, "") if row.removed_by_id else "")
    return CommentView(
        id=row.pk,
        author=names.get(row.author_id, "") if row.author_id else "",
        is_mine=row.author_id is not None and row.author_id == actor.person_id,
        text=row.text,
        mentioned=tuple(names[person] for person in row.mentioned if person in names),
        created_at=row.created_at,
        edited_at=row.edited_at,
        removed_by=removed_by,
        may_edit=present and writes and _may_edit(actor, row) is None,
        may_remove=present and writes and _may_remove(actor, row, measure) is None,
        answers=answers,
    )


def _journal(actor: Actor, verb: str, comment: Comment, measure: brief.Brief, reason: str = "") -> None:
    # The journal cannot forget: the words stand in the comment only.
    record(
        **signed(actor),
        verb=f"collaboration.{verb}",
        subject=("collaboration.comment", str(comment.pk)),
        territory_id=measure.territory_id,
        reason=reason,
    )


__all__ = [
    "edit_comment",
    "mentionable",
    "remove_comment",
    "talk",
    "write_comment",
]
