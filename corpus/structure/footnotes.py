"""Markdown footnotes: `[^n]:` definitions linked with the `[^n]` markers that call them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from corpus.fold import Reading
from corpus.records import Block, BlockKind, Footnote, Span

_MARKER = re.compile(r"\[\^([^\]\s]{1,40})\]")


def footnotes(text: str, blocks: Sequence[Block], reading: Reading) -> tuple[Footnote, ...]:
    """Notes in the order of their definitions; where a number is defined twice the first one counts."""
    definitions: dict[str, Block] = {}
    for block in blocks:
        if block.kind is BlockKind.FOOTNOTE and block.number:
            definitions.setdefault(block.number, block)
    if not definitions:
        return ()
    markers: dict[str, list[Span]] = defaultdict(list)
    for number, span in _markers(text, blocks):
        markers[number].append(span)
    return tuple(
        Footnote(number, _text(block.span, reading), block.span, tuple(markers[number]))
        for number, block in definitions.items()
    )


def _markers(text: str, blocks: Sequence[Block]) -> Iterator[tuple[str, Span]]:
    """Markers with their number; not those that open a definition, nor what code only quotes."""
    for block in blocks:
        if block.kind is not BlockKind.CODE:
            found = _MARKER.finditer(text, block.span.start, block.span.end)
            for match in islice(found, block.kind is BlockKind.FOOTNOTE, None):
                yield match.group(1), Span(*match.span())


def _text(span: Span, reading: Reading) -> str:
    return reading.text[reading.position(span.start) : reading.position(span.end)].strip()
