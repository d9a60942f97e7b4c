"""What the web server calls."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.wsgi import get_wsgi_application

READINGS_EVERY_S = 3.0
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")


def warm() -> None:
    """Read the addresses, texts and templates now, so that the first reader does not wait for them.

    Only here: commands and jobs show no pages. A template that cannot be read spoils its own page later,
    not the start.
    """
    from django.conf import settings
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template
    from django.template.utils import get_app_template_dirs
    from django.urls import get_resolver
    from django.utils import translation

    patterns = [get_resolver()]
    while patterns:
        patterns += getattr(patterns.pop(), "url_patterns", ())
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("")
    here = Path(__file__).parents[1]
    for folder in map(Path, get_app_template_dirs("templates")):
        if folder.is_relative_to(here):
            for file in folder.rglob("*.html"):
                with suppress(TemplateDoesNotExist, TemplateSyntaxError):
                    get_template(file.relative_to(folder).as_posix())


def ngsi_ld() -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The door of NGSI-LD; imported once Django is ready."""
    from belvedere.faces.ngsi_ld.application import Door
    from belvedere.faces.web.health import count

    return Door(count)


def keep_readings() -> None:
    """Write what programs read every few seconds, so that no read waits for it, and at the end."""
    import atexit
    import logging
    import threading

    from django.db import connection

    from belvedere.domains.access.public import write_readings

    log = logging.getLogger(__name__)
    ends = threading.Event()

    def write() -> None:
        try:
            write_readings()
        except Exception:
            log.exception("what programs read cannot be written now; it is kept for later")
        finally:
            connection.close()

    def keep() -> None:
        while not ends.wait(READINGS_EVERY_S):
            write()

    thread = threading.Thread(target=keep, name="readings", daemon=True)

    def end() -> None:
        ends.set()
        thread.join(READINGS_EVERY_S)
        write()

    thread.start()
    atexit.register(end)


pages = get_wsgi_application()
warm()
keep_readings()
door = ngsi_ld()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The door of NGSI-LD has its own way in, everything else is Django's."""
    if environ["PATH_INFO"].startswith("/ngsi-ld/v1/"):
        return door(environ, start_response)
    answer: Iterable[bytes] = pages(environ, start_response)
    return answer
