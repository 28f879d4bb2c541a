import pytest

from importer.journal.entries import Settled
from importer.report.wording import advice, counted, duration, headline, rate, tone

from .conftest import Filled, created, new, rejected


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (0.44, "0.4 s"), (5, "5 s"), (12, "12 s"), (59.7, "1 min 00 s"), (200, "3 min 20 s"), (7500, "2 h 05 min")]
)
def test_a_length_of_time_is_said_as_people_say_it(seconds, said):
    assert duration(seconds) == said


def test_counts_and_rates_read_well():
    assert [counted(1, "row"), counted(12345, "row")] == ["1 row", "12,345 rows"]
    assert [rate(0.34), rate(97.6), rate(1234)] == ["0.3 rows/s", "98 rows/s", "1,234 rows/s"]


def run_with(filled: Filled, *, done: int = 0, wrong: int = 0, lost: int = 0, left: int = 0) -> Filled:
    """A run of so many created, rejected, doubtful and unsent rows."""
    sent = range(2, 2 + done + lost)
    unsent = range(100, 100 + left)
    filled.plan(*(new(n) for n in [*sent, *unsent]), *(rejected(n) for n in range(200, 200 + wrong)))
    if sent:
        filled.send(*(created(n) if n < 2 + done else Settled(n, "unsettled") for n in sent))
    return filled


@pytest.mark.parametrize(
    ("rows", "sentence", "colour"),
    [
        ({}, "The file holds no rows, so nothing was sent.", "good"),
        ({"done": 3}, "All 3 contacts were created.", "good"),
        ({"done": 1}, "The only contact was created.", "good"),
        ({"done": 3, "wrong": 1}, "3 of 4 rows are in the portal; 1 was rejected.", "attention"),
        ({"done": 1, "wrong": 2, "lost": 1}, "1 of 4 rows is in the portal; 2 were rejected and 1 is in doubt.", "attention"),
        ({"wrong": 2}, "All 2 rows were rejected.", "attention"),
        ({"wrong": 1}, "The only row was rejected.", "attention"),
        ({"wrong": 1, "lost": 1}, "No row is known to be in the portal: 1 was rejected and 1 is in doubt.", "attention"),
    ],
)
def test_a_finished_run_is_told_in_one_sentence(filled: Filled, rows, sentence, colour):
    facts = run_with(filled, **rows).end().facts
    assert (headline(facts), tone(facts)) == (sentence, colour)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("stopped", "The run was stopped after 2 of 5 rows; it can go on where it stands."),
        ("interrupted", "The run was interrupted after 2 of 5 rows; it can go on where it stands."),
        (None, "The run has not ended: 2 of 5 rows are settled so far."),
    ],
)
def test_an_unfinished_run_says_how_far_it_came(filled: Filled, state, sentence):
    run_with(filled, done=1, wrong=1, left=3)
    if state:
        filled.end(state, 3)
    assert (headline(filled.facts), tone(filled.facts)) == (sentence, "stopped")


def test_a_prepared_run_says_that_nothing_was_sent(filled: Filled):
    filled.journal.plan(filled.id, [new(2)])
    filled.journal.ready(filled.id)
    assert headline(filled.facts) == "The run is prepared: 1 row read, nothing sent yet."


def test_a_run_with_nothing_to_do_gives_no_advice(filled: Filled):
    assert advice(run_with(filled, done=2).end().facts) == []


def test_an_unfinished_run_is_advised_to_resume_first(filled: Filled):
    facts = run_with(filled, done=1, wrong=1, lost=1, left=2).end("stopped", 3).facts
    resume, rejects = advice(facts)
    assert "`b24-import resume 20251121-1923-k3`" in resume and "2 rows not sent yet" in resume and "1 row in doubt" in resume
    assert "`b24-import run rejects.csv -m mappings/crm.yaml`" in rejects


def test_a_finished_run_with_doubtful_rows_is_not_advised_to_resume(filled: Filled):
    (line,) = advice(run_with(filled, done=1, lost=1).end(exit_code=1).facts)
    assert "resume" not in line and "Look for the contact in the portal" in line


def test_the_command_can_be_copied_when_a_folder_has_a_blank_in_its_name(filled: Filled):
    (line,) = advice(run_with(filled, wrong=1).end().facts, "my reports/rejects.csv")
    assert "`b24-import run 'my reports/rejects.csv' -m mappings/crm.yaml`" in line
