"""PDF to a manuscript."""

from __future__ import annotations

from corpus.errors import UnreadableError
from corpus.manuscript import Manuscript


def read(data: bytes, source: str) -> Manuscript:
    """The manuscript of a PDF. Raises UnreadableError."""
    raise UnreadableError(f"{source}: PDF is not read yet")
