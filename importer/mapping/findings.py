"""What a conversion says when it cannot simply give a text: a refusal, or a value with a doubt.

A conversion is a pure function from text to text; only when something is wrong does it answer with a
`Finding` instead. That keeps the good case cheap and lets results be remembered. The column and the row
are added by whoever called it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from importer.records import RowProblem

# A cell shown in a message is cut here: a report line must stay a line.
SHOWN_CHARS = 80


@dataclass(frozen=True, slots=True)
class Finding:
    """A value that is refused, or goes on with a doubt."""

    #: stable word people filter by: `bad_date`, `odd_phone` …
    code: str
    #: what was found and what to do, for a person; without `repair`
    sentence: str
    #: what is sent all the same; empty when nothing is
    value: str = ""
    is_warning: bool = False
    #: what to do with a cell, which is not what to do with a text of the mapping; empty when there is no difference
    repair: str = ""

    def as_problem(self, column: str | None) -> RowProblem:
        """The same, for a row's list of problems."""
        return RowProblem(self.code, f"{self.sentence} {self.repair}".rstrip(), column, self.is_warning)

    def as_fault(self) -> str:
        """What is said of a value that the mapping itself gives."""
        return f"{self.sentence} Correct it here." if self.repair else self.sentence


#: A conversion: text in; text, or a `Finding`, out.
Conversion = Callable[[str], "str | Finding"]


def refused(code: str, sentence: str, repair: str = "") -> Finding:
    """A value that cannot be sent; it rejects its row."""
    return Finding(code, sentence, repair=repair)


def doubted(code: str, sentence: str, value: str) -> Finding:
    """A value that is sent as `value` (nothing, if empty), with a warning."""
    return Finding(code, sentence, value, is_warning=True)


def shown(text: str) -> str:
    """A cell as a message shows it: in double quotes, on one line, shortened in its middle."""
    line = "↵".join(text.splitlines()) if "\n" in text or "\r" in text else text
    if len(line) > SHOWN_CHARS:
        line = f"{line[: SHOWN_CHARS - 20]}…{line[-15:]}"
    return f'"{line}"'
