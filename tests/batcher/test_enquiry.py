"""The look at a portal before a run has a name: repeated as all reads are, and kept for the run's journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.batcher.enquiry import Enquiry
from importer.batcher.retry import FEW_ATTEMPTS, MOST_ATTEMPTS
from importer.portals.operations import NewestId, WhoAmI
from importer.portals.portal import Done, Failure, Verdict
from tests.batcher.rig import running
from tests.batcher.virtual_sockets import run_virtually


@pytest.mark.parametrize(
    ("deed", "states"),
    [
        ({"status": 503, "code": "QUERY_LIMIT_EXCEEDED", "text": ""}, ["limited", "limited", "answered"]),
        ({"status": 502, "body": "html"}, ["refused", "refused", "answered"]),
        ("reset_before", ["refused", "refused", "answered"]),
        ({"delay_s": 100}, ["refused", "refused", "answered"]),
        ("empty", ["refused", "refused", "answered"]),
    ],
    ids=str,
)
def test_a_look_that_fails_is_taken_again_and_each_is_kept(deed: object, states: list[str], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, [], {"when": {"times": 2}, "do": deed}) as rig, rig.line() as line:
            enquiry = Enquiry(line.portal, line.pace, line.clock)
            answer = await enquiry.send([WhoAmI(), NewestId()])
            assert answer.results[1] == Done(0)
            assert [request.state for request, _ in enquiry.requests] == states
            assert [request.attempt for request, _ in enquiry.requests] == [1, 2, 3]
            assert enquiry.operating_s["crm.contact.list"] > 0

    run_virtually(scenario())


def test_a_portal_that_says_stop_is_asked_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, []) as rig, rig.line() as line:
            rig.sandbox.control.set_state(is_webhook_expired=True)
            enquiry = Enquiry(line.portal, line.pace, line.clock)
            with pytest.raises(Failure) as caught:
                await enquiry.send([WhoAmI()])
            assert caught.value.verdict is Verdict.STOP
            assert [(request.state, status) for request, status in enquiry.requests] == [("refused", 401)]

    run_virtually(scenario())


@pytest.mark.parametrize(
    ("is_elsewhere", "is_watched", "has_answered", "attempts", "how_long"),
    [
        (True, True, False, FEW_ATTEMPTS, "some seconds"),
        # Nobody watches a nightly run: a network that comes back is waited for.
        (True, False, False, MOST_ATTEMPTS, "a few minutes"),
        # An address at which the portal has answered is right.
        (True, True, True, MOST_ATTEMPTS, "a few minutes"),
        # A time-out, a 503: a portal that is busy.
        (False, True, False, MOST_ATTEMPTS, "a few minutes"),
    ],
)
def test_an_address_that_looks_wrong_is_soon_given_up_where_a_person_waits(
    tmp_path: Path, is_elsewhere: bool, is_watched: bool, has_answered: bool, attempts: int, how_long: str
) -> None:
    async def scenario() -> None:
        async with running(tmp_path, []) as rig, rig.line() as line:
            said: list[str] = []
            enquiry = Enquiry(line.portal, line.pace, line.clock, said.append, is_watched=is_watched)
            if has_answered:
                await enquiry.send([WhoAmI()])
                enquiry.requests.clear()

            async def fail(operations: object) -> None:
                raise Failure(Verdict.AGAIN, "no_connection", "acme.example.com cannot be reached", is_elsewhere=is_elsewhere)

            line.portal.send = fail
            with pytest.raises(Failure):
                await enquiry.send([WhoAmI()])
            assert (len(enquiry.requests), said) == (attempts, [f"acme.example.com cannot be reached; asking again for {how_long}."])

    run_virtually(scenario())
