"""Fakes that ship: what an answer is made of, written down, as the events that the service sends for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that an answer rests on; `text` is what the viewer shows, `quote` stands in it."""

    title: str
    text: str
    quote: str
    section: tuple[str, ...] = ()
    original: str | None = None
    time: tuple[float, float] | None = None  # seconds into a recording
    pages: tuple[str, ...] = ()  # as printed
    indices: tuple[int, ...] = ()  # of pages as counted

    @property
    def passage_id(self) -> str:
        """Its id, made of what it says."""
        return "pas_" + hashlib.sha256(f"{self.title}\0{self.text}".encode()).hexdigest()[:16]

    @property
    def start(self) -> int:
        """Where the quote begins, in code points."""
        return max(self.text.find(self.quote), 0)

    def url(self) -> str:
        """The path of its permalink."""
        return f"/d/doc_1?v=0123456789abcdef&c={self.start}-{self.start + len(self.quote)}"

    def event(self, n: int) -> dict[str, Any]:
        """What the `source` event tells of it."""
        return {**self.nearest(), "n": n, "citation": self._citation(n)}

    def nearest(self) -> dict[str, Any]:
        """What a `status` event tells of it, before it is cited."""
        return {
            "passage_id": self.passage_id,
            "title": self.title,
            "url": self.url(),
            "heading_path": list(self.section),
            "lang": None,
            "dir": "auto",
            "snippet": self.quote,
            "doc_version": "sha256:" + "0" * 64,
            "fetched_at": None,
        }

    def quoted(self) -> dict[str, Any]:
        """What a `verdict` event rests on."""
        end = self.start + len(self.quote)
        return {
            "exact": self.quote,
            "prefix": self.text[max(self.start - 32, 0) : self.start],
            "suffix": self.text[end : end + 32],
            "start": self.start,
            "end": end,
        }

    def view(self, text: str | None = None, shift: int = 0) -> dict[str, Any]:
        """What the passage resource answers: its text, or another, from `shift` on."""
        shown = self.text if text is None else text
        return {
            "passage_id": self.passage_id,
            "passages": [],
            "view": {
                "document_id": "doc_1",
                "version": "sha256:" + "0" * 64,
                "title": self.title,
                "language": None,
                "start": shift,
                "end": shift + len(shown),
                "text": shown,
                "sha256": hashlib.sha256(shown.encode()).hexdigest(),
                "blocks": [{"kind": "paragraph", "level": None, "start": shift, "end": shift + len(shown)}],
                "pages": [],
                "section": list(self.section),
            },
        }

    def _citation(self, n: int) -> dict[str, Any]:
        quoted = self.quoted()
        span = {"start": quoted["start"], "end": quoted["end"]}
        return {
            "n": n,
            "id": f"cit_{n}",
            "document": {
                "id": "doc_1",
                "version": "sha256:" + "0" * 64,
                "source": self.title,
                "title": self.title,
                "type": None,
                "authors": [],
                "publisher": None,
                "date": None,
                "superseded": False,
            },
            "passage_id": self.passage_id,
            "spans": [span],
            "quote": [self.quote],
            "selector": {
                "type": "TextQuoteSelector",
                "exact": self.quote,
                "prefix": quoted["prefix"],
                "suffix": quoted["suffix"],
            },
            "positions": [{"type": "TextPositionSelector", **span}],
            "locator": {
                "pages": list(self.pages),
                "page_indices": list(self.indices),
                "section": list(self.section),
                "section_authors": [],
                "author_variants": [],
                "speaker": None,
                "turn": None,
                "question": None,
                "footnotes": [],
                "time": {"start": self.time[0], "end": self.time[1]} if self.time else None,
                "anchor": None,
            },
            "verification": {"verdict": "exact", "folds": [], "score": 1.0},
            "url": self.url(),
            "original": self.original,
        }


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of an answer and the numbers of the sources behind it."""

    text: str
    cited: tuple[int, ...] = ()
    state: str = "exact"


def event(name: str, data: Mapping[str, Any]) -> bytes:
    """A server-sent event as it goes over the wire."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def opening(sources: tuple[Source, ...] = (), id_: str = "ans_1") -> list[bytes]:
    """The events before the first word of an answer."""
    meta = {
        "id": id_,
        "protocol": 1,
        "model": "scripted",
        "conversation": "con_1",
        "limits": {"question": 2000, "top_k": 100},
    }
    nearest = [source.nearest() for source in sources[:3]]
    return [
        event("meta", meta),
        event("status", {"stage": "retrieving"}),
        event("status", {"stage": "reading", "passages": len(sources), "nearest": nearest}),
        event("status", {"stage": "writing"}),
    ]


def narrative(
    said: tuple[Said, ...],
    sources: tuple[Source, ...] = (),
    state: str = "complete",
    notices: tuple[tuple[str, str], ...] = (),
    id_: str = "ans_1",
) -> list[bytes]:
    """The events of a whole answer, in the order in which the service sends them."""
    events, seq, known, text = opening(sources, id_), 0, 0, ""
    for index, piece in enumerate(said):
        for n in range(known + 1, max((*piece.cited, known)) + 1):
            if n <= len(sources):
                events.append(event("source", sources[n - 1].event(n)))
            known = n
        start = len(text)
        text += piece.text
        events.append(event("delta", {"seq": (seq := seq + 1), "text": piece.text}))
        if not piece.cited:
            continue
        events.append(event("cite", {"seq": (seq := seq + 1), "n": list(piece.cited)}))
        claim = {"index": index, "start": start, "end": len(text)}
        for n in piece.cited:
            if n <= len(sources):
                told = {"n": n, "state": piece.state, "quote": sources[n - 1].quoted(), "claim": claim}
                events.append(event("verdict", {"seq": (seq := seq + 1), **told}))
    events += [event("notice", {"code": code, "detail": detail}) for code, detail in notices]
    done = {
        "seq": seq + 1,
        "state": state,
        "confidence": 0.9,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "usage": {},
    }
    return [*events, event("done", done)]
