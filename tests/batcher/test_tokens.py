"""An application's token that grows old in the middle of a run: nobody waits, nothing is sent twice, a death costs nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from importer.errors import PortalStopped
from importer.portals.bitrix24 import token_file
from importer.portals.bitrix24.application import Application
from tests import doors
from tests.batcher.rig import Died, Rig, carry_out, rows


@pytest.fixture(autouse=True)
def _by_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "current", doors.DOORS["oauth"])


async def _once(rig: Rig, requests: int) -> None:
    """Makes every token too old when the portal has got so many requests."""
    while len(rig.sandbox.requests) < requests:
        await asyncio.sleep(0.01)
    rig.sandbox.tokens.expire_access()


def test_with_several_batches_on_their_way_it_is_renewed_once_and_none_is_in_doubt(tmp_path: Path) -> None:
    async def scenario(rig: Rig) -> None:
        aging = [asyncio.create_task(_once(rig, requests)) for requests in (1, 6, 14)]
        # A portal at the pace of a real one, so that several are under way.
        rig.sandbox.control.set_state(seconds_per_command=0.1)
        assert await rig.send() is None
        await asyncio.gather(*aging)
        assert rig.states() == {"created": 1500}
        rig.assert_true()
        assert dict(rig.sandbox.oauth.answered) == {"refresh_token 200": 3}
        statuses = Counter(record.status for record in rig.sandbox.requests)
        assert set(statuses) == {200, 401}
        assert 4 <= statuses[401] <= 3 * 12
        requests = rig.history.requests(rig.run_id)
        # Those that only waited for the new token never left.
        assert Counter(request.code for request in requests if request.state == "refused")["expired_token"] == statuses[401]
        assert not [request for request in requests if request.state == "lost"]

    carry_out(tmp_path, rows(1500), [], scenario)


def test_a_process_killed_right_after_the_new_pair_is_kept_leaves_it_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renew = Application.renew

    async def dying(self: Application, signature: dict[str, str], code: str) -> bool:
        await renew(self, signature, code)
        raise Died

    async def scenario(rig: Rig) -> None:
        aging = asyncio.create_task(_once(rig, 3))
        with monkeypatch.context() as patch, pytest.raises(Died):
            patch.setattr(Application, "renew", dying)
            await rig.send()
        await aging
        assert await rig.send() is None
        assert rig.states() == {"created": 400}
        rig.assert_true()
        assert dict(rig.sandbox.oauth.answered) == {"refresh_token 200": 1}

    carry_out(tmp_path, rows(400), [], scenario)


def test_a_process_killed_before_the_new_pair_is_kept_needs_a_person_to_log_in_and_then_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(self: object, pair: object) -> None:
        raise Died

    async def scenario(rig: Rig) -> None:
        # The next process finds the file as it is; a person comes only later.
        environment = doors.current.inside(rig.sandbox, rig.folder)
        with monkeypatch.context() as patch:
            patch.setattr(doors, "current", doors.Kind("oauth", lambda *_: environment, lambda *_: environment, ({}, {}, "")))
            aging = asyncio.create_task(_once(rig, 3))
            with monkeypatch.context() as death, pytest.raises(Died):
                death.setattr(token_file._Replacement, "write", dying)
                await rig.send()
            await aging
            reason = await rig.send()
        assert isinstance(reason, PortalStopped)
        assert "b24-import portal login" in str(reason)
        assert set(rig.states()) <= {"created", "new", "unsettled"}
        assert await rig.send() is None
        assert rig.states() == {"created": 400}
        rig.assert_true()

    carry_out(tmp_path, rows(400), [], scenario)
