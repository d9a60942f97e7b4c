"""The packs of a territory: their list, one with its rules and figures, what is done about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from belvedere.domains.packs import public as packs
from belvedere.domains.packs.public import RuleOf, Shown
from belvedere.domains.territory.public import name_in
from belvedere.faces.web import formats
from belvedere.faces.web.pages.automation import sentences
from belvedere.faces.web.pages.automation import words as alarms
from belvedere.faces.web.pages.live import words as live
from belvedere.faces.web.pages.packs import words
from belvedere.faces.web.pages.packs.forms import NoticeForm
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import BelvedereError
from belvedere.kernel.texts import text_in


def _packs(request: HttpRequest, room: Room) -> HttpResponse:
    found = packs.all_shown(room.actor, room.territory)
    rows = [
        {
            "pack": one.pack,
            "name": text_in(one.pack.names, room.language),
            "about": text_in(one.pack.about, room.language),
            "ready": words.ready(one),
            "is_on": one.is_on,
            "rules": formats.number(len(one.rules)),
            "adapted": formats.number(sum(rule.is_adapted for rule in one.rules)),
        }
        for one in found
    ]
    context = {"room": room, "rows": rows, "finding": words.finding(found)}
    return render(request, "packs/packs.html", context)


def _pack(request: HttpRequest, room: Room, slug: str) -> HttpResponse:
    return _page(request, room, slug, NoticeForm())


def _page(request: HttpRequest, room: Room, slug: str, form: NoticeForm, status: int = 200) -> HttpResponse:
    found = packs.shown(room.actor, room.territory, slug)
    pack = found.pack
    context = {
        "room": room,
        "found": found,
        "pack": pack,
        "name": text_in(pack.names, room.language),
        "about": text_in(pack.about, room.language),
        "limits": text_in(pack.limits, room.language),
        "finding": _finding(room, found),
        "may_switch": packs.may(room.actor, "switch", room.territory.id) is None,
        "needs": [(words.need(n.need), n.things, n.ready, n.things - n.ready) for n in found.needs],
        "rules": [_rule(room, one) for one in found.rules],
        "presets": [words.preset(one) for one in pack.presets],
        "tables": [_table(room, one) for one in packs.figures(room.actor, room.territory, pack.figures)],
        "notices": [
            (one, [gettext(words.MISSES[key]) for key in one.misses])
            for one in (packs.notices(room.actor, room.territory) if pack.notices else ())
        ],
        "form": form,
    }
    return render(request, "packs/pack.html", context, status=status)


def _finding(room: Room, found: Shown) -> str:
    name = text_in(found.pack.names, room.language)
    if found.is_on:
        return gettext("%(pack)s: switched on") % {"pack": name}
    return gettext("%(pack)s: %(ready)s") % {"pack": name, "ready": words.ready(found)}


def _rule(room: Room, one: RuleOf) -> dict[str, Any]:
    rule = one.rule
    body = rule.body(room.language)
    view = one.view
    return {
        "key": rule.key,
        "name": text_in(rule.names, room.language),
        "severity": alarms.severity(rule.severity),
        "said": sentences.said(body, rule.severity),
        "why": text_in(rule.why, room.language),
        "advice": text_in(rule.advice, room.language),
        "things": one.things,
        "view": view,
        "url": reverse("automation:rule", args=[room.territory, view.id]) if view else "",
        "now": sentences.said(view.body, view.severity) if view and one.is_adapted else "",
        "is_adapted": one.is_adapted,
        "is_older": one.is_older,
    }


def _table(room: Room, table: packs.Table) -> dict[str, Any]:
    return {
        "title": gettext(table.title),
        "note": gettext(table.note),
        "days": table.days,
        "head": words.head(table),
        "left_out": table.left_out,
        "rows": [
            {
                "name": name_in(row.names, room.language, room.territory.languages) or live.kind(row.kind),
                "url": reverse("live:thing", args=[room.territory, row.entity_id]),
                "cells": words.cells(table, row),
            }
            for row in table.rows
        ],
    }


def _switch(request: HttpRequest, room: Room, slug: str) -> HttpResponse:
    to = request.POST.get("to", "")
    if to == "off":
        packs.switch_off(actor=room.actor, territory=room.territory, slug=slug)
        messages.success(request, gettext("The pack is switched off. Its rules stay, and watch no more."))
    else:
        packs.switch_on(actor=room.actor, territory=room.territory, slug=slug, watch=to == "on")
        told = (
            gettext("The rules are made, and watch.")
            if to == "on"
            else gettext("The rules are made, as drafts.")
        )
        messages.success(request, told)
    return redirect("packs:pack", room.territory, slug)


def _take_over(request: HttpRequest, room: Room, slug: str, key: str) -> HttpResponse:
    packs.take_over(actor=room.actor, territory=room.territory, slug=slug, key=key)
    messages.success(request, gettext("The rule says again what the pack says."))
    return redirect("packs:pack", room.territory, slug)


def _add(request: HttpRequest, room: Room, slug: str) -> HttpResponse:
    form = NoticeForm(request.POST)
    if form.is_valid():
        try:
            packs.add_notice(actor=room.actor, territory=room.territory, draft=form.draft())
        except BelvedereError as error:
            if error.status != 422:
                raise
            form.show(error)
        else:
            messages.success(request, gettext("The camera is in the register."))
            return redirect("packs:pack", room.territory, slug)
    return _page(request, room, slug, form, status=422)


def _remove(request: HttpRequest, room: Room, slug: str, notice_id: int) -> HttpResponse:
    packs.remove_notice(actor=room.actor, territory=room.territory, notice_id=notice_id)
    messages.success(request, gettext("The camera is out of the register; the journal keeps it."))
    return redirect("packs:pack", room.territory, slug)


all_packs = never_cache(require_GET(in_cockpit(_packs)))
pack = never_cache(require_GET(in_cockpit(_pack)))
switch = require_POST(in_cockpit(_switch))
take_over = require_POST(in_cockpit(_take_over))
add_notice = require_POST(in_cockpit(_add))
remove_notice = require_POST(in_cockpit(_remove))
