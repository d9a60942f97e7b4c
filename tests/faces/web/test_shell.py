"""The frame of pages and the design system: what every page leans on."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError, engines
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils import translation

import belvedere.faces.web
from belvedere.domains.access.public import Actor
from belvedere.faces.web import context, formats, language
from belvedere.faces.web.shell import Entry, initials, sections
from belvedere.kernel.money import Kind, Money, Vat
from tests.people import People, Valbelle

WEB = Path(belvedere.faces.web.__file__).parent
TEMPLATES = [
    path for folder in (WEB / "templates", *WEB.glob("pages/*/templates")) for path in folder.rglob("*.html")
]
ICON = re.compile(r'\{%\s*icon\s+"([^"]+)"')


class UnknownVariable(str):
    """Stands for `string_if_invalid`: any use of a variable that does not exist fails."""

    __slots__ = ()

    def __contains__(self, key: object) -> bool:
        return True

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"a template uses “{name}”, which does not exist")


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", UnknownVariable("%s"))


# ------------------------------------------------------------------ templates
def _name(path: Path) -> str:
    return str(path).rsplit("/templates/", 1)[1]


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_template_parses(path: Path) -> None:
    try:
        get_template(_name(path))
    except TemplateSyntaxError as error:
        pytest.fail(f"{_name(path)}: {error}")


class _Scripts(HTMLParser):
    """Collects what the content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = given.get("type") or ""
        if tag == "script" and "src" not in given and kind != "application/json":
            self.refused.append("<script> without src")
        self.refused += [name for name in given if name.startswith(("on", "hx-on"))]
        self.refused += [
            f"{name}=js:" for name, value in attrs if (value or "").startswith(("javascript:", "js:"))
        ]


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_template_holds_inline_script(path: Path) -> None:
    reader = _Scripts()
    reader.feed(re.sub(r"\{[%#].*?[%#]\}", "", path.read_text(), flags=re.DOTALL))
    assert reader.refused == []


def test_the_inline_script_test_sees_one() -> None:
    reader = _Scripts()
    reader.feed('<script>alert(1)</script><a onclick="x()" href="javascript:x()">')
    assert len(reader.refused) == 3


def test_an_unknown_variable_fails(strict: None) -> None:
    with pytest.raises(AssertionError, match="nobody"):
        Template("{{ nobody }}").render(Context({}))


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    sprite = WEB / "static/belvedere/icons.svg"
    if not sprite.exists():
        pytest.skip("npm run build has not run")
    there = set(re.findall(r'<symbol id="([^"]+)"', sprite.read_text()))
    used = {name for path in TEMPLATES for name in ICON.findall(path.read_text())}
    assert used <= there, f"run npm run build; not in the sprite: {sorted(used - there)}"


# ------------------------------------------------------------------ colours
def _tokens() -> dict[str, dict[str, str]]:
    css = (WEB / "assets/css/tokens.css").read_text()
    light, dark = css.split('[data-theme="dark"]')
    found = {
        theme: dict(re.findall(r"(--bv-[\w-]+):\s*(#[0-9a-fA-F]{6})", part))
        for theme, part in (("light", light), ("dark", dark))
    }
    return {"light": found["light"], "dark": {**found["light"], **found["dark"]}}


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """WCAG 2.2 contrast of two #rrggbb colours."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


STATES = ("ok", "warn", "major", "critical", "info")
GROUNDS = ("ground", "surface", "sunken")
TEXT_ON = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "brand") for ground in GROUNDS),
    *((state, f"{state}-soft") for state in STATES),
    *((state, ground) for state in STATES for ground in ("ground", "surface")),
    *(("ink", f"{state}-soft") for state in STATES),
    ("brand-ink", "brand"),
    ("brand", "brand-soft"),
    ("ink", "brand-soft"),
    ("accent", "surface"),
    ("accent-ink", "accent"),
    ("surface", "ink"),
    ("map-label", "map-ours"),
    ("map-label-out", "map-land"),
    ("map-water-ink", "map-ours"),
    ("pine-ink", "pine"),
    ("pine-ink-2", "pine"),
    *(
        ("alert-ink", ground)
        for ground in ("alert", "alert-major", "alert-warn", "alert-info", "alert-info-2")
    ),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_is_readable(theme: str, text: str, ground: str) -> None:
    tokens = _tokens()[theme]
    assert contrast(tokens[f"--bv-{text}"], tokens[f"--bv-{ground}"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "surface"])
@pytest.mark.parametrize("line", ["line-input", "focus-ink"])
def test_borders_of_fields_are_seen(theme: str, line: str, ground: str) -> None:
    tokens = _tokens()[theme]
    assert contrast(tokens[f"--bv-{line}"], tokens[f"--bv-{ground}"]) >= 3


def _on_a_screen(css: str) -> str:
    """The rules without comments and without those for paper."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    while (start := css.find("@media print")) >= 0:
        end, depth = css.index("{", start) + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        css = css[:start] + css[end:]
    return css


def test_text_has_its_colour_from_tokens() -> None:
    """So that what holds of a page in one theme holds in the other, whose tokens alone are different."""
    sheets = [*(WEB / "assets/css").glob("*.css"), *(WEB / "pages").glob("*/assets/*.css")]
    written = re.compile(r"(?<![\w-])color\s*:\s*(?:#|rgb|hsl|oklch|white|black)[^;}]*")
    assert len(sheets) > 30
    found = [
        f"{path.name}: {one}" for path in sheets for one in written.findall(_on_a_screen(path.read_text()))
    ]
    assert found == []


def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


# ------------------------------------------------------------------ language
@pytest.mark.django_db
def test_the_switch_keeps_the_language_and_returns(client: Client) -> None:
    answer = client.post("/language/", {"language": "de", "next": "/account/login/?a=1"})
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?a=1"
    page = client.get("/account/login/")
    assert '<html lang="de"' in page.content.decode()


@pytest.mark.django_db
def test_the_switch_refuses_a_get_another_language_and_another_site(client: Client) -> None:
    assert client.get("/language/?language=de").status_code == 405
    assert client.post("/language/", {"language": "tlh"}).status_code == 400
    away = client.post("/language/", {"language": "de", "next": "https://example.com/"})
    assert away["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("code", list(language.NAMES))
def test_the_sign_in_page_speaks_each_language(client: Client, strict: None, code: str) -> None:
    client.cookies["belvedere_language"] = code
    page = client.get("/account/login/").content.decode()
    words = {"fr": "Se connecter", "de": "Anmelden", "en": "Sign in"}
    assert words[code] in page
    assert f'<html lang="{code}"' in page


@pytest.mark.django_db
def test_a_missing_page_says_what_to_do(client: Client, strict: None) -> None:
    answer = client.get("/nowhere/at/all/", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "Start again from the first page" in answer.content.decode()


def test_a_form_from_before_a_new_sign_in_says_how_to_open_it_again(strict: None) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    page = "http://testserver/cockpit/valbelle/live/devices/new/?a=1"
    answer = client.post("/language/", {"language": "de"}, headers={"referer": page})
    shown = answer.content.decode()
    assert answer.status_code == 403 and "what you typed comes back" in shown
    assert 'href="/cockpit/valbelle/live/devices/new/?a=1" data-form-again' in shown
    answer = client.post("/language/", {"language": "de"}, headers={"referer": "https://evil.example/x"})
    assert 'href="/" data-form-again' in answer.content.decode()


# ------------------------------------------------------------------ the frame
def test_the_rail_shows_what_exists_and_one_current_entry() -> None:
    request = RequestFactory().get("/cockpit/valbelle/plans/measures/")
    entries = (
        Entry("decide", "Measures", "list-details", "plans:measures"),
        Entry("decide", "Nothing", "x", "plans:no-such-page"),
        Entry("govern", "Hidden", "users", "plans:finance", visible=lambda _request: False),
    )
    rail = sections(request, "valbelle", entries, (("decide", "Decide"), ("govern", "Govern")))
    assert [(s.label, [(i.label, i.current) for i in s.items]) for s in rail] == [
        ("Decide", [("Measures", True)])
    ]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("", "layout-dashboard"),
        ("reporting/", "clipboard-check"),
        ("reporting/schedule/", "calendar-stats"),
        ("collaboration/", None),
        ("collaboration/views/", "list-details"),
    ],
)
def test_the_overview_is_not_every_page_below_it(path: str, current: str | None) -> None:
    request = RequestFactory().get(f"/cockpit/valbelle/{path}")
    request.actor = Actor.public()  # type: ignore[attr-defined]
    rail = sections(request, "valbelle", context.ENTRIES, context.SECTIONS)
    assert [item.icon for section in rail for item in section.items if item.current] == (
        [current] if current else []
    )


@pytest.mark.django_db
def test_the_frame_of_an_example_says_so(valbelle: Valbelle, people: People, strict: None) -> None:
    request = RequestFactory().get("/cockpit/valbelle/")
    from belvedere.domains.territory.public import territory_by_slug

    valbelle.territory.is_example = True
    valbelle.territory.save()
    request.territory = territory_by_slug("valbelle")  # type: ignore[attr-defined]
    request.actor = people.actor("lead")  # type: ignore[attr-defined]
    frame = context.build(request)
    assert frame.territory is not None
    assert frame.territory.is_example
    assert [t.slug for t in frame.territories] == ["valbelle"]
    page = get_template("cockpit.html").render({"shell": frame}, request)
    assert page.count('class="bv-ex"') == 1
    assert frame.person is not None
    assert frame.person.name in page


@pytest.mark.django_db
def test_someone_without_a_role_is_offered_no_territory(valbelle: Valbelle, people: People) -> None:
    request = RequestFactory().get("/")
    request.actor = people.actor("nobody")  # type: ignore[attr-defined]
    assert list(context.build(request).territories) == []


def test_initials() -> None:
    assert [initials(name) for name in ("Sandrine Favre-Rey", "Zoé", "", "li wu")] == ["SF", "ZO", "?", "LW"]


# ------------------------------------------------------------------ components
def _render(source: str, **values: Any) -> str:
    return Template("{% load belvedere i18n %}" + source).render(Context(values)).strip()


def test_components_render_with_what_they_need_and_nothing_more(strict: None) -> None:
    for name, values in {
        "empty": {"title": "None"},
        "flag": {"level": "warn", "title": "Late"},
        "steps": {"steps": [{"label": "File", "state": "current", "url": ""}]},
        "progress": {"label": "Import"},
        "more": {},
        "toast_undo": {"text": "Done", "undo_url": ""},
        "map": {"id": "m", "label": "Map", "outlines_url": "/o.json"},
        "map_editor": {"map_id": "m"},
        "journal": {
            "entries": [
                {
                    "at": datetime(2026, 1, 2, tzinfo=UTC),
                    "actor": "A",
                    "verb": "b",
                    "before": "",
                    "after": "",
                    "reason": "",
                }
            ]
        },
    }.items():
        assert get_template(f"components/{name}.html").render(values).strip() or name == "more"


def test_words_of_people_are_escaped() -> None:
    nasty = "<script>alert(1)</script>"
    made = _render(
        "{% state nasty %}{% priority nasty %}{% avatar nasty %}{% icon 'x' label=nasty %}", nasty=nasty
    )
    assert "<script" not in made


def test_sorting_turns_and_keeps_the_filters() -> None:
    request = RequestFactory().get("/?owner=3&sort=-cost&page=4")
    made = _render('{% sort_head "cost" "Cost" numeric=True %}', request=request)
    assert 'aria-sort="descending"' in made
    assert "?owner=3&amp;sort=cost" in made
    assert "page=" not in made


def test_a_filter_is_taken_out_alone() -> None:
    request = RequestFactory().get("/?owner=3&owner=4&plan=1")
    assert _render('{% query_without "owner" "3" %}', request=request) == "?plan=1&amp;owner=4"


class _Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As people say it.")
    agreed = forms.BooleanField(label="Agreed")
    roles = forms.MultipleChoiceField(choices=[("r", "Reader")], widget=forms.CheckboxSelectMultiple)


def test_a_form_ties_its_errors_to_its_fields(strict: None) -> None:
    made = str(_Form({"name": ""}))
    assert made.count("has-error") == 3
    assert 'id="id_name_helptext"' in made
    assert 'aria-invalid="true"' in made
    assert 'aria-describedby="id_name_helptext id_name_error"' in made or 'id="id_name_error"' in made


# ------------------------------------------------------------------ numbers
HARD, NARROW = "\u00a0", "\u202f"
KIND = Kind("CHF", price_base="2025-10")


@pytest.mark.parametrize(
    ("code", "short", "full", "share"),
    [
        ("fr", f"12,64{HARD}M{HARD}CHF", f"12{NARROW}640{NARROW}000{HARD}CHF", f"22,3{HARD}%"),
        ("de", f"12.64{HARD}M{HARD}CHF", f"12’640’000{HARD}CHF", "22.3%"),
        ("en", f"12.64{HARD}M{HARD}CHF", f"12,640,000{HARD}CHF", "22.3%"),
    ],
)
def test_numbers_in_the_readers_language(code: str, short: str, full: str, share: str) -> None:
    amount = Money(Decimal("12640000"), KIND)
    with translation.override(code):
        assert formats.money(amount) == short
        assert formats.money(amount, form="full") == full
        assert formats.percent(Decimal("0.223"), 1) == share


def test_amounts_round_half_up_and_say_minus() -> None:
    with translation.override("en"):
        assert formats.money(Money(Decimal("-1005000"), KIND), form="millions", unit=False) == "\u22121.01"
        assert formats.money(Money(Decimal("999999.99"), KIND)) == f"1,000,000{HARD}CHF"
        assert formats.number(Decimal("0.125"), 2) == "0.13"


def test_the_caption_names_currency_tax_and_price_base() -> None:
    with translation.override("fr"):
        assert formats.money_kind(KIND, size="millions") == "millions de CHF, hors TVA, prix d’octobre 2025"
        assert formats.money_kind(Kind("EUR", Vat.INCLUDED)) == "EUR, TVA comprise, prix courants"
    with translation.override("de"):
        assert formats.money_kind(KIND) == "CHF, exkl. MWST, Preisstand Oktober 2025"


def test_dates_and_sizes() -> None:
    with translation.override("fr"):
        assert formats.day(date(2029, 2, 18), "short") == "18.02.2029"
        assert formats.day(date(2029, 2, 18), "long") == "18 février 2029"
        assert formats.day(date(2029, 2, 18), "month") == "02.2029"
        assert formats.moment(datetime(2026, 11, 21, 14, 4, tzinfo=UTC)) == "21.11.2026, 15:04"
        assert [formats.size(n) for n in (999, 4_200, 42_000_000)] == [
            f"999{HARD}octets",
            f"4,2{HARD}ko",
            f"42{HARD}Mo",
        ]


def test_sizes_grow_with_the_number() -> None:
    with translation.override("en"):
        units = [formats.size(10**power).split(HARD)[1] for power in range(13)]
    assert all(a == b or units.index(a) < units.index(b) for a, b in pairwise(units))
