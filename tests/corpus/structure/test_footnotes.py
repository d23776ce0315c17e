from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus import records
from corpus.blocks import lines, scan
from corpus.fold import fold
from corpus.records import Span
from corpus.structure.footnotes import Footnote, Found, detect, footnotes, source

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def found(text: str) -> Found:
    return detect(text, list(lines(text)))


def shown(text: str) -> list[tuple[str, str, list[str]]]:
    """Number, definition and the word before each marker, as a reader sees them."""
    return [
        (
            note.number,
            text[note.text.start : note.text.end],
            [text[: m.start].split()[-1].strip("”’,.") for m in note.markers],
        )
        for note in found(text).footnotes
    ]


def test_notes_at_a_page_s_foot_stand_in_the_middle_of_a_sentence() -> None:
    text = "The mill¹ was sold to the\n\n1 Smith, Mills, p. 3.\n\nmayor² of the town.\n\n2 Ibid.\n"
    assert shown(text) == [("1", "Smith, Mills, p. 3.", ["mill"]), ("2", "Ibid.", ["mayor"])]
    assert [text[note.span.start : note.span.end] for note in found(text).footnotes] == [
        "1 Smith, Mills, p. 3.",
        "2 Ibid.",
    ]


def test_every_form_of_label_and_marker() -> None:
    notes = [("1", "Smith.", ["mill"]), ("2", "Jones.", ["river"])]
    for body, feet in (
        ("A mill¹ and a river.²", "¹ Smith.\n² Jones."),
        ("A mill¹ and a river.²", "1. Smith.\n\n2. Jones."),
        ("A mill[1] and a river.[2]", "[1] Smith.\n[2] Jones."),
        ("A mill(1) and a river.(2)", "(1) Smith.\n(2) Jones."),
        ("A mill^1 and a river.^2", "^1 Smith.\n^2 Jones."),
        ("A mill<sup>1</sup> and a river.<sup>2</sup>", "<sup>1</sup> Smith.\n<sup>2</sup> Jones."),
        ("A mill* and a river.†", "* Smith.\n\n† Jones."),
    ):
        text = f"{body}\n\n{feet}\n"
        assert [(d, m) for _, d, m in shown(text)] == [(d, m) for _, d, m in notes], text


def test_bare_numbers_on_words_are_markers_only_where_the_whole_sequence_stands() -> None:
    text = "The king died.1 His son,2 who ruled from 1905, made peace.”3 See p.4 or the G20.\n\nNotes\n\n"
    notes = "1. Smith.\n2. Jones.\n3. Roe.\n"
    assert [n for n, _, _ in shown(text + notes)] == ["1", "2", "3"]
    assert shown("The G20 met, MH17 fell.1\n\n" + notes) == []


def test_several_markers_in_a_row() -> None:
    text = "The mill.¹²³ The river.⁴,⁵\n\n1 A b.\n2 C d.\n3 E f.\n4 G h.\n5 I j.\n"
    assert [text[n.markers[0].start : n.markers[0].end] for n in found(text).footnotes] == list("¹²³⁴⁵")


def test_brackets_call_a_list_of_sources_in_any_order_and_again() -> None:
    text = "Mills [2], rivers [1, 3], towns [2].\n\nReferences\n\n[1] Smith.\n[2] Jones.\n[3] Roe.\n"
    assert [len(note.markers) for note in found(text).footnotes] == [1, 2, 1]


def test_numbering_that_begins_again_in_each_chapter_with_all_notes_at_the_end() -> None:
    text = (
        "One\n\nA mill.¹ A wheel.²\n\nTwo\n\nA river.¹ A boat.²\n\n"
        "NOTES\n\nOne\n\n1. Smith.\n2. Jones.\n\nTwo\n\n1. Roe.\n2. Ibid.\n"
    )
    assert shown(text) == [
        ("1", "Smith.", ["mill"]),
        ("2", "Jones.", ["wheel"]),
        ("1", "Roe.", ["river"]),
        ("2", "Ibid.", ["boat"]),
    ]


def test_numbering_that_begins_again_on_each_page() -> None:
    text = "A mill¹ of the\n\n1 Smith.\n\ntown.¹ A boat.²\n\n1 Jones.\n2 Roe.\n\nA wheel.¹\n\n1 Poe.\n"
    assert [(n, m) for n, _, m in shown(text)] == [
        ("1", ["mill"]),
        ("1", ["town"]),
        ("2", ["boat"]),
        ("1", ["wheel"]),
    ]


def test_a_definition_runs_over_lines_and_paragraphs() -> None:
    text = "A mill.¹ A river.²\n\nNotes\n\n1. Smith, and those\nwhom he names.\n\nHe errs.\n\n2. Jones.\n"
    assert shown(text)[0][1] == "Smith, and those\nwhom he names.\n\nHe errs."


def test_ibid_refers_to_the_note_before_and_a_chain_leads_to_its_source() -> None:
    text = "A¹ b² c³ d⁴\n\n1 Smith.\n2 Ibid., p. 3.\n3 *Ibid*.\n4 Ibidem means the same place.\n"
    notes = found("Mill¹ bee² sea³ dew⁴" + text[text.index("\n") :]).footnotes
    assert [note.refers_to for note in notes] == [None, 0, 1, 2]
    assert source(notes, 2) == 0


def test_ibid_in_the_first_note_of_a_new_count_refers_to_nothing() -> None:
    text = "A mill¹ stood.\n\n1 Smith.\n\nA river¹ ran.\n\n1 Ibid.\n"
    assert [note.refers_to for note in found(text).footnotes] == [None, None]


def test_a_numbered_heading_or_list_between_notes_is_no_note() -> None:
    text = (
        "A mill.¹ A river.²\n\n1 Smith, p. 1.\n\n2 Jones, p. 2.\n\n3. The Price of Grain in Spring\n\n"
        "Bread.³ We want:\n\n1. peace\n2. bread\n3. land\n\nMore.⁴\n\n3 Roe, p. 3.\n\n4 Poe, p. 4.\n"
    )
    assert [d for _, d, _ in shown(text)] == ["Smith, p. 1.", "Jones, p. 2.", "Roe, p. 3.", "Poe, p. 4."]


def test_what_only_looks_like_notes() -> None:
    for text in (
        "Aims:\n\n1. Peace\n2. Bread\n3. Land\n",
        "1914 was the year.\n\n1915 was worse.\n\n1916 was worst.\n",
        "1 May 1920\n\n2 May 1920\n\n3 May 1920\n",
        "5 km² and 3 m³ and x² + y² = z².\n\n1 One mile\n2 Two miles\n3 Three miles\n",
        "1\tMills\t17\n2\tRivers\t19\n3\tTowns\t23\n",
        "We want (1) peace, (2) bread.\n\n(1) Peace is dear.\n(2) Bread is dearer.\n",
        "*Mills* and *rivers*.\n\n* peace\n* bread\n",
        "An *emphasis that\nruns on* here.\n\n*Rivers* again.\n",
        "",
    ):
        assert found(text).footnotes == (), text


def test_a_note_whose_marker_was_lost_stands_between_its_neighbours() -> None:
    text = "A mill.¹ A river.² A boat.⁴\n\n1 Smith.\n2 Jones.\n3 Roe.\n4 Poe.\n"
    assert [len(note.markers) for note in found(text).footnotes] == [1, 1, 0, 1]
    assert found(text).notes == ("notes without a marker in the body: 3",)


def test_labels_without_markers_stay_in_the_text_and_are_reported() -> None:
    result = found("A mill.\n\nNotes\n\n1. Smith, p. 3.\n2. Jones, p. 4.\n")
    assert result.footnotes == ()
    assert len(result.notes) == 1


WORDS = st.lists(
    st.sampled_from(["mill", "river", "town", "grain", "wheel", "boat", "bread"]), min_size=3, max_size=12
)
CHAPTERS = st.lists(st.lists(WORDS, min_size=1, max_size=14), min_size=1, max_size=4)


@given(
    chapters=CHAPTERS,
    at_end=st.booleans(),
    restart=st.booleans(),
    label=st.sampled_from(["{} ", "{}. ", "[{}] "]),
    bracket=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_known_notes_are_recovered_with_their_places(
    chapters: list[list[list[str]]], at_end: bool, restart: bool, label: str, bracket: bool, newline: str
) -> None:
    """Chapters of sentences, each with a note, which stand behind the chapter or behind the last."""
    parts = ""
    expected: list[tuple[str, int, int, tuple[int, int]]] = []
    ends: list[tuple[str, tuple[int, int]]] = []
    number = 0

    def note(name: str, marker: tuple[int, int]) -> None:
        nonlocal parts
        start = len(parts)
        parts += label.format(name) + f"See Smith on page {len(expected)}." + newline
        expected.append((name, start, len(parts) - len(newline), marker))

    for chapter in chapters:
        called = []
        number = 0 if restart else number
        for words in chapter:
            number += 1
            parts += " ".join(words).capitalize() + "."
            mark = f"[{number}]" if bracket else str(number).translate(RAISED)
            called.append((str(number), (len(parts), len(parts) + len(mark))))
            parts += mark + " "
        parts += newline * 2
        ends += called
        if not at_end or chapter is chapters[-1]:
            for name, marker in ends:
                note(name, marker)
            ends = []
            parts += newline
    got = [
        (n.number, n.span.start, n.span.end, (n.markers[0].start, n.markers[0].end))
        for n in found(parts).footnotes
    ]
    assert got == expected


@given(st.text(alphabet="1234¹²³⁴[]()*†.^ \n\fabA", max_size=200))
def test_any_text_gives_notes_in_order_that_lie_in_it(text: str) -> None:
    notes: tuple[Footnote, ...] = found(text).footnotes
    for before, after in pairwise(notes):
        assert before.span.end <= after.span.start
    for note in notes:
        assert note.span.start < note.text.start < note.text.end <= note.span.end <= len(text)
        assert all(m.end <= note.span.start and text[m.start : m.end].strip() for m in note.markers)


def in_markdown(text: str) -> tuple[records.Footnote, ...]:
    return footnotes(text, scan(text, markdown=True), fold(text, markdown=True))


def test_definitions_are_linked_with_all_their_markers() -> None:
    text = "One[^1] two[^a] three[^1].\n\n[^a]: The *second*\nnote.\n[^1]: The first.\n"
    assert in_markdown(text) == (
        records.Footnote("a", "The second note.", Span(28, 52), Span(34, 52), (Span(11, 15),)),
        records.Footnote("1", "The first.", Span(53, 69), Span(59, 69), (Span(3, 7), Span(21, 25))),
    )


def test_a_marker_in_front_of_a_colon_is_a_marker() -> None:
    text = "Said[^1]: yes.\n\n[^1]: Note."
    assert in_markdown(text)[0].markers == (Span(4, 8),)


def test_a_note_may_call_another_note() -> None:
    text = "One[^1].\n\n[^1]: See[^2].\n[^2]: Note."
    assert [note.markers for note in in_markdown(text)] == [(Span(3, 7),), (Span(19, 23),)]


def test_of_two_definitions_the_first_one_counts() -> None:
    assert [note.text for note in in_markdown("x[^1]\n\n[^1]: first\n[^1]: second")] == ["first"]


def test_a_note_that_nothing_calls_is_kept() -> None:
    assert in_markdown("x\n\n[^1]: note") == (records.Footnote("1", "note", Span(3, 13), Span(9, 13), ()),)


def test_markers_in_code_and_without_a_definition_call_nothing() -> None:
    assert in_markdown("x[^2]\n\n```\n[^1]\n```\n\n[^1]: note")[0].markers == ()
    assert in_markdown("x[^2]") == ()


ROPES = (
    "The island sold rope for 12 pounds{} a year. The ministry called this a scandal.{} It gave work "
    "to widows,{} whom nobody asked.{}\n\nNOTES\n\n{} Office.\n{} Report, p. 3.\n{} Accounts.\n{} Letters.\n"
)


def test_marks_that_were_flattened_here_and_there_are_linked_with_the_others() -> None:
    words = ["pounds", "scandal", "widows", "asked"]
    for marks, labels in (
        (("1", "[2]", "3", "[4]"), ("1.", "2.", "3.", "4.")),
        (("[1]", "²", "[3]", "4"), ("[1]", "[2]", "[3]", "[4]")),
        (("1", "2", "[3]", "[4]"), ("1", "2", "3", "4")),
    ):
        text = ROPES.format(*marks, *labels)
        assert [(n, m) for n, _, m in shown(text)] == [(str(i), [word]) for i, word in enumerate(words, 1)], (
            text
        )


def test_a_flattened_mark_that_could_be_two_places_is_linked_with_neither() -> None:
    text = ROPES.format("[1]", " at low.2 water.2", "[3]", "[4]", "[1]", "[2]", "[3]", "[4]")
    assert [(n, len(m)) for n, _, m in shown(text)] == [("1", 1), ("2", 0), ("3", 1), ("4", 1)]


def test_a_label_may_stand_alone_above_its_words() -> None:
    for label in ("¹ ² ³ ⁴", "[1] [2] [3] [4]", "1. 2. 3. 4."):
        a, b, c, d = label.split()
        text = ROPES.format("[1]", "[2]", "[3]", "[4]", f"{a}\n", f"{b}\n", f"{c}\n", f"{d}\n")
        text = text.replace("\n Office", "\nOffice").replace("\n Report", "\n\tReport")
        assert [(n, d) for n, d, _ in shown(text)] == [
            ("1", "Office."),
            ("2", "Report, p. 3."),
            ("3", "Accounts."),
            ("4", "Letters."),
        ]


def test_an_ibid_in_markdown_stands_for_the_note_before() -> None:
    text = "A mill[^a] and a river.[^b] A road.[^c]\n\n[^a]: Smith, p. 3.\n[^b]: *Ibid.*, p. 5.\n[^c]: Roe.\n"
    notes = footnotes(text, scan(text, markdown=True), fold(text, markdown=True))
    assert [(note.number, note.refers_to) for note in notes] == [("a", None), ("b", 0), ("c", None)]


def test_a_label_with_nothing_to_say_is_no_note() -> None:
    for feet in ("¹\u00ad\n", "¹<b>\n", "¹\n---\n", "¹\n13   Head\n", "¹\n\nThe end.\n"):
        assert shown(f"A mill¹ stood there.\n\n{feet}") == [], feet
