"""The design system's tags: icons, labels, numbers, sortable heads. `{% load belvedere %}`.

Numbers are written in the reader's language by `formats`. How to use each tag: docs/reference/components.md.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from belvedere.faces.web import formats
from belvedere.faces.web.shell import initials
from belvedere.kernel.money import Money

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", cls: str = "") -> SafeString:
    """An icon of the sprite. Hidden from screen readers unless `label` says what it means."""
    classes = f"bv-i {cls}".strip()
    href = f"{static('belvedere/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, href)


@register.simple_tag
def priority(letter: str, label: str = "") -> SafeString:
    """A measure's priority: A filled, B outlined, C faint. Nothing for an empty letter."""
    if not letter:
        return SafeString("")
    words = label or gettext("Priority %(letter)s") % {"letter": letter}
    shape = letter if letter in {"A", "B", "C"} else "C"
    return format_html(
        '<span class="bv-prio is-{}" title="{}"><span class="bv-vh">{}</span>'
        '<span aria-hidden="true">{}</span></span>',
        shape,
        words,
        words,
        letter,
    )


STATE_ICONS = {
    "ok": "check",
    "warn": "circle-dashed",
    "major": "alert-triangle",
    "critical": "alert-octagon",
    "info": "info-circle",
    "": "circle-dot",
}


@register.simple_tag
def state(label: str, level: str = "", icon_name: str = "", plain: bool = False) -> SafeString:
    """A state as icon and word. `level`: ok, warn, major, critical, info or ""; `plain`: inside a line."""
    level = level if level in STATE_ICONS else ""
    cls = "bv-signal" if plain else "bv-state"
    shown = icon(icon_name or STATE_ICONS[level])
    return format_html(
        '<span class="{} {}">{}<span>{}</span></span>', cls, f"is-{level}" if level else "", shown, label
    )


@register.simple_tag
def avatar(name: str) -> SafeString:
    return format_html('<span class="bv-ava" aria-hidden="true">{}</span>', initials(name))


@register.simple_tag
def money(value: Money | None, form: str = "short", unit: bool = True, missing: str = "") -> SafeString:
    """An amount. `form`: "short" (12,64 M), "millions" (12,64), "full" (12 640 000), "cents" (12 640 000,00).

    The exact amount is in the tooltip of the short forms; `unit=False` leaves the currency to the caption.
    """
    if value is None:
        return (
            SafeString(format_html('<span class="is-missing">{}</span>', missing))
            if missing
            else SafeString("")
        )
    written = formats.money(value, form=form, unit=unit)
    if form in {"short", "millions"}:
        exact = formats.money(value, form="cents")
        return format_html('<span class="bv-fig" title="{}">{}</span>', exact, written)
    return format_html('<span class="bv-fig">{}</span>', written)


@register.simple_tag
def money_kind(value: Money, size: str = "") -> str:
    """The caption of amounts, said once: “CHF million, without VAT, prices of October 2025”."""
    return formats.money_kind(value.kind, size=size)


@register.filter
def number(value: Decimal | int | float | None, decimals: int | None = None) -> str:
    return "" if value is None else formats.number(value, decimals)


@register.filter
def percent(value: Decimal | float | None, decimals: int = 0) -> str:
    """A share 0-1 as a percentage."""
    return "" if value is None else formats.percent(value, decimals)


@register.filter
def day(value: date | datetime | None, form: str = "medium") -> str:
    """A date: "short" 18.02.2029, "medium" 18 févr. 2029, "long" 18 février 2029, "month" 02.2029."""
    return "" if value is None else formats.day(value, form)


@register.filter
def moment(value: datetime | None) -> str:
    """A date with its time of day, in the platform's time zone."""
    return "" if value is None else formats.moment(value)


@register.simple_tag
def size(value: int) -> str:
    """A number of bytes as 42 Mo, 42 MB."""
    return formats.size(value)


@register.simple_tag
def script_texts() -> SafeString:
    """The words of the script, as data: no text stands in TypeScript."""
    return json_script(
        {
            "close": gettext("Close"),
            "copied": gettext("Copied."),
            "failed": gettext("That did not work; nothing was changed. Try again in a moment."),
            "offline": gettext("No network. What you typed is kept; try again once you are connected."),
            "given_back": gettext("What you had typed is back. Check it, then save again."),
            "refused": gettext("You do not have the right to do this. Nothing was changed."),
            "gone": gettext("This no longer exists. Reload the page."),
            "conflict": gettext("Someone changed this meanwhile. Reload the page, then try again."),
            "chart_table": gettext("The table below holds the same numbers."),
            "map": gettext("Map"),
            "zoom_in": gettext("Zoom in"),
            "zoom_out": gettext("Zoom out"),
            "edit_point": gettext("Point"),
            "edit_line": gettext("Line"),
            "edit_area": gettext("Area"),
            "edit_handle": gettext("Handle of position {n} of {all}"),
            "edit_chosen": gettext("Position {n} of {all}: longitude {lon}, latitude {lat}."),
            "edit_east": gettext("Moved {metres} m to the east: longitude {lon}, latitude {lat}."),
            "edit_west": gettext("Moved {metres} m to the west: longitude {lon}, latitude {lat}."),
            "edit_north": gettext("Moved {metres} m to the north: longitude {lon}, latitude {lat}."),
            "edit_south": gettext("Moved {metres} m to the south: longitude {lon}, latitude {lat}."),
            "edit_snapped": gettext(
                "Position {n} of {all} now lies on {name}: longitude {lon}, latitude {lat}."
            ),
            "edit_line_unnamed": gettext("a line of the network"),
            "edit_no_line": gettext("No line of the network is near this position. It stays where it is."),
            "edit_network_far": gettext("Zoom in to see the lines of the network."),
            "edit_network_none": gettext("No line of the network lies in this view."),
            "edit_network_failed": gettext("The lines of the network cannot be fetched; drawing goes on."),
            "map_ctrl": gettext("Hold Ctrl and scroll to zoom the map"),
            "map_two_fingers": gettext("Move the map with two fingers"),
            "map_failed": gettext("The map cannot be drawn here. The list shows the same things."),
        },
        "bv-texts",
    )


def _query(context: template.Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if isinstance(request, HttpRequest) else QueryDict(mutable=True)


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(
    context: template.Context, key: str, label: str, unit: str = "", numeric: bool = False, first: str = "asc"
) -> dict[str, Any]:
    """A sortable table head: ?sort=key or ?sort=-key in the address; `first` is the order of a new column."""
    query = _query(context)
    now = query.get("sort") or str(context.get("default_sort", ""))
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    turn = {"ascending": f"-{key}", "descending": key, "": f"-{key}" if first == "desc" else key}[direction]
    query["sort"] = turn
    for name in ("page", "after", "sel"):
        query.pop(name, None)
    return {
        "label": label,
        "unit": unit,
        "numeric": numeric,
        "direction": direction,
        "url": f"?{query.urlencode()}",
    }


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """This page's query string with `changes`; None or "" takes a name out. Starts with "?"."""
    query = _query(context)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_without(context: template.Context, name: str, value: str = "") -> str:
    """This page's query string without `name`, or without its one `value` when it has several."""
    query = _query(context)
    left = [item for item in query.getlist(name) if value and item != value]
    query.pop(name, None)
    if left:
        query.setlist(name, left)
    query.pop("page", None)
    return f"?{query.urlencode()}"
