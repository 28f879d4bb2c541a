"""What each plan of Bitrix24 allows, and what a key of VibeCode. Source: apidocs.bitrix24.com, "Limits"."""

from __future__ import annotations

from dataclasses import dataclass

from importer.pacing.key_window import MINUTE_S, PER_MINUTE


@dataclass(frozen=True, slots=True)
class Plan:
    """The allowances of a portal's plan."""

    name: str
    #: requests the portal counts before it refuses with 503
    capacity: int
    #: requests it forgets a second
    leak_per_s: float
    #: operating seconds a method may use in `window_s` before it is refused with 429. The portal's own setting;
    #: 480 is the figure of the documentation's example and of the public SDKs
    operating_limit_s: float = 480.0
    window_s: float = 600.0


#: Commands in one batch, the same in every plan. Source: apidocs.bitrix24.com, batch.
BATCH_COMMANDS = 50

PLANS = {"standard": Plan("standard", 50, 2.0), "enterprise": Plan("enterprise", 250, 5.0)}

#: A key of VibeCode: 300 requests in any minute (key_window.py). It tells no operating time, so none is counted: the figure
#: is one that no run reaches.
VIBECODE = Plan("vibecode", PER_MINUTE, PER_MINUTE / MINUTE_S, operating_limit_s=1e9)


def plan_named(name: str) -> Plan:
    """The plan that a run's settings name."""
    return VIBECODE if name == VIBECODE.name else PLANS[name]


# Seconds of server time one `crm.contact.add` takes, for estimates before the first answer is there: 0.07 to
# 0.09 in captured answers of 2023 and 2024, 1.14 in the sample of the documentation. Measured at once in a run.
TYPICAL_COMMAND_S = 0.08


def least_seconds(commands: int, plan: Plan, command_s: float = TYPICAL_COMMAND_S, batch: int = BATCH_COMMANDS) -> float:
    """The shortest time in which the plan lets so many commands through, in batches of `batch`.

    Two bounds, of which the larger counts. Requests: capacity + leak_per_s × t of them may have left by t.
    Operating time: each window of `window_s` lets `operating_limit_s` through, the first at once.
    """
    if commands <= 0:
        return 0.0
    requests = -(-commands // batch)
    by_requests = max(0.0, (requests - plan.capacity) / plan.leak_per_s)
    full_windows, rest = divmod(max(0.0, commands * command_s), plan.operating_limit_s)
    if rest == 0 and full_windows:
        full_windows -= 1
    return max(by_requests, full_windows * plan.window_s)
