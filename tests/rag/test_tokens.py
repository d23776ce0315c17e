from __future__ import annotations

import pytest

from rag.tokens import Kind, folds, tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("“He’s not,” she said—twice.", ['"', "He", "'s", "not", ",", '"', "she", "said", "-", "twice", "."]),
        ("1,000.5 of 3:2", ["1,000.5", "of", "3:2"]),
        ("don't, don’t", ["don't", ",", "don't"]),
        ("a…b...c. . .d", ["a", "…", "b", "…", "c", "…", "d"]),
        ("[T]he ﬁeld", ["The", "field"]),
        ("10²", ["10", "²"]),
        ("--- ‑ –", ["-", "-", "-"]),
    ],
)
def test_typography_is_folded_and_nothing_else(text: str, folded: list[str]) -> None:
    assert folds(tokens(text)) == folded


def test_case_accents_and_numbers_are_kept() -> None:
    assert folds(tokens("Dağ dag DAG 7 seven")) == ["Dağ", "dag", "DAG", "7", "seven"]


def test_offsets_count_from_the_beginning_of_the_text() -> None:
    text = "One (two) 3."
    assert [(t.kind, text[t.start : t.end]) for t in tokens(text, 4, 11)] == [
        (Kind.MARK, "("),
        (Kind.WORD, "two"),
        (Kind.MARK, ")"),
        (Kind.NUMBER, "3"),
    ]
