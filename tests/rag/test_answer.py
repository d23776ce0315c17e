from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.answer import AnswerConfig, answer
from rag.confidence import ConfidenceConfig, confidence
from rag.extract import ExtractConfig
from rag.fuse import FusionConfig, Weights, min_max
from rag.records import Claim, Question, Reply, Status, Verdict
from rag.testing import Collection, FavouriteWord

_ALWAYS = AnswerConfig(
    extract=ExtractConfig(sentences=9, close=1.0, closer=1.0), confidence=ConfidenceConfig(risk=1.0)
)
_TEXTS = {
    "a.md": "# Harbours\n\nThe harbour of **Baku** is deep. It is old.\n\nThe harbour of Poti\nis shallow.\n",
    "b.md": "# Trains\n\nThe train to the harbour is red.\n",
}


def _ask(
    collection: Collection, text: str, config: AnswerConfig | None = None, *, wanted: bool = True
) -> Reply:
    return answer(Question(text), collection.tools(), collection.store, config, wanted=wanted)


def _from(threshold: float) -> AnswerConfig:
    return AnswerConfig(confidence=ConfidenceConfig(risk=1 - threshold))


def test_an_answer_is_its_claims_with_spaces_between(collection: Collection) -> None:
    collection.add(_TEXTS)
    reply = _ask(collection, "How deep are the harbours?", _ALWAYS)
    assert reply.status is Status.ANSWERED
    assert reply.answer
    assert len(reply.answer.claims) >= 2
    assert reply.answer.text == " ".join(claim.text for claim in reply.answer.claims)
    for claim in reply.answer.claims:
        assert reply.answer.text[claim.start : claim.end] == claim.text


def test_citations_are_numbered_from_1_by_first_use_and_back_their_claims(collection: Collection) -> None:
    collection.add(_TEXTS)
    given = _ask(collection, "How deep are the harbours?", _ALWAYS).answer
    assert given
    assert [claim.citations for claim in given.claims] == [(n,) for n in range(1, len(given.citations) + 1)]
    for claim, cited in zip(given.claims, given.citations, strict=True):
        assert " ".join("".join(cited.quote).replace("*", "").split()) == claim.text


def test_an_answer_of_one_sentence_by_value(collection: Collection) -> None:
    collection.add(_TEXTS)
    config = replace(_ALWAYS, extract=ExtractConfig(sentences=1))
    given = _ask(collection, "Is the harbour of Poti shallow?", config).answer
    assert given
    assert given.claims == (Claim("The harbour of Poti is shallow.", 0, 31, (1,)),)
    assert [cited.quote for cited in given.citations] == [("The harbour of Poti\nis shallow.",)]


def test_confidence_at_the_threshold_answers_and_below_it_abstains(collection: Collection) -> None:
    collection.add(_TEXTS)
    ranking = _ask(collection, "Is the harbour deep?").ranking
    sure = confidence(ranking, collection.tools().snapshot)
    assert _ask(collection, "Is the harbour deep?", _from(sure)).status is Status.ANSWERED
    abstained = _ask(collection, "Is the harbour deep?", _from(sure + 1e-6))
    assert (abstained.status, abstained.answer) == (Status.UNSUPPORTED, None)


def test_an_abstention_still_shows_what_was_found_and_how_sure_it_is(collection: Collection) -> None:
    collection.add(_TEXTS)
    abstained, answered = (
        _ask(collection, "Is the harbour deep?", _from(1.1)),
        _ask(collection, "Is the harbour deep?", _ALWAYS),
    )
    assert abstained.confidence == answered.confidence > 0
    assert abstained.ranking.passages == answered.ranking.passages != ()


def test_without_a_sentence_to_cite_there_is_no_answer_however_sure(collection: Collection) -> None:
    collection.add({"a.md": "# The volcano\n\n```\nvolcano\n```\n"})
    assert _ask(collection, "volcano", _ALWAYS).status is Status.UNSUPPORTED


def test_a_foreign_question_is_not_answered(collection: Collection) -> None:
    collection.add(_TEXTS)
    assert _ask(collection, "Who won the chess tournament?").status is Status.UNSUPPORTED
    assert _ask(collection, "Is the harbour of Baku deep?").status is Status.ANSWERED


def test_an_emptied_collection_abstains(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is old."})
    collection.remove("a.txt")
    reply = _ask(collection, "harbour", _ALWAYS)
    assert (reply.status, reply.confidence, reply.answer, reply.ranking.passages) == (
        Status.UNSUPPORTED,
        0.0,
        None,
        (),
    )


def test_an_answer_that_is_not_wanted_is_left_out_and_the_status_stays(collection: Collection) -> None:
    collection.add(_TEXTS)
    reply = _ask(collection, "Is the harbour deep?", _ALWAYS, wanted=False)
    assert (reply.status, reply.answer) == (Status.ANSWERED, None)
    assert reply.confidence == _ask(collection, "Is the harbour deep?", _ALWAYS).confidence


def test_a_rescorer_decides_what_is_answered_from(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is old.", "b.txt": "The harbour is new and new."})
    config = replace(_ALWAYS, extract=ExtractConfig(passages=1))
    reply = answer(Question("harbour old"), collection.tools(FavouriteWord("new")), collection.store, config)
    assert reply.answer
    assert reply.answer.text == "The harbour is new and new."


def test_weights_of_the_fusion_are_the_configured_ones(collection: Collection) -> None:
    collection.add({f"{n}.txt": f"{'Red ' * n}train {n} goes." for n in range(1, 5)})
    alone = {"dense": Weights(1, 0, 0, 1), "lexical": Weights(0, 1, 0, 1), "late": Weights(0, 0, 1, 1)}
    for engine, weights in alone.items():
        reply = _ask(collection, "red train", replace(_ALWAYS, fusion=FusionConfig(weights=weights)))
        signals = np.asarray([r.signals[engine] for r in reply.ranking.passages], np.float32)
        scores = [ranked.score for ranked in reply.ranking.passages]
        assert scores == pytest.approx(min_max(signals).tolist(), abs=1e-2)


def test_stages_are_timed_to_the_answer(collection: Collection) -> None:
    collection.add(_TEXTS)
    reply = _ask(collection, "Is the harbour deep?")
    assert list(reply.timings_ms) == ["encode", "search", "answer", "total"]
    assert reply.timings_ms["total"] >= reply.ranking.timings_ms["total"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What did the Dostluk field used to be called?", "Kapaz"),
        ("Who wrote the part on faction?", "James Madison"),
        ("Which source is cited for the speed of light of 1972?", "Physical Review Letters"),
    ],
)
def test_the_sample_documents_answer_with_citations_that_hold(
    samples: Collection, question: str, said: str
) -> None:
    given = _ask(samples, question).answer
    assert given
    assert said in given.text
    for claim, cited in zip(given.claims, given.citations, strict=True):
        canonical = samples.store.text(cited.stored.version)
        assert cited.quote == tuple(canonical[span.start : span.end] for span in cited.spans)
        if cited.verification.verdict is Verdict.EXACT:
            assert cited.quote == (claim.text,)


@pytest.mark.parametrize(
    "question", ["How is sourdough bread baked?", "At what temperature does mercury boil?"]
)
def test_the_sample_documents_do_not_answer_what_is_foreign_to_them(
    samples: Collection, question: str
) -> None:
    assert _ask(samples, question).status is Status.UNSUPPORTED
