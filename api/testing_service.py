"""Fakes that ship: the real service in a thread of this process, as a browser of this machine reaches it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from api.app import create_app
from api.service import LoadEncoder
from api.settings import Settings
from corpus.sources import FileSource, Source
from index.encoder import load_encoder
from rag.protocols import Generator

_PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Served:
    """A service's address, and the key of a site of it."""

    url: str
    key: str


@contextmanager
def serving(
    data: Path,
    load: LoadEncoder = load_encoder,
    generator: Generator | None = None,
    sources: Iterable[Source | FileSource] = (),
    waits: bool = True,
) -> Iterator[str]:
    """A server over a data folder, to which sources are added first, on a free port; its address.

    Unless it `waits`, the encoder may still be loading then.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(Settings(data=data), load, generator)
    if sources:
        app.state.service.add(sources)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", http="h11", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    url, end = f"http://127.0.0.1:{listener.getsockname()[1]}", time.monotonic() + _PATIENCE_S
    try:
        if waits:
            app.state.service.encoder()  # loaded behind the server's start; a question waits for it
        while not server.started and time.monotonic() < end:
            time.sleep(0.01)
        yield url
    finally:
        server.should_exit = True
        thread.join(_PATIENCE_S)
