"""Who asks: the holder of a token, else the public. The session of a browser is not looked at here.

A form on another site can make a browser send its session; it cannot make it send a token.
"""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import translation
from ninja.security import HttpBearer

from belvedere.domains.access.public import Actor, Scope, allow_request, resolve_token
from belvedere.faces.rest.problems import TokenNeeded
from belvedere.kernel.errors import N_, Refused

SAFE = frozenset({"GET", "HEAD"})


class BadCredentials(TokenNeeded):
    """The Authorization header is not one that is understood here."""

    default_code = "unreadable_credentials"


def client_of(request: HttpRequest) -> str:
    """The address the request comes from, as far as it can be trusted; all without one count as one."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # a proxy over a socket that tells none
        return "unknown"


def language() -> str:
    return (translation.get_language() or "fr")[:2]


class _Token(HttpBearer):
    """`Authorization: Bearer bv_…`; `needed` refuses the public."""

    needed = False

    def __call__(self, request: HttpRequest) -> Any:
        header = request.headers.get("Authorization", "")
        client = client_of(request)
        if not header:
            if self.needed:
                raise TokenNeeded(
                    N_("Send a token: “Authorization: Bearer bv_…”. You make one in your account.")
                )
            allow_request(client)
            actor = Actor.public(language(), getattr(request, "request_id", ""))
        else:
            actor = self._holder(request, header, client)
        request.actor = actor  # type: ignore[attr-defined]
        return actor

    def _holder(self, request: HttpRequest, header: str, client: str) -> Actor:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise BadCredentials(N_("Send the token like this: “Authorization: Bearer bv_…”."))
        actor = resolve_token(token.strip(), client=client, request_id=getattr(request, "request_id", ""))
        allow_request(f"person:{actor.person_id}")
        if request.method in SAFE and not actor.allows(Scope.READ):
            raise Refused(N_("This token may not read. Create one that may."), code="may_not_read")
        if request.method not in SAFE and not actor.allows(Scope.WRITE):
            raise Refused(N_("This token only reads. Create one that may write."), code="may_not_write")
        if "Accept-Language" not in request.headers:
            translation.activate(actor.language)
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        raise NotImplementedError  # the header is read above, where its absence is known


class Token(_Token):
    """Anyone reads what is published; a token shows what its person may see."""


class TokenRequired(_Token):
    """A token of a person who may do it."""

    needed = True


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, once the token was read."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]
