from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.load import load
from corpus.passages import split
from corpus.records import Document, Span
from index.testing import HashEncoder
from rag.anchor import Anchor, Anchored, anchor
from rag.cite import cite_spans
from rag.records import Citation
from rag.testing import Texts, stored_passage

BEFORE = (
    "The harbour of Belmark opened in 1905. Its cranes lift 40 tonnes. The quay is 900 metres long.\n\n"
    "Ships wait outside. The quay is narrow. Ships wait outside.\n"
)


def _document(text: str, name: str = "a.txt") -> Document:
    return load(text.encode(), name)


def _cited(document: Document, *quotes: str) -> Citation:
    """The citation of the first place of each quote."""
    spans, at = [], 0
    for quote in quotes:
        start = document.text.index(quote, at)
        at = start + len(quote)
        spans.append(Span(start, at))
    passages = [stored_passage(p, document.version) for p in split(document, HashEncoder().count_tokens)]
    return cite_spans(Texts(document, passages=passages), document.version, spans)


def _anchored(quote: str | tuple[str, ...], after: str, before: str = BEFORE) -> tuple[Anchor, list[str]]:
    former, current = _document(before), _document(after)
    quotes = (quote,) if isinstance(quote, str) else quote
    found = anchor(_cited(former, *quotes), former, current)
    return found, [current.text[span.start : span.end] for span in found.spans]


def test_the_same_words_elsewhere_are_found_exactly() -> None:
    found, words = _anchored("Its cranes lift 40 tonnes.", "New first line.\n\n" + BEFORE)
    assert (found.anchored, found.score, words) == (Anchored.EXACT, 1.0, ["Its cranes lift 40 tonnes."])


def test_of_several_places_the_one_between_the_same_words_is_meant() -> None:
    after = "Ships wait outside. Nobody knows why.\n\n" + BEFORE
    former, current = _document(BEFORE), _document(after)
    (first,) = (s for s in _cited(former, "Ships wait outside.").spans)
    found = anchor(_cited(former, "Ships wait outside."), former, current)
    assert found == Anchor(Anchored.EXACT, (Span(first.start + 39, first.end + 39),), 1.0)


def test_where_nothing_tells_several_places_apart_the_nearest_is_named_and_not_called_exact() -> None:
    found, words = _anchored("The quay is narrow.", "A. The quay is narrow. B. The quay is narrow. C.")
    assert (found.anchored, words) == (Anchored.FUZZY, ["The quay is narrow."])
    assert found.spans == (Span(26, 45),)


@pytest.mark.parametrize(
    ("quote", "after", "now"),
    [
        ("Its cranes lift 40 tonnes.", "Its cranes lift 60 tonnes.", "Its cranes lift 60 tonnes."),
        ("The quay is 900 metres long.", "A quay is 900 metres long.", "A quay is 900 metres long."),
        (
            "opened in 1905. Its cranes lift",
            "opened in 1905. Its old cranes lift",
            "opened in 1905. Its old cranes lift",
        ),
        ("Belmark opened in 1905.", "Belmark was opened in 1905.", "Belmark was opened in 1905."),
        ("Its cranes lift 40 tonnes.", "Its cranes lift tonnes.", "Its cranes lift tonnes."),
    ],
)
def test_changed_words_are_found_by_likeness_and_never_called_exact(quote: str, after: str, now: str) -> None:
    found, words = _anchored(quote, BEFORE.replace(quote, after))
    assert found.anchored is Anchored.FUZZY
    assert 0.75 < found.score < 1
    assert words == [now]


def test_what_reads_the_same_between_other_line_ends_scores_one() -> None:
    after = BEFORE.replace("Its cranes lift 40 tonnes.", "Its cranes\nlift 40\ntonnes.")
    found, words = _anchored("Its cranes lift 40 tonnes.", after)
    assert (found.anchored, found.score, words) == (Anchored.FUZZY, 1.0, ["Its cranes\nlift 40\ntonnes."])


def test_what_is_no_longer_there_is_lost() -> None:
    found, words = _anchored("The quay is 900 metres long.", "Nothing of this is left in the new text.")
    assert (found, words) == (Anchor(Anchored.LOST), [])


def test_every_part_of_a_quotation_must_be_there_in_its_order() -> None:
    parts = ("opened in 1905.", "Ships wait outside.")
    whole, words = _anchored(parts, BEFORE.replace("Its cranes lift 40 tonnes. ", ""))
    assert (whole.anchored, words) == (Anchored.EXACT, list(parts))
    swapped, _ = _anchored(parts, "Ships wait outside. The harbour of Belmark opened in 1905.")
    assert swapped.anchored is Anchored.LOST


def test_parts_that_read_the_same_stand_in_two_places() -> None:
    parts = ("Ships wait outside.", "Ships wait outside.")
    found, words = _anchored(parts, "New first line.\n\n" + BEFORE)
    assert (found.anchored, words, len(set(found.spans))) == (Anchored.EXACT, list(parts), 2)


def test_parts_are_found_again_one_by_one() -> None:
    parts = ("The harbour of Belmark opened in 1905.", "Ships wait outside.")
    after = BEFORE.replace("opened in 1905", "was opened in 1905")
    found, words = _anchored(parts, after)
    assert (found.anchored, words) == (
        Anchored.FUZZY,
        ["The harbour of Belmark was opened in 1905.", "Ships wait outside."],
    )


_WORDS = st.lists(
    st.sampled_from(["river", "harbour", "40", "tonnes", "of", "the", "is,", "opened."]), max_size=30
)


@given(_WORDS.map(" ".join), _WORDS.map(" ".join), st.integers(0, 60), st.integers(1, 60))
@settings(deadline=None, max_examples=80)
def test_whatever_stands_around_exact_means_the_same_characters(
    before: str, behind: str, start: int, length: int
) -> None:
    former = _document(BEFORE)
    quote = BEFORE[start : start + length]
    cited = _cited(former, quote)
    current = _document(f"{before} x {BEFORE} y {behind}")
    found = anchor(cited, former, current)
    (span,) = found.spans
    assert current.text[span.start : span.end] == cited.quote[0]
    if found.anchored is Anchored.EXACT and BEFORE.count(cited.quote[0]) == 1:
        assert span.start == cited.spans[0].start + len(before) + 3
