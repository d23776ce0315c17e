"""Benchmarks from files to results, through the real index, over a fake encoder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.records import Span
from eval.bench import Task
from eval.benchmark import Benchmark, Entry
from eval.errors import EvaluationError
from eval.indexing import Unit, index_key
from eval.records import Evidence, GoldQuestion
from eval.results import Results, read_results
from eval.systems import check
from eval.workbench import opened
from index.errors import EncoderMismatchError
from index.protocols import Encoder
from index.testing import HashEncoder


def run(
    benchmark: Benchmark,
    folder: Path,
    *systems: str,
    unit: Unit = Unit.PASSAGES,
    model: Encoder | None = None,
) -> dict[str, Results]:
    """Results of systems; files go to `folder / "out"`."""
    encoder = model or HashEncoder()
    task = Task(benchmark, folder / "out", unit)
    with opened(task, folder / unit, lambda: encoder) as bench:
        return {system: bench.run(system) for system in systems}


def ranked(folder: Path, system: str, unit: Unit = Unit.PASSAGES) -> dict[str, list[str]]:
    """The documents of a run file by question."""
    found: dict[str, list[str]] = {}
    for line in (folder / "out" / f"tiny.{unit}.{system}.run").read_text(encoding="utf-8").splitlines():
        question, _, document, *_ = line.split()
        found.setdefault(question, []).append(document)
    return found


def test_every_system_finds_and_is_scored(benchmark: Benchmark, tmp_path: Path) -> None:
    found = run(benchmark, tmp_path, "dense", "lexical", "hybrid")
    for system, results in found.items():
        assert results.summary()["all"]["nDCG@10"] == 1, system
        assert results.summary()["fact"]["hit@1"] == 1, system
        assert ranked(tmp_path, system)["q1"][0] == "d1"
        assert "q3" not in ranked(tmp_path, system)


def test_answers_are_judged_and_unanswerable_questions_asked(benchmark: Benchmark, tmp_path: Path) -> None:
    results = run(benchmark, tmp_path, "answer")["answer"]
    means = results.summary()["all"]
    assert (means["answer"], means["quote-exact"], means["cite-cover"]) == (1, 1, 1)
    assert [(q.id, bool(q.values), q.verdict is not None) for q in results.questions] == [
        ("q1", True, True),
        ("q2", True, True),
        ("q3", False, True),
    ]
    assert results.abstention()["AUROC"] == 1


def test_spans_are_those_of_the_benchmark_whatever_is_indexed(benchmark: Benchmark, tmp_path: Path) -> None:
    for unit in Unit:
        found = run(benchmark, tmp_path, "lexical", unit=unit)["lexical"].questions[0]
        assert found.values["span-R@5"] == 1
        assert found.values["span-Pω"] == 11 / len(benchmark.entries["d1"].text)
        assert (found.expected[0].text, found.found[0].relevant) == ("nine metres", True)
    assert found.found[0].spans == ((0, 55),)  # the title in front of the text is not the benchmark's


def test_whole_documents_are_one_passage_each(benchmark: Benchmark, tmp_path: Path) -> None:
    long = Entry("long", "The bees of the mill dance. " * 400, "On bees")
    whole = replace(benchmark, entries={**benchmark.entries, "long": long})
    results = run(whole, tmp_path, "dense", unit=Unit.DOCUMENTS)["dense"]
    assert results.cost["passages"] == 4
    assert run(whole, tmp_path, "dense")["dense"].cost["passages"] > 10


def test_the_same_input_gives_the_same_run(benchmark: Benchmark, tmp_path: Path) -> None:
    run(benchmark, tmp_path / "a", "dense", "hybrid")
    run(benchmark, tmp_path / "b", "dense", "hybrid")
    for name in ("tiny.passages.dense.run", "tiny.passages.hybrid.run"):
        assert (tmp_path / "a" / "out" / name).read_bytes() == (tmp_path / "b" / "out" / name).read_bytes()


def test_a_second_run_needs_no_model(benchmark: Benchmark, tmp_path: Path) -> None:
    first = run(benchmark, tmp_path, "dense")["dense"]
    model = HashEncoder()
    again = run(benchmark, tmp_path, "dense", model=model)["dense"]
    assert model.encoded == 0
    assert again.summary() == first.summary()
    assert again.cost["index_s"] == first.cost["index_s"] > 0
    assert again.cost["passages_s"] == first.cost["passages_s"] > 0


def test_results_of_the_same_data_and_code_are_kept(benchmark: Benchmark, tmp_path: Path) -> None:
    before = run(benchmark, tmp_path, "hybrid")["hybrid"]
    with opened(Task(benchmark, tmp_path / "out"), tmp_path / Unit.PASSAGES, HashEncoder) as bench:
        found = bench.kept("hybrid")
        assert found is not None
        assert found.to_json() == before.to_json()
        assert bench.kept("dense") is None


@pytest.mark.parametrize(
    ("suffix", "text"), [("run", None), ("json", None), ("json", "{"), ("json", '{"manifest": {}}')]
)
def test_results_that_are_not_whole_are_not_kept(
    benchmark: Benchmark, tmp_path: Path, suffix: str, text: str | None
) -> None:
    run(benchmark, tmp_path, "lexical")
    task = Task(benchmark, tmp_path / "out")
    path = task.path("lexical", suffix)
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    with opened(task, tmp_path / Unit.PASSAGES, HashEncoder) as bench:
        assert bench.kept("lexical") is None


def test_results_of_another_depth_or_without_a_measure_are_not_kept(
    benchmark: Benchmark, tmp_path: Path
) -> None:
    run(benchmark, tmp_path, "lexical")
    task = Task(benchmark, tmp_path / "out")
    with opened(task, tmp_path / Unit.PASSAGES, HashEncoder, depth=7) as bench:
        assert bench.kept("lexical") is None
    more = replace(task, measures=("nDCG@10", "R@7"))
    with opened(more, tmp_path / Unit.PASSAGES, HashEncoder) as bench:
        assert bench.kept("lexical") is None


def test_an_index_of_another_encoder_is_refused(benchmark: Benchmark, tmp_path: Path) -> None:
    run(benchmark, tmp_path, "lexical")
    with pytest.raises(EncoderMismatchError, match="was made by the encoder hash "):
        run(benchmark, tmp_path, "dense", model=HashEncoder(seed="other"))


def test_documents_of_equal_text_share_their_rank(benchmark: Benchmark, tmp_path: Path) -> None:
    twin = replace(benchmark.entries["d1"], id="twin", title="Another")
    results = run(replace(benchmark, entries={**benchmark.entries, "twin": twin}), tmp_path, "lexical")[
        "lexical"
    ]
    assert ranked(tmp_path, "lexical")["q1"][:2] == ["d1", "twin"]
    assert results.manifest["config"]["documents alike"] == 1


def _with_a_copy(benchmark: Benchmark) -> Benchmark:
    """A fourth document says what the first says, in other lines; the first question asks for it."""
    lines = "The quay\nof the harbour\nis nine metres long.\nIt is red."
    gold = replace(benchmark.questions[0], evidence=(Evidence("copy", Span(27, 38)),))
    return replace(
        benchmark,
        entries={**benchmark.entries, "copy": Entry("copy", lines, "On the Quay")},
        questions=(gold, *benchmark.questions[1:]),
        qrels={**benchmark.qrels, "q1": {"copy": 1}},
    )


def test_a_passage_that_is_not_shown_counts_where_the_one_that_names_it_stands(
    benchmark: Benchmark, tmp_path: Path
) -> None:
    found = run(_with_a_copy(benchmark), tmp_path, "hybrid")["hybrid"].questions[0]
    assert {"d1", "copy"} - {place.document for place in found.found} in ({"d1"}, {"copy"})
    assert set(ranked(tmp_path, "hybrid")["q1"][:2]) == {"d1", "copy"}
    names = ("Success@5", "R@5", "hit@1", "recall@5", "recall@3000ch", "span-R@5", "span-P@5")
    assert [found.values[name] for name in names] == [1, 1, 1, 1, 1, 1, 11 / (55 + 40 + 41)]


def test_evidence_in_a_document_of_equal_text_is_found_in_the_one_that_is_indexed(
    benchmark: Benchmark, tmp_path: Path
) -> None:
    twin = replace(benchmark.entries["d1"], id="twin", title="Another")
    gold = replace(benchmark.questions[0], evidence=(Evidence("twin", Span(27, 38)),))
    both = replace(
        benchmark, entries={**benchmark.entries, "twin": twin}, questions=(gold, *benchmark.questions[1:])
    )
    for unit in Unit:
        values = run(both, tmp_path, "lexical", unit=unit)["lexical"].questions[0].values
        assert (values["hit@1"], values["span-R@5"], values["span-Pω"]) == (1, 1, 11 / len(twin.text))


def test_documents_without_words_are_told_apart(benchmark: Benchmark, tmp_path: Path) -> None:
    entries = {**benchmark.entries, "empty": Entry("empty", " "), "title": Entry("title", "", "Zeppelins")}
    asked = GoldQuestion("q4", "What of zeppelins?", "")
    more = replace(
        benchmark,
        entries=entries,
        questions=(*benchmark.questions, asked),
        qrels={**benchmark.qrels, "q4": {"title": 1}},
    )
    results = run(more, tmp_path, "lexical")["lexical"]
    assert results.manifest["config"]["documents refused"] == 1
    assert ranked(tmp_path, "lexical")["q4"] == ["title"]  # of a document without a text the title is read


def test_a_benchmark_of_nothing_but_blanks_is_refused(benchmark: Benchmark, tmp_path: Path) -> None:
    blank = replace(
        benchmark, entries={"d1": Entry("d1", " "), "d2": Entry("d2", "\n")}, questions=(), qrels={}
    )
    with pytest.raises(EvaluationError, match="tiny: none of its 2 documents can be indexed: d1"):
        run(blank, tmp_path, "dense")


def test_the_manifest_and_the_costs_are_in_the_file(benchmark: Benchmark, tmp_path: Path) -> None:
    run(benchmark, tmp_path, "dense")
    results = read_results(tmp_path / "out" / "tiny.passages.dense.json")
    made: Mapping[str, Any] = results.manifest
    assert (made["dataset"], made["system"], made["checksum"]) == ("tiny", "dense", benchmark.checksum)
    assert made["encoder"]["model"] == "hash"
    assert made["config"]["passages"] == {"max_tokens": 160, "overlap_tokens": 40, "max_header_tokens": 40}
    assert results.cost["passages"] == 3
    assert results.cost["bytes_a_passage"] > 0
    assert set(results.cost["latency_ms"]) == {"encode", "search", "total"}


def test_indexes_are_told_apart_by_all_that_goes_into_them(benchmark: Benchmark) -> None:
    other = replace(benchmark, entries={**benchmark.entries, "d3": Entry("d3", "Wasps.")})
    keys = {
        index_key(benchmark, Unit.PASSAGES, "m", "w"),
        index_key(benchmark, Unit.DOCUMENTS, "m", "w"),
        index_key(benchmark, Unit.PASSAGES, "n", "w"),
        index_key(benchmark, Unit.PASSAGES, "m", "v"),
        index_key(other, Unit.PASSAGES, "m", "w"),
    }
    assert len(keys) == 5
    fewer = replace(benchmark, questions=benchmark.questions[:1])
    assert index_key(fewer, Unit.PASSAGES, "m", "w") in keys  # other questions, the same index


def test_names_of_systems_are_checked() -> None:
    check(["dense", "answer"])
    with pytest.raises(
        EvaluationError, match="no system 'sparse', 'bogus'; there are dense, lexical, hybrid"
    ):
        check(["dense", "sparse", "bogus"])
    with pytest.raises(EvaluationError, match="no system 'none'"):
        check([])
