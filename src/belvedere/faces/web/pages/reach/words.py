"""Reach in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext, ngettext

from belvedere.domains.reach.public import (
    KIND_NAMES,
    WAY_NAMES,
    BrowserView,
    GatewayView,
    Outcome,
    Way,
    WishesView,
)
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity

# in the journal
VERBS: Final = {
    "reach.create_gateway": N_("wrote a gateway"),
    "reach.change_gateway": N_("changed a gateway"),
    "reach.switch_gateway": N_("switched a gateway on or off"),
    "reach.remove_gateway": N_("removed a gateway"),
    "reach.test_gateway": N_("tested a gateway"),
    "reach.save_wishes": N_("chose how to be reached"),
    "reach.add_browser": N_("switched notifications on in a browser"),
    "reach.remove_browser": N_("switched notifications off in a browser"),
    "reach.prove_phone": N_("proved their telephone number"),
}
_PASSES: Final = {
    401: N_("The gateway does not let us in ({status}): look at the user and the secret."),
    403: N_("The gateway does not let us in ({status}): look at the user and the secret."),
    404: N_(
        "The gateway knows no such address ({status}): look at the address and, for Matrix, at the room."
    ),
    429: N_("The gateway asks to be left alone for a while ({status}): too many messages, or no credit."),
}


def kind(view: GatewayView) -> str:
    """What it is: "SMS", "SMS and telephone calls", "Matrix room"."""
    return ways(view.ways) if view.ways else gettext(KIND_NAMES[view.kind])


def ways(some: Sequence[Way]) -> str:
    return ", ".join(gettext(WAY_NAMES[one]) for one in some)


def finding(views: Sequence[GatewayView]) -> str:
    """The title of the list."""
    on = [one for one in views if one.is_on]
    failing = [one for one in on if one.is_failing]
    if failing:
        return gettext("“%(name)s” failed the last time") % {"name": failing[0].name}
    if not on:
        return gettext("No gateway yet: people are reached by e-mail and in the platform")
    return ngettext("%(count)s gateway reaches people", "%(count)s gateways reach people", len(on)) % {
        "count": len(on)
    }


def state(view: GatewayView) -> dict[str, str]:
    if not view.is_on:
        return {"label": gettext("Switched off"), "level": "off"}
    if view.is_failing:
        return {"label": gettext("Failed the last time"), "level": "warn"}
    if view.last_sent_at is None:
        return {"label": gettext("Never tried"), "level": "off"}
    return {"label": gettext("Works well"), "level": "ok"}


def outcome(one: Outcome) -> str:
    """What became of a message, in plain words."""
    if one.wrong is not None:
        return wrong(one.wrong)
    if one.number:
        return gettext(
            "The gateway took the message, under the number %(number)s. Look whether it arrives."
        ) % {"number": one.number}
    return gettext("The gateway took the message. Look whether it arrives.")


def wrong(told: Mapping[str, Any]) -> str:
    """What went wrong, in plain words."""
    if "message" in told:
        sentence = told["message"]
        return gettext(sentence).format_map(told["data"])
    status, said = int(told["status"]), told["said"] or "–"
    if status in _PASSES:
        text = _PASSES[status]
    elif status >= 500:
        text = N_("The gateway is out of order ({status}): {said}")
    elif 200 <= status < 300:
        text = N_("The gateway answered, but not that it took the message: {said}")
    else:
        text = N_("The gateway refused the message ({status}): {said}")
    return gettext(text).format(status=status, said=said)


def browser(view: BrowserView) -> dict[str, str]:
    """How it stands with one's own browser."""
    if view.last_error is not None:
        return {"label": browser_wrong(view.last_error), "level": "warn"}
    if view.last_sent_at is None:
        return {"label": gettext("Never tried"), "level": "off"}
    return {"label": gettext("Works well"), "level": "ok"}


def browser_wrong(told: Mapping[str, Any]) -> str:
    """What went wrong with a notification, in plain words."""
    if "message" in told:
        return wrong(told)
    return gettext(
        "The push service of this browser did not take the notification (%(status)s). Remove the device and "
        "switch it on again if that goes on."
    ) % {"status": told["status"]}


def reached(view: WishesView) -> str:
    """The title of one's own page: by what when it is critical."""
    order = [one for one in view.orders[Severity.CRITICAL] if one in view.can]
    names = [gettext(WAY_NAMES[one]) for one in order or [Way.MAIL]]
    if len(names) == 1:
        return gettext("When it is critical, you are reached by: %(way)s") % {"way": names[0]}
    return gettext("When it is critical, you are reached by: %(way)s, then %(others)s") % {
        "way": names[0],
        "others": ", ".join(names[1:]),
    }
