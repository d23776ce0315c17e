from __future__ import annotations

import pytest

from eval.comparison import compare
from eval.errors import EvaluationError
from eval.significance import holm
from eval.testing import results_of

_OLD = {"a": {"AP": 0.5, "P@1": 0.0}, "b": {"AP": 0.25, "P@1": 1.0}, "c": {"AP": 1.0, "P@1": 1.0}}
_NEW = {"a": {"AP": 1.0, "P@1": 1.0}, "b": {"AP": 0.0, "P@1": 1.0}, "c": {"AP": 1.0, "P@1": 1.0}}


def test_counts_wins_ties_and_losses_and_tests_the_difference() -> None:
    [found] = compare({"old": results_of("old", _OLD), "new": results_of("new", _NEW)})
    ap, p1 = found.differences
    assert (found.baseline, found.system, found.questions) == ("old", "new", 3)
    assert (ap.measure, ap.wins, ap.ties, ap.losses) == ("AP", 1, 1, 1)
    assert ap.difference == pytest.approx((0.5 - 0.25 + 0) / 3)
    assert ap.low <= ap.difference <= ap.high
    assert ap.p == 1  # whatever their signs, .5, .25 and 0 sum up to .25 or more
    assert (p1.wins, p1.ties, p1.losses, p1.significant) == (1, 2, 0, False)


def test_shows_the_questions_that_differ_most_with_both_answers() -> None:
    [found] = compare({"old": results_of("old", _OLD), "new": results_of("new", _NEW)}, extremes=5)
    assert [(e.before.id, e.measure, e.baseline, e.system) for e in found.extremes] == [
        ("a", "AP", 0.5, 1.0),
        ("b", "AP", 0.25, 0.0),
    ]
    shown = found.to_json()["extremes"][0]
    assert shown["baseline_found"][0]["text"] == "found by old"
    assert shown["system_found"][0]["text"] == "found by new"
    assert shown["expected"][0]["text"] == "gold"


def test_extremes_go_by_the_measure_that_is_asked_for() -> None:
    results = {"old": results_of("old", _OLD), "new": results_of("new", _NEW)}
    assert [e.before.id for e in compare(results, first="P@1")[0].extremes] == ["a"]
    assert [d.measure for d in compare(results, ["P@1"])[0].differences] == ["P@1"]


def test_p_is_adjusted_for_the_systems_compared() -> None:
    better = {f"q{i}": {"AP": 0.5 + 0.01 * i} for i in range(8)}
    base = {f"q{i}": {"AP": 0.5} for i in range(8)}
    mixed = {f"q{i}": {"AP": 0.5 + 0.1 * (i % 3 - 1)} for i in range(8)}
    results = {name: results_of(name, v) for name, v in {"b": base, "x": better, "y": mixed}.items()}
    found = [c.differences[0] for c in compare(results)]
    assert [d.adjusted for d in found] == holm([d.p for d in found])
    assert found[0].adjusted == 2 * found[0].p


def test_a_measure_that_some_questions_lack_is_compared_over_the_others() -> None:
    old = {"a": {"AP": 0.5, "EM": 0.0}, "b": {"AP": 0.5}}
    new = {"a": {"AP": 0.5, "EM": 1.0}, "b": {"AP": 1.0}}
    [found] = compare({"old": results_of("old", old), "new": results_of("new", new)})
    assert [(d.measure, d.wins + d.ties + d.losses, d.system) for d in found.differences] == [
        ("AP", 2, 0.75),
        ("EM", 1, 1.0),
    ]


def test_what_cannot_be_compared_is_told_all_at_once() -> None:
    results = {
        "old": results_of("old", _OLD),
        "other": results_of("other", _OLD, checksum="d" * 64),
        "fewer": results_of("fewer", {"a": {"AP": 0.5}, "z": {"AP": 1.0}}),
    }
    with pytest.raises(EvaluationError) as caught:
        compare(results)
    assert str(caught.value) == (
        "cannot be compared: old is of tiny (checksum cccccccccccc…), "
        "other of tiny (checksum dddddddddddd…); "
        "3 questions are in one of old and fewer alone: b, c, z. Measure both on the same files"
    )


def test_a_measure_that_was_not_taken_is_told() -> None:
    results = {"old": results_of("old", _OLD), "new": results_of("new", {q: {"AP": 1.0} for q in "abc"})}
    with pytest.raises(EvaluationError, match="no measure P@1 in all results; all have AP"):
        compare(results, ["P@1"])
    with pytest.raises(EvaluationError, match="old has no question with a value"):
        compare({"old": results_of("old", {}), "new": results_of("new", {})})
