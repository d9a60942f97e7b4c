"""Two people edit the same part of a measure: both keep their work."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import vocabulary
from belvedere.domains.plans.public import actions, follow, money_actions, page, states, values, views
from belvedere.faces.web.pages.plans.edit_parts import PARTS
from tests.faces.web.plans_examples import chf, english, street

pytestmark = pytest.mark.django_db
MEANWHILE = "Someone changed this measure meanwhile"


@pytest.fixture
def measure(valbelle: Any) -> UUID:
    return street(valbelle)


@pytest.fixture
def mine(people: Any) -> Client:
    client = english()
    client.force_login(people.contributor)
    return client


@pytest.fixture
def money(people: Any) -> Client:
    client = english()
    client.force_login(people.finance)
    return client


def load(measure: UUID) -> views.MeasureView:
    return page.measure_page(Actor.system(), measure, language="en")


def edit(measure: UUID, part: str) -> str:
    return f"/cockpit/valbelle/plans/measures/{measure}/edit/{part}/"


def fields_of(text: str) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>(?:[^<]*</textarea>)?", text):
        name = re.search(r'\bname="([^"]+)"', tag)
        if name is None or name[1] == "csrfmiddlewaretoken":
            continue
        value = re.search(r'\bvalue="([^"]*)"', tag)
        if tag.startswith("<textarea"):
            found[name[1]] = html.unescape(re.sub(r"<[^>]*>", "", tag)).removeprefix("\n")
        elif tag.startswith("<select"):
            body = text.split(tag, 1)[1].split("</select>", 1)[0]
            chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
            found[name[1]] = html.unescape(chosen[1]) if chosen else ""
        elif 'type="radio"' in tag or 'type="checkbox"' in tag:
            if "checked" in tag:
                found[name[1]] = html.unescape(value[1]) if value else "on"
        else:
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def opened(client: Client, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200
    form = answer.content.decode().split('class="bv-edit"', 1)[1].split("</form>", 1)[0]
    return fields_of(form)


def their(people: Any, measure: UUID, **change: Any) -> None:
    actions.edit_measure(actor=people.actor("lead"), measure_id=measure, version=None, **change)


def test_what_does_not_clash_is_put_together_and_said(people: Any, mine: Client, measure: UUID) -> None:
    form = opened(mine, edit(measure, "texts"))
    their(people, measure, title={"fr": "Rue du Pont", "de": "Brückenstrasse"})
    answer = mine.post(edit(measure, "texts"), {**form, "description_fr": "Pour les vélos"}, follow=True)
    text = html.unescape(answer.content.decode())
    assert load(measure).title == {"fr": "Rue du Pont", "de": "Brückenstrasse"}
    assert load(measure).description["fr"] == "Pour les vélos"
    assert (
        "The texts are saved. Lead changed this meanwhile; both are kept. Taken over: Title (Deutsch)."
        in text
    )


def test_another_part_changed_meanwhile_does_not_stop_anyone(
    people: Any, mine: Client, measure: UUID
) -> None:
    form = opened(mine, edit(measure, "texts"))
    actions.publish_measure(actor=people.actor("lead"), measure_id=measure, version=None, published=False)
    answer = mine.post(edit(measure, "texts"), {**form, "title_fr": "Rue du Port"}, follow=True)
    assert load(measure).title["fr"] == "Rue du Port" and not load(measure).published
    assert "Lead changed something else of the measure meanwhile; both are kept." in answer.content.decode()


def test_what_clashes_is_asked_field_by_field(people: Any, mine: Client, measure: UUID) -> None:
    form = opened(mine, edit(measure, "texts"))
    their(people, measure, title={"fr": "Rue des Ponts"}, description={"de": "Für Velos"})
    sent = {**form, "title_fr": "Rue du Port", "justification_fr": "Sécurité"}
    answer = mine.post(edit(measure, "texts"), sent)
    text = answer.content.decode()
    assert answer.status_code == 422 and MEANWHILE in text and "<b>Lead</b>" in text
    assert "Rue du Pont<" in text and "Rue du Port" in text and "Rue des Ponts" in text
    assert "What and why (Deutsch)" in text.split("Taken over by itself")[1].split("</p>")[0]
    assert load(measure).title["fr"] == "Rue des Ponts"  # nothing was saved yet
    again = fields_of(text.split('class="bv-edit"', 1)[1].split("</form>", 1)[0])
    assert again["title_fr"] == "Rue du Port" and again["description_de"] == "Für Velos"

    unsaid = mine.post(edit(measure, "texts"), again)
    assert (
        unsaid.status_code == 422
        and "Say for each line whether yours or theirs stands" in unsaid.content.decode()
    )
    saved = mine.post(edit(measure, "texts"), {**again, "settle_title_fr": "theirs"})
    assert saved.status_code == 302
    after = load(measure)
    assert after.title["fr"] == "Rue des Ponts" and after.justification["fr"] == "Sécurité"
    assert after.description["de"] == "Für Velos"


def test_a_text_of_the_other_is_told_language_by_language(people: Any, mine: Client, measure: UUID) -> None:
    form = opened(mine, edit(measure, "texts"))
    their(people, measure, title={"fr": "Rue des Ponts", "de": "Brückenstrasse"})
    text = html.unescape(
        mine.post(edit(measure, "texts"), {**form, "title_fr": "Rue du Port"}).content.decode()
    )
    told = text.split('class="bv-log"')[1].split("</ol>")[0]
    assert 'Title (Français): <del lang="fr">Rue du Pont</del>' in told
    assert 'Title (Deutsch): <ins lang="de">Brückenstrasse</ins>' in told
    assert "fr:" not in told and "de:" not in told


def test_my_answer_to_a_clash_may_be_mine(people: Any, mine: Client, measure: UUID) -> None:
    form = opened(mine, edit(measure, "texts"))
    their(people, measure, title={"fr": "Rue des Ponts"})
    text = mine.post(edit(measure, "texts"), {**form, "title_fr": "Rue du Port"}).content.decode()
    again = fields_of(text.split('class="bv-edit"', 1)[1].split("</form>", 1)[0])
    mine.post(edit(measure, "texts"), {**again, "settle_title_fr": "mine"})
    assert load(measure).title["fr"] == "Rue du Port"


def test_a_step_built_on_another_state_is_asked(people: Any, mine: Client, measure: UUID) -> None:
    form = opened(mine, edit(measure, "phase"))
    actions.change_phase(actor=Actor.system(), measure_id=measure, version=None, to="33")
    answer = mine.post(edit(measure, "phase"), {**form, "to": "4"})
    assert answer.status_code == 422 and MEANWHILE in answer.content.decode()
    assert load(measure).phase == "33"


def test_a_visibility_turned_meanwhile_is_asked(people: Any, measure: UUID) -> None:
    client = english()
    client.force_login(people.lead)
    form = opened(client, edit(measure, "publish"))
    actions.publish_measure(actor=people.actor("lead"), measure_id=measure, version=None, published=False)
    answer = client.post(edit(measure, "publish"), {**form, "published": "on"})
    assert answer.status_code == 422 and not load(measure).published


def test_an_entry_changed_meanwhile_is_not_removed_unseen(people: Any, mine: Client, measure: UUID) -> None:
    draft = follow.MilestoneDraft(vocabulary.MilestoneType.OTHER, {"fr": "Jury"}, planned=date(2027, 1, 1))
    common = {"actor": Actor.system(), "measure_id": measure, "version": None}
    item = follow.set_milestone(**common, draft=draft)
    address = f"{edit(measure, 'remove-milestone')}{item}/"
    form = opened(mine, address)
    moved = follow.MilestoneDraft(vocabulary.MilestoneType.OTHER, {"fr": "Jury"}, planned=date(2028, 1, 1))
    follow.set_milestone(**common, draft=moved, item_id=item)
    assert mine.post(address, form).status_code == 422
    assert len(follow.followed(Actor.system(), measure, "fr").milestones) == 1


def test_lines_of_the_grid_are_told_apart_by_their_year(people: Any, money: Client, measure: UUID) -> None:
    """A year added before the others moves every line: the amounts must not move with it."""
    form = opened(money, edit(measure, "spending"))
    lines = [
        values.SpendDraft(2026, chf(500_000)),
        values.SpendDraft(2028, chf(4_000_000)),
        values.SpendDraft(2029, chf(8_000_000), states.SpendState.VOTED),
    ]
    money_actions.set_spending(actor=Actor.system(), measure_id=measure, version=None, lines=lines, reason="")
    at = next(name for name, value in form.items() if name.startswith("year_") and value == "2029")
    changed = {**form, f"amount_{at.removeprefix('year_')}": "7 000 000", "reason": "devis"}
    answer = money.post(edit(measure, "spending"), changed, follow=True)
    kept = {line.year: int(line.amount.amount) for line in load(measure).spending}
    assert kept == {2026: 500_000, 2028: 4_000_000, 2029: 7_000_000}
    assert "Taken over: 2026." in answer.content.decode()


def test_a_preview_is_on_top_of_what_the_other_saved(people: Any, money: Client, measure: UUID) -> None:
    form = opened(money, edit(measure, "estimate"))
    their(people, measure, title={"fr": "Rue des Ponts"})
    answer = money.post(edit(measure, "estimate"), {**form, "amount": "15 000 000", "act": "preview"})
    assert answer.status_code == 200 and "What this changes" in answer.content.decode()


@pytest.mark.parametrize("key", [key for key, part in PARTS.items() if part.takes(None)])
def test_each_part_says_what_its_fields_showed(key: str, people: Any, valbelle: Any, measure: UUID) -> None:
    """Opened, changed elsewhere, saved as it was: no part may put an old value back or ask."""
    from belvedere.domains.access.models import TerritoryMembership

    client = english()
    client.force_login(people.governor)
    assert TerritoryMembership.objects.filter(person=people.governor).exists()
    form = opened(client, edit(measure, key))
    assert form["was"].startswith("{")
    their(people, measure, description={"fr": "Nouveau"})
    answer = client.post(edit(measure, key), form)
    assert load(measure).description["fr"] == "Nouveau"
    assert "Both of you changed this" not in answer.content.decode()
