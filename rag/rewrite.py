"""A follow-up made to stand alone by a language model, held to be a question and of bearable length."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from threading import Event

from rag import prompts
from rag.errors import GeneratorError
from rag.protocols import Generator
from rag.records import MAX_QUESTION, Turn
from rag.tokens import tokens

_TURNS = 8  # of the end of a conversation
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_LONGEST = 400  # characters by which a question may grow
_NEW = 3  # words of a rewritten question that stand neither in the question nor in the conversation


class GeneratorRewriter:
    """Asks a language model; what it gives back must be made of what was said."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        """The question as it would be asked without the history; GeneratorError where it cannot be told."""
        if not history:
            return question
        recent = list(history[-_TURNS:])
        most, written = len(question) + _LONGEST, ""
        with closing(self._generator.generate(prompts.rewrite(question, recent), Event())) as pieces:
            for piece in pieces:
                written += piece
                if len(_THOUGHT.sub("", written)) > 4 * most:
                    break
        lines = _THOUGHT.sub("", written).strip().splitlines()
        found = lines[0].strip().strip('"“”*`').removeprefix("Valid:").strip() if lines else ""
        if not found or len(found) > min(most, MAX_QUESTION) or _invented(found, question, recent) > _NEW:
            raise GeneratorError("the language model did not make the question understandable by itself")
        return found


def _invented(found: str, question: str, history: Sequence[Turn]) -> int:
    """How many words stand nowhere in what was said: a question adds none, an answer does."""
    said = _words(" ".join([question, *(turn.content for turn in history)]))
    return len(_words(found) - said)


def _words(text: str) -> set[str]:
    return {token.fold.casefold() for token in tokens(text) if token.says}
