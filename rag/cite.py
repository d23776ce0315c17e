"""Citations: from a range of a passage to the exact characters of the canonical text, verified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from corpus.fold import Reading, join
from corpus.provenance import pages_of
from corpus.records import Locator, Span, covered
from index.records import StoredPassage
from index.store import Store
from rag.errors import CiteError
from rag.records import Citation, Verdict, Verification

_FOLDS = ("white space", "hyphens", "markup")  # in the order in which they are told
_SOFT = "\u00ad"
_HYPHENS = frozenset(f"-\u2010\u2011{_SOFT}")
_CONTEXT = 32  # characters of prefix and suffix, as W3C Web Annotation selectors usually have


def cite(store: Store, stored: StoredPassage, start: int = 0, end: int | None = None) -> Citation:
    """The citation of a range of a passage's reading text; of all of it when no range is given."""
    passage = stored.passage
    reading = Reading(passage.text, passage.runs).clip(start, len(passage.text) if end is None else end)
    spans = _within(reading.locate(0, len(reading.text)), passage.spans)
    return _citation(store, stored, [stored], spans, reading)


def cite_spans(store: Store, version: str, spans: Sequence[Span]) -> Citation:
    """The citation of any spans of a version's canonical text, in reading order and disjoint.

    Raises NotFoundError for a version (sha256) that is not here, CiteError for spans that nothing can be
    cited at.
    """
    check(spans, len(store.text(version)))
    around = store.passages_at(version, Span(spans[0].start, spans[-1].end))
    touched = [stored for stored in around if _held(stored, spans)]
    if not touched:
        raise CiteError(f"no passage stands at {_places(spans)}: that is no text but furniture of a page")
    stored = max(touched, key=lambda stored: _held(stored, spans))  # the first of equals
    if _held(stored, spans) == sum(map(len, spans)):
        touched = [stored]
    return _citation(store, stored, touched, tuple(spans), _read(touched, spans))


def check(spans: Sequence[Span], length: int) -> None:
    """Raise CiteError unless spans are disjoint, in order, and inside of a text of so many characters."""
    if not spans or not all(map(len, spans)):
        raise CiteError("nothing to cite: spans must hold one character at least")
    if any(a.end > b.start for a, b in pairwise(spans)):
        raise CiteError(f"spans {_places(spans)} overlap or are out of order; give them in reading order")
    if spans[-1].end > length:
        raise CiteError(f"spans {_places(spans)} end behind the text, which has {length:,} characters")


def _places(spans: Sequence[Span]) -> str:
    return ", ".join(f"{span.start}-{span.end}" for span in spans)


def _held(stored: StoredPassage, spans: Sequence[Span]) -> int:
    return sum(covered(stored.passage.spans, span) for span in spans)


def _read(passages: Sequence[StoredPassage], spans: Sequence[Span]) -> Reading:
    """What stands at spans, as the passages read it; a blank for what lies between two pieces."""
    pieces = sorted(
        (max(span.start, held.start), min(span.end, held.end), i)
        for i, stored in enumerate(passages)
        for held in stored.passage.spans
        for span in spans
        if held.overlap(span)
    )
    parts: list[Reading] = []
    at = pieces[0][0]
    for left, right, i in pieces:
        if right <= at:
            continue
        if left > at:
            parts.append(Reading(" ", ((0, at),)))
        own = Reading(passages[i].passage.text, passages[i].passage.runs)
        start, end = own.position(max(left, at)), own.end(right)
        if start < end:  # markers of notes read as nothing
            parts.append(own.clip(start, end))
        at = right
    return join(parts, "")


def _citation(
    store: Store,
    stored: StoredPassage,
    touched: Sequence[StoredPassage],
    spans: tuple[Span, ...],
    reading: Reading,
) -> Citation:
    canonical, original = store.text(stored.version), store.original(stored.version)
    locator = _locator(store, touched, spans)
    return Citation(
        id=citation_id(stored.version, spans),
        stored=stored,
        locator=replace(locator, anchor=original.anchor(spans[0].start), times=original.times(spans)),
        spans=spans,
        quote=tuple(canonical[span.start : span.end] for span in spans),
        prefix=canonical[max(0, spans[0].start - _CONTEXT) : spans[0].start],
        suffix=canonical[spans[-1].end : spans[-1].end + _CONTEXT],
        verification=verify(reading, canonical, spans),
        original=original.link(stored.record.get("URL"), spans, locator.page_indices),
    )


def _locator(store: Store, touched: Sequence[StoredPassage], spans: tuple[Span, ...]) -> Locator:
    """What is true of all the spans: the section that holds them, the speaker if it is one, their pages."""
    first, *others = (stored.passage.locator for stored in touched)
    paths = zip(first.section, *(other.section for other in others), strict=False)
    common = takewhile(lambda titles: len(set(titles)) == 1, paths)
    signed = _agree(locator.section_authors for locator in (first, *others))
    pages, indices = _pages(store, touched, spans)
    notes = {(n.number, n.text): n for o in (*reversed(others), first) for n in o.footnotes}
    return replace(
        first,
        section=tuple(titles[0] for titles in common),
        section_authors=first.section_authors if signed else (),
        author_variants=first.author_variants if signed else (),
        pages=pages,
        page_indices=indices,
        speaker=first.speaker if _agree(o.speaker for o in (first, *others)) else None,
        turn=first.turn if _agree(o.turn for o in (first, *others)) else None,
        question=first.question if _agree(o.question for o in (first, *others)) else None,
        footnotes=tuple(notes.values()),
    )


def _agree(values: Iterable[object]) -> bool:
    return len(set(values)) == 1


def _pages(
    store: Store, touched: Sequence[StoredPassage], spans: tuple[Span, ...]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Labels and indices of the pages of spans: of a passage's two pages a sentence may be on one."""
    first = touched[0].passage
    if len(touched) == 1 and spans == first.spans:
        return first.locator.pages, first.locator.page_indices
    if not any(stored.passage.locator.pages or stored.passage.locator.page_indices for stored in touched):
        return (), ()
    on = pages_of(store.pages(touched[0].version), spans)
    return tuple(dict.fromkeys(page.label for page in on if page.label)), tuple(page.index for page in on)


def _within(place: Span, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The part of a place that lies in the passage's spans: a footnote between two of them is not cited."""
    parts = [Span(max(place.start, s.start), min(place.end, s.end)) for s in spans if s.overlap(place)]
    return tuple(parts)


def citation_id(version: str, spans: Sequence[Span]) -> str:
    """An id that says itself what it cites: it resolves as long as the version is kept."""
    return f"cit_{version[:16]}_" + ".".join(f"{span.start}-{span.end}" for span in spans)


def verify(reading: Reading, canonical: str, spans: Sequence[Span]) -> Verification:
    """Whether a reading is what stands at its spans: to the letter, or but for what is folded away.

    That the folds lose nothing was checked at ingest (`corpus.invariants`); here they are named.
    """
    if reading.text == "".join(canonical[span.start : span.end] for span in spans):
        return Verification(Verdict.EXACT)
    found = set(_replaced(reading, canonical)) | set(_left_out(reading, canonical, spans))
    if len(spans) > 1:
        found.add("white space")  # it stands for what is between them
    return Verification(Verdict.NORMALIZED, tuple(fold for fold in _FOLDS if fold in found))


def _replaced(reading: Reading, canonical: str) -> Iterator[str]:
    """Folds that wrote one character for another."""
    for (r, c), (end, _) in pairwise([*reading.runs, (len(reading.text), 0)]):
        reads, stands = reading.text[r:end], canonical[c : c + end - r]
        for read, stood in set(zip(reads, stands, strict=True)) if reads != stands else ():
            if read != stood:
                yield "white space" if stood.isspace() else "hyphens" if stood in _HYPHENS else "markup"


def _left_out(reading: Reading, canonical: str, spans: Sequence[Span]) -> Iterator[str]:
    """Folds that wrote nothing for what stands between two runs."""
    for (r, c), (end, after) in pairwise(reading.runs):
        for gap in _within(Span(c + end - r, after), spans):
            left = canonical[gap.start : gap.end]
            marks = left.strip()
            glued = not any(map(str.isspace, reading.text[end - 1 : end + 1]))  # as at a line-end hyphen
            if set(marks) <= (_HYPHENS if glued else {_SOFT}) and (marks or glued):
                yield "hyphens"
            elif marks:
                yield "markup"
            if left != marks and not glued:
                yield "white space"
