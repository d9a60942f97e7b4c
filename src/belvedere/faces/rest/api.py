"""The interface: its resources, how errors are told, its document."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from belvedere.faces.rest import problems
from belvedere.faces.rest.resources import (
    alarm_acts,
    alarms,
    commands,
    equipment,
    exports,
    intervention_acts,
    interventions,
    ledger,
    logbook,
    measures,
    routing,
    series,
    supervising,
    territories,
    things,
    writing,
)
from belvedere.kernel.errors import BelvedereError

VERSION = "1.0.0"

api = NinjaAPI(
    title="Belvédère",
    version=VERSION,
    description=(
        "Plans, measures and money of a territory, its live things, and its supervision: equipment, alarms, "
        "interventions, commands. Without a token you read what is published; a personal "
        "token shows and changes what its person may. Money is exact decimals in text, with its currency, "
        "VAT status and price base."
    ),
    openapi_url=None,
    docs_url=None,
    urls_namespace="rest",
)
RESOURCES = (
    territories,
    measures,
    exports,
    writing,
    things,
    series,
    ledger,
    equipment,
    alarms,
    interventions,
    commands,
    logbook,
    supervising,
    alarm_acts,
    intervention_acts,
)  # each wrote itself in the table
api.add_router("", routing.router)
api.add_exception_handler(Exception, problems.of_fault)
api.add_exception_handler(BelvedereError, problems.of_domain)
api.add_exception_handler(ValidationError, problems.of_validation)
api.add_exception_handler(HttpError, problems.of_http)
api.add_exception_handler(RequestDataTooBig, problems.of_too_much)
api.add_exception_handler(Http404, problems.no_such_address)
