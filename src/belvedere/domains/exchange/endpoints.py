"""Where notifications go: an address of HTTP, or a topic at a broker (ETSI GS CIM 009, clauses 5.2.15, 7.2).

Who signs in at a broker stands in the address as it is given; it is kept apart, with what is secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from belvedere.engines.outgoing import checked_url
from belvedere.engines.publishing import SCHEMES, Version, checked_topic
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.problems import BadRequestData

VERSION, QOS = "MQTT-Version", "MQTT-QoS"
_QUALITIES = ("0", "1", "2")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is kept encrypted: receiverInfo, and who signs in at a broker (as it stands in the address)."""

    headers: Mapping[str, str] = field(default_factory=dict)
    login: str = ""


def is_topic(uri: str) -> bool:
    """Whether it is told over MQTT."""
    return uri.partition(":")[0].lower() in SCHEMES


def checked_endpoint(given: str, notifier: Mapping[str, str]) -> tuple[str, str]:
    """An address without who signs in, and who does (clause 5.2.15).

    Raises:
        AddressRefused: nobody may send there.
        BadRequestData: notifierInfo says what MQTT does not know (clause 7.2).
    """
    if not is_topic(given):
        return checked_url(given), ""
    checked_topic(given)
    _known(notifier, VERSION, [one.value for one in Version])
    _known(notifier, QOS, _QUALITIES)
    parts = urlsplit(given.strip())
    login, _, server = parts.netloc.rpartition("@")
    return parts._replace(netloc=server).geturl(), login


def with_login(uri: str, login: str) -> str:
    """The address as it was given."""
    return uri.replace("://", f"://{login}@", 1) if login else uri


def version_of(endpoint: Mapping[str, Any]) -> Version | None:
    """The version of MQTT asked for; None for whichever the broker knows, the latest first."""
    said = _notifier(endpoint).get(VERSION)
    return Version(said) if said is not None else None


def quality_of(endpoint: Mapping[str, Any]) -> int:
    """The quality of service asked for: 0 unless said."""
    return int(_notifier(endpoint).get(QOS, "0"))


def _notifier(endpoint: Mapping[str, Any]) -> dict[str, str]:
    return {one["key"]: one["value"] for one in endpoint.get("notifierInfo", ())}


def _known(notifier: Mapping[str, str], name: str, known: Sequence[str]) -> None:
    if notifier.get(name, known[0]) not in known:
        raise BadRequestData(N_("“{name}” knows {known}."), name=name, known=list(known))
