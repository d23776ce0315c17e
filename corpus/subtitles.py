"""Subtitles (WebVTT, SubRip) to a manuscript: who speaks, in paragraphs; anchors tell the time of a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from corpus.decode import decode
from corpus.errors import UnreadableError
from corpus.flow import Flow
from corpus.manuscript import Manuscript
from corpus.records import BlockKind

_CLOCK = r"(?:(\d{1,3}):)?(\d\d):(\d\d)[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_CLOCK}\s+-->\s+{_CLOCK}")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,100})>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^<>]{0,200}>|\{\\[^{}]{0,100}\}")
_LABEL = re.compile(r"(?:>>+\s*|-\s*)?([^\W\d_a-z][\w.' -]{1,40}):\s+")
_DASH = re.compile(r"(?:>>+|-)\s+")
_PAUSE_S = 4.0  # of silence between two cues, after which a paragraph begins
_LONG = 600  # characters, after which a sentence ends a paragraph
_ENDS = (".", "?", "!", "…", ".”", '."', '?"', '!"')


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words on the screen: from when till when, in seconds, and who says them, if that is told."""

    start: float
    end: float
    speaker: str | None
    words: str


def read(data: bytes, source: str) -> Manuscript:
    """The manuscript of subtitles. Raises UnreadableError."""
    flow, before, speaker, length = Flow(), 0.0, "", 0
    for cue in _cues(decode(data, source).text):
        changed = cue.speaker is not None and cue.speaker != speaker
        if (
            changed
            or cue.start - before > _PAUSE_S
            or (length > _LONG and flow.waiting.rstrip().endswith(_ENDS))
        ):
            flow.close(BlockKind.PARAGRAPH)
            length = 0
        flow.anchor(f"t={_told(cue.start)},{_told(cue.end)}")
        if changed:
            speaker = cue.speaker or ""
            flow.text(f"{speaker}: ")
        flow.text(f"{cue.words} ")
        before, length = cue.end, length + len(cue.words)
    made = flow.finish()
    if not made.text:
        raise UnreadableError(f"{source}: subtitles without any words; there is nothing to add")
    return made


def _cues(text: str) -> Iterator[_Cue]:
    """The cues in order; of lines that stay on the screen while others come, each once."""
    shown: list[str] = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.split("\n")
        at = next((n for n, line in enumerate(lines[:3]) if _TIMES.match(line)), None)
        if at is None:
            continue
        found = _TIMES.match(lines[at])
        assert found
        spoken = [line.strip() for line in lines[at + 1 :] if line.strip()]
        start, end = _seconds(*found.groups()[:4]), _seconds(*found.groups()[4:])
        yield from _said(start, end, [line for line in spoken if line not in shown])
        shown = spoken


def _said(start: float, end: float, lines: list[str]) -> Iterator[_Cue]:
    """The cues of lines, one for each who speaks in them."""
    for line in lines:
        voice = _VOICE.search(line)
        words = " ".join(unescape(_TAG.sub("", _VOICE.sub("", line))).split())
        label = None if voice else _LABEL.match(words)
        words = _DASH.sub("", words[label.end() :] if label else words, count=1) if words else ""
        speaker = voice[1] if voice else label[1] if label else None
        if words:
            yield _Cue(start, end, " ".join(unescape(speaker).split()) if speaker else None, words)


def _told(seconds: float) -> str:
    """Seconds as they stand in links to media: `83.5`, no more exact than the file."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def _seconds(hours: str | None, minutes: str, seconds: str, part: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(part.ljust(3, "0")) / 1000
