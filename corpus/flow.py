"""Words of a marked-up file as they come: blocks, the anchors in them, and the notes that they call."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import replace
from operator import itemgetter

from corpus.manuscript import Manuscript, Note, Scribe
from corpus.records import BlockKind, Record, Span

_SPACE = re.compile(r"[ \t\n\r\f\v]+")  # a no-break space is a letter to all of these formats
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_BREAKS = re.compile(r"[\f\v\r\x1c-\x1e\x85\u2028\u2029]")  # what parts lines, or pages, in a canonical text


class Flow:
    """Writes blocks whose words come in pieces; white space folds, as it does on a page.

    Keys of notes are whatever the format calls them by. A note is written once, and called any number of
    times, before or after.
    """

    def __init__(self) -> None:
        self.scribe = Scribe()
        self._pieces: list[str] = []
        self._length = 0
        self._last = ""
        self._calls: list[tuple[Hashable, int, int]] = []
        self._marks: list[tuple[int, str]] = []
        self._anchors: list[tuple[int, str]] = []
        self._markers: dict[Hashable, list[Span]] = {}
        self._notes: dict[Hashable, Note] = {}

    @property
    def empty(self) -> bool:
        """Whether no word of a block is waiting."""
        return not self._last

    @property
    def at_line_start(self) -> bool:
        """Whether a line has just begun."""
        return self._last in ("", "\n")

    @property
    def waiting(self) -> str:
        """The words of the block that is being written."""
        return "".join(self._pieces)

    def text(self, words: str) -> None:
        """Words, whose white space folds into single spaces."""
        words = _SPACE.sub(" ", _UNPRINTABLE.sub("", _BREAKS.sub("\n", words)))
        if self._last in ("", " ", "\n"):
            words = words.removeprefix(" ")
        self._put(words)

    def exact(self, words: str) -> None:
        """Words whose white space stays: code."""
        words = words.replace("\r\n", "\n")
        self._put(_UNPRINTABLE.sub("", _BREAKS.sub("\n", words)))

    def line(self) -> None:
        """A new line within the block."""
        self.trim()
        if not self.empty:
            self._put("\n")

    def trim(self) -> None:
        """Take back the space that was written last."""
        while self._pieces and self._last == " ":
            words = self._pieces.pop()
            self._pieces += [words.rstrip(" ")] if words.strip(" ") else []
            self._length -= len(words) - len(words.rstrip(" "))
            self._last = self._pieces[-1][-1] if self._pieces else ""

    def call(self, key: Hashable, label: str) -> None:
        """The marker of a note, as it is printed."""
        start = self._length
        self.text(label)
        if self._length > start:
            self._calls.append((key, start, self._length))

    def anchor(self, name: str) -> None:
        """A place here that links may lead to."""
        self._marks.append((self._length, name))

    def drop(self, count: Callable[[str], int]) -> None:
        """Leave out as many of the first characters of the block as `count` says."""
        text = "".join(self._pieces)
        left_out = count(text)
        self._pieces, self._length = [text[left_out:]], len(text) - left_out
        self._calls = [
            (key, start - left_out, end - left_out) for key, start, end in self._calls if start >= left_out
        ]
        self._marks = [(max(0, at - left_out), name) for at, name in self._marks]

    def close(self, kind: BlockKind, level: int = 0, label: str = "") -> Span | None:
        """End the block; `label` stands before its words. None where there are no words."""
        text = "".join(self._pieces)
        words = text.strip()
        if not words:
            self._reset(self._marks)
            return None
        lead = len(text) - len(text.lstrip())
        span = self.scribe.block(kind, label + words, level)
        offset = span.start + len(label) - lead
        for key, start, end in self._calls:
            marker = Span(max(offset + start, span.start), min(offset + end, span.end))
            self._markers.setdefault(key, []).append(marker)
        self._anchors += [(min(max(offset + at, span.start), span.end - 1), name) for at, name in self._marks]
        self._reset([])
        return span

    def note(self, key: Hashable, number: str, label: str) -> Span | None:
        """End the block as the definition of a note; one without words is none."""
        span = self.close(BlockKind.FOOTNOTE, label=label)
        if span and key not in self._notes:
            self._notes[key] = Note(number, span, Span(span.start + len(label), span.end))
        return span

    def finish(self, record: Record | None = None, doubts: tuple[str, ...] = ()) -> Manuscript:
        """The manuscript, with its notes and anchors."""
        self.close(BlockKind.PARAGRAPH)
        made = self.scribe.finish()
        notes = [replace(note, markers=tuple(self._markers.get(k, ()))) for k, note in self._notes.items()]
        numbers = {note.span: note.number for note in notes}
        return replace(
            made,
            blocks=tuple(replace(b, number=numbers.get(b.span, b.number)) for b in made.blocks),
            notes=tuple(sorted(notes, key=lambda note: note.span)),
            anchors=tuple(sorted(self._anchors, key=itemgetter(0))),  # the innermost of equals is the last
            record=record or Record(),
            doubts=doubts,
        )

    def _put(self, words: str) -> None:
        if words:
            self._pieces.append(words)
            self._length += len(words)
            self._last = words[-1]

    def _reset(self, marks: list[tuple[int, str]]) -> None:
        self._pieces, self._length, self._last = [], 0, ""
        self._calls = []
        self._marks = [(0, name) for _, name in marks]
