"""The look at a portal before a run has a name: repeated as all reads are, and kept for the run's journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from importer.batcher.enquiry import Enquiry
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
