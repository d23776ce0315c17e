"""Subtitles: who speaks, in paragraphs, with the time of each place."""

from __future__ import annotations

import pytest

from corpus.errors import UnreadableError
from corpus.load import load
from corpus.media import SRT, VTT, told
from corpus.subtitles import read

TALK = """WEBVTT - A talk

NOTE nobody reads this

STYLE
::cue { color: red }

1
00:01.000 --> 00:03.500 align:start
<v Ann Lee>When did the <i>pact</i> begin?

00:00:04.000 --> 00:00:06.000
<v.loud Bo Ray>In 1998,
<v Bo Ray>I believe &amp; hope.

00:20.000 --> 00:22.000
<v Bo Ray>Much later.
"""


def test_content_tells_subtitles() -> None:
    assert told(TALK.encode(), "x.txt") == VTT
    assert told(b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,000\r\nWater.\r\n", "x.txt") == SRT
    assert told(b"WEBVTT is a format.\n", "x.txt") == "text/plain"


def test_what_one_says_is_a_paragraph_until_another_speaks_or_a_pause_comes() -> None:
    assert read(TALK.encode(), "x").text == (
        "Ann Lee: When did the pact begin?\n\nBo Ray: In 1998, I believe & hope.\n\nMuch later."
    )


def test_each_place_has_its_time() -> None:
    made = read(TALK.encode(), "x")
    assert [(made.text[at:][:5], name) for at, name in made.anchors] == [
        ("Ann L", "t=1,3.5"),
        ("Bo Ra", "t=4,6"),
        ("I bel", "t=4,6"),
        ("Much ", "t=20,22"),
    ]


def test_lines_that_stay_on_the_screen_are_read_once() -> None:
    cues = (("one two", ""), ("one two", "three four"), ("three four", "five"))
    text = "\n".join(
        f"{n + 1}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n" + "\n".join(filter(None, lines)) + "\n"
        for n, lines in enumerate(cues)
    )
    assert read(text.encode(), "x.srt").text == "one two three four five"


def test_speakers_of_subtitles_take_turns() -> None:
    said = [("ANN LEE", "When did it begin?"), ("BO RAY", "In the year of the pact.")] * 4
    text = "\n".join(
        f"{n + 1}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{who}: {what}\n"
        for n, (who, what) in enumerate(said)
    )
    turns = load(text.encode(), "x.srt").structure.turns
    assert [(turn.n, turn.label) for turn in turns][:2] == [(1, "ANN LEE:"), (2, "BO RAY:")]
    assert len(turns) == 8


def test_subtitles_without_words_are_refused() -> None:
    with pytest.raises(UnreadableError, match="x: subtitles without any words"):
        read(b"WEBVTT\n\n00:01.000 --> 00:02.000\n<i></i>\n", "x")
