"""Take a JetStream stream out of the bus as one file, and put it back (NATS ADR-8, snapshot and restore).

The bus goes on meanwhile: the server gives the stream as it was at one instant, with its consumers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from belvedere.kernel.errors import N_, Unavailable

if TYPE_CHECKING:
    from nats.aio.client import Client

API = "$JS.API.STREAM"
CHUNK_BYTES = 128 * 1024
PATIENCE_S = 30.0


async def names(client: Client) -> list[str]:
    """The names of all streams, sorted."""
    found: list[str] = []
    while True:
        answer = await _ask(client, f"{API}.NAMES", {"offset": len(found)})
        page = answer.get("streams") or []
        found += page
        if not page or len(found) >= int(answer["total"]):
            return sorted(found)


async def take_out(client: Client, name: str, file: Path) -> dict[str, Any]:
    """Write the stream to `file`; what `put_back` needs beside it: its configuration and state."""
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox, pending_msgs_limit=-1, pending_bytes_limit=-1)
    try:
        wish = {"deliver_subject": inbox, "no_consumers": False, "chunk_size": CHUNK_BYTES, "jsck": True}
        answer = await _ask(client, f"{API}.SNAPSHOT.{name}", wish)
        with file.open("wb") as output:
            while True:
                message = await subscription.next_msg(PATIENCE_S)
                if not message.data:
                    # The last one; a status other than 204 says that the snapshot broke off.
                    status = (message.headers or {}).get("Status", "204")
                    if status != "204":
                        raise _failed(name, f"status {status}")
                    break
                output.write(message.data)
                if message.reply:
                    await client.publish(message.reply)
    finally:
        await subscription.unsubscribe()
    return {"config": answer["config"], "state": answer["state"]}


async def put_back(client: Client, name: str, told: dict[str, Any], file: Path) -> int:
    """Make the stream again from what `take_out` gave; how many messages it holds."""
    answer = await _ask(client, f"{API}.RESTORE.{name}", {"config": told["config"], "state": told["state"]})
    subject = str(answer["deliver_subject"])
    with file.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            reply = await client.request(subject, chunk, timeout=PATIENCE_S)
            if reply.data:
                raise _failed(name, reply.data.decode("utf-8", "replace"))
    done = json.loads((await client.request(subject, b"", timeout=PATIENCE_S)).data)
    _refuse(name, done)
    return int(done["state"]["messages"])


async def remove(client: Client, name: str) -> None:
    """Delete a stream with its messages."""
    await _ask(client, f"{API}.DELETE.{name}", {})


async def _ask(client: Client, subject: str, wish: dict[str, Any]) -> dict[str, Any]:
    reply = await client.request(subject, json.dumps(wish).encode(), timeout=PATIENCE_S)
    answer: dict[str, Any] = json.loads(reply.data)
    _refuse(subject.rsplit(".", 1)[-1], answer)
    return answer


def _refuse(name: str, answer: dict[str, Any]) -> None:
    if "error" in answer:
        raise _failed(name, str(answer["error"].get("description", answer["error"])))


def _failed(name: str, reason: str) -> Unavailable:
    return Unavailable(
        N_("The bus could not copy the stream {name}: {reason}. Try again when the bus is well."),
        code="stream_copy_failed",
        name=name,
        reason=reason,
    )
