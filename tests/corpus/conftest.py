"""Fixtures of the corpus tests: a token counter without a model, and documents without sense."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import strategies as st

from corpus.units import TokenCounter

_WORDS = [
    "Baku",
    "word",
    "ß",
    "İ",
    "中文。",
    "e\u0301",
    "😀",
    "U.S. ",
    "Dr. Ali ",
    "p. 385",
    "12. ",
    "x" * 60,
]
_MARKS = [
    "*",
    "**",
    "_",
    "`",
    "```",
    "~~~",
    "[",
    "](",
    "[^1]",
    "[^2]",
    "|",
    " | ",
    "#",
    ">",
    "<",
    "&",
    "\\",
    "=",
]
_MARKUP = [
    "**bold**",
    "_y_",
    "[link](http://a.b/c_d)",
    "![i](p.png)",
    "<b>",
    "</b>",
    "<br/>",
    "<!-- c -->",
    "<!--",
]
_ENTITIES = ["&amp;", "&nbsp;", "&#65;", "&bad;", "&quot;"]
_LINES = ["\n# ", "\n## Head", "\n---", "\n    ___", "\n- item", "\n1. item", "\n> quote", "\n[^1]: Note."]
_TABLES = ["\n| a | b |\n|---|---|", "\n| c |", "\n:--|--:"]
_BREAKS = [
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\r\n",
    "\r\n\r\n",
    "\r",
    "\f",
    "\n\f",
    "\n\n\f",
    "\v",
    "\u2028",
    "\u00a0",
]
_HYPHENS = ["-", "-\n", "-\r\n", "-\n\n\f", "\u2010\n", "\u2011", "\u00ad", "\u00ad\n"]
_HIDDEN = ["\x00", "\u200b", "\ufeff", "\u2060"]
_NOTES = ["¹", " [1]", "\n¹\n", "\n¹ See p. 3.\n", "\n1. See p. 3.\n", "\n[1]\n"]
_PAGES = ["\n1\n", "\n\n2\n\n", "\n12   Head\n\n", "\n13   Head\n\n", "Contents\n\nOne\t3\nTwo\t5\n\n"]
_SAID = ["Ann Lee: yes.\n\n", "Bo Ray: no?\n\n", "I. Head\n\n", "\n===\n"]
_CUT = ["The council met on a long and windy day of spring to talk of the ", "stra-\n\n", "tegic plans. "]
_ENDS = [". ", ", ", "; ", "? ", "!", "…", "“", "”", "I. FIRST PART", "SOME WORDS HERE"]


@pytest.fixture(scope="session")
def soup() -> st.SearchStrategy[str]:
    """Texts put together from all that the rules look for, in any order."""
    marks = [*_MARKS, *_MARKUP, *_ENTITIES, *_HYPHENS, *_HIDDEN, *_ENDS]
    layout = [*_LINES, *_TABLES, *_BREAKS, *_NOTES, *_PAGES, *_SAID]
    atoms = st.sampled_from([*_WORDS, *_CUT, *marks, *layout])
    return st.lists(atoms, min_size=1, max_size=40).map("".join)


@pytest.fixture(scope="session")
def count() -> TokenCounter:
    """Counts as an encoder does: long words are several tokens, marks one each, white space none."""

    def tokens(texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w{1,6}|[^\w\s]", text)) for text in texts]

    return tokens
