"""Frozen values of the policy: questions, rankings, answers, citations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from corpus.records import Locator, Span
from index.records import Filters, FloatArray, IntArray, StoredPassage
from rag.errors import AskError

MAX_QUESTION = 2_000  # characters
MAX_TOP_K = 1_000  # a benchmark looks so far down; the doors let a hundred through


class Role(StrEnum):
    """Who speaks in a conversation."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which part of the collection, and how many passages are wanted.

    `history` is the conversation that it may lean on. Where it was made to stand alone (`rag.conversation`)
    `asked` is what was typed.
    """

    text: str
    top_k: int = 10
    filters: Filters = field(default_factory=Filters)
    history: tuple[Turn, ...] = ()
    asked: str | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise AskError("the question is empty; ask with at least one word")
        if len(self.text) > MAX_QUESTION:
            raise AskError(
                f"the question has {len(self.text):,} characters, at most {MAX_QUESTION:,} are read; "
                "shorten it"
            )
        if not 1 <= self.top_k <= MAX_TOP_K:
            raise AskError(f"top_k is {self.top_k}; it must be 1 to {MAX_TOP_K}")


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage in a ranking; `signals` are the normalised parts of its score.

    `also_in` are passages of the same text that are not shown for it, best first.
    """

    rank: int  # from 1; 0 until it is known
    score: float  # higher is better; comparable within one ranking only
    signals: Mapping[str, float]
    stored: StoredPassage
    also_in: tuple[StoredPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages for a question, best first, with what abstention looks at."""

    question: Question
    passages: tuple[RankedPassage, ...]
    generation: int
    terms: Mapping[str, float]  # search terms of the question and their inverse document frequency
    cosine: float  # of the question with the nearest passage
    tokens: FloatArray = field(default_factory=lambda: np.empty((0, 0), np.float32))  # [t, d] of the question
    starts: IntArray = field(default_factory=lambda: np.empty(0, np.int64))  # [t] their characters in it
    timings_ms: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


class Status(StrEnum):
    """Whether the passages support an answer."""

    ANSWERED = "answered"
    UNSUPPORTED = "unsupported"


class Verdict(StrEnum):
    """How a text stands to the source that it claims."""

    EXACT = "exact"
    NORMALIZED = "normalized"
    FUZZY = "fuzzy"
    MISATTRIBUTED = "misattributed"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict; `folds` name what was folded away, `score` is 1.0 when nothing else differs."""

    verdict: Verdict
    folds: tuple[str, ...] = ()
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact characters that something rests on: `quote[i]` is the canonical text at `spans[i]`.

    `stored` is the passage that holds most of them; the `locator` is theirs, which may be narrower (one of
    the passage's two pages) or wider (they go on in the next passage). `original` opens the document where it
    was published, at the place as far as a link can say it.
    """

    id: str
    stored: StoredPassage
    locator: Locator
    spans: tuple[Span, ...]
    quote: tuple[str, ...]
    prefix: str
    suffix: str
    verification: Verification
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer: `answer.text[start:end]`, and the numbers of its citations, from 1.

    `verbatim` is whether it stands in the text so; else it is told from structure. `highlights` are where
    in the answer's text stands what was asked for: the date, the number, the name.
    """

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    verbatim: bool = True
    highlights: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Sentences with their citations; `citations[n - 1]` is number n."""

    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


class MessageRole(StrEnum):
    """Whose message it is."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a language model."""

    role: MessageRole
    text: str


class Outcome(StrEnum):
    """What became of asking a language model."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"  # it says that the documents do not say
    UNVERIFIED = "unverified"  # nothing that it said is backed by a passage
    UNAVAILABLE = "unavailable"  # it failed
    BROKEN_OFF = "broken_off"  # it failed later; what it said before that, and is backed, is kept
    NOT_ASKED = "not_asked"  # the passages do not support an answer


@dataclass(frozen=True, slots=True)
class Generation:
    """What a language model had to do with a reply; `withheld` counts sentences that no passage backs."""

    model: str
    outcome: Outcome
    withheld: int = 0
    detail: str = ""  # why it was not available, fit to be shown


@dataclass(frozen=True, slots=True)
class Reply:
    """What a question gets: an answer or an abstention, and always the ranking.

    `generation` is None where no language model was wanted; where one was and the answer is not its own, the
    extractive answer stands in.
    """

    status: Status
    confidence: float  # probability that the passages support an answer
    answer: Answer | None
    ranking: Ranking
    timings_ms: Mapping[str, float]
    generation: Generation | None = None
