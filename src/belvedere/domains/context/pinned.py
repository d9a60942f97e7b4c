"""@contexts that are known here: those kept in a folder, and those that someone hosts here.

Nothing is fetched from anywhere: a context that is not known is an error at once, never a wait, and no
address that a stranger names is ever called. `BELVEDERE_LD_CONTEXTS` names the folder; its `index.json` says
which file stands for which address.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from belvedere.domains.context.hosted_queries import find_hosted
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.problems import LdContextNotAvailable


@cache
def _index(folder: str) -> dict[str, Path]:
    if not folder or not (Path(folder) / "index.json").is_file():
        return {}
    written = json.loads((Path(folder) / "index.json").read_text(encoding="utf-8"))
    return {url: Path(folder) / file for url, file in written.items()}


@cache
def _read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def context_document(url: str) -> dict[str, Any]:
    """The JSON document at an address.

    Raises:
        LdContextNotAvailable: it is not known here.
    """
    file = _index(settings.LD_CONTEXTS).get(url)
    if file is not None:
        try:
            return _read(file)
        except (OSError, ValueError) as error:
            raise LdContextNotAvailable(N_("The @context {url} cannot be read here."), url=url) from error
    hosted = find_hosted(url)
    if hosted is not None:
        return hosted
    raise LdContextNotAvailable(
        N_("The @context {url} is not known here. Ask the operator to add it, or host it here."), url=url
    )
