"""A ranking with its reasons, for the terminal: the sum of each score, and the words that met, marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from rich.text import Text

from api.cli import terminal
from rag.explain import Explanation, Met
from rag.records import RankedPassage

_AROUND = 60  # characters shown on either side of a marked word
_MARK = "bold reverse"


def show(passages: Sequence[RankedPassage], why: Mapping[str, Explanation]) -> None:
    """Passages, what each signal gave, which words met which, and the text around them."""
    for ranked in passages:
        explained = why[ranked.stored.passage.id]
        header = ranked.stored.passage.header or ranked.stored.source
        place = f"[dim]{terminal.safe(ranked.stored.source)}[/dim]"
        terminal.out.print(f"[bold]{ranked.rank:>2}[/bold] {terminal.safe(header)} {place}")
        terminal.out.print(f"   {terminal.safe(_sum(ranked, explained))}")
        terminal.out.print(
            terminal.table(("asked", "share", "met", "how"), _rows(explained), right=("share",))
        )
        if explained.missed:
            terminal.out.print(f"   met nothing: {terminal.safe(', '.join(explained.missed))}")
        terminal.out.print(_marked(ranked.stored.passage.text, explained.met))
        terminal.out.print()
    if not passages:
        terminal.out.print("  none")


def _sum(ranked: RankedPassage, explained: Explanation) -> str:
    """What the signals add up to; the score is where that lies between the last and the best candidate."""
    parts = [
        f"{part.signal} {part.value:.3f} × {part.weight:g}"
        if part.weight is not None
        else f"{part.signal} {part.value:.3f}"
        for part in explained.parts
    ]
    total = sum(part.gave or 0.0 for part in explained.parts)
    return f"{' + '.join(parts)} = {total:.3f}; score {ranked.score:.3f}"


def _rows(explained: Explanation) -> list[tuple[str, ...]]:
    return [(met.asked, f"{met.weight:.0%}", met.word, _how(met)) for met in explained.met]


def _how(met: Met) -> str:
    same = "the same word" if met.asked.casefold() == met.word.casefold() else "read as the same word"
    told = [same] if met.exact else []
    if met.similarity is not None:
        told.append(f"similarity {met.similarity:.2f}")
    if met.start is None:
        told.append("in the header")
    return ", ".join(told)


def _marked(text: str, met: Sequence[Met]) -> Text:
    """The text around the words that were met, these marked."""
    places = sorted({(m.start, m.end) for m in met if m.start is not None and m.end is not None})
    windows: list[list[int]] = []
    for start, end in places or [(0, _AROUND)]:
        if windows and start - _AROUND <= windows[-1][1]:
            windows[-1][1] = end + _AROUND
        else:
            windows.append([max(0, start - _AROUND), end + _AROUND])
    shown = Text("   ")
    for first, last in windows:
        cuts = [p for place in places if first <= place[0] and place[1] <= last for p in place]
        shown.append("…" if first else "")
        for a, b in pairwise([first, *cuts, min(last, len(text))]):
            shown.append(terminal.clean(text[a:b]), _MARK if (a, b) in places else "")
        shown.append("…" if last < len(text) else "")
        shown.append(" ")
    return shown
