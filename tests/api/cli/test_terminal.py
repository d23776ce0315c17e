from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from api.cli import terminal
from api.cli.terminal import page
from corpus.records import Locator

STEERS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = {"\u061c", "\u200e", "\u200f"}
ANY_TEXT = st.text(
    st.characters() | st.sampled_from("\x00\x07\x1b\x7f\x9b\u202e\u2066\u2028\ud800\r\n\t[]\\")
)


def obeyed(text: str) -> list[str]:
    """Characters that a terminal, or the reading order, would obey."""
    return [
        c
        for c in text
        if unicodedata.category(c) in ("Cc", "Cs") or unicodedata.bidirectional(c) in STEERS or c in MARKS
    ]


@settings(deadline=None, max_examples=300)
@given(text=ANY_TEXT)
def test_no_text_holds_anything_that_a_terminal_obeys(text: str) -> None:
    assert obeyed(terminal.clean(text)) == []
    assert len(terminal.clean(text)) == len(text)


@settings(deadline=None, max_examples=100)
@given(text=ANY_TEXT)
@example(text="[red]:warning:[/red]")
def test_safe_text_is_shown_as_it_is_and_never_read_as_markup(text: str) -> None:
    assume(not text.endswith("\\"))  # rich doubles it, for the sake of a tag that may follow
    with terminal.out.capture() as shown:
        terminal.out.print(terminal.safe(text), end="", soft_wrap=True)
    assert shown.get() == terminal.clean(text)


def test_ordinary_text_of_any_script_is_left_alone() -> None:
    text = "Müller – “quoted” … 𝄞 שלום العربية 北京 a\u0301 e\u200dx"
    assert terminal.clean(text) == text


@pytest.mark.parametrize("text", ["\x1b]0;x\x07", "\x9b2J", "a\u202eb", "\u2028", "\ud800", 'é\n\t"\\'])
def test_json_is_the_same_value_in_other_letters(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_json({text: [text]})
    out = capsys.readouterr().out
    assert obeyed(out.replace("\n", "")) == []
    assert json.loads(out) == {text: [text]}


def test_progress_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.progress("adding", 2) as advance:
        advance(1)
        advance(1)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("locator", "told"),
    [
        (Locator(), ""),
        (Locator(pages=("14",), page_indices=(19,)), "p. 14,"),
        (Locator(pages=("iv", "v", "vi"), page_indices=(3, 4, 5)), "p. iv–vi,"),
        (Locator(page_indices=(2,)), "page 3 of the file,"),
        (Locator(page_indices=(2, 3)), "page 3–4 of the file,"),
    ],
)
def test_a_page_is_called_as_it_is_printed_else_by_its_place(locator: Locator, told: str) -> None:
    assert page(locator) == told
