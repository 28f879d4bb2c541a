"""The run over time: rows and requests in buckets, the pauses between, and what the limits allowed.

Numbers only; chart.py draws them. A run that was stopped and resumed the next morning is several stretches of
work: the hours between are left out of the picture, not drawn as a flat line.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import merge

from importer.journal.entries import RequestRecord, RunRecord
from importer.journal.history import History

# Longer than the portal's operating window of 600 s, so that waiting for it never looks like a stop.
_IDLE_GAP_S = 900.0

# The operating time of a method is summed over ten one-minute baskets. Source: apidocs.bitrix24.com, Limits.
_OPERATING_WINDOW_S = 600.0

_MOST_BUCKETS, _MOST_STRETCHES = 100, 12
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)


@dataclass(slots=True)
class Stretch:
    """A time of work without a long idle gap, in Unix seconds."""

    began: float
    ended: float

    @property
    def length_s(self) -> float:
        """Seconds from its first request to its last answer."""
        return self.ended - self.began


@dataclass(slots=True)
class Bucket:
    """What happened in one slice of time."""

    #: Unix seconds at which the slice begins; it is as long as the throughput's `bucket_s`
    began: float
    #: rows whose answer came in this slice
    rows: int = 0
    #: requests that left in this slice, by what became of them
    answered: int = 0
    limited: int = 0
    failed: int = 0
    #: the most seconds that adding contacts had cost within ten minutes; None where the portal did not tell
    operating_s: float | None = None

    @property
    def requests(self) -> int:
        """Requests that left in this slice."""
        return self.answered + self.limited + self.failed


@dataclass(slots=True)
class Throughput:
    """Everything the picture shows."""

    bucket_s: float = 1.0
    stretches: list[Stretch] = field(default_factory=list)
    #: one list a stretch, of all its slices in order
    buckets: list[list[Bucket]] = field(default_factory=list)
    #: (began, ended, why) of each wait that a limit imposed
    pauses: list[tuple[float, float, str]] = field(default_factory=list)
    #: requests a second the portal forgets, and how many it counts before it refuses; None when not journaled
    leak_per_s: float | None = None
    capacity: float | None = None
    #: seconds of one method in ten minutes; None when not journaled
    operating_limit_s: float | None = None

    @property
    def active_s(self) -> float:
        """Seconds of all stretches together."""
        return sum(stretch.length_s for stretch in self.stretches)


def throughput(history: History, run: RunRecord) -> Throughput:
    """The run over time, in at most about a hundred slices however long it took. Reads the requests twice."""
    pauses = history.pauses(run.id)
    stretches = find_stretches(merge(_times(history.requests(run.id)), ((began, ended) for began, ended, _ in pauses)))
    result = Throughput(
        bucket_s=bucket_length_s(sum(stretch.length_s for stretch in stretches)),
        stretches=stretches,
        pauses=pauses,
        leak_per_s=_positive(run.settings.get("leak_per_s")),
        capacity=_positive(run.settings.get("capacity")),
        operating_limit_s=_positive(run.settings.get("operating_limit_s")),
    )
    result.buckets = [_empty_buckets(stretch, result.bucket_s) for stretch in stretches]
    _fill(result, history.requests(run.id))
    return result


def find_stretches(times: Iterable[tuple[float, float]]) -> list[Stretch]:
    """The stretches of work in (began, ended) pairs sorted by their beginning; at most twelve, the nearest joined."""
    stretches: list[Stretch] = []
    for began, ended in times:
        if stretches and began - stretches[-1].ended <= _IDLE_GAP_S:
            stretches[-1].ended = max(stretches[-1].ended, ended)
            continue
        stretches.append(Stretch(began, ended))
        if len(stretches) > _MOST_STRETCHES:
            _join_nearest(stretches)
    return stretches


def _join_nearest(stretches: list[Stretch]) -> None:
    gaps = [after.began - before.ended for before, after in zip(stretches, stretches[1:], strict=False)]
    at = gaps.index(min(gaps))
    stretches[at].ended = stretches.pop(at + 1).ended


def bucket_length_s(active_s: float) -> float:
    """The shortest round slice of time that cuts `active_s` seconds into at most a hundred."""
    fitting = (step for step in _STEPS_S if active_s <= step * _MOST_BUCKETS)
    return float(next(fitting, active_s / _MOST_BUCKETS))


def _times(requests: Iterator[RequestRecord]) -> Iterator[tuple[float, float]]:
    for request in requests:
        yield request.started, max(request.started, request.finished or request.started)


def _positive(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value > 0 else None


def _empty_buckets(stretch: Stretch, bucket_s: float) -> list[Bucket]:
    # The end itself belongs to the stretch: 0.0 s to 2.0 s in slices of 1 s are three beginnings.
    count = int(stretch.length_s // bucket_s) + 1
    return [Bucket(stretch.began + n * bucket_s) for n in range(count)]


def _fill(result: Throughput, requests: Iterator[RequestRecord]) -> None:
    window = _OperatingWindow()
    for request in requests:
        left = _bucket_at(result, request.started)
        if request.state == "answered":
            left.answered += 1
        elif request.state == "limited":
            left.limited += 1
        else:
            left.failed += 1
        if request.state == "answered" and request.purpose == "add" and request.finished is not None:
            came = _bucket_at(result, request.finished)
            came.rows += request.commands
            if request.operating_s is not None:
                came.operating_s = max(came.operating_s or 0.0, window.used_s(request.finished, request.operating_s))


class _OperatingWindow:
    """Seconds used within the last ten minutes, kept as a running sum."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float]] = deque()
        self._total_s = 0.0

    def used_s(self, now: float, operating_s: float) -> float:
        self._recent.append((now, operating_s))
        self._total_s += operating_s
        while self._recent[0][0] < now - _OPERATING_WINDOW_S:
            self._total_s -= self._recent.popleft()[1]
        return self._total_s


def _bucket_at(result: Throughput, moment: float) -> Bucket:
    # The last stretch that began by then; there are at most twelve.
    index = max((n for n, stretch in enumerate(result.stretches) if stretch.began <= moment), default=0)
    buckets = result.buckets[index]
    nth = int((moment - result.stretches[index].began) // result.bucket_s)
    # A clock that was set back during a call gives an answer from before its request.
    return buckets[max(0, min(nth, len(buckets) - 1))]
