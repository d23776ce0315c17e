from __future__ import annotations

import pytest

from rag.claims import _date, _pages


@pytest.mark.parametrize(
    ("given", "date"),
    [
        ("2021", "2021"),
        ("2021-01", "2021-01"),
        ("2021-01-31", "2021-01-31"),
        ("January 2021", "2021-01"),
        ("31 January 2021", "2021-01-31"),
        ("Jan. 31st, 2021", "2021-01-31"),
        ("in the summer of 2021", "2021"),
        ("yesterday", ""),
    ],
)
def test_a_date_is_read_as_far_as_it_goes(given: str, date: str) -> None:
    assert _date(given) == date


@pytest.mark.parametrize(
    ("given", "pages"),
    [
        ("14", {"14"}),
        ("p. 14", {"14"}),
        ("pp. 14–16", {"14", "15", "16"}),
        ("114-6", {"114", "115", "116"}),
        ("xii", {"xii"}),
        ("14, 16", {"14", "16"}),
        ("page iv and 3", {"iv", "3"}),
        ("the end", set()),
    ],
)
def test_pages_are_read_in_the_usual_ways(given: str, pages: set[str]) -> None:
    assert _pages(given) == pages
