from __future__ import annotations

import pytest

from rag.leaning import leans


@pytest.mark.parametrize(
    "sentence",
    [
        "It was dredged.",
        "Its harbour is deep.",
        "The latter is closed.",
        "This pact was signed.",
        "This means war.",
        "However, they left.",
        "In this regard, the harbour is new.",
        "These countries agreed.",
        "Among them, the ferry is red.",
        "Both sides agreed.",
        "In that year, the sea froze.",
        "One of them is red.",
        "Such a move is rare.",
        "“He left,” they say.",
        "Hardly any ship, he claimed, goes there.",
    ],
)
def test_a_sentence_leans_that_opens_with_a_word_for_what_the_one_before_names(sentence: str) -> None:
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour is deep.",
        "It is clear that the sea rises.",
        "It seems nobody came.",
        "This report shows nothing.",
        "There are two harbours.",
        "That said, the harbour is deep.",
        "Both the harbour and the pier are new.",
        "Italy has harbours.",
        "Ada Sund said that she left.",
        "",
    ],
)
def test_a_sentence_stands_alone_that_names_what_it_is_about(sentence: str) -> None:
    assert not leans(sentence)
