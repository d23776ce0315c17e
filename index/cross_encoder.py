"""A cross-encoder of sentence-transformers: a question and a text read together, by a model that one has."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import EncoderError
from index.records import FloatArray

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH = 16  # pairs


@dataclass(frozen=True, slots=True)
class CrossEncoderConfig:
    """Which model: a folder or an id of the hub."""

    model: str
    device: str = "cpu"


def load_cross_encoder(config: CrossEncoderConfig) -> PairModel:
    """Load a cross-encoder that gives one score a pair. Raises EncoderError when there is none."""
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    path = Path(config.model).expanduser()
    local = path.is_dir()
    try:
        model = CrossEncoder(
            str(path.resolve()) if local else config.model, device=config.device, local_files_only=local
        )
    except Exception as error:  # the hub, torch and transformers raise dozens of kinds
        reason = (str(error).strip().splitlines() or [""])[0][:200]
        raise EncoderError(
            f"{config.model}: cannot be loaded as a cross-encoder: {type(error).__name__}: {reason}; name an "
            "id of the hub (needs a network once) or a folder, or unset PINCITE_RERANKER to do without"
        ) from error
    if model.num_labels != 1:
        raise EncoderError(
            f"{config.model}: gives {model.num_labels} scores a pair, a reranker gives 1; name another in "
            "PINCITE_RERANKER, or unset it to do without"
        )
    model.model.eval()
    return PairModel(model, config.model)


class PairModel:
    """A loaded cross-encoder; safe for threads."""

    def __init__(self, model: CrossEncoder, name: str) -> None:
        self._model = model
        self._lock = threading.Lock()
        self.name = name

    def scores(self, question: str, texts: Sequence[str]) -> FloatArray:
        """How well each text answers a question [n] float32, higher is better."""
        if not texts:
            return np.empty(0, np.float32)
        pairs = [(_valid(question), _valid(text)) for text in texts]
        with self._lock:
            found = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
        return np.asarray(found, np.float32).reshape(len(texts))


def _valid(text: str) -> str:
    """Lone surrogates as question marks: tokenizers refuse them."""
    return text.encode("utf-8", "replace").decode()
