"""Verbs on the attributes of one entity (ETSI GS CIM 009, clauses 5.6.2 to 5.6.5 and 5.6.19)."""

from __future__ import annotations

from belvedere.domains.access.public import Actor
from belvedere.domains.context.entity_actions import change_one
from belvedere.domains.territory.public import TerritoryView
from belvedere.standards.ngsi_ld import merging
from belvedere.standards.ngsi_ld.documents import Document, Instance
from belvedere.standards.ngsi_ld.merging import Change as Merged


def append_attributes(
    *, actor: Actor, territory: TerritoryView, urn: str, fragment: Document, overwrite: bool = True
) -> Merged:
    """Add attributes to a thing (5.6.3); those there are, are overwritten or left alone."""
    return change_one(
        actor,
        territory,
        urn,
        "append_attributes",
        lambda document, at: merging.append(document, fragment, at, overwrite=overwrite),
    )


def update_attributes(*, actor: Actor, territory: TerritoryView, urn: str, fragment: Document) -> Merged:
    """Update attributes of a thing (5.6.2)."""
    return change_one(
        actor,
        territory,
        urn,
        "update_attributes",
        lambda document, at: merging.update(document, fragment, at),
    )


def partial_update(
    *, actor: Actor, territory: TerritoryView, urn: str, name: str, instances: list[Instance]
) -> Merged:
    """Update an attribute of a thing in part (5.6.4)."""
    return change_one(
        actor,
        territory,
        urn,
        "partial_update",
        lambda document, at: merging.partial(document, name, instances, at),
    )


def replace_attribute(
    *, actor: Actor, territory: TerritoryView, urn: str, name: str, instances: list[Instance]
) -> Merged:
    """Put an attribute in the place of the one there is (5.6.19)."""
    return change_one(
        actor,
        territory,
        urn,
        "replace_attribute",
        lambda document, at: merging.replace_attribute(document, name, instances, at),
    )


def delete_attribute(
    *,
    actor: Actor,
    territory: TerritoryView,
    urn: str,
    name: str,
    dataset_id: str = "",
    all_of_them: bool = False,
) -> Merged:
    """Take an attribute away (5.6.5): one instance of it, or all."""
    return change_one(
        actor,
        territory,
        urn,
        "delete_attribute",
        lambda document, at: merging.delete_attribute(
            document, name, at, dataset_id=dataset_id, all_of_them=all_of_them
        ),
    )
