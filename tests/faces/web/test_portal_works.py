"""Works for residents: near a point, in a commune, in feeds and frames; nothing unpublished."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import Measure
from belvedere.domains.plans.public import actions, follow, page, states, values, vocabulary
from belvedere.domains.subscriptions.public import watch
from belvedere.domains.territory.models import Place, PlaceParent
from belvedere.kernel.clock import now, today
from tests.faces.web.plans_examples import create, english, point, street

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
HERE = "/valbelle/works/"
AT = "lon=7.401&lat=46.201&r=1000"


@pytest.fixture
def client() -> Client:
    return english()


@pytest.fixture
def open_valbelle(valbelle: Any) -> Any:
    """Published, with the communes of Montaigu and Rochefort."""
    root, *communes = (
        Place.objects.create(country="CH", level=level, names={"fr": name}, search=name.lower())
        for name, level in (("Valbelle", "region"), ("Montaigu", "commune"), ("Rochefort", "commune"))
    )
    for commune in communes:
        PlaceParent.objects.create(place=commune, parent=root)
    valbelle.territory.place, valbelle.territory.published = root, True
    valbelle.territory.save()
    valbelle.communes = communes
    return valbelle


def works_dates(measure: UUID, start: date, end: date) -> None:
    view = page.measure_page(SYSTEM, measure, language="fr")
    actions.set_phase_dates(
        actor=SYSTEM,
        measure_id=measure,
        version=view.version,
        phases=(values.PhaseDraft("5", planned=(start, end)),),
    )


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()[:400]
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " ").replace("\u202f", " "))


EVERYWHERE = (
    f"{HERE}?{AT}",
    f"{HERE}?q=Pont",
    HERE,
    f"{HERE}feed.xml",
    f"{HERE}feed.xml?{AT}",
    f"{HERE}calendar.ics",
    f"{HERE}calendar.ics?{AT}",
    f"{HERE}embed/",
    f"{HERE}embed/?{AT}",
)


def test_a_published_project_is_found_everywhere_and_an_unpublished_one_nowhere(
    open_valbelle: Any, client: Client
) -> None:
    street(open_valbelle, title="Rue du Pont ouverte")
    hidden = street(open_valbelle, title="Rue du Pont cachée", published=False)
    watch(open_valbelle.territory.pk)
    Measure.objects.update(implementation="in_progress")
    for address in EVERYWHERE:
        shown = client.get(address)
        assert shown.status_code == 200, address
        said = shown.content.decode()
        assert "ouverte" in said, address
        assert "cach" not in said and str(hidden) not in said, address
    for name in ("feed.xml", "calendar.ics", "embed/", "follow/"):
        assert client.get(f"{HERE}{name}?measure={hidden}").status_code == 422, name
    assert client.get(f"/valbelle/plans/measures/{hidden}/").status_code == 404


def test_an_unpublished_territory_shows_nothing(open_valbelle: Any, client: Client) -> None:
    measure = street(open_valbelle)
    open_valbelle.territory.published = False
    open_valbelle.territory.save()
    for address in (*EVERYWHERE, f"/valbelle/plans/measures/{measure}/", f"{HERE}follow/"):
        assert client.get(address).status_code == 404, address


def test_what_is_taken_back_leaves_the_feed_at_once(open_valbelle: Any, people: Any, client: Client) -> None:
    measure = street(open_valbelle, title="Passerelle")
    watch(open_valbelle.territory.pk)
    assert "Passerelle" in text(client.get(f"{HERE}feed.xml"))
    version = page.measure_page(SYSTEM, measure, language="fr").version
    actions.publish_measure(actor=SYSTEM, measure_id=measure, version=version, published=False)
    assert "Passerelle" not in text(client.get(f"{HERE}feed.xml"))
    watch(open_valbelle.territory.pk)
    assert "Passerelle" not in text(client.get(f"{HERE}feed.xml"))


def test_many_measures_are_watched_with_as_many_questions_as_few(
    open_valbelle: Any, django_assert_max_num_queries: Any
) -> None:
    street(open_valbelle)
    with CaptureQueriesContext(connection) as first:
        watch(open_valbelle.territory.pk)
    for number in range(5):
        street(open_valbelle, title=f"Rue {number}")
    with django_assert_max_num_queries(len(first)):
        assert watch(open_valbelle.territory.pk) == 5


# ------------------------------------------------------------------ near
def test_the_nearest_comes_first_with_its_distance_and_who_pays(open_valbelle: Any, client: Client) -> None:
    far = create(open_valbelle, open_valbelle.montaigu, "Loin", published=True, sites=(point(7.41, 46.2),))
    street(open_valbelle, title="Tout près")
    create(open_valbelle, open_valbelle.montaigu, "Ailleurs", published=True, sites=(point(7.6, 46.2),))
    shown = text(client.get(f"{HERE}?lon=7.401&lat=46.2&r=1000"))
    assert shown.index("Tout près") < shown.index("Loin")
    assert "Ailleurs" not in shown
    assert "80 m away" in shown and "690 m away" in shown
    assert "Costs <b>12.00 M CHF</b>: Montaigu pays 9.00 M CHF, Canton 3.00 M CHF" in shown
    assert "2 projects within 1 km of your point" in shown
    assert "690 m away" not in text(client.get(f"{HERE}?lon=7.401&lat=46.2&r=500"))
    assert f"/valbelle/plans/measures/{far}/" in shown


def test_a_commune_is_found_by_its_name_without_accents_or_case(open_valbelle: Any, client: Client) -> None:
    montaigu, rochefort = open_valbelle.communes
    here = create(open_valbelle, open_valbelle.montaigu, "Place du village", published=True)
    _in(here, montaigu)
    there = create(open_valbelle, open_valbelle.montaigu, "Place du marché", published=True)
    _in(there, rochefort)
    shown = text(client.get(f"{HERE}?q=MONTAIGU"))
    assert "Place du village" in shown and "Place du marché" not in shown
    assert "1 project in Montaigu" in shown
    feed = text(client.get(f"{HERE}calendar.ics?place={montaigu.pk}"))
    assert "X-WR-CALNAME:Works in Montaigu" in feed


def _in(measure: UUID, commune: Place) -> None:
    from belvedere.domains.plans.models import MeasurePlace

    MeasurePlace.objects.create(measure_id=measure, place_id=commune.pk)


def test_a_street_of_the_networks_is_suggested(open_valbelle: Any, client: Client) -> None:
    from belvedere.domains.territory.models import Network, NetworkLine, PlaceBoundary
    from belvedere.kernel.geometry import from_geojson

    square = from_geojson(
        {
            "type": "Polygon",
            "coordinates": [[[7.3, 46.1], [7.5, 46.1], [7.5, 46.3], [7.3, 46.3], [7.3, 46.1]]],
        }
    )
    box = dict(zip(("west", "south", "east", "north"), square.box.as_tuple(), strict=True))
    PlaceBoundary.objects.create(place=open_valbelle.communes[0], geometry=square.wkb, source="x", **box)
    network = Network.objects.create(
        territory=open_valbelle.territory, name="Routes", kind="road", imported_at=now()
    )
    line = from_geojson({"type": "LineString", "coordinates": [[7.4, 46.2], [7.402, 46.2]]})
    box = dict(zip(("west", "south", "east", "north"), line.box.as_tuple(), strict=True))
    NetworkLine.objects.create(network=network, key="1", name="Chemin des Îles", geometry=line.wkb, **box)
    open_valbelle.territory.version += 1
    open_valbelle.territory.save()
    shown = text(client.get(f"{HERE}?q=chemin des iles"))
    assert "Chemin des Îles" in shown and "Montaigu" in shown
    query = re.search(r'href="\?(lon=[^"]+)"', shown)
    assert query is not None
    street(open_valbelle, title="Trottoir")
    assert "Trottoir" in text(client.get(f"{HERE}?{query[1].replace('&amp;', '&')}"))


@pytest.mark.parametrize(
    "query", ["lon=abc&lat=46", "lon=200&lat=46", "lon=nan&lat=1", "place=x", "q=zzz", "lon=7.4"]
)
def test_what_cannot_be_understood_is_said(open_valbelle: Any, client: Client, query: str) -> None:
    assert 'class="wk-problem" role="alert"' in text(client.get(f"{HERE}?{query}"))


def test_the_position_is_rounded_in_every_address(open_valbelle: Any, client: Client) -> None:
    answer = client.get(f"{HERE}?lon=7.4012345&lat=46.2012345&r=500")
    assert answer["Location"] == f"{HERE}?lon=7.401&lat=46.201&r=500"
    shown = text(client.get(answer["Location"]))
    assert "lon=7.401&amp;lat=46.201&amp;r=500" in shown


def test_the_calendar_lists_each_year_of_the_works(open_valbelle: Any, client: Client) -> None:
    year = today().year
    measure = street(open_valbelle)
    works_dates(measure, date(year + 1, 3, 1), date(year + 2, 4, 30))
    shown = text(client.get(f"{HERE}?{AT}"))
    calendar = shown[shown.index('id="calendar"') :]
    assert f'id="wk-y{year + 1}"' in calendar and f'id="wk-y{year + 2}"' in calendar
    assert f'id="wk-y{year}"' not in calendar and f'id="wk-y{year + 3}"' not in calendar
    assert f"from 1 March {year + 1} to 30 April {year + 2}" in calendar


def test_a_year_is_told_month_by_month(open_valbelle: Any, client: Client) -> None:
    year = today().year + 1
    for title, start in (
        ("Quai", date(year, 3, 15)),
        ("Place", date(year, 9, 1)),
        ("Pont", date(year, 3, 2)),
    ):
        works_dates(street(open_valbelle, title=title), start, date(year + 1, 2, 1))
    shown = text(client.get(f"{HERE}?{AT}"))
    calendar = shown[shown.index(f'id="wk-y{year}"') :]
    found = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<h4>.*?</h4>|<li><div><a.*?</a>", calendar)]
    assert found[:5] == ["March", "Pont", "Quai", "September", "Place"]
    assert found[5] == "Open since before this year" and sorted(found[6:]) == ["Place", "Pont", "Quai"]


def chosen_distance(shown: str) -> str:
    return re.findall(r"<option [^>]*selected>([^<]*)<", shown.split('id="wk-r"')[1].split("</select>")[0])[0]


def test_the_distance_that_is_shown_is_the_one_that_counts(open_valbelle: Any, client: Client) -> None:
    montaigu, _ = open_valbelle.communes
    montaigu.longitude, montaigu.latitude = 7.4, 46.2
    montaigu.save()
    street(open_valbelle, title="Au centre")
    far = create(
        open_valbelle, open_valbelle.montaigu, "Au hameau", published=True, sites=(point(7.5, 46.2),)
    )
    _in(far, montaigu)
    whole = text(client.get(f"{HERE}?q=Montaigu"))
    assert chosen_distance(whole) == "the whole commune" and "Au hameau" in whole
    near = text(client.get(f"{HERE}?q=Montaigu&r=1000", follow=True))
    assert chosen_distance(near) == "1 km" and "Au centre" in near and "Au hameau" not in near
    assert "1 project within 1 km of the centre of Montaigu" in near
    assert f'href="?place={montaigu.pk}"' in near
    assert chosen_distance(text(client.get(f"{HERE}?lon=7.401&lat=46.2"))) == "1 km"


def test_a_long_list_can_be_shown_whole(
    open_valbelle: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("belvedere.faces.web.pages.portal.near.SHOWN", 1)
    for title in ("Quai", "Place"):
        street(open_valbelle, title=title)
    shown = text(client.get(f"{HERE}?{AT}"))
    assert shown.count('class="wk-item"') == 1 and "Show 1 more" in shown
    (link,) = re.findall(r'href="(\?[^"]*all=1)#', shown)
    whole = text(client.get(HERE + link.replace("&amp;", "&")))
    assert whole.count('class="wk-item"') == 2 and "more</a>" not in whole


# ------------------------------------------------------------------ feed, calendar
def test_the_feed_tells_what_changed_and_reads_back(open_valbelle: Any, client: Client) -> None:
    measure = street(open_valbelle)
    watch(open_valbelle.territory.pk)
    works_dates(measure, date(2027, 3, 1), date(2028, 4, 30))
    watch(open_valbelle.territory.pk)
    answer = client.get(f"{HERE}feed.xml?measure={measure}&lang=de")
    assert answer["Content-Type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(answer.content).find("channel")
    assert channel is not None
    titles = [item.findtext("title") or "" for item in channel.findall("item")]
    assert len(titles) == 2 and "2027" in titles[0]
    assert channel.findtext("language") == "de"
    ids = [item.findtext("guid") for item in channel.findall("item")]
    assert len(set(ids)) == 2
    again = client.get(f"{HERE}feed.xml?measure={measure}&lang=de", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_the_calendar_file_reads_back_with_stable_events(open_valbelle: Any, client: Client) -> None:
    measure = street(open_valbelle)
    works_dates(measure, date(2027, 3, 1), date(2028, 4, 30))
    version = page.measure_page(SYSTEM, measure, language="fr").version
    follow.set_milestone(
        actor=SYSTEM,
        measure_id=measure,
        version=version,
        draft=follow.MilestoneDraft(
            type=vocabulary.MilestoneType.OPENING, title={"fr": "Inauguration"}, planned=date(2028, 5, 6)
        ),
    )
    first = _events(client, measure)
    works, opening = first["works"], first["step"]
    assert works["DTSTART"].dt == date(2027, 3, 1) and works["DTEND"].dt == date(2028, 5, 1)
    assert "Rue du Pont" in works["SUMMARY"] and works["STATUS"] == "TENTATIVE"
    assert opening["DTSTART"].dt == date(2028, 5, 6) and "Inauguration" in opening["SUMMARY"]
    works_dates(measure, date(2027, 3, 1), date(2028, 6, 30))
    second = _events(client, measure)["works"]
    assert second["UID"] == works["UID"] and second["SEQUENCE"] > works["SEQUENCE"]
    assert second["DTEND"].dt == date(2028, 7, 1)


def _events(client: Client, measure: UUID) -> dict[str, Any]:
    answer = client.get(f"{HERE}calendar.ics?measure={measure}")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    read = Calendar.from_ical(answer.content)
    assert read["X-WR-TIMEZONE"] == "Europe/Zurich"
    assert not read.errors
    return {str(event["UID"]).partition("-")[0]: event for event in read.walk("VEVENT")}


def test_the_years_alone_make_a_tentative_event(open_valbelle: Any, client: Client) -> None:
    [event] = _events(client, street(open_valbelle)).values()
    assert event["SUMMARY"].startswith("Works planned in these years")
    assert event["DTSTART"].dt.year == 2028 and event["STATUS"] == "TENTATIVE"


# ------------------------------------------------------------------ frame
def test_only_the_frame_may_be_framed_and_it_sets_no_cookie(open_valbelle: Any, client: Client) -> None:
    street(open_valbelle)
    client.cookies.clear()
    framed = client.get(f"{HERE}embed/?{AT}&lang=en")
    assert "X-Frame-Options" not in framed and "frame-ancestors *" in framed["Content-Security-Policy"]
    assert not framed.cookies
    for address in (HERE, f"{HERE}follow/", "/valbelle/plans/measures/", f"{HERE}feed.xml"):
        other = client.get(address)
        assert other["X-Frame-Options"] == "DENY", address
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"], address


# ------------------------------------------------------------------ the page of a project
def test_the_page_of_a_project_answers_when_where_how_much(open_valbelle: Any, client: Client) -> None:
    measure = street(open_valbelle)
    _in(measure, open_valbelle.communes[0])
    works_dates(measure, date(2027, 3, 1), date(2028, 4, 30))
    shown = text(client.get(f"/valbelle/plans/measures/{measure}/"))
    assert "Works not started: from 1 March 2027 to 30 April 2028, Montaigu" in shown
    assert "12.00 M CHF" in shown and "of which Montaigu pays" in shown
    assert "35% of the cost, held at the cap of 3.00" in shown
    assert f'href="/valbelle/works/calendar.ics?measure={measure}&amp;lang=en"' in shown
    for code in ("fr", "de", "en"):
        assert f'hreflang="{code}" href="http' in shown
    assert '<meta name="description" content="Works not started' in shown
    german = text(client.get(f"/valbelle/plans/measures/{measure}/?lang=de"))
    assert '<html lang="de"' in german and "lang=de" in german


def test_a_document_that_is_not_public_stays_out_of_page_and_feed(
    open_valbelle: Any, people: Any, client: Client
) -> None:
    measure = street(open_valbelle)
    watch(open_valbelle.territory.pk)
    pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
    made = {}
    for title in ("Rapport public", "Note interne"):
        version = page.measure_page(SYSTEM, measure, language="fr").version
        draft = follow.DocumentDraft(vocabulary.DocumentType.REPORT, follow.FileDraft("a.pdf", pdf), title)
        made[title] = follow.add_document(actor=SYSTEM, measure_id=measure, version=version, draft=draft)
    _publish(measure, made["Rapport public"], public=True)
    watch(open_valbelle.territory.pk)
    addresses = (f"/valbelle/plans/measures/{measure}/", f"{HERE}feed.xml?measure={measure}")
    for address in addresses:
        shown = text(client.get(address))
        assert "Rapport public" in shown and "Note interne" not in shown, address
    _publish(measure, made["Rapport public"], public=False)
    for address in addresses:
        assert "Rapport public" not in text(client.get(address)), address


def _publish(measure: UUID, document: Any, *, public: bool) -> None:
    version = page.measure_page(SYSTEM, measure, language="fr").version
    follow.publish_document(
        actor=SYSTEM, measure_id=measure, version=version, document_id=document, public=public
    )


def test_the_state_is_said_in_the_words_of_residents(open_valbelle: Any, client: Client) -> None:
    measure = street(open_valbelle)
    Measure.objects.filter(pk=measure).update(implementation=states.Implementation.DONE)
    shown = text(client.get(f"/valbelle/plans/measures/{measure}/"))
    assert "Finished" in shown
