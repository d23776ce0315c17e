"""Answers in the shapes of OpenAI's API: the numbers of citations in the text, and what they stand for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any

from api import present
from api.errors import RequestError
from api.schemas.citations import CitationOut
from api.schemas.completions import (
    AnnotationOut,
    Choice,
    CompletionIn,
    CompletionOut,
    MessageOut,
    UrlCitation,
    Usage,
)
from api.service import Mode
from api.stream import Event
from rag.records import Reply, Role, Turn

MODELS = {"pincite": None, "pincite-extractive": Mode.EXTRACTIVE, "pincite-generative": Mode.GENERATIVE}
UNSUPPORTED = "The documents do not support an answer."


def asked(body: CompletionIn) -> str:
    """The question: the last message of the user. Raises RequestError where there is none."""
    last = body.messages[-1]
    if last.role != "user" or not last.text.strip():
        raise RequestError("messages: the last message must be of the user, and hold a question")
    return last.text.strip()


def history(body: CompletionIn) -> tuple[Turn, ...]:
    """What user and assistant said before."""
    said = (message for message in body.messages[:-1] if message.role in list(Role))
    return tuple(Turn(Role(message.role), message.text) for message in said)


def completion(
    reply: Reply, usage: dict[str, int], id_: str, model: str, created: int, base: str
) -> CompletionOut:
    """A whole answer; links begin with `base`."""
    citations = (
        [present.citation(c, n) for n, c in enumerate(reply.answer.citations, 1)] if reply.answer else []
    )
    text, annotations = "", list[AnnotationOut]()
    for claim in reply.answer.claims if reply.answer else ():
        said = (" " if text else "") + claim.text
        markers = _markers(claim.citations)
        annotations += _annotated(len(text + said), claim.citations, citations, base)
        text += said + markers
    return CompletionOut(
        id=_id(id_),
        created=created,
        model=model,
        choices=[Choice(message=MessageOut(content=text or UNSUPPORTED, annotations=annotations))],
        usage=Usage(**usage),
        citations=citations,
        status=reply.status.value,
        confidence=reply.confidence,
        notices=present.notices(reply),
    )


async def chunks(
    events: AsyncIterator[Event], model: str, created: int, base: str, *, with_usage: bool
) -> AsyncIterator[dict[str, Any]]:
    """The events of an answer as pieces of a completion; the last one holds the citations."""
    pieces = _Pieces(model, created, base, with_usage)
    async for event in events:
        for piece in pieces.of(event):
            yield piece


class _Pieces:
    """A completion in the making."""

    def __init__(self, model: str, created: int, base: str, with_usage: bool) -> None:
        self._model, self._created, self._base, self._with_usage = model, created, base, with_usage
        self._id = ""
        self._length = 0  # of the text so far
        self._citations: list[CitationOut] = []
        self._annotations: list[AnnotationOut] = []
        self._notices: list[dict[str, Any]] = []

    def of(self, event: Event) -> Iterator[dict[str, Any]]:
        """The pieces that an event becomes."""
        if event.name == "meta":
            self._id = _id(event.data["id"])
            yield self._piece({"role": "assistant", "content": "", "refusal": None})
        elif event.name == "source":
            self._citations.append(CitationOut.model_validate(event.data["citation"]))
        elif event.name == "delta":
            yield self._said(event.data["text"])
        elif event.name == "cite":
            self._annotations += _annotated(self._length, event.data["n"], self._citations, self._base)
            yield self._said(_markers(event.data["n"]))
        elif event.name == "notice":
            self._notices.append(event.data)
        elif event.name == "done":
            yield from self._end(event.data)

    def _said(self, text: str) -> dict[str, Any]:
        self._length += len(text)
        return self._piece({"content": text})

    def _end(self, done: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if not self._length:
            yield self._said(UNSUPPORTED)
        yield {
            **self._piece(
                {"annotations": [one.model_dump(mode="json") for one in self._annotations]}, "stop"
            ),
            "citations": [one.model_dump(mode="json") for one in self._citations],
            "status": "unsupported" if done["state"] == "no_answer" else "answered",
            "confidence": done["confidence"],
            "notices": self._notices,
        }
        if self._with_usage:
            yield {**self._chunk([]), "usage": done["usage"]}

    def _piece(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return self._chunk([{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}])

    def _chunk(self, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": self._model,
            "choices": choices,
        }


def _id(answer: str) -> str:
    return f"chatcmpl-{answer.removeprefix('ans_')}"


def _markers(numbers: Iterable[int]) -> str:
    """The numbers as they stand in the text: ` [1][2]`."""
    shown = "".join(f"[{n}]" for n in numbers)
    return f" {shown}" if shown else ""


def _annotated(
    end: int, numbers: Iterable[int], citations: Sequence[CitationOut], base: str
) -> list[AnnotationOut]:
    """Where each number stands behind the text that ends at `end`."""
    found, at = [], end + 1
    for n in numbers:
        cited = citations[n - 1]
        title = cited.document.title or cited.document.source
        place = UrlCitation(start_index=at, end_index=at + len(f"[{n}]"), url=base + cited.url, title=title)
        found.append(AnnotationOut(url_citation=place))
        at = place.end_index
    return found
