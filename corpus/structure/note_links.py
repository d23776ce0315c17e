"""Labelled lines and marks in the body, matched: what a climbing sequence on both sides proves is a note."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.structure.note_labels import Family, Label, blocks
from corpus.structure.note_markers import Marker, Style, chain, markers

_BEAM = 8  # half-matched sequences that are kept
_UNCALLED = 1.0  # what a label without a mark costs, in matched labels
_OUTSIDE = 0.3  # and one in front of or behind the block's notes: it may be a list's item
_SKIPPED = 0.5  # what a mark without a label costs
_MOST_SKIPPED = 3.0  # the whole of a first chapter's notes may be missing
_LOOK = 0.4  # weight of a block's looks: they decide between equals
_SURE = 0.9  # least weight of a mark that is said again
_ENOUGH = 0.8  # share of marks by which notes called in any order are proved
_PROOF = {Style.GLUED: 3, Style.PAREN: 2}  # fewer notes prove nothing


@dataclass(frozen=True, slots=True)
class Link:
    """A label that is a note, and the marks that call it."""

    label: Label
    markers: tuple[Marker, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """Blocks taken so far: `at` marks of the sequence are used up."""

    score: float
    at: int
    taken: tuple[tuple[Label, int | None], ...] = ()
    before: _State | None = None


def links(text: str, found: Sequence[Label], units: Sequence[tuple[int, int]]) -> list[Link]:
    """Notes in reading order: first what the strongest pair of marks and labels proves, then what is left."""
    families = {family: runs for family in Family if (runs := blocks(found, family))}
    options: list[tuple[float, list[Link]]] = []
    unproved: list[Marker] = []
    for style in Style:
        if not families or (style is Style.GLUED and (options or _longest(families) < _PROOF[style])):
            break
        marks = _outside(markers(text, style), found, units, style)
        if style is Style.GLUED:  # some printers flatten a mark here and there
            marks = sorted([*unproved, *marks], key=lambda mark: mark.span)
        elif style is not Style.PAREN:
            unproved += marks
        sequences: dict[
            int, list[Marker]
        ] = {}  # by how many marks they are chosen from: of one style, the same
        for family, runs in families.items() if marks else ():
            if style is not Style.PAREN or family is Family.PAREN:
                options.extend(_option(marks, runs, style, family, sequences))
    options.sort(key=lambda option: -option[0])
    chosen: list[Link] = []
    taken: set[int] = set()
    for _, option in options:
        places = {m.span.start for link in option for m in link.markers} | {k.label.start for k in option}
        if taken.isdisjoint(places):
            chosen.extend(option)
            taken |= places
    chosen = _completed(text, chosen, found, units)
    return sorted(chosen, key=lambda link: link.label.start)


def _completed(
    text: str, chosen: list[Link], found: Sequence[Label], units: Sequence[tuple[int, int]]
) -> list[Link]:
    """The links, and those of labels beside them whose only mark is written in another way.

    Some printers flatten a raised digit here and there: `pounds.1` between `[2]` and `[3]`.
    """
    linked = {link.label.start: link for link in chosen}
    runs = [run for family in Family for run in blocks(found, family)]
    lacking = [run for run in runs if 0 < sum(bool(_marks(linked, label)) for label in run) < len(run)]
    if not lacking:
        return chosen
    taken = {mark.span.start for link in chosen for mark in link.markers}
    marks: dict[int, list[Marker]] = defaultdict(list)
    for style in Style:
        for mark in _outside(markers(text, style), found, units, style) if style is not Style.PAREN else ():
            if mark.weight >= _SURE and mark.span.start not in taken:
                marks[mark.number].append(mark)
    for run in lacking:
        for i, label in enumerate(run):
            if _marks(linked, label):
                continue
            first = _first(linked, run[i + 1 :], label.start)
            last = max((m.span.start for other in run[:i] for m in _marks(linked, other)), default=0)
            between = [m for m in marks[label.number] if last < m.span.start < first]
            if len(between) == 1 and (last or label.number == 1):
                linked[label.start] = Link(label, (between[0],))
    return list(linked.values())


def _marks(linked: Mapping[int, Link], label: Label) -> tuple[Marker, ...]:
    return linked[label.start].markers if label.start in linked else ()


def _first(linked: Mapping[int, Link], after: Sequence[Label], end: int) -> int:
    """Where the first of the labels after one is called, at most `end`."""
    return min((m.span.start for label in after for m in _marks(linked, label)), default=end)


def _longest(families: dict[Family, list[list[Label]]]) -> int:
    return max(label.number for runs in families.values() for run in runs for label in run)


def _outside(
    marks: list[Marker], found: Sequence[Label], units: Sequence[tuple[int, int]], style: Style
) -> list[Marker]:
    """Marks that are not labels themselves; weak ones not in labelled lines, which are full of numbers."""
    if style is Style.GLUED:
        starts = [label.start for label in found]
        ends = [units[label.unit][1] for label in found]
        return [
            m for m in marks if not (i := bisect_right(starts, m.span.start)) or m.span.start >= ends[i - 1]
        ]
    heads = {label.start for label in found}
    return [m for m in marks if m.span.start not in heads]


def _option(
    marks: list[Marker],
    runs: list[list[Label]],
    style: Style,
    family: Family,
    sequences: dict[int, list[Marker]],
) -> list[tuple[float, list[Link]]]:
    highest = max(run[-1].number for run in runs)
    likely = [m for m in marks if m.number <= highest or len(m.span) > 1]
    sequence = sequences.setdefault(len(likely), []) or chain(likely)
    sequences[len(likely)] = sequence
    state = _best(runs, sequence)
    result = _with_repeats(_unrolled(state, sequence), marks, sequence)
    score = state.score
    if style in (Style.BRACKET, Style.TAG):
        called, any_order = _any_order(runs, marks)
        if called > max(score, 0) and len(any_order) > len(result):
            score, result = called, any_order
    return [(score, result)] if _proved(score, result, style, family) else []


def _proved(score: float, result: Sequence[Link], style: Style, family: Family) -> bool:
    if not result or len(result) < _PROOF.get(style, 1):
        return False
    if style in _PROOF:
        return result[0].label.number == 1 and all(link.markers for link in result)
    weight = sum(link.markers[0].weight for link in result if link.markers)
    least = 1.0 if family is not Family.DOTTED else 1.1  # a single `1. Text` has to look like a note
    return score >= least and weight >= 1.0


def _best(runs: Sequence[Sequence[Label]], sequence: Sequence[Marker]) -> _State:
    """The choice of blocks that uses most marks, each block called by the next marks of the sequence."""
    places: dict[int, list[int]] = defaultdict(list)
    for i, marker in enumerate(sequence):
        places[marker.number].append(i)
    beam = {0: _State(0.0, 0)}
    starts = [marker.span.start for marker in sequence]
    for run in runs:
        before = bisect_left(starts, run[-1].start)
        for state in list(beam.values()):
            for at, cost in _entries(state.at, run, sequence, places.get(run[0].number, ()), before):
                following = _take(state, run, sequence, at, cost)
                if following and following.score >= beam.get(following.at, state).score:
                    beam[following.at] = following
        if len(beam) > _BEAM:
            beam = _pruned(beam)
    return max(beam.values(), key=lambda state: state.score)


def _pruned(beam: dict[int, _State]) -> dict[int, _State]:
    """The best states, and the least: what was taken so far may all be lists, and the notes at the end."""
    best = sorted(beam.values(), key=lambda state: -state.score)[: _BEAM // 2]
    return {state.at: state for state in (beam[min(beam)], *best)}


def _entries(
    at: int, run: Sequence[Label], sequence: Sequence[Marker], places: Sequence[int], before: int
) -> list[tuple[int, float]]:
    """Where a block may enter the sequence: at its next mark, or later at one with the block's first number.

    Only the marks up to `before` stand in front of the block; its first label or two may lack theirs.
    """
    i = bisect_left(places, at)
    entries = [
        (place, min(_MOST_SKIPPED, _SKIPPED * (place - at))) for place in places[i : i + 2] if place < before
    ]
    if at < before and 0 < sequence[at].number - run[0].number < min(3, len(run)):
        entries.append((at, 0.0))
    return entries


def _take(
    state: _State, run: Sequence[Label], sequence: Sequence[Marker], at: int, cost: float
) -> _State | None:
    """The state behind a block, or None where its marks do not call it."""
    gain = _LOOK * sum(label.look for label in run) / len(run) - cost
    taken: list[tuple[Label, int | None]] = []
    for label in run:
        while at < len(sequence) and sequence[at].number < label.number and _same(sequence, at):
            at += 1
            gain -= _SKIPPED
        mark = sequence[at] if at < len(sequence) else None
        if mark and mark.number == label.number and mark.span.start < label.start:
            taken.append((label, at))
            at += 1
            gain += mark.weight
        else:
            taken.append((label, None))
    called = [i for i, (_, place) in enumerate(taken) if place is not None]
    if not called:
        return None
    taken = taken[called[0] : called[-1] + 1]  # uncalled at its ends, a line is no note
    gain -= _UNCALLED * (len(taken) - len(called)) + _OUTSIDE * (len(run) - len(taken))
    if gain <= 0 or len(called) * 2 <= len(taken):
        return None
    return _State(state.score + gain, at, tuple(taken), state)


def _same(sequence: Sequence[Marker], at: int) -> bool:
    """Whether the mark's epoch goes on behind it."""
    return at + 1 < len(sequence) and sequence[at + 1].epoch == sequence[at].epoch


def _unrolled(state: _State, sequence: Sequence[Marker]) -> list[Link]:
    result: list[Link] = []
    current: _State | None = state
    while current:
        result.extend(
            Link(label, () if place is None else (sequence[place],))
            for label, place in reversed(current.taken)
        )
        current = current.before
    return result[::-1]


def _with_repeats(result: Sequence[Link], marks: Sequence[Marker], sequence: Sequence[Marker]) -> list[Link]:
    """The links with the marks that call a note again, in the epoch of its first mark."""
    used = {m.span.start for m in sequence}
    notes = {
        (link.markers[0].number, link.markers[0].epoch): i for i, link in enumerate(result) if link.markers
    }
    starts = [m.span.start for m in sequence]
    again: dict[int, list[Marker]] = defaultdict(list)
    for mark in marks:
        if mark.span.start in used or mark.weight < _SURE:
            continue
        before = bisect_right(starts, mark.span.start) - 1
        if before >= 0 and (i := notes.get((mark.number, sequence[before].epoch))) is not None:
            again[i].append(mark)
    return [Link(link.label, (*link.markers, *again[i])) for i, link in enumerate(result)]


def _any_order(runs: Sequence[Sequence[Label]], marks: Sequence[Marker]) -> tuple[float, list[Link]]:
    """A list of sources `[1]` to `[n]` at the end, called in any order by most of its numbers."""
    tail: list[Label] = []
    for run in reversed(runs):
        if tail and run[-1].number != tail[0].number - 1:
            break
        tail = [*run, *tail]
        if run[0].number == 1:
            break
    if len(tail) < 3 or tail[0].number != 1:
        return 0.0, []
    calls: dict[int, list[Marker]] = defaultdict(list)
    for mark in marks:
        if mark.span.start < tail[0].start:
            calls[mark.number].append(mark)
    result = [Link(label, tuple(calls[label.number])) for label in tail]
    called = sum(1 for link in result if link.markers)
    return (float(called), result) if called >= _ENOUGH * len(tail) else (0.0, [])
