"""THE DOOR of reach: how messages come to people outside the platform.

Words: gateway (a way out: SMS or calls over HTTP, a Matrix room, a signed webhook), room (a gateway that
several people read), way (e-mail, notification, SMS, call), wishes (how a person wants to be reached, quiet
hours), browser (where somebody switched notifications on), message (something one person is told by the
ways they chose, until one takes it).
Events: none.
Not for: whom to tell, and when to tell the next one (duty), making mails (faces/notices).
"""

from belvedere.domains.reach.actions import (
    Given,
    Saved,
    change_gateway,
    create_gateway,
    remove_gateway,
    switch_gateway,
    test_gateway,
)
from belvedere.domains.reach.bodies import PLACES, HttpBody, RoomBody, Subscribed
from belvedere.domains.reach.browsers import (
    Notification,
    add_browser,
    my_browsers,
    push,
    remove_browser,
    server_key,
    try_browser,
)
from belvedere.domains.reach.policies import may_see, may_write
from belvedere.domains.reach.presets import PRESETS, Preset
from belvedere.domains.reach.queries import RoomView, gateway, gateways, room, rooms
from belvedere.domains.reach.sending import ring, ways_here, write_into
from belvedere.domains.reach.states import (
    KIND_NAMES,
    RINGING,
    ROOMS,
    WAY_NAMES,
    Coding,
    Kind,
    Method,
    Way,
)
from belvedere.domains.reach.telling import Post, forget_old, send_due, tell
from belvedere.domains.reach.transport import Outcome
from belvedere.domains.reach.views import BrowserView, GatewayView, WishesView
from belvedere.domains.reach.wishes import (
    GivenWishes,
    give_phone,
    my_wishes,
    not_before,
    phone_to_ring,
    prove_phone,
    save_wishes,
    send_code,
    ways_for,
    ways_of,
)

__all__ = [
    "KIND_NAMES",
    "PLACES",
    "PRESETS",
    "RINGING",
    "ROOMS",
    "WAY_NAMES",
    "BrowserView",
    "Coding",
    "GatewayView",
    "Given",
    "GivenWishes",
    "HttpBody",
    "Kind",
    "Method",
    "Notification",
    "Outcome",
    "Post",
    "Preset",
    "RoomBody",
    "RoomView",
    "Saved",
    "Subscribed",
    "Way",
    "WishesView",
    "add_browser",
    "change_gateway",
    "create_gateway",
    "forget_old",
    "gateway",
    "gateways",
    "give_phone",
    "may_see",
    "may_write",
    "my_browsers",
    "my_wishes",
    "not_before",
    "phone_to_ring",
    "prove_phone",
    "push",
    "remove_browser",
    "remove_gateway",
    "ring",
    "room",
    "rooms",
    "save_wishes",
    "send_code",
    "send_due",
    "server_key",
    "switch_gateway",
    "tell",
    "test_gateway",
    "try_browser",
    "ways_for",
    "ways_here",
    "ways_of",
    "write_into",
]
