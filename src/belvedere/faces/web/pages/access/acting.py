"""Who makes a request: the person of the session, or the holder of a token."""

from __future__ import annotations

from typing import cast

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from belvedere.domains.access.public import Actor, resolve_token
from belvedere.kernel.errors import N_, BelvedereError, Refused


class UnreadableCredentials(BelvedereError):
    """The Authorization header is not one that is understood here."""

    status = 401
    default_code = "unreadable_credentials"


def actor_of_session(request: HttpRequest) -> Actor:
    """Who the middleware says acts."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def signed_in(request: HttpRequest) -> Actor:
    """Who acts, as a person; Refused (which leads to the sign-in page) for anyone else."""
    actor = actor_of_session(request)
    if actor.person_id is None:
        raise Refused(N_("Sign in to see your account."))
    return actor


def client_of(request: HttpRequest) -> str:
    """The address the request comes from, as far as it can be trusted."""
    return str(get_adapter(request).get_client_ip(request))


def actor_for(request: HttpRequest) -> Actor:
    """For the programming interfaces: the holder of `Authorization: Bearer …`, else who the session says.

    Raises:
        UnreadableCredentials, BadToken, TooManyAttempts: an attempt with a token is never taken for a
        session, nor for the public.
    """
    header = request.headers.get("Authorization", "")
    if not header:
        return actor_of_session(request)
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise UnreadableCredentials(N_("Send the token like this: “Authorization: Bearer bv_…”."))
    sender: str = getattr(request, "request_id", "")
    return resolve_token(token.strip(), client=client_of(request), request_id=sender)
