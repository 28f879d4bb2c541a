"""A fresh sandbox portal for one client of `bench_clients`: its process, the answers it loses, and what is true afterwards.

Everything is counted at the portal, by its own controls, and nothing by what a client believes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from tests.bench.measuring import ROOT

# The portal is at rest once no contact was added for so long, and is not waited for beyond the second figure.
_REST_S, _MOST_REST_S = 3.0, 60.0
_MOST_RECORDS = 100_000


@dataclass(frozen=True)
class Truth:
    """What the portal holds and has seen when a client has ended."""

    requests: int
    #: answered with 503 QUERY_LIMIT_EXCEEDED
    rate_refusals: int
    #: commands refused with OPERATION_TIME_LIMIT
    operating_refusals: int
    #: answers that were lost on purpose
    lost_answers: int
    created: int
    #: rows without a contact
    missing: int
    #: contacts beyond the first of their row
    doubled: int


@contextmanager
def fresh_portal(folder: Path, speed: float) -> Iterator[str]:
    """The webhook of a sandbox process on the standard plan."""
    command = [sys.executable, "-m", "importer.sandbox", "--plan", "standard", "--speed", str(speed)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            webhook = process.stdout.readline().strip()
            if not webhook:
                raise SystemExit("The sandbox portal did not start. `python -m importer.sandbox` shows why.")
            yield webhook
        finally:
            process.terminate()


def lose_four_answers(webhook: str, rows: int, speed: float) -> None:
    """From four chosen requests on, the next one that adds contacts loses its answer: the same for every client.

    Of 5,000 rows: from request 12 on, a whole batch is written and the connection reset; from 37, a whole batch is
    written and a gateway answers 502; from 58, the client is dropped after 10 rows and the portal goes on writing for
    8 s; from 83, the connection is reset after 25 rows. Fewer rows bring them nearer together.
    """
    deeds = {
        0.12: {"reset_after": "all"},
        0.37: {"status": 502, "body": "html", "after": "all"},
        0.58: {"keep_writing_s": 8 / speed, "after": 10},
        0.83: {"reset_after": 25},
    }
    rules = [
        {"when": {"request": f"{1 + int(share * rows / 50 - 0.5)}-{_MOST_RECORDS}", "method": "crm.contact.add", "times": 1}, "do": deed}
        for share, deed in deeds.items()
    ]
    _asked(webhook, "faults", json.dumps(rules).encode())


def truth(webhook: str, origins: Sequence[str]) -> Truth:
    """The state of the portal after its last write. `origins` are those of the rows that were to be added."""
    _wait_for_rest(webhook)
    seen = _asked(webhook, f"requests?latest={_MOST_RECORDS}")
    held = Counter(contact.get("ORIGIN_ID") for contact in _contacts(webhook))
    return Truth(
        requests=seen["requests"],
        rate_refusals=seen["by_status"].get("503", 0),
        operating_refusals=sum(map(_commands_refused, seen["latest"])),
        lost_answers=sum(seen["faults"].values()),
        created=held.total(),
        missing=sum(origin not in held for origin in origins),
        doubled=held.total() - len(held),
    )


def _commands_refused(record: dict) -> int:
    # A contact that the portal objects to counts as run, and there is none here: what did not run was refused.
    if record["status"] == 429:
        return 1
    if record["status"] != 200 or record["fault"]:
        return 0
    return max(0, sum(record["methods"].values()) - record["commands_run"])


def _contacts(webhook: str) -> Iterator[dict]:
    after = 0
    while page := _asked(webhook, f"contacts?after={after}")["contacts"]:
        yield from page
        after = int(page[-1]["ID"])


def _wait_for_rest(webhook: str) -> None:
    """A portal goes on writing after its client was dropped, so the client's end is not the end."""
    began = quiet_since = time.monotonic()
    count = -1
    while time.monotonic() - quiet_since < _REST_S and time.monotonic() - began < _MOST_REST_S:
        now = _asked(webhook, "requests")["contacts"]
        if now != count:
            count, quiet_since = now, time.monotonic()
        time.sleep(0.25)


def _asked(webhook: str, what: str, body: bytes | None = None) -> dict:
    with urlopen(Request(f"{webhook.split('/rest/')[0]}/sandbox/{what}", data=body), timeout=60) as answer:
        return json.load(answer)
