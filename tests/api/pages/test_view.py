from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.pages.view import Kind, Part, View
from corpus.load import load
from corpus.records import Block, BlockKind, Document, Page, Role, Span, Structure, Turn

_SAMPLES = files("corpus").joinpath("samples")
_REAL = Path(__file__).parents[4] / "shared" / "corpus"


def _view(text: str, *cited: tuple[int, int], name: str = "a.md") -> View:
    return View(load(text.encode(), name), [Span(*place) for place in cited])


def _shown(part: Part) -> list[tuple[str, str]]:
    """The looks and texts of a part."""
    return [(piece.look.value, piece.text) for piece in part.pieces]


def test_markup_and_note_marks_are_pieces_of_their_own() -> None:
    view = _view("The **gas** flows.[^1]\n\n[^1]: See the *atlas*.\n")
    body, note = view.parts
    assert _shown(body) == [
        ("text", "The "),
        ("markup", "**"),
        ("text", "gas"),
        ("markup", "**"),
        ("text", " flows."),
        ("text", "[^1]"),
    ]
    assert [(piece.note, piece.call) for piece in body.pieces][-1] == (0, 1)
    assert (note.kind, note.note) == (BlockKind.FOOTNOTE, 0)
    assert _shown(note)[0] == ("text", "[^1]: ")  # the label of a note is shown as it is


def test_the_hyphen_that_a_line_end_put_into_a_word_is_folded_away() -> None:
    (part,) = _view("The gas of Azer-\nbaijan flows west.").parts
    assert _shown(part) == [("text", "The gas of Azer"), ("fold", "-\n"), ("text", "baijan flows west.")]


def test_a_hyphen_that_stays_in_the_word_is_text() -> None:
    (part,) = _view("The Euro-\nAtlantic gas flows.").parts
    assert {look for look, _ in _shown(part)} == {"text"}


def test_bullets_are_shown() -> None:
    shown = [_shown(part)[0] for part in _view("Text.\n\n- one\n- two\n").parts]
    assert shown == [("text", "Text."), ("markup", "- "), ("markup", "- ")]


def test_what_is_cited_is_cut_out_and_numbered() -> None:
    text = "The gas flows west. The oil flows east."
    (part,) = _view(text, (4, 13), (24, 27)).parts
    assert [(p.text, p.cited, p.opens, p.closes) for p in part.pieces] == [
        ("The ", None, False, False),
        ("gas flows", 1, True, True),
        (" west. The ", None, False, False),
        ("oil", 2, True, True),
        (" flows east.", None, False, False),
    ]


def test_a_cited_place_over_markup_and_blocks_opens_and_closes_once() -> None:
    text = "The **gas** flows.\n\nThe oil flows."
    pieces = [piece for part in _view(text, (0, len(text))).parts for piece in part.pieces]
    assert [piece.cited for piece in pieces] == [1] * len(pieces)
    assert [piece.opens for piece in pieces] == [True] + [False] * (len(pieces) - 1)
    assert [piece.closes for piece in pieces] == [False] * (len(pieces) - 1) + [True]


def test_white_space_around_what_is_cited_is_left_out() -> None:
    """So that the first piece is one that is shown, and scrolled to."""
    parts = _view("One.\n\nTwo.\n\nThree.", (4, 12)).parts
    marked = [piece for part in parts for piece in part.pieces if piece.cited]
    assert [(piece.text, piece.opens, piece.closes) for piece in marked] == [("Two.", True, True)]


def test_front_matter_and_rules_are_shown_as_what_they_are() -> None:
    kinds = [part.kind for part in _view("---\ntitle: A\n---\nText.\n\n***\n\nMore.\n").parts]
    assert kinds == [Kind.FURNITURE, BlockKind.PARAGRAPH, Kind.MARKS, BlockKind.PARAGRAPH]


def test_a_table_has_cells_without_its_bars_and_line_of_dashes() -> None:
    text = "| State | Joined |\n|---|:---:|\n| Arland | a \\| b |\n| | 2001 |\n"
    (part,) = _view(text).parts
    rows = [["".join(piece.text for piece in cell).strip() for cell in row] for row in part.rows]
    assert rows == [["State", "Joined"], ["Arland", "a \\| b"], ["", "2001"]]
    pieces = [piece for row in part.rows for cell in row for piece in cell]
    assert [text[piece.start : piece.start + len(piece.text)] for piece in pieces] == [p.text for p in pieces]


def _paged(*pages: Page) -> View:
    document = load(b"One line.\n\nTwo lines here.\n\nThree.", "a.txt")
    return View(replace(document, structure=replace(document.structure, pages=pages)))


def test_a_page_begins_in_front_of_a_block_or_in_the_middle_of_one() -> None:
    first, second, third = Page(0, "7", 0, 10), Page(1, "8", 10, 15), Page(2, None, 15, 40)
    one, two, three = _paged(first, second, third).parts
    assert (one.pages, two.pages, three.pages) == ((first,), (second,), ())
    assert [(piece.text, piece.page) for piece in two.pieces] == [("Two ", None), ("lines here.", third)]


def test_where_the_first_page_has_no_number_nothing_is_shown() -> None:
    one, *_ = _paged(Page(0, None, 0, 40)).parts
    assert one.pages == ()


def test_a_paragraph_cut_by_a_page_stands_in_its_two_places() -> None:
    text = "The gas flows\n1 A note.\nto the west."
    blocks = (
        Block(BlockKind.PARAGRAPH, Span(0, 13), rest=(Span(24, 36),)),
        Block(BlockKind.FOOTNOTE, Span(14, 23), number="1"),
    )
    document = replace(load(text.encode(), "a.txt"), structure=Structure(blocks=blocks))
    parts = list(View(document).parts)
    assert [(part.kind, text[part.start : part.end]) for part in parts] == [
        (BlockKind.PARAGRAPH, "The gas flows"),
        (BlockKind.FOOTNOTE, "1 A note."),
        (BlockKind.PARAGRAPH, "to the west."),
    ]


def test_a_label_knows_whose_turn_it_begins() -> None:
    turn = Turn(1, "Ada Lind", "Lind:", Role.INTERVIEWEE, Span(0, 5), Span(6, 20), (Span(6, 20),))
    blocks = (Block(BlockKind.LABEL, Span(0, 5)), Block(BlockKind.PARAGRAPH, Span(6, 20)))
    document = load(b"Lind:\nThe gas flows.", "a.txt")
    view = View(replace(document, structure=Structure(blocks=blocks, turns=(turn,))))
    label, said = view.parts
    assert (view.turn(label), view.turn(said)) == (turn, None)


_WORDS = st.sampled_from(
    (
        *("gas", "Baku", "long-term", "«тест»", "*", "_", "**", "`code`", "[x](y)", "&amp;", "<b>bold</b>"),
        *("**strong**", "note[^1]", "#", "|", "\U0001f30d", "-", "1.", "---"),
    )
)
_LINES = st.lists(st.lists(_WORDS, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=12)
_TEXTS = _LINES.map(lambda lines: "Begin. " + "\n".join(lines) + "\n\n[^1]: Note.\n")


def _squeezed(text: str) -> str:
    return "".join(text.split())


@given(_TEXTS, st.integers(0, 80), st.integers(1, 80), st.sampled_from(["a.md", "a.txt"]))
@settings(deadline=None, max_examples=150)
def test_whatever_the_document_every_character_is_shown_once_and_where_it_stands(
    text: str, start: int, length: int, name: str
) -> None:
    document: Document = load(text.encode(), name)
    cited = Span(min(start, len(text) - 1), min(start + length, len(text)))
    parts = list(View(document, [cited] if cited else []).parts)
    assert _squeezed("".join(p.text for part in parts for p in part.pieces)) == _squeezed(document.text)
    for part in parts:
        assert "".join(piece.text for piece in part.pieces) == document.text[part.start : part.end]
        for piece in part.pieces:
            assert document.text[piece.start : piece.start + len(piece.text)] == piece.text
    marked = "".join(p.text for part in parts for p in part.pieces if p.cited)
    assert _squeezed(marked) == _squeezed(document.text[cited.start : cited.end])


@pytest.mark.parametrize(
    "name", sorted(e.name for e in _SAMPLES.iterdir() if e.name.endswith((".md", ".txt")))
)
def test_every_character_of_the_samples_is_shown_once(name: str) -> None:
    _check_whole(load(_SAMPLES.joinpath(name).read_bytes(), name))


@pytest.mark.skipif(not _REAL.is_dir(), reason="the real documents are not here")
def test_every_character_of_the_real_documents_is_shown_once() -> None:
    for path in sorted(_REAL.glob("*.txt")):
        _check_whole(load(path.read_bytes(), path.name))


def _check_whole(document: Document) -> None:
    """Everything is shown, every section has its heading, every note and each of its marks one place."""
    parts = list(View(document).parts)
    pieces = [piece for part in parts for piece in part.pieces]
    assert _squeezed("".join(piece.text for piece in pieces)) == _squeezed(document.text)
    structure = document.structure
    headed = [part.section for part in parts if part.section is not None]
    assert headed == [section.id for section in structure.sections]
    assert [part.note for part in parts if part.note is not None] == list(range(len(structure.footnotes)))
    marks = [
        (n, call) for n, note in enumerate(structure.footnotes) for call in range(1, len(note.markers) + 1)
    ]
    assert sorted((p.note, p.call) for p in pieces if p.note is not None) == marks
