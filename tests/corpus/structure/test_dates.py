import pytest

from corpus.structure.dates import place_and_date, said_date, says_day


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("BAKU - 2022", ("BAKU", "2022")),
        ("12 May 2021", (None, "2021-05-12")),
        ("New Haven, June 1999", ("New Haven", "1999-06")),
        ("Spring 1974", (None, "1974")),
        ("Hearing of 12 September 1974", None),
        ("Session on 3 May 1990", None),
        ("the harbour, May 1990", None),
        ("3 May 1990 and after", None),
    ],
)
def test_a_line_that_is_only_a_place_and_a_date(line: str, expected: tuple[str | None, str] | None) -> None:
    assert place_and_date(line) == expected


def test_a_date_in_running_text_needs_its_year() -> None:
    text = "They met on May 3, 1990, and left."
    assert said_date(text) == ("1990-05-03", 12, 23)
    assert said_date("They met on 3 May, and left.") is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("To my sister, 3 June", True),
        ("June 3rd, at sea", True),
        ("A June to remember", False),
        ("Room 3", False),
    ],
)
def test_a_day_of_a_month(line: str, said: bool) -> None:
    assert says_day(line) is said
