"""Levels of places, kinds of organisations and of networks in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from belvedere.domains.territory.public import Level, NetworkKind, OrganisationKind
from belvedere.kernel.errors import N_

LEVELS: dict[Level, str] = {
    Level.COUNTRY: N_("Country"),
    Level.REGION: N_("Region or canton"),
    Level.DEPARTMENT: N_("Department or district"),
    Level.INTERCOMMUNAL: N_("Intercommunal body"),
    Level.AGGLOMERATION: N_("Agglomeration"),
    Level.COMMUNE: N_("Commune"),
    Level.QUARTER: N_("Quarter"),
}
KINDS: dict[OrganisationKind, str] = {
    OrganisationKind.COMMUNE: N_("Commune"),
    OrganisationKind.INTERCOMMUNAL: N_("Intercommunal body"),
    OrganisationKind.AGGLOMERATION: N_("Agglomeration"),
    OrganisationKind.DEPARTMENT: N_("Department"),
    OrganisationKind.REGION: N_("Region"),
    OrganisationKind.CANTON: N_("Canton"),
    OrganisationKind.CONFEDERATION: N_("Confederation"),
    OrganisationKind.STATE: N_("Central state"),
    OrganisationKind.EU: N_("European Union"),
    OrganisationKind.OPERATOR: N_("Operator"),
    OrganisationKind.ASSOCIATION: N_("Association"),
    OrganisationKind.PRIVATE: N_("Company"),
}
NETWORK_KINDS = {
    NetworkKind.ROAD: _("Roads and streets"),
    NetworkKind.PATH: _("Footpaths"),
    NetworkKind.CYCLE: _("Cycle routes"),
    NetworkKind.RAIL: _("Railways"),
    NetworkKind.OTHER: _("Other lines"),
}
