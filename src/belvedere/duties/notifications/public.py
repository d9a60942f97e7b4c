"""THE DOOR of notifications: what people are told, grouped and in their own time; it knows no domain.

Words: notice (one thing told to one person), kind, rhythm (how fast a kind goes by mail), digest (the
notices of one mail), key (what makes it the same notice). Whoever tells declares its kinds once in its
`apps.py` with `declare_kind`, then calls `notify` within the verb's transaction:

    notify(people, "data_call", N_("{plan}: your checklist is open until {day}"), {"plan": {…}, "day": …},
           key=f"round:{round_id}", subject_id=…, territory_id=…, link="/cockpit/…")

Not for: who may know what (that is for who tells to decide), making the mail (faces/notices).
"""

from belvedere.duties.notifications.kinds import (
    EVERY_KIND,
    RHYTHM_NAMES,
    Kind,
    Rhythm,
    declare_kind,
    kinds,
)
from belvedere.duties.notifications.people import forget, held_of
from belvedere.duties.notifications.preferences import (
    Stop,
    read_stop,
    rhythms_of,
    set_rhythms,
    stop,
    stop_token,
)
from belvedere.duties.notifications.reading import (
    NoticeView,
    inbox,
    read_all,
    read_group,
    read_notice,
    unread,
)
from belvedere.duties.notifications.sending import (
    Digest,
    forget_old,
    send_due,
    told_by_mail,
    without_address,
)
from belvedere.duties.notifications.telling import notify

__all__ = [
    "EVERY_KIND",
    "RHYTHM_NAMES",
    "Digest",
    "Kind",
    "NoticeView",
    "Rhythm",
    "Stop",
    "declare_kind",
    "forget",
    "forget_old",
    "held_of",
    "inbox",
    "kinds",
    "notify",
    "read_all",
    "read_group",
    "read_notice",
    "read_stop",
    "rhythms_of",
    "send_due",
    "set_rhythms",
    "stop",
    "stop_token",
    "told_by_mail",
    "unread",
    "without_address",
]
