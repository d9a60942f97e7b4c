"""Questions of NGSI-LD about what things say now (ETSI GS CIM 009, clause 5.7)."""

from __future__ import annotations

from belvedere.domains.context.entity_actions import missing
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import one_document
from belvedere.kernel.audiences import Audience
from belvedere.standards.ngsi_ld.documents import Document


def retrieve_entity(audience: Audience, territory: TerritoryView, urn: str) -> Document:
    """One thing as the audience sees it (5.7.1); ResourceNotFound for who may not know of it."""
    found = one_document(territory.id, urn, audience)
    if found is None:
        raise missing(urn)
    return found
