"""Addresses of reach: the gateways of a territory, and how a person is reached."""

from __future__ import annotations

from django.urls import URLPattern, path

from belvedere.faces.web.pages.reach import browsers, mine, views

_COCKPIT = "cockpit/<territory:territory>/reach/"

app_name = "reach"
urlpatterns: list[URLPattern] = [
    path("account/reach/", mine.mine, name="mine"),
    path("account/reach/phone/", mine.phone, name="phone"),
    path("account/reach/code/", mine.code, name="code"),
    path("account/reach/prove/", mine.prove, name="prove"),
    path("account/reach/browsers/", browsers.add, name="browser_add"),
    path("account/reach/browsers/<uuid:browser_id>/try/", browsers.try_out, name="browser_try"),
    path("account/reach/browsers/<uuid:browser_id>/remove/", browsers.remove, name="browser_remove"),
    path("account/reach/notifying.js", browsers.worker, name="browser_worker"),
    path(_COCKPIT, views.gateways, name="gateways"),
    path(f"{_COCKPIT}new/", views.new, name="new"),
    path(f"{_COCKPIT}<uuid:gateway_id>/", views.gateway, name="gateway"),
    path(f"{_COCKPIT}<uuid:gateway_id>/test/", views.test, name="test"),
    path(f"{_COCKPIT}<uuid:gateway_id>/on/", views.switch, {"on": "on"}, name="switch_on"),
    path(f"{_COCKPIT}<uuid:gateway_id>/off/", views.switch, {"on": "off"}, name="switch_off"),
    path(f"{_COCKPIT}<uuid:gateway_id>/remove/", views.remove, name="remove"),
]
