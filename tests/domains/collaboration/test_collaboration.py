"""Comments, mentions, follows, saved views, suggestions: who may, who is told, what stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.collaboration.deadlines import months_left
from belvedere.domains.collaboration.errors import (
    AlreadyDecided,
    NoSuchComment,
    NoSuchSuggestion,
    NoSuchView,
    TooManySuggestions,
)
from belvedere.domains.collaboration.models import Comment, Suggestion
from belvedere.domains.collaboration.public import (
    Part,
    SuggestionDraft,
    SuggestionState,
    answer_suggestion,
    confirm_suggestion,
    confirmation_token,
    edit_comment,
    follow_measure,
    follows,
    forget_old_suggestions,
    letters,
    make_suggestion,
    mentionable,
    post,
    queue,
    refuse_suggestion,
    remove_comment,
    remove_view,
    save_view,
    suggested_by,
    take_suggestion,
    talk,
    tell_changes,
    tell_deadlines,
    view,
    views_of,
    waiting_for,
    write_comment,
)
from belvedere.domains.plans import vocabulary
from belvedere.domains.plans.public import actions, follow, page, plan_actions, values
from belvedere.duties.journal.public import entries_of
from belvedere.duties.notifications.public import inbox, unread
from belvedere.duties.privacy import public as privacy
from belvedere.kernel.clock import now, standing_at, today
from belvedere.kernel.errors import InvalidInput, NotFound, Refused
from tests.faces.web.plans_examples import BASE, create, street

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure(valbelle: Any, people: Any) -> UUID:
    return street(valbelle)


@pytest.fixture
def hidden(valbelle: Any, people: Any) -> UUID:
    return street(valbelle, published=False, title="Place cachée")


def told(person: Any) -> list[str]:
    return [notice.sentence("en") for notice in inbox(person.pk).rows]


def say(people: Any, who: str, measure: UUID, text: str, **more: Any) -> UUID:
    return write_comment(actor=people.actor(who), measure_id=measure, text=text, **more)


def suggest(people: Any, who: str, measure: UUID, **draft: Any) -> UUID:
    given = {"part": Part.TITLE, "language": "fr", "value": "Rue du Vieux-Pont", **draft}
    return make_suggestion(
        actor=people.actor(who) if who else Actor.public(),
        measure_id=measure,
        draft=SuggestionDraft(**given),
    )


# ------------------------------------------------------------------ comments
def test_a_mention_an_answer_and_the_followers_are_told_each_once(people: Any, measure: UUID) -> None:
    first = say(people, "contributor", measure, "Hello @Finance, what does it cost?")
    assert told(people.finance) == ["Contributor mentions you on “Rue du Pont”"]
    assert told(people.lead) == ["Contributor comments “Rue du Pont”"], "the owner's lead follows"
    assert told(people.reader) == [] and told(people.contributor) == []
    say(people, "lead", measure, "12 M", answers=first)
    assert told(people.contributor) == ["Lead answers on “Rue du Pont”"]
    [thread] = talk(people.actor("reader"), measure).threads
    assert (thread.author, thread.mentioned) == ("Contributor", ("Finance",))
    assert [answer.text for answer in thread.answers] == ["12 M"]


@pytest.mark.parametrize("who", ["neighbour", "stranger", "nobody"])
def test_comments_are_for_the_people_who_work_on_the_measure(people: Any, measure: UUID, who: str) -> None:
    say(people, "office", measure, "The body sees its members’ measures @neighbour")
    assert told(people.neighbour) == [], "who cannot read it is not mentioned"
    with pytest.raises(Refused):
        talk(people.actor(who), measure)
    with pytest.raises(Refused):
        say(people, who, measure, "I too")
    names = {one.name for one in mentionable(people.actor("lead"), measure)}
    assert {"Office", "Reader", "Elected", "Governor"} <= names
    assert names.isdisjoint({"Neighbour", "Stranger", "Nobody", "Lead"})


def test_an_unpublished_measure_is_not_known_next_door(people: Any, hidden: UUID) -> None:
    for verb in (talk, mentionable):
        with pytest.raises(NotFound):
            verb(people.actor("neighbour"), hidden)
    with pytest.raises(NotFound):
        follow_measure(actor=people.actor("neighbour"), measure_id=hidden)
    with pytest.raises(NotFound):
        suggest(people, "neighbour", hidden)


def test_own_words_are_changed_for_half_an_hour(people: Any, measure: UUID) -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    with standing_at(at):
        comment = say(people, "contributor", measure, "Hello")
    with standing_at(at + timedelta(minutes=29)):
        with pytest.raises(Refused):
            edit_comment(actor=people.actor("lead"), comment_id=comment, text="Not mine")
        edit_comment(actor=people.actor("contributor"), comment_id=comment, text="Hello @Reader")
    assert told(people.reader) == ["Contributor mentions you on “Rue du Pont”"]
    with standing_at(at + timedelta(minutes=31)):
        with pytest.raises(Refused):
            edit_comment(actor=people.actor("contributor"), comment_id=comment, text="Too late")
        [shown] = talk(people.actor("contributor"), measure).threads
    assert (shown.text, shown.may_edit, shown.may_remove) == ("Hello @Reader", False, True)


def test_a_removed_comment_leaves_a_trace(people: Any, measure: UUID) -> None:
    comment = say(people, "contributor", measure, "Oops")
    with pytest.raises(Refused):
        remove_comment(actor=people.actor("lead"), comment_id=comment)
    with pytest.raises(NoSuchComment):
        remove_comment(actor=people.actor("stranger"), comment_id=comment)
    remove_comment(actor=people.actor("governor"), comment_id=comment, reason="rude")
    [shown] = talk(people.actor("reader"), measure).threads
    assert (shown.text, shown.removed_by) == ("", "Governor")
    assert talk(people.actor("reader"), measure).count == 0
    entries = entries_of(("collaboration.comment", str(comment))).rows
    assert [entry.verb for entry in entries] == [
        "collaboration.remove_comment",
        "collaboration.write_comment",
    ]
    assert "Oops" not in str(entries), "the journal cannot forget: it never hears the words"


def test_nothing_empty_or_endless_is_kept(people: Any, measure: UUID) -> None:
    for text in ("  \n ", "x" * 4001):
        with pytest.raises(InvalidInput):
            say(people, "lead", measure, text)
    assert not Comment.objects.exists()


# ------------------------------------------------------------------ following
def test_a_lead_follows_by_themselves_and_may_stop(people: Any, measure: UUID) -> None:
    assert follows(people.actor("lead"), measure) and not follows(people.actor("reader"), measure)
    follow_measure(actor=people.actor("lead"), measure_id=measure, active=False)
    follow_measure(actor=people.actor("reader"), measure_id=measure)
    say(people, "contributor", measure, "Hello")
    assert told(people.lead) == [] and told(people.reader) == ["Contributor comments “Rue du Pont”"]


def test_changes_are_told_from_the_journal_and_counted(people: Any, measure: UUID) -> None:
    follow_measure(actor=people.actor("neighbour"), measure_id=measure)
    tell_changes()  # sets the mark
    for kind in ("fr", "de"):
        actions.edit_measure(
            actor=people.actor("contributor"),
            measure_id=measure,
            version=None,
            title={"fr": "Rue neuve", "de": kind},
        )
    actions.edit_measure(actor=Actor.system(), measure_id=measure, version=None, title={"fr": "Rue du Pont"})
    assert tell_changes() == 3
    assert told(people.lead) == ["Contributor changed “Rue du Pont”"]
    assert told(people.neighbour) == ["“Rue du Pont” was changed"], "next door learns what, not who"
    assert told(people.contributor) == []
    assert tell_changes() == 0
    actions.edit_measure(
        actor=people.actor("contributor"), measure_id=measure, version=None, title={"fr": "Rue haute"}
    )
    tell_changes()
    assert told(people.lead) == ["Contributor changed “Rue haute” (2 ×)"]


def test_who_is_named_on_a_measure_is_told_once(people: Any, measure: UUID) -> None:
    tell_changes()
    draft = follow.ActorDraft(vocabulary.ActorRole.PILOT, person_id=people.reader.pk)
    for _ in range(2):
        follow.set_actor(actor=people.actor("lead"), measure_id=measure, version=None, draft=draft)
        tell_changes()
    named = [text for text in told(people.reader) if text.startswith("You are named")]
    assert named == ["You are named on “Rue du Pont”: see “People” on its page"]
    assert follows(people.actor("reader"), measure), "a pilot follows"


@pytest.mark.parametrize(
    ("days", "months"), [(400, None), (360, 12), (184, 12), (170, 6), (80, 3), (0, 3), (-1, None)]
)
def test_the_nearest_of_three_terms(days: int, months: int | None) -> None:
    day = date(2026, 11, 22)
    assert months_left(day, day + timedelta(days=days)) == months


def test_a_deadline_is_told_once_at_each_term(valbelle: Any, people: Any) -> None:
    limit = today() + timedelta(days=400)
    plan = plan_actions.create_plan(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        type="agglomeration_programme",
        code="PA4",
        title={"fr": "PA4"},
        owner_id=valbelle.body.pk,
        money_kind=BASE,
    )
    create(
        valbelle,
        valbelle.montaigu,
        "Pont",
        memberships=(values.MembershipDraft(plan, "M-1", start_deadline=limit),),
    )
    said = f"“Pont”: works must start by {limit:%d.%m.%Y}, in less than {{}} months, or aid is lost"
    for days, wanted in ((0, []), (50, [12]), (51, [12]), (230, [6, 12]), (350, [3, 6, 12])):
        with standing_at(now() + timedelta(days=days)):
            tell_deadlines()
        assert told(people.lead) == [said.format(months) for months in wanted]
    assert told(people.neighbour) == []


# ------------------------------------------------------------------ saved views
def test_a_view_is_ones_own_or_shared_with_ones_organisation(valbelle: Any, people: Any) -> None:
    here, lead = valbelle.territory.pk, people.actor("lead")
    own = save_view(actor=lead, territory_id=here, name="Late", query="?flag=late&start=60&sel=3")
    shared = save_view(
        actor=lead, territory_id=here, name="Ours", query="q=é", organisation_id=valbelle.montaigu.pk
    )
    assert view(lead, here, own).query == "flag=late"
    assert [one.name for one in views_of(people.actor("reader"), here)] == ["Ours"]
    assert view(people.actor("reader"), here, shared).query == "q=%C3%A9"
    assert views_of(people.actor("neighbour"), here) == []
    for who, key in (("reader", own), ("neighbour", shared)):
        with pytest.raises(NoSuchView):
            view(people.actor(who), here, key)
    with pytest.raises(Refused):
        remove_view(actor=people.actor("reader"), view_id=shared)
    with pytest.raises(NoSuchView):
        remove_view(actor=people.actor("neighbour"), view_id=shared)
    with pytest.raises(Refused):
        save_view(
            actor=people.actor("neighbour"),
            territory_id=here,
            name="Theirs",
            query="",
            organisation_id=valbelle.montaigu.pk,
        )
    assert save_view(actor=lead, territory_id=here, name="Late", query="q=x") == own, "written over"
    remove_view(actor=lead, view_id=shared)
    assert views_of(people.actor("reader"), here) == []


# ------------------------------------------------------------------ suggestions
def test_a_neighbour_suggests_and_the_owner_takes_it(valbelle: Any, people: Any, measure: UUID) -> None:
    here = valbelle.territory.pk
    made = suggest(people, "neighbour", measure, message="That is its name")
    assert told(people.lead) == ["A suggestion on “Rue du Pont” waits for your answer"]
    assert waiting_for(people.actor("contributor"), here) == 1
    assert waiting_for(people.actor("reader"), here) == waiting_for(people.actor("neighbour"), here) == 0
    [shown] = queue(people.actor("lead"), here).rows
    assert (shown.by, shown.now, shown.value) == ("Neighbour", "Rue du Pont", "Rue du Vieux-Pont")
    for who in ("reader", "neighbour", "finance"):
        with pytest.raises(Refused):
            take_suggestion(actor=people.actor(who), suggestion_id=made)
    take_suggestion(actor=people.actor("contributor"), suggestion_id=made, answer="Thank you")
    whole = page.measure_page(people.actor("lead"), measure, language="fr")
    assert whole.title == {"fr": "Rue du Vieux-Pont"}
    entry = entries_of(("plans.measure", str(measure))).rows[0]
    assert (entry.actor_label, entry.verb) == ("Contributor", "plans.edit_measure")
    assert "Thank you" in entry.reason and "Neighbour" not in entry.reason
    assert told(people.neighbour) == ["Your suggestion on “Rue du Pont” was taken over"]
    [mine] = suggested_by(people.actor("neighbour"), here)
    assert (mine.state, mine.answer) == (SuggestionState.TAKEN, "Thank you")
    with pytest.raises(AlreadyDecided):
        refuse_suggestion(actor=people.actor("lead"), suggestion_id=made, answer="No")


def test_a_day_of_the_works_is_taken_and_the_other_dates_stay(people: Any, measure: UUID) -> None:
    actions.set_phase_dates(
        actor=people.actor("lead"),
        measure_id=measure,
        version=None,
        phases=[
            values.PhaseDraft(
                "5",
                planned=(date(2028, 1, 1), date(2029, 1, 1)),
                forecast=(date(2028, 3, 1), date(2029, 6, 1)),
                confirmed=True,
            )
        ],
    )
    made = suggest(people, "neighbour", measure, part=Part.WORKS_END, value="2029-12-24")
    with pytest.raises(InvalidInput):
        take_suggestion(actor=people.actor("lead"), suggestion_id=made, value="Christmas")
    take_suggestion(actor=people.actor("lead"), suggestion_id=made, value="2029-12-01")
    [works] = page.measure_page(people.actor("lead"), measure, language="fr").phases
    assert works.forecast == (date(2028, 3, 1), date(2029, 12, 1))
    assert works.planned == (date(2028, 1, 1), date(2029, 1, 1)) and works.confirmed


def test_words_are_answered_and_a_refusal_says_why(people: Any, measure: UUID) -> None:
    made = suggest(people, "nobody", measure, part=Part.PLACE, value="ignored", message="It is further west")
    with pytest.raises(InvalidInput):
        take_suggestion(actor=people.actor("lead"), suggestion_id=made)
    for verb in (refuse_suggestion, answer_suggestion):
        with pytest.raises(InvalidInput):
            verb(actor=people.actor("lead"), suggestion_id=made, answer=" ")
    answer_suggestion(actor=people.actor("lead"), suggestion_id=made, answer="Moved")
    assert told(people.nobody) == ["Your suggestion on “Rue du Pont” was answered"]
    other = suggest(people, "nobody", measure)
    refuse_suggestion(actor=people.actor("lead"), suggestion_id=other, answer="Its name is fixed")
    assert page.measure_page(people.actor("lead"), measure, language="fr").title == {"fr": "Rue du Pont"}


def test_the_public_confirms_its_address_before_the_owner_sees_anything(
    valbelle: Any, people: Any, measure: UUID
) -> None:
    here = valbelle.territory.pk
    made = suggest(people, "", measure, name="Rose", email="rose@example.org")
    row = Suggestion.objects.get(pk=made)
    assert b"rose" not in bytes(row.email or b"") and b"Rose" not in bytes(row.name or b"")
    assert queue(people.actor("lead"), here).total == 0 and told(people.lead) == []
    with pytest.raises(NoSuchSuggestion):
        take_suggestion(actor=people.actor("lead"), suggestion_id=made)
    with pytest.raises(NoSuchSuggestion):
        confirm_suggestion(token=confirmation_token(measure))
    for _ in range(2):
        assert confirm_suggestion(token=confirmation_token(made)) == measure
    assert [one.by for one in queue(people.actor("lead"), here).rows] == ["Rose"]
    assert unread(people.lead.pk) == 1


def test_letters_leave_once_and_are_tried_again(people: Any, measure: UUID) -> None:
    made = suggest(people, "", measure, email="rose@example.org")
    assert letters() == [made]
    seen: list[Any] = []

    def refuse(letter: Any) -> bool:
        seen.append(letter)
        return False

    assert not post(made, now(), refuse)
    assert letters() == [made], "not taken by the mail server: it waits"
    assert post(made, now(), lambda _letter: True) and not post(made, now(), lambda _letter: True)
    assert (seen[0].email, seen[0].state) == ("rose@example.org", SuggestionState.WAITING)
    confirm_suggestion(token=confirmation_token(made))
    assert letters() == []
    take_suggestion(actor=people.actor("lead"), suggestion_id=made)
    assert letters() == [made]


def test_one_address_does_not_flood_the_owner(people: Any, measure: UUID) -> None:
    draft = SuggestionDraft(Part.OTHER, "fr", message="Hello")
    for _ in range(5):
        make_suggestion(actor=Actor.public(), measure_id=measure, draft=draft, client="192.0.2.1")
    with pytest.raises(TooManySuggestions):
        make_suggestion(actor=Actor.public(), measure_id=measure, draft=draft, client="192.0.2.1")
    make_suggestion(actor=Actor.public(), measure_id=measure, draft=draft, client="192.0.2.2")
    assert Suggestion.objects.count() == 6


@pytest.mark.parametrize(
    "draft",
    [
        {"value": ""},
        {"value": "Rue du Pont"},
        {"value": "x" * 501},
        {"part": Part.WORKS_START, "value": "31.02.2028"},
        {"value": "", "message": "x" * 2001},
        {"email": "not an address"},
    ],
)
def test_what_says_nothing_or_cannot_be_read_is_refused(people: Any, measure: UUID, draft: Any) -> None:
    with pytest.raises(InvalidInput):
        suggest(people, "", measure, **draft)
    assert not Suggestion.objects.exists()


def test_what_was_never_confirmed_and_old_addresses_go(people: Any, measure: UUID) -> None:
    suggest(people, "", measure, email="gone@example.org")
    answered = suggest(people, "", measure, message="Hello", name="Rose")
    answer_suggestion(actor=people.actor("lead"), suggestion_id=answered, answer="Hello")
    assert forget_old_suggestions(now() + timedelta(days=29)) == 0
    assert forget_old_suggestions(now() + timedelta(days=31)) == 1
    assert forget_old_suggestions(now() + timedelta(days=366)) == 1
    assert Suggestion.objects.get().name is None


# ------------------------------------------------------------------ personal data
def test_everything_of_a_person_is_found_and_erased(valbelle: Any, people: Any, measure: UUID) -> None:
    say(people, "contributor", measure, "My words, @Lead")
    say(people, "lead", measure, "Dear @Contributor")
    follow_measure(actor=people.actor("contributor"), measure_id=measure)
    save_view(actor=people.actor("contributor"), territory_id=valbelle.territory.pk, name="V", query="q=x")
    made = suggest(people, "contributor", measure, message="From me")
    take_suggestion(actor=people.actor("lead"), suggestion_id=made)
    suggest(people, "", measure, value="Pont", email="contributor@example.org")
    subject = privacy.Subject("contributor@example.org")
    held = {one.table for one in privacy.find(subject)["collaboration"]}
    assert held == {
        "collaboration.comment",
        "collaboration.follow",
        "collaboration.savedview",
        "collaboration.suggestion",
        "notifications.notice",
    }
    assert privacy.export(subject)["collaboration"]["comments"][0]["text"] == "My words, @Lead"
    privacy.erase(subject, privacy.Order(None, "office", "asked"))
    assert "collaboration" not in privacy.find(subject)
    first, second = talk(people.actor("lead"), measure).threads
    assert (first.author, first.text, second.mentioned) == ("", "", ())
    [kept] = Suggestion.objects.all()
    assert (kept.person_id, kept.message, kept.value) == (None, "", "Rue du Vieux-Pont")
    assert [text for text in told(people.lead) if "Contributor" in text] == []


def test_a_name_given_with_a_suggestion_is_corrected(people: Any, measure: UUID) -> None:
    suggest(people, "", measure, name="Rose", email="rose@example.org")
    order = privacy.Order(None, "office", "asked")
    privacy.rectify(privacy.Subject("rose@example.org"), {"display_name": "Rosa"}, order)
    [held] = privacy.find(privacy.Subject("rose@example.org"))["collaboration"]
    assert held.values["name"] == "Rosa"
