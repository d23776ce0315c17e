"""What the end of a page cut: a word, a sentence, or nothing; by the paragraphs on both sides alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from corpus.hyphens import HYPHENS, SUSPENDED
from corpus.structure.note_labels import SUPERSCRIPTS


class Cut(StrEnum):
    """What a page break goes through."""

    WORD = "word"
    SENTENCE = "sentence"
    NONE = "none"


@dataclass(slots=True)
class Paragraph:
    """A run of body lines: its place, trimmed, and the shape that tells prose from verse."""

    start: int
    end: int
    lines: int = 1
    longest: int = 0  # characters of its longest line
    last: int = 0  # characters of its last line
    indent: int = 0


_SHORTEST_PROSE = 60  # characters of a paragraph on one line; headings and addresses are shorter
_SHORTEST_PART = 20  # characters of a sentence's beginning
_SHORTEST_LINE = 45  # of wrapped prose; verse and lists are narrower
_FULL = 0.6  # the last line of a page is about as long as the others
_SHORTEST_NEXT = 40  # a formula or heading is shorter than what goes on with a capital
_MARKUP = "*_" + SUPERSCRIPTS
_QUOTES = "\"'”’»)]"
_OPENERS = "\"'“‘«(["
_STOPS = ".!?…:;"
_NO_PROSE = re.compile(r"\t|\|| {3,}\S+ {3,}|\.{4,}|(?:\. ){3,}")
_CAPTION = re.compile(
    r"[*_ ]*(?:fig(?:ure)?|table|chart|map|box|photo|plate|source|image)\b\.? ?[\dIVX:]", re.IGNORECASE
)
_LISTED = re.compile(r"(?:[a-z]|[ivx]{1,5}|\d{1,3})[.)]\s|[-+•·–—▪◦o]\s")
_ABBREVIATION = re.compile(
    r"(?:(?<!\w)(?:[^\W\d_]\.){2,}|(?<!\w)(?:mr|mrs|ms|dr|prof|st|nos?|vs|cf|approx|ca|gen|col|lt|sgt|capt|sen|rep"
    r"|gov|figs?|arts?|secs?|vols?|pp?|eds?|hon|rev|messrs|e\.g|i\.e)\.)\Z",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_FIRST_WORD = re.compile(r"\w+")
# Words that end no sentence.
_OPEN_WORDS = frozenset(
    """
    a an the of and or nor but between among amongst during without within towards toward into onto upon via
    per than whose which whom every although because unless until while whereas whether from with at by for to
    if as is are was were be been has have had will would shall should can could may might must its their our
    your my these those such both either neither including concerning regarding despite
    und oder der die das den dem des ein eine einer eines einem einen mit von vom zum zur durch gegen
    et le les la du de des une dans avec pour sur par aux el los las del y con por para il lo gli della dei
    """.split()  # noqa: SIM905 - a hundred quoted words read worse
)


def cut(text: str, before: Paragraph, after: Paragraph, *, known: bool) -> Cut:
    """What a page's end between two body paragraphs cut; NONE also where nothing is certain.

    `known` says that other evidence proves the page's end (a form feed, a page number, footnotes):
    then prose that simply stops goes on with a capital, too.
    """
    if after.indent >= 4 and before.indent < 4:  # a quotation or code, set in
        return Cut.NONE
    end = _bare_end(text, before)
    last, first = text[end - 1], _bare_start(text, after)
    if first >= after.end or _LISTED.match(text, first, first + 8):
        return Cut.NONE
    if last in HYPHENS and end - before.start > 1 and text[end - 2].isalnum():
        return _hyphen(text, before, after, first, known=known)
    if not _open(text, before, end, text[first]):
        return Cut.NONE
    # Where a page's end is known, half a line may stand before it; a list's item is not known to be one.
    part = known and text[first].islower() and before.end - before.start >= _SHORTEST_PART
    if not (part or _long(before)) or _no_prose(text, before):
        return Cut.NONE
    if _NO_PROSE.search(text, after.start, min(after.end, after.start + 200)):
        return Cut.NONE
    return Cut.SENTENCE if _goes_on(text, before, after, end, first, known=known) else Cut.NONE


def is_open(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph ends without the end of a sentence."""
    end = _bare_end(text, paragraph)
    return text[end - 1] in HYPHENS or _open(text, paragraph, end, "")


def _bare_end(text: str, paragraph: Paragraph) -> int:
    """The end without marks of emphasis and notes."""
    end = paragraph.end
    while end > paragraph.start + 1 and text[end - 1] in _MARKUP:
        end -= 1
    return end


def _bare_start(text: str, paragraph: Paragraph) -> int:
    start = paragraph.start
    while start < paragraph.end and (text[start] in _OPENERS or text[start] in "*_"):
        start += 1
    return start


def _hyphen(text: str, before: Paragraph, after: Paragraph, first: int, *, known: bool) -> Cut:
    word = _FIRST_WORD.match(text, first)
    if not word or first != after.start or before.end - before.start < _SHORTEST_PART:
        return Cut.NONE
    if text[before.end - 1] != "\u00ad" and word.group() in SUSPENDED:
        return Cut.SENTENCE
    if word.group()[0].islower():
        return Cut.WORD
    if not (text[before.end - 2].isalpha() and word.group()[0].isupper() and _prose(text, before)):
        return Cut.NONE  # numbers begin notes, lists and rows
    return Cut.WORD if known or after.end - after.start >= _SHORTEST_NEXT else Cut.NONE


def _open(text: str, before: Paragraph, end: int, following: str) -> bool:
    """Whether a sentence may go on behind the paragraph."""
    last = text[end - 1]
    while last in _QUOTES and end - 1 > before.start:
        end -= 1
        last = text[end - 1]
    if last in ".":
        return following.islower() and bool(_ABBREVIATION.search(text, max(before.start, end - 12), end))
    return last not in _STOPS


def _prose(text: str, paragraph: Paragraph) -> bool:
    return _long(paragraph) and not _no_prose(text, paragraph)


def _long(paragraph: Paragraph) -> bool:
    """Long enough on one line, or in long lines to its very end."""
    if paragraph.lines > 1:
        return paragraph.longest >= _SHORTEST_LINE and paragraph.last >= _FULL * paragraph.longest
    return paragraph.end - paragraph.start >= _SHORTEST_PROSE


def _no_prose(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph is of a table, of contents, a caption, a heading or a quotation."""
    start, end = paragraph.start, paragraph.end
    return bool(
        text[start] in "#|>"
        or _NO_PROSE.search(text, max(start, end - 300), end)
        or _CAPTION.match(text, start, min(end, start + 20))
    )


def _goes_on(text: str, before: Paragraph, after: Paragraph, end: int, first: int, *, known: bool) -> bool:
    if text[first].islower():
        short = after.lines == 1 and after.end - after.start < _SHORTEST_NEXT
        return known or not (short and text[after.end - 1].isalnum())  # a formula, an item
    if text[after.start] in ",;)":
        return True
    if after.end - after.start < _SHORTEST_NEXT or text[after.start] in "#*_|>-":
        return False
    if after.lines == 1 and after.end - after.start < 120 and text[after.end - 1].isalnum():
        return False  # a heading
    word = _LAST_WORD.search(text, max(before.start, end - 20), end)
    if word and end == before.end and word.group() in _OPEN_WORDS and _sentences(text, before):
        return True
    return (
        known
        and before.end == end
        and (text[end - 1].isalnum() or text[end - 1] == ",")
        and _sentences(text, before)
    )


def _sentences(text: str, paragraph: Paragraph) -> bool:
    """Whether a sentence ends within the paragraph, or it is longer than any heading."""
    return (
        paragraph.end - paragraph.start > 240
        or ". " in text[paragraph.start : paragraph.end]
        or (paragraph.lines > 2)
    )
