"""The sentences that all faces share: how the run ended, and what to do next.

Plain functions of the facts; where a sentence names a command, the command exists.
"""

from __future__ import annotations

import shlex
from pathlib import PurePath

from importer.report.facts import Facts

#: How the run ended, as faces colour it: `good`, `attention` (rows need a person) or `stopped` (go on with it).
GOOD, ATTENTION, STOPPED = "good", "attention", "stopped"


def tone(facts: Facts) -> str:
    """GOOD, ATTENTION or STOPPED."""
    if facts.run.state != "finished":
        return STOPPED
    return ATTENTION if facts.counts["rejected"] or facts.counts["unsettled"] else GOOD


def number(n: int) -> str:
    """A count with its thousands apart: 12,345."""
    return f"{n:,}"


def counted(n: int, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 row, 2 rows."""
    return f"{number(n)} {one if n == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """A length of time as people say it: 0.4 s, 12 s, 3 min 05 s, 2 h 10 min."""
    if seconds < 10:
        return f"{seconds:.1f} s" if seconds % 1 else f"{seconds:.0f} s"
    minutes, rest_s = divmod(round(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return f"{number(hours)} h {minutes_left:02d} min"
    return f"{minutes} min {rest_s:02d} s" if minutes else f"{rest_s} s"


def rate(rows_per_s: float) -> str:
    """Rows a second with as many digits as mean something."""
    return f"{rows_per_s:.1f} rows/s" if rows_per_s < 10 else f"{rows_per_s:,.0f} rows/s"


def about(facts: Facts) -> str:
    """What the run is: which file into which portal, or which run it takes back."""
    if facts.undoes is not None:
        return f"Undo of run {facts.undoes} ({facts.source_name}) in {facts.run.portal_host}"
    return f"{facts.source_name} → {facts.run.portal_host}"


def headline(facts: Facts) -> str:
    """How the run ended, in one sentence."""
    counts, rows = facts.counts, facts.counts["rows"]
    if facts.undoes is not None:
        return _undo_headline(facts)
    if not rows:
        return "The file holds no rows, so nothing was sent."
    if facts.run.state != "finished":
        return _unfinished(facts)
    wrong = [_part(counts["rejected"], "was", "were", "rejected"), _part(facts.in_doubt, "is", "are", "in doubt")]
    if not any(wrong):
        return _all_done(facts)
    parts = " and ".join(part for part in wrong if part)
    if not facts.done:
        if facts.in_doubt:
            return f"No row is known to be {'done' if facts.is_matched else 'in the portal'}: {parts}."
        return f"All {number(rows)} rows were rejected." if rows > 1 else "The only row was rejected."
    # A rejected change is of a contact that is there all the same.
    where = "done" if facts.is_matched else "in the portal"
    return f"{number(facts.done)} of {number(rows)} rows {'is' if facts.done == 1 else 'are'} {where}; {parts}."


def _undo_headline(facts: Facts) -> str:
    counts = facts.counts
    if facts.run.state != "finished":
        return _unfinished(facts).replace("The run", "The undo", 1)
    done = [f"{counted(counts[outcome], 'contact was', 'contacts were')} {outcome}" for outcome in ("deleted", "restored") if counts[outcome]]
    wrong = [
        _part(facts.left, "was", "were", "left, changed since the run"),
        _part(counts["rejected"], "was", "were", "refused by the portal"),
        _part(facts.in_doubt, "is", "are", "in doubt"),
    ]
    parts = [*done, *(part for part in wrong if part)]
    taken = "is taken back" if not any(wrong) else "is taken back in part"
    return f"Run {facts.undoes} {taken}{': ' if parts else ''}{'; '.join(parts)}."


def _part(n: int, one: str, many: str, what: str) -> str:
    return f"{number(n)} {one if n == 1 else many} {what}" if n else ""


def _all_done(facts: Facts) -> str:
    counts, rows = facts.counts, facts.counts["rows"]
    parts = [f"{number(counts[outcome])} {outcome}" for outcome in ("created", "updated", "skipped") if counts[outcome]]
    if len(parts) > 1:
        return f"All {number(rows)} rows are done: {', '.join(parts)}."
    contacts = f"All {number(rows)} contacts were" if rows > 1 else "The only contact was"
    return f"{contacts} {parts[0].split()[1]}{' as asked' if counts['skipped'] else ''}."


def _unfinished(facts: Facts) -> str:
    rows = facts.counts["rows"]
    settled = rows - facts.counts["unsettled"]
    reached = f"after {number(settled)} of {counted(rows, 'row')}"
    if facts.run.state in ("stopped", "interrupted"):
        return f"The run was {facts.run.state} {reached}{'; it can go on where it stands' if facts.is_journal_kept else ''}."
    if facts.run.state == "ready":
        return f"The run is prepared: {counted(rows, 'row')} read, nothing sent yet."
    return f"The run has not ended: {number(settled)} of {counted(rows, 'row')} are settled so far."


def advice(facts: Facts, rejects: str | None = "rejects.csv") -> list[str]:
    """What to do next, the most urgent first; empty when there is nothing to do. `rejects` is the file as reachable, if there is one."""
    run, lines = facts.run, []
    if facts.undoes is not None:
        return _undo_advice(facts)
    if run.state in ("stopped", "interrupted", "ready", "running"):
        if not facts.is_journal_kept:
            return ["`b24-import demo` begins anew: this run's portal and journal have ended with it."]
        lines.append(_resume(facts))
    elif facts.in_doubt:
        lines.append(
            f"{counted(facts.in_doubt, 'row')} left for the portal, and no answer tells what became of "
            f"{'it' if facts.in_doubt == 1 else 'them'}. Look for the contact in the portal before you send such a row again; "
            "results.csv lists them with the outcome `unsettled`."
        )
    if facts.counts["rejected"] and rejects is not None:
        # shlex: the command is there to be copied, also when a folder has a blank in its name.
        command = f"b24-import run {shlex.quote(rejects)} -m {shlex.quote(run.mapping_path)}"
        lines.append(
            f"Correct the {counted(facts.counts['rejected'], 'rejected row')} in {PurePath(rejects).name} and import "
            f"that file with the same mapping: `{command}`."
        )
    if facts.warnings:
        rows = sum(group.rows for group in facts.warnings)
        lines.append(f"Look at the {counted(rows, 'warning')}: those rows went on, but a value may not be what it should be.")
    return lines


def _undo_advice(facts: Facts) -> list[str]:
    lines = [_resume(facts)] if facts.run.state in ("stopped", "interrupted", "ready", "running") else []
    if facts.left:
        lines.append(
            f"{counted(facts.left, 'contact')} changed since the run {'is' if facts.left == 1 else 'are'} as people, or later runs, left "
            f"{'it' if facts.left == 1 else 'them'}: results.csv lists them as `skipped`, with the reason. "
            f"`b24-import undo {facts.undoes} --force` takes them back, too."
        )
    if facts.counts["rejected"]:
        lines.append(
            f"The portal refused {counted(facts.counts['rejected'], 'contact')}: results.csv says why. When that is mended, "
            f"`b24-import undo {facts.undoes}` takes the rest back."
        )
    if facts.warnings:
        rows = sum(group.rows for group in facts.warnings)
        lines.append(f"Look at the {counted(rows, 'warning')}: something of those contacts could not be given back.")
    return lines


def _resume(facts: Facts) -> str:
    run, waiting = facts.run, []
    if facts.not_sent:
        waiting.append(f"{counted(facts.not_sent, 'row')} not sent yet")
    if facts.in_doubt:
        waiting.append(f"{counted(facts.in_doubt, 'row')} in doubt, looked up before anything is sent again")
    rest = f" ({'; '.join(waiting)})" if waiting else ""
    command = f"`b24-import resume {run.run}`"
    if run.state == "running":
        return f"If no other process is working on it, the run was killed: {command} goes on{rest}."
    if run.state == "stopped":
        return f"When the cause is removed, {command} goes on{rest}."
    return f"{command} goes on{rest}."
