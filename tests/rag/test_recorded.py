from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.answer import AnswerConfig, answer
from rag.confidence import ConfidenceConfig
from rag.records import Question
from rag.testing import Collection

_ALWAYS = AnswerConfig(confidence=ConfidenceConfig(risk=1.0))
_TALK = (
    ("Is the ferry late?", "The ferry is never late, whatever people say."),
    ("Who paints it?", "The crew paints the ferry."),
    ("Why is it red?", "Red is seen from afar."),
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    made = Collection(tmp_path_factory.mktemp("shelf"))
    talk = "".join(f"Magazine:\n{question}\n\nRuiz:\n{said}\n\n" for question, said in _TALK)
    front = (
        "---\ntitle: Quiet Waters\nauthor: Ada Sund\n---\n\nBo Ruiz is a captain of the harbour of Baku. "
        "The interview was conducted in early May 2020 by Cleo Dunn and Dan Eck.\n\n"
    )
    made.add({"talk.md": front + talk, "other.txt": "The ferry is red."})
    yield made
    made.close()


def _told(shelf: Collection, question: str) -> list[tuple[str, str]]:
    given = answer(Question(question), shelf.tools(), shelf.store, _ALWAYS).answer
    assert given
    return [
        (claim.text, "".join(given.citations[claim.citations[0] - 1].quote))
        for claim in given.claims
        if not claim.verbatim
    ]


@pytest.mark.parametrize(
    "question", ["Who interviewed Bo Ruiz in Quiet Waters?", "Who is the interviewer of quiet waters?"]
)
def test_a_document_is_told_of_by_its_record_and_cited_where_that_says_so(
    shelf: Collection, question: str
) -> None:
    assert _told(shelf, question) == [
        ("The interview “Quiet Waters” was held by Cleo Dunn and Dan Eck.", "Cleo Dunn and Dan Eck")
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Who interviewed the captain of the red ferry that Quiet Waters tells of?",
        "Who was interviewed in Loud Waters?",
        "What does Quiet Waters say?",
        "Who published Quiet Waters?",
        "Who wrote Quiet Waters?",
    ],
)
def test_a_record_tells_nothing_of_what_it_lacks_cannot_be_cited_for_or_is_not_asked(
    shelf: Collection, question: str
) -> None:
    assert all("“Quiet Waters” " not in text for text, _ in _told(shelf, question) if "According" not in text)
