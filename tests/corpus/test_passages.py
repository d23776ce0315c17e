from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from types import FrameType
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus import passages as module
from corpus.errors import UnreadableError
from corpus.fold import Reading
from corpus.invariants import verify
from corpus.load import load, reading
from corpus.passages import PassageConfig, passage_id, split
from corpus.records import Document, Locator, NoteReference, Passage, Span
from corpus.units import TokenCounter

if TYPE_CHECKING:
    from _typeshed import TraceFunction

SMALL = PassageConfig(max_tokens=12, overlap_tokens=0, max_header_tokens=8)


def document(text: str, source: str = "a.md") -> Document:
    return load(text.encode(), source)


def texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]


def test_a_document_becomes_passages(count: TokenCounter) -> None:
    text = "# Title\n\nOne **is**.[^1] Two\nis.\n\n## Part\n\n- three\n\n[^1]: Note.\n"
    found = document(text)
    first, note, last = (Span(2, 32), Span(52, 63), Span(37, 50))
    assert split(found, count) == (
        Passage(
            id=passage_id(found.version, [first]),
            ordinal=0,
            spans=(first,),
            text="Title\nOne is. Two is.",
            runs=((0, 2), (5, 7), (6, 9), (10, 15), (12, 19), (13, 24)),
            sentences=((6, 13), (14, 21)),
            header="Title",
            locator=Locator(section=("Title",), footnotes=(NoteReference("1", "Note.", at=13),)),
        ),
        Passage(
            id=passage_id(found.version, [last]),
            ordinal=1,
            spans=(last,),
            text="Part\nthree",
            runs=((0, 37), (4, 41), (5, 45)),
            sentences=((5, 10),),
            header="Title › Part",
            locator=Locator(section=("Title", "Part")),
        ),
        Passage(
            id=passage_id(found.version, [note]),
            ordinal=2,
            spans=(note,),
            text="Note.",
            runs=((0, 58),),
            sentences=((0, 5),),
            header="Title",
            locator=Locator(section=("Title",), footnotes=(NoteReference("1", "Note."),)),
            note="1",
        ),
    )


def noted(passage: Passage) -> tuple[tuple[str, str], ...]:
    return tuple((note.number, note.text) for note in passage.locator.footnotes)


def test_ids_are_of_the_content() -> None:
    assert passage_id("v", [Span(1, 2), Span(3, 4)]) == "psg_dfc273eba7caa98118d3"
    assert passage_id("w", [Span(1, 2), Span(3, 4)]) != passage_id("v", [Span(1, 4)])


def test_sentences_are_packed_up_to_the_limit_and_the_last_ones_repeated(count: TokenCounter) -> None:
    text = "Aa is one. Bb is two. Cc is six. Dd is ten. Ee is odd."  # four tokens each
    assert texts(split(document(text), count, SMALL)) == [
        "Aa is one. Bb is two. Cc is six.",
        "Dd is ten. Ee is odd.",
    ]
    overlapping = PassageConfig(max_tokens=12, overlap_tokens=5, max_header_tokens=8)
    assert texts(split(document(text), count, overlapping)) == [
        "Aa is one. Bb is two. Cc is six.",
        "Cc is six. Dd is ten. Ee is odd.",
    ]


def test_what_is_repeated_leaves_room_for_what_follows(count: TokenCounter) -> None:
    text = "Aa is one. Bb is two. This one is a little longer than the others."
    config = PassageConfig(max_tokens=13, overlap_tokens=8, max_header_tokens=8)
    assert texts(split(document(text), count, config)) == [
        "Aa is one. Bb is two.",
        "This one is a little longer than the others.",
    ]


def test_nothing_is_repeated_over_the_border_of_a_section(count: TokenCounter) -> None:
    text = "# A\n\nAa is one.\n\n# B\n\nBb is two."
    config = PassageConfig(max_tokens=40, overlap_tokens=20, max_header_tokens=8)
    assert texts(split(document(text), count, config)) == ["A\nAa is one.", "B\nBb is two."]


def test_headings_go_with_what_follows_and_are_no_sentences(count: TokenCounter) -> None:
    passages = split(document("Aa is one.\n\n# B\n\n## C\n\nCc is six.\n\n# D\n"), count)
    assert texts(passages) == ["Aa is one.", "B\nC\nCc is six.", "D"]
    assert [passage.sentences for passage in passages] == [((0, 10),), ((4, 14),), ()]
    assert [passage.locator.section for passage in passages] == [(), ("B", "C"), ("D",)]


def test_a_long_sentence_is_cut_with_exact_offsets(count: TokenCounter) -> None:
    sentence = "Baku and Ganja; " * 3 + "one, two, three, " * 3 + "x" * 100 + " – end."
    found = document(f"First it is.\n\n**{sentence}** Last it is.")
    passages = split(found, count, SMALL)
    pieces = [found.text[span.start : span.end] for passage in passages for span in passage.spans]
    assert "".join(pieces).replace(" ", "") == f"First it is.{sentence}** Last it is.".replace(" ", "")
    assert pieces[:3] == [
        "First it is.",
        "Baku and Ganja; Baku and Ganja; Baku and Ganja;",
        "one, two, three, one, two, three,",
    ]


def test_rows_of_tables_and_lines_of_code_stay_whole_and_read_as_lines(count: TokenCounter) -> None:
    text = "| a | b |\n|---|---|\n| c d | e f |\n\n```\ng = h\ni = j\n```\n"
    (passage,) = split(document(text), count)
    assert passage.text == "a | b\nc d | e f\ng = h\ni = j"
    assert passage.sentences == ((0, 5), (6, 15))


def test_a_note_between_two_paragraphs_makes_two_spans(count: TokenCounter) -> None:
    text = "One goes[^1]\n\n[^1]: Note.\n\nand comes."
    body, note = split(document(text), count)
    assert [text[span.start : span.end] for span in body.spans] == ["One goes[^1]", "and comes."]
    assert (body.text, note.text) == ("One goes\nand comes.", "Note.")


def test_a_comment_between_two_paragraphs_is_in_no_span(count: TokenCounter) -> None:
    text = "One.\n\n<!-- aside -->\n\n---\n\nTwo."
    (passage,) = split(document(text), count)
    assert [text[span.start : span.end] for span in passage.spans] == ["One.", "Two."]


@pytest.mark.parametrize(
    "marked",
    ["Aa is one.[^1] ", "Aa is one. [^1] ", "[^1] Aa is one. ", "Aa[^1] is one. ", "Aa is one.[^1][^2]\n\n"],
)
def test_a_marker_belongs_to_the_sentence_it_stands_at(count: TokenCounter, marked: str) -> None:
    text = f"Zz is nil.\n\n{marked}Bb is two.\n\n[^1]: Note."
    config = PassageConfig(max_tokens=4, overlap_tokens=0)
    passages = split(document(text), count, config)
    assert [(p.text, noted(p)) for p in passages] == [
        ("Zz is nil.", ()),
        ("Aa is one.", (("1", "Note."),)),
        ("Bb is two.", ()),
        ("Note.", (("1", "Note."),)),
    ]


def test_a_note_belongs_to_the_section_that_calls_it_first(count: TokenCounter) -> None:
    text = "# A\n\nAa.\n\n## B\n\nBb.[^n]\n\n# C\n\nCc.[^n]\n\n[^n]: Note one.[^m]\n\n"
    text += "    More.\n\n[^m]: Alone.\n[^o]: No one."
    passages = split(document(text), count)
    places = {p.text: (p.locator.section, noted(p)) for p in passages}
    n, m, o = ("n", "Note one. More."), ("m", "Alone."), ("o", "No one.")
    assert places == {
        "A\nAa.": (("A",), ()),
        "B\nBb.": (("A", "B"), (n,)),
        "C\nCc.": (("C",), (n,)),
        "Note one. More.": (("A", "B"), (n, m)),
        "Alone.": (("C",), (m,)),
        "No one.": (("C",), (o,)),
    }


def test_headers_tell_title_and_sections_as_far_as_there_is_room(count: TokenCounter) -> None:
    text = "# Gas\n\n## Fields and their owners\n\n### Gas\n\n#### Gas and oil and more of it\n\nIt is."
    headers = [
        split(document(text), count, PassageConfig(max_header_tokens=tokens))[-1].header
        for tokens in (30, 7, 2, 1, 0)
    ]
    assert headers == [
        "Gas › Fields and their owners › Gas and oil and more of it",
        "Gas › Fields and their owners",
        "Gas",
        "Gas",
        "",
    ]


TALK = (
    "Jon Ek: Is the harbour open?\n\nMira Sol: It is. It was shut in May.\n\n"
    "Jon Ek: Who shut it?\n\nMira Sol: The council did.\n"
)


def test_a_passage_never_crosses_a_turn_and_knows_who_speaks(count: TokenCounter) -> None:
    passages = split(document(TALK, "a.txt"), count)
    assert [(p.text, p.locator.speaker, p.locator.turn, p.header) for p in passages] == [
        ("Jon Ek:\nIs the harbour open?", "Jon Ek", 1, "Jon Ek"),
        ("Mira Sol:\nIt is. It was shut in May.", "Mira Sol", 2, "Mira Sol › Is the harbour open?"),
        ("Jon Ek:\nWho shut it?", "Jon Ek", 3, "Jon Ek"),
        ("Mira Sol:\nThe council did.", "Mira Sol", 4, "Mira Sol › Who shut it?"),
    ]
    said = passages[1]
    assert [said.text[start:end] for start, end in said.sentences] == ["It is.", "It was shut in May."]
    assert [TALK[span.start : span.end] for span in said.spans] == ["Mira Sol: It is. It was shut in May."]


def test_each_passage_of_a_long_turn_keeps_its_speaker(count: TokenCounter) -> None:
    config = PassageConfig(max_tokens=7, overlap_tokens=0)
    passages = split(document(TALK, "a.txt"), count, config)
    assert [p.locator.turn for p in passages if p.locator.speaker == "Mira Sol"] == [2, 2, 4, 4]


def test_a_passage_knows_the_pages_that_are_certain(count: TokenCounter) -> None:
    pages = [f"Words of page {n}. They end here." for n in (7, 8, 9)]
    text = "\f".join(f"{page}\n\n{n}\n" for n, page in zip((7, 8, 9), pages, strict=True))
    passages = split(document(text, "a.txt"), count, SMALL)
    assert [(p.text, p.locator.pages) for p in passages] == [
        ("Words of page 7. They end here.", ("7",)),
        ("Words of page 8. They end here.", ("8",)),
        ("Words of page 9. They end here.", ("9",)),
    ]


def test_a_page_number_inside_a_sentence_is_in_no_span(count: TokenCounter) -> None:
    names = ("council of the nine", "house of the towns", "board of the harbour")
    said = "The {}\n{}\n\fmet in May. It is said that it voted on the day of the fair of {}."
    text = "\f".join(said.format(name, 2 * n + 1, name) for n, name in enumerate(names))
    first = split(document(text, "a.txt"), count, PassageConfig(max_tokens=10, overlap_tokens=0))[0]
    assert first.text == "The council of the nine met in May."
    assert [text[span.start : span.end] for span in first.spans] == ["The council of the nine", "met in May."]


def test_notes_of_plain_text_are_passages_that_their_markers_link(count: TokenCounter) -> None:
    text = "The mill¹ was sold. To the\n\n1 Smith, Mills, p. 3.\n\nmayor² of the town.\n\n2 Ibid.\n"
    passages = split(document(text, "a.txt"), count, PassageConfig(max_tokens=8, overlap_tokens=0))
    smith, ibid = ("1", "Smith, Mills, p. 3."), ("2", "Ibid.")
    assert [(p.text, noted(p)) for p in passages] == [
        ("The mill was sold.", (smith,)),
        ("To the mayor of the town.", (ibid,)),
        ("Smith, Mills, p. 3.", (smith,)),
        ("Ibid.", (ibid,)),
    ]


def test_a_passage_knows_where_it_calls_a_note_and_what_ibid_stands_for(count: TokenCounter) -> None:
    text = "The mill¹ was sold. To the mayor² of the town.\n\n1 Smith, Mills, p. 3.\n\n2 Ibid.\n"
    body, smith, ibid = split(document(text, "a.txt"), count)
    called = [
        NoteReference("1", "Smith, Mills, p. 3.", at=8),
        NoteReference("2", "Ibid.", "Smith, Mills, p. 3.", at=31),
    ]
    assert (body.note, list(body.locator.footnotes)) == (None, called)
    assert (smith.note, ibid.note) == ("1", "2")
    assert ibid.locator.footnotes == (NoteReference("2", "Ibid.", "Smith, Mills, p. 3."),)


def test_a_passage_knows_who_signs_its_section(count: TokenCounter) -> None:
    text = "# Report\n\n## Mills\n\n*By Ann Lee*\n\nThey turn.\n\n## Roads\n\n*By Bo Ruiz*\n\nThey wind.\n"
    passages = split(document(text), count)
    assert [p.text[slice(*p.signs)] if p.signs else None for p in passages] == [
        "Mills\nBy Ann Lee",
        "Roads\nBy Bo Ruiz",
    ]


def test_an_answer_knows_its_question(count: TokenCounter) -> None:
    text = "".join(
        f"Q: The mill is {n} years old. Who owns it?\n\nA: My uncle does, he bought it {n} years ago.\n\n"
        for n in (10, 20, 30)
    )
    passages = split(document(text, "a.txt"), count)
    assert [p.locator.question for p in passages] == [
        question for n in (10, 20, 30) for question in (None, f"The mill is {n} years old. Who owns it?")
    ]


def test_a_sentence_goes_on_behind_the_footnotes_of_its_page(count: TokenCounter) -> None:
    text = (
        "The council of all the mills¹ of the valley had long ago resolved to stra-\n\n"
        "1 Smith, Mills, p. 3.\n\ntegically sell the great mill to the mayor of the town. It did.\n"
    )
    body, note = split(document(text, "a.txt"), count)
    assert [body.text[start:end] for start, end in body.sentences] == [
        "The council of all the mills of the valley had long ago resolved to strategically sell the great "
        "mill to the mayor of the town.",
        "It did.",
    ]
    assert [text[span.start : span.end] for span in body.spans] == [
        "The council of all the mills¹ of the valley had long ago resolved to stra-",
        "tegically sell the great mill to the mayor of the town. It did.",
    ]
    assert (note.text, [text[span.start : span.end] for span in note.spans]) == (
        "Smith, Mills, p. 3.",
        ["1 Smith, Mills, p. 3."],
    )


def test_a_page_break_inside_a_sentence_keeps_it_one(count: TokenCounter) -> None:
    text = "The council of the nat-\n\n\fions met in the month of\fmay. It voted."
    (passage,) = split(document(text, "a.txt"), count)
    assert [passage.text[start:end] for start, end in passage.sentences] == [
        "The council of the nations met in the month of may.",
        "It voted.",
    ]


@settings(deadline=None, max_examples=200)
@given(data=st.data(), tokens=st.integers(1, 30), overlap=st.integers(0, 30))
def test_passages_fit_follow_each_other_and_stay_in_one_section(
    soup: st.SearchStrategy[str], count: TokenCounter, data: st.DataObject, tokens: int, overlap: int
) -> None:
    try:
        found = document(data.draw(soup))
    except UnreadableError:
        assume(False)
    passages = split(found, count, PassageConfig(tokens, overlap, 5))
    assert [p.ordinal for p in passages] == list(range(len(passages)))
    assert len({p.id for p in passages}) == len(passages)
    assert all(before.spans[0] <= after.spans[0] for before, after in pairwise(passages))
    heads = [section.heading.start for section in found.structure.sections]
    for passage in passages:
        assert count([passage.text])[0] <= tokens
        assert count([passage.header])[0] <= 5
        assert [0, *(x for pair in passage.sentences for x in pair)] == sorted(
            [0, *(x for pair in passage.sentences for x in pair)]
        )
        places = [Reading(passage.text, passage.runs).canonical(start) for start, _ in passage.sentences]
        assert len({bisect_right(heads, place) for place in places}) <= 1


@settings(deadline=None, max_examples=100)
@given(data=st.data(), tokens=st.integers(4, 30))
def test_without_overlap_every_word_is_in_one_passage(
    soup: st.SearchStrategy[str], count: TokenCounter, data: st.DataObject, tokens: int
) -> None:
    try:
        found = document(data.draw(soup))
    except UnreadableError:
        assume(False)
    read = "".join(passage.text for passage in split(found, count, PassageConfig(tokens, 0)))
    assert sorted(read.replace("\n", "").replace(" ", "")) == sorted("".join(reading(found).text.split()))


def test_a_book_whose_every_page_cuts_a_sentence_is_looked_at_once(
    monkeypatch: pytest.MonkeyPatch, count: TokenCounter
) -> None:
    asked = 0
    position = Reading.position

    def counted(self: Reading, offset: int) -> int:
        nonlocal asked
        asked += 1
        return position(self, offset)

    monkeypatch.setattr(Reading, "position", counted)
    page = "The water rose in the spring, and nobody had seen it. " * 4 + "So it went\f"
    book = load("on to the sea. ".join([page] * 200).encode(), "a.txt")
    passages = split(book, count)
    assert max(len(block.spans) for block in book.structure.blocks) == 200
    assert asked < 40 * len(passages)


def test_a_form_feed_in_the_middle_of_a_line_is_a_page_break_too(count: TokenCounter) -> None:
    text = "The council met on a long and windy day of spring “\fstra-\n\nTHE END OF IT\n\nIt was late.\n"
    found = document(text, "a.txt")
    passages = split(found, count)
    verify(found, passages)
    assert passages[0].text == "The council met on a long and windy day of spring “ stra-"


def test_pieces_that_count_for_nothing_stay_in_their_place() -> None:
    def words(texts: Sequence[str]) -> list[int]:
        return [sum(any(map(str.isalnum, word)) for word in text.split()) for text in texts]

    found = document("the mill … the river " * 40, "a.txt")
    config = PassageConfig(max_tokens=10, overlap_tokens=0, max_header_tokens=0)
    assert " ".join(texts(split(found, words, config))) == found.text.strip()


def test_twice_as_many_lines_in_a_passage_are_not_much_more_than_twice_the_work() -> None:
    def work(lines: int) -> int:
        """Steps that the module takes to make one passage of so many paragraphs."""
        found = document("y\n\n" * lines, "a.txt")
        steps = 0

        def step(frame: FrameType, _event: str, _argument: object) -> TraceFunction | None:
            nonlocal steps
            steps += 1
            return step if frame.f_code.co_filename == module.__file__ else None

        before = sys.gettrace()
        sys.settrace(step)
        try:
            made = split(found, lambda texts: [1] * len(texts), PassageConfig(max_tokens=1_000))
        finally:
            sys.settrace(before)
        assert len(made) == 1
        return steps

    assert work(400) < 2.5 * work(200)
