from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from rag.confidence import ConfidenceConfig, confidence
from rag.records import Question, Ranking
from rag.retrieve import retrieve
from rag.testing import Collection, FavouriteWord


def _ranking(collection: Collection, question: str) -> Ranking:
    return retrieve(Question(question), collection.tools())


def _confidence(collection: Collection, question: str) -> float:
    return confidence(_ranking(collection, question), collection.reader.snapshot())


def test_nothing_found_is_no_confidence(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is old."})
    collection.remove("a.txt")
    assert _confidence(collection, "harbour") == 0.0


def test_it_is_a_probability_for_any_question(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is old."})
    questions = ["Is the harbour old?", "The harbour is old.", "volcano", "what is the", "?"]
    assert all(0 < _confidence(collection, question) < 1 for question in questions)


def test_a_question_in_the_words_of_the_collection_is_surer_than_a_foreign_one(
    collection: Collection,
) -> None:
    collection.add({"a.txt": "The harbour is old.", "b.txt": "The harbour toll is due in spring."})
    own, near, foreign = (
        _confidence(collection, question)
        for question in (
            "When is the harbour toll due?",
            "When is the harbour dredged?",
            "Who won the chess game?",
        )
    )
    assert own > near > foreign


def test_the_nearer_the_best_passage_the_surer(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is old."})
    ranking, index = _ranking(collection, "Is the harbour old?"), collection.reader.snapshot()
    by_cosine = [confidence(replace(ranking, cosine=cosine), index) for cosine in (-1.0, 0.0, 0.3, 0.6, 1.0)]
    assert by_cosine == sorted(by_cosine)
    assert by_cosine[0] < by_cosine[-1]


def test_terms_that_no_passage_holds_make_less_sure_the_rarer_they_are(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is old."})
    ranking, index = _ranking(collection, "harbour"), collection.reader.snapshot()

    def with_volcano(weight: float) -> float:
        return confidence(
            replace(ranking, terms=MappingProxyType({**ranking.terms, "volcano": weight})), index
        )

    assert confidence(ranking, index) > with_volcano(0.5) > with_volcano(5.0)


def test_only_the_best_passages_are_looked_at(collection: Collection) -> None:
    """A rescorer puts the one passage that holds the second term behind four others."""
    collection.add({f"{n}.txt": f"Harbour {n} is old." for n in range(4)} | {"v.txt": "The volcano is old."})
    ranking = retrieve(Question("harbour volcano"), collection.tools(FavouriteWord("Harbour")))
    index, short = collection.reader.snapshot(), replace(ranking, passages=ranking.passages[:3])
    few, all_of_them = ConfidenceConfig(passages=3), ConfidenceConfig(passages=5)
    assert confidence(ranking, index, few) == confidence(short, index, all_of_them)
    assert confidence(ranking, index, few) < confidence(ranking, index, all_of_them)
