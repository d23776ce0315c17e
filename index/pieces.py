"""What a tokenizer makes of texts: how many pieces, of which characters, and what it puts around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.records import IntArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


def count(tokenizer: Any, texts: list[str]) -> list[int]:
    """Pieces of each text, special ones not counted."""
    if hasattr(tokenizer, "encode_batch"):  # static embeddings carry a bare `tokenizers.Tokenizer`
        return [len(e.ids) for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
    encoded = tokenizer(texts, add_special_tokens=False, truncation=False, verbose=False)
    return [len(ids) for ids in encoded["input_ids"]]


def ranges_of(tokenizer: Any, texts: list[str]) -> list[IntArray]:
    """The characters [t, 2] int64 of each piece of each text, special ones not counted.

    A tokenizer that does not tell them gives empty ranges.
    """
    if not texts:
        return []
    if hasattr(tokenizer, "encode_batch"):
        found = [e.offsets for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
    elif not tokenizer.is_fast:
        return [np.zeros((pieces, 2), np.int64) for pieces in count(tokenizer, texts)]
    else:
        found = tokenizer(
            texts, add_special_tokens=False, truncation=False, verbose=False, return_offsets_mapping=True
        )["offset_mapping"]
    # Some tokenizers count the space before a word as its own.
    trimmed = (
        [(start + text[start:end].startswith(" "), end) for start, end in ranges]
        for text, ranges in zip(texts, found, strict=True)
    )
    return [np.asarray(ranges, np.int64).reshape(-1, 2) for ranges in trimmed]


def special_around(model: SentenceTransformer) -> tuple[int, int]:
    """How many special tokens the model puts before and behind those of a text."""
    if hasattr(model.tokenizer, "encode_batch"):
        return 0, 0
    whole = model.preprocess(["a"])["input_ids"][0].tolist()
    own = model.tokenizer(["a"], add_special_tokens=False)["input_ids"][0]
    before = next((i for i in range(len(whole)) if whole[i : i + len(own)] == own), 0)
    return before, len(whole) - before - len(own)
