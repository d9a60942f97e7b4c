"""What is followed on a measure, through its page: added, kept through an error, seen by whom it is for."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import follow, page, payments, plan_actions, states, values, vocabulary
from tests.faces.web.plans_examples import BASE as MONEY
from tests.faces.web.plans_examples import create, english, street

pytestmark = pytest.mark.django_db
BASE = "/cockpit/valbelle/plans/measures/"
SYSTEM = Actor.system()


@pytest.fixture
def client(people: Any) -> Client:
    client = english()
    client.force_login(people.lead)
    return client


def load(measure: UUID) -> Any:
    return page.measure_page(SYSTEM, measure, language="fr")


def followed(measure: UUID) -> Any:
    return follow.followed(SYSTEM, measure, "fr")


def edit(measure: UUID, part: str, item: object = None) -> str:
    return f"{BASE}{measure}/edit/{part}/" + (f"{item}/" if item is not None else "")


def send(client: Client, measure: UUID, part: str, item: object = None, **fields: Any) -> Any:
    sent = {"act": "save", "reason": "", "version": load(measure).version, **fields}
    return client.post(edit(measure, part, item), sent)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\xa0", " ")


PARTS: list[tuple[str, str, dict[str, Any], dict[str, Any], str]] = [
    # part, list, what is sent, what makes it wrong, what the page says of it
    (
        "milestone",
        "milestones",
        {"type": "permit", "title_fr": "Permis de Sierre", "planned": "2027-03-01"},
        {"planned": ""},
        "Give at least one date",
    ),
    (
        "quantity",
        "quantities",
        {"planned": "1 850", "unit": "m", "label_fr": "piste neuve"},
        {"planned": "beaucoup"},
        "is not an amount",
    ),
    (
        "risk",
        "risks",
        {"kind": "land", "probability": "4", "impact": "5", "description_fr": "Parcelle 4118"},
        {"probability": "9"},
        "9 is not one of the available choices",
    ),
    (
        "decision",
        "decisions",
        {"type": "credit", "body": "Conseil général", "dated": "2026-05-04", "amount": "640 000"},
        {"dated": ""},
        "This field is required",
    ),
    (
        "actor",
        "actors",
        {"role": "pilot", "label": "Bureau Exemple"},
        {"label": ""},
        "Say who",
    ),
    (
        "effect",
        "effects",
        {
            "indicator": "new", "names_fr": "Vélos par jour", "unit": "vélos", "role": "outcome",
            "baseline": "420", "target": "1200", "direction": "up",
        },
        {"unit": ""},
        "Say in which unit",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("part", "of", "sent", "wrong", "said"), PARTS, ids=[row[0] for row in PARTS])
def test_a_thing_is_added_shown_and_taken_away(
    valbelle: Any, client: Client, part: str, of: str, sent: dict[str, Any], wrong: dict[str, Any], said: str
) -> None:
    measure = street(valbelle)
    typed = next(value for name, value in sent.items() if name not in wrong and not name.startswith("type"))
    refused = send(client, measure, part, **{**sent, **wrong})
    body = refused.content.decode()
    assert refused.status_code == 422 and said in body
    assert typed in body, "what was typed is kept"
    assert getattr(followed(measure), of) == ()
    preview = client.post(edit(measure, part), {**sent, "act": "preview"})
    assert preview.status_code == 200 and "What this changes" in preview.content.decode()
    assert getattr(followed(measure), of) == (), "a preview keeps nothing"
    assert send(client, measure, part, **sent).status_code == 302
    (row,) = getattr(followed(measure), of)
    shown = text(client, f"{BASE}{measure}/")
    assert f"/edit/{part}/{row.id}/" in shown
    assert client.get(edit(measure, part, row.id)).status_code == 200
    assert send(client, measure, f"remove-{part}", row.id, reason="wrong").status_code == 302
    assert getattr(followed(measure), of) == ()


def test_values_lead_from_the_baseline_to_the_target(valbelle: Any, client: Client) -> None:
    measure = street(valbelle)
    send(
        client, measure, "effect", indicator="new", names_fr="Vélos par jour", unit="vélos", role="outcome",
        baseline="400", target="1200", direction="up",
    )  # fmt: skip
    (effect,) = followed(measure).effects
    sent = {"dated": "2026-06-01", "kind": "result", "source": "compteur 14"}
    assert "is not an amount" in send(client, measure, "value", effect.id, value="x", **sent).content.decode()
    assert send(client, measure, "value", effect.id, value="600", **sent).status_code == 302
    assert "25% of the way" in text(client, f"{BASE}{measure}/")
    (value,) = followed(measure).effects[0].values
    assert send(client, measure, "correct-value", value.id, value="800", **sent).status_code == 302
    assert "50% of the way" in text(client, f"{BASE}{measure}/")
    assert send(client, measure, "remove-value", value.id).status_code == 302
    assert followed(measure).effects[0].values == ()


def test_a_link_is_found_by_words_and_seen_from_both_ends(valbelle: Any, client: Client) -> None:
    measure = street(valbelle)
    bridge = street(valbelle, title="Pont neuf")
    street(valbelle, title="Pont vieux")
    several = send(client, measure, "link", type="depends_on", target="Pont")
    assert "Several measures answer" in several.content.decode()
    assert (
        "No measure is found"
        in send(client, measure, "link", type="depends_on", target="zzz").content.decode()
    )
    assert send(client, measure, "link", type="depends_on", target="pont neuf").status_code == 302
    assert "Depends on" in text(client, f"{BASE}{measure}/")
    other = text(client, f"{BASE}{bridge}/")
    assert "Needed by" in other and "remove-link" not in other


def test_a_document_is_versioned_published_and_taken_away(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
    program = SimpleUploadedFile("plan.pdf", b"MZ" + b"\0" * 200)
    refused = send(client, measure, "document", file=program, type="plan", title="Plan de situation")
    assert refused.status_code == 422 and "Plan de situation" in refused.content.decode()
    assert "Choose a file." in send(client, measure, "document", type="plan").content.decode()
    given = SimpleUploadedFile("plan.pdf", pdf)
    assert (
        send(client, measure, "document", file=given, type="plan", title="Plan de situation").status_code
        == 302
    )
    (document,) = followed(measure).documents
    again = SimpleUploadedFile("plan.pdf", pdf + b"\n%2")
    assert send(client, measure, "new-version", document.id, file=again).status_code == 302
    assert followed(measure).documents[0].latest.number == 2
    client.force_login(people.contributor)  # may edit, not publish
    assert send(client, measure, "publish-document", document.id, public="on").status_code == 403
    client.force_login(people.lead)
    assert send(client, measure, "publish-document", document.id, public="on").status_code == 302
    assert followed(measure).documents[0].public
    without = send(client, measure, "remove-document", document.id)
    assert without.status_code == 422 and "Say why" in without.content.decode()
    assert send(client, measure, "remove-document", document.id, reason="obsolete").status_code == 302
    assert followed(measure).documents == ()


def test_sites_come_from_a_file(valbelle: Any, client: Client) -> None:
    measure = create(valbelle, valbelle.montaigu, "Sans emprise")
    file = (
        b'{"type":"FeatureCollection","features":['
        b'{"type":"Feature","properties":{"name":"Nord"},"geometry":{"type":"Point","coordinates":[7.4,46.2]}},'
        b'{"type":"Feature","properties":{"name":"Sud"},"geometry":{"type":"Point","coordinates":[7.5,46.1]}}]}'
    )
    bad = SimpleUploadedFile("sites.geojson", b"no file of sites")
    refused = send(client, measure, "import-sites", file=bad)
    assert refused.status_code == 422 and "sites.geojson" in refused.content.decode()
    swapped = SimpleUploadedFile(
        "sites.geojson", file.replace(b"[7.4,46.2]", b"[46.2,7.4]").replace(b"[7.5,46.1]", b"[46.1,7.5]")
    )
    assert (
        "latitude comes before longitude"
        in send(client, measure, "import-sites", file=swapped).content.decode()
    )
    assert load(measure).sites == ()
    assert (
        send(client, measure, "import-sites", file=SimpleUploadedFile("s.geojson", file)).status_code == 302
    )
    assert [(site.name, site.method) for site in load(measure).sites] == [
        ("Nord", "imported"),
        ("Sud", "imported"),
    ]


def test_the_public_page_shows_what_is_public_of_its_nature(
    valbelle: Any, people: Any, client: Client
) -> None:
    valbelle.territory.published = True
    valbelle.territory.save()
    measure = street(valbelle)
    pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
    for part, _of, sent, _wrong, _said in PARTS:
        send(client, measure, part, **sent)
    for name in ("Rapport public", "Note interne"):
        send(client, measure, "document", file=SimpleUploadedFile("a.pdf", pdf), type="report", title=name)
    public = next(one for one in followed(measure).documents if one.title == "Rapport public")
    send(client, measure, "publish-document", public.id, public="on")
    shown = text(client, f"/valbelle/plans/measures/{measure}/")
    for expected in ("Permis de Sierre", "piste neuve", "Vélos par jour", "Rapport public"):
        assert expected in shown
    for hidden in (
        "Parcelle 4118",
        "Bureau Exemple",
        "Note interne",
        "Conseil général",
        "/edit/",
        "To complete",
    ):
        assert hidden not in shown


# ------------------------------------------------------------------ plans, tracks, money
def plan_of(valbelle: Any, code: str, generation: int, *, has_agreement: bool = True) -> UUID:
    return plan_actions.create_plan(
        actor=SYSTEM,
        territory_id=valbelle.territory.pk,
        owner_id=valbelle.body.pk,
        type="agglomeration_programme",
        code=code,
        title={"fr": code},
        money_kind=MONEY,
        generation=generation,
        has_agreement=has_agreement,
    )


def entered(valbelle: Any, client: Client) -> tuple[UUID, Any]:
    """A measure that PA3 listed and PA4 lists."""
    measure = street(valbelle)
    old, new = plan_of(valbelle, "PA3", 3, has_agreement=False), plan_of(valbelle, "PA4", 4)
    rule = values.DeadlineDraft(
        vocabulary.Contribution.INDIVIDUAL, date(2020, 1, 1), date(2027, 12, 31), date(2030, 12, 31), "OUMin"
    )
    plan_actions.set_deadline_rules(actor=SYSTEM, plan_id=new, version=None, rules=[rule])
    common = {
        "code": "M-1",
        "are_code": "",
        "priority": "A",
        "listed_cost": "8 900 000",
        "listed_cost_note": "",
    }
    assert send(client, measure, "plan", plan_id=str(old), **{**common, "priority": "C"}).status_code == 302
    answer = send(client, measure, "plan", plan_id=str(new), previous=str(old), relation="same", **common)
    assert answer.status_code == 302
    listing = next(one for one in load(measure).listings if one.plan_code == "PA4")
    return measure, listing


def test_a_plan_lists_the_measure_and_the_story_is_told(valbelle: Any, people: Any, client: Client) -> None:
    measure, listing = entered(valbelle, client)
    shown = text(client, f"{BASE}{measure}/")
    assert "From generation to generation" in shown and "8.90 M CHF" in shown
    twice = send(
        client,
        measure,
        "listing",
        listing.id,
        code="M-1",
        horizon_from="2030",
        horizon_to="2020",
        contribution="individual",
        are_code="",
        priority="A",
        listed_cost="",
        listed_cost_note="",
    )
    assert twice.status_code == 422 and "ends before it starts" in twice.content.decode()
    client.force_login(people.neighbour)
    assert client.get(edit(measure, "listing", listing.id)).status_code == 403
    client.force_login(people.office)  # holds the plan
    assert client.get(edit(measure, "listing", listing.id)).status_code == 200
    client.force_login(people.lead)
    assert send(client, measure, "unlist", listing.id).status_code == 422
    assert send(client, measure, "unlist", listing.id, reason="not kept").status_code == 302
    assert [one.plan_code for one in load(measure).listings] == ["PA3"]


def test_the_agreement_is_walked_step_by_step_and_says_what_is_missing(
    valbelle: Any, people: Any, client: Client
) -> None:
    measure, listing = entered(valbelle, client)
    none = {"agreement_number": "", "financing_number": "", "financing_date": ""}
    client.force_login(people.contributor)
    assert send(client, measure, "agreement", listing.id, to="proposed", **none).status_code == 403
    client.force_login(people.lead)
    assert send(client, measure, "agreement", listing.id, to="proposed", **none).status_code == 302
    shown = text(client, f"{BASE}{measure}/")
    assert "Record the priority that the authority gave: A, B or C." in shown
    assert edit(measure, "assess", listing.id) in shown
    assert send(client, measure, "assess", listing.id, priority="A").status_code == 302
    number = {**none, "agreement_number": "6266.4.031"}
    refused = send(client, measure, "agreement", listing.id, to="in_agreement", **none)
    assert refused.status_code == 422 and "Enter the number" in refused.content.decode()
    assert send(client, measure, "agreement", listing.id, to="in_agreement", **number).status_code == 302
    (now,) = [one for one in load(measure).listings if one.id == listing.id]
    assert now.agreement is states.Agreement.IN_AGREEMENT
    assert (now.start_deadline, now.deadline_source) == (date(2027, 12, 31), "OUMin")
    shown = text(client, f"{BASE}{measure}/")
    assert "Works to start by 31.12.2027" in shown and "source: OUMin" in shown
    assert "too late" in shown  # the years say 2028


def test_dates_of_phases_are_kept_and_shown(valbelle: Any, client: Client) -> None:
    measure = street(valbelle)
    wrong = {"planned_start_5": "2028-05-01", "planned_end_5": "2027-05-01"}
    answer = send(client, measure, "dates", **wrong)
    assert answer.status_code == 422 and 'value="2028-05-01"' in answer.content.decode()
    right = {**wrong, "planned_end_5": "2029-05-01", "confirmed_5": "on"}
    assert send(client, measure, "dates", **right).status_code == 302
    (phase,) = load(measure).phases
    assert phase.planned == (date(2028, 5, 1), date(2029, 5, 1)) and phase.confirmed


FUNDING = {
    "instrument": "", "state": "agreed", "conditions": "", "amount": "", "rate": "", "cap": "", "tariff": "",
    "unit": "m", "requested_on": "", "decided_on": "", "start_deadline": "", "claim_deadline": "",
    "advance_share": "100", "lag_years": "0",
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "figures", "said"),
    [
        ("lump_per_unit", {"tariff": "400"}, "400 a m"),
        ("fill_up_to", {"rate": "50"}, "fills the aid up to 50% of the eligible cost"),
        ("residual", {}, "takes what is left"),
    ],
)
def test_each_rule_is_typed_and_read(
    valbelle: Any, client: Client, rule: str, figures: dict[str, str], said: str
) -> None:
    measure = street(valbelle)
    if figures:
        bare = send(client, measure, "funding", organisation=str(valbelle.body.pk), rule=rule, **FUNDING)
        assert bare.status_code == 422 and "Enter the" in bare.content.decode()
    sent = {**FUNDING, **figures, "organisation": str(valbelle.body.pk), "rule": rule}
    assert send(client, measure, "funding", **sent).status_code == 302
    assert said in text(client, f"{BASE}{measure}/")


def test_aid_that_arrives_later_is_told_by_year(valbelle: Any, client: Client) -> None:
    measure = street(valbelle)
    sent = {**FUNDING, "amount": "1 200 000", "advance_share": "50", "lag_years": "2"}
    who = {"organisation": str(valbelle.body.pk), "rule": "fixed"}
    assert send(client, measure, "funding", **{**sent, "lag_years": "0"}, **who).status_code == 422
    assert send(client, measure, "funding", **sent, **who).status_code == 302
    shown = text(client, f"{BASE}{measure}/")
    assert "50% with the works, the rest 2 years later" in shown
    assert '<th scope="row" class="is-title">2031</th>' in shown


def test_spending_tells_what_is_built_from_what_is_run(valbelle: Any, client: Client) -> None:
    measure = street(valbelle)
    line = {
        "year_0": "2029", "nature_0": "investment", "state_0": "projected", "amount_0": "3 000 000",
        "year_1": "2029", "nature_1": "operation", "state_1": "projected", "amount_1": "40 000",
    }  # fmt: skip
    assert send(client, measure, "spending", **line).status_code == 302
    found = [(spent.year, spent.nature, spent.amount.amount) for spent in load(measure).spending]
    assert sorted(found) == [(2029, "investment", 3_000_000), (2029, "operation", 40_000)]
    assert "2029, operation" in text(client, f"{BASE}{measure}/")
    form = client.get(f"{BASE}{measure}/edit/spending/").content.decode()
    assert '<option value="operation" selected>' in form
    # A form without the field keeps what it was.
    kept = {name: value for name, value in line.items() if not name.startswith("nature")}
    kept |= {"amount_0": "3 100 000", "version": str(load(measure).version)}
    assert send(client, measure, "spending", **kept).status_code == 302
    assert sorted(spent.nature for spent in load(measure).spending) == ["investment", "operation"]


def test_the_amounts_form_takes_one_more_row_without_a_script(valbelle: Any, client: Client) -> None:
    measure = street(valbelle)
    first = client.get(f"{BASE}{measure}/edit/spending/").content.decode()
    assert 'name="year_4"' in first and 'name="year_5"' not in first
    typed = {f"year_{at}": str(2030 + at) for at in range(5)} | {"amount_4": "12 000", "act": "more"}
    answer = send(client, measure, "spending", **typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="year_5"' in page and 'name="year_6"' not in page
    assert 'value="12 000"' in page and 'value="2034"' in page
    assert len(load(measure).spending) == 2  # nothing is saved yet


def test_spending_takes_buckets_and_negative_amounts_with_a_reason(valbelle: Any, client: Client) -> None:
    measure = street(valbelle)
    line = {
        "year_0": "2027", "span_0": "before", "state_0": "paid", "amount_0": "3 000 000", "why_0": "",
        "year_1": "2029", "span_1": "", "state_1": "projected", "amount_1": "-500 000", "why_1": "",
    }  # fmt: skip
    answer = send(client, measure, "spending", **line)
    assert answer.status_code == 422 and "Say why it is negative" in answer.content.decode()
    assert send(client, measure, "spending", **{**line, "why_1": "remboursement"}).status_code == 302
    spans = [(spent.year, spent.span.value, spent.reason) for spent in load(measure).spending]
    assert spans == [(2027, "before", ""), (2029, "", "remboursement")]
    assert "up to 2027" in text(client, f"{BASE}{measure}/")


def test_contracts_and_payments(valbelle: Any, people: Any, client: Client) -> None:
    measure = street(valbelle)
    client.force_login(people.finance)
    contract = {"reference": "C-1", "label": "Génie civil", "amount": "500 000", "dated": "2026-05-04"}
    assert send(client, measure, "commitment", **{**contract, "amount": "-1"}).status_code == 422
    assert send(client, measure, "commitment", **contract).status_code == 302
    account = payments.payments(SYSTEM, measure)
    of = f"contract:{account.commitments[0].id}"
    paid = {"of": of, "amount": "600 000", "dated": "2026-06-01", "year": "2026", "reference": "F-1"}
    assert send(client, measure, "payment", **paid).status_code == 302
    back = send(client, measure, "payment", **{**paid, "amount": "-50 000"})
    assert back.status_code == 422 and "Say why money came back" in back.content.decode()
    shown = text(client, f"{BASE}{measure}/")
    assert "more was paid than is bound" in shown
    client.force_login(people.contributor)
    assert client.get(edit(measure, "payment")).status_code == 403
    client.force_login(people.neighbour)  # sees the published measure, not its accounts
    outside = text(client, f"{BASE}{measure}/")
    assert "C-1" not in outside and "Génie civil" not in outside
    assert 'id="risks"' not in outside and 'id="journal"' not in outside and 'id="people"' not in outside


def test_a_new_measure_leads_on_to_what_is_missing(valbelle: Any, client: Client) -> None:
    answer = client.post(
        "/cockpit/valbelle/plans/measures/new/",
        {"title_fr": "Neuve", "owner": str(valbelle.montaigu.pk), "currency": "CHF", "vat": "excluded"},
    )
    assert answer.status_code == 302 and answer["Location"].endswith("#todo")
    shown = text(client, answer["Location"].partition("#")[0])
    assert "To complete" in shown
    for part in ("texts", "estimate", "site", "plan", "phase", "actor", "dates", "spending", "effect"):
        assert f"/edit/{part}/" in shown.partition('id="todo"')[2].partition("</section>")[0]


def test_replaced_names_the_measure_that_takes_the_place(valbelle: Any, client: Client) -> None:
    measure, other = street(valbelle), street(valbelle, title="Pont neuf")
    bare = send(client, measure, "implementation", to="replaced", reason="better", replaced_by="")
    assert bare.status_code == 422 and "which measure replaces" in bare.content.decode()
    sent = {"to": "replaced", "reason": "better", "replaced_by": "Pont neuf"}
    assert send(client, measure, "implementation", **sent).status_code == 302
    assert load(measure).replaced_by.id == other
    assert "Pont neuf" in text(client, f"{BASE}{measure}/")


def test_unknown_items_of_lists_are_not_found(valbelle: Any, client: Client) -> None:
    measure, other = street(valbelle), street(valbelle, title="Autre")
    send(client, other, "milestone", type="permit", planned="2027-03-01")
    (row,) = followed(other).milestones
    for part, item in (
        ("milestone", row.id),
        ("link", 999_999),
        ("listing", 999_999),
        ("remove-milestone", None),
    ):
        assert client.get(edit(measure, part, item)).status_code == 404
