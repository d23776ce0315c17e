from __future__ import annotations

import pytest

from eval.errors import EvaluationError
from eval.gates import Floor, dropped, parse_floor, under
from eval.testing import results_of

_MANY = [f"q{i}" for i in range(40)]


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        ("nDCG@10=.70", Floor("nDCG@10", 0.7)),
        (" AP(rel=2) = 0.5 ", Floor("AP(rel=2)", 0.5)),
        ("hit@1=1", Floor("hit@1", 1.0)),
    ],
)
def test_a_floor_is_a_measure_and_a_value(text: str, floor: Floor) -> None:
    assert parse_floor(text) == floor


@pytest.mark.parametrize("text", ["", "AP", "AP=", "=.5", "AP=high", "AP>.5"])
def test_other_texts_are_no_floors(text: str) -> None:
    with pytest.raises(EvaluationError, match="expected MEASURE=VALUE"):
        parse_floor(text)


def test_only_what_is_lower_is_under_its_floor() -> None:
    results = results_of("x", {"a": {"AP": 0.5, "P@1": 1.0}})
    assert under(results, [Floor("AP", 0.5), Floor("P@1", 0.9)]) == []
    assert under(results, [Floor("AP", 0.51)]) == ["tiny, x: AP is 0.5000, under the floor of 0.51"]
    with pytest.raises(EvaluationError, match="x: no measure EM; taken were AP, P@1"):
        under(results, [Floor("EM", 0.5)])


def test_a_drop_fails_when_it_is_large_and_not_chance() -> None:
    before = results_of("old", {q: {"AP": 0.8, "P@1": 0.5} for q in _MANY})
    after = results_of("new", {q: {"AP": 0.7, "P@1": 0.5} for q in _MANY})
    [told] = dropped(after, before, 0.01)
    assert told.startswith(
        "tiny, new: AP fell from 0.8000 to 0.7000 (95 % interval of the difference -0.1000"
    )
    assert dropped(after, before, 0.2) == []
    assert dropped(before, after, 0.0) == []


def test_a_drop_that_may_be_chance_does_not_fail() -> None:
    before = results_of("old", {q: {"AP": 0.5} for q in _MANY})
    after = results_of("new", {q: {"AP": 0.0 if i % 2 else 0.9} for i, q in enumerate(_MANY)})
    assert dropped(after, before, 0.01) == []


def test_what_says_nothing_of_the_system_is_no_gate() -> None:
    before = results_of("old", {q: {"AP": 0.5, "Judged@10": 1.0} for q in _MANY})
    after = results_of("new", {q: {"AP": 0.5, "Judged@10": 0.1} for q in _MANY})
    assert dropped(after, before, 0.01) == []
