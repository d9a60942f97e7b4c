"""Tables of people and what they may do. Contact data are encrypted; the key is outside the database."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from belvedere.domains.access.states import Role, TerritoryRole
from belvedere.kernel.identifiers import new_id


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Someone who signs in. `email` is the sign-in name; other contact data are encrypted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120)
    language = models.CharField(max_length=5, default="fr")
    phone = models.BinaryField(null=True)  # encrypted, see encryption.py
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]


class Membership(models.Model):
    """A role of a person in an organisation, since when and until when."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey("territory.Organisation", models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.name) for role in Role])
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="membership_once_at_a_time",
            ),
        ]


class TerritoryMembership(models.Model):
    """A role of a person in a whole territory."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="territory_memberships")
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.name) for role in TerritoryRole])
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "territory", "role"],
                condition=Q(ended_at__isnull=True),
                name="territory_role_once_at_a_time",
            ),
        ]


class Invitation(models.Model):
    """An invitation sent by e-mail; the address is encrypted, the link's token is only kept hashed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("territory.Organisation", models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.name) for role in Role])
    email = models.BinaryField()  # encrypted
    email_index = models.CharField(max_length=64)  # keyed hash, to find it again
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=5, default="fr")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class ApiToken(models.Model):
    """A personal key to the programming interface: hashed, scoped, expiring."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
