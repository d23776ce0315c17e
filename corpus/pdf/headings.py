"""Headings, by size, weight, capitals, and the outline of the file; and the title on the first page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from corpus.pdf.paragraphs import Kind, Paragraph
from corpus.structure.names import is_name
from corpus.structure.titles import key, numbered

_BIG = 1.1  # of the body's size
_TITLE = 1.2
_LEAST = 0.94  # a heading that is only bold is hardly smaller than the body
_LONGEST = 200  # characters
_MOST_LINES = 4
_MOST_IN_A_ROW = 4  # more headings without a word of text between are a list
_LEVELS = 6
_ENOUGH = 3  # headings that the outline names: it is one
_CONTACT = re.compile(r"@|www\.|https?:")
_OPEN = re.compile(r"[.,;][\"'”’)]*\Z")
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|table|chart|map|box|photo|source|abbildung|tabelle)\b\.? ?[\divx]", re.IGNORECASE
)
_PROSE = 120  # characters


class Entry(NamedTuple):
    """A line of the file's outline; `page` counts from 0, `depth` from 0."""

    title: str
    page: int
    depth: int


class Style(NamedTuple):
    """How a heading looks; the higher ones sort first."""

    smaller: float  # the size, negative
    plain: bool
    mixed: bool  # not in capitals
    upright: bool


class Found(NamedTuple):
    """The level of each block that is a heading, by its index, and the index of the title."""

    levels: dict[int, int]
    title: int | None


def headings(blocks: Sequence[Paragraph], body: float, outline: Sequence[Entry]) -> Found:
    """The headings among the blocks of a document in reading order; `body` is the size of most letters."""
    heavy = _heavy(blocks, body)
    outlined = _outlined(blocks, outline)
    title = _title(blocks, body)
    chosen = {i for i, block in enumerate(blocks) if i in outlined or _looks(block, body, heavy=heavy)}
    weak = {i for i in chosen - outlined.keys() if blocks[i].size < _BIG * body and not blocks[i].bold}
    if len(weak) < len(chosen - weak - {title}):  # capitals alone, where headings look otherwise
        chosen -= weak
    if len(outlined) >= _ENOUGH:  # then what looks otherwise is no heading
        looks = {_style(blocks[i]) for i in outlined}
        chosen = {i for i in chosen if i in outlined or i == title or _style(blocks[i]) in looks}
    chosen = _without_lists(blocks, chosen, outlined)
    chosen = _without_front(blocks, chosen, outlined, title)
    chosen = {i for i in chosen if any(j not in chosen for j in range(i + 1, len(blocks)))}
    return Found(_levels(blocks, sorted(chosen), outlined, title), title if title in chosen else None)


def _looks(block: Paragraph, body: float, *, heavy: bool) -> bool:
    """Whether a block looks like a heading."""
    text = " ".join(block.text.split())
    letters = sum(map(str.isalpha, text))
    if block.kind is Kind.TABLE or len(block.lines) > _MOST_LINES or len(text) > _LONGEST or letters < 2:
        return False
    if _CAPTION.match(text) or not (text[0].isalnum() or text[0] in "“\"'‘«„¿¡([§"):
        return False
    big = block.size >= _BIG * body
    number = numbered(text)
    bare = number is not None and not number.rest
    if _OPEN.search(text) and not bare and not (big and len(text) <= 80):
        return False
    if block.kind is Kind.ITEM and (number is None or text[0].islower()):
        return False
    if big:
        return True
    if block.size < _LEAST * body or len(block.lines) > 2:
        return False
    return (block.bold and not heavy) or (text.isupper() and letters >= 6)


def _heavy(blocks: Sequence[Paragraph], body: float) -> bool:
    """Whether the body itself is bold."""
    weights: Counter[bool] = Counter()
    for block in blocks:
        for line in block.lines:
            if abs(line.size - body) < 0.3:
                weights[line.bold] += len(line.text)
    return weights[True] > weights[False]


def _outlined(blocks: Sequence[Paragraph], outline: Sequence[Entry]) -> dict[int, int]:
    """Blocks that the outline names, by index, with their depth."""
    places: dict[int, list[int]] = defaultdict(list)
    for i, block in enumerate(blocks):
        if len(block.lines) <= _MOST_LINES:
            places[block.page].append(i)
    found: dict[int, int] = {}
    for entry in outline:
        wanted = key(entry.title)
        for page in (entry.page, entry.page + 1, entry.page - 1):
            own = [
                i for i in places[page] if i not in found and wanted and _same(key(blocks[i].text), wanted)
            ]
            if own:
                found[own[0]] = entry.depth
                break
    return found


def _same(said: str, wanted: str) -> bool:
    return said == wanted or (
        len(wanted) > 6 and said.endswith(" " + wanted) and len(said) <= len(wanted) + 14
    )


def _title(blocks: Sequence[Paragraph], body: float) -> int | None:
    """The block of the largest letters on the first page, where these are larger than the body's."""
    first = [i for i, block in enumerate(blocks) if block.page == blocks[0].page] if blocks else []
    able = [
        i
        for i in first
        if blocks[i].size >= _TITLE * body
        and len(blocks[i].text) <= _LONGEST
        and sum(map(str.isalpha, blocks[i].text)) >= 3
    ]
    return max(able, key=lambda i: (blocks[i].size, -i), default=None)


def _prose(block: Paragraph) -> bool:
    return len(block.text) > _PROSE or len(block.lines) > _MOST_LINES


def _without_lists(blocks: Sequence[Paragraph], chosen: set[int], outlined: dict[int, int]) -> set[int]:
    """The headings without runs of one look that no text parts: lists and names."""
    kept = set(chosen)
    run: list[int] = []
    for i in [*sorted(chosen), len(blocks) + 1]:
        if run and (i != run[-1] + 1 or i > len(blocks) or _style(blocks[i]) != _style(blocks[run[-1]])):
            if len(run) > _MOST_IN_A_ROW:
                kept -= {j for j in run if j not in outlined}
            run = []
        run.append(i)
    return kept


def _without_front(
    blocks: Sequence[Paragraph], chosen: set[int], outlined: dict[int, int], title: int | None
) -> set[int]:
    """The headings without what stands around the title: who wrote it, when, for whom."""
    first_prose = next((i for i, block in enumerate(blocks) if _prose(block)), len(blocks))
    later = Counter(_style(blocks[i]) for i in chosen if i > first_prose)
    front = {i for i in chosen if i < first_prose and i != title and i not in outlined}
    if title is None or title >= first_prose:
        return chosen
    last = first_prose - 1
    kept = {
        i
        for i in front
        if i > title
        and not (is_name(blocks[i].text) or _CONTACT.search(blocks[i].text))
        and (later[_style(blocks[i])] or (i == last and numbered(blocks[i].text)))
    }
    usual = {
        i
        for i in front
        if key(blocks[i].text) in ("abstract", "summary", "introduction", "foreword", "preface", "contents")
    }
    return (chosen - front) | kept | usual | {title}


def _style(block: Paragraph) -> Style:
    text = block.text
    return Style(
        -round(2 * block.size) / 2,
        not block.bold,
        not (text.isupper() and sum(map(str.isalpha, text)) > 3),
        not all(line.italic for line in block.lines),
    )


def _levels(
    blocks: Sequence[Paragraph], chosen: Sequence[int], outlined: dict[int, int], title: int | None
) -> dict[int, int]:
    """Levels from 1: as deep as the outline says, else as the looks rank."""
    levels: dict[int, int] = {}
    styles = sorted({_style(blocks[i]) for i in chosen})
    deep = 1 + (title in chosen and title not in outlined)
    known: dict[Style, Counter[int]] = defaultdict(Counter)
    for i in chosen:
        if i in outlined:
            known[_style(blocks[i])][outlined[i] + deep] += 1
    for i in chosen:
        style = _style(blocks[i])
        if i in outlined:
            level = outlined[i] + deep
        elif i == title and known:
            level = 1
        elif style in known:
            level = known[style].most_common(1)[0][0]
        elif known:
            higher = [max(counts) for other, counts in known.items() if other < style]
            level = 1 + max(higher, default=0)
        else:
            level = 1 + styles.index(style) + _deeper(blocks, chosen, i)
        levels[i] = min(level, _LEVELS)
    return levels


def _deeper(blocks: Sequence[Paragraph], chosen: Sequence[int], i: int) -> int:
    """How much deeper a number such as 2.1 puts a heading than others of its look."""
    number = numbered(blocks[i].text)
    if number is None or len(number.value) == 1:
        return 0
    same = [numbered(blocks[j].text) for j in chosen if _style(blocks[j]) == _style(blocks[i])]
    least = min(len(other.value) for other in same if other)
    return len(number.value) - least
