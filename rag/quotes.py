"""Where a quotation stands: looked up in the quote index, aligned, compared, cited, best first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from corpus.records import Span
from index.errors import NotFoundError
from index.reader import Snapshot
from index.readings import ReadDocument
from index.records import IntArray
from index.store import Store
from rag.candidates import Candidate, candidates
from rag.cite import cite_spans
from rag.compare import Change, Changed, Comparison, Edit, Marks, Op, Side, compare, is_name, negates
from rag.errors import CiteError
from rag.quotation import Quotation, Segment
from rag.records import Citation, Verdict
from rag.tokens import Kind, Token, tokens
from rag.typography import FOLDS, typography

_EDGE = 24  # characters around a place where its first and last tokens may reach
_SHOWN = 160  # characters of what an omission leaves out, at either end
_CLAUSE = 8  # words: a negation in an omission of so few changes the sentence
_NEAR = 2  # words: a negation so near to what is left is of it
_SENTENCE_END = frozenset(".?!")
_CLOSE = 0.999  # the highest score of a text that differs
RANK = {Verdict.EXACT: 0, Verdict.NORMALIZED: 1, Verdict.FUZZY: 2}


@dataclass(frozen=True, slots=True)
class FindConfig:
    """What counts as found."""

    fuzzy_from: float = 0.75  # similarity to the letter; see docs/quotes.md for how it was chosen
    short_from: float = 0.85  # of a quotation of less than `short` characters
    short: int = 40
    held_from: float = 0.85  # of the letters, in order: words of the source are left out without a mark
    glance_from: float = 0.6  # of the similarity at a glance, which takes no account of folds
    closely: int = 4  # places with differences that are looked at closely

    def accepts(self, quotation: Quotation, score: float, held: float) -> bool:
        """Whether a quotation that differs is still the same; `held` is the share of it that stands there."""
        least = self.short_from if len(quotation.reading.text) < self.short else self.fuzzy_from
        return score >= least or (held >= self.held_from and score >= self.glance_from)


@dataclass(frozen=True, slots=True)
class Match:
    """A place where a quotation stands; `changes` are the differences that no fold takes away."""

    verdict: Verdict
    score: float
    folds: tuple[str, ...]
    diff: tuple[Edit, ...]
    changes: tuple[Change, ...]
    citation: Citation
    read: ReadDocument
    range: tuple[int, int]  # of the reading text


@dataclass(frozen=True, slots=True)
class Found:
    """Matches, best first, and how many places hold the quotation word for word."""

    matches: tuple[Match, ...]
    places: int


def find(
    quotation: Quotation,
    snapshot: Snapshot,
    store: Store,
    allowed: IntArray | None = None,
    config: FindConfig | None = None,
    within: frozenset[str] | None = None,
) -> Found:
    """All places where a quotation stands.

    `allowed` are the keys of the passages that may hold them, `within` the ids of the documents; None is all.
    """
    config = config or FindConfig()
    if allowed is not None:
        within = store.documents_of(allowed)
    literal = quotation.taken_literally
    if literal:
        as_given = find(literal, snapshot, store, allowed, config, within)
        if as_given.matches and as_given.matches[0].verdict is not Verdict.FUZZY:
            return as_given
    found: list[Match] = []
    places = 0
    for n, stage in enumerate(candidates(quotation, snapshot, within)):
        likely = stage if n == 0 else _likely(quotation, stage, config)
        found = [match for candidate in likely if (match := _match(quotation, candidate, store, config))]
        if found:
            places = len(stage) if n == 0 else 0
            break
    if allowed is not None:
        keys = set(allowed.tolist())
        found = [match for match in found if match.citation.stored.key in keys]
    best = tuple(_best_first(found))
    return Found(best, max(places, len(best)))


def _likely(quotation: Quotation, stage: Iterable[Candidate], config: FindConfig) -> list[Candidate]:
    """The candidates that read most like the quotation, at a glance."""
    rated = [(_glance(quotation, candidate), candidate) for candidate in stage]
    rated = [pair for pair in rated if pair[0] >= config.glance_from]
    rated.sort(key=lambda pair: -pair[0])
    return [candidate for _, candidate in rated[: config.closely]]


def _glance(quotation: Quotation, candidate: Candidate) -> float:
    """Similarity of the letters, 0 to 1, whatever differs."""
    read = candidate.read
    stands = " ".join(
        read.reading.text[read.words[first, 0] : read.words[behind - 1, 1]]
        for first, behind in candidate.places
    )
    quoted = " ".join(quotation.reading.text[part.start : part.end] for part in quotation.segments)
    return Levenshtein.normalized_similarity(quoted.casefold(), stands.casefold())


def _best_first(matches: Iterable[Match]) -> Iterator[Match]:
    """By verdict and score; of those that overlap the first."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (RANK[m.verdict], -m.score)):
        spans, version = match.citation.spans, match.citation.stored.version
        if not any(
            version == other.citation.stored.version
            and any(a.overlap(b) for a in spans for b in other.citation.spans)
            for other in kept
        ):
            kept.append(match)
            yield match


def _match(quotation: Quotation, candidate: Candidate, store: Store, config: FindConfig) -> Match | None:
    """A candidate looked at closely; None when it is too unlike, gone, or nothing that can be cited."""
    read = candidate.read
    parts = [
        _part(quotation, segment, read, *words)
        for segment, words in zip(quotation.segments, candidate.places, strict=True)
    ]
    between = [_omission(quotation, read, a, b) for a, b in pairwise(parts)]
    comparisons = [part.comparison for part in parts]
    changes = [change for c in comparisons for change in c.changes]
    changes += [change for gap in between for change in gap.changes]
    weight = sum(c.weight for c in comparisons)
    score = 1 - sum(c.distance for c in comparisons) / max(1, weight)
    if changes and not config.accepts(quotation, score, _held(quotation, comparisons)):
        return None
    spans = _united(part.spans for part in parts)
    folds = {name for part in parts for name in part.folds} | {f for gap in between for f in gap.folds}
    verdict = Verdict.FUZZY if changes else Verdict.NORMALIZED
    canonical = read.stored.document.text
    if not changes and len(spans) == 1 and canonical[spans[0].start : spans[0].end] in quotation.cores():
        verdict, folds = Verdict.EXACT, set()
    try:
        citation = cite_spans(store, read.stored.document.version, spans)
    except (CiteError, NotFoundError):
        return None
    return Match(
        verdict=verdict,
        score=min(_CLOSE, round(score, 4)) if changes else 1.0,
        folds=tuple(fold for fold in FOLDS if fold in folds),
        diff=() if verdict is Verdict.EXACT else tuple(_joined(parts, between)),
        changes=tuple(changes),
        citation=citation,
        read=read,
        range=(parts[0].start, parts[-1].end),
    )


def _held(quotation: Quotation, comparisons: Sequence[Comparison]) -> float:
    """The share of a quotation's letters that stand there in the same order, whatever stands in between."""
    held = sum(
        len(segment.tokens[i].fold)
        for segment, comparison in zip(quotation.segments, comparisons, strict=True)
        for i, _ in comparison.pairs
    )
    return held / sum(len(token.fold) for segment in quotation.segments for token in segment.tokens)


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment of a quotation held against the reading range [start, end)."""

    comparison: Comparison
    start: int
    end: int
    spans: tuple[Span, ...]
    folds: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Gap:
    """What an ellipsis leaves out."""

    folds: tuple[str, ...]
    changes: tuple[Change, ...]
    edit: Edit | None


def _part(quotation: Quotation, segment: Segment, read: ReadDocument, first: int, behind: int) -> _Part:
    """A segment compared with the words [first, behind) of a document."""
    text = read.reading.text
    inserted = [quotation.is_inserted(token) for token in segment.tokens]
    start, end = int(read.words[first, 0]), int(read.words[behind - 1, 1])
    around = _tokens_at(text, start, end, segment, inserted)
    marks = _marks(read, around[0].start, around[-1].end)
    quoted = Side(quotation.reading.text, segment.tokens)
    comparison = compare(quoted, Side(text, around), inserted, marks)
    spans = read.spans(around[0].start, around[-1].end)
    folds = comparison.folds | frozenset(
        typography(quotation, segment.tokens, read, around, comparison.pairs)
    )
    cut = tuple(_raised(quotation, segment.tokens, read, around, comparison.pairs))
    comparison = replace(
        comparison, changes=(*comparison.changes, *cut), distance=comparison.distance + len(cut)
    )
    return _Part(comparison, around[0].start, around[-1].end, spans, folds)


def _raised(
    quotation: Quotation,
    ours: Sequence[Token],
    read: ReadDocument,
    theirs: Sequence[Token],
    pairs: Sequence[tuple[int, int]],
) -> Iterator[Change]:
    """Numbers that read the same, but of one digits are raised: 10<sup>3</sup> is not 103."""
    for i, j in pairs:
        if ours[i].kind is not Kind.NUMBER:
            continue
        here = quotation.raw(ours[i].start, ours[i].end)
        there = read.reading.locate(theirs[j].start, theirs[j].end)
        stands = read.stored.document.text[there.start : there.end]
        if ("<" in here) != ("<" in stands):
            yield Change(Changed.NUMBER, here, stands)


def _tokens_at(text: str, start: int, end: int, segment: Segment, inserted: Sequence[bool]) -> list[Token]:
    """The tokens of a place, whole ones, with as many of the marks around it as the quotation has too.

    Of a name in front of it or behind, where the quotation has brackets, they may stand instead of that.
    """
    near = tokens(text, max(0, start - _EDGE), min(len(text), end + _EDGE))
    first = next(i for i, token in enumerate(near) if token.end > start)
    last = max(i for i, token in enumerate(near) if token.start < end)
    ours = segment.tokens
    head = next(i for i, token in enumerate(ours) if token.says)
    tail = next(i for i, token in enumerate(reversed(ours)) if token.says)
    while head and first and near[first - 1].fold == ours[head - 1].fold:
        head, first = head - 1, first - 1
    while tail and last + 1 < len(near) and near[last + 1].fold == ours[len(ours) - tail].fold:
        tail, last = tail - 1, last + 1
    if inserted[0] and first and is_name(near[first - 1]):
        first -= 1
    if inserted[-1] and last + 1 < len(near) and is_name(near[last + 1]):
        last += 1
    return near[first : last + 1]


def _marks(read: ReadDocument, start: int, end: int) -> Marks:
    """The marks of notes that stand in a reading range, by where: the reading leaves them out."""
    document = read.stored.document
    first, last = read.reading.canonical(start), read.reading.canonical(end - 1)
    near = Span(max(0, min(first, last) - 8), max(first, last) + 8)
    found: dict[int, frozenset[str]] = {}
    for mark in document.structure.marks:
        if mark.overlap(near):  # ¹ as 1: the quotation may write it in another way
            written = unicodedata.normalize("NFKC", document.text[mark.start : mark.end]).strip("[]^(){}* \n")
            at = read.reading.end(mark.start)
            found[at] = found.get(at, frozenset()) | {written}
    return found


def _omission(quotation: Quotation, read: ReadDocument, before: _Part, after: _Part) -> _Gap:
    left = tokens(read.reading.text, before.end, max(before.end, after.start))
    said = [token for token in left if token.says]
    if not said:
        return _Gap(("ellipsis",), (), None)
    text = read.reading.text[left[0].start : left[-1].end]
    changes = tuple(Change(Changed.NEGATION, "…", token.fold) for token in _denied(read, before, left))
    short = text if len(text) <= 2 * _SHOWN else f"{text[:_SHOWN]} […] {text[-_SHOWN:]}"
    return _Gap(("omission",), changes, Edit(Op.DELETE, "", short))


def _denied(read: ReadDocument, before: _Part, left: Sequence[Token]) -> list[Token]:
    """The negations in an omission that are of the sentence that is left: in a short one, or at its ends."""
    said = [token for token in left if token.says]
    if len(said) > _CLAUSE:
        ends = [-1, *(i for i, token in enumerate(left) if token.fold in _SENTENCE_END), len(left)]
        ended = read.reading.text[before.start : before.end].rstrip("\"'”’»)")[-1:] in _SENTENCE_END
        head = [] if ended else [token for token in left[: ends[1]] if token.says][:_NEAR]
        tail = [token for token in left[ends[-2] + 1 :] if token.says][-_NEAR:]
        said = [*head, *tail]
    return [token for token in dict.fromkeys(said) if negates(token)]


def _joined(parts: Sequence[_Part], between: Sequence[_Gap]) -> Iterator[Edit]:
    for i, part in enumerate(parts):
        yield from part.comparison.diff
        if i < len(between) and (edit := between[i].edit):
            yield edit


def _united(parts: Iterable[tuple[Span, ...]]) -> tuple[Span, ...]:
    """The spans of all parts as they stand in the file, none twice."""
    found: list[Span] = []
    for span in sorted(span for part in parts for span in part):
        if found and span.start <= found[-1].end:
            span = Span(found[-1].start, max(found.pop().end, span.end))
        found.append(span)
    return tuple(found)
