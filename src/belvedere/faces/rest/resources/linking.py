"""Addresses of resources in answers: where a program reads on, and where a person looks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from belvedere.domains.territory.public import TerritoryView
from belvedere.faces.rest.resources.paging import address, following
from belvedere.kernel.paging import Page, Window


def read_at(name: str, **parts: int | str | UUID | None) -> str:
    """The address of an operation by its name and the parts of its path."""
    return address(reverse(f"rest:{name}", kwargs=parts))


def maybe_at(name: str, **part: int | str | UUID | None) -> str | None:
    """The same, None where the part is None."""
    return None if None in part.values() else read_at(name, **part)


def page_at(name: str, territory: TerritoryView, *parts: int | UUID) -> str:
    """The page that shows the same to a person who signs in."""
    return address(reverse(name, args=[territory, *parts]))


def list_at(territory: TerritoryView, what: str, **asked: int | UUID) -> str:
    """The list of a territory, narrowed."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return address(f"/api/v1/territories/{territory.slug}/{what}") + (f"?{query}" if query else "")


class Paged(Schema):
    """Which part of a list is asked for."""

    start: int = Field(default=0, ge=0, le=10_000_000)
    limit: int = Field(default=60, ge=1, le=500)

    def window(self) -> Window:
        return Window(self.start, self.limit)


def further_of(request: HttpRequest, response: HttpResponse, found: Page[Any]) -> str | None:
    """The address of the following page, None at the end."""
    if found.next_start is None:
        return None
    return following(request, response, start=found.next_start, limit=found.window.size)
