"""Vectors of questions, kept beside the index: each is encoded once, for all systems and all runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from eval.errors import EvaluationError
from index.generation import check_encoder
from index.protocols import Encoder
from index.records import Embedding, EncoderIdentity, FloatArray


class QuestionVectors:
    """An encoder of questions that remembers, and loads the model only for what it does not know."""

    def __init__(self, identity: EncoderIdentity, load: Callable[[], Encoder], path: Path) -> None:
        """`identity` is the index's, `path` a file that is read now and written by `save`."""
        self.identity = identity
        self._load, self._path = load, path
        self._encoder: Encoder | None = None
        self._known: dict[str, tuple[Embedding, float]] = _read(path, identity)
        self._held = len(self._known)

    @property
    def token_dimension(self) -> int:
        """Components of a token's vector."""
        return self._model().token_dimension

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text."""
        return self._model().count_tokens(texts)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors [n, dimension] float32."""
        return self._model().encode_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Vectors with those of their tokens."""
        return self._model().embed_passages(texts)

    def encode_question(self, text: str) -> FloatArray:
        """The unit vector [dimension] float32 of a question."""
        return self.embed_question(text).vector

    def embed_question(self, text: str) -> Embedding:
        """The vector of a question with those of its tokens."""
        if text not in self._known:
            model = self._model()
            start = perf_counter()
            embedding = model.embed_question(text)
            self._known[text] = embedding, round((perf_counter() - start) * 1e3, 3)
        return self._known[text][0]

    def milliseconds(self, text: str) -> float | None:
        """How long encoding a question took; None for one that was not encoded."""
        return self._known[text][1] if text in self._known else None

    def save(self) -> None:
        """Write what was learnt. Raises EvaluationError."""
        if len(self._known) == self._held:
            return
        columns: dict[str, Any] = {
            "identity": _line(self.identity),
            "texts": list(self._known),
            "vectors": np.stack([known.vector for known, _ in self._known.values()]),
            "tokens": np.concatenate([known.tokens for known, _ in self._known.values()]),
            "starts": np.concatenate([known.starts for known, _ in self._known.values()]),
            "bounds": np.cumsum([len(known.tokens) for known, _ in self._known.values()]),
            "took_ms": np.asarray([took_ms for _, took_ms in self._known.values()]),
        }
        work = self._path.with_suffix(".tmp.npz")
        try:
            np.savez(work, **columns)
            work.replace(self._path)
        except OSError as error:
            raise EvaluationError(f"{self._path}: cannot be written: {error.strerror or error}") from error
        self._held = len(self._known)

    def _model(self) -> Encoder:
        if self._encoder is None:
            self._encoder = self._load()
            check_encoder(self.identity, self._encoder.identity, self._path.parent)
            self._encoder.encode_question("ready")  # the first forward pass sets things up
        return self._encoder


def _line(identity: EncoderIdentity) -> str:
    return f"{identity.fingerprint} {identity.precision}"


def _read(path: Path, identity: EncoderIdentity) -> dict[str, tuple[Embedding, float]]:
    """What an earlier run left; nothing when that was another encoder's, or cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as held:
            if str(held["identity"]) != _line(identity):
                return {}
            cuts = held["bounds"][:-1]
            embeddings = map(
                Embedding, held["vectors"], np.split(held["tokens"], cuts), np.split(held["starts"], cuts)
            )
            return dict(
                zip(
                    held["texts"].tolist(),
                    zip(embeddings, held["took_ms"].tolist(), strict=True),
                    strict=True,
                )
            )
    except (OSError, ValueError, KeyError):
        return {}
