"""Verifying quotations with known sources: is the place right, is the verdict, and is anything dangerous."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median
from time import perf_counter, process_time
from typing import Any

from eval.quotations import DANGEROUS, INVENTED, Case
from index.records import StoredPassage
from rag.claims import Claim
from rag.records import Verdict
from rag.verify import Verified

OVERLAP = 0.8  # of the characters of both together, that a place counts as right
_SAME = frozenset({Verdict.EXACT, Verdict.NORMALIZED})

System = Callable[[str, Claim], Verified]


@dataclass(frozen=True, slots=True)
class QuoteResult:
    """What a system made of one case; `place` is None for what stands nowhere."""

    kind: str
    text: str
    verdict: Verdict
    place: bool | None
    right: bool
    dangerous: bool
    took_ms: float
    cpu_ms: float  # of the processor, which other programs do not change


@dataclass(frozen=True, slots=True)
class QuoteEvaluation:
    """All results, and what they sum up to."""

    results: tuple[QuoteResult, ...]

    def summary(self) -> dict[str, dict[str, float | None]]:
        """By kind in order, then over all: n, place and verdict right (shares), dangerous, times."""
        kinds = dict.fromkeys(result.kind for result in self.results)
        table = {kind: _row([r for r in self.results if r.kind == kind]) for kind in kinds}
        return table | {"all": _row(self.results)}

    def p95_ms(self) -> float:
        """The time that 95 of 100 take at most."""
        times = sorted(result.took_ms for result in self.results)
        return times[int(0.95 * (len(times) - 1))]

    def to_json(self) -> dict[str, Any]:
        """Results first, then the summary."""
        return {"results": [asdict(result) for result in self.results], "summary": self.summary()}


def _row(results: Sequence[QuoteResult]) -> dict[str, float | None]:
    placed = [r.place for r in results if r.place is not None]
    return {
        "n": len(results),
        "place": fmean(placed) if placed else None,
        "verdict": fmean(r.right for r in results),
        "dangerous": sum(r.dangerous for r in results),
        "p50_ms": median(r.took_ms for r in results),
        "p50_cpu_ms": median(r.cpu_ms for r in results),
    }


def evaluate_quotes(
    cases: Iterable[Case], system: System, progress: Callable[[int], None] = lambda _: None
) -> QuoteEvaluation:
    """Have a system verify every case."""
    results = []
    for case in cases:
        start, cpu = perf_counter(), process_time()
        verified = system(case.text, case.claim)
        took_ms, cpu_ms = (perf_counter() - start) * 1e3, (process_time() - cpu) * 1e3
        results.append(judge(case, verified, took_ms, cpu_ms))
        progress(1)
    return QuoteEvaluation(tuple(results))


def judge(case: Case, verified: Verified, took_ms: float, cpu_ms: float) -> QuoteResult:
    """Hold one verdict against what is known.

    Dangerous: a change of meaning that is passed as the same words, an invention that is called found.
    """
    passed = case.kind in DANGEROUS and verified.verdict in _SAME
    believed = case.kind in INVENTED and verified.verdict is not Verdict.NOT_FOUND
    return QuoteResult(
        kind=case.kind,
        text=case.text,
        verdict=verified.verdict,
        place=_is_right(case, verified) if case.places else None,
        right=verified.verdict in case.verdicts,
        dangerous=passed or believed,
        took_ms=took_ms,
        cpu_ms=cpu_ms,
    )


def _is_right(case: Case, verified: Verified) -> bool:
    if not verified.found:
        return False
    citation = verified.found.citation
    stored: StoredPassage = citation.stored
    here = {i for span in citation.spans for i in range(span.start, span.end)}
    return any(
        len(here & there) >= OVERLAP * len(here | there)
        for place in case.places
        if place.version == stored.version
        for there in [{i for span in place.spans for i in range(span.start, span.end)}]
    )
