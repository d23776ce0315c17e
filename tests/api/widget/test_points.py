"""Places in texts as Python counts them, found by JavaScript, which counts otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from api.testing_browser import Visitor

MIXED = "A😀b👩‍👩‍👧 cafe\u0301 北京 \U0001d54fy Ｚ"
LONE = "a\ud83db"


def sliced(blank: Visitor, places: list[tuple[str, int, int]]) -> list[str]:
    code = """async (places) => { const { slice } = await import('/src/points.js');
        return places.map((p) => slice(...p)); }"""
    found: list[str] = blank.page.evaluate(code, places)
    return found


def checked(blank: Visitor, text: str, quote: str, span: tuple[int, int], start: int = 0) -> dict[str, Any]:
    code = """async ([view, span, quote]) => { const { check } = await import('/src/points.js');
        return check(view, span, quote); }"""
    view = {"start": start, "end": start + len(text), "text": text, "blocks": []}
    told: dict[str, Any] = blank.page.evaluate(code, [view, {"start": span[0], "end": span[1]}, quote])
    return told


def test_every_slice_of_a_mixed_text_is_what_python_cuts(blank: Visitor) -> None:
    ends = range(len(MIXED) + 1)
    places = [(MIXED, a, b) for a in ends for b in ends if a <= b]
    assert sliced(blank, places) == [MIXED[a:b] for _, a, b in places]


@pytest.mark.parametrize("place", [(0, 0), (3, 3), (99, 200), (0, 999)])
def test_slices_at_and_beyond_the_ends_are_as_in_python(blank: Visitor, place: tuple[int, int]) -> None:
    assert sliced(blank, [(MIXED, *place)]) == [MIXED[slice(*place)]]


def test_half_of_a_surrogate_pair_counts_as_one(blank: Visitor) -> None:
    code = """async () => { const { slice } = await import('/src/points.js');
        return [slice('a\\ud83db', 2, 3), slice('\\ude00\\ud83d!', 2, 3)]; }"""
    assert blank.page.evaluate(code) == ["b", "!"]


@pytest.mark.parametrize(
    ("text", "quote", "start"),
    [
        ("Plain words here.", "words", 0),
        ("😀 words after emoji", "words", 0),
        ("北京 \U0001d54f words", "words", 0),
        ("cafe\u0301 opened", "cafe\u0301 opened", 0),
        ("cut from the middle", "the middle", 4000),
    ],
)
def test_a_quote_that_stands_at_its_place_is_verified(
    blank: Visitor, text: str, quote: str, start: int
) -> None:
    at = start + text.index(quote)
    told = checked(blank, text, quote, (at, at + len(quote)), start)
    assert told == {"verdict": "verified", "start": at, "end": at + len(quote)}


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("one  two\nthree", "one two three"),
        ("caf\u00e9 opened", "cafe\u0301 opened"),
        ("one\u00a0two", "one two"),
    ],
)
def test_white_space_and_composition_make_no_difference(blank: Visitor, text: str, quote: str) -> None:
    assert checked(blank, text, quote, (0, len(text)))["verdict"] == "verified"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("pushed to the right: words", "words"),
        ("😀😀😀 pushed by emoji: the words", "the words"),
        ("n\u0303 pushed by marks: words", "words"),
    ],
)
def test_a_quote_that_stands_elsewhere_once_has_moved_there(blank: Visitor, text: str, quote: str) -> None:
    told = checked(blank, text, quote, (0, len(quote)))
    at = text.index(quote)
    assert told == {"verdict": "moved", "start": at, "end": at + len(quote)}


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("the wording is another one", "the words are these"),
        ("twice words and words", "words"),  # nobody can say which
        ("words", "Words"),
        ("wor ds", "words"),
        ("", "words"),
        ("anything", ""),
    ],
)
def test_what_stands_nowhere_or_twice_has_changed_and_has_no_place(
    blank: Visitor, text: str, quote: str
) -> None:
    assert checked(blank, text, quote, (1, 2)) == {"verdict": "changed", "start": -1, "end": -1}


def test_a_long_text_is_checked_at_once(blank: Visitor) -> None:
    code = """async () => { const { check } = await import('/src/points.js');
        const text = 'e\\u0301 '.repeat(7000), view = {start: 0, end: 21000, text, blocks: []};
        const t = performance.now();
        check(view, {start: 5, end: 9}, 'nowhere'); return performance.now() - t; }"""
    assert blank.page.evaluate(code) < 500
