from __future__ import annotations

from dataclasses import replace

from eval.benchmark import Benchmark, sampled


def test_a_sample_has_each_nth_question_and_all_documents(benchmark: Benchmark) -> None:
    found = sampled(benchmark, 2)
    assert found == replace(
        benchmark,
        name="tiny-each-2",
        questions=(benchmark.questions[0], benchmark.questions[2]),
        qrels={"q1": benchmark.qrels["q1"]},
    )
    assert found.checksum != benchmark.checksum


def test_each_question_is_no_sample(benchmark: Benchmark) -> None:
    assert sampled(benchmark, 1) is benchmark
