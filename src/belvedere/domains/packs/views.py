"""What the reads of packs return: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from belvedere.domains.automation.public import RuleView
from belvedere.domains.packs.tables import Need, Pack, PackRule


@dataclass(frozen=True, slots=True)
class NeedMet:
    """Of `things` of the kind `ready` tell all that is needed."""

    need: Need
    things: int
    ready: int


@dataclass(frozen=True, slots=True)
class RuleOf:
    """A rule of a pack. `things`: how many it watches, or would. `view`: as the territory has it (None: not
    made, or removed). `is_adapted`: the territory made it say something else; `is_older`: the pack has."""

    rule: PackRule
    things: int
    view: RuleView | None
    is_adapted: bool
    is_older: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A pack in a territory."""

    pack: Pack
    is_on: bool
    changed_at: datetime | None
    version: int | None
    needs: tuple[NeedMet, ...]
    rules: tuple[RuleOf, ...]

    @property
    def ready(self) -> int:
        """How many things have something that the pack needs, at least."""
        return max((one.ready for one in self.needs), default=0)


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A camera to enter. `kept_days`: how long it keeps images itself, 0 to 31."""

    camera: str
    place: str
    purpose: str
    legal_basis: str
    contact: str
    kept_days: int
    reference: str = ""
    valid_until: date | None = None
    sign_since: date | None = None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A camera of the register. `misses`: what the law asks for and is not there ("sign", "reference",
    "validity")."""

    id: int
    draft: NoticeDraft
    misses: tuple[str, ...]
