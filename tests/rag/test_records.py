from __future__ import annotations

import pytest

from rag.errors import AskError
from rag.records import MAX_QUESTION, MAX_TOP_K, Question


@pytest.mark.parametrize(
    ("text", "top_k", "said"),
    [
        ("", 10, "the question is empty; ask with at least one word"),
        (" \n\t\u00a0", 10, "the question is empty; ask with at least one word"),
        ("x" * 2001, 10, "the question has 2,001 characters, at most 2,000 are read; shorten it"),
        ("Who?", 0, "top_k is 0; it must be 1 to 1000"),
        ("Who?", -1, "top_k is -1; it must be 1 to 1000"),
        ("Who?", 1001, "top_k is 1001; it must be 1 to 1000"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why_and_what_to_do(text: str, top_k: int, said: str) -> None:
    with pytest.raises(AskError) as caught:
        Question(text, top_k)
    assert str(caught.value) == said
    assert caught.value.code == "question_invalid"


@pytest.mark.parametrize(("text", "top_k"), [("?", 1), ("x" * MAX_QUESTION, MAX_TOP_K)])
def test_the_limits_themselves_are_allowed(text: str, top_k: int) -> None:
    assert Question(text, top_k).text == text
