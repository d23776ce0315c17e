from __future__ import annotations

import pytest

from api.dates import is_date


@pytest.mark.parametrize("text", ["2021", "0001", "9999", "2021-12", "2024-02-29", "1990-01-31"])
def test_what_a_calendar_has_is_a_date(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize(
    "text",
    ["", "21", "0000", "2021-00", "2021-13", "1990-99-99", "2021-02-29", "2021-1-1", "2021-01-01T00", "٢٠٢١"],
)
def test_what_no_calendar_has_is_none(text: str) -> None:
    assert not is_date(text)
