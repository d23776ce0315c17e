from __future__ import annotations

import pytest

from corpus.hyphens import Hyphens


def reads(text: str) -> str:
    """What the hyphen in front of the first line end reads as."""
    at = text.index("\n")
    return Hyphens(text).reads(at - 1, at + 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a stra-\ntegic mill", ""),
        ("a stra\u00ad\ntegic mill", ""),
        ("the Euro-\nAtlantic ties", "-"),
        ("COVID-\n19", "-"),
        ("NATO-\nled talks", "-"),
        ("pre-\nand post-war mills", "- "),
        ("a rule -\nand more", "-"),
    ],
)
def test_what_follows_decides(text: str, expected: str) -> None:
    assert reads(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a head-\nland; the headland", ""),
        ("of long-\nterm plans; a long-term plan", "-"),
        ("policy-\nmaker; policy\u2011makers met", "-"),
        ("the non-align-\nment; non-alignment is", ""),
        ("a bread-\nmaker makes bread; the maker", "-"),
        ("over-\ncoming; coming over", ""),
        ("a spear-\nheaded; the spear was headed home", "-"),
    ],
)
def test_the_words_of_the_document_decide(text: str, expected: str) -> None:
    assert reads(text) == expected
