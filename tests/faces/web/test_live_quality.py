"""The board of data quality: the worst first, filters, the table of communes, CSV; who sees what."""

from __future__ import annotations

import csv
import html
import io

import pytest
from django.test import Client

from belvedere.domains.observations.models import Finding, Measured
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now
from tests.faces.rest.things import Bin, bin_of, tell
from tests.faces.web.plans_examples import english
from tests.people import People, Valbelle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("feeds_anew")]
HERE = "/cockpit/valbelle/live/quality/"


def browser(people: People, who: str = "governor") -> Client:
    client = english()
    client.force_login(getattr(people, who))
    return client


def said(people: People, query: str = "", who: str = "governor") -> str:
    answer = browser(people, who).get(HERE + query)
    assert answer.status_code == 200
    return html.unescape(" ".join(answer.content.decode().split()))


def find(made: Bin, oddity: str, amount: float, *, weight: str = "bad", term: str = "") -> None:
    """As the job writes it."""
    territory = territory_by_slug("valbelle")
    Finding.objects.create(
        territory_id=territory.id,
        entity_id=made.thing_id,
        series_id=made.series_id if term else None,
        term=term,
        oddity=oddity,
        weight=weight,
        amount=amount,
        at=now(),
    )


def measured(made: Bin) -> None:
    Measured.objects.create(
        series_id=made.series_id,
        entity_id=made.thing_id,
        territory_id=territory_by_slug("valbelle").id,
        term="fillingLevel",
        at=now(),
        received_day=20,
        received_week=150,
        complete_day=20 / 24,
        complete_week=150 / 168,
        gap_h=4,
        same_h=1,
        outside_h=0,
    )


def test_the_worst_comes_first_with_what_to_do(people: People, valbelle: Valbelle) -> None:
    assert "Nothing is measured yet" in said(people)
    stuck, calm = bin_of(valbelle, "bac-stuck"), bin_of(valbelle, "bac-calm")
    tell({"fillingLevel": 0.5}, key="bac-stuck")
    assert "All that is measured can be relied on" in said(people)
    measured(stuck)
    find(calm, "late", 0.4, weight="poor")
    find(stuck, "stuck", 120, term="fillingLevel")
    page = said(people)
    assert "<h1>1 thing of 2 tells nothing, or nothing that can be true" in page
    assert page.index("Bac bac-stuck") < page.index("Bac bac-calm")
    for words in (
        "Filling level: the very same for 5 d",
        "Look at the sensor: it may be blocked, covered or broken.",
        "40% of its readings",
        "1 of 2 things were heard in the last 24 hours",
    ):
        assert words in page, words
    assert f"things/{stuck.thing_id}/?term=fillingLevel" in page
    thing = browser(people).get(f"/cockpit/valbelle/live/things/{stuck.thing_id}/").content.decode()
    assert thing.count("Always the same value") == 2  # beside the main value, and as its quality


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?what=stuck", {"bac-a"}),
        ("?what=late&what=nonsense", {"bac-b"}),
        ("?kind=waste-container", {"bac-a", "bac-b"}),
        ("?kind=streetlight", set()),
        ("?owner={owner}", {"bac-b"}),
        ("?place=x&owner=y&all=1", {"bac-a", "bac-b"}),
    ],
)
def test_filters_in_the_address_hold(
    query: str, expected: set[str], people: People, valbelle: Valbelle
) -> None:
    find(bin_of(valbelle, "bac-a"), "stuck", 120, term="fillingLevel")
    find(bin_of(valbelle, "bac-b", owner_id=valbelle.rochefort.pk), "late", 0.4, weight="poor")
    page = said(people, query.format(owner=valbelle.rochefort.pk))
    assert {key for key in ("bac-a", "bac-b") if f"Bac {key}</bdi>" in page} == expected
    assert ("Nothing odd in this choice" in page) == (not expected)


def test_every_sort_of_finding_has_words(people: People, valbelle: Valbelle) -> None:
    from belvedere.domains.observations.public import Oddity
    from belvedere.faces.web.pages.quality import words

    made = bin_of(valbelle)
    for oddity in Oddity:
        find(made, oddity.value, 2.0, term="fillingLevel")
    page = said(people)
    for oddity in Oddity:
        assert words.LABELS[oddity] in page and words.TO_DO[oddity] in page


def test_the_series_as_a_table(people: People, valbelle: Valbelle) -> None:
    made = bin_of(valbelle, names={"fr": "=1+1"})
    measured(made)
    table = browser(people).get(f"{HERE}series.csv")
    (row,) = csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")))
    assert (row["kind"], row["name"], row["received_day"], row["gap_h"]) == (
        "waste-container",
        "'=1+1",
        "20",
        "4",
    )
    assert row["drift"] == ""


@pytest.mark.parametrize(
    ("who", "visibility", "status", "listed"),
    [
        ("reader", twin.Visibility.OWN, 200, True),
        ("neighbour", twin.Visibility.OWN, 200, False),
        ("neighbour", twin.Visibility.SHARED, 200, True),
        ("nobody", twin.Visibility.PUBLIC, 403, False),
    ],
)
def test_findings_are_shown_with_their_things(
    who: str, visibility: twin.Visibility, status: int, listed: bool, people: People, valbelle: Valbelle
) -> None:
    """A neighbour differs from a reader by the organisation only; shared differs from own by one word."""
    made = bin_of(valbelle, visibility=visibility)
    measured(made)
    find(made, "stuck", 120, term="fillingLevel")
    client = browser(people, who)
    page, table = client.get(HERE), client.get(f"{HERE}series.csv")
    assert (page.status_code, table.status_code) == (status, status)
    if status == 200:
        assert ("Bac bac-1" in page.content.decode()) == listed
        assert ("waste-container" in table.content.decode()) == listed
