"""Verbs on packs: switched on and off, a rule taken over again from its pack; the register of cameras."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.domains.automation.errors import NoSuchRule
from belvedere.domains.packs.errors import BadNotice, NoSuchNotice, NoSuchPack
from belvedere.domains.packs.models import NOTICE_TEXTS, Made, Notice, Switched
from belvedere.domains.packs.policies import require
from belvedere.domains.packs.tables import Pack, PackRule, pack
from belvedere.domains.packs.views import NoticeDraft
from belvedere.domains.territory.public import TerritoryView
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.texts import text_in

LONGEST_KEPT_DAYS = 31


def switch_on(*, actor: Actor, territory: TerritoryView, slug: str, watch: bool) -> None:
    """Make the rules of a pack, for the whole territory: at once switched on (`watch`), or as drafts.

    Rules that it made before are used again as they are now, those removed are made anew.

    Raises:
        NoSuchPack, Refused.
    """
    require(actor, "switch", territory.id)
    one = pack(slug)
    with transaction.atomic():
        row = _switched(territory, one)
        known = {made.key: made for made in Made.objects.select_for_update().filter(switched=row)}
        for rule in one.rules:
            made = known.get(rule.key)
            if made is None or not _stands(actor, made.rule_id):
                rule_id = _make(actor, territory, rule)
                values = {"rule_id": rule_id, "version": one.version}
                Made.objects.update_or_create(switched=row, key=rule.key, defaults=values)
            else:
                rule_id = made.rule_id
            if watch:
                automation.switch_rule(actor=actor, rule_id=rule_id, on=True)
        _tell(actor, territory, "switch_on", slug, {"version": one.version, "watch": watch})


def switch_off(*, actor: Actor, territory: TerritoryView, slug: str) -> None:
    """Switch the rules of a pack off: what they raised is cleared and can be read, and they stay.

    Raises:
        NoSuchPack, Refused.
    """
    require(actor, "switch", territory.id)
    pack(slug)
    with transaction.atomic():
        row = Switched.objects.select_for_update().filter(territory_id=territory.id, pack=slug).first()
        if row is None or not row.is_on:
            return
        for made in Made.objects.filter(switched=row):
            if _stands(actor, made.rule_id):
                automation.switch_rule(actor=actor, rule_id=made.rule_id, on=False)
        row.is_on, row.changed_at = False, now()
        row.save(update_fields=["is_on", "changed_at"])
        _tell(actor, territory, "switch_off", slug, {"version": row.version})


def take_over(*, actor: Actor, territory: TerritoryView, slug: str, key: str) -> None:
    """Let a rule say again what its pack says now; what it said before stays as a version.

    Raises:
        NoSuchPack: also where the rule was not made, or is removed; Refused.
    """
    require(actor, "switch", territory.id)
    one = pack(slug)
    rule = one.rule(key)
    with transaction.atomic():
        made = (
            Made.objects.select_for_update()
            .filter(switched__territory_id=territory.id, switched__pack=slug, key=key)
            .first()
        )
        if made is None or not _stands(actor, made.rule_id):
            raise NoSuchPack(N_("This rule is not there any more. Switch the pack on to make it anew."))
        _make(actor, territory, rule, made.rule_id)
        made.version = one.version
        made.save(update_fields=["version"])
        _tell(actor, territory, "take_over", slug, {"version": one.version, "rule": key})


def add_notice(*, actor: Actor, territory: TerritoryView, draft: NoticeDraft) -> int:
    """Enter a camera that counts into the register; gives its number.

    Raises:
        BadNotice: something that the law asks for is missing; Refused.
    """
    require(actor, "switch", territory.id)
    _judge(draft)
    with transaction.atomic():
        row = Notice.objects.create(territory_id=territory.id, created_at=now(), **asdict(draft))
        _tell(actor, territory, "add_notice", str(row.pk), {"camera": draft.camera, "purpose": draft.purpose})
    return int(row.pk)


def remove_notice(*, actor: Actor, territory: TerritoryView, notice_id: int) -> None:
    """Take a camera out of the register; the journal keeps that it was there.

    Raises:
        NoSuchNotice, Refused.
    """
    require(actor, "switch", territory.id)
    with transaction.atomic():
        rows = Notice.objects.filter(pk=notice_id, territory_id=territory.id, removed_at__isnull=True)
        row = rows.select_for_update().first()
        if row is None:
            raise NoSuchNotice(N_("This camera is not in the register."))
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        _tell(actor, territory, "remove_notice", str(row.pk), {"camera": row.camera})


def _switched(territory: TerritoryView, one: Pack) -> Switched:
    values = {"version": one.version, "is_on": True, "changed_at": now()}
    row, _is_new = Switched.objects.update_or_create(
        territory_id=territory.id, pack=one.slug, defaults=values
    )
    return row


def _make(actor: Actor, territory: TerritoryView, rule: PackRule, rule_id: int | None = None) -> int:
    language = territory.languages[0]
    draft = automation.RuleDraft(None, text_in(rule.names, language), rule.severity, rule.body(language))
    return automation.save_rule(actor=actor, territory=territory, draft=draft, rule_id=rule_id).id


def _stands(actor: Actor, rule_id: int) -> bool:
    """Whether a rule is there still."""
    try:
        return not automation.rule(actor, rule_id).is_removed
    except NoSuchRule:
        return False


def _judge(draft: NoticeDraft) -> None:
    for field, longest in NOTICE_TEXTS.items():
        text = getattr(draft, field)
        if not text.strip() or len(text) > longest:
            raise BadNotice(
                N_("Write 1 to {most} characters: the law asks for it."), field=field, most=longest
            )
    if len(draft.reference) > 120:
        raise BadNotice(N_("Write {most} characters at most."), field="reference", most=120)
    if not 0 <= draft.kept_days <= LONGEST_KEPT_DAYS:
        raise BadNotice(
            N_("Images are kept for 0 to {most} days (CSI, art. L252-5)."),
            field="kept_days",
            most=LONGEST_KEPT_DAYS,
        )


def _tell(actor: Actor, territory: TerritoryView, verb: str, subject: str, after: dict[str, Any]) -> None:
    record(
        **signed(actor),
        verb=f"packs.{verb}",
        subject=("packs.pack", subject),
        territory_id=territory.id,
        after=after,
    )
