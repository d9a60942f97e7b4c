"""The verbs of collaboration as the journal says them: the end of a sentence that begins with who."""

from __future__ import annotations

from typing import Final

from belvedere.kernel.errors import N_

VERBS: Final = {
    "collaboration.write_comment": N_("wrote a comment"),
    "collaboration.edit_comment": N_("changed a comment"),
    "collaboration.remove_comment": N_("removed a comment"),
    "collaboration.follow_measure": N_("follows a measure"),
    "collaboration.unfollow_measure": N_("follows a measure no more"),
    "collaboration.save_view": N_("kept a view"),
    "collaboration.remove_view": N_("removed a view"),
    "collaboration.make_suggestion": N_("suggested something"),
    "collaboration.confirm_suggestion": N_("confirmed the address of a suggestion"),
    "collaboration.take_suggestion": N_("took a suggestion over"),
    "collaboration.refuse_suggestion": N_("did not take a suggestion over"),
    "collaboration.answer_suggestion": N_("answered a suggestion"),
    "collaboration.rectify_suggestions": N_("corrected the name given with suggestions"),
    "collaboration.erase_person": N_("erased what a person wrote"),
}
