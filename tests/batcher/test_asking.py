"""Values of readings in their order, and what the lack of one means: for the request, and for the budget it was refused by."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from importer.batcher.asking import failure_of, read_all, values_of
from importer.batcher.stopping import Stop
from importer.portals.existing import ReadCompanyLinks
from importer.portals.operations import FindByOrigin, ListAddresses, Operation
from importer.portals.portal import Answer, Done, Failure, NotRun, Refused, Result, Unanswered, Verdict

ASKED = [ReadCompanyLinks(7), ListAddresses(8)]
GONE = Refused(Verdict.REJECT, "", "not found", is_gone=True)


class _Line:
    """A line whose portal calls the method of an operation by its class, and answers as it is told."""

    def __init__(self, *answers: list[Result]) -> None:
        self.answers, self.attempts, self.refused = list(answers), [], []
        self.portal = SimpleNamespace(method_of=lambda operation: type(operation).__name__)
        self.pace = SimpleNamespace(budget_refused=lambda method: self.refused.append(method) or 60.0)
        self.clock = SimpleNamespace(sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        return

    async def read(self, operations: list[Operation], cutting, *, purpose: str, attempt: int) -> Answer:
        self.attempts.append(attempt)
        return Answer(self.answers.pop(0))


@pytest.mark.parametrize(
    ("result", "verdict", "refused"),
    [
        (Refused(Verdict.AFTER_RESET, "OPERATION_TIME_LIMIT", ""), Verdict.AFTER_RESET, ["ListAddresses"]),
        (Refused(Verdict.AGAIN, "QUERY_LIMIT_EXCEEDED", ""), Verdict.AGAIN, []),
        (Refused(Verdict.REJECT, "", "no such method"), Verdict.STOP, []),
        (Refused(Verdict.STOP, "ACCESS_DENIED", ""), Verdict.STOP, []),
        (GONE, Verdict.STOP, []),
        (Unanswered(), Verdict.DOUBT, []),
        (NotRun(), Verdict.DOUBT, []),
    ],
)
def test_what_one_command_lacks_ends_its_request_and_is_noted_for_its_own_method(result: Result, verdict: Verdict, refused: list[str]) -> None:
    line = _Line()
    with pytest.raises(Failure) as caught:
        values_of(line, ASKED, [Done([1]), result])
    assert (caught.value.verdict, line.refused) == (verdict, refused)
    assert caught.value.wait_s == (60.0 if refused else None)


def test_what_is_gone_is_none_where_that_is_expected() -> None:
    assert values_of(_Line(), ASKED, [GONE, Done([2])], may_be_gone=True) == [None, [2]]


async def test_an_incomplete_answer_is_asked_for_again_as_a_whole() -> None:
    line = _Line([Done([1]), Unanswered()], [Done([3]), Done([4])])
    assert await read_all(line, Stop(), ASKED) == [[3], [4]]
    assert line.attempts == [1, 2]


def test_a_refused_search_is_noted_for_the_search() -> None:
    line = _Line()
    assert failure_of(line, Refused(Verdict.AFTER_RESET, "x", ""), FindByOrigin("a", ("1",))).wait_s == 60.0
    assert line.refused == ["FindByOrigin"]
