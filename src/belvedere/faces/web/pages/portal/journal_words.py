"""Acts on subscriptions as the journal says them: the end of a sentence that begins with who."""

from __future__ import annotations

from typing import Final

from belvedere.kernel.errors import N_

VERBS: Final = {
    "subscriptions.confirm": N_("confirmed that works are to be told by e-mail"),
    "subscriptions.change": N_("changed how works are told by e-mail"),
    "subscriptions.stop": N_("stopped being told of works by e-mail"),
    "subscriptions.rectify": N_("corrected the address of who follows works"),
    "subscriptions.erase": N_("erased the address of who followed works"),
}
