"""Django's settings, from the environment and the home folder. Documented in docs/reference/settings.md."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from belvedere.engines.home import Home
from belvedere.engines.postgres import database_url
from belvedere.project.identity import identity_settings
from belvedere.project.mail import mail_settings

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Home.from_environment()
DEBUG = os.environ.get("BELVEDERE_DEBUG", "") == "1"
SECRET_KEY = HOME.secret("secret_key")
ADDRESS = os.environ.get("BELVEDERE_ADDRESS", "127.0.0.1:8000")
PUBLIC_URL = os.environ.get("BELVEDERE_PUBLIC_URL", f"http://{ADDRESS}").rstrip("/")
_public = urlsplit(PUBLIC_URL)
SECURE = _public.scheme == "https"
ALLOWED_HOSTS = sorted({_public.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "belvedere.faces.web.errors.stale_form"

INSTALLED_APPS = [
    "belvedere.faces.web",
    "belvedere.faces.notices",
    "belvedere.domains.reporting",
    "belvedere.domains.coordination",
    "belvedere.domains.collaboration",
    "belvedere.domains.library",
    "belvedere.domains.subscriptions",
    "belvedere.domains.webhooks",
    "belvedere.domains.exchange",
    "belvedere.domains.plans",
    "belvedere.domains.plans.sheets",
    "belvedere.domains.reach",
    "belvedere.domains.logbook",
    "belvedere.domains.crisis",
    "belvedere.domains.interventions",
    "belvedere.domains.packs",
    "belvedere.domains.intake",
    "belvedere.domains.context",
    "belvedere.domains.automation",
    "belvedere.domains.duty",
    "belvedere.domains.scenes",
    "belvedere.domains.commands",
    "belvedere.domains.connections",
    "belvedere.domains.equipment",
    "belvedere.domains.observations",
    "belvedere.domains.twin",
    "belvedere.domains.access",
    "belvedere.domains.territory",
    "belvedere.duties.notifications",
    "belvedere.duties.privacy",
    "belvedere.duties.journal",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "belvedere.faces.web.health.measured",
    "belvedere.faces.web.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "belvedere.faces.web.middleware.content_security",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "belvedere.faces.web.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "belvedere.faces.web.middleware.actor",
    "belvedere.faces.web.middleware.territory",
    "belvedere.faces.web.errors.translated",
]

ROOT_URLCONF = "belvedere.project.urls"
WSGI_APPLICATION = "belvedere.project.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            PACKAGE / "faces/web/templates",
            *sorted((PACKAGE / "faces/web/pages").glob("*/templates")),
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "belvedere.faces.web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def database(url: str) -> dict[str, Any]:
    """Django's description of the PostgreSQL at `url`."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "OPTIONS": dict(parse_qsl(parts.query)),  # sslmode=require and the like
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,  # PostgreSQL may have been restarted meanwhile
    }


DATABASES = {"default": database(database_url(HOME))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Several processes count attempts together, so the cache is a table.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/cockpit/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# People come by invitation: nobody signs up alone.
ACCOUNT_ADAPTER = "belvedere.faces.web.pages.access.adapter.ByInvitation"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation link has proved the address
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Belvédère"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = True
vars().update(identity_settings(os.environ))
PRIVACY_DECLARATIONS = ["belvedere.project.privacy"]

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = sorted(path for path in (PACKAGE / "locale").iterdir() if path.is_dir())
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Zurich"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "faces/web/static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",  # allauth brings the script of passkeys
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"/belvedere/chunks/[a-z]+-[A-Z0-9]{8}\.js$"  # named by their content
MEDIA_ROOT = HOME.folder("media")
LD_CONTEXTS = os.environ.get("BELVEDERE_LD_CONTEXTS", "")
LD_PAGE = int(os.environ.get("BELVEDERE_LD_PAGE", "20"))
LD_PAGE_MOST = int(os.environ.get("BELVEDERE_LD_PAGE_MOST", "1000"))
LD_INSTANCES = int(os.environ.get("BELVEDERE_LD_INSTANCES", "10000"))
WEBHOOKS_PRIVATE = os.environ.get("BELVEDERE_WEBHOOKS_PRIVATE", "") == "1"

SESSION_COOKIE_NAME = "belvedere_session"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "belvedere_language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = HOME.folder("tmp")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

vars().update(mail_settings(os.environ.get("BELVEDERE_EMAIL_URL", ""), HOME))

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "pyogrio": {"level": "WARNING"},
    },
}
