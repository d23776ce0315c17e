from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.records import Span
from eval.quotations import Case, Place
from eval.quote_run import QuoteResult, evaluate_quotes, judge
from rag.claims import Claim
from rag.records import Verdict
from rag.testing import Collection
from rag.verify import Verified, verify_quote

TEXT = "The old mill stood on the hill above the harbour in 1994.\n"
SAME = frozenset({Verdict.EXACT, Verdict.NORMALIZED})


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    collection = Collection(tmp_path_factory.mktemp("mill"))
    collection.add({"mill.txt": TEXT})
    yield collection
    collection.close()


def verify(mill: Collection, text: str) -> Verified:
    return verify_quote(text, Claim(), mill.reader.snapshot(), mill.store)


def place(mill: Collection, start: int, end: int) -> tuple[Place, ...]:
    return (Place(mill.store.documents()[0].version, (Span(start, end),)),)


@pytest.mark.parametrize(("end", "right"), [(30, True), (26, True), (37, True), (38, False), (23, False)])
def test_a_place_is_right_when_four_fifths_of_both_are_shared(
    mill: Collection, end: int, right: bool
) -> None:
    case = Case("as it reads", TEXT[:30], SAME, place(mill, 0, end))
    assert judge(case, verify(mill, TEXT[:30]), 1.0, 1.0).place is right


def test_another_place_is_wrong(mill: Collection) -> None:
    case = Case("as it reads", TEXT[:30], SAME, (Place("other", (Span(0, 30),)),))
    assert judge(case, verify(mill, TEXT[:30]), 1.0, 1.0).place is False


def test_a_changed_number_that_passes_is_dangerous(mill: Collection) -> None:
    case = Case("changed number", TEXT[:30], frozenset({Verdict.FUZZY}), place(mill, 0, 30))
    result = judge(case, verify(mill, TEXT[:30]), 1.0, 1.0)
    assert (result.right, result.dangerous) == (False, True)


def test_an_invention_that_is_found_is_dangerous(mill: Collection) -> None:
    case = Case("invented", TEXT[:30], frozenset({Verdict.NOT_FOUND}))
    result = judge(case, verify(mill, TEXT[:30]), 1.0, 1.0)
    assert (result.right, result.dangerous, result.place) == (False, True, None)


def test_results_sum_up_by_kind_and_in_all(mill: Collection) -> None:
    cases = [
        Case("verbatim", TEXT[:30], frozenset({Verdict.EXACT}), place(mill, 0, 30)),
        Case("verbatim", TEXT[:30], frozenset({Verdict.FUZZY}), place(mill, 30, 50)),
        Case("invented", "nobody ever wrote a thing like that", frozenset({Verdict.NOT_FOUND})),
    ]
    steps: list[int] = []
    evaluation = evaluate_quotes(cases, lambda text, _claim: verify(mill, text), steps.append)
    table = evaluation.summary()
    for row in table.values():
        del row["p50_ms"], row["p50_cpu_ms"]
    assert table == {
        "verbatim": {"n": 2, "place": 0.5, "verdict": 0.5, "dangerous": 0},
        "invented": {"n": 1, "place": None, "verdict": 1.0, "dangerous": 0},
        "all": {"n": 3, "place": 0.5, "verdict": pytest.approx(2 / 3), "dangerous": 0},
    }
    assert steps == [1, 1, 1]
    assert set(evaluation.to_json()) == {"results", "summary"}


def test_the_slowest_twentieth_is_left_out_of_p95() -> None:
    from eval.quote_run import QuoteEvaluation

    results = tuple(
        QuoteResult("verbatim", "", Verdict.EXACT, True, True, False, float(ms), 1.0) for ms in range(101)
    )
    assert QuoteEvaluation(results).p95_ms() == 95.0
