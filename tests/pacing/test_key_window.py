"""How many requests of one key leave, and how fast, by what answers say."""

from __future__ import annotations

import pytest

from importer.pacing.key_window import KeyWindow


def _taken(window: KeyWindow, until: float, step: float = 0.05) -> list[float]:
    """The moments at which requests leave when somebody always wants to send."""
    now, moments = 0.0, []
    while now <= until:
        wait = window.take(now)
        if wait == 0.0:
            moments.append(now)
        now += max(wait, step)
    return moments


def test_the_first_requests_leave_one_a_second() -> None:
    assert len(_taken(KeyWindow(), 10.0)) == 11


def test_each_answer_lets_them_go_faster_up_to_the_keys_own_rate() -> None:
    window = KeyWindow()
    for _ in range(100):
        window.answered()
    assert window.per_s == pytest.approx(5.0)


@pytest.mark.parametrize(("limit", "most"), [(300, 5.0), (60, 1.0), (6000, 10.0)])
def test_the_rate_follows_the_limit_told_and_never_passes_the_portals(limit: int, most: float) -> None:
    window = KeyWindow()
    for _ in range(200):
        window.learn(0.0, limit, None, None)
    assert window.per_s == pytest.approx(most)


@pytest.mark.parametrize("limit", [300, 60])
def test_no_minute_has_more_requests_than_the_key_may_send(limit: int) -> None:
    window = KeyWindow(limit=limit, per_s=10.0)
    moments = _taken(window, 300.0)
    most = max(sum(start <= moment < start + 60.0 for moment in moments) for start in moments)
    assert limit - 5 <= most <= limit


def test_a_refusal_halves_the_rate_and_closes_the_window_for_a_moment() -> None:
    window = KeyWindow(per_s=4.0)
    window.refused(100.0)
    assert (window.per_s, window.wait_s(100.0)) == (2.0, pytest.approx(0.5))
    for _ in range(20):
        window.refused(100.0)
    assert window.per_s == pytest.approx(0.1)


def test_what_others_send_with_the_key_is_learnt_from_what_remains() -> None:
    window = KeyWindow(per_s=100.0)
    for n in range(10):
        assert window.take(n / 10) == 0.0
    window.learn(1.0, 300, 90, None)
    leaving = [moment for moment in range(200, 4000) if window.take(moment / 100) == 0.0]
    # 90 remain by the answer; two stay free for requests that arrive in another minute than they left in.
    assert len(leaving) == 88


def test_an_exhausted_minute_is_waited_for_as_long_as_the_answer_says() -> None:
    window = KeyWindow(per_s=5.0)
    window.learn(10.0, 300, 0, 12.0)
    assert window.wait_s(10.0) >= 12.0


def test_what_others_sent_is_forgotten_after_a_minute() -> None:
    window = KeyWindow(per_s=5.0)
    window.learn(10.0, 300, 0, None)
    assert window.wait_s(10.0) > 0
    assert window.wait_s(70.5) == 0.0
