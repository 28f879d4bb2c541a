"""Real processes, killed and interrupted in the middle: afterwards every row is in the portal exactly once.

A process is stopped when the sandbox has got so far, which its control address tells; nothing here waits by the clock.
"""

from __future__ import annotations

import csv
import http.client
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from importer.journal.database import Database
from importer.journal.memory import images
from tests import doors

#: door → rows and kills: the first door is tried hardest, the others for what is theirs
KILLS = {name: (1000, 20) if name == "webhook" else (120, 3) for name in doors.DOORS}
FIRMS = 60
CHANNELS = 20

_ROOT = Path(__file__).parent.parent

_MAPPING = """\
version: 1
entity: contact
origin: {originator: legacy, id: [No]}
fields:
  NAME: First name
  LAST_NAME: Last name
  PHONE: {column: Phone, type: MOBILE}
"""

_WITH_MORE = _MAPPING + """\
  COMPANY_ID: {column: Company, lookup: company, create: true}
  ADDRESS: {city: {column: City}}
  SOURCE_ID: {column: Channel, create: true}
  UF_CRM_INTERESTS: {column: Hobbies, split: "/", create: true}
"""

# Tokens that grow old again and again. A process that is killed after the token server has answered and before it has
# kept the new pair needs a person who logs in; that is tested where the moment can be chosen.
_SHORT_LIVED = ("--oauth", "access_life_s=5", "--oauth", "spent_refresh_token=accepted")

# A process that has not come so far by then never will.
_DEADLINE_S = 60


@dataclass
class Portal:
    """A sandbox in a process of its own."""

    webhook: str
    _connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(self.webhook).netloc, timeout=_DEADLINE_S)

    def control(self, path: str) -> dict:
        """An answer of its control address."""
        self._connection.request("GET", f"/sandbox/{path}")
        return json.load(self._connection.getresponse())

    def ask(self, method: str, **params: object) -> dict:
        """The portal's own answer to one call."""
        body = json.dumps(params).encode()
        self._connection.request("POST", f"{urlsplit(self.webhook).path}{method}", body, {"Content-Type": "application/json"})
        return json.load(self._connection.getresponse())

    def contacts(self) -> list[dict]:
        """Every contact, by id."""
        found: list[dict] = []
        while page := self.control(f"contacts?after={found[-1]['ID'] if found else 0}")["contacts"]:
            found += page
        return found


@dataclass
class Desk:
    """A person's folder, file, mapping and journal, and the importer at their command."""

    folder: Path
    portal: Portal
    rows: int
    starts: int = 0
    running: list[subprocess.Popen] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "people.yaml").write_text(_MAPPING, encoding="utf-8")
        self.file.write_text(self.content(), encoding="utf-8")

    @property
    def file(self) -> Path:
        """The source."""
        return self.folder / "people.csv"

    def content(self, marked: str = "") -> str:
        """A table of so many people; `marked` is added to the last one's name."""
        lines = [f"{n},Mara,Row {n},+44 20 7946 0{n % 1000:03},Firm {n % FIRMS},City {n},Channel {n % CHANNELS},Hobby {n % 9}/Hobby {n % 4}" for n in range(1, self.rows + 1)]
        return "\n".join(["No,First name,Last name,Phone,Company,City,Channel,Hobbies", *lines]) + f"{marked}\n"

    def start(self, *arguments: str) -> subprocess.Popen:
        """The importer, at work."""
        environment = os.environ | {
            **doors.environment_of(self.portal.webhook, self.folder),
            "B24_IMPORT_STATE": str(self.folder / "state"),
            # Where rows get lost, a batch takes the sandbox some 40 ms: this is as long as 60 s are for a real portal.
            "B24_IMPORT_PORTAL_FINISHES_S": "1",
            "PYTHONPATH": str(_ROOT),
        }
        command = [sys.executable, "-m", "importer", *arguments, "--journal", "journal.db"]
        process = subprocess.Popen(
            command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.running.append(process)
        return process

    def do(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output and messages of a command carried out to its end."""
        process = self.start(*arguments)
        output, messages = process.communicate(timeout=_DEADLINE_S)
        assert "Traceback" not in messages, messages
        return process.returncode, output, messages

    def wait_for(self, process: subprocess.Popen, reached: Callable[[dict], bool]) -> None:
        """Waits until the process has brought the portal so far; it must not end before."""
        while not reached(self.portal.control("requests")):
            try:
                process.wait(0.002)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"it ended with {process.returncode}: {process.communicate()[1]}")

    def assert_all_there_once(self) -> None:
        """Every row is in the portal once, and the report names its contact."""
        contacts = self.portal.contacts()
        doubled = {origin: count for origin, count in Counter(contact["ORIGIN_ID"] for contact in contacts).items() if count > 1}
        assert not doubled
        ids = {contact["ORIGIN_ID"]: str(contact["ID"]) for contact in contacts}
        assert set(ids) == {str(number) for number in range(1, self.rows + 1)}
        [results] = self.folder.glob("reports/*/results.csv")
        with results.open(encoding="utf-8-sig", newline="") as file:
            told = {row["origin_id"].lstrip("'"): (row["outcome"], row["contact_id"]) for row in csv.DictReader(file)}
        assert told == {origin: ("created", contact_id) for origin, contact_id in ids.items()}


RUN = ("run", "people.csv", "-m", "people.yaml", "--plan", "enterprise", "--quiet")
RESUME = ("resume", "--plan", "enterprise", "--quiet")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Sets up desks with so many rows before portals of their own; whatever still runs is ended with the test."""
    with ExitStack() as stack:

        def made(rows: int, speed: int = 100) -> Desk:
            command = [sys.executable, "-m", "importer.sandbox", "--port", "0", "--plan", "enterprise", "--speed", str(speed), *_SHORT_LIVED]
            process = stack.enter_context(subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True))
            stack.callback(process.kill)
            desk = Desk(tmp_path, Portal(process.stdout.readline().strip()), rows)
            stack.callback(lambda: [(started.kill(), started.communicate()) for started in desk.running])
            return desk

        yield made


def test_a_process_killed_at_many_moments_leaves_every_row_in_the_portal_once(door: str, desk: Callable[..., Desk]) -> None:
    dice = random.Random(20)
    rows, kills = KILLS[door]
    ours = desk(rows)
    moments = sorted(dice.sample(range(1, rows - rows // 5), kills))
    command = RUN
    for moment in moments:
        process = ours.start(*command)
        ours.wait_for(process, lambda so_far, moment=moment: so_far["contacts"] >= moment)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        command = RESUME
    code, output, messages = ours.do(*RESUME, "--json")
    assert code == 0, messages
    assert json.loads(output)["counts"] == {"rows": rows, "created": rows, "updated": 0, "skipped": 0, "rejected": 0, "unsettled": 0}
    ours.assert_all_there_once()


def test_killed_at_any_moment_what_contacts_need_is_there_once_as_they_are(desk: Callable[..., Desk]) -> None:
    dice = random.Random(8)
    ours = desk(240, speed=60)
    (ours.folder / "people.yaml").write_text(_WITH_MORE, encoding="utf-8")
    command = RUN
    # The first kills fall while list entries and companies are created, and requests are all that tells how far it is.
    for more in [3, 4, 3, *(dice.randint(3, 6) for _ in range(5))]:
        so_far = ours.portal.control("requests")["requests"]
        process = ours.start(*command)
        ours.wait_for(process, lambda told, target=so_far + more: told["requests"] >= target)
        process.send_signal(signal.SIGKILL)
        process.wait()
        command = RESUME if len(_channels(ours)) else (*RUN, "--yes")
    code, _, messages = ours.do(*RESUME)
    assert code == 0, messages
    ours.assert_all_there_once()
    firms = {(int(contact["ORIGIN_ID"]) % FIRMS, contact["COMPANY_ID"]) for contact in ours.portal.contacts()}
    assert len(firms) == len({number for number, _ in firms}) == len({company for _, company in firms}) == FIRMS
    assert ours.portal.ask("crm.company.list", filter={"ORIGINATOR_ID": "b24-import"})["total"] == FIRMS
    assert ours.portal.ask("crm.requisite.list")["total"] == ours.portal.ask("crm.address.list")["total"] == ours.rows
    _assert_entries_are_there_once(ours)


def test_killed_between_updates_each_contact_is_changed_once_and_what_it_held_is_kept(desk: Callable[..., Desk]) -> None:
    dice = random.Random(5)
    ours = desk(120, speed=60)
    (ours.folder / "people.yaml").write_text(_MAPPING + "match: {by: [origin], on_match: update}\n", encoding="utf-8")
    assert ours.do(*RUN)[0] == 0
    # Another number and another first name for everybody.
    ours.file.write_text(ours.content().replace("Mara", "Lena").replace(" 0", " 1"), encoding="utf-8")
    command = RUN
    for kill, more in enumerate([7, *(dice.randint(2, 4) for _ in range(3))]):
        so_far = ours.portal.control("requests")["requests"]
        process = ours.start(*command)
        ours.wait_for(process, lambda told, target=so_far + more: told["requests"] >= target)
        process.send_signal(signal.SIGKILL)
        process.wait()
        command = RESUME if kill or any(contact["NAME"] == "Lena" for contact in ours.portal.contacts()) else (*RUN, "--yes")
    code, output, messages = ours.do(*RUN, "--yes", "--json")
    assert code == 0, messages
    counts = json.loads(output)["counts"]
    assert (counts["updated"], counts["created"], counts["unsettled"]) == (ours.rows, 0, 0)
    contacts = ours.portal.contacts()
    assert len(contacts) == ours.rows
    assert {contact["NAME"] for contact in contacts} == {"Lena"}
    # Each has the number of before and the new one, and neither twice.
    assert all(len({phone["VALUE"] for phone in contact["PHONE"]}) == len(contact["PHONE"]) == 2 for contact in contacts)
    database = Database(ours.folder / "journal.db", read_only=True)
    held = [image.held for image in images(database, 2)]
    database.close()
    assert len(held) == ours.rows
    assert {image["NAME"] for image in held} == {"Mara"}
    assert {len(image["PHONE"]) for image in held} == {1}


def _channels(ours: Desk) -> dict[str, str]:
    """STATUS_ID → name of the channels that were added."""
    listed = ours.portal.ask("crm.status.list", filter={"ENTITY_ID": "SOURCE", "%NAME": "Channel"})["result"]
    return {status["STATUS_ID"]: status["NAME"] for status in listed}


def _assert_entries_are_there_once(ours: Desk) -> None:
    channels = _channels(ours)
    assert sorted(channels.values()) == sorted(f"Channel {n}" for n in range(CHANNELS))
    [interests] = ours.portal.ask("crm.contact.userfield.list", filter={"FIELD_NAME": "UF_CRM_INTERESTS"})["result"]
    hobbies = {item["ID"]: item["VALUE"] for item in interests["LIST"] if item["VALUE"].startswith("Hobby")}
    assert sorted(hobbies.values()) == [f"Hobby {n}" for n in range(9)]
    for contact in ours.portal.contacts():
        number = int(contact["ORIGIN_ID"])
        assert channels[contact["SOURCE_ID"]] == f"Channel {number % CHANNELS}"
        assert {hobbies[str(item)] for item in contact["UF_CRM_INTERESTS"]} == {f"Hobby {number % 9}", f"Hobby {number % 4}"}


@pytest.mark.parametrize("requests", [1, 3], ids=["the first look", "the first batch"])
def test_a_process_killed_as_soon_as_it_has_begun_is_begun_again_or_resumed(requests: int, desk: Callable[..., Desk]) -> None:
    ours = desk(30)
    process = ours.start(*RUN)
    ours.wait_for(process, lambda so_far: so_far["requests"] >= requests)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    # Before anything could be sent there is nothing to resume: the same command begins anew, or goes on.
    code, _, messages = ours.do(*RUN, "--yes")
    assert code == 0, messages
    ours.assert_all_there_once()


def _interrupted(ours: Desk) -> None:
    """Leaves a run that was interrupted by Ctrl-C after some hundred rows."""
    process = ours.start(*RUN)
    ours.wait_for(process, lambda so_far: so_far["contacts"] >= ours.rows // 4)
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=_DEADLINE_S)
    assert process.returncode == 4, messages
    assert "Traceback" not in messages
    so_far = len(ours.portal.contacts())
    assert ours.rows // 4 <= so_far < ours.rows


def test_ctrl_c_ends_a_run_in_good_order_and_resume_goes_on(desk: Callable[..., Desk]) -> None:
    ours = desk(600, speed=10)
    _interrupted(ours)
    assert len(list(ours.folder.glob("reports/*/summary.json"))) == 1
    code, output, _ = ours.do("runs", "--json")
    [run] = json.loads(output)["runs"]
    assert (code, run["state"], run["exit_code"]) == (0, "interrupted", 4)
    # What was under way was answered and journaled: nothing is in doubt.
    assert set(run["counts"]) == {"created", "new"}
    mapping = ours.folder / "people.yaml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("Last name}", "First name}") + "# changed\n", encoding="utf-8")
    code, _, messages = ours.do("resume", "--plan", "enterprise")
    assert (code, "people.yaml has changed since run" in messages) == (0, True)
    ours.assert_all_there_once()
    code, _, messages = ours.do(*RESUME)
    assert (code, "nothing to go on with" in messages) == (2, True)


def test_an_unfinished_run_is_neither_mixed_with_a_changed_file_nor_begun_a_second_time(desk: Callable[..., Desk]) -> None:
    ours = desk(400, speed=10)
    _interrupted(ours)
    sent = len(ours.portal.contacts())
    ours.file.write_text(ours.content(marked=" changed"), encoding="utf-8")
    code, _, messages = ours.do(*RESUME)
    assert code == 2
    assert "people.csv: the file is not the one that run" in messages
    assert "SHA-256" in messages
    ours.file.write_text(ours.content(), encoding="utf-8")
    code, _, messages = ours.do(*RUN)
    assert code == 2
    assert "is not finished. Go on with `b24-import resume" in messages
    assert len(ours.portal.contacts()) == sent
    assert ours.do(*RUN, "--yes")[0] == 0
    ours.assert_all_there_once()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be held here")
def test_a_second_run_on_a_journal_in_use_ends_at_once(desk: Callable[..., Desk]) -> None:
    ours = desk(200, speed=10)
    first = ours.start(*RUN)
    ours.wait_for(first, lambda so_far: so_far["contacts"] >= 1)
    first.send_signal(signal.SIGSTOP)
    for second in (RUN, RESUME):
        code, _, messages = ours.do(*second)
        assert code == 5
        assert "another run holds this journal" in messages
    first.send_signal(signal.SIGCONT)
    _, messages = first.communicate(timeout=_DEADLINE_S)
    assert first.returncode == 0, messages
    ours.assert_all_there_once()
