"""Tables of people and what they may do. Contact data are encrypted; the key is outside the database."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from belvedere.domains.access.states import Door, Role, TerritoryRole
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
    phone = models.BinaryField(null=True)  # encrypted
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True)  # the row stays for what points to it, without the person

    objects = PersonManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
        ]


class Membership(models.Model):
    """A role of a person in an organisation, since when and until when."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey("territory.Organisation", models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.name) for role in Role])
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="membership_role_known"
            ),
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
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in TerritoryRole]), name="territory_role_known"
            ),
            models.UniqueConstraint(
                fields=["person", "territory", "role"],
                condition=Q(ended_at__isnull=True),
                name="territory_role_once_at_a_time",
            ),
        ]


class Invitation(models.Model):
    """An invitation sent by e-mail; the address is encrypted, the link's token is only kept hashed.

    With an organisation, `role` is one of `Role`; without, it is a `TerritoryRole`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("territory.Organisation", models.CASCADE, null=True, related_name="+")
    role = models.CharField(max_length=20)
    email = models.BinaryField()  # encrypted
    email_index = models.CharField(max_length=64, db_index=True)  # keyed hash, to find it again
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=5, default="fr")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, role__in=[role.value for role in Role])
                | Q(organisation__isnull=True, role__in=[role.value for role in TerritoryRole]),
                name="invitation_role_fits",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_accepted_or_revoked",
            ),
        ]


class ApiToken(models.Model):
    """A personal key to the programming interface: hashed, scoped, expiring."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("created_at") + timedelta(days=366)), name="token_expires"
            ),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="token_has_scopes"),
        ]


class Reading(models.Model):
    """What a token reads of a territory: `what` and `attributes` in the words of the door, how often."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="readings")
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    door = models.CharField(max_length=10, choices=[(door.value, door.name) for door in Door])
    what = models.CharField(max_length=200)
    attributes = models.CharField(max_length=200)
    times = models.BigIntegerField()
    since = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["token", "territory", "door", "what", "attributes"], name="reading_once"
            ),
            models.CheckConstraint(
                condition=Q(door__in=[door.value for door in Door]), name="reading_door_known"
            ),
            models.CheckConstraint(condition=Q(times__gt=0), name="reading_happened"),
        ]


class Repeatable(models.Model):
    """A request of a program with the key it was given and what it made: sent again, it is not done again."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    what = models.CharField(max_length=64)  # a hash of the request
    made = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="repeatable_key_once")]
        indexes = [models.Index(fields=["token", "at"], name="repeatable_by_age")]


class Visit(models.Model):
    """When a person last looked at the first page of a territory, and when their visit before ended."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="visits")
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    last_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)  # null: this is the first visit

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "territory"], name="visit_once_a_territory"),
            models.CheckConstraint(
                condition=Q(before_at__isnull=True) | Q(before_at__lte=F("last_at")), name="visit_forward"
            ),
        ]
