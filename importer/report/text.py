"""The few lines a person reads on the terminal when a run has ended. No colour; the command line may add it."""

from __future__ import annotations

from pathlib import Path

from importer.report.commands import completed
from importer.report.facts import Facts, Group
from importer.report.wording import about, advice, counted, duration, headline, number, rate

# Codes named on the terminal; the rest is in the report.
_MOST_LINES = 6


def summary_text(facts: Facts, directory: Path | None) -> str:
    """Outcome, counts, the main reasons, speed, what to do next and where the report is; several lines, no last line break.

    `directory` is None where no report could be written.
    """
    run = facts.run
    lines = [f"{about(facts)}, run {run.run}", headline(facts)]
    if run.stopped_by:
        lines.append(f"Why: {run.stopped_by}")
    lines += ["", f"  {_counts(facts)}", f"  {_speed(facts)}"]
    for heading, groups in (("rejected", facts.rejected), ("unsettled", facts.unsettled), ("warnings", facts.warnings)):
        lines += _groups(heading, groups)
    lines += [f"  {sentence}" for sentence in facts.stays[:_MOST_LINES]]
    if todo := advice(facts, str(directory / "rejects.csv") if directory is not None else None):
        lines += ["", *(f"→ {line}" for line in todo)]
    if directory is not None:
        lines += ["", f"Report: {directory / 'report.html'}"]
    return completed("\n".join(lines), facts.repeated)


def attention_text(facts: Facts, directory: Path | None) -> str:
    """How a run ended that somebody must look after, and what to do: a few lines, no last line break."""
    run = facts.run
    lines = [f"{about(facts)}, run {run.run}: {headline(facts)}"]
    if run.stopped_by:
        lines.append(f"Why: {run.stopped_by}")
    lines += [f"→ {line}" for line in advice(facts, str(directory / "rejects.csv") if directory is not None else None)]
    if directory is not None:
        lines.append(f"Report: {directory / 'report.html'}")
    return completed("\n".join(lines), facts.repeated)


def _counts(facts: Facts) -> str:
    counts = facts.counts
    parts = [f"{number(n)} {outcome}" for outcome, n in counts.items() if outcome != "rows" and n]
    rows = f"{counted(counts['rows'], 'row' if facts.undoes is None else 'contact')}: {', '.join(parts)}" if parts else "no contacts" if facts.undoes else "0 rows"
    made = "created" if facts.undoes is None else "deleted"
    companies, entries = facts.companies.get(made, 0), facts.entries.get(made, 0)
    beside = [f"{number(companies)} {'company' if companies == 1 else 'companies'}"] if companies else []
    beside += [f"{number(entries)} list entr{'y' if entries == 1 else 'ies'}"] if entries else []
    return f"{rows}; {' and '.join(beside)} {'created before' if facts.undoes is None else 'deleted after'} them" if beside else rows


def _speed(facts: Facts) -> str:
    requests = facts.requests
    parts = [duration(facts.spent_s), counted(requests["sent"], "request")]
    if facts.rows_per_s:
        parts.insert(1, rate(facts.rows_per_s))
    notes = [("retried", "sent again"), ("limited", "refused by a limit"), ("failed", "failed")]
    parts += [f"{number(requests[name])} {words}" for name, words in notes if requests[name]]
    return ", ".join(parts)


def _groups(heading: str, groups: list[Group]) -> list[str]:
    if not groups:
        return []
    width = max(len(number(group.rows)) for group in groups)
    shown = [f"    {number(group.rows):>{width}}  {group.title} ({group.code})" for group in groups[:_MOST_LINES]]
    if len(groups) > _MOST_LINES:
        shown.append(f"    and {counted(len(groups) - _MOST_LINES, 'other reason')}, in the report")
    return ["", f"  {heading}", *shown]
