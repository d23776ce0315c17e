from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from index.pieces import count, ranges_of


class Slow:
    """A tokenizer in Python: it cannot tell where its pieces stand."""

    is_fast = False

    def __call__(self, texts: Sequence[str], **_: object) -> dict[str, Any]:
        return {"input_ids": [text.split() for text in texts]}


class Spaced(Slow):
    """One whose words begin with the space before them."""

    is_fast = True

    def __call__(self, texts: Sequence[str], **_: object) -> dict[str, Any]:
        return {"offset_mapping": [[(0, 3), (3, 7)] for _ in texts]}


def test_a_tokenizer_that_tells_no_places_still_counts() -> None:
    assert count(Slow(), ["one two", ""]) == [2, 0]
    assert [ranges.tolist() for ranges in ranges_of(Slow(), ["one two", ""])] == [[[0, 0], [0, 0]], []]


def test_a_piece_starts_behind_the_space_that_a_tokenizer_counts_as_its_own() -> None:
    assert [ranges.tolist() for ranges in ranges_of(Spaced(), ["gas oil"])] == [[[0, 3], [4, 7]]]


def test_no_texts_have_no_ranges() -> None:
    assert ranges_of(Spaced(), []) == []
