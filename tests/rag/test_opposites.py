from __future__ import annotations

import pytest

from rag.opposites import opposed


@pytest.mark.parametrize(
    ("word", "said", "is_opposed"),
    [
        ("north", "the south gate", True),
        ("south", "the north gate", True),
        ("north", "the north and the south gate", False),
        ("stable", "an unstable slope", True),
        ("unstable", "a stable slope", True),
        ("harbour", "the quay is long", False),
        ("inn", "the n gate", False),
    ],
)
def test_a_word_is_opposed_by_its_opposite_where_it_is_not_said_itself(
    word: str, said: str, is_opposed: bool
) -> None:
    assert opposed(word, frozenset(said.split())) is is_opposed
