"""THE DOOR of collaboration: comments, mentions, follows, saved views, suggestions.

Words: comment, thread, mention (`@` and a handle), follower, saved view, suggestion (of someone who does not
keep the measure; its owner takes, refuses or answers it).
Events: CommentWritten, SuggestionMade, SuggestionDecided.
Kinds of notices, for whoever tells people of work on plans: `kinds` (`DATA_CALL` for a reporting round).
Not for: when and how a notice is sent (notifications), what a measure says (plans).
"""

from belvedere.domains.collaboration import kinds
from belvedere.domains.collaboration.changes import tell_changes
from belvedere.domains.collaboration.comments import (
    EDIT_FOR,
    edit_comment,
    mentionable,
    remove_comment,
    talk,
    write_comment,
)
from belvedere.domains.collaboration.deadlines import tell_deadlines
from belvedere.domains.collaboration.deciding import answer_suggestion, refuse_suggestion, take_suggestion
from belvedere.domains.collaboration.following import follow_measure, follows
from belvedere.domains.collaboration.policies import may
from belvedere.domains.collaboration.queue import (
    Letter,
    forget_old_suggestions,
    letters,
    post,
    queue,
    suggested_by,
    waiting_for,
)
from belvedere.domains.collaboration.saved_views import remove_view, save_view, view, views_of
from belvedere.domains.collaboration.states import (
    DAYS,
    PART_NAMES,
    STATE_NAMES,
    TEXTS,
    WRITTEN,
    Part,
    SuggestionState,
)
from belvedere.domains.collaboration.suggesting import (
    SuggestionDraft,
    confirm_suggestion,
    confirmation_token,
    look_at_confirmation,
    make_suggestion,
    present_values,
)
from belvedere.domains.collaboration.views import (
    CommentView,
    Mentionable,
    SavedViewView,
    SuggestionView,
    Talk,
)

__all__ = [
    "DAYS",
    "EDIT_FOR",
    "PART_NAMES",
    "STATE_NAMES",
    "TEXTS",
    "WRITTEN",
    "CommentView",
    "Letter",
    "Mentionable",
    "Part",
    "SavedViewView",
    "SuggestionDraft",
    "SuggestionState",
    "SuggestionView",
    "Talk",
    "answer_suggestion",
    "confirm_suggestion",
    "confirmation_token",
    "edit_comment",
    "follow_measure",
    "follows",
    "forget_old_suggestions",
    "kinds",
    "letters",
    "look_at_confirmation",
    "make_suggestion",
    "may",
    "mentionable",
    "post",
    "present_values",
    "queue",
    "refuse_suggestion",
    "remove_comment",
    "remove_view",
    "save_view",
    "suggested_by",
    "take_suggestion",
    "talk",
    "tell_changes",
    "tell_deadlines",
    "view",
    "views_of",
    "waiting_for",
    "write_comment",
]
