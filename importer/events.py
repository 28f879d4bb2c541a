"""Which run an event of the log belongs to. What an event tells: names, row numbers, codes; never a person's data or a secret."""

from __future__ import annotations

from contextvars import ContextVar

#: The name of the run at work, None before it has one; every event of the log carries it.
CURRENT_RUN: ContextVar[str | None] = ContextVar("CURRENT_RUN", default=None)
