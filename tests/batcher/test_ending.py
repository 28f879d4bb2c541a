"""How a run ends before its last row: the portal says stop, a limit is passed, a person interrupts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from importer.errors import Interrupted, PortalStopped
from tests import doors
from tests.batcher.rig import Crowded, Rig, carry_out, rows

# -- what stops a run ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "mended", "says"),
    [
        ({"is_closed": True}, {"is_closed": False}, "closed or deleted"),
        ({"is_overloaded": True}, {"is_overloaded": False}, "blocked this portal's REST API"),
        pytest.param(None, None, None, id="the credential has lapsed"),
        ({"is_without_rest": True}, {"is_without_rest": False}, "plan does not include REST"),
        ({"scopes": ["user"]}, {"scopes": ["user", "crm"]}, "lacks a scope"),
        ({"rights": ["read"]}, {"rights": ["read", "add", "import"]}, "may not import contacts"),
        ({"is_disk_full": True}, {"is_disk_full": False}, "disk is full"),
    ],
    ids=str,
)
@pytest.mark.parametrize("after", [0, 4])
@pytest.mark.usefixtures("door")
def test_a_portal_that_says_stop_is_obeyed_and_the_run_goes_on_later(
    after: int, broken: dict | None, mended: dict | None, says: str | None, tmp_path: Path
) -> None:
    if broken is None:
        broken, mended, says = doors.current.lapsed
    says = doors.current.says.get(says, says)
    if says is None:
        pytest.skip("this door's answer does not tell it from other refusals")

    async def scenario(rig: Rig) -> None:
        async def breaking() -> None:
            while len(rig.sandbox.requests) < after:
                await asyncio.sleep(0.01)
            rig.sandbox.control.set_state(**broken)

        task = asyncio.create_task(breaking())
        await asyncio.sleep(0)
        reason = await rig.send()
        await task
        assert isinstance(reason, PortalStopped) and reason.exit_code == 3
        assert says in str(reason)
        assert set(rig.states()) <= {"created", "new"}
        asked = len(rig.sandbox.requests)
        # No more than was under way when the portal said so.
        assert asked <= after + 12
        rig.sandbox.control.set_state(**mended)
        assert await rig.send() is None
        assert rig.states() == {"created": 600}
        rig.assert_true()

    carry_out(tmp_path, rows(600), [], scenario)


def test_a_portal_nobody_reaches_is_given_up_in_minutes_and_the_run_goes_on_later(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        reason = await rig.send()
        assert isinstance(reason, PortalStopped)
        assert "cannot be reached" in str(reason)
        assert 120 < asyncio.get_running_loop().time() < 900
        assert set(rig.states()) <= {"new", "unsettled"}
        await asyncio.sleep(10_000)
        assert await rig.send() is None
        rig.assert_true()

    carry_out(tmp_path, rows(20), [{"when": {"times": 1}, "do": {"refuse_connections": 5000}}], scenario)


@pytest.mark.parametrize(("allowed", "is_stopped"), [(0, True), (3, True), (11, True), (12, False), (None, False)])
def test_sending_stops_past_max_rejects(allowed: int | None, is_stopped: bool, tmp_path: Path) -> None:
    bad = [f"K-{number}" for number in range(2, 62, 5)]

    async def scenario(rig: Rig) -> None:
        reason = await rig.send(max_rejects=allowed)
        assert (reason is not None) is is_stopped
        if reason is not None:
            assert f"more than --max-rejects {allowed} allows" in str(reason)
            assert "new" in rig.states() or rig.progress.rejected == 12
        starts = 0
        while reason is not None:
            # Each resume gets on: what was rejected before does not stop it at once.
            before, starts = rig.states().get("new", 0), starts + 1
            reason = await rig.send(max_rejects=allowed)
            assert rig.states().get("new", 0) < before or reason is None
        assert starts <= 12
        assert rig.states() == {"created": 48, "rejected": 12}
        rig.assert_true()

    carry_out(tmp_path, rows(60), [{"when": {"row": bad}, "do": {"command_error": {"code": "", "text": "No."}}}], scenario)


# -- ending in good order ------------------------------------------------------------------------


@pytest.mark.parametrize("at_s", [0.0, 0.1, 0.5, 1.0, 3.0, 5.0, 9.0])
def test_an_interruption_lets_what_is_under_way_end_and_sends_nothing_more(at_s: float, tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        asked: list[int] = []

        def interrupt() -> None:
            # What has left by our count: it need not have arrived.
            asked.append(rig.progress.requests)
            rig.stop.because(Interrupted("Interrupted by SIGINT; `b24-import resume` goes on."))

        def watch(rig: Rig) -> None:
            asyncio.get_running_loop().call_later(at_s, interrupt)

        reason = await rig.send(watch=watch)
        assert reason is not None and reason.exit_code == 4
        assert len(rig.sandbox.requests) == asked[0]
        assert set(rig.states()) <= {"created", "new"}
        rig.assert_true()
        assert await rig.send() is None
        assert rig.states() == {"created": 1000}
        rig.assert_true()

    carry_out(tmp_path, rows(1000), [], scenario)


@pytest.mark.parametrize(
    "deed",
    [
        {"reset_after": "all"},
        {"status": 503, "code": "QUERY_LIMIT_EXCEEDED", "text": ""},
        {"status": 429, "code": "OPERATION_TIME_LIMIT", "text": ""},
        "operating_refusal",
        {"refuse_connections": 600},
    ],
    ids=str,
)
def test_an_interruption_cuts_every_wait_short(deed: object, tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        loop = asyncio.get_running_loop()
        ended: list[float] = []

        def watch(rig: Rig) -> None:
            loop.call_later(20.0, rig.stop.because, Interrupted("Interrupted by SIGINT; `b24-import resume` goes on."))

        began = loop.time()
        reason = await rig.send(watch=watch)
        ended.append(loop.time() - began)
        assert reason is not None and reason.exit_code == 4
        assert ended[0] < 25.0

    carry_out(tmp_path, rows(300), [{"when": {"method": "crm.contact.add"}, "do": deed}], scenario)


def test_an_interruption_ends_the_wait_for_a_crowded_bucket_and_nothing_leaves(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        rig.bucket = Crowded
        loop = asyncio.get_running_loop()
        reason = await rig.send(watch=lambda rig: loop.call_later(3.0, rig.stop.because, Interrupted("Interrupted.")))
        assert reason is not None and loop.time() < 5.0
        assert (rig.states(), rig.sandbox.requests) == ({"new": 5}, [])

    carry_out(tmp_path, rows(5), [], scenario)
