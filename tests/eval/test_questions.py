from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eval.errors import EvaluationError
from eval.questions import QuestionVectors
from index.errors import EncoderMismatchError
from index.protocols import Encoder
from index.testing import HashEncoder

_MODEL = HashEncoder()


def _never() -> Encoder:
    raise AssertionError("the model is not needed")


def test_a_question_is_encoded_once_for_all_runs(tmp_path: Path) -> None:
    path = tmp_path / "q.npz"
    first = QuestionVectors(_MODEL.identity, lambda: _MODEL, path)
    vector = first.encode_question("How long?")
    assert first.encode_question("How long?") is vector
    first.save()
    later = QuestionVectors(_MODEL.identity, _never, path)
    assert np.array_equal(later.encode_question("How long?"), vector)
    assert later.milliseconds("How long?") == first.milliseconds("How long?")
    assert later.milliseconds("Why?") is None


@pytest.mark.parametrize("model", [_MODEL, HashEncoder(tokens=False)])
def test_the_vectors_of_a_question_s_tokens_are_kept_too(tmp_path: Path, model: HashEncoder) -> None:
    path, questions = tmp_path / "q.npz", ("How long?", "?", "How long is the quay?")
    first = QuestionVectors(model.identity, lambda: model, path)
    for question in questions:
        first.embed_question(question)
    first.save()
    later = QuestionVectors(model.identity, _never, path)
    for question in questions:
        kept, expected = later.embed_question(question), model.embed_question(question)
        assert np.array_equal(kept.tokens, expected.tokens)
        assert kept.starts.tolist() == expected.starts.tolist()


def test_vectors_of_another_encoder_are_not_taken(tmp_path: Path) -> None:
    path, other = tmp_path / "q.npz", HashEncoder(seed="other")
    kept = QuestionVectors(_MODEL.identity, lambda: _MODEL, path)
    kept.encode_question("How long?")
    kept.save()
    fresh = QuestionVectors(other.identity, lambda: other, path)
    assert np.array_equal(fresh.encode_question("How long?"), other.encode_question("How long?"))


def test_a_model_that_is_not_the_index_s_is_refused(tmp_path: Path) -> None:
    asked = QuestionVectors(_MODEL.identity, lambda: HashEncoder(seed="other"), tmp_path / "q.npz")
    with pytest.raises(EncoderMismatchError):
        asked.encode_question("How long?")


def test_a_damaged_file_is_as_none(tmp_path: Path) -> None:
    path = tmp_path / "q.npz"
    path.write_bytes(b"no archive")
    assert QuestionVectors(_MODEL.identity, lambda: _MODEL, path).encode_question("x").shape == (64,)


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    asked = QuestionVectors(_MODEL.identity, lambda: _MODEL, tmp_path / "none" / "q.npz")
    asked.encode_question("x")
    with pytest.raises(EvaluationError, match="cannot be written"):
        asked.save()


def test_passages_and_tokens_are_the_model_s(tmp_path: Path) -> None:
    asked = QuestionVectors(_MODEL.identity, lambda: _MODEL, tmp_path / "q.npz")
    assert asked.count_tokens(["one two"]) == _MODEL.count_tokens(["one two"])
    assert np.array_equal(asked.encode_passages(["one two"]), _MODEL.encode_passages(["one two"]))
    assert asked.token_dimension == _MODEL.token_dimension
    (embedding,) = asked.embed_passages(["one two"])
    assert np.array_equal(embedding.tokens, _MODEL.embed_question("one two").tokens)
