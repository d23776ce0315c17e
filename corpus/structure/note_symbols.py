"""Starred notes: `* Text` or `† Text` at a page's foot, called by the same sign behind a word."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from corpus.blocks import Line
from corpus.records import Span

_SIGNS = "*†‡§"
_SIGN = re.compile(f"[{_SIGNS}]")
_LABEL = re.compile(r"[ \t\f]*(?P<sign>\\?\*{1,3}|†{1,3}|‡{1,3}|§)[ \t\u00a0]*(?=[^\s*†‡§])")
_CALL = re.compile(r"(?<=[^\s*†‡§\\|/=+<>{}])(\\?\*{1,3}|†{1,3}|‡{1,3})(?=[\s.,;:!?)”’\"]|\Z)", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3})[^\s*][^*]{0,200}(?<=\S)\1(?![\w*])")
_LONGEST_GAP = 8000  # characters from a call to its note: a page, or the end of a chapter's opening


def symbol_notes(
    text: str, lines: Sequence[Line], taken: Sequence[Span]
) -> Iterator[tuple[str, Span, Span, tuple[Span, ...]]]:
    """(sign, label, body, markers) of each starred note; `taken` are notes already found.

    Stars also make lists and emphasis: a line is a note only when no other line of its kind stands
    beside it and exactly one unpaired sign in the text before, not called yet, waits for it.
    """
    if not any(sign in text for sign in _SIGNS):
        return
    paragraphs = [Span(group[0].start, group[-1].end) for group in _paragraphs(lines)]
    if not any(_opens(text, place) for place in paragraphs):
        return
    waiting: dict[str, Span] = {}
    starts = [span.start for span in taken]
    for i, place in enumerate(paragraphs):
        if not _SIGN.search(text, place.start, place.end) or _in(place, starts, taken):
            continue
        content = text[place.start : place.end]
        label = _LABEL.match(content)
        if label and not _closed(content, label.group("sign")):
            sign = label.group("sign").lstrip("\\")
            call = waiting.get(sign)
            near = call and place.start - call.end <= _LONGEST_GAP
            if call and near and not _listed(text, content, paragraphs[max(0, i - 1) : i + 2], sign):
                del waiting[sign]
                at, body = place.start + label.start("sign"), place.start + label.end()
                yield sign, Span(at, body), Span(body, place.start + len(content.rstrip())), (call,)
        else:
            waiting.update(_calls(content, place.start))


def _opens(text: str, place: Span) -> bool:
    """Whether a paragraph begins with a sign that is not the first of a pair."""
    label = _LABEL.match(text, place.start, place.end)
    return label is not None and not _closed(text[place.start : place.end], label.group("sign"))


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if not line.text or line.text.isspace():
            if group:
                yield group
            group = []
        else:
            group.append(line)
    if group:
        yield group


def _in(place: Span, starts: Sequence[int], taken: Sequence[Span]) -> bool:
    i = bisect_right(starts, place.start) - 1
    return i >= 0 and taken[i].end > place.start


def _closed(content: str, sign: str) -> bool:
    """Whether the star at a paragraph's start opens an emphasis that ends in it."""
    return sign.startswith("*") and content.count("*") % (2 * len(sign)) == 0


def _calls(content: str, start: int) -> Iterator[tuple[str, Span]]:
    # Emphasis is blanked, at equal length; what is left may be a call when it is the only one.
    if "*" in content:
        content = _EMPHASIS.sub(lambda match: " " * len(match.group()), content)
    stars = content.count("*")
    for match in _CALL.finditer(content):
        sign = match.group(1)
        if "*" not in sign or stars == sign.count("*"):
            yield sign.lstrip("\\"), Span(start + match.start(), start + match.end())


def _listed(text: str, content: str, around: Sequence[Span], sign: str) -> bool:
    """Whether the paragraph, or one beside it, has another line with the same sign: then it is a list."""
    if any(_same(line, sign) for line in content.split("\n")[1:]):
        return True
    return sum(_same(text[place.start : place.start + 80], sign) for place in around) > 1


def _same(line: str, sign: str) -> bool:
    match = _LABEL.match(line)
    return match is not None and match.group("sign").lstrip("\\") == sign
