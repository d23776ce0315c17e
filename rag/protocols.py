"""What the policy asks of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.records import FloatArray, StoredPassage
from rag.records import Question, Turn


class Rescorer(Protocol):
    """Looks closer at candidates than the engines can: late interaction, a cross-encoder."""

    name: str

    def score(self, question: Question, passages: Sequence[StoredPassage]) -> FloatArray:
        """One score a passage [n] float32, higher is better, to replace the fused one."""


class Rewriter(Protocol):
    """Makes a question that leans on a conversation stand alone, as a generator can."""

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        """The question as it would be asked without the history; AnswerError where it cannot be told."""
