"""A portal that costs next to nothing: `python -m tests.bench.template_portal WEBHOOK` prints a webhook of its own and serves it.

Batches of `crm.contact.add` are answered from a template of the sandbox's answer, everything else by the sandbox behind
WEBHOOK. A real portal does its work on another machine; the sandbox, which takes three times the client's CPU, would do it on the
processor and in the caches of the client that is measured.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

_ADD = b"crm.contact.add?"

# Of each command, as the sandbox tells it.
_TIME = {
    "start": 1770300000.123456, "finish": 1770300000.123556, "duration": 0.0001, "processing": 0.0001, "date_start": "2026-02-05T17:00:00+03:00",
    "date_finish": "2026-02-05T17:00:00+03:00", "operating_reset_at": 1770300600, "operating": 0.1,
}  # fmt: skip

_ids = itertools.count(1)


def _created(commands: int) -> bytes:
    keys = [f"r{number:04d}" for number in range(commands)]
    maps = {
        "result": {key: next(_ids) for key in keys}, "result_error": [], "result_total": [], "result_next": [], "result_time": dict.fromkeys(keys, _TIME),
    }  # fmt: skip
    return json.dumps({"result": maps, "time": _TIME}).encode()


def _forwarded(url: str, body: bytes) -> tuple[int, bytes]:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


async def _serve(webhook: str) -> None:
    behind = urlsplit(webhook)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            path = head.split(b" ", 2)[1].decode()
            length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
            body = await reader.readexactly(length)
            status, said = 200, b""
            if path.partition("?")[0].endswith(("/batch", "/batch.json")) and body.count(_ADD):
                said = _created(body.count(_ADD))
            else:
                status, said = await asyncio.to_thread(_forwarded, f"{behind.scheme}://{behind.netloc}{path}", body)
            writer.write(b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(said)) + said)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}{behind.path}", flush=True)
    async with server:
        await server.serve_forever()


async def _head(reader: asyncio.StreamReader) -> bytes:
    """The head of the next request; empty when there is none."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionResetError):
        return b""


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
