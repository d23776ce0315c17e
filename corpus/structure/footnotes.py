"""Markdown footnotes: `[^n]:` definitions linked with the `[^n]` markers that call them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from corpus.fold import Reading
from corpus.records import Block, BlockKind, Footnote, Span

_MARKER = re.compile(r"\[\^([^\]\s]{1,40})\](?!:)")


def footnotes(text: str, blocks: Sequence[Block], reading: Reading) -> tuple[Footnote, ...]:
    """Notes in the order of their definitions; where a number is defined twice the first one counts."""
    definitions: dict[str, Block] = {}
    for block in blocks:
        if block.kind is BlockKind.FOOTNOTE and block.number:
            definitions.setdefault(block.number, block)
    if not definitions:
        return ()
    markers: dict[str, list[Span]] = defaultdict(list)
    for match in _MARKER.finditer(text):
        markers[match.group(1)].append(Span(*match.span()))
    return tuple(
        Footnote(number, _text(block.span, reading), block.span, tuple(markers[number]))
        for number, block in definitions.items()
    )


def _text(span: Span, reading: Reading) -> str:
    return reading.text[reading.position(span.start) : reading.position(span.end)].strip()
