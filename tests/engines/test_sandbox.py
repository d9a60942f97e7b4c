"""JavaScript of others is stopped, whatever it tries, and the next script knows nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from belvedere.engines.sandbox import Ended, Sandbox

GIVEN: dict[str, Any] = {
    "bytes": [1, 2],
    "fPort": 3,
    "variables": {"k": "v"},
    "recvTime": "2026-01-01T00:00:00Z",
}
GOOD = "function decodeUplink(i) { return { data: { a: i.bytes[0], port: i.fPort } } }"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (GOOD, {"a": 1, "port": 3}),
        ("function Decode(port, bytes, vars) { return { p: port, b: bytes[1], v: vars.k } }", None),
        ("function Decoder(bytes, port) { return { p: port, b: bytes[1], v: 'v' } }", None),
        ("const decodeUplink = i => ({ data: { y: i.recvTime.getUTCFullYear() } })", {"y": 2026}),
        ("function decodeUplink() { return { data: { x: NaN, y: 1e999 } } }", {"x": "NaN", "y": "Infinity"}),
    ],
)
def test_the_three_forms_of_decoders_are_called(sandbox: Sandbox, source: str, told: Any) -> None:
    run = sandbox.run(source, GIVEN)
    assert (run.ended, json.loads(run.text)) == (Ended.DECODED, told or {"p": 3, "b": 2, "v": "v"})


@pytest.mark.parametrize("many", [1, 250, 300, 10_000])
def test_a_long_result_comes_whole(sandbox: Sandbox, many: int) -> None:
    source = f"function decodeUplink() {{ return {{ data: {{ a: Array({many}).fill(1) }} }} }}"
    run = sandbox.run(source, GIVEN)
    assert (run.ended, json.loads(run.text)) == (Ended.DECODED, {"a": [1] * many})


def test_long_words_are_handed_over_or_not_asked_for(sandbox: Sandbox) -> None:
    wrong = sandbox.run("function decodeUplink() { throw 'x'.repeat(400) + 'y'.repeat(400) }", GIVEN)
    assert (wrong.ended, wrong.text) == (Ended.ERROR, "x" * 200)
    assert sandbox.run(f"{GOOD}; 'x'.repeat(400) + 'y'.repeat(400)", GIVEN).ended is Ended.DECODED
    assert sandbox.run(f"{GOOD}; String.prototype.toJSON = () => 'no'", GIVEN).ended is Ended.DECODED


@pytest.mark.parametrize(
    ("body", "ended"),
    [
        ("while (true) {}", Ended.TIME),
        ("try { while (true) {} } catch (_) { while (true) {} }", Ended.TIME),
        ("/(a+)+$/.test('a'.repeat(60) + 'b')", Ended.TIME),
        ("const all = []; for (;;) all.push(new Array(10000).fill(1))", Ended.MEMORY),
        ("const f = () => f() + 1; return { data: f() }", Ended.MEMORY),
        ("let o = {}; const top = o; for (let i = 0; i < 1e5; i++) o = o.o = {}; return { data: top }", None),
        ("return { data: { s: 'x'.repeat(100000) } }", Ended.SIZE),
        ("return { errors: ['no such sensor'] }", Ended.ERROR),
        ("throw { toString() { for (;;) {} } }", Ended.TIME),
        ("throw new Error('bad frame')", Ended.ERROR),
        ("return { data: 7 }", Ended.OUTPUT),
        ("return 'text'", Ended.OUTPUT),
        ("return { data: { toJSON() { return undefined } } }", Ended.OUTPUT),
        ("const a = { }; a.a = a; return { data: a }", Ended.ERROR),
        ("return { data: { v: Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0) } }", Ended.ERROR),
        ("return { data: { o: std.open('/etc/passwd', 'r') } }", Ended.ERROR),
    ],
)
def test_what_a_hostile_decoder_does_ends_there(sandbox: Sandbox, body: str, ended: Ended | None) -> None:
    run = sandbox.run(f"function decodeUplink(i) {{ {body} }}", GIVEN)
    assert run.ended is ended if ended else run.ended in (Ended.MEMORY, Ended.ERROR, Ended.SIZE)
    assert sandbox.run(GOOD, GIVEN).ended is Ended.DECODED


def test_a_script_that_is_no_script_says_where(sandbox: Sandbox) -> None:
    assert sandbox.run("function decodeUplink( {", GIVEN).ended is Ended.ERROR
    assert sandbox.run("var x = 1", GIVEN).ended is Ended.MISSING


def test_nothing_of_a_script_is_left_for_the_next(sandbox: Sandbox) -> None:
    poison = """
    Object.prototype.a = 666; Array.prototype.map = null; globalThis.seen = 1
    JSON.stringify = () => '{"a":666}'; JSON.parse = () => ({ bytes: [666] })
    String = Number = null; globalThis.decodeUplink = () => ({ data: {} })
    """
    assert sandbox.run(poison, GIVEN).text == "{}"  # its own tricks do not reach what calls it either
    asks = "function decodeUplink(i) { return { data: { s: typeof seen, o: ({}).a === undefined } } }"
    assert json.loads(sandbox.run(asks, GIVEN).text) == {"s": "undefined", "o": True}
    counts = (
        "var n = globalThis.n || 0; function decodeUplink() { return { data: { n: globalThis.n = n + 1 } } }"
    )
    assert {sandbox.run(counts, GIVEN).text for _ in range(3)} == {'{"n":1}'}


def test_who_does_not_answer_is_killed_and_replaced() -> None:
    sandbox = Sandbox(wall_s=0.0001)  # less than a process needs to start
    assert sandbox.run(GOOD, GIVEN).ended is Ended.TIME
    assert sandbox.killed == 1
    patient = Sandbox()
    assert patient.run(GOOD, GIVEN).ended is Ended.DECODED
    assert patient._process is not None
    patient._process.kill()
    patient._process.wait()
    assert patient.run(GOOD, GIVEN).ended is Ended.DECODED  # by another process
    patient.close()
