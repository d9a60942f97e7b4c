"""The pages of crisis mode: a plan written and changed by two, a crisis declared, worked and ended, its
timeline on paper and as CSV; and who does none of it."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.models import Crisis, Plan
from belvedere.faces.notices import crisis as letters
from belvedere.kernel.clock import standing_at
from tests.domains.crisis.examples import AT, MINUTE, declared, here, plan, seen
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/crisis/"


def browser(people: People, who: str) -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def said(client: Client, path: str = "", status: int = 200) -> str:
    answer = client.get(HERE + path)
    assert answer.status_code == status, answer.content
    return html.unescape(" ".join(answer.content.decode().split()))


def typed(page: str) -> dict[str, Any]:
    """What a browser would send of the form that has most fields on a page."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, list[str]] = {}
            self.open: tuple[str, str] | None = None

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            one = dict(attrs)
            name, value = one.get("name") or "", one.get("value") or ""
            if tag == "input" and name:
                is_box = one.get("type") in ("checkbox", "radio")
                if not is_box or "checked" in one:
                    value = value or ("on" if is_box else "")
                    self.found.setdefault(name, []).append(value)
            elif tag in ("select", "textarea") and name:
                self.open = (tag, name)
                if tag == "textarea":
                    self.found[name] = [""]
            elif tag == "option" and self.open and "selected" in one:
                self.found[self.open[1]] = [value]

        def handle_data(self, data: str) -> None:
            if self.open and self.open[0] == "textarea":
                self.found[self.open[1]] = [data.removeprefix("\n")]

        def handle_endtag(self, tag: str) -> None:
            if self.open and tag == self.open[0]:
                self.open = None

    reader = Reader()
    reader.feed(page)
    return reader.found


def test_a_plan_is_written_from_an_example_and_changed_by_two(valbelle: Valbelle, people: People) -> None:
    lead, other = browser(people, "lead"), browser(people, "administrator")
    assert "No plan that you may see" in said(lead)
    assert "Flood" in said(lead, "plans/new/")
    new = f"plans/new/{valbelle.montaigu.pk}/?example=flood"
    page = lead.get(HERE + new).content.decode()
    assert "L731-3" in page and "Director of operations" in page
    given = typed(page)
    more = lead.post(HERE + new, {**given, "more_role": "1", "r1-name": "Mayor"})
    again = typed(more.content.decode())
    assert more.status_code == 200 and again["role"] == [str(n) for n in range(1, 8)]
    assert again["r1-name"] == ["Mayor"] and "Mayor" in more.content.decode() and not Plan.objects.exists()
    less = typed(lead.post(HERE + new, {**again, "drop_role": "7", "more_card": "1"}).content.decode())
    assert "7" not in less["role"] and len(less["card"]) == len(given["card"]) + 1
    wrong = lead.post(HERE + new, {**less, "save": "1"})
    assert wrong.status_code == 422 and not Plan.objects.exists()  # the new card says nothing yet
    less["card"].pop()
    less |= {"r1-holder": [str(people.lead.pk)], "r1-stand_in1": [str(people.reader.pk)]}
    twice = lead.post(HERE + new, {**less, "r2-name": "Mayor", "save": "1"})
    assert twice.status_code == 422 and b"Another role has this name already." in twice.content
    made = lead.post(HERE + new, {**less, "save": "1"})
    row = Plan.objects.get()
    assert made.status_code == 302 and made["Location"] == f"{HERE}plans/{row.pk}/"
    shown = said(browser(people, "reader"), f"plans/{row.pk}/")
    assert "6 roles, 12 task cards, 5 roles without anybody" in shown and "then Reader" in shown
    assert "/edit/" not in shown and "/edit/" in said(lead, f"plans/{row.pk}/")
    edit = f"plans/{row.pk}/edit/"
    first, second = (typed(one.get(HERE + edit).content.decode()) for one in (lead, other))
    assert other.post(HERE + edit, {**second, "name": "Crue 2", "save": "1"}).status_code == 302
    late = lead.post(HERE + edit, {**first, "name": "Crue 3", "save": "1"})
    assert late.status_code == 409 and b"Crue 3" in late.content and b"Version 2 of" in late.content
    assert lead.post(HERE + edit, {**typed(late.content.decode()), "save": "1"}).status_code == 302
    assert Plan.objects.get().name == "Crue 3" and Plan.objects.get().version == 3
    assert lead.post(f"{HERE}plans/{row.pk}/remove/").status_code == 302
    assert "No plan that you may see" in said(lead)


def test_declared_at_a_desk_worked_on_a_phone_and_ended(valbelle: Valbelle, people: People) -> None:
    plan(people, valbelle)
    lead, field = browser(people, "lead"), browser(people, "contributor")
    with standing_at(AT):
        given = typed(said(lead, "declare/?exercise=1"))
        assert given["is_exercise"] and given["name"] == ["Crue du Rhône"]
        empty = lead.post(f"{HERE}declare/", given)
        assert empty.status_code == 422 and not Crisis.objects.exists()
        late = lead.post(f"{HERE}declare/", {**given, "reason": "x", "begun_at": "2027-01-01T08:00"})
        assert late.status_code == 422 and b"not in the future" in late.content
        made = lead.post(
            f"{HERE}declare/", {**given, "reason": "Le Rhône monte", "begun_at": "2026-11-22T08:30"}
        )
        pk = Crisis.objects.get().pk
        assert made["Location"] == f"{HERE}{pk}/"
        page = said(field, f"{pk}/")
    assert "EXERCISE: nothing of this is real" in page and "Contrôler les vannes" in page
    assert "I take the role: Terrain" in page and 'aria-current="step">Vigilance' in page
    assert "1 task for you" in said(field) and "1 task for you" not in said(lead)  # in the banner
    assert "EXERCISE</b> Crue du Rhône" in said(browser(people, "neighbour"))
    task, role = seen(people, pk).tasks[0], seen(people, pk).roles[1]
    with standing_at(AT + 5 * MINUTE):
        assert field.post(f"{HERE}{pk}/roles/{role.id}/take/").status_code == 302
        again = field.post(f"{HERE}{pk}/roles/{role.id}/take/", follow=True)
        assert b"You have this role already." in again.content
        tick = field.post(f"{HERE}{pk}/tasks/{task.id}/tick/1/", {"next": f"{HERE}{pk}/#t1"})
        assert tick["Location"] == f"{HERE}{pk}/#t1"
        assert "1 of 2 ticked" in said(field, f"{pk}/") and 'aria-pressed="true"' in said(field, f"{pk}/")
        assert field.post(f"{HERE}{pk}/tasks/{task.id}/tick/1/", {"off": "1"}).status_code == 302
        assert field.post(f"{HERE}{pk}/tasks/{task.id}/move/", {"act": "finish"}).status_code == 302
        late = field.post(f"{HERE}{pk}/tasks/{task.id}/move/", {"act": "finish"}, follow=True)
        assert b"This task is finished or cancelled already." in late.content
        one = f"{HERE}{pk}/tasks/{task.id}/"
        assert field.post(one, {"act": "reopen", "reason": ""}).status_code == 422
        assert field.post(one, {"act": "reopen", "reason": "Fuite"}).status_code == 302
        assert field.post(one, {"act": "assign", "person": str(people.finance.pk)}).status_code == 302
        assert "Finance" in said(field, f"{pk}/tasks/{task.id}/")
        point = {"situation": "2,1 m au pont", "next_at": "2026-11-22T08:00"}
        wrong = field.post(f"{HERE}{pk}/points/new/", point)
        assert wrong.status_code == 422 and "2,1 m au pont" in wrong.content.decode()
        assert field.post(f"{HERE}{pk}/points/new/", point | {"next_at": ""}).status_code == 302
        right = {"situation": "2,3 m au pont"}
        assert "2,1 m au pont" in said(lead, f"{pk}/points/1/strike/")
        assert lead.post(f"{HERE}{pk}/points/1/strike/", right).status_code == 302
        assert lead.post(f"{HERE}{pk}/points/1/strike/", right).status_code == 422
        assert "Struck by situation point 2" in said(field, f"{pk}/points/")
        more = {"what": "Porter des sacs", "role": str(role.id), "points": "Cent sacs\n\nDeux pelles"}
        assert lead.post(f"{HERE}{pk}/tasks/new/", more).status_code == 302
        assert lead.post(f"{HERE}{pk}/tasks/new/", {"what": "x"}).status_code == 422
    with standing_at(AT + 10 * MINUTE):
        phase = {"phase": "crisis", "reason": "Débordement", "expected": "vigilance", "also_skipped": "on"}
        assert lead.post(f"{HERE}{pk}/phase/", phase | {"reason": ""}).status_code == 422
        assert lead.post(f"{HERE}{pk}/phase/", phase).status_code == 302
        quicker = lead.post(f"{HERE}{pk}/phase/", phase | {"phase": "recovery"})
        assert quicker.status_code == 409 and 'value="crisis"' in quicker.content.decode()
        assert "Fermer les berges" in said(field, f"{pk}/") and "Leave the wall" in said(
            field, f"{pk}/?wall=1"
        )
        assert lead.post(f"{HERE}{pk}/end/", {"summary": " "}).status_code == 422
        assert "tasks are still open" in said(lead, f"{pk}/end/")
        assert lead.post(f"{HERE}{pk}/end/", {"summary": "Bon exercice"}).status_code == 302
    over = said(field, f"{pk}/")
    assert "Crue du Rhône: ended" in over and "Bon exercice" in over and "bv-crises" not in over
    told = said(browser(people, "reader"), f"{pk}/timeline/")
    for line in ("Phase raised to: Crisis", "Terrain: taken", "Point ticked", "Task given to Finance"):
        assert line in told, line
    assert "The crisis was ended." in told and "<del>" in told and "EXERCISE" in told
    assert "Phase raised" not in said(lead, f"{pk}/timeline/?category=task")
    assert "Nothing fits" in said(lead, f"{pk}/timeline/?q=locusts")
    paper = said(browser(people, "neighbour"), f"{pk}/timeline/print/")
    assert paper.index("Declared, phase: Vigilance") < paper.index("Ended</b>") and "EXERCISE" in paper
    answer = lead.get(f"{HERE}{pk}/timeline.csv")
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("2026-11-22T07:30:00+00:00,2026-11-22T08:00:00+00:00,1,phase,declare,vigilance")
    assert len(rows) > 20 and answer["Content-Disposition"].endswith('.csv"')
    book = html.unescape(lead.get("/cockpit/valbelle/logbook/").content.decode())
    assert "declared, phase: Vigilance" in book and f"{HERE}{pk}/" in book


def test_roles_are_handed_on_and_people_marked_absent(valbelle: Valbelle, people: People) -> None:
    pk = declared(people, valbelle)
    chief, lead = browser(people, "administrator"), browser(people, "lead")
    roles = f"{HERE}{pk}/roles/"
    with standing_at(AT):
        new = {"name": "Abri", "person": str(people.reader.pk), "phone": "079"}
        assert chief.post(roles, new).status_code == 302 and chief.post(roles, new).status_code == 422
        away = f"{HERE}{pk}/people/{people.contributor.pk}/"
        assert chief.post(away, {"next": roles})["Location"] == roles
        page = said(lead, f"{pk}/roles/")
        assert "absent</b>" in page and "There again" in page and "Finance" in page
        assert chief.post(away, {"back": "1"}).status_code == 302
        field = next(one for one in seen(people, pk).roles if one.name == "Terrain")
        hand = f"{HERE}{pk}/roles/{field.id}/hand/"
        assert "Hand on: Terrain" in said(chief, f"{pk}/roles/{field.id}/hand/")
        assert chief.post(hand, {"person": "x"}).status_code == 422
        assert chief.post(hand, {"person": str(people.lead.pk), "word": "Clés"}).status_code == 302
    assert seen(people, pk).roles[1].person == "Lead"
    assert browser(people, "contributor").post(hand, {"person": str(people.lead.pk)}).status_code == 403


def test_who_may_not_is_refused(valbelle: Valbelle, people: People) -> None:
    made = plan(people, valbelle)
    pk = declared(people, valbelle, plan_id=made)
    crises.write_point(
        actor=people.actor("lead"), territory=here(), crisis_id=pk, draft=crises.PointDraft("Calme")
    )
    view = seen(people, pk)
    task, role = view.tasks[0].id, view.roles[0].id
    acting = [
        f"{pk}/phase/",
        f"{pk}/end/",
        f"{pk}/roles/{role}/hand/",
        f"{pk}/tasks/new/",
        f"{pk}/points/new/",
        f"{pk}/points/1/strike/",
    ]
    pressed = [
        f"{pk}/roles/{role}/take/",
        f"{pk}/roles/",
        f"{pk}/people/{people.lead.pk}/",
        f"{pk}/tasks/{task}/",
        f"{pk}/tasks/{task}/move/",
        f"{pk}/tasks/{task}/tick/1/",
    ]
    for who in ("reader", "neighbour"):
        client = browser(people, who)
        for path in (*acting, "declare/", "plans/new/" if who == "reader" else "declare/"):
            assert client.get(HERE + path).status_code == 403, path
        for path in (*acting, *pressed, "declare/"):
            answer = client.post(HERE + path, {"act": "cancel", "reason": "x", "name": "x"})
            assert answer.status_code == 403, path
        assert client.get(f"{HERE}{pk}/").status_code == 200
    for path in (f"plans/{made}/", f"plans/{made}/edit/"):
        assert browser(people, "neighbour").get(HERE + path).status_code == 404
    assert browser(people, "neighbour").post(f"{HERE}plans/{made}/remove/").status_code == 404
    for path in (f"plans/{made}/edit/", f"plans/new/{valbelle.montaigu.pk}/"):
        assert browser(people, "reader").get(HERE + path).status_code == 403
        assert browser(people, "reader").post(HERE + path, {"save": "1"}).status_code == 403
    assert browser(people, "reader").post(f"{HERE}plans/{made}/remove/").status_code == 403
    assert "079 000 00 01" not in said(browser(people, "neighbour"), f"{pk}/")
    assert "079 000 00 01" in said(browser(people, "reader"), f"{pk}/")
    assert Crisis.objects.get().ended_at is None and seen(people, pk).tasks[0].state.value == "todo"


def test_a_company_and_a_resident_see_nothing(valbelle: Valbelle, people: People) -> None:
    from belvedere.domains.access.models import Membership
    from belvedere.domains.access.public import Role
    from belvedere.domains.territory.models import Organisation

    made = plan(people, valbelle)
    pk = declared(people, valbelle, plan_id=made)
    paths = ["", f"{pk}/", f"{pk}/roles/", f"{pk}/points/", f"{pk}/timeline/", f"{pk}/timeline.csv"]
    paths += [f"{pk}/timeline/print/", f"{pk}/tasks/{seen(people, pk).tasks[0].id}/", f"plans/{made}/"]
    for path in paths:
        assert browser(people, "nobody").get(HERE + path).status_code == 403
        assert english().get(HERE + path).status_code in (302, 403)
    company = Organisation.objects.create(
        territory=valbelle.territory, kind="private", names={"fr": "Lumières SA"}, search="lumieres"
    )
    Membership.objects.create(person=people.nobody, organisation=company, role=Role.MANAGER)
    client = browser(people, "nobody")
    for path in paths:
        assert client.get(HERE + path).status_code == (404 if path else 403), path
    page = client.get("/cockpit/valbelle/equipment/").content.decode()
    assert "bv-crises" not in page and "/crisis/" not in page
    assert (
        "Crue du 22 novembre"
        in browser(people, "stranger").get("/cockpit/valbelle/equipment/").content.decode()
    )


def test_who_has_a_role_gets_a_letter(valbelle: Valbelle, people: People) -> None:
    pk = declared(people, valbelle, is_exercise=True)
    assert letters.send_due(AT) == 2
    one = next(letter for letter in mail.outbox if letter.to == [people.contributor.email])
    assert one.subject == "EXERCICE · Crue du 22 novembre · Vigilance"
    text = str(one.body)
    assert "Ceci est un exercice" in text and "Votre rôle\u00a0: Terrain." in text
    assert re.search(r"- Contrôler les vannes · jusqu’au 22/11/2026 10:00", text), text
    assert f"/cockpit/valbelle/crisis/{pk}/" in text and letters.send_due(AT + MINUTE) == 0
    crises.end_crisis(actor=people.actor("lead"), territory=here(), crisis_id=pk, summary="Bien.")
    assert letters.send_due(AT + 60 * 24 * 365 * MINUTE) == 2 and "Bien." in str(mail.outbox[-1].body)
