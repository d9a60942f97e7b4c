"""Messages to people by the ways they chose: the one that goes by mail."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

from belvedere.domains.reach.public import Post
from belvedere.domains.territory.public import territory_by_id
from belvedere.faces.notices.mail import send


def deliver(post: Post) -> bool:
    """One mail with one message, in the language of the person."""
    person = post.person
    with translation.override(person.language):
        hello = gettext("Good day %(name)s,") % {"name": person.name}
    return send(
        person.email,
        person.language,
        post.sentence,
        "\n".join([hello, "", post.sentence, post.link]),
        sender=territory_by_id(post.territory_id).name_in(person.language),
        key=post.key,
    )
