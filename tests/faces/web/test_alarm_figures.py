"""The page of the figures of alarms: each leads to its alarms and to the rule to mend."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from belvedere.kernel.clock import standing_at
from tests.domains.automation.examples import AT, container, raise_one, rule
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
HERE = "/cockpit/valbelle/alarms/figures"


def browser(people: People, who: str) -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def said(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    return html.unescape(" ".join(answer.content.decode().split()))


@pytest.fixture
def flood(valbelle: Valbelle) -> int:
    """Twelve containers full at once; the number of the rule."""
    made = rule(valbelle.montaigu.pk)
    for n in range(12):
        raise_one(made.id, container(valbelle.montaigu.pk, f"PAV {n}"), AT)
    return made.id


def test_the_figures_lead_to_the_alarms_and_to_the_rule(flood: int, people: People) -> None:
    client = browser(people, "reader")
    with standing_at(AT + timedelta(hours=2)):
        page = said(client.get(f"{HERE}/?days=7"))
        assert "1.7 alarms a day and operator, and 1 flood </h1>" in page
        assert f"/cockpit/valbelle/rules/{flood}/" in page and "Bac plein" in page
        link = next(one for one in re.findall(r'href="([^"]+)"', page) if f"rule={flood}" in one)
        assert said(client.get(link)).count('class="al-line') or "12 alarms" in said(client.get(link))
        assert "no flood" in said(client.get(f"{HERE}/?days=7&operators=2"))
        assert "1 to 50" in said(client.get(f"{HERE}/?operators=none"))


def test_the_same_figures_as_csv(flood: int, people: People) -> None:
    with standing_at(AT + timedelta(hours=2)):
        answer = browser(people, "reader").get(f"{HERE}.csv?days=7")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert "Most frequent rules;Bac plein;12;" in lines
    assert len(lines) > 30


def test_the_neighbour_sees_no_figure_of_it_and_a_stranger_no_page(flood: int, people: People) -> None:
    with standing_at(AT + timedelta(hours=2)):
        assert "Bac plein" not in said(browser(people, "neighbour").get(f"{HERE}/"))
    for path in ("/", ".csv"):
        assert browser(people, "nobody").get(HERE + path).status_code == 403
