"""A language model behind an OpenAI-compatible address: Ollama, vLLM, llama.cpp, a hosted one.

What it sends is as little to be trusted as a document: its answer is read up to a size and for a time,
redirects are not followed, and whatever goes wrong becomes a GeneratorError that names neither the address
nor the key.
"""

from __future__ import annotations

import json
import logging
import queue
import random
import threading
from collections.abc import AsyncIterator, Sequence
from collections.abc import Generator as Pieces
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import anyio
import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal

from api.breaker import Breaker
from rag.errors import GeneratorError
from rag.records import Message

_log = logging.getLogger(__name__)
_MIB = 1024 * 1024
_WAKE_S = 0.05  # how soon it is seen that nobody waits for the answer any more
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})  # may go better a moment later


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """Where a language model is, and how long and how much it may talk."""

    url: str  # with the version: http://127.0.0.1:11434/v1
    key: str = field(default="", repr=False)
    model: str = ""  # empty is the first that it lists
    timeout_s: float = 30  # for an answer, with all that is tried again
    max_tokens: int = 1024
    max_bytes: int = _MIB
    tries: int = 3
    wait_s: float = 0.25  # before the second try; doubled with each


class _PassingError(Exception):
    """What may go better when it is tried again, after some seconds where the server says so."""

    def __init__(self, message: str, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class Endpoint:
    """A generator over HTTP; one thread of its own does the waiting. Close it when done."""

    def __init__(
        self,
        config: EndpointConfig,
        breaker: Breaker | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._config = config
        self._breaker = breaker or Breaker()
        self._transport = transport
        self._model = config.model
        self._plain = False  # it takes no options
        self._starting = threading.Lock()
        self._open = ExitStack()
        self._running: tuple[BlockingPortal, httpx2.AsyncClient] | None = None

    @property
    def model(self) -> str:
        """Its name, as far as it is known."""
        return self._model or "unnamed"

    def generate(self, messages: Sequence[Message], stop: Event) -> Pieces[str, None, None]:
        """The text of its answer as it comes. Raises GeneratorError."""
        if not self._breaker.admits():
            raise GeneratorError("the language model failed several times in a row; it is tried again soon")
        portal, client = self._start()
        pieces: queue.SimpleQueue[str | GeneratorError | None] = queue.SimpleQueue()
        work = portal.start_task_soon(self._produce, client, messages, pieces)
        try:
            while not stop.is_set():
                with suppress(queue.Empty):
                    piece = pieces.get(timeout=_WAKE_S)
                    if piece is None:
                        return
                    if isinstance(piece, GeneratorError):
                        raise piece
                    yield piece
        finally:
            work.cancel()  # the connection is closed with it, and the server may stop

    def close(self) -> None:
        """End what is under way, and the thread."""
        with self._starting:
            self._running = None
            self._open.close()

    def _start(self) -> tuple[BlockingPortal, httpx2.AsyncClient]:
        with self._starting:
            if self._running is None:
                portal = self._open.enter_context(start_blocking_portal())
                client = portal.call(self._connect)
                self._open.callback(portal.call, client.aclose)
                self._running = portal, client
            return self._running

    async def _connect(self) -> httpx2.AsyncClient:
        key = self._config.key
        return httpx2.AsyncClient(
            base_url=self._config.url.rstrip("/") + "/",
            headers={"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {key}"} if key else {}),
            timeout=self._config.timeout_s,
            follow_redirects=False,
            transport=self._transport,
        )

    async def _produce(
        self,
        client: httpx2.AsyncClient,
        messages: Sequence[Message],
        pieces: queue.SimpleQueue[str | GeneratorError | None],
    ) -> None:
        try:
            with anyio.fail_after(self._config.timeout_s):
                async for piece in self._persistent(client, messages):
                    pieces.put(piece)
        except TimeoutError:
            self._fail(pieces, GeneratorError("the language model did not answer in time"))
        except GeneratorError as error:
            self._fail(pieces, error)
        except Exception:  # nobody else would ever hear of it
            _log.exception("the generator failed")
            self._fail(pieces, GeneratorError("the language model could not be asked"))
        else:
            self._breaker.succeeded()
            pieces.put(None)

    def _fail(self, pieces: queue.SimpleQueue[str | GeneratorError | None], error: GeneratorError) -> None:
        _log.warning("%s", error)
        self._breaker.failed()
        pieces.put(error)

    async def _persistent(
        self, client: httpx2.AsyncClient, messages: Sequence[Message]
    ) -> AsyncIterator[str]:
        """Once more after failures that may pass, as long as nothing was said yet."""
        for attempt in range(1, self._config.tries + 1):
            said = False
            try:
                async for piece in self._ask(client, messages):
                    said = True
                    yield piece
                return
            except _PassingError as error:
                if said or attempt == self._config.tries:
                    raise GeneratorError(str(error)) from error
                pause = self._config.wait_s * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311
                await anyio.sleep(max(pause, error.wait_s))

    async def _ask(self, client: httpx2.AsyncClient, messages: Sequence[Message]) -> AsyncIterator[str]:
        self._model = self._model or await self._first_model(client)
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": message.role.value, "content": message.text} for message in messages],
            "stream": True,
        }
        if not self._plain:
            body |= {"temperature": 0, "max_tokens": self._config.max_tokens}
        try:
            async with client.stream("POST", "chat/completions", json=body) as response:
                if response.status_code == 400 and not self._plain:
                    self._plain = True  # some models take neither option
                    raise _PassingError("the language model refused the request (400)")
                _check(response)
                async for piece in _read(response, self._config.max_bytes):
                    yield piece
        except httpx2.TimeoutException as error:
            raise GeneratorError("the language model did not answer in time") from error
        except httpx2.HTTPError as error:
            raise _PassingError(f"the language model cannot be reached ({type(error).__name__})") from error

    async def _first_model(self, client: httpx2.AsyncClient) -> str:
        """The first that it lists, for servers that have one."""
        try:
            async with client.stream("GET", "models") as response:
                _check(response)
                raw = b"".join([part async for part in _limited(response, self._config.max_bytes)])
            return str(json.loads(raw)["data"][0]["id"])
        except httpx2.HTTPError as error:
            raise _PassingError(f"the language model cannot be reached ({type(error).__name__})") from error
        except (ValueError, LookupError, TypeError) as error:
            raise GeneratorError(
                "the language model's server lists no models; name one: PINCITE_GENERATOR_MODEL"
            ) from error


def _check(response: httpx2.Response) -> None:
    """Refuse whatever is not 200."""
    status = response.status_code
    if status == 200:
        return
    if response.is_redirect:
        raise GeneratorError(f"the language model's server redirects ({status}), which is not followed")
    if status in (401, 403):
        raise GeneratorError(f"the language model's server refuses the key ({status})")
    if status == 404:
        raise GeneratorError("the language model's server does not know this path or model (404)")
    if status in _AGAIN:
        wait = response.headers.get("retry-after", "")
        raise _PassingError(
            f"the language model's server failed ({status})", float(wait) if wait.isdecimal() else 0
        )
    raise GeneratorError(f"the language model's server refused the request ({status})")


async def _limited(response: httpx2.Response, most: int) -> AsyncIterator[bytes]:
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > most:
            raise GeneratorError(f"the language model sent more than {most:,} bytes")
        yield part


async def _read(response: httpx2.Response, most: int) -> AsyncIterator[str]:
    """The text of an answer, streamed or whole."""
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":  # it does not stream
        whole = b"".join([part async for part in _limited(response, most)])
        if text := _said(_object(whole), "message"):
            yield text
        return
    if kind != "text/event-stream":
        raise GeneratorError("the language model answered in no form that is known")
    ended, left = False, b""
    async for part in _limited(response, most):
        *lines, left = (left + part).split(b"\n")
        for line in lines:
            data = line.strip().removeprefix(b"data:").strip() if line.startswith(b"data:") else b""
            if data == b"[DONE]":
                return
            if data:
                sent = _object(data)
                ended = ended or _finished(sent)
                if text := _said(sent, "delta"):
                    yield text
    if not ended:
        raise _PassingError("the language model broke off")


def _object(data: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise GeneratorError("the language model sent broken JSON") from error
    if not isinstance(sent, dict):
        raise GeneratorError("the language model answered in no form that is known")
    if sent.get("error"):
        raise GeneratorError("the language model's server failed while it answered")
    return sent


def _said(sent: dict[str, Any], part: str) -> str:
    """The text of the first choice; what it wants to call is not called."""
    try:
        choices = sent["choices"]
        said = (choices[0][part] or {}) if choices else {}
        text = said.get("content") or ""
        declined = said.get("refusal")
    except (LookupError, TypeError, AttributeError) as error:
        raise GeneratorError("the language model answered in no form that is known") from error
    if not isinstance(text, str):
        raise GeneratorError("the language model answered in no form that is known")
    if declined:
        raise GeneratorError("the language model declined to answer")
    return text.encode("utf-8", "replace").decode()


def _finished(sent: dict[str, Any]) -> bool:
    choices = sent.get("choices")
    return isinstance(choices, list) and any(
        isinstance(choice, dict) and choice.get("finish_reason") for choice in choices
    )
