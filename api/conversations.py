"""Conversations of the last two hours: what was asked and answered, under a token that nobody can guess."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from rag.records import Outcome, Reply, Role, Turn

KEPT_S = 7_200
_MOST = 5_000  # conversations
_TURNS = 6  # the latest: a question leans on no earlier ones
_LONGEST = 4_000  # characters that are kept of a turn


@dataclass
class _Conversation:
    site: str
    used: float
    turns: list[Turn] = field(default_factory=list)


@dataclass
class Conversations:
    """What is kept, in memory alone: the conversation that was used longest ago goes first. Thread-safe.

    A token belongs to the site that it was made for, by its key; empty is no site.
    """

    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[str, _Conversation] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def resume(self, token: str | None, site: str) -> tuple[str, tuple[Turn, ...]]:
        """A conversation with its turns so far: that of a token, a new one where it is not kept here."""
        with self._lock:
            self._forget_old()
            known = self._kept.get(token) if token else None
            if token and known and known.site == site:
                self._touch(token, known)
                return token, tuple(known.turns)
            made = f"cnv_{secrets.token_urlsafe(24)}"
            self._kept[made] = _Conversation(site, self.clock())
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
            return made, ()

    def remember(self, token: str, question: str, answer: str) -> None:
        """Keep a question with its whole answer; not where the conversation was forgotten meanwhile."""
        with self._lock:
            if known := self._kept.get(token):
                self._touch(token, known)
                for role, text in ((Role.USER, question), (Role.ASSISTANT, answer)):
                    known.turns.append(Turn(role, text[:_LONGEST]))
                del known.turns[:-_TURNS]

    def site(self, token: str) -> str | None:
        """The key of the site that a token was made for, empty for none; None where it is not kept here."""
        with self._lock:
            self._forget_old()
            known = self._kept.get(token)
            return known.site if known else None

    def forget(self, token: str) -> None:
        """Keep nothing of a conversation."""
        with self._lock:
            self._kept.pop(token, None)

    def __len__(self) -> int:
        return len(self._kept)

    def _touch(self, token: str, known: _Conversation) -> None:
        known.used = self.clock()
        self._kept.move_to_end(token)

    def _forget_old(self) -> None:
        oldest = self.clock() - KEPT_S
        while self._kept and next(iter(self._kept.values())).used < oldest:
            self._kept.popitem(last=False)


def said(reply: Reply) -> str | None:
    """What a later question may lean on: an answer that is whole, or nothing."""
    cut = reply.generation is not None and reply.generation.outcome is Outcome.BROKEN_OFF
    return reply.answer.text if reply.answer and not cut else None
