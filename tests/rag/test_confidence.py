from __future__ import annotations

from dataclasses import replace

import pytest

from rag.calibration import Calibration, shipped
from rag.confidence import ConfidenceConfig, asks_structure, confidence
from rag.records import Question, Ranking
from rag.retrieve import retrieve
from rag.testing import Collection

_TEXTS = {"a.txt": "The harbour is old.", "b.txt": "The harbour toll is due in spring."}


def _ranking(collection: Collection, question: str) -> Ranking:
    return retrieve(Question(question), collection.tools())


def _confidence(collection: Collection, question: str, config: ConfidenceConfig | None = None) -> float:
    return confidence(_ranking(collection, question), collection.reader.snapshot(), config)


def test_nothing_found_is_no_confidence(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is old."})
    collection.remove("a.txt")
    assert _confidence(collection, "harbour") == 0.0


def test_it_is_a_probability_for_any_question(collection: Collection) -> None:
    collection.add(_TEXTS)
    questions = [
        "Is the harbour old?",
        "The harbour is old.",
        "volcano",
        "what is the",
        "?",
        "🙂",
        "a " * 999,
    ]
    assert all(0 <= _confidence(collection, question) <= 1 for question in questions)


def test_a_question_in_the_words_of_the_collection_is_surer_than_a_foreign_one(
    collection: Collection,
) -> None:
    collection.add(_TEXTS)
    own, foreign = (
        _confidence(collection, question)
        for question in ("When is the harbour toll due?", "Who won the chess tournament?")
    )
    assert own > 0.5 > 0.2 > foreign


def test_the_shown_number_of_passages_changes_no_confidence(collection: Collection) -> None:
    collection.add({f"{n}.txt": f"Harbour {n} is old and wide." for n in range(8)})
    ranking, index = _ranking(collection, "Is harbour 3 wide?"), collection.reader.snapshot()
    assert confidence(replace(ranking, passages=ranking.passages[:3]), index) == confidence(ranking, index)


def test_what_structure_tells_is_sure_and_what_it_should_tell_and_does_not_is_not(
    collection: Collection,
) -> None:
    collection.add(
        {"a.md": "# Tides\n\n## The moon\n\nWho wrote of the moon wrote this chapter on the moon.\n"}
    )
    ranking = _ranking(collection, "Who wrote the chapter on the moon?")
    index = collection.reader.snapshot()
    assert confidence(ranking, index, told=True) >= 0.95
    assert confidence(ranking, index) <= 0.05


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who wrote the chapter on tides?", True),
        ("Who is the author of the introduction?", True),
        ("What does note 12 say?", True),
        ("Who wrote that the chapter of empires is closed?", True),
        ("Who wrote the book on tides?", False),
        ("What part of the fleet was written off?", False),
        ("Who crossed the river?", False),
    ],
)
def test_only_structure_can_tell_who_wrote_a_part_and_what_a_note_says(question: str, asks: bool) -> None:
    assert asks_structure(question) is asks


def test_the_risk_is_the_calibrations_where_nobody_sets_one() -> None:
    calibration = replace(shipped(), risk=0.3)
    assert ConfidenceConfig(calibration).answer_from == pytest.approx(0.7)
    assert ConfidenceConfig(calibration, 0.1).answer_from == 0.9


def test_another_encoder_is_judged_by_words_alone(collection: Collection) -> None:
    """The fake encoder is not the one that the shipped models know: its cosines must not be believed."""
    collection.add(_TEXTS)
    ranking, index = _ranking(collection, "When is the harbour toll due?"), collection.reader.snapshot()
    assert confidence(replace(ranking, cosine=-1.0), index) == confidence(ranking, index)
    known: Calibration = replace(shipped(), encoder=index.encoder.fingerprint)
    config = ConfidenceConfig(known)
    assert confidence(replace(ranking, cosine=-1.0), index, config) < confidence(ranking, index, config)


def test_over_real_documents_own_questions_are_answered_and_foreign_ones_are_not(samples: Collection) -> None:
    own = ["What did the Dostluk field use to be called?", "When was the Shusha Declaration signed?"]
    foreign = ["When did the Beatles release Abbey Road?", "What is the boiling point of ethanol?"]
    sure = {question: _confidence(samples, question) for question in (*own, *foreign)}
    answer_from = ConfidenceConfig().answer_from
    assert [question for question, value in sure.items() if value >= answer_from] == own
    assert ConfidenceConfig().calibration.encoder == samples.reader.snapshot().encoder.fingerprint


def test_over_real_documents_a_near_miss_is_less_sure_than_what_is_there(samples: Collection) -> None:
    there = _confidence(samples, "What did the Dostluk field use to be called?")
    assert _confidence(samples, "How deep is the water above the Dostluk field?") < there
