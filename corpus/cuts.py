"""A text that is too long for a passage, cut behind the strongest mark that it has.

As langchain-text-splitters cuts (`RecursiveCharacterTextSplitter`, nothing repeated). Its import takes half
a second and 17 MB, which a server would keep, and it counts one word at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

_MARKS = ("; ", ", ", " ")  # the strongest first; behind none of them, characters are parted


def cuts(
    text: str, count: Callable[[Sequence[str]], Sequence[int]], most: int, marks: Sequence[str] = _MARKS
) -> Iterator[str]:
    """Pieces of at most `most` tokens, as few as there can be, which are together the text.

    `count` tells the tokens of each of some texts. What stands behind no weaker mark, a character that is
    many tokens, stays whole.
    """
    mark = next((mark for mark in marks if mark in text), "")
    weaker = marks[marks.index(mark) + 1 :] if mark else ()
    different = list(dict.fromkeys(_parted(text, mark)))
    sizes = dict(zip(different, count(different), strict=True))
    piece: list[str] = []
    held = 0
    for part in _parted(text, mark):
        size = max(1, sizes[part])  # a mark may be no token at all
        if piece and (size >= most or held + size > most):
            yield "".join(piece)
            piece, held = [], 0
        if size < most:
            piece.append(part)
            held += size
        elif mark:
            yield from cuts(part, count, most, weaker)
        else:
            yield part
    if piece:
        yield "".join(piece)


def _parted(text: str, mark: str) -> Iterator[str]:
    """A text parted behind each of a mark, or into characters; one at a time, for there may be millions."""
    if not mark:
        yield from text
        return
    start = 0
    while (at := text.find(mark, start)) >= 0:
        yield text[start : at + len(mark)]
        start = at + len(mark)
    if start < len(text):
        yield text[start:]
