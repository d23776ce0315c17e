"""Page breaks: explicit ones (form feeds, page numbers, running heads) and those that cut a sentence or word.

Runs behind the footnotes: a block of definitions between two halves of a sentence is a page's foot.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.blocks import Line
from corpus.records import Page, Span
from corpus.structure.cuts import Cut, Paragraph, cut, is_open
from corpus.structure.page_labels import fed, numbered
from corpus.structure.page_marks import STOPS, Mark, feeds_of, folded, heads, numbered_heads, numbers

_PAGE = 800  # characters: a shorter paragraph that is open at both ends is a list's item, not a page
_CUTTING = 0.25  # share of bare numbers that cut a sentence when they are pages and not chapters
_LONGEST_HEAD = 90  # characters of a running head
_FEWEST_HEADS = 3
_LOWER = 0.05  # share of paragraphs in lower case behind a full stop that makes lower case no evidence


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A page's end: `start` is the end of its last body text, `end` the first body text of the next page.

    `furniture` and `footnotes` lie in between; `explicit` says that the text itself shows the page's end.
    """

    start: int
    end: int
    cuts: Cut
    furniture: tuple[Span, ...] = ()
    footnotes: Span | None = None
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Breaks and pages in reading order, all page furniture, and what was left alone and why."""

    breaks: tuple[PageBreak, ...] = ()
    pages: tuple[Page, ...] = ()
    furniture: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Gap:
    """What lies between two body paragraphs (or an edge of the document and one)."""

    before: Paragraph | None
    after: Paragraph | None = None
    marks: list[Mark] = field(default_factory=list)
    notes: list[Span] = field(default_factory=list)
    feeds: int = 0
    cuts: Cut = Cut.NONE
    lower: bool = False  # a cut taken back, because paragraphs begin in lower case here anyway

    @property
    def explicit(self) -> bool:
        return bool(self.feeds or self.marks)

    @property
    def known(self) -> bool:
        """Whether something in between shows a page's end."""
        return self.explicit or bool(self.notes)


def detect(
    text: str, lines: Sequence[Line], footnotes: Sequence[Span] = (), *, inferred: bool = True
) -> Found:
    """The page breaks of a text; `footnotes` are the definitions' spans in order.

    Where they are not `inferred`, sentences alone show no page's end: only form feeds and numbers do.
    """
    feeds = feeds_of(lines)
    notes: list[str] = []
    printed = numbers(text, lines, feeds) or ([] if feeds else numbered_heads(lines))
    marks = [*printed, *heads(lines, feeds, printed)] if printed or feeds else []
    gaps = _judged(text, _gaps(lines, marks, footnotes, feeds))
    if printed and not feeds and not _pages(text, printed, gaps):
        notes.append(f"{len(printed)} lines are numbered as pages are, but cut no sentence: left in the text")
        printed, marks = [], []
        gaps = _judged(text, _gaps(lines, marks, footnotes, feeds))
    if inferred and not marks and not feeds and (marks := _repeated(text, lines, gaps)):
        gaps = _judged(text, _gaps(lines, marks, footnotes, feeds))
    if inferred and (lower := sum(gap.lower for gap in gaps)):
        notes.append(
            f"{lower} paragraphs may go on over a page's end, but many here begin in lower case: left apart"
        )
    pages = (
        fed(len(text), feeds, lines, marks) if feeds else numbered(len(text), printed, _edges(printed, gaps))
    )
    return Found(
        tuple(found for found in _breaks(gaps, lines) if inferred or found.explicit),
        pages,
        tuple(_span(lines[mark.line]) for mark in sorted(marks, key=lambda mark: mark.line)),
        tuple(notes),
    )


def cuts(text: str, lines: Sequence[Line], footnotes: Sequence[Span]) -> tuple[PageBreak, ...]:
    """What the form feeds of a text cut whose furniture is known: its lines read as blank."""
    gaps = _judged(text, _gaps(lines, (), footnotes, feeds_of(lines)))
    return tuple(found for found in _breaks(gaps, lines) if found.explicit)


def _span(line: Line) -> Span:
    if line.text and not (line.text[0].isspace() or line.text[-1].isspace()):
        return Span(line.start, line.end)
    start = line.start + len(line.text) - len(line.text.lstrip())
    return Span(start, max(start, line.start + len(line.text.rstrip())))


def _gaps(
    lines: Sequence[Line], marks: Sequence[Mark], footnotes: Sequence[Span], feeds: Sequence[int]
) -> list[_Gap]:
    """Gaps between body paragraphs, the document's edges among them."""
    furniture = {mark.line: mark for mark in marks}
    fed = {feed - 1 for feed in feeds}
    gaps = [_Gap(None)]
    note, fenced, fresh = 0, False, True
    for i, line in enumerate(lines):
        while note < len(footnotes) and footnotes[note].end <= line.start:
            note += 1
        content = line.text
        if not content or content.isspace():
            fresh = True
            gaps[-1].feeds += line.end > line.start and line.start in fed
        elif note < len(footnotes) and footnotes[note].start < line.end:
            fresh = True
            if not gaps[-1].notes or gaps[-1].notes[-1] != footnotes[note]:
                gaps[-1].notes.append(footnotes[note])
        elif i in furniture:
            fresh = True
            gaps[-1].marks.append(furniture[i])
        elif content.startswith(("```", "~~~")):
            fenced = not fenced
            fresh = True
            gaps.append(_Gap(None))
        elif not fenced:
            _add(gaps, line, fresh=fresh)
            fresh = False
    return gaps


def _add(gaps: list[_Gap], line: Line, *, fresh: bool) -> None:
    """A body line: the paragraph behind the last gap begins with it, or goes on."""
    span = _span(line)
    paragraph = gaps[-1].before
    if fresh or paragraph is None:
        indent = span.start - line.start
        width = span.end - span.start
        made = Paragraph(span.start, span.end, 1, width, width, indent)
        gaps[-1].after = made
        gaps.append(_Gap(made))
        return
    paragraph.end = span.end
    paragraph.lines += 1
    paragraph.last = span.end - span.start
    paragraph.longest = max(paragraph.longest, paragraph.last)


def _judged(text: str, gaps: list[_Gap]) -> list[_Gap]:
    """The gaps with what they cut; inferred cuts that look like a list or verse taken back."""
    for gap in gaps:
        if gap.before and gap.after:
            gap.cuts = cut(text, gap.before, gap.after, known=gap.known)
    doubtful = [i for i, gap in enumerate(gaps) if gap.cuts is not Cut.NONE and _doubtful(text, gaps, i)]
    for i in doubtful:
        gaps[i].cuts = Cut.NONE
    if _lower_case(text, gaps):
        for gap in gaps:
            if not gap.known and gap.cuts is not Cut.NONE:
                gap.cuts, gap.lower = Cut.NONE, True
    for i, gap in enumerate(gaps):  # what a doubtful cut led to is doubtful, too
        if gap.cuts is not Cut.NONE and _unled(text, gaps, i):
            gap.cuts = Cut.NONE
    return gaps


def _lower_case(text: str, gaps: Sequence[_Gap]) -> bool:
    """Whether the text begins paragraphs in lower case that go on from nothing."""
    closed = [
        text[gap.after.start].islower()
        for gap in gaps
        if gap.before and gap.after and gap.cuts is Cut.NONE and text[gap.before.end - 1] in ".!?"
    ]
    return sum(closed) > max(2, _LOWER * len(closed))


def _doubtful(text: str, gaps: Sequence[_Gap], i: int) -> bool:
    """Whether a short paragraph beside the gap is open at both ends, as items of a list are."""
    gap = gaps[i]
    if gap.known or gap.cuts is Cut.WORD:
        return False
    after = gaps[i + 1] if i + 1 < len(gaps) else gap
    if gap.after and _short(gap.after) and after.after and not after.known and is_open(text, gap.after):
        return True
    before = gaps[i - 1]
    return bool(gap.before and _short(gap.before)) and before.cuts is Cut.SENTENCE and not before.known


def _short(paragraph: Paragraph) -> bool:
    return paragraph.end - paragraph.start < _PAGE


def _unled(text: str, gaps: Sequence[_Gap], i: int) -> bool:
    """Whether the paragraph before begins in lower case, with no cut that it goes on from."""
    gap = gaps[i]
    if gap.known or gap.cuts is Cut.WORD or gap.before is None:
        return False
    return text[gap.before.start].islower() and (i == 0 or gaps[i - 1].cuts is Cut.NONE)


def _pages(text: str, printed: Sequence[Mark], gaps: Sequence[_Gap]) -> bool:
    """Whether bare numbers are pages: their form says so, or they cut sentences, as chapters do not."""
    if all(mark.sure for mark in printed):
        return True
    between = [gap for gap in gaps if gap.marks and gap.before and gap.after]
    # A capital behind a number proves nothing: here it is the number that wants proof.
    cutting = sum(
        gap.cuts is not Cut.NONE and text[gap.after.start].islower() for gap in between if gap.after
    )
    return cutting >= max(1, _CUTTING * len(between))


def _repeated(text: str, lines: Sequence[Line], gaps: Sequence[_Gap]) -> list[Mark]:
    """Running heads without numbers or form feeds: short lines said again, mostly in mid-sentence."""
    short = [
        (folded(text[line.start : line.end]), line, gaps[i - 1].before, gaps[i].after)
        for i in range(1, len(gaps))
        if (line := gaps[i].before) and line.lines == 1 and line.end - line.start <= _LONGEST_HEAD
        if not text[line.start].islower() and text[line.end - 1] not in STOPS
    ]
    said = Counter(head for head, *_ in short)
    cutting = Counter(
        head
        for head, _, before, after in short
        if said[head] >= _FEWEST_HEADS and before and after
        if cut(text, before, after, known=False) is not Cut.NONE
    )
    starts = [line.start for line in lines]
    return [
        Mark(bisect_left(starts, line.start + 1) - 1)
        for head, line, *_ in short
        if cutting[head] >= max(2, said[head] / 2)
    ]


def _edges(printed: Sequence[Mark], gaps: Sequence[_Gap]) -> list[tuple[int | None, int | None]]:
    """Where the body stops before and goes on behind each printed number."""
    lines = {mark.line for mark in printed}
    return [
        (gap.before.end if gap.before else None, gap.after.start if gap.after else None)
        for gap in gaps
        if any(mark.line in lines for mark in gap.marks)
    ]


def _breaks(gaps: Sequence[_Gap], lines: Sequence[Line]) -> Iterator[PageBreak]:
    at_feet = any(gap.notes and gap.cuts is not Cut.NONE for gap in gaps)
    for gap in gaps:
        if gap.before is None or gap.after is None:
            continue
        if gap.cuts is Cut.NONE and not gap.explicit and not (gap.notes and at_feet):
            continue
        start, end = gap.before.end, gap.after.start
        yield PageBreak(
            start,
            end,
            gap.cuts,
            tuple(_span(lines[mark.line]) for mark in gap.marks),
            Span(gap.notes[0].start, gap.notes[-1].end) if gap.notes else None,
            gap.explicit,
        )
