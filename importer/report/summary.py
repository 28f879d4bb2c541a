"""The facts of a run as the object in summary.json and on standard output with `--json`."""

from __future__ import annotations

from importer.report.facts import Facts, Group, iso_time


def summary(facts: Facts) -> dict[str, object]:
    """Plain data in the order people read it.

    Times are ISO 8601 with offset, or None; `duration_s` is seconds of work, without the time between a stop and
    its resume; `rows_per_s` counts the rows the portal answered for. `problems` are rejected and unsettled rows
    by code; of an undo, `undoes` names the run it takes back. `warnings`, by code too, are about rows that went on. `companies` and
    `list_entries` are those that rows needed, by state.
    """
    run = facts.run
    return {
        "run": run.run,
        **({"undoes": facts.undoes} if facts.undoes else {}),
        "state": run.state,
        "started": iso_time(run.started),
        "finished": iso_time(run.finished),
        "duration_s": round(facts.spent_s, 3),
        "source": {"file": run.source_path, "sha256": run.source_sha256, "rows": facts.counts["rows"]},
        "mapping": {"file": run.mapping_path, "sha256": run.mapping_sha256},
        "portal": {"host": run.portal_host, "user": run.portal_user},
        "counts": facts.counts,
        "problems": _by_code([*facts.rejected, *facts.unsettled]),
        "requests": {name: facts.requests[name] for name in ("sent", "retried", "limited", "failed")},
        "rows_per_s": round(facts.rows_per_s, 2),
        "exit_code": run.exit_code,
        "warnings": _by_code(facts.warnings),
        "companies": facts.companies,
        "list_entries": facts.entries,
        **({"left_beside": facts.stays} if facts.undoes else {}),
        "stopped_by": run.stopped_by,
    }


def _by_code(groups: list[Group]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for group in groups:
        rows[group.code] = rows.get(group.code, 0) + group.rows
    return dict(sorted(rows.items(), key=lambda item: (-item[1], item[0])))
