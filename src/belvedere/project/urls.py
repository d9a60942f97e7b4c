"""Every address of the platform. Territories come last: their slug is the first segment."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, register_converter

from belvedere.faces.rest.saying import say_rules_by
from belvedere.faces.web import converters, health, language, manifest
from belvedere.faces.web.pages.automation import sentences
from belvedere.faces.web.pages.equipment import piece

say_rules_by(sentences.said)
register_converter(converters.TerritoryConverter, "territory")

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("readyz/door", health.door_readyz, name="door_readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    path("language/", language.choose, name="language"),
    path("", include("belvedere.faces.web.pages.access.urls")),
    path("account/messages/", include("belvedere.faces.web.pages.collaboration.message_urls")),
    path("", include("belvedere.faces.web.pages.reach.urls")),
    path("feeds/duty/", include("belvedere.faces.web.pages.duty.feed_urls")),
    path("account/", include("allauth.urls")),
    path("cockpit/", include("belvedere.faces.web.pages.home.cockpit_urls")),
    path("cockpit/<territory:territory>/journal/", include("belvedere.faces.web.pages.journal.urls")),
    path("cockpit/<territory:territory>/plans/", include("belvedere.faces.web.pages.plans.urls")),
    path("cockpit/<territory:territory>/overview/", include("belvedere.faces.web.pages.overview.urls")),
    path("cockpit/<territory:territory>/reporting/", include("belvedere.faces.web.pages.reporting.urls")),
    path(
        "cockpit/<territory:territory>/coordination/", include("belvedere.faces.web.pages.coordination.urls")
    ),
    path(
        "cockpit/<territory:territory>/collaboration/",
        include("belvedere.faces.web.pages.collaboration.urls"),
    ),
    path("cockpit/<territory:territory>/library/", include("belvedere.faces.web.pages.library.urls")),
    path(
        "cockpit/<territory:territory>/live/connections/",
        include("belvedere.faces.web.pages.connections.urls"),
    ),
    path("cockpit/<territory:territory>/live/onboard/", include("belvedere.faces.web.pages.onboarding.urls")),
    path("cockpit/<territory:territory>/live/quality/", include("belvedere.faces.web.pages.quality.urls")),
    path("cockpit/<territory:territory>/live/exchange/", include("belvedere.faces.web.pages.exchange.urls")),
    path("cockpit/<territory:territory>/live/", include("belvedere.faces.web.pages.live.urls")),
    path("cockpit/<territory:territory>/", include("belvedere.faces.web.pages.automation.urls")),
    path("cockpit/<territory:territory>/crisis/", include("belvedere.faces.web.pages.crisis.urls")),
    path("cockpit/<territory:territory>/logbook/", include("belvedere.faces.web.pages.logbook.urls")),
    path("cockpit/<territory:territory>/packs/", include("belvedere.faces.web.pages.packs.urls")),
    path("cockpit/<territory:territory>/duty/", include("belvedere.faces.web.pages.duty.urls")),
    path("cockpit/<territory:territory>/commands/", include("belvedere.faces.web.pages.commands.urls")),
    path("cockpit/<territory:territory>/scenes/", include("belvedere.faces.web.pages.scenes.urls")),
    path("cockpit/<territory:territory>/webhooks/", include("belvedere.faces.web.pages.webhooks.urls")),
    path(
        "cockpit/<territory:territory>/interventions/",
        include("belvedere.faces.web.pages.interventions.urls"),
    ),
    path("cockpit/<territory:territory>/equipment/", include("belvedere.faces.web.pages.equipment.urls")),
    path("e/<slug:code>/", piece.by_code, name="equipment_code"),  # on labels of equipment
    path("cockpit/<territory:territory>/territory/", include("belvedere.faces.web.pages.territory.urls")),
    path("doors/chirpstack/", include("belvedere.connectors.chirpstack.urls")),
    path("doors/things-stack/", include("belvedere.connectors.things_stack.urls")),
    path("api/", include("belvedere.faces.rest.urls")),
    path("", include("belvedere.faces.web.pages.home.portal_urls")),
    path("<territory:territory>/live/", include("belvedere.faces.web.pages.live.portal_urls")),
    path("<territory:territory>/works/", include("belvedere.faces.web.pages.portal.urls")),
    path("<territory:territory>/territory/", include("belvedere.faces.web.pages.territory.portal_urls")),
    path(
        "<territory:territory>/collaboration/",
        include("belvedere.faces.web.pages.collaboration.portal_urls"),
    ),
    path("<territory:territory>/plans/", include("belvedere.faces.web.pages.plans.portal_urls")),
]
handler400 = "belvedere.faces.web.errors.bad_request"
handler403 = "belvedere.faces.web.errors.refused"
handler404 = "belvedere.faces.web.errors.not_found"
handler500 = "belvedere.faces.web.errors.failed"
