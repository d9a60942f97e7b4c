"""Pages of working together: what they show, to whom they are closed, what they keep of what was typed."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from belvedere.domains.collaboration.models import Comment, Suggestion
from belvedere.domains.collaboration.public import (
    Part,
    SuggestionDraft,
    confirmation_token,
    follows,
    make_suggestion,
    save_view,
    write_comment,
)
from belvedere.duties.notifications.public import (
    EVERY_KIND,
    Rhythm,
    inbox,
    rhythms_of,
    stop_token,
    unread,
)
from tests.faces.web.plans_examples import english, street

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/collaboration/"


@pytest.fixture
def measure(valbelle: Any, people: Any) -> UUID:
    valbelle.territory.published = True
    valbelle.territory.save()
    return street(valbelle)


def browser(person: Any) -> Client:
    client = english()
    client.force_login(person)
    return client


def page_of(measure: UUID) -> str:
    return f"/cockpit/valbelle/plans/measures/{measure}/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


# ------------------------------------------------------------------ comments on the measure
def test_a_comment_is_written_where_the_measure_stands(people: Any, measure: UUID) -> None:
    client = browser(people.contributor)
    words = "See https://example.org/a?b=1 @Reader <script>alert(1)</script> javascript:alert(2)"
    answer = client.post(f"{HERE}measures/{measure}/comments/", {"text": words})
    assert answer["Location"] == f"{page_of(measure)}#comments"
    shown = text(client.get(page_of(measure)))
    assert '<a href="https://example.org/a?b=1" rel="nofollow">' in shown
    assert '<b class="cv-at">@Reader</b>' in shown
    assert "<script>alert" not in shown and 'href="javascript' not in shown
    assert '<b aria-hidden="true">1</b>' in text(browser(people.reader).get(HERE)), "the bell counts"


def test_looking_at_the_measure_reads_what_was_told_of_it(people: Any, measure: UUID) -> None:
    write_comment(actor=people.actor("lead"), measure_id=measure, text="@Reader look")
    client = browser(people.reader)
    [notice] = inbox(people.reader.pk).rows
    answer = client.get(f"{HERE}open/{notice.id}/")
    assert answer["Location"] == f"{page_of(measure)}#comments"
    write_comment(actor=people.actor("lead"), measure_id=measure, text="@Reader again")
    client.get(page_of(measure))
    assert unread(people.reader.pk) == 0


def test_htmx_gets_the_section_and_refused_words_stay(people: Any, measure: UUID) -> None:
    client = browser(people.lead)
    url = f"{HERE}measures/{measure}/comments/"
    answer = client.post(url, {"text": "Hello"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and text(answer).startswith('<section class="cv-talk"')
    long = "y" * 4001
    answer = client.post(url, {"text": long}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and long in text(answer) and "at most 4000 fit" in text(answer)
    assert client.post(url, {"text": " "}).status_code == 422
    assert Comment.objects.count() == 1


def test_own_words_are_changed_and_removed_from_the_page(people: Any, measure: UUID) -> None:
    comment = write_comment(actor=people.actor("lead"), measure_id=measure, text="Hello")
    url = f"{HERE}comments/{comment}/"
    client = browser(people.lead)
    assert client.post(url, {"text": "Good day", "measure": measure}).status_code == 302
    assert browser(people.contributor).post(url, {"text": "x", "measure": measure}).status_code == 403
    assert browser(people.neighbour).post(url, {"remove": "1", "measure": measure}).status_code == 404
    assert client.post(url, {"remove": "1", "measure": measure}).status_code == 302
    assert "Comment removed by Lead" in text(client.get(page_of(measure)))


@pytest.mark.parametrize(("who", "status"), [("reader", 200), ("neighbour", 403), ("nobody", 403)])
def test_comments_and_names_are_for_the_people_inside(
    people: Any, measure: UUID, who: str, status: int
) -> None:
    client = browser(getattr(people, who))
    assert client.get(f"{HERE}measures/{measure}/comments/").status_code == status
    assert client.get(f"{HERE}measures/{measure}/people/").status_code == status
    posted = client.post(f"{HERE}measures/{measure}/comments/", {"text": "I"})
    assert posted.status_code == (302 if status == 200 else 403)


def test_the_neighbour_sees_no_comment_and_may_suggest(people: Any, measure: UUID) -> None:
    write_comment(actor=people.actor("lead"), measure_id=measure, text="Between us")
    shown = text(browser(people.neighbour).get(page_of(measure)))
    assert "Between us" not in shown and "cv-talk" not in shown
    assert f"{HERE}measures/{measure}/suggest/" in shown
    public = text(english().get(f"/valbelle/plans/measures/{measure}/"))
    assert "Between us" not in public and "cv-star" not in public
    assert f"/valbelle/collaboration/measures/{measure}/suggest/" in public
    own = text(browser(people.lead).get(page_of(measure)))
    assert f"measures/{measure}/suggest/" not in own, "who may change it changes it"


def test_the_star_follows_and_follows_no_more(people: Any, measure: UUID) -> None:
    client = browser(people.neighbour)
    url = f"{HERE}measures/{measure}/follow/"
    answer = client.post(url, {"active": "1"}, headers={"HX-Request": "true"})
    assert 'aria-pressed="true"' in text(answer) and follows(people.actor("neighbour"), measure)
    assert client.post(url, {"active": "0"}).status_code == 302
    assert not follows(people.actor("neighbour"), measure)
    assert browser(people.nobody).post(url, {"active": "1"}).status_code == 403
    assert client.get(url).status_code == 405


# ------------------------------------------------------------------ inbox
def test_each_reads_their_own_messages(people: Any, measure: UUID) -> None:
    write_comment(actor=people.actor("lead"), measure_id=measure, text="@Reader look")
    [notice] = inbox(people.reader.pk).rows
    shown = text(browser(people.reader).get(HERE))
    assert "1 unread message" in shown and "Lead mentions you on “Rue du Pont”" in shown
    assert "mentions you on" not in text(browser(people.finance).get(HERE))
    assert browser(people.finance).get(f"{HERE}open/{notice.id}/").status_code == 404
    assert browser(people.finance).post(f"{HERE}read/").status_code == 302
    assert unread(people.reader.pk) == 1
    browser(people.reader).post(f"{HERE}read/")
    assert unread(people.reader.pk) == 0


@pytest.mark.parametrize("path", ["", "preferences/", "suggestions/", "views/"])
def test_who_does_not_work_here_is_sent_away(people: Any, path: str) -> None:
    assert browser(people.reader).get(HERE + path).status_code == 200
    assert browser(people.nobody).get(HERE + path).status_code == 403
    assert english().get(HERE + path).status_code == 302, "to the sign-in page"


def test_each_chooses_how_fast_each_kind_comes(people: Any) -> None:
    client = browser(people.reader)
    chosen = dict.fromkeys(rhythms_of(people.reader.pk), "weekly")
    assert client.post(f"{HERE}preferences/", {**chosen, "mention": "never"}).status_code == 302
    assert rhythms_of(people.reader.pk)["mention"] is Rhythm.NEVER
    assert rhythms_of(people.reader.pk)["change"] is Rhythm.WEEKLY
    assert rhythms_of(people.lead.pk)["mention"] is Rhythm.AT_ONCE
    assert client.post(f"{HERE}preferences/", {**chosen, "mention": "hourly"}).status_code == 422


def test_the_link_of_a_mail_stops_it_without_signing_in(people: Any) -> None:
    client = english()
    url = f"/account/messages/stop/{stop_token(people.reader.pk, 'change')}/"
    asked = text(client.get(url))
    assert "Receive no more of these e-mails?" in asked and "A measure I follow" in asked
    [everything] = re.findall(r'action="(/account/messages/stop/[^"]+)"', asked)
    assert "You receive no more" in text(client.post(url))
    assert rhythms_of(people.reader.pk)["change"] is Rhythm.NEVER
    client.post(everything)
    assert set(rhythms_of(people.reader.pk).values()) == {Rhythm.NEVER}
    assert client.post(url.replace("change", EVERY_KIND)).status_code == 404, "a forged link"
    assert set(rhythms_of(people.lead.pk).values()) != {Rhythm.NEVER}


# ------------------------------------------------------------------ saved views
def test_a_choice_is_kept_shared_and_opened_by_its_link(valbelle: Any, people: Any, measure: UUID) -> None:
    client = browser(people.lead)
    assert "Keep this view under a name" in text(client.get(f"{HERE}views/?flag=late"))
    given = {"name": "Late ones", "query": "flag=late&sort=-cost", "organisation": str(valbelle.montaigu.pk)}
    kept = client.post(f"{HERE}views/", given)
    assert kept["Location"] == "/cockpit/valbelle/plans/measures/?flag=late&sort=-cost"
    shown = text(browser(people.reader).get("/cockpit/valbelle/plans/measures/"))
    [link] = re.findall(rf'href="({HERE}views/[0-9a-f-]+/)"', shown)
    assert browser(people.reader).get(link)["Location"] == kept["Location"]
    assert browser(people.neighbour).get(link).status_code == 404
    assert browser(people.reader).post(f"{link}remove/").status_code == 403
    assert browser(people.neighbour).post(f"{link}remove/").status_code == 404
    assert client.post(f"{link}remove/").status_code == 302
    assert client.post(f"{HERE}views/", {**given, "name": ""}).status_code == 422
    theirs = {**given, "organisation": str(valbelle.rochefort.pk)}
    assert client.post(f"{HERE}views/", theirs).status_code == 422, "one shares with one's own people"


def test_the_public_list_has_no_saved_view(people: Any, valbelle: Any, measure: UUID) -> None:
    save_view(actor=people.actor("lead"), territory_id=valbelle.territory.pk, name="Mine", query="q=x")
    assert "cv-views" in text(browser(people.lead).get("/cockpit/valbelle/plans/measures/"))
    assert "cv-views" not in text(browser(people.lead).get("/valbelle/plans/measures/"))


# ------------------------------------------------------------------ suggestions
def test_a_neighbour_suggests_and_the_owner_takes_it(people: Any, measure: UUID) -> None:
    neighbour, url = browser(people.neighbour), f"{HERE}measures/{measure}/suggest/"
    form = text(neighbour.get(f"{url}?part=works_end"))
    assert 'type="date"' in form and 'name="email"' not in form
    piece = neighbour.get(f"{url}?part=place", headers={"HX-Request": "true"})
    assert text(piece).lstrip().startswith("<form") and 'name="value"' not in text(piece)
    given = {"part": "title", "value": "Rue du Vieux-Pont", "message": "I live there"}
    assert neighbour.post(url, given)["Location"] == page_of(measure)
    row = Suggestion.objects.get()
    shown = text(browser(people.lead).get(f"{HERE}suggestions/"))
    assert "1 suggestion waits for your answer" in shown
    assert "<ins>Rue du Vieux-Pont</ins>" in shown and "I live there" in shown
    assert "I live there" not in text(browser(people.reader).get(f"{HERE}suggestions/"))
    decide = f"{HERE}suggestions/{row.pk}/"
    assert browser(people.reader).post(decide, {"verdict": "take"}).status_code == 403
    assert neighbour.post(decide, {"verdict": "take"}).status_code == 403
    refused = browser(people.lead).post(decide, {"verdict": "refuse", "answer": " "})
    assert refused.status_code == 422 and "Say why" in text(refused)
    taken = browser(people.lead).post(decide, {"verdict": "take", "value": row.value, "answer": "Thanks"})
    assert taken.status_code == 302
    assert "Rue du Vieux-Pont" in text(browser(people.lead).get(page_of(measure)))
    mine = text(neighbour.get(f"{HERE}suggestions/?show=mine"))
    assert "taken over" in mine and "Thanks" in mine
    assert browser(people.lead).post(decide, {"verdict": "take"}).status_code == 409
    assert "Neighbour" in text(browser(people.lead).get(f"{HERE}suggestions/?show=decided"))


def test_the_public_suggests_without_an_account(people: Any, measure: UUID) -> None:
    client, url = english(), f"/valbelle/collaboration/measures/{measure}/suggest/"
    given = {"part": "other", "message": "The bridge is closed", "name": "", "email": "", "website": ""}
    assert 'name="email"' in text(client.get(url))
    assert client.post(url, given)["Location"] == f"/valbelle/plans/measures/{measure}/"
    client.post(url, {**given, "website": "https://spam.example"})
    assert Suggestion.objects.count() == 1, "a program fell into the pot"
    bad = client.post(url, {**given, "email": "rose@"})
    assert bad.status_code == 422 and "is not an e-mail address" in text(bad)
    assert "The bridge is closed" in text(bad), "what was typed stays"
    assert client.post(url, {**given, "message": ""}).status_code == 422
    for _ in range(5):
        last = client.post(url, given)
    assert last.status_code == 429


def test_what_is_not_published_is_not_suggested_on(valbelle: Any, people: Any, measure: UUID) -> None:
    hidden = street(valbelle, published=False, title="Place cachée")
    assert english().get(f"/valbelle/collaboration/measures/{hidden}/suggest/").status_code == 404
    assert browser(people.neighbour).get(f"{HERE}measures/{hidden}/suggest/").status_code == 404
    assert browser(people.reader).get(f"{HERE}measures/{hidden}/suggest/").status_code == 200
    assert english().get(f"/valbelle/collaboration/measures/{uuid4()}/suggest/").status_code == 404


def test_an_address_is_confirmed_by_a_button_not_by_a_visit(people: Any, measure: UUID) -> None:
    from belvedere.domains.access.public import Actor

    draft = SuggestionDraft(Part.OTHER, "fr", message="Hello", email="rose@example.org")
    made = make_suggestion(actor=Actor.public(), measure_id=measure, draft=draft)
    client, url = english(), f"/valbelle/collaboration/confirm/{confirmation_token(made)}/"
    assert client.get(url).status_code == 200
    assert Suggestion.objects.get().state == "waiting"
    assert client.post(url).status_code == 302
    assert Suggestion.objects.get().state == "open"
    assert client.get("/valbelle/collaboration/confirm/nonsense/").status_code == 404
