from __future__ import annotations

import pytest

from rag.asked import Asked, asked, subject


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the chapter on energy?",
        "Which contributor is behind the report's chapter on wine?",
        "Whose signature stands under the foreword?",
        "Which author contributed the part on rail?",
    ],
)
def test_the_author_of_a_part_is_surely_wanted(question: str) -> None:
    wants = asked(question)
    assert (wants.author, wants.surely) == (True, True)


def test_who_does_something_in_a_part_may_be_its_author() -> None:
    assert asked("Who compares the two harbours in the report?") == Asked(who=True, author=True)


@pytest.mark.parametrize(
    "question",
    [
        "Who opened the harbour?",
        "When was the chapter on energy written?",
        "Who wrote the piece that the chapter cites?",
        "What does the report say of gas?",
    ],
)
def test_other_questions_want_no_author(question: str) -> None:
    assert not asked(question).author


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("What does footnote 52 cite?", ("52",)),
        ("What do notes 7 and note no. 8 say?", ("7", "8")),
        ("What stands in endnote a?", ("a",)),
        ("Which notes call the harbour deep?", ()),
        ("Note a change of tone.", ()),
    ],
)
def test_notes_are_asked_for_by_number(question: str, numbers: tuple[str, ...]) -> None:
    assert asked(question).notes == numbers


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("What source backs the figure of 98 boats?", True),
        ("Which publication is cited for it?", True),
        ("What backs the claim?", True),
        ("In which work did he tell of it?", True),
        ("Where was the speed of light published?", True),
        ("Which Human Rights Watch publication stands behind it?", True),
        ("Where does the river have its spring?", False),
    ],
)
def test_a_source_is_asked_for_in_several_words(question: str, source: bool) -> None:
    assert asked(question).source is source


def test_words_that_only_ask_are_no_subject() -> None:
    def terms(text: str) -> list[str]:
        return text.casefold().rstrip("?").split()

    assert subject("What does the report say of gas?", terms) == ["what", "does", "the", "of", "gas"]
    assert subject("report says", terms) == ["report", "says"]
