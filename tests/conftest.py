"""One embedded PostgreSQL for the session, in a home that is a copy of a migrated one; nothing outside
loopback.

The same tests run on engines of somebody else's where `BELVEDERE_TEST_DATABASE_URL` (a role that may create
databases) or `BELVEDERE_TEST_LAKE_URL` name them: see docs/how_to/grow.md.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.lighting import lighting
from tests.migrated import copy_to
from tests.people import people, valbelle

__all__ = ["lighting", "people", "valbelle"]
_started: dict[str, Any] = {}
# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("belvedere", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("belvedere")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        return  # only shares the tests out: each worker has a home and a database of its own
    from belvedere.engines.home import Home
    from belvedere.engines.postgres import EmbeddedPostgres

    home = Path(tempfile.mkdtemp(prefix="belvedere-test-"))
    os.environ["BELVEDERE_HOME"] = str(home)
    for name in (
        "DATABASE_URL",
        "BUS_URL",
        "LAKE_URL",
        "EMAIL_URL",
        "PUBLIC_URL",
        "ADDRESS",
        "DEBUG",
        "LIVE_URL",
    ):
        os.environ.pop(f"BELVEDERE_{name}", None)
        if given := os.environ.get(f"BELVEDERE_TEST_{name}"):
            os.environ[f"BELVEDERE_{name}"] = given
    os.environ["DJANGO_SETTINGS_MODULE"] = "belvedere.project.settings"
    _started["home"] = home
    if "BELVEDERE_DATABASE_URL" not in os.environ:
        copy_to(home)
        engine = EmbeddedPostgres(Home(home), durable=False)
        _started["engine"] = engine
        engine.start()
    for name in ("media", "tmp", "mail"):
        (home / name).mkdir(exist_ok=True)
    import django

    django.setup()  # pytest-django looked for settings before this file set them
    _quick()


def _quick() -> None:
    """What is slow or shared on purpose; the tests that look at it set it themselves."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    files = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": files}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    _files_found_once()


def _files_found_once() -> None:
    """Each client of a test has middleware of its own, and each would look at every static file again."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, found = WhiteNoiseMiddleware.add_files_from_finders, dict[str, Any]()

    def once(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            look(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = once  # type: ignore[method-assign]


def pytest_unconfigure(config: pytest.Config) -> None:
    if engine := _started.pop("engine", None):
        engine.stop()
    if home := _started.pop("home", None):
        shutil.rmtree(home, ignore_errors=True)


# Files that take longest begin: one of them at the end would keep one worker while the others are done.
LONGEST = (
    "engines/test_devices",
    "duty/test_kills",
    "rest/test_conformance",
    "automation/test_forecasting",
    "demo/test_simulator",
    "demo/test_demo",
    "finance/test_outlook",
    "web/test_plans_follow",
    "observations/test_load",
    "observations/test_settle",
    "architecture/test_house",
    "journeys/test_pages",
    "journeys/test_sites",
    "journeys/test_templates",
    "journeys/test_live",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}

    def place(item: pytest.Item) -> int:
        return places.get(f"{item.path.parent.name}/{item.path.stem}", len(LONGEST))

    items.sort(key=place)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded by now stays for the session: looking through it for garbage is a twentieth of the work
    of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """The database of the tests is a copy of the migrated one: nothing is left to migrate. Not on a server
    of somebody else's."""
    if "engine" not in _started:
        return False
    from django.db import connection
    from psycopg import sql

    from belvedere.engines import postgres

    name = connection.settings_dict["TEST"]["NAME"] or f"test_{connection.settings_dict['NAME']}"
    with postgres.connect(_started["engine"].admin_url) as admin:
        words = "CREATE DATABASE {} TEMPLATE {} OWNER {}"
        names = (name, connection.settings_dict["NAME"], connection.settings_dict["USER"])
        admin.execute(sql.SQL(words).format(*(sql.Identifier(one) for one in names)))
    return True


@pytest.fixture(autouse=True, scope="session")
def _no_usual_port() -> Iterator[None]:
    """Platforms and engines of several workers start at once: none asks for the usual port of MQTT."""
    from belvedere.engines import bus

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bus, "MQTT_PORT", None)
        yield


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    """Rate limits and the like start from nothing in each test."""
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture
def feeds_anew() -> Iterator[None]:
    """Nothing known of devices of another test, whose database went back in time."""
    from belvedere.domains.intake import feeding

    feeding.forget()
    yield
    feeding.forget()
