"""The page of networks and their lines for the map: who gets in, who brings, what is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from typer.testing import CliRunner

from belvedere.domains.territory.public import networks
from belvedere.faces.cli import territory as command
from tests.faces.web.test_territory_pages import signed_in
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db
LINE = {"type": "LineString", "coordinates": [[7.3, 46.2], [7.32, 46.21]]}


def roads(*geometries: Any) -> SimpleUploadedFile:
    rows = [
        {"type": "Feature", "properties": {"nom": f"Rue {n}"}, "geometry": geometry}
        for n, geometry in enumerate(geometries, start=1)
    ]
    body = json.dumps({"type": "FeatureCollection", "features": rows}).encode()
    return SimpleUploadedFile("roads.geojson", body)


def sent(*geometries: Any, **more: Any) -> dict[str, Any]:
    given = {"name": "Routes", "kind": "road", "source": "Canton", "act": "import", **more}
    return {**given, "file": roads(*geometries)}


def url(valbelle: Valbelle, name: str = "networks", **more: Any) -> str:
    return reverse(f"territory:{name}", kwargs={"territory": valbelle.territory, **more})


def test_an_administrator_previews_then_brings(valbelle: Valbelle, people: People) -> None:
    client = signed_in(people.governor)
    page = client.get(url(valbelle))
    assert page.status_code == 200 and b'type="file"' in page.content
    shown = client.post(url(valbelle), sent(LINE, act="preview"))
    assert shown.status_code == 200 and networks(valbelle.territory.pk) == []
    done = client.post(url(valbelle), sent(LINE, {"type": "Point", "coordinates": [7.3, 46.2]}))
    assert done.status_code == 200
    assert "Rue 2" in done.content.decode(), "the refused row is named"
    (view,) = networks(valbelle.territory.pk)
    assert view.lines == 1
    gone = client.post(url(valbelle, "network_remove", network_id=view.id))
    assert gone.status_code == 302 and networks(valbelle.territory.pk) == []


def test_a_file_that_cannot_be_taken_is_said_beside_its_field(valbelle: Valbelle, people: People) -> None:
    client = signed_in(people.governor)
    wrong = {**sent(LINE), "file": SimpleUploadedFile("roads.pdf", b"%PDF-1.7")}
    answer = client.post(url(valbelle), wrong)
    assert answer.status_code == 422 and "roads.pdf" in answer.content.decode()
    assert client.post(url(valbelle), sent(LINE, source="")).status_code == 422
    none = client.post(url(valbelle), sent({"type": "Point", "coordinates": [7.3, 46.2]}))
    assert none.status_code == 422 and networks(valbelle.territory.pk) == []


@pytest.mark.parametrize("name", ["administrator", "office", "lead"])
def test_others_see_the_networks_and_bring_none(valbelle: Valbelle, people: People, name: str) -> None:
    client = signed_in(getattr(people, name))
    page = client.get(url(valbelle))
    assert page.status_code == 200 and b'type="file"' not in page.content
    assert client.post(url(valbelle), sent(LINE)).status_code == 403
    signed_in(people.governor).post(url(valbelle), sent(LINE))
    (view,) = networks(valbelle.territory.pk)
    assert client.post(url(valbelle, "network_remove", network_id=view.id)).status_code == 403
    assert networks(valbelle.territory.pk)


def test_lines_are_for_those_who_draw(valbelle: Valbelle, people: People) -> None:
    signed_in(people.governor).post(url(valbelle), sent(LINE))
    address = url(valbelle, "network_lines")
    for name in ("contributor", "lead", "governor"):
        answer = signed_in(getattr(people, name)).get(address, {"box": "7.29,46.19,7.33,46.22"})
        assert answer.status_code == 200
        (feature,) = answer.json()["features"]
        assert feature["geometry"] == LINE and feature["properties"]["name"] == "Rue 1"
    outside = signed_in(people.lead).get(address, {"box": "7.4,46.3,7.5,46.4"})
    assert outside.json()["features"] == []
    for name in ("reader", "finance", "elected", "nobody"):  # of Montaigu too, with another role
        refused = signed_in(getattr(people, name)).get(address, {"box": "7.3,46.2,7.31,46.21"})
        assert refused.status_code == 403, name
    for box in ("", "7.3,46.2,7.4", "a,b,c,d", "7.4,46.3,7.3,46.2", "7,46,8,47", "nan,1,2,3"):
        assert signed_in(people.lead).get(address, {"box": box}).status_code == 422, box


def test_the_command_brings_a_network(valbelle: Valbelle, tmp_path: Path) -> None:
    file = tmp_path / "roads.geojson"
    file.write_bytes(roads(LINE).read())
    words = ["network", str(file), "--territory", "valbelle", "--name", "Routes"]
    done = CliRunner().invoke(command.app, words)
    assert done.exit_code == 0, done.output
    (view,) = networks(valbelle.territory.pk)
    assert (view.lines, view.source) == (1, "roads.geojson")
