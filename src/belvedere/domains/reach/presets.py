"""How some providers and gateways of one's own are asked, to begin a gateway with: tables, no code.

Shapes as the providers publish them; what a contract adds is changed in the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from belvedere.domains.reach.bodies import HttpBody
from belvedere.domains.reach.states import Coding, Method, Way

_BASIC: Final = (("Authorization", "Basic {basic}"),)


@dataclass(frozen=True, slots=True)
class Preset:
    """`is_own`: stands in one's own network."""

    name: str
    ways: tuple[Way, ...]
    body: HttpBody
    is_own: bool = False


PRESETS: Final[Mapping[str, Preset]] = {
    "swisscom": Preset(
        "Swisscom Text Messaging (SMS)",
        (Way.SMS,),
        HttpBody(
            "https://api.swisscom.com/messaging/sms",
            headers=(
                ("SCS-Version", "2"),
                ("client_id", "{secret}"),
                ("Accept", "application/json"),
                ("SCS-Request-ID", "{key}"),
            ),
            body='{"to": "{to}", "text": "{text}"}',
        ),
    ),
    "ovh": Preset(
        "OVHcloud http2sms (SMS)",
        (Way.SMS,),
        HttpBody(
            "https://www.ovh.com/cgi-bin/sms/http2sms.cgi?account=sms-xx11111-1&login={user}"
            "&password={secret}&from={sender}&to={to_00}&message={text}&noStop=1",
            method=Method.GET,
            coding=Coding.NONE,
            taken="OK",
        ),
    ),
    "twilio": Preset(
        "Twilio (SMS)",
        (Way.SMS,),
        HttpBody(
            "https://api.twilio.com/2010-04-01/Accounts/{user}/Messages.json",
            headers=_BASIC,
            coding=Coding.FORM,
            body='{"To": "{to}", "From": "{sender}", "Body": "{text}"}',
            answer_id="sid",
        ),
    ),
    "twilio_voice": Preset(
        "Twilio (Voice)",
        (Way.VOICE,),
        HttpBody(
            "https://api.twilio.com/2010-04-01/Accounts/{user}/Calls.json",
            headers=_BASIC,
            coding=Coding.FORM,
            body='{"To": "{to}", "From": "{sender}", "Twiml": "<Response><Say language=\\"{language}\\" '
            'loop=\\"2\\">{text_xml}</Say></Response>"}',
            answer_id="sid",
        ),
    ),
    "smseagle": Preset(
        "SMSEagle (SMS)",
        (Way.SMS,),
        HttpBody(
            "https://smseagle.example.org/index.php/api/v2/messages/sms",
            headers=(("access-token", "{secret}"),),
            body='{"to": ["{to}"], "text": "{text}", "encoding": "unicode"}',
            answer_id="0.id",
        ),
        is_own=True,
    ),
    "gammu": Preset(
        "Gammu REST (SMS)",
        (Way.SMS,),
        HttpBody(
            "https://sms.example.org/sms",
            headers=_BASIC,
            body='{"number": "{to}", "text": "{text}"}',
        ),
        is_own=True,
    ),
}
