from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.records import Span
from eval.bench import Task
from eval.benchmark import Benchmark, Entry
from eval.errors import EvaluationError
from eval.fit import GRID, Worth, fit, save, worth
from eval.records import Evidence, GoldQuestion
from eval.workbench import opened
from index.testing import HashEncoder
from rag.fuse import Weights, fitted

_RULES = (Weights(0, 0, 1, 1), Weights(1, 0, 0, 1), Weights(0, 1, 0, 1))


def _worth(name: str, *values: float) -> Worth:
    return Worth(name, "nDCG@10", 9, np.asarray(values, np.float64))


def _benchmark(texts: Sequence[str], questions: Sequence[tuple[str, int]], *, spans: bool) -> Benchmark:
    """Questions with the number of the text that answers them."""
    entries = {str(i): Entry(str(i), text) for i, text in enumerate(texts)}
    gold = tuple(
        GoldQuestion(
            f"q{n}",
            question,
            "",
            evidence=(Evidence(str(i), Span(0, len(texts[i]))),) if spans else (),
        )
        for n, (question, i) in enumerate(questions)
    )
    return Benchmark("toy", entries, gold, {f"q{n}": {str(i): 1} for n, (_, i) in enumerate(questions)})


def test_the_rule_of_the_best_mean_is_chosen_and_each_collection_judged_by_the_others() -> None:
    found = fit([_worth("a", 0.9, 0.1, 0.5), _worth("b", 0.2, 0.6, 0.5), _worth("c", 0.3, 0.2, 0.45)], _RULES)
    assert found.weights == _RULES[2]
    assert [(f.worth.name, f.chosen, f.value, f.shipped, f.best) for f in found.folds] == [
        ("a", _RULES[2], 0.5, 0.5, 0.9),
        ("b", _RULES[0], 0.2, 0.5, 0.6),
        ("c", _RULES[0], 0.3, 0.45, 0.45),
    ]
    assert found.carried == pytest.approx(1 / 3)


def test_a_single_collection_is_refused() -> None:
    with pytest.raises(EvaluationError, match="on 1 collection would fit that one alone; name two or more"):
        fit([_worth("a", 1, 2, 3)], _RULES)


@pytest.mark.parametrize("spans", [True, False])
def test_rules_are_worth_what_their_rankings_are(tmp_path: Path, spans: bool) -> None:
    """The long text says `tin` most often: BM25 alone prefers the short one, which is the answer."""
    texts = ["Tin is mined here.", f"Tin, tin and tin: {'copper and lead ' * 9}.", "Salt is dug there."]
    benchmark = _benchmark(texts, [("tin mined", 0), ("salt", 2)], spans=spans)
    with opened(Task(benchmark, tmp_path / "out"), tmp_path, HashEncoder) as bench:
        advanced: list[int] = []
        found = worth(bench, _RULES, lambda: advanced.append(1))
        upside_down = worth(bench, [Weights(0, -1, 0, 1)])
    assert (found.name, found.questions, len(advanced)) == ("toy", 2, 2)
    assert found.measure == ("hits and recall" if spans else "nDCG@10")
    assert found.values[2] == pytest.approx(1)
    assert upside_down.values[0] < 0.9


def test_questions_without_judgements_are_refused(tmp_path: Path) -> None:
    benchmark = Benchmark("toy", {"0": Entry("0", "Tin.")}, (GoldQuestion("q", "tin", ""),), {})
    with (
        opened(Task(benchmark, tmp_path / "out"), tmp_path, HashEncoder) as bench,
        pytest.raises(EvaluationError, match="toy: no question has a judgement"),
    ):
        worth(bench)


def test_the_file_tells_what_was_fitted_on_and_by_which_command(tmp_path: Path) -> None:
    found = fit([_worth("a", 0.9, 0.1, 0.5), _worth("b", 0.2, 0.6, 0.5)], _RULES)
    save(found, tmp_path / "ranking.json", "pincite eval fit a b")
    written = json.loads((tmp_path / "ranking.json").read_text(encoding="utf-8"))
    assert Weights(**written.pop("weights")) == found.weights
    assert written == {"version": 1, "collections": {"a": 9, "b": 9}, "command": "pincite eval fit a b"}


def test_the_weights_that_ship_are_of_the_grid() -> None:
    assert fitted() in GRID
