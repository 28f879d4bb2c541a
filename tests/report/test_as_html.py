import re
from html.parser import HTMLParser

import pytest

from importer.journal.entries import RequestRecord
from importer.records import RowProblem
from importer.report.as_html import page

from .conftest import Filled, created, new, rejected

_VOID = {"meta", "br", "link", "img"}


class Outline(HTMLParser):
    """Tags, attributes and text of a page; `unbalanced` names the first tag closed out of order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text, self.unbalanced = "", None
        self._open: list[str] = []
        self.feed(text)
        self.unbalanced = self.unbalanced or (self._open[-1] if self._open else None)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.unbalanced = self.unbalanced or tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("state", ["created", "mixed", "stopped", "interrupted", "running", "empty", "all rejected"])
def test_a_page_of_any_run_is_well_formed_and_needs_nothing_from_elsewhere(filled: Filled, state):
    rows = {"empty": [], "all rejected": [rejected(2)], "created": [new(2)]}.get(state, [new(2), new(3), rejected(4)])
    filled.plan(*rows)
    if any(row.state == "new" for row in rows):
        filled.send(created(2), operating_s=3.0)
    if state != "running":
        filled.end(state if state in ("stopped", "interrupted") else "finished", 1, stopped_by="why it stopped")
    text = page(filled.facts)
    outline = Outline(text)
    assert outline.unbalanced is None
    assert not {"script", "link", "img", "iframe", "object"} & set(outline.tags)
    assert not [name for name, _ in outline.attributes if name in ("src", "href") or name.startswith("on")]
    assert "url(" not in text and "@import" not in text


def test_a_manager_reads_outcome_reasons_examples_and_what_to_do(mixed: Filled):
    said = re.sub(r"\s+", " ", Outline(page(mixed.facts)).text)
    for part in (
        "3 of 7 rows are in the portal; 2 were rejected and 2 are in doubt.", "Contacts from clients.csv into portal.example.com",
        "The date cannot be read", '"31.02.1980" is not a date. Correct the cell.', "The portal refused the contact",
        "Went on, but worth a look", '"12-34" is not a valid number', "b24-import run rejects.csv -m mappings/crm.yaml",
        "Skipped: 1 row", "2 requests in 2 s", "allowed: 2 requests a second, after a first 50 at once",
        "They all carry ORIGINATOR_ID = crm", "20251121-1923-k3, finished, exit code 1", "sha256 abababababab",
    ):  # fmt: skip
        assert part in said, part


def test_sections_without_content_are_left_out(filled: Filled):
    said = Outline(page(filled.plan(new(2)).send(created(2)).end().facts)).text
    assert not [word for word in ("Rejected:", "Unsettled:", "worth a look", "Skipped:", "What to do next") if word in said]


def test_a_run_that_sent_nothing_says_so_instead_of_an_empty_picture(filled: Filled):
    text = page(filled.plan(rejected(2)).end().facts)
    assert "No request left for the portal" in text and "<svg" not in text
    assert "nothing to take back" in text.replace("\n", " ")


def test_a_moment_in_which_no_row_was_sent_is_no_picture_either(filled: Filled):
    text = page(filled.plan(rejected(2)).send().end().facts)
    assert "No row left for the portal" in text and "<svg" not in text


def test_a_demo_s_report_names_no_command_that_needs_its_journal(tmp_path):
    run = Filled(tmp_path / "journal.db", settings={"is_journal_kept": False})
    text = page(run.plan(new(2)).send(created(2)).end("interrupted", 4).facts)
    assert "b24-import demo" in text and "b24-import resume" not in text and f"b24-import undo {run.facts.run.run}" not in text


@pytest.fixture(scope="module")
def plain_tags(tmp_path_factory) -> set[str]:
    """The tags of a page with the same sections and nothing evil in it."""
    run = Filled(tmp_path_factory.mktemp("plain") / "journal.db")
    run.plan(new(2, warnings=(RowProblem("odd", "odd.", None, True),)), rejected(3), new(4)).send(created(2))
    run.journal.note_pause(run.id, run.now, run.now + 5, "a wait")
    outline = Outline(page(run.end("stopped", 3, stopped_by="why").facts))
    run.journal.close()
    return {*outline.tags, "code"}


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>", "</style><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title><svg onload=alert(1)>",
        "{{ 7*7 }}", "{% for x in y %}", "{# gone #}", "<!--", "]]>", "`<b>`", "a`b", "%s {0} {id}", "\x00\ud7ff\u202e",
    ],
)  # fmt: skip
def test_text_from_the_file_the_mapping_or_the_portal_stays_text(tmp_path, plain_tags, evil):
    run = Filled(
        tmp_path / "journal.db", run=evil, source_path=f"in/{evil}", source_sheet=evil, source_header=(evil,), mapping_name=evil,
        mapping_path=evil, portal_host=evil, portal_user=evil, card_url=f"javascript:{evil}",
    )  # fmt: skip
    warned = new(2, warnings=(RowProblem(evil, evil, evil, True),), cells=[evil])
    warned.origin = (evil, evil)
    run.plan(warned, rejected(3, [evil], RowProblem(evil, evil, evil)), new(4)).send(created(2))
    run.journal.note_pause(run.id, run.now, run.now + 5, evil)
    run.end("stopped", 3, stopped_by=evil)
    outline = Outline(page(run.facts))
    assert outline.unbalanced is None
    assert set(outline.tags) <= plain_tags
    assert not [name for name, _ in outline.attributes if name.startswith("on") or name in ("src", "href")]
    assert evil.replace("`", "").replace("\x00", "") in outline.text.replace("`", "").replace("\x00", "").replace("\ufffd", "")
    run.journal.close()


def test_the_page_stays_small_however_much_went_wrong(filled: Filled):
    long = "<&'\"" * 5000
    rows = [rejected(n, ["x"], RowProblem(f"code_{n % 300}", f"{n} {long}", long)) for n in range(2, 1502)]
    filled.plan(*rows, *(new(n, warnings=(RowProblem(f"warn_{n % 300}", f"{n} {long}", long, True),)) for n in range(2000, 3000)))
    for n in range(500):
        request_id = filled.journal.begin_request(filled.id, RequestRecord("add", 1, 1, filled.now, None, "open", None, 0, None), [2000 + n])
        done = RequestRecord("add", 1, 1, filled.now, filled.now + 30, "answered", None, 1, 2.0)
        filled.journal.end_request(filled.id, request_id, done, 200, [created(2000 + n)])
        filled.journal.note_pause(filled.id, filled.now + 31, filled.now + 40, f"{n % 9} {long}")
        filled.now += 60
    text = page(filled.end(exit_code=1, stopped_by=long).facts)
    assert len(text.encode()) < 300_000
    assert "other reasons" in text
