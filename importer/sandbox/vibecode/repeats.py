"""Who keeps making the same mistake: `error.warning` after some identical errors of a key, ERROR_LOOP_DETECTED after many.

How many, and over which time, is not documented; here they must follow one another without anything else between.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from importer.sandbox.vibecode.refusals import VibeRefusal
from importer.sandbox.vibecode.switches import VibeSwitches


@dataclass(slots=True)
class _Streak:
    mark: tuple[str, ...] = ()
    length: int = 0


@dataclass(slots=True)
class Repeats:
    """The latest error of each key, and how often it has come in a row."""

    _streaks: dict[str, _Streak] = field(default_factory=dict)

    def note(self, key: str, mark: tuple[str, ...]) -> None:
        """A request of `key` ended; `mark` tells like errors from unlike ones and is empty after a success."""
        streak = self._streaks.setdefault(key, _Streak())
        streak.length = streak.length + 1 if mark and mark == streak.mark else int(bool(mark))
        streak.mark = mark

    def length(self, key: str) -> int:
        """Identical errors of the key up to now."""
        return self._streaks[key].length if key in self._streaks else 0

    def worded(self, key: str, refusal: VibeRefusal, switches: VibeSwitches) -> VibeRefusal:
        """The refusal, with a warning or as a detected loop once it has come often enough."""
        length = self.length(key)
        if switches.loop_after and length > switches.loop_after:
            return VibeRefusal("ERROR_LOOP_DETECTED", f"The same request has failed {length} times in a row", switches.loop_status)
        if switches.warning_after and length > switches.warning_after:
            refusal.more["warning"] = f"This request has failed {length} times in a row"
        return refusal
