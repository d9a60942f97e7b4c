"""Who asks, and of which territory: the holder of a token, else the public; `NGSILD-Tenant` is the territory.

What a token stands for is remembered for three seconds, so that it is not asked for with every value; a
revoked one is out after that. One request asks anew; those beside it go on for a moment with what was known.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.utils.translation import get_language_from_request

from belvedere.domains.access.public import Actor, Scope, allow_request, resolve_token
from belvedere.domains.context.public import usual_owner
from belvedere.domains.territory.public import TerritoryView, territories, territories_of_organisations
from belvedere.domains.twin.public import audience, works_in
from belvedere.kernel.audiences import Audience
from belvedere.kernel.errors import N_, BelvedereError, Refused
from belvedere.standards.ngsi_ld.problems import BadRequestData, NonexistentTenant

REMEMBERED_S = 2.5
ASKING_S = 0.5
_MOST = 2_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenNeeded(BelvedereError):
    """Nobody in particular asks for what only some may do, or with a token that says nothing."""

    status = 401
    default_code = "token_needed"


@dataclass(slots=True)
class Caller:
    """Who asks: the actor, the territory, and what the actor sees there."""

    actor: Actor
    territory: TerritoryView
    audience: Audience
    tenant: str  # as it was sent
    until: float
    named: str = ""  # the organisation for which it makes things, as it was sent
    is_asked: bool = False  # again, by somebody
    _owner: tuple[UUID | None] | None = None

    def owner_id(self) -> UUID | None:
        """The organisation for which this caller makes things."""
        if self._owner is None:
            self._owner = (usual_owner(self.actor, self.territory.id, _organisation(self.named)),)
        return self._owner[0]


_known: dict[tuple[str, str, str], Caller] = {}


def forget() -> None:
    """Ask anew who everybody is."""
    _known.clear()


def caller_of(environ: dict[str, Any], *, writes: bool) -> Caller:
    """Who sends a request, and for which territory.

    Raises:
        TokenNeeded, BadToken, TooManyAttempts: who cannot be known.
        Refused: a token that may not do this.
        NonexistentTenant, BadRequestData: which territory is meant is not clear.
    """
    header = environ.get("HTTP_AUTHORIZATION", "")
    tenant = environ.get("HTTP_NGSILD_TENANT", "")
    named = environ.get("HTTP_BELVEDERE_OWNER", "")
    key = (header, tenant, named)
    found = _known.get(key)
    at = time.monotonic()
    if found is None or found.until < at:
        if found is not None and not found.is_asked:
            found.is_asked, found.until = True, at + ASKING_S
        else:
            _known.pop(key, None)
        try:
            found = _caller(environ, header, tenant, at + REMEMBERED_S)
            found.named = named
        except BaseException:
            _known.pop(key, None)
            raise
        if header:
            if len(_known) >= _MOST:
                _known.clear()
            _known[key] = found
    actor = found.actor
    if actor.person_id is None and not actor.is_platform:
        if writes:
            raise TokenNeeded(N_("Send a token: “Authorization: Bearer bv_…”. You make one in your account."))
    elif not actor.allows(Scope.WRITE if writes else Scope.READ):
        if writes:
            raise Refused(N_("This token only reads. Create one that may write."), code="may_not_write")
        raise Refused(N_("This token may not read. Create one that may."), code="may_not_read")
    return found


def _caller(environ: dict[str, Any], header: str, tenant: str, until: float) -> Caller:
    client, language = _client(environ)
    if header:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise TokenNeeded(N_("Send the token like this: “Authorization: Bearer bv_…”."))
        actor = resolve_token(token.strip(), client=client)
    else:
        allow_request(client)
        actor = Actor.public(language)
    territory = _territory(actor, tenant)
    return Caller(actor, territory, audience(actor, territory.id), tenant, until)


def _client(environ: dict[str, Any]) -> tuple[str, str]:
    request = WSGIRequest(environ)
    try:
        return str(get_adapter(request).get_client_ip(request)), get_language_from_request(request)
    except PermissionDenied:  # a proxy over a socket that tells none
        return "unknown", get_language_from_request(request)


def _organisation(named: str) -> UUID | None:
    if not named.strip():
        return None
    try:
        return UUID(named.strip())
    except ValueError:
        raise BadRequestData(
            N_("Belvedere-Owner is the number of an organisation, as the list of organisations gives it.")
        ) from None


def _territory(actor: Actor, tenant: str) -> TerritoryView:
    every = [one for one in territories() if one.published or works_in(actor, one.id)]
    if tenant:
        for one in every:
            if one.slug == tenant:
                return one
        raise NonexistentTenant(
            N_("There is no territory “{tenant}” here. NGSILD-Tenant is the short name in its address."),
            tenant=tenant[:80],
        )
    if len(every) > 1 and actor.person_id is not None:
        mine = {*actor.territory_roles, *territories_of_organisations(frozenset(actor.roles))}
        every = [one for one in every if one.id in mine]
    if len(every) == 1:
        return every[0]
    raise BadRequestData(N_("Say which territory you mean: send its short name as NGSILD-Tenant."))
