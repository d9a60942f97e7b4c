"""The rules: their list, one with its versions, and the sentence builder that writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from babel.dates import get_day_names
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.access.public import names_of
from belvedere.domains.automation import public as automation
from belvedere.domains.automation.errors import BadRule, ChangedMeanwhile, NoSuchRule
from belvedere.domains.automation.public import Closing, RuleView
from belvedere.domains.packs import public as packs
from belvedere.domains.territory.public import organisations, organisations_by_id, places
from belvedere.domains.twin import public as twin
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.automation import builder, sentences, trying, words
from belvedere.faces.web.pages.automation.builder import Draft
from belvedere.faces.web.pages.live import words as live
from belvedere.faces.web.pages.live.menus import Option
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError, Refused
from belvedere.kernel.holidays import CALENDARS
from belvedere.kernel.severity import Severity
from belvedere.kernel.texts import text_in

DAYS = 30
SAMPLE = 3  # things that are asked what they tell
ASKS = {
    "above": N_("is above"),
    "below": N_("is below"),
    "usual_above": N_("is above what is usual at this hour by more than"),
    "usual_below": N_("is below what is usual at this hour by more than"),
    "usual_either": N_("differs from what is usual at this hour by more than"),
    "expected_above": N_("is above its forecast by more than"),
    "expected_below": N_("is below its forecast by more than"),
    "expected_either": N_("differs from its forecast by more than"),
    "will_above": N_("goes above"),
    "will_below": N_("goes below"),
    "others_above": N_("is above the middle of the others by more than"),
    "others_below": N_("is below the middle of the others by more than"),
    "others_either": N_("differs from the middle of the others by more than"),
    "rises": N_("rises by more than"),
    "falls": N_("falls by more than"),
    "silent": N_("is not heard for"),
    "stuck": N_("does not move for"),
    "says": N_("says"),
}
TALLIES = {
    "each": N_("each for itself"),
    "count": N_("all together: how many of them"),
    "share": N_("all together: what share of them"),
    "sum": N_("all together: what they add up to"),
}
UNIT_NAMES = {"s": N_("seconds"), "min": N_("minutes"), "h": N_("hours"), "d": N_("days")}
GATHERINGS = {
    "": N_("grouped beneath its alarm, where the rule watches a silence"),
    "yes": N_("always grouped beneath its alarm"),
    "no": N_("never grouped"),
}
CLOSINGS = {
    Closing.BY_HAND: N_("Somebody closes it, with a proof"),
    Closing.BY_ITSELF: N_("It closes by itself once it is over"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in the list."""

    view: RuleView
    severity: live.Word
    said: str
    owner: str
    raised: str
    url: str


def owners_for(room: Room) -> list[tuple[str, str]]:
    """In whose name the reader may write rules."""
    here, actor = room.territory.id, room.actor
    if actor.governs(here):
        own = [(str(one.id), one.name) for one in organisations(here, active_only=True)]
        return [("", gettext("the whole territory")), *own]
    mine = organisations_by_id(actor.roles).values() if actor.roles else ()
    able = [
        (str(one.id), one.name)
        for one in mine
        if one.territory_id == here and automation.may(actor, "write_rule", here, one.id) is None
    ]
    return sorted(able, key=lambda pair: pair[1].casefold())


def lines(room: Room, found: list[RuleView]) -> list[Line]:
    since = now() - timedelta(days=DAYS)
    raised = automation.raised_by_rule(room.actor, room.territory.id, since) if found else {}
    ids = {one.owner_id for one in found if one.owner_id}
    names = {key: one.label for key, one in organisations_by_id(ids).items()} if ids else {}
    return [
        Line(
            view=one,
            severity=words.severity(one.severity),
            said=sentences.said(one.body, one.severity),
            owner=names.get(one.owner_id, "") if one.owner_id else gettext("the whole territory"),
            raised=formats.number(raised.get(one.id, 0)),
            url=reverse("automation:rule", args=[room.territory, one.id]),
        )
        for one in found
    ]


def _finding(found: list[RuleView]) -> str:
    on = sum(1 for one in found if one.is_on)
    if not found:
        return gettext("No rule yet")
    if not on:
        return gettext("No rule is switched on")
    return ngettext("%(n)s rule watches", "%(n)s rules watch", on) % {"n": formats.number(on)}


def _rules(request: HttpRequest, room: Room) -> HttpResponse:
    found = automation.rules(room.actor, room.territory.id)
    context = {
        "room": room,
        "finding": _finding(found),
        "lines": lines(room, found),
        "may_write": bool(owners_for(room)),
    }
    return render(request, "automation/rules.html", context)


def here(room: Room, rule_id: int, version: int | None = None) -> RuleView:
    """A rule of this territory, as it is or was."""
    view = automation.rule(room.actor, rule_id, version)
    if view.territory_id != room.territory.id:
        raise NoSuchRule(N_("There is no such rule, or it is not yours to see."))
    return view


def _rule(request: HttpRequest, room: Room, rule_id: int) -> HttpResponse:
    """One rule; `?version=` as it was."""
    given = request.GET.get("version", "")
    view = here(room, rule_id, int(given) if given.isascii() and given.isdigit() and len(given) < 9 else None)
    versions = automation.versions_of(room.actor, rule_id)
    names = names_of({one.author_id for one in versions if one.author_id})
    (line,) = lines(room, [view])
    writes = automation.may(room.actor, "write_rule", room.territory.id, view.owner_id) is None
    as_draft = automation.RuleDraft(view.owner_id, view.name, view.severity, view.body)
    context = {
        "room": room,
        "view": view,
        "line": line,
        "is_old": view.version != versions[0].version,
        "details": _details(view),
        "pack": _pack_of(room, rule_id),
        "versions": [
            {
                "view": one,
                "who": names.get(one.author_id, "") if one.author_id else gettext("the platform"),
                "said": sentences.said(one.body, one.severity),
                "current": one.version == view.version,
            }
            for one in versions
        ],
        "may_write": writes,
        "watches": trying.watches(room, view) if writes else "",
        "tried": trying.tried(room, as_draft) if writes and "try" in request.GET else None,
        "alarms_url": f"{reverse('automation:alarms', args=[room.territory])}?rule={rule_id}",
    }
    return render(request, "automation/rule.html", context)


def _pack_of(room: Room, rule_id: int) -> tuple[str, str] | None:
    """The name and address of the pack from which a rule came; None for one that people wrote."""
    found = packs.pack_of_rule(rule_id)
    if found is None:
        return None
    return text_in(found.names, room.language), reverse("packs:pack", args=[room.territory, found.slug])


def _details(view: RuleView) -> list[tuple[str, str]]:
    """What the sentence does not say."""
    body = view.body
    found = [(gettext("When it is over"), gettext(CLOSINGS[body.closing]))]
    if body.clear_for_s:
        found.append((gettext("Over once it is gone for"), live.span(body.clear_for_s)))
    if body.trusted_s:
        found.append((gettext("A reading stands for"), live.span(body.trusted_s)))
    return found


def _switch(request: HttpRequest, room: Room, rule_id: int) -> HttpResponse:
    here(room, rule_id)
    on = request.POST.get("on") == "1"
    automation.switch_rule(actor=room.actor, rule_id=rule_id, on=on)
    told = gettext("It watches now.") if on else gettext("It watches no more; what it raised is cleared.")
    messages.success(request, told)
    return redirect("automation:rule", room.territory, rule_id)


def _remove(request: HttpRequest, room: Room, rule_id: int) -> HttpResponse:
    here(room, rule_id)
    automation.remove_rule(actor=room.actor, rule_id=rule_id)
    messages.success(request, gettext("The rule is removed. Its alarms can still be read."))
    return redirect("automation:rules", room.territory)


# ---- writing


def _edit(request: HttpRequest, room: Room, rule_id: int | None = None) -> HttpResponse:
    """Write a rule, or change one. Buttons that only change the form send it too; nothing is saved then."""
    owners = owners_for(room)
    view = here(room, rule_id) if rule_id is not None else None
    reason = automation.may(room.actor, "write_rule", room.territory.id, view.owner_id) if view else ""
    if reason or not owners:
        raise Refused(
            reason or N_("Only managers and administrators of the organisation write its rules."),
            code="may_not_write_rule",
        )
    if request.method == "GET":
        draft = builder.of_rule(view) if view else _first(room, owners)
        return _form(request, room, view, draft, owners)
    draft = builder.read(request.POST)
    if "save" not in request.POST and "try" not in request.POST:
        return _form(request, room, view, _changed(request, draft), owners)
    try:
        if "try" in request.POST:
            shown = trying.tried(room, builder.rule_draft(draft))
            return _form(request, room, view, draft, owners, tried=shown)
        kept = automation.save_rule(
            actor=room.actor,
            territory=room.territory,
            draft=builder.rule_draft(draft),
            rule_id=rule_id,
            expected=int(draft.expected) if draft.expected.isdigit() else None,
            reason=draft.reason,
        )
    except ChangedMeanwhile as error:
        assert view is not None
        return _form(request, room, view, replace(draft, expected=str(view.version)), owners, error)
    except BelvedereError as error:
        if error.status != 422:
            raise
        return _form(request, room, view, draft, owners, error)
    told = gettext("The rule is saved.") if view else gettext("The rule is written. Switch it on to watch.")
    messages.success(request, told)
    return redirect("automation:rule", room.territory, kept.id)


def _first(room: Room, owners: list[tuple[str, str]]) -> Draft:
    kinds = twin.tallies(room.actor, room.territory.id).kinds
    kind = max((one for one in kinds if one), key=lambda one: kinds[one], default="waste-container")
    return builder.fitted(Draft(owner=owners[0][0], kind=kind))


def _changed(request: HttpRequest, draft: Draft) -> Draft:
    """The form after one of its buttons: a condition more or less, or only what fits."""
    if "more" in request.POST and len(draft.clauses) < builder.MOST_CLAUSES:
        draft = replace(draft, clauses=(*draft.clauses, builder.ClauseDraft()))
    dropped = request.POST.get("drop", "")
    if dropped.isdigit() and len(draft.clauses) > 1:
        kept = tuple(one for n, one in enumerate(draft.clauses) if n != int(dropped))
        draft = replace(draft, clauses=kept)
    return builder.fitted(draft)


def _form(
    request: HttpRequest,
    room: Room,
    view: RuleView | None,
    draft: Draft,
    owners: list[tuple[str, str]],
    error: BelvedereError | None = None,
    tried: trying.Shown | None = None,
) -> HttpResponse:
    fault = builder.field_of(str(error.data.get("field", ""))) if error else ""
    context = {
        "room": room,
        "here": request.path,
        "view": view,
        "draft": draft,
        "error": sentence(error) if error else "",
        "fault": fault,
        "now_said": sentences.said(view.body, view.severity)
        if view and isinstance(error, ChangedMeanwhile)
        else "",
        "preview": _preview(draft),
        "tried": tried,
        "owners": owners,
        **_choices(room, draft),
    }
    partial = request.headers.get("HX-Request") and "save" not in request.POST
    template = "automation/rule_fields.html" if partial else "automation/rule_form.html"
    return render(request, template, context, status=error.status if error else 200)


def _preview(draft: Draft) -> str:
    """The sentence so far; "" while something is missing."""
    try:
        made = builder.rule_draft(draft)
        body = made.body
        assert isinstance(body, automation.Body)
        return sentences.said(body, made.severity)
    except BadRule:
        return ""


def _choices(room: Room, draft: Draft) -> dict[str, Any]:
    """What can be chosen in the form."""
    whole = twin.tallies(room.actor, room.territory.id)
    kinds = {one for one in (*whole.kinds, draft.kind) if one} or set(twin.descriptions())
    communes = {key: one.name for key, one in places([*whole.places, *draft.places]).items()}
    bodies = {
        key: one.label for key, one in organisations_by_id([*whole.owners, *draft.organisations]).items()
    }
    told = told_by(room, draft.kind)
    return {
        "kinds": sorted(((one, live.kinds(one)) for one in kinds), key=lambda pair: pair[1].casefold()),
        "places": _options(communes, draft.places),
        "organisations": _options(bodies, draft.organisations),
        "clauses": [_clause(draft, n, told) for n in range(len(draft.clauses))],
        "units": [(key, gettext(name)) for key, name in UNIT_NAMES.items()],
        "severities": [
            (str(int(one)), sentences.lower(words.severity(one).label))
            for one in sorted(Severity, reverse=True)
        ],
        "calendars": [(one, sentences.calendar(one)) for one in CALENDARS],
        "closings": [(one.value, gettext(name)) for one, name in CLOSINGS.items()],
        "tallies": [(key, gettext(name)) for key, name in TALLIES.items()],
        "is_counted": draft.tally.of in ("count", "share"),
        "gatherings": [(key, gettext(name)) for key, name in GATHERINGS.items()],
        "hours": [_hours(draft, n) for n in range(min(len(draft.hours) + 1, 20))],
        "can_more": len(draft.clauses) < builder.MOST_CLAUSES,
    }


def _options(labels: Mapping[UUID, str], chosen: tuple[UUID, ...]) -> list[Option]:
    rows = [Option(str(key), label, key in chosen) for key, label in labels.items()]
    return sorted(rows, key=lambda one: one.label.casefold())


def told_by(room: Room, kind: str) -> set[str]:
    """The attributes that things of a kind really tell: asked of a few of them."""
    found = twin.entities_in(room.actor, room.territory.id, kinds=(kind,), limit=SAMPLE, values=False)
    pages = [twin.entity_page(room.actor, one.id) for one in found.dots]
    return {one.term for page in pages for one in page.attributes if one.observed_at is not None}


def _clause(draft: Draft, n: int, told: set[str]) -> dict[str, Any]:
    one = draft.clauses[n]
    described = twin.descriptions().get(draft.kind)
    known = described.attributes if described is not None else {}
    labels = {
        term: sentences.lower(of.label(live.language())) for term, of in known.items() if not of.relationship
    }
    if one.attribute and one.attribute not in labels:
        labels[one.attribute] = one.attribute
    rows = sorted(labels.items(), key=lambda pair: pair[1].casefold())
    chosen = known.get(one.attribute)
    return {
        "n": n,
        "n_name": f"n-{n}",
        "back_name": f"back-{n}",
        "span_name": f"span-{n}",
        "draft": one,
        "told": [pair for pair in rows if pair[0] in told],
        "others": [pair for pair in rows if pair[0] not in told],
        "asks": [(key, gettext(ASKS[key])) for key in builder.conditions_of(draft.kind, one.attribute)],
        "symbol": ("%" if chosen.percent else twin.symbol(chosen.unit)) if chosen else "",
        "is_level": one.asks in ("above", "below", *builder.FORESEEN),
        "is_foreseen": one.asks in builder.FORESEEN,
        "is_expected": one.asks in builder.EXPECTED,
        "is_change": one.asks in ("rises", "falls"),
        "is_stuck": one.asks == "stuck",
        "has_span": one.asks in builder.SPANNED,
        "words": _words(draft.kind, one) if one.asks == "says" else [],
        "measures": _measures(one, chosen),
        "is_usual": one.asks.startswith("usual_"),
        "is_others": one.asks.startswith("others_"),
        "weeks_name": f"weeks-{n}",
        "is_only": len(draft.clauses) == 1,
    }


def _measures(one: builder.ClauseDraft, chosen: twin.AttributeDescription | None) -> list[Option]:
    """In what a distance may be written; none where nothing is compared."""
    if one.asks not in builder.COMPARED:
        return []
    symbol = ("%" if chosen.percent else twin.symbol(chosen.unit)) if chosen else ""
    named = {"percent": gettext("% of it"), "units": symbol or gettext("units")}
    if symbol == "%":
        named["units"] = gettext("points of %")
    if one.asks.startswith("usual_"):
        named["deviations"] = gettext("standard deviations")
    return [Option(key, label, key == one.measure) for key, label in named.items()]


def _words(kind: str, one: builder.ClauseDraft) -> list[Option]:
    """The words that an attribute may say; those chosen, where nothing describes them."""
    described = sentences.described_as(kind, one.attribute)
    named = list(described.values) if described is not None else []
    if described is not None and described.kind is twin.ValueType.BOOLEAN:
        named = ["true", "false"]
    named += [word for word in one.words if word not in named]
    return [Option(word, sentences.word(kind, one.attribute, word), word in one.words) for word in named]


def _hours(draft: Draft, n: int) -> dict[str, Any]:
    one = draft.hours[n] if n < len(draft.hours) else builder.HoursDraft()
    named = get_day_names("abbreviated", locale=formats.locale())
    week = [Option(str(day), str(named[day - 1]), day in one.days) for day in sentences.WEEK]
    return {"n": n, "draft": one, "week": week}


_BOTH = require_http_methods(["GET", "POST"])
rules = never_cache(require_GET(in_cockpit(_rules)))
rule = never_cache(require_GET(in_cockpit(_rule)))
edit = never_cache(_BOTH(in_cockpit(_edit)))
switch = require_POST(in_cockpit(_switch))
remove = require_POST(in_cockpit(_remove))
