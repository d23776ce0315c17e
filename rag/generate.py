"""Answers that a language model writes: each sentence shown only when its passages say it too."""

from __future__ import annotations

import re
from collections.abc import Generator as Pieces
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Event
from types import MappingProxyType

from index.store import Store
from rag import prompts
from rag.backing import Backing, BackingConfig, Doubt, backing
from rag.cite import cite
from rag.errors import GeneratorError
from rag.markers import Sentences, Written
from rag.orders import orders
from rag.protocols import Generator
from rag.records import (
    Answer,
    Citation,
    Claim,
    Generation,
    Message,
    Outcome,
    RankedPassage,
    Reply,
    Status,
)
from rag.retrieve import Tools
from rag.timing import Stopwatch
from rag.tokens import tokens

_ABSTAINS = re.compile(
    r"\b(?:documents?|passages?|sources?|texts?|context)\b.{0,40}\b(?:do|does|did)(?: not|n['’]t)\b.{0,20}"
    r"\b(?:say|mention|contain|provide|state|tell|include|specify|answer|give)\b",
    re.IGNORECASE,
)
_BEGINNING = 2  # sentences in which a model abstains; later on it repeats what it was told, or hedges
_LEAK = 6  # words in a row of what a model is told: a sentence with so many repeats it


@dataclass(frozen=True, slots=True)
class GenerateConfig:
    """What a language model is given, and how much of what it writes is read."""

    passages: int = 8
    characters: int = 12_000  # of passages: some three thousand tokens, which every model has room for
    sentences: int = 12
    written: int = 16_000  # characters that are read, whatever it writes
    citations: int = 3  # of one sentence
    abstained_ratio: float = 0.25  # how much rarer a model abstains where the passages do answer: assumed
    backing: BackingConfig = field(default_factory=BackingConfig)


@dataclass(frozen=True, slots=True)
class Said:
    """A claim as soon as it is checked; `citations` are those that no claim before it has, in their order."""

    claim: Claim
    citations: tuple[Citation, ...]


def generate(
    reply: Reply,
    tools: Tools,
    store: Store,
    generator: Generator,
    stop: Event | None = None,
    config: GenerateConfig | None = None,
) -> Pieces[Said | Reply]:
    """Claims as a language model writes them and its passages back them; at last the whole reply.

    `reply` is what the passages say without it: that stands in when the model fails or nothing that it says
    is backed, and when it is an abstention the model is not asked.
    """
    config, stop, watch = config or GenerateConfig(), stop or Event(), Stopwatch()
    evidence = choose(reply.ranking.passages, config)
    if reply.answer is None or not evidence:
        yield from spoken(reply.answer) if reply.answer else ()
        yield replace(reply, generation=Generation(generator.model, Outcome.NOT_ASKED))
        return
    writing, failure, said = _Writing(reply, evidence, tools, store, config), "", False
    with watch.stage("generate"):
        try:
            asked = prompts.ask(reply.ranking.question.text, evidence)
            for written in _written(generator, asked, stop, config):
                if claim := writing.take(written):
                    said = True
                    yield claim
                if writing.done:
                    break
        except GeneratorError as error:
            failure = str(error)
    whole = writing.reply(generator.model, failure, watch.read()["generate"])
    if whole.answer and not said:
        yield from spoken(whole.answer)
    yield whole


def choose(passages: Sequence[RankedPassage], config: GenerateConfig) -> list[RankedPassage]:
    """The passages that a model is given: the best ones that fit, without those that give it orders."""
    chosen: list[RankedPassage] = []
    room = config.characters
    for ranked in passages:
        size = len(ranked.stored.passage.embedded)
        if len(chosen) == config.passages:
            break
        if size <= room and not orders(ranked.stored.passage.embedded):
            chosen.append(ranked)
            room -= size
    return chosen


def spoken(answer: Answer) -> Iterator[Said]:
    """An answer claim by claim, each with the citations that are new with it."""
    known = 0
    for claim in answer.claims:
        last = max((known, *claim.citations))
        yield Said(claim, answer.citations[known:last])
        known = last


def _written(
    generator: Generator, messages: Sequence[Message], stop: Event, config: GenerateConfig
) -> Iterator[Written]:
    """The sentences of a model, as they come; what is over the limit is not read."""
    cut, room = Sentences(), config.written
    with closing(generator.generate(messages, stop)) as pieces:
        for piece in pieces:
            yield from cut.feed(piece[:room])
            room -= len(piece)
            if room <= 0 or stop.is_set():
                break
    yield from cut.finish()


class _Writing:
    """An answer in the making: what was backed so far."""

    def __init__(
        self,
        reply: Reply,
        evidence: Sequence[RankedPassage],
        tools: Tools,
        store: Store,
        config: GenerateConfig,
    ) -> None:
        self._reply, self._tools, self._store, self._config = reply, tools, store, config
        self._evidence = [ranked.stored for ranked in evidence]
        self._text = ""
        self._claims: list[Claim] = []
        self._citations: dict[str, Citation] = {}
        self._seen: set[str] = set()
        self._abstained = False
        self._withheld = 0

    @property
    def done(self) -> bool:
        """Whether enough is said, or all there is to say."""
        return self._abstained or len(self._claims) == self._config.sentences

    def take(self, written: Written) -> Said | None:
        """The sentence as a claim; None where it is withheld, said already or nothing to be checked."""
        words = _words(written.text)
        if not words or " ".join(words) in self._seen:
            return None
        self._seen.add(" ".join(words))
        begins = not self._claims and self._withheld < _BEGINNING
        if words == _SENTINEL:
            self._abstained = begins
            return None
        backed = Doubt.EMPTY if _repeats(words) else self._backed(written)
        if isinstance(backed, Doubt):
            self._abstained = begins and bool(_ABSTAINS.search(written.text))
            self._withheld += not self._abstained
            return None
        return self._said(written.text, backed)

    def reply(self, model: str, failure: str, generate_ms: float) -> Reply:
        """The whole reply; where the model gave none, the one without it."""
        timings = {**self._reply.timings_ms, "generate": generate_ms}
        timings["total"] = round(timings.get("total", 0.0) + generate_ms, 3)
        outcome = self._outcome(failed=bool(failure))
        reply = replace(
            self._reply,
            timings_ms=MappingProxyType(timings),
            generation=Generation(model, outcome, self._withheld, failure),
        )
        if outcome is Outcome.ABSTAINED:
            sure = round(_updated(reply.confidence, self._config.abstained_ratio), 4)
            return replace(reply, status=Status.UNSUPPORTED, confidence=sure, answer=None)
        if not self._claims:
            return reply
        return replace(reply, answer=Answer(self._text, tuple(self._claims), tuple(self._citations.values())))

    def _outcome(self, *, failed: bool) -> Outcome:
        if self._claims:
            return Outcome.BROKEN_OFF if failed else Outcome.ANSWERED
        if failed:
            return Outcome.UNAVAILABLE
        return Outcome.ABSTAINED if self._abstained else Outcome.UNVERIFIED

    def _backed(self, written: Written) -> Backing | Doubt:
        """By the passages that it names; by any that the model was given, where those do not do."""
        terms, config = self._reply.ranking.terms, self._config.backing
        named = [self._evidence[n - 1] for n in written.numbers if 1 <= n <= len(self._evidence)]
        found = backing(written.text, named, terms, self._tools, config) if named else Doubt.EMPTY
        if isinstance(found, Doubt):
            found = backing(written.text, self._evidence, terms, self._tools, config)
        return found

    def _said(self, text: str, backed: Backing) -> Said:
        new: list[Citation] = []
        numbers: list[int] = []
        for place in backed.places[: self._config.citations]:
            cited = cite(self._store, place.stored, place.start, place.end)
            if cited.id not in self._citations:
                self._citations[cited.id] = cited
                new.append(cited)
            numbers.append(list(self._citations).index(cited.id) + 1)
        self._text += " " if self._text else ""
        start = len(self._text)
        self._text += text
        claim = Claim(text, start, len(self._text), tuple(sorted(set(numbers))), backed.verbatim)
        self._claims.append(claim)
        return Said(claim, tuple(new))


def _words(text: str) -> list[str]:
    return [token.fold.casefold() for token in tokens(text) if token.says]


_SENTINEL = _words(prompts.NO_ANSWER)
_TOLD = frozenset(
    tuple(words[i : i + _LEAK])
    for words in (_words(prompts.SYSTEM), _words(prompts.REWRITE))
    for i in range(len(words) - _LEAK + 1)
)


def _repeats(words: Sequence[str]) -> bool:
    """Whether a sentence repeats what the model is told."""
    return any(tuple(words[i : i + _LEAK]) in _TOLD for i in range(len(words) - _LEAK + 1))


def _updated(probability: float, ratio: float) -> float:
    """A probability after evidence of a likelihood ratio (Bayes)."""
    odds = ratio * probability / max(1e-9, 1 - probability)
    return odds / (1 + odds)
