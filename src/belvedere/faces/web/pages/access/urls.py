"""Addresses of access: a person's own account, and the people of a territory."""

from __future__ import annotations

from django.urls import path, re_path

from belvedere.faces.web.pages.access import account, invitation, people

_COCKPIT = "cockpit/<territory:territory>/access/"

app_name = "access"
urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/email/", account.email, name="email"),  # before allauth's, which would change it
    path("account/sessions/", account.sessions, name="sessions"),
    path("account/sessions/<int:session_id>/end/", account.session_end, name="session_end"),
    path("account/tokens/", account.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", account.token_revoke, name="token_revoke"),
    re_path(
        r"^account/invitation/(?P<token>[A-Za-z0-9_-]{20,80})/$", invitation.invitation, name="invitation"
    ),
    path(_COCKPIT, people.people, name="people"),
    path(f"{_COCKPIT}invite/", people.invite, name="invite"),
    path(
        f"{_COCKPIT}invitations/<uuid:invitation_id>/again/",
        people.invitation_act,
        {"act": "again"},
        name="invitation_again",
    ),
    path(
        f"{_COCKPIT}invitations/<uuid:invitation_id>/revoke/",
        people.invitation_act,
        {"act": "revoke"},
        name="invitation_revoke",
    ),
    path(
        f"{_COCKPIT}people/<uuid:person_id>/roles/<uuid:organisation_id>/",
        people.role_change,
        name="role_change",
    ),
    path(
        f"{_COCKPIT}people/<uuid:person_id>/territory-role/end/",
        people.territory_role_end,
        name="territory_role_end",
    ),
    path(f"{_COCKPIT}people/<uuid:person_id>/close/", people.close, name="close"),
]
