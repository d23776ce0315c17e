"""A cross-encoder that is made here: two tiny layers, and weights by chance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.cross_encoder import CrossEncoderConfig, PairModel, load_cross_encoder
from index.errors import EncoderError

_WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz", "gas", "sea", "field"]


def _save(folder: Path, labels: int = 1) -> Path:
    import torch
    from transformers import (
        BertConfig,
        BertForSequenceClassification,
        BertTokenizer,
    )

    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(_WORDS), encoding="utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(_WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=1.0,  # with less, all scores are alike
    )
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(vocab_file=str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _save(tmp_path_factory.mktemp("models") / "cross")


@pytest.fixture(scope="module")
def model(folder: Path) -> PairModel:
    return load_cross_encoder(CrossEncoderConfig(str(folder)))


def test_scores_are_those_of_the_model_for_each_pair(model: PairModel, folder: Path) -> None:
    from sentence_transformers import CrossEncoder

    texts = ["gas field", "sea", "", "a field by the sea " * 40, "gas \ud800"]
    reference = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    expected = [
        reference.predict([("gas sea", text.encode("utf-8", "replace").decode())], show_progress_bar=False)[0]
        for text in texts
    ]
    scores = model.scores("gas sea", texts)
    assert scores.dtype == np.float32
    assert scores.tolist() == pytest.approx(np.asarray(expected).tolist(), abs=1e-4)
    assert len(set(scores.round(4).tolist())) >= 4


def test_no_texts_have_no_scores(model: PairModel) -> None:
    assert model.scores("gas", []).tolist() == []


def test_a_folder_without_a_model_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"cannot be loaded as a cross-encoder: .*unset PINCITE_RERANKER"):
        load_cross_encoder(CrossEncoderConfig(str(tmp_path)))


def test_a_model_that_gives_several_scores_a_pair_is_refused(tmp_path: Path) -> None:
    folder = _save(tmp_path / "three", labels=3)
    with pytest.raises(EncoderError, match="gives 3 scores a pair, a reranker gives 1"):
        load_cross_encoder(CrossEncoderConfig(str(folder)))
