"""THE DOOR of scenes: what things are told by a calendar, and what that saves.

Words: scene (a programme of steps for things of an organisation), step (a value at an hour, or at sunset or
sunrise), moment (when something begins to hold), override (another value for a time: for an event, or by
hand), reach (which things), ledger (of energy and savings), entry (a line that somebody wrote).
The clock asks commands (commands), each once. For who does rounds: ask_due.
Not for: rules (automation), how devices are told (commands).
"""

from belvedere.domains.scenes.actions import SceneDraft, remove_scene, save_scene, switch_scene
from belvedere.domains.scenes.asking import ask_due
from belvedere.domains.scenes.bodies import (
    MOST_SHEETS,
    MOST_STEPS,
    Figures,
    OverrideBody,
    Reach,
    SceneBody,
    SheetBody,
    StepBody,
    WhenBody,
    is_lighting,
)
from belvedere.domains.scenes.ledger import (
    EntryDraft,
    Totals,
    add_entry,
    entered_for,
    ledger,
    remove_entry,
    totals,
)
from belvedere.domains.scenes.override_actions import add_override, end_override, switch_by_hand
from belvedere.domains.scenes.policies import may
from belvedere.domains.scenes.presets import Preset, presets, when_of
from belvedere.domains.scenes.queries import coming, key_of, scene, scenes
from belvedere.domains.scenes.saving import saved_so_far, saves_a_year
from belvedere.domains.scenes.views import (
    CONFIDENCE_NAMES,
    Confidence,
    DayView,
    LedgerLine,
    OverrideView,
    SavingView,
    SceneView,
    VersionView,
)
from belvedere.science.scenes.programs import HOLIDAY, By, Moment

__all__ = [
    "CONFIDENCE_NAMES",
    "HOLIDAY",
    "MOST_SHEETS",
    "MOST_STEPS",
    "By",
    "Confidence",
    "DayView",
    "EntryDraft",
    "Figures",
    "LedgerLine",
    "Moment",
    "OverrideBody",
    "OverrideView",
    "Preset",
    "Reach",
    "SavingView",
    "SceneBody",
    "SceneDraft",
    "SceneView",
    "SheetBody",
    "StepBody",
    "Totals",
    "VersionView",
    "WhenBody",
    "add_entry",
    "add_override",
    "ask_due",
    "coming",
    "end_override",
    "entered_for",
    "is_lighting",
    "key_of",
    "ledger",
    "may",
    "presets",
    "remove_entry",
    "remove_scene",
    "save_scene",
    "saved_so_far",
    "saves_a_year",
    "scene",
    "scenes",
    "switch_by_hand",
    "switch_scene",
    "totals",
    "when_of",
]
