"""Dates, times and durations that workbooks keep as counts of days."""

from __future__ import annotations

import datetime

from openpyxl.utils.datetime import from_excel

from importer.reader.cells import duration_text, moment_text


def serial_text(days: int | float, epoch: datetime.datetime, is_duration: bool) -> str | None:
    """The date, time of day or duration as text; None for a count no calendar has (shown as ##### by spreadsheets).

    `epoch` is openpyxl's `WINDOWS_EPOCH` or `MAC_EPOCH`.
    """
    try:
        if is_duration:
            return duration_text(datetime.timedelta(days=days))
        moment = from_excel(days, epoch)
    except (OverflowError, ValueError):
        return None
    if isinstance(moment, datetime.time):
        seconds = round(moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6) % 86_400
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return moment_text(moment)
