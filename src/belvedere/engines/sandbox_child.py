"""The process in which foreign JavaScript runs: `python -I sandbox_child.py`, fed through its pipes.

It knows nothing of the platform: no settings, no environment, no files, no network library. Each run has a
runtime of its own, so nothing that one script changes is seen by another, nor by the next run of the same.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
from contextlib import suppress

import quickjs

TIME_S = 0.05  # of the processor, for each of the steps
MEMORY_BYTES = 16 << 20
STACK_BYTES = 256 << 10
OUTPUT_LETTERS = 32_768
PROCESS_BYTES = 1 << 30
# It takes hold of what it needs before the script can touch it. The script's own names are looked for last.
# What it says is written as JSON: a long text put together with + is of a kind that cannot be handed over.
CALLER = """
((parse, stringify, text, list, finite, most) => { const run = (given) => {
  const input = parse(given), told = (sign, said) => sign + text(said)
  input.recvTime = new Date(input.recvTime)
  let out
  try {
    if (input.downlink) {
      if (typeof encodeDownlink !== "function") return "0"
      const answer = encodeDownlink({ data: input.downlink })
      if (answer === null || typeof answer !== "object") return "?"
      if (list(answer.errors) && answer.errors.length) return told("!", answer.errors[0])
      out = { bytes: answer.bytes, fPort: answer.fPort }
    } else if (typeof decodeUplink === "function") {
      const answer = decodeUplink(input)
      if (answer === null || typeof answer !== "object") return "?"
      if (list(answer.errors) && answer.errors.length) return told("!", answer.errors[0])
      out = answer.data
    } else if (typeof Decode === "function") out = Decode(input.fPort, input.bytes, input.variables)
    else if (typeof Decoder === "function") out = Decoder(input.bytes, input.fPort)
    else return "0"
    const plain = (_, one) => typeof one === "number" && !finite(one) ? text(one)
      : typeof one === "bigint" ? text(one) : one
    const written = out !== null && typeof out === "object" ? stringify(out, plain) : undefined
    if (typeof written !== "string") return "?"
    return written.length > most ? "+" : "=" + written
  } catch (error) {
    try { return told("!", error) } catch (_) { return "!" }
  }
}
  return (given) => stringify(run(given))
})(JSON.parse, JSON.stringify, String, Array.isArray, Number.isFinite, %d)
"""
SHOWN = "globalThis.console = { log() {}, warn() {}, error() {}, info() {}, debug() {} }"
SIGNS = {"=": "decoded", "!": "error", "?": "output", "0": "missing", "+": "size"}


def confine() -> None:
    """Give up what a decoder needs nothing of."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (PROCESS_BYTES, PROCESS_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))  # those it has
    os.nice(5)


def run(source: str, given: str) -> tuple[str, str]:
    """What became of one run, and the JSON of its result or a few words of what went wrong."""
    try:
        context = quickjs.Context()
        context.set_memory_limit(MEMORY_BYTES)
        context.set_max_stack_size(STACK_BYTES)
        context.set_time_limit(TIME_S)
        context.eval(SHOWN)
        call = context.eval(CALLER % OUTPUT_LETTERS)
        with suppress(TypeError):  # its last value is of a kind that cannot be handed over, and not asked for
            context.eval(source)
        answer = json.loads(call(given))
    except quickjs.StackOverflow:
        return "memory", "too deep"
    except MemoryError:
        return "memory", ""
    except quickjs.JSException as error:
        return _fault(str(error))
    if not isinstance(answer, str) or answer[:1] not in SIGNS:
        return "output", ""
    sign, said = SIGNS[answer[0]], answer[1:]
    return (sign, said) if sign == "decoded" else (_fault(said) if sign == "error" else (sign, ""))


def _fault(said: str) -> tuple[str, str]:
    line = said.partition("\n")[0][:200]
    if "InternalError: interrupted" in line:
        return "time", ""
    if "out of memory" in line or "string too long" in line or "Maximum call stack" in line:
        return "memory", ""
    return "error", line


def main() -> None:
    """Answer until the pipe is closed: four bytes of length, then JSON, both ways."""
    confine()
    reader, writer = sys.stdin.buffer, sys.stdout.buffer
    while head := reader.read(4):
        source, given = json.loads(reader.read(struct.unpack(">I", head)[0]))
        answer = json.dumps(run(source, given)).encode()
        writer.write(struct.pack(">I", len(answer)) + answer)
        writer.flush()


if __name__ == "__main__":
    main()
