"""Any service that speaks `POST /v1/search`, as a system that a benchmark can ask."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from time import perf_counter
from types import MappingProxyType
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from api import links
from corpus.records import Span
from eval.benchmark import Benchmark
from eval.errors import EvaluationError
from eval.records import GoldQuestion, Hit, Response

_TOP_K = 100  # the most that the contract lets through
_TIMEOUT_S = 60
_SOON = 20  # questions, after which a service of other documents is told


class Remote:
    """A service; its documents are known by id, by name (with or without ending) or by checksum."""

    answers = False

    def __init__(self, url: str, benchmark: Benchmark, name: str = "remote") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise EvaluationError(f"--url {url!r}: expected the address of a service, http://HOST:PORT")
        self.name = name
        self._url = url.rstrip("/").removesuffix("/v1/search") + "/v1/search"
        self._names = _names(benchmark)
        self.strange: set[str] = set()  # documents that the benchmark does not have
        self.known = 0  # passages of documents that it has
        self._asked = 0

    def ask(self, question: GoldQuestion) -> Response:
        """Search once; passages of strange documents are left out. Raises EvaluationError."""
        start = perf_counter()
        body = self._post({"question": question.question, "top_k": _TOP_K})
        total = round((perf_counter() - start) * 1e3, 3)
        hits = []
        try:
            for passage in body["passages"]:
                if places := list(self._places(passage)):
                    hits.append(replace(places[0], copies=tuple(places[1:])))
        except (KeyError, TypeError, ValueError, AssertionError) as error:
            raise EvaluationError(
                f"{self._url}: not in the form of /v1/search ({type(error).__name__}: {error})"
            ) from error
        self.known += len(hits)
        self._asked += 1
        if self._asked == _SOON:
            self.check()
        return Response(tuple(hits), None, {"total": total})

    def _places(self, passage: Mapping[str, Any]) -> Iterator[Hit]:
        """Where a passage stands, and where else its text does, in documents of the benchmark."""
        score, text = float(passage["score"]), str(passage.get("text", ""))
        citation = passage["citation"]
        if name := self._name(citation["document"]):
            spans = tuple(Span(span["start"], span["end"]) for span in citation["spans"])
            yield Hit(name, spans, score, text)
        for other in passage.get("also_in", ()):  # a service of another make need not have it
            if name := self._name({"id": other["document"], "source": other["source"]}):
                yield Hit(name, links.spans(str(other["url"])), score, text)

    def check(self) -> None:
        """Refuse to score a service that holds other documents: EvaluationError."""
        if self.strange and not self.known:
            some = ", ".join(sorted(self.strange)[:3])
            raise EvaluationError(
                f"{self._url}: none of the passages found is of a document of the benchmark but of {some}; "
                "add its documents to the service, under their ids as names, or unchanged"
            )

    def _name(self, document: Mapping[str, Any]) -> str | None:
        version = str(document.get("version", "")).removeprefix("sha256:")
        for key in (str(document.get("id")), str(document.get("source")), version):
            if key in self._names:
                return self._names[key]
        self.strange.add(str(document.get("source") or document.get("id")))
        return None

    def _post(self, body: Mapping[str, object]) -> dict[str, Any]:
        headers = {"content-type": "application/json", "accept": "application/json"}
        request = Request(self._url, json.dumps(body).encode(), headers)  # noqa: S310 - http or https
        try:
            with urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
                found = json.load(answer)
        except HTTPError as error:
            raise EvaluationError(f"{self._url}: {error.code} {_detail(error)}") from error
        except (URLError, OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise EvaluationError(
                f"{self._url}: cannot be asked: {reason}; is the service running?"
            ) from error
        if not isinstance(found, dict):
            raise EvaluationError(f"{self._url}: expected a JSON object, found a {type(found).__name__}")
        return found


def _detail(error: HTTPError) -> str:
    try:
        return str(json.load(error)["detail"])
    except (ValueError, KeyError, TypeError, OSError):
        return error.reason


def _names(benchmark: Benchmark) -> Mapping[str, str]:
    """What a service may call the documents: their ids, with an ending, or the sha256 of their texts."""
    names: dict[str, str] = {}
    for entry in benchmark.entries.values():
        digest = hashlib.sha256(entry.text.encode("utf-8", "replace")).hexdigest()
        for key in (digest, f"{entry.id}.txt", f"{entry.id}.md"):
            names.setdefault(key, entry.id)
    return MappingProxyType(names | {id_: id_ for id_ in benchmark.entries})
