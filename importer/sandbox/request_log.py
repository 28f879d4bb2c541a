"""What the portal remembers of the REST requests it got: one light record each, and sums. No addresses, no values."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import asdict, dataclass, field

# Enough for a million rows in batches of 50, five times over; a portal left running for weeks forgets the oldest.
_MOST_RECORDS = 100_000


@dataclass(slots=True)
class RequestRecord:
    """One REST request."""

    #: counted from 1 since the start
    ordinal: int
    #: Unix seconds of its arrival
    time: float
    #: HTTP status answered; 0 while none is, and for ever when the connection was dropped
    status: int = 0
    #: method in lower case, `batch` for a batch; empty when the request got no further than the door
    method: str = ""
    #: methods of a batch's commands → how many of each
    methods: dict[str, int] = field(default_factory=dict)
    #: commands that ran, successfully or not, and are committed
    commands_run: int = 0
    #: the fault that befell the request
    fault: str | None = None
    #: `native` or `vibecode`
    door: str = "native"


@dataclass(slots=True)
class RequestLog:
    """The records and how often each status was answered."""

    records: deque[RequestRecord] = field(default_factory=lambda: deque(maxlen=_MOST_RECORDS))
    count: int = 0

    def begin(self, moment: float, door: str = "native") -> RequestRecord:
        """The record of a request that has just arrived."""
        self.count += 1
        record = RequestRecord(self.count, moment, door=door)
        self.records.append(record)
        return record

    def statistics(self) -> dict[str, object]:
        """Sums over the records: requests, by status, commands run, methods."""
        methods: Counter[str] = Counter()
        for record in self.records:
            methods.update(record.methods or ({record.method: 1} if record.method else {}))
        return {
            "requests": self.count,
            "by_status": dict(Counter(str(record.status) for record in self.records)),
            "commands_run": sum(record.commands_run for record in self.records),
            "methods": dict(methods),
        }

    def latest(self, how_many: int) -> list[dict[str, object]]:
        """The newest records as plain JSON values, oldest of them first."""
        return [asdict(record) for record in list(self.records)[-how_many:]] if how_many > 0 else []
