from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus.errors import ProvenanceError, UnreadableError
from corpus.invariants import verify
from corpus.load import load
from corpus.passages import PassageConfig, split
from corpus.records import Document, Passage, Span
from corpus.units import TokenCounter

TEXT = "# Title\n\nOne **is** R&amp;D.[^1]\n\nTwo is re\u2011made.\n\n[^1]: Note.\n"


@pytest.fixture
def document() -> Document:
    return load(TEXT.encode(), "a.md")


@pytest.fixture
def passages(document: Document, count: TokenCounter) -> tuple[Passage, ...]:
    return split(document, count, PassageConfig(max_tokens=9, overlap_tokens=0))


def broken(document: Document, *passages: Passage) -> str:
    with pytest.raises(ProvenanceError) as refused:
        verify(document, passages)
    return str(refused.value)


def test_what_was_split_holds(document: Document, passages: tuple[Passage, ...]) -> None:
    assert [passage.text for passage in passages] == ["Title\nOne is R&D.", "Two is re-made.", "Note."]
    verify(document, passages)


def test_a_message_says_where_and_what_to_do(document: Document, passages: tuple[Passage, ...]) -> None:
    assert broken(document, passages[0], passages[2]) == (
        "a.md: text that is in no passage at offset 34 ('*is** R&amp;D.[^1]\\n\\nTwo is re‑made.\\n\\n[^1'); "
        "the document was not added. This is a defect of Pincite: please report it with the file"
    )


@pytest.mark.parametrize(("lost", "offset"), [(0, 2), (1, 34), (2, 57)])
def test_a_passage_that_is_missing_is_noticed(
    document: Document, passages: tuple[Passage, ...], lost: int, offset: int
) -> None:
    rest = passages[:lost] + passages[lost + 1 :]
    assert f"text that is in no passage at offset {offset} " in broken(document, *rest)


def test_a_text_that_differs_from_its_spans_is_noticed(
    document: Document, passages: tuple[Passage, ...]
) -> None:
    wrong = replace(passages[1], text="Two is re-made!")
    assert "a passage reads other than its spans at offset 34 " in broken(document, passages[0], wrong)


def test_a_span_that_is_too_short_is_noticed(document: Document, passages: tuple[Passage, ...]) -> None:
    (span,) = passages[1].spans
    wrong = replace(passages[1], spans=(Span(span.start, span.end - 1),))
    assert "a passage reads other than its spans at offset 34 " in broken(document, wrong)


def test_a_map_that_is_off_by_one_is_noticed(document: Document, passages: tuple[Passage, ...]) -> None:
    wrong = replace(passages[1], runs=tuple((r, c - 1) for r, c in passages[1].runs))
    assert "'T' is mapped to '\\n' at offset 33 " in broken(document, wrong)


def test_an_entity_that_is_mapped_to_half_of_itself_is_noticed(
    document: Document, passages: tuple[Passage, ...]
) -> None:
    runs = passages[0].runs
    twin = next(i for i, (r, _) in enumerate(runs) if r == runs[i + 1][0])
    wrong = replace(passages[0], runs=runs[:twin] + runs[twin + 1 :])
    assert "'&' is mapped to ';' at offset 25 " in broken(document, wrong)


def test_a_passage_within_another_one_is_no_loss(count: TokenCounter) -> None:
    document = load(b"One is. Two is. Three is.", "a.txt")
    _, middle, _ = split(document, count, PassageConfig(max_tokens=3, overlap_tokens=0))
    verify(document, [*split(document, count), middle])


@pytest.mark.parametrize(
    "text", ["---\rtext", "x-\n    ___\ny", "x-\n- y", "a\n#\n- \nb", "| a |\x0b| b |\n| c |"]
)
def test_scanner_and_fold_agree_what_is_text(count: TokenCounter, text: str) -> None:
    for source in ("a.md", "a.txt"):
        document = load(text.encode(), source)
        verify(document, split(document, count))


CALLED = (
    "The levels rose in the spring, as all of them had expected.\u00b9 They fell again in the autumn.\u00b2 "
    "Nobody had said so before.\u00b3\n\n\u00b9 Smith, Book, p. 3.\n\u00b2 {}\n\u00b3 Jones, Work, 1999.\n"
)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a.txt", f"{'One of them. ' * 9}\n\n\u3000\n\nTwo.\n\n\u2003\u2028\n\nThree.\f\x1d"),  # other blanks
        ("a.txt", CALLED.format("<b></b>")),  # a note that says nothing
        ("a.txt", CALLED.format("\u200b")),
        ("a.txt", "Of it.\u00b3 \u00b9\f3.\n2 e\n1. *"),
        ("a.txt", "r w e r g s m r g h 1\nl d b f a c l e e r _ d\nt h s o n r l h b s d p S C\fe g ?\n\nd"),
        ("a.md", "m[^1] measured the\n-\fm\nPage 4\n\nPage 4\fC"),  # only the form feed between two halves
        ("a.md", f"{'It rose. ' * 9}It was spring-\n~~~\ncode\n~~~\f\nDays came.\n"),  # code between them
    ],
)
def test_a_document_that_was_refused_once_holds(count: TokenCounter, source: str, text: str) -> None:
    document = load(text.encode(), source)
    for config in (PassageConfig(), PassageConfig(40, 10), PassageConfig(max_tokens=20, overlap_tokens=5)):
        verify(document, split(document, count, config))


@settings(deadline=None, max_examples=300)
@given(data=st.data(), source=st.sampled_from(["a.md", "a.txt"]))
def test_no_document_is_refused_for_a_fold_that_our_rules_disagree_about(
    soup: st.SearchStrategy[str], count: TokenCounter, data: st.DataObject, source: str
) -> None:
    try:
        document = load(data.draw(soup).encode(), source)
    except UnreadableError:
        assume(False)
    config = PassageConfig(data.draw(st.integers(1, 40)), data.draw(st.integers(0, 20)))
    verify(document, split(document, count, config))
