"""Dates as filters take them: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_REST = "0000-01-01"


def is_date(text: str) -> bool:
    """Whether a text is a date, or the year or the month of one, that a calendar has."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + _REST[len(text) :])
    except ValueError:
        return False
    return True
