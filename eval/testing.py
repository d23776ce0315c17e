"""Fakes that ship: systems that find what they are told to, and results made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.records import Given, GoldQuestion, Hit, Response
from eval.results import QuestionResult, Quoted, Results, Verdict


class Scripted:
    """A system that gives each question the hits that are written for it."""

    def __init__(
        self,
        hits: Mapping[str, Sequence[Hit]],
        given: Mapping[str, Given] | None = None,
        name: str = "scripted",
    ) -> None:
        self.name = name
        self.answers = given is not None
        self.asked: list[str] = []  # ids, in order
        self._hits, self._given = hits, given or {}

    def ask(self, question: GoldQuestion) -> Response:
        """What is written."""
        self.asked.append(question.id)
        hits = tuple(self._hits.get(question.id, ()))
        return Response(hits, self._given.get(question.id), {"encode": 1.0, "search": 2.0, "total": 3.0})


def results_of(
    system: str,
    values: Mapping[str, Mapping[str, float]],
    *,
    checksum: str = "c" * 64,
    verdicts: Mapping[str, Verdict] | None = None,
) -> Results:
    """Results of the dataset `tiny` from the values of each question, every other of the kind `odd`."""
    return Results(
        manifest={"dataset": "tiny", "checksum": checksum, "system": system},
        questions=tuple(
            QuestionResult(
                id=id_,
                kind="odd" if i % 2 else "even",
                question=f"What of {id_} <b>?",
                values=row,
                expected=(Quoted("d1", ((4, 8),), "gold", before="the ", after=" is"),),
                found=(Quoted("d2", ((0, 5),), f"found by {system}", relevant=False),),
                verdict=(verdicts or {}).get(id_),
                timings_ms={"total": 1.0 + i},
            )
            for i, (id_, row) in enumerate(values.items())
        ),
        cost={"passages": 3},
    )
