"""The plain text of a message as blocks: paragraphs, lists, what is quoted, the signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.blocks import scan
from corpus.flow import Flow
from corpus.records import BlockKind

_QUOTED = re.compile(r"(?:>[ ]?)+")
_SIGNATURE = "-- "  # ends the text of a message, on a line of its own
_LABEL = re.compile(r"\s*([-*+\u2022\u00b7])\s+")
_BULLET = "\u2022 "


def write_text(flow: Flow, text: str, *, flowed: bool = False, joined: bool = False) -> None:
    """Write a text; quoted paragraphs keep their mark, once.

    `flowed`: lines that end with a space go on in the next one (RFC 3676), which `joined` takes away.
    """
    for depth, lines in _levels(_unflowed(text, joined=joined) if flowed else _lines(text)):
        mark = f"{'>' * depth} " if depth else ""
        body, signature = _parted(lines) if not depth else (lines, [])
        whole = "\n".join(body)
        for block in scan(whole, markdown=False):
            _write(flow, whole[block.span.start : block.span.end], mark, block.kind)
        for line in signature:
            flow.text(line)
            flow.line()
        flow.close(BlockKind.PARAGRAPH)


def _write(flow: Flow, words: str, mark: str, kind: BlockKind) -> None:
    label = _LABEL.match(words) if kind is BlockKind.LIST_ITEM else None
    for line in (words[label.end() :] if label else words).split("\n"):
        flow.text(line.strip())
        flow.line()
    kept = kind if kind in (BlockKind.LIST_ITEM, BlockKind.TABLE) else BlockKind.PARAGRAPH
    flow.close(BlockKind.PARAGRAPH if mark else kept, label=mark + (_BULLET if label else ""))


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines before a signature, and those of it with the mark that parts it."""
    for n, line in enumerate(lines):
        if line in (_SIGNATURE, "--"):
            return lines[:n], lines[n:]
    return lines, []


def _levels(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Lines that follow each other and are quoted as often."""
    depth, found = 0, list[str]()
    for level, line in lines:
        if level != depth and found:
            yield depth, found
            found = []
        depth = level
        found.append(line)
    if found:
        yield depth, found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines, and how often each is quoted."""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        mark = _QUOTED.match(line)
        yield (mark[0].count(">"), line[mark.end() :]) if mark else (0, line)


def _unflowed(text: str, *, joined: bool) -> Iterator[tuple[int, str]]:
    waiting: list[str] = []
    before = 0
    for depth, line in _lines(text):
        line = line.removeprefix(" ")  # what was put before lines that begin with a space, or `From`
        if waiting and depth != before:
            yield before, "".join(waiting)
            waiting = []
        before = depth
        if line.endswith(" ") and line != _SIGNATURE:
            waiting.append(line[:-1] if joined else line)
            continue
        yield depth, "".join([*waiting, line])
        waiting = []
    if waiting:
        yield before, "".join(waiting)
