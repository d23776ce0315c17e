"""A Rich Text file to a manuscript."""

from __future__ import annotations

from dataclasses import replace

from corpus.manuscript import Manuscript
from corpus.properties import claims, record
from corpus.rtf.body import Writer
from corpus.rtf.parse import Parser
from corpus.rtf.words import ACTIONS, WRITTEN


def read(data: bytes, source: str) -> Manuscript:
    """The manuscript of a Rich Text file. Raises UnreadableError."""
    content = Parser(source, ACTIONS, WRITTEN).parse(data)
    writer = Writer(content)
    made = writer.write()
    said, doubts = record(made, writer.titled, claims(content.titles, content.authors))
    return replace(made, record=said, doubts=(*made.doubts, *doubts))
