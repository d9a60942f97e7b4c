"""The import in the browser: bring, decide, take, undo; and who may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.people import People, Valbelle

URL = "/cockpit/valbelle/plans/import/"
CSV = (
    "Identifiant;Titre;Maître d'ouvrage;Coût (CHF);Début\n"
    "A1;Piste cyclable;Montaigu;1'200.50;03.2027\n"
    "A2;Place de la gare;Inconnue;800;dès que possible\n"
)


def client_of(person: Any) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="fr")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def bring(client: Client, content: bytes | str = CSV, name: str = "mesures.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(URL, {"file": SimpleUploadedFile(name, data)})


@pytest.mark.django_db
def test_a_file_is_brought_decided_taken_and_undone(people: People) -> None:
    from belvedere.domains.plans.models import Measure
    from belvedere.domains.plans.sheets.models import SheetImport

    client = client_of(people.governor)
    assert client.get(URL).status_code == 200
    answer = bring(client)
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    text = page.content.decode()
    assert page.status_code == 200 and "Inconnue" in text and "hors taxe" in text.lower()
    assert not Measure.objects.exists()
    draft = SheetImport.objects.get()
    url = f"{URL}{draft.pk}/"
    client.post(f"{url}take/", {"sure": "1"})
    assert not Measure.objects.exists()
    client.post(f"{url}columns/", {"vat": "excluded", "price_base": "2025-10", "year": "2027"})
    client.post(f"{url}decide/", {"act": "create_all"})
    client.post(f"{url}decide/", {"act": "value", "line": "3", "field": "start", "value": "2028"})
    draft.refresh_from_db()
    assert draft.counts["create"] == 2 and draft.counts["fix"] == 0
    client.post(f"{url}take/")
    assert Measure.objects.count() == 2
    assert client.get(url).status_code == 200
    again = bring(client)
    assert "2" in client.get(again["Location"]).content.decode()
    client.post(f"{url}undo/")
    assert Measure.objects.count() == 0
    assert client.get(URL).status_code == 200


@pytest.mark.django_db
def test_a_refused_answer_keeps_the_others(people: People) -> None:
    client = client_of(people.lead)
    url = bring(client)["Location"]
    answer = client.post(f"{url}columns/", {"vat": "excluded", "year": "27", "price_base": "2025-10"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="27"' in page and 'value="2025-10"' in page
    assert client.get(f"{url}columns/")["Location"] == url
    client.post(f"{url}columns/", {"vat": "included", "year": "", "price_base": "2025-10"})
    settled = client.get(url).content.decode()
    assert 'value="included" checked' in settled, "an answer can be changed"
    assert 'name="year" value=""' in settled, "an empty answer is none"


@pytest.mark.django_db
def test_a_row_to_create_says_what_it_brings(people: People) -> None:
    client = client_of(people.lead)
    url = bring(client)["Location"]
    page = client.get(f"{url}?verdict=create").content.decode()
    assert "<ins><bdi>Montaigu</bdi></ins>" in page
    assert "1\xa0200,50 CHF" in page.replace("\u202f", "\xa0") and "03.2027" in page


@pytest.mark.django_db
def test_a_row_to_create_says_that_it_is_not_on_the_map(people: People) -> None:
    from belvedere.domains.plans.sheets.models import SheetRow

    client = client_of(people.lead)
    csv = (
        "Identifiant;Titre;Maître d'ouvrage;Longitude;Latitude\n"
        "A1;Piste cyclable;Montaigu;7,36;46,23\n"
        "A2;Place de la gare;Montaigu;;\n"
    )
    url = bring(client, csv)["Location"]
    notes = {row.line: [(p["code"], p["blocks"]) for p in row.problems] for row in SheetRow.objects.all()}
    assert notes == {2: [], 3: [("no_site", False)]}
    page = client.get(f"{url}?verdict=create").content.decode()
    assert page.count("Sans emplacement sur la carte") == 1
    assert 'class="si-note"' in page


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("fr", "Autorisation"),
        ("de", "Bewilligung"),
    ],
)
def test_a_row_shows_phases_and_states_by_their_names(language: str, shown: str) -> None:
    from django.utils.translation import gettext, override

    from belvedere.faces.web.pages.plans.sheets import words

    with override(language):
        assert words.value("33", "phase") == shown
        assert words.value("33 2027-03-01 – 2028-06-30 · 5", "phases").startswith(
            f"{shown} 03.2027 – 06.2028"
        )
        assert words.value("33 2027-03-01 · 5", "phases").endswith(gettext("Works"))
        assert words.value("not_started", "implementation") == gettext("Not started") != "not_started"
    assert words.value("33", "cost") == "33"
    assert words.value("", "phase") == ""
    assert words.value("no such code", "phase") == "no such code"


@pytest.mark.django_db
def test_only_importers_import(people: People) -> None:
    assert client_of(people.lead).get(URL).status_code == 200
    assert client_of(people.reader).get(URL).status_code == 403
    assert bring(client_of(people.contributor)).status_code == 403
    assert Client().get(URL).status_code == 302


@pytest.mark.django_db
def test_a_draft_is_its_owners(people: People) -> None:
    answer = bring(client_of(people.lead))
    for act in ("", "rows/", "to-fix.xlsx"):
        assert client_of(people.neighbour).get(answer["Location"] + act).status_code == 404
        own = client_of(people.lead).get(answer["Location"] + act)
        assert own.status_code == 200
        assert own.getvalue()
    for act in ("columns/", "decide/", "take/", "undo/", "discard/"):
        assert client_of(people.neighbour).post(answer["Location"] + act).status_code == 404
    assert client_of(people.governor).get(answer["Location"]).status_code == 200


@pytest.mark.django_db
def test_a_file_too_large_is_refused_before_it_is_read(people: People) -> None:
    client = client_of(people.lead)
    answer = client.post(
        URL, data=b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(200 << 20)
    )
    assert answer.status_code == 413
    assert "210" in answer.content.decode() and "50" in answer.content.decode()
    page = client.get(URL).content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert "50 Mo" in page


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"%PDF-1.7 hello", b"", b"\x89PNG\r\n", b"PK\x03\x04garbage"])
def test_what_is_no_spreadsheet_is_said(people: People, content: bytes) -> None:
    from belvedere.domains.plans.sheets.models import SheetImport

    answer = bring(client_of(people.lead), content, "mesures.xlsx")
    assert answer.status_code == 422
    assert not SheetImport.objects.exists()


@pytest.mark.django_db
def test_rows_of_others_are_left_out(people: People, valbelle: Valbelle) -> None:
    from belvedere.domains.plans.sheets.models import SheetRow

    csv = "Titre;Maître d'ouvrage\nUne;Montaigu\nDeux;Rochefort\nTrois;Sautelet\n"
    bring(client_of(people.lead), csv)
    assert list(SheetRow.objects.order_by("line").values_list("verdict", flat=True)) == [
        "create",
        "left_out",
        "left_out",
    ]
    SheetRow.objects.all().delete()
    bring(client_of(people.office), csv)
    assert list(SheetRow.objects.order_by("line").values_list("verdict", flat=True)) == [
        "create",
        "create",
        "left_out",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["xlsx", "csv", "geojson"])
def test_export_gives_what_one_may_see(people: People, form: str) -> None:
    answer = client_of(people.reader).get(f"/cockpit/valbelle/plans/export/measures.{form}")
    assert answer.status_code == 200 and len(b"".join(answer.streaming_content)) > 40
    assert client_of(people.nobody).get(f"/cockpit/valbelle/plans/export/measures.{form}").status_code == 403
    assert client_of(people.reader).get("/cockpit/valbelle/plans/export/measures.exe").status_code == 404


@pytest.mark.django_db
def test_a_long_file_is_taken_by_a_job_with_progress(people: People) -> None:
    from django.db import connection
    from procrastinate.contrib.django.models import ProcrastinateJob

    from belvedere.domains.plans.models import Measure
    from belvedere.domains.plans.sheets import drafts, tasks
    from belvedere.domains.plans.sheets.models import SheetImport
    from belvedere.kernel.clock import now

    client = client_of(people.lead)
    head = "Titre;Maître d'ouvrage\n"
    url = bring(client, head + "".join(f"Mesure {n};Montaigu\n" for n in range(tasks.LONG + 1)))["Location"]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [now()])
    client.post(f"{url}take/")
    draft = SheetImport.objects.get()
    assert draft.state == "taking" and not Measure.objects.exists()
    assert b"progress" in client.get(f"{url}progress/").content
    assert client.get(url).status_code == 200
    job = ProcrastinateJob.objects.get(task_name="sheets.take")
    tell, tasks.tell = tasks.tell, lambda key, percent: None
    try:
        tasks.take_later(**job.args)
    finally:
        tasks.tell = tell
    assert Measure.objects.count() == tasks.LONG + 1
    assert client.get(f"{url}progress/")["HX-Refresh"] == "true"
    assert drafts.SheetImport.objects.get().state == "taken"


LONG = (
    "Project number;Project name;Agency;Funding source;Year;Amount;Project total\n"
    "P1;Harbour bridge;Montaigu;FHWA;2027;700;1000\n"
    "P1;Harbour crossing;Montaigu;BOND;2028;-50;1000\n"
    "P2;School roof;Montaigu;CITY;2027;60;60\n"
)


@pytest.mark.django_db
def test_lines_of_one_measure_are_asked_shown_and_decided_on_the_page(people: People) -> None:
    from belvedere.domains.plans.models import Measure
    from belvedere.domains.plans.sheets.models import SheetImport

    client = client_of(people.governor)
    url = bring(client, LONG, "long.csv")["Location"]
    page = client.get(url).content.decode()
    assert 'name="group" value="0" checked' in page
    assert 'name="payer-fhwa"' in page and 'name="payer-bond"' in page
    answers = {"vat": "excluded", "price_base": "", "unit": "1", "currency": "USD", "group": ["0", "-"]}
    client.post(f"{url}columns/", {**answers, "payer-fhwa": "state", "payers_rest": "own"})
    page = client.get(url).content.decode()
    assert "2–3" in page and "2 lignes, une mesure" in page
    assert "se contredisent ici" in page and ">Harbour crossing (3)" not in page
    assert "Harbour bridge (2), Harbour crossing (3)" in page
    assert 'name="value" value="Harbour crossing"' in page
    assert "cellule F3" in page and "avec ce motif" in page
    said = {"act": "value", "line": "2", "at_line": "2", "field": "title@1", "value": "Harbour crossing"}
    client.post(f"{url}decide/", said)
    everything = client.get(f"{url}?verdict=create").content.decode()
    assert "Dépenses" in everything or "Spending" not in everything
    assert "Mesures" in everything and 'value="own" selected' in everything
    client.post(f"{url}take/")
    assert Measure.objects.count() == 2 and SheetImport.objects.get().state == "taken"


@pytest.mark.django_db
def test_a_wide_sheet_offers_years_and_buckets_for_its_columns(people: People) -> None:
    csv = "Identifiant;Titre;Maître d'ouvrage;Avant 2027;2027;2028;Autre\n1;Route;Montaigu;5;10;20;7\n"
    client = client_of(people.lead)
    url = bring(client, csv)["Location"]
    page = client.get(url).content.decode()
    assert "Toutes les années jusqu’en 2026" in page and 'value="spend:before-2026" selected' in page
    assert 'value="spend:after-2029"' in page
    refused = client.post(f"{url}columns/", {"column-6": "spend:19"})
    assert refused.status_code == 422
    client.post(f"{url}columns/", {"column-6": "spend:after-2029", "column-4": "spend:2027+voted"})
    page = client.get(url).content.decode()
    assert 'value="spend:after-2029" selected' in page and 'value="spend:2027+voted" selected' in page


@pytest.mark.django_db
def test_only_who_may_administer_is_offered_to_create_payers(people: People) -> None:
    for person, offered in ((people.governor, True), (people.lead, False)):
        client = client_of(person)
        page = client.get(bring(client, LONG, "long.csv")["Location"]).content.decode()
        assert ('<option value="new">' in page) is offered


@pytest.mark.parametrize(
    ("language", "shown"),
    [("fr", "1\u202f234\u202f567,80\xa0USD"), ("de", "1’234’567.80\xa0USD"), ("en", "1,234,567.80\xa0USD")],
)
def test_dollars_are_written_as_the_reader_writes(language: str, shown: str) -> None:
    from decimal import Decimal

    from django.utils.translation import override

    from belvedere.faces.web import formats
    from belvedere.kernel.money import Kind, Money

    with override(language):
        assert formats.money(Money(Decimal("1234567.8"), Kind("USD")), form="cents") == shown
        assert formats.money(Money(Decimal(12_000_000), Kind("GBP"))).endswith("M\xa0GBP")
