"""Why BM25 on SciFact comes out above what bm25s is published with: the same formula over other words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
import tantivy

from eval.benchmark import Benchmark
from eval.datasets import read_dataset
from eval.retrieval import score
from index.lexical import analyzer

SCIFACT = Path(__file__).parents[3] / "shared" / "benchmarks" / "scifact"
# The English stop words of bm25s 0.3.16, which are Lucene's.
_STOP_WORDS = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these "
    "they this to was will with"
)

Words = Callable[[str], list[str]]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SCIFACT.exists(), reason="needs the benchmark SciFact beside the checkout"),
]


@pytest.fixture(scope="module")
def scifact() -> Benchmark:
    return read_dataset(str(SCIFACT), "test", None)


def bm25s_words(pattern: str) -> Words:
    """What bm25s makes of a text, given its pattern of a token."""
    made = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(pattern))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.custom_stopword(_STOP_WORDS.split()))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )
    return lambda text: list(made.analyze(text))


def ndcg(benchmark: Benchmark, words: Words, *, each_once: bool, k1: float = 1.2, b: float = 0.75) -> float:
    """nDCG@10 of Lucene's BM25 written out, with lengths kept whole."""
    texts = {entry.id: words(f"{entry.title} {entry.text}") for entry in benchmark.entries.values()}
    mean = sum(map(len, texts.values())) / len(texts)
    holders: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for id_, held in texts.items():
        norm = k1 * (1 - b + b * len(held) / mean)
        for word, count in Counter(held).items():
            holders[word].append((id_, count * (k1 + 1) / (count + norm)))
    run = {}
    for question in benchmark.questions:
        asked = words(question.question)
        scores: dict[str, float] = defaultdict(float)
        for word in dict.fromkeys(asked) if each_once else asked:
            n = len(holders.get(word, ()))
            for id_, gain in holders.get(word, ()):
                scores[id_] += math.log1p((len(texts) - n + 0.5) / (n + 0.5)) * gain
        run[question.id] = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:100]
    values = score(benchmark.qrels, run, ["nDCG@10"])
    return sum(value["nDCG@10"] for value in values.values()) / len(values)


def test_over_the_words_of_bm25s_the_formula_gives_its_figure(scifact: Benchmark) -> None:
    assert ndcg(scifact, bm25s_words(r"\w\w+"), each_once=False) == pytest.approx(0.6791, abs=0.001)


def test_words_of_one_character_are_most_of_the_difference(scifact: Benchmark) -> None:
    gain = ndcg(scifact, bm25s_words(r"\w+"), each_once=False) - ndcg(
        scifact, bm25s_words(r"\w\w+"), each_once=False
    )
    assert gain == pytest.approx(0.0066, abs=0.001)


def test_counting_each_word_of_a_question_once_is_the_rest(scifact: Benchmark) -> None:
    ours = analyzer().analyze
    assert ndcg(scifact, ours, each_once=True) - ndcg(scifact, ours, each_once=False) == pytest.approx(
        0.0025, abs=0.001
    )
    assert ndcg(scifact, ours, each_once=True) == pytest.approx(0.6885, abs=0.001)
