"""5,000 contacts through b24-import and through the best-known other clients: `python -m tests.bench.bench_clients`.

    --rows N        how many (5,000)
    --case WORD     healthy, lost (four answers are lost), or both
    --client NAME   only this one; may be given several times
    --speed N       latency and limits of the portal N times faster, for a quick look; the clients' own pacing is not
    --at-once N     so many clients side by side, each with a portal of its own (1)

Each client gets a fresh sandbox process under the standard limits (50 requests, 2 a second; 480 s of operating time;
0.08 s a contact), the same rows and the same lost answers, and is used as its own documentation shows. The others come
from PyPI into an environment of their own in the user's cache folder; b24pysdk, which insists on https, is made to
speak http. A client that crashes or gives up is a result, too. All of it takes about 40 minutes, because three of the
others wait for each batch before the next; with `--at-once 5` about 15. A client is stopped after 20. How
`fast_bitrix24 call` ends on a healthy portal changes from run to run, with how its first 50 answers fall: run it again.

Target: whatever is lost, b24-import leaves every row in the portal exactly once and is never refused.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.bench.clients_environment import CLIENTS, clients_python
from tests.bench.clients_portal import Truth, fresh_portal, lose_four_answers, truth
from tests.bench.clients_rows import Files, origins, write_rows
from tests.bench.measuring import ROOT, machine, verdict

_LIMIT_S = 20 * 60
# The others end themselves at the limit; this is for one that cannot.
_GRACE_S = 30

OURS = "b24-import"
#: name in the table → script and its last arguments
_OTHERS = {
    "fast_bitrix24 call": ("clients_fast_bitrix24.py", "call"),
    "fast_bitrix24 slow": ("clients_fast_bitrix24.py", "slow"),
    "b24pysdk call_batches": ("clients_b24pysdk.py", "batches"),
    "b24pysdk call_batch + retry": ("clients_b24pysdk.py", "retry"),
}
_CASES = {"healthy": "healthy portal", "lost": "four answers lost"}
_HEADINGS = ("client", "wall s", "requests", "503", "op. limit", "created", "missing", "doubled", "rows unknown", "ended")


@dataclass(frozen=True)
class Try:
    """One client on one portal."""

    client: str
    case: str
    rows: int
    speed: float
    #: interpreter of the other clients
    python: Path


@dataclass(frozen=True)
class Outcome:
    """How one try went, by the portal and by the client."""

    wall_s: float
    truth: Truth
    #: rows of which the client's user does not learn whether they are in the portal
    unknown: int
    ended: str


def main() -> None:
    """Prints a table for each case."""
    given = _arguments()
    cases = list(_CASES) if given.case == "both" else [given.case]
    clients = given.client or [OURS, *_OTHERS]
    python = clients_python()
    print(machine())
    print(f"{given.rows:,} rows, standard plan; others: {', '.join(f'{name} {version}' for name, version in CLIENTS.items())}")
    _print_meaning(given)
    tries = [Try(client, case, given.rows, given.speed, python) for case in cases for client in clients]
    with ThreadPoolExecutor(given.at_once) as pool:
        outcomes = dict(zip(tries, pool.map(_tried, tries), strict=True))
    for case in cases:
        _print_table(case, {one.client: outcome for one, outcome in outcomes.items() if one.case == case})
    ours = [outcome for one, outcome in outcomes.items() if one.client == OURS]
    if ours:
        print(verdict(all(map(_is_exact, ours)), f"{OURS}: every row exactly once, none unknown, nothing refused"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--case", choices=[*_CASES, "both"], default="both")
    parser.add_argument("--client", action="append", choices=[OURS, *_OTHERS])
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--at-once", type=int, default=1)
    return parser.parse_args()


def _print_meaning(given: argparse.Namespace) -> None:
    print("b24pysdk speaks plain http here: the sandbox has no TLS, so its fixed https is replaced in the bench's script")
    print("wall: the client's process from start to end, its reading and its report included; all else counted at the portal")
    print("rows unknown: rows of which the client does not say whether they are in the portal")
    if given.speed != 1:
        print(f"speed {given.speed:g}: wall is no portal's figure; latency and limits run faster there, the clients pace as ever")
    if given.at_once > 1:
        print(f"{given.at_once} clients side by side shared this machine: wall is at most as good as alone")


def _is_exact(outcome: Outcome) -> bool:
    found = outcome.truth
    return not (found.missing or found.doubled or found.rate_refusals or found.operating_refusals or outcome.unknown)


# -- one client -------------------------------------------------------------------------------


def _tried(one: Try) -> Outcome:
    with tempfile.TemporaryDirectory() as name, fresh_portal(Path(name), one.speed) as webhook:
        folder = Path(name)
        files = write_rows(folder, one.rows)
        if one.case == "lost":
            lose_four_answers(webhook, one.rows, one.speed)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "B24_WEBHOOK_URL": webhook, "B24_IMPORT_STATE": name}
        if one.speed != 1:
            environment["B24_IMPORT_PORTAL_FINISHES_S"] = str(60 / one.speed)
        began = time.perf_counter()
        told, ended = _run(_command(one, files), folder, environment)
        wall_s = time.perf_counter() - began
        found = truth(webhook, origins(one.rows))
    print(f"{_CASES[one.case]}, {one.client}: {wall_s:.0f} s, {ended}", file=sys.stderr, flush=True)
    return Outcome(wall_s, found, one.rows - _settled(told), ended)


def _command(one: Try, files: Files) -> list[str]:
    if one.client == OURS:
        options = ["--plan", "standard", "--yes", "--json", "--quiet"]
        return [sys.executable, "-m", "importer", "run", str(files.table), "-m", str(files.mapping), *options]
    script, *ways = _OTHERS[one.client]
    return [str(one.python), str(Path(__file__).with_name(script)), str(files.contacts), str(_LIMIT_S), *ways]


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[dict, str]:
    """What a client told on standard output, and how it ended."""
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_LIMIT_S + _GRACE_S, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {}, f"stopped after {_LIMIT_S // 60} min"
    told = json.loads(done.stdout) if done.stdout.strip() else {}
    if done.returncode == 0 and told:
        return told, "finished"
    last = (done.stderr.strip().splitlines() or ["without a word"])[-1]
    return told, f"exit {done.returncode}: {re.sub(r'https?://[^ ]+', 'the portal', last)[:70]}"


def _settled(told: dict) -> int:
    """Rows whose fate the client named: in the summary of ours, in what the others' scripts print."""
    counts = told.get("counts", told)
    return sum(counts.get(name, 0) for name in ("created", "updated", "skipped", "rejected", "refused"))


# -- the table --------------------------------------------------------------------------------


def _print_table(case: str, outcomes: dict[str, Outcome]) -> None:
    lines = [_HEADINGS]
    for client, outcome in outcomes.items():
        found = outcome.truth
        asked = (found.requests, found.rate_refusals, found.operating_refusals)
        numbers = (*asked, found.created, found.missing, found.doubled, outcome.unknown)
        lines.append((client, f"{outcome.wall_s:.1f}", *(f"{number:,}" for number in numbers), outcome.ended))
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    lost = ", ".join(f"{client} {outcome.truth.lost_answers}" for client, outcome in outcomes.items()) if case == "lost" else ""
    print(f"\n{_CASES[case]}{' (that befell: ' + lost + ')' if lost else ''}")
    for line in lines:
        cells = [text.rjust(width) for text, width in zip(line, widths, strict=True)]
        print("  ".join([line[0].ljust(widths[0]), *cells[1:-1], line[-1]]))


if __name__ == "__main__":
    main()
