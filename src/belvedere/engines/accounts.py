"""Who may speak on the bus: the platform, the keeper of its door, and devices that the keeper lets in.

The same words stand in the configuration of the embedded server and in that of each node of a cluster of
somebody else's. Not for judging devices: see `devices`.
"""

from __future__ import annotations

from belvedere.engines.home import Home
from belvedere.engines.nkeys import Issuer

PLATFORM = "platform"
#: The account that answers for devices who sign in, and sends away those who may no more.
DOORKEEPER = "doorkeeper"
ACCOUNT = "BELVEDERE"
#: How long the server lets a message wait for the disk before it closes the line of its device. Short, and
#: a crowd that comes back at once is cut off, sends again, and so keeps the disk from ever catching up.
MQTT_PATIENCE_S = 120


def accounts(home: Home) -> str:
    """The accounts and the door, as NATS reads them. It holds the passwords of the home.

    Whoever is not named here is asked about (auth callout): a device has its own name and password.
    """
    platform, doorkeeper = home.secret("nats_platform"), home.secret("nats_doorkeeper")
    return f"""\
system_account: "SYSTEM"
accounts {{
  SYSTEM {{
    users: [ {{ user: "{DOORKEEPER}", password: "{doorkeeper}", allowed_connection_types: ["STANDARD"] }} ]
  }}
  {ACCOUNT} {{
    jetstream: enabled
    users: [ {{ user: "{PLATFORM}", password: "{platform}", allowed_connection_types: ["STANDARD"] }} ]
  }}
}}
authorization {{
  timeout: 10
  auth_callout {{
    issuer: "{Issuer.of(home.secret("nats_issuer")).public}"
    account: "SYSTEM"
    auth_users: ["{PLATFORM}", "{DOORKEEPER}"]
  }}
}}
"""
