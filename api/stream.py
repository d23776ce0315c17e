"""An answer as server-sent events: prose without markers, sources before their first use, verdicts, an end.

The order of events and what they hold is told in docs/generation.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from api import present
from api.errors import NotReadyError
from api.links import place
from api.schemas.fields import MAX_TOP_K
from corpus.errors import PinciteError
from corpus.records import Record
from index.errors import BusyError, NotFoundError
from index.store import Store
from rag.cite import cite
from rag.generate import Said
from rag.records import MAX_QUESTION, Citation, Ranking, Reply, Status

PROTOCOL = 1
_NEAREST = 3  # passages that are told with the ranking
_SNIPPET = 300  # characters
_RETRY_S = 2
_UNSAID = frozenset({"meta", "status"})  # events that say nothing of the answer


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known of an answer before anything is looked up."""

    id: str
    model: str
    conversation: str | None = None  # the token with which the next question leans on this answer


@dataclass(frozen=True, slots=True)
class Event:
    """A server-sent event; its data become JSON."""

    name: str
    data: dict[str, Any]


def narrate(
    told: Iterable[Ranking | Said | Reply], store: Store, meta: Meta, done: Callable[[Reply], dict[str, int]]
) -> Generator[Event]:
    """An answer as it comes; `done` is given the whole reply and tells the usage."""
    narrator = _Narrator(store)
    yield Event(
        "meta",
        {
            "id": meta.id,
            "conversation": meta.conversation,
            "protocol": PROTOCOL,
            "model": meta.model,
            "limits": {"question": MAX_QUESTION, "top_k": MAX_TOP_K},
        },
    )
    yield Event("status", {"stage": "retrieving"})
    for part in told:
        if isinstance(part, Ranking):
            yield from narrator.found(part)
        elif isinstance(part, Said):
            yield from narrator.said(part)
        else:
            yield from narrator.end(part, done(part))


def steady(tell: Callable[[], Generator[Event]]) -> Generator[Event]:
    """Once more, when a document was removed before anything was said of the answer.

    What was told until then is not told again.
    """
    seen: set[tuple[str, str]] = set()
    try:
        with closing(tell()) as events:
            for event in events:
                seen.add((event.name, event.data.get("stage", "")))
                yield event
        return
    except NotFoundError:
        if any(name not in _UNSAID for name, _ in seen):
            raise
    with closing(tell()) as events:
        yield from (event for event in events if (event.name, event.data.get("stage", "")) not in seen)


def failed(error: PinciteError, detail: str, reference: str) -> Event:
    """The end of an answer that failed; `reference` finds it in the log."""
    passing = isinstance(error, NotReadyError | BusyError | NotFoundError)
    return Event(
        "error",
        {
            "code": error.code,
            "detail": detail,
            "retryable": passing,
            "retry_after": _RETRY_S if passing else None,
            "ref": reference,
        },
    )


class _Narrator:
    """Tells one answer; numbers its sources and what comes in a fixed order."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._text = ""
        self._seq = 0
        self._claims = 0
        self._sources: list[Citation] = []

    def found(self, ranking: Ranking) -> Iterator[Event]:
        """How many passages were found, and the nearest."""
        nearest = [_source(cite(self._store, ranked.stored)) for ranked in ranking.passages[:_NEAREST]]
        found = {"stage": "reading", "passages": len(ranking.passages), "nearest": nearest}
        yield Event("status", found)
        yield Event("status", {"stage": "writing"})

    def said(self, said: Said) -> Iterator[Event]:
        """A claim: its new sources, its text, its numbers, and how each of them backs it."""
        for cited in said.citations:
            self._sources.append(cited)
            n = len(self._sources)
            whole = present.citation(cited, n).model_dump(mode="json")
            yield Event("source", {"n": n, **_source(cited), "citation": whole})
        text = (" " if self._text else "") + said.claim.text
        self._text += text
        yield self._numbered("delta", {"text": text})
        yield self._numbered("cite", {"n": list(said.claim.citations)})
        claim = {"index": self._claims, "start": said.claim.start, "end": said.claim.end}
        state = "exact" if said.claim.verbatim else "supported"
        for n in said.claim.citations:
            quote = _quote(self._sources[n - 1])
            yield self._numbered("verdict", {"n": n, "state": state, "quote": quote, "claim": claim})
        self._claims += 1

    def end(self, reply: Reply, usage: dict[str, int]) -> Iterator[Event]:
        """What a reader should know, and the end."""
        for notice in present.notices(reply):
            yield Event("notice", notice.model_dump(mode="json"))
        yield self._numbered(
            "done",
            {
                "state": "no_answer" if reply.status is Status.UNSUPPORTED else "complete",
                "confidence": reply.confidence,
                "sha256": hashlib.sha256(self._text.encode()).hexdigest(),
                "usage": usage,
            },
        )

    def _numbered(self, name: str, data: dict[str, Any]) -> Event:
        self._seq += 1
        return Event(name, {"seq": self._seq, **data})


def _source(cited: Citation) -> dict[str, Any]:
    """A source as a list shows it. `fetched_at` is not known, and the language is not looked at."""
    stored = cited.stored
    quote = " ".join(" ".join(cited.quote).split())
    return {
        "passage_id": stored.passage.id,
        "title": Record(stored.record).title or stored.source,
        "url": place(stored.document_id, stored.version, cited.spans),
        "heading_path": list(cited.locator.section),
        "lang": None,
        "dir": "auto",
        "snippet": quote if len(quote) <= _SNIPPET else quote[:_SNIPPET].rsplit(" ", 1)[0] + " …",
        "doc_version": f"sha256:{stored.version}",
        "fetched_at": None,
    }


def _quote(cited: Citation) -> dict[str, Any]:
    """What a verdict rests on, as code points of the canonical text."""
    return {
        "exact": "".join(cited.quote),
        "prefix": cited.prefix,
        "suffix": cited.suffix,
        "start": cited.spans[0].start,
        "end": cited.spans[-1].end,
    }
