"""What the policy asks of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.records import FloatArray, StoredPassage
from rag.records import Question


class Rescorer(Protocol):
    """Looks closer at candidates than the engines can: late interaction, a cross-encoder."""

    name: str

    def score(self, question: Question, passages: Sequence[StoredPassage]) -> FloatArray:
        """One score a passage [n] float32, higher is better, to replace the fused one."""
