"""THE DOOR of webhooks: outside systems that are told of changes, and every delivery to them.

Words: endpoint (an address that is told), event kind, delivery (one message to one endpoint), secret.
It listens to MeasureCreated, MeasureChanged, MeasuresImported and sends identifiers, verb and links, at
least once, in no order, signed as Standard Webhooks.
Not for: messages to people (notices), what the interface answers (faces.rest).
"""

from belvedere.domains.webhooks.actions import (
    NewSecret,
    change_endpoint,
    create_endpoint,
    remove_endpoint,
    replay,
    rotate_secret,
    send_test,
    start_endpoint,
    stop_endpoint,
)
from belvedere.domains.webhooks.policies import may
from belvedere.domains.webhooks.queries import (
    DeliveryView,
    EndpointView,
    deliveries,
    endpoint,
    endpoints,
)
from belvedere.domains.webhooks.states import (
    CHOSEN,
    EVENT_NAMES,
    FAILING_DAYS,
    KEPT_DAYS,
    DeliveryState,
    EventKind,
    Stopped,
)

__all__ = [
    "CHOSEN",
    "EVENT_NAMES",
    "FAILING_DAYS",
    "KEPT_DAYS",
    "DeliveryState",
    "DeliveryView",
    "EndpointView",
    "EventKind",
    "NewSecret",
    "Stopped",
    "change_endpoint",
    "create_endpoint",
    "deliveries",
    "endpoint",
    "endpoints",
    "may",
    "remove_endpoint",
    "replay",
    "rotate_secret",
    "send_test",
    "start_endpoint",
    "stop_endpoint",
]
