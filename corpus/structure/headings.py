"""Headings of plain text: underlines, capitals, Roman and Arabic numbers; and the sections they open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.fold import Reading
from corpus.records import Block, BlockKind, Section, Span, merged
from corpus.structure.candidates import Candidate, Style, Titles, levels_of, unmarked
from corpus.structure.contents import Contents
from corpus.structure.rows import Row, outside
from corpus.structure.titles import key, numbered


@dataclass(frozen=True, slots=True)
class Found:
    """Headings in reading order; `back` is the title page once more, at the end of a printed volume."""

    headings: tuple[Block, ...] = ()
    back: Span | None = None
    notes: tuple[str, ...] = ()


def detect(
    rows: Sequence[Row],
    *,
    contents: Sequence[Contents] = (),
    hidden: Sequence[Span] = (),
) -> Found:
    """The headings of a plain text: what looks and numbers like one.

    `hidden` are spans (footnotes, page furniture) where none can be.
    """
    skip = merged([*hidden, *(table.span for table in contents)])
    seen = outside(rows, skip)
    titles = _titles(contents)
    candidates = _with_prose(unmarked(seen, titles), contents)
    notes: list[str] = []
    chosen = _joined(_choose(candidates, notes))
    back = _back(seen, chosen)
    if back:
        chosen = [c for c in chosen if c.span.start < back.start]
    levels = levels_of(chosen)
    return Found(tuple(_block(c, level) for c, level in zip(chosen, levels, strict=True)), back, tuple(notes))


def _titles(contents: Sequence[Contents]) -> Titles:
    entries = [entry for table in contents for entry in table.entries if entry.title]
    lengths = {len(entry.title) + extra for entry in entries for extra in range(-4, 16)}  # marks, a number
    return Titles({key(entry.title): entry.number for entry in entries}, frozenset(lengths))


def _block(candidate: Candidate, level: int) -> Block:
    number = candidate.number.number if candidate.number else None
    return Block(BlockKind.HEADING, candidate.span, level, number)


def _with_prose(found: Iterable[Candidate | Span], contents: Sequence[Contents]) -> list[Candidate]:
    """Candidates that know whether prose follows before the next one, and before a table of contents."""
    candidates: list[Candidate] = []
    for item in found:
        if isinstance(item, Candidate):
            candidates.append(item)
        elif candidates and not candidates[-1].prose:
            end = candidates[-1].span.end
            if not any(end <= table.span.start < item.start for table in contents):
                candidates[-1] = replace(candidates[-1], prose=True)
    return candidates


def _choose(candidates: Sequence[Candidate], notes: list[str]) -> list[Candidate]:
    """The candidates that the whole text confirms."""
    lines = Counter(c.key for c in candidates if c.style is Style.CAPITALS)
    slanted = sum(c.style is Style.ITALIC and c.prose for c in candidates)
    chosen: list[Candidate] = []
    seen: set[str] = set()
    last: dict[str, Candidate] = {}  # the heading before, of each kind of numbers
    current: dict[Style, str] = {}  # the heading of each style that is open
    for i, candidate in enumerate(candidates):
        if candidate.style in (Style.MARKED, Style.WORD):
            ok = True
        elif candidate.number:
            ok = _in_sequence(candidates, i, last)
            if not ok and candidate.number.closed and candidate.prose:
                printed, at = candidate.number.number, candidate.span.start
                notes.append(f"{printed} at {at:,} begins no section: out of sequence")
        elif candidate.key == current.get(candidate.style):  # a running head
            ok = False
        elif candidate.style is Style.LISTED:
            ok = all(c.key != candidate.key for c in chosen)
        elif candidate.style is Style.CAPITALS:
            again = candidate.key in seen and all(c.key != candidate.key for c in chosen)
            ok = candidate.prose and lines[candidate.key] < 3 and not again  # no title page's line
            ok = ok or (candidate.prose and candidate.key not in seen and _is_first_of_run(candidates, i))
            seen.add(candidate.key)
        else:
            ok = candidate.prose and (candidate.style is Style.BOLD or slanted > 1)
        if ok:
            chosen.append(candidate)
            current[candidate.style] = candidate.key
            _count(candidate, last)
    return chosen


def _is_first_of_run(candidates: Sequence[Candidate], i: int) -> bool:
    """Whether a line in capitals that comes often is a chapter's title, its running heads behind it."""
    own = [j for j, c in enumerate(candidates) if c.key == candidates[i].key]
    others = {c.key for c in candidates[own[0] : own[-1]] if c.style is Style.CAPITALS}
    return i == own[0] and len(others) == 1


def _count(candidate: Candidate, last: dict[str, Candidate]) -> None:
    number = candidate.number
    restarts = number.kind != "arabic" if number else candidate.style is not Style.ITALIC
    if restarts and "arabic" in last:  # 1 may follow now, but the count may go on as well
        last["arabic above"] = last.pop("arabic")
    if number and len(number.value) == 1:
        last[number.kind] = candidate


def _in_sequence(candidates: Sequence[Candidate], i: int, last: Mapping[str, Candidate]) -> bool:
    """Whether a numbered line counts on from the one before; the first needs a second, or a mark."""
    candidate = candidates[i]
    number = candidate.number
    assert number is not None
    value = number.value[0]
    if len(number.value) > 1:  # 2.1 belongs to 2
        return candidate.strong or candidate.prose
    before = last.get(number.kind) or last.get(f"{number.kind} above")
    counted = before.number.value[0] if before and before.number else 0
    if before and before is last.get(number.kind) and value == counted and candidate.key == before.key:
        return False  # a running head
    if candidate.listed or (candidate.strong and number.kind == "arabic"):
        return True
    if not candidate.strong and _is_item(candidates, i, before.key if before else None):
        return False
    if counted and (value == counted + 1 or (number.kind == "roman" and value == counted + 2)):
        return True
    return value == 1 and (candidate.strong or _has_second(candidates, i))


def _is_item(candidates: Sequence[Candidate], i: int, open_: str | None) -> bool:
    """Whether numbers of the same kind stand right beside it: a list (the running head aside)."""
    number = candidates[i].number
    assert number is not None
    after = candidates[i + 1] if i + 1 < len(candidates) and not candidates[i].prose else None
    ahead = candidates[i - 1] if i and not candidates[i - 1].prose else None
    return any(
        c is not None
        and c.number is not None
        and c.number.kind == number.kind
        and not c.strong
        and c.key != open_
        for c in (after, ahead)
    )


def _has_second(candidates: Sequence[Candidate], i: int) -> bool:
    own = candidates[i]
    assert own.number is not None
    for later in candidates[i + 1 : i + 200]:
        number = later.number
        if number and number.kind == own.number.kind and len(number.value) == 1 and later.key != own.key:
            return number.value[0] == 2
    return False


def _joined(chosen: Sequence[Candidate]) -> list[Candidate]:
    """`CHAPTER TWO` and the title on the next line are one heading."""
    joined: list[Candidate] = []
    for candidate in chosen:
        above = joined[-1] if joined else None
        bare = above is not None and above.number is not None and not above.number.rest and not above.prose
        if above and bare and candidate.number is None and candidate.style is not Style.MARKED:
            joined[-1] = replace(
                above,
                span=Span(above.span.start, candidate.span.end),
                prose=candidate.prose,
                key=candidate.key,
            )
        else:
            joined.append(candidate)
    return joined


def _back(rows: Sequence[Row], chosen: Sequence[Candidate]) -> Span | None:
    """The lines at the end that say nothing but what stands in front of the first heading."""
    first = next((c.span.start for c in chosen if c.style is not Style.CAPITALS), 0)
    front = " ".join(key(row.text) for row in rows if row.start < first and row.text and len(row.text) <= 120)
    if not front:
        return None
    taken: list[Row] = []
    for row in reversed(rows):
        if not row.text:
            continue
        if len(row.text) > 120 or f" {key(row.text)} " not in f" {front} ":
            break
        taken.append(row)
    if len(taken) < 2 or taken[-1].start < first:
        return None
    return Span(taken[-1].start, taken[0].end)


def sections(
    blocks: Sequence[Block], reading: Reading, end: int, stops: Sequence[Span] = ()
) -> tuple[Section, ...]:
    """Sections in reading order, nested by level; each ends where one of its level or higher begins.

    `end` is the length of the canonical text. No section reaches into one of the `stops`, such as a
    table of contents or a back cover.
    """
    heads = [block for block in blocks if block.kind is BlockKind.HEADING]
    ends = [_stop(block, stops, end) for block in heads]
    parents: list[int | None] = []
    open_: list[int] = []  # ids from the outermost to the innermost
    for id_, block in enumerate(heads):
        while open_ and heads[open_[-1]].level >= block.level:
            closed = open_.pop()
            ends[closed] = min(ends[closed], block.span.start)
        parents.append(open_[-1] if open_ else None)
        open_.append(id_)
    return tuple(
        Section(
            id=id_,
            parent=parents[id_],
            level=block.level,
            number=block.number,
            title=_title(block, reading),
            authors=(),
            heading=block.span,
            span=Span(block.span.start, ends[id_]),
        )
        for id_, block in enumerate(heads)
    )


def _stop(block: Block, stops: Sequence[Span], end: int) -> int:
    return min((stop.start for stop in stops if stop.start >= block.span.end), default=end)


def _title(block: Block, reading: Reading) -> str:
    title = reading.of(block.span).strip()
    title = title.lstrip("#").lstrip()  # plain text with the marks of Markdown
    if block.number and (number := numbered(title)) and number.rest:
        title = number.rest
    return title.strip().removesuffix(":")
