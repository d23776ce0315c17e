import pytest

from corpus.fold import fold
from corpus.structure.contents import detect as detect_contents
from corpus.structure.headings import detect, sections
from corpus.structure.rows import rows

PROSE = "The harbour lay still under the snow, and nobody had come down to the quay since the morning.\n"


def outline(text: str) -> list[tuple[int, str | None, str]]:
    all_rows = rows(text)
    contents = detect_contents(all_rows).contents
    found = detect(all_rows, contents=contents)
    stops = [*(table.span for table in contents), *([found.back] if found.back else [])]
    made = sections(found.headings, fold(text, markdown=False), len(text), stops)
    return [(s.level, s.number, s.title) for s in made]


def after(*headings: str) -> str:
    return "".join(f"{heading}\n\n{PROSE}\n" for heading in headings)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("I. Harbours", "II. Roads"), [(1, "I", "Harbours"), (1, "II", "Roads")]),
        (("1. Harbours", "2. Roads"), [(1, "1", "Harbours"), (1, "2", "Roads")]),
        (("A. Harbours", "B. Roads"), [(1, "A", "Harbours"), (1, "B", "Roads")]),
        (("1. *Harbours*", "2. *Why roads?*"), [(1, "1", "Harbours"), (1, "2", "Why roads?")]),
        (("**1. Harbours**", "**2. Roads**"), [(1, "1", "Harbours"), (1, "2", "Roads")]),
        (("Chapter 1: Harbours", "Chapter 2: Roads"), [(1, "1", "Harbours"), (1, "2", "Roads")]),
        (
            ("CHAPTER ONE\n\nHARBOURS OLD", "CHAPTER TWO\n\nROADS NEW"),
            [(1, "1", "HARBOURS OLD"), (1, "2", "ROADS NEW")],
        ),
        (
            ("HARBOURS AND\nQUAYS", "ROADS AND RAILS"),
            [(1, None, "HARBOURS AND QUAYS"), (1, None, "ROADS AND RAILS")],
        ),
        (("Harbours\n========", "Quays\n-----"), [(1, None, "Harbours"), (2, None, "Quays")]),
        (("# Harbours", "## Quays *old*"), [(1, None, "Harbours"), (2, None, "Quays old")]),
        (
            ("Foreword", "Contributors:", "*Conclusion*"),
            [(1, None, "Foreword"), (1, None, "Contributors"), (1, None, "Conclusion")],
        ),
        (("**Harbours old and new**", "**Roads**"), [(1, None, "Harbours old and new"), (1, None, "Roads")]),
        (("*Harbours old and new*", "*Roads*"), [(1, None, "Harbours old and new"), (1, None, "Roads")]),
        (
            ("1. Harbours", "1.1 Old ones", "1.2. New ones", "2. Roads"),
            [(1, "1", "Harbours"), (2, "1.1", "Old ones"), (2, "1.2", "New ones"), (1, "2", "Roads")],
        ),
        (
            ("I. Harbours", "1. Old", "2. New", "II. Roads", "1. Old", "2. New"),
            [
                (1, "I", "Harbours"),
                (2, "1", "Old"),
                (2, "2", "New"),
                (1, "II", "Roads"),
                (2, "1", "Old"),
                (2, "2", "New"),
            ],
        ),
        (
            ("PART I. PEACE", "1. Harbours", "2. Roads", "PART II. WAR", "3. Walls"),
            [(1, "I", "PEACE"), (2, "1", "Harbours"), (2, "2", "Roads"), (1, "II", "WAR"), (2, "3", "Walls")],
        ),
        (
            ("Foreword", "1. Harbours", "2. Roads", "Conclusion"),
            [(1, None, "Foreword"), (1, "1", "Harbours"), (1, "2", "Roads"), (1, None, "Conclusion")],
        ),
    ],
)
def test_headings_of_the_usual_kinds(
    headings: tuple[str, ...], expected: list[tuple[int, str | None, str]]
) -> None:
    assert outline(after(*headings)) == expected


def test_a_subheading_without_marks_counts_on_from_marked_ones() -> None:
    text = after(
        "I. Harbours",
        "1. *Old*",
        "2. *New*",
        "3. Those that were never built",
        "4. *Summing up*",
        "II. Roads",
    )
    assert [title for _, _, title in outline(text)][3] == "Those that were never built"


def test_the_table_of_contents_confirms_titles_and_has_no_sections_itself() -> None:
    text = "Contents\n\nHarbours\t3\nRoads and rails\t7\n\n" + after("Harbours", "Roads and rails")
    assert outline(text) == [(1, None, "Harbours"), (1, None, "Roads and rails")]


def test_a_section_ends_where_the_table_of_contents_begins() -> None:
    text = after("Foreword") + "Contents\n\nHarbours\t3\nRoads\t7\n\n" + after("Harbours", "Roads")
    all_rows = rows(text)
    contents = detect_contents(all_rows).contents
    found = detect(all_rows, contents=contents)
    first = sections(found.headings, fold(text, markdown=False), len(text), [contents[0].span])[0]
    assert first.span.end == text.index("Contents")


def test_running_titles_are_no_sections() -> None:
    page = f"{PROSE}\nA BOOK OF PORTS\n\n{PROSE}\nI. Harbours\n\n"
    text = "A BOOK OF PORTS\n\n" + after("I. Harbours") + page * 3 + after("II. Roads")
    assert outline(text) == [(1, "I", "Harbours"), (1, "II", "Roads")]


def test_a_line_of_the_title_page_that_comes_again_is_no_section() -> None:
    title = "A BOOK OF PORTS"
    text = f"{title}\n\nReport\n\n" + after("I. Harbours") + f"{title}\n\n{PROSE}\n" + after("II. Roads")
    assert outline(text) == [(1, "I", "Harbours"), (1, "II", "Roads")]


def test_the_title_below_a_number_belongs_to_it() -> None:
    assert outline(after("CHAPTER ONE\n\nThe Ferryman", "CHAPTER TWO\n\nThe Bridge")) == [
        (1, "1", "The Ferryman"),
        (1, "2", "The Bridge"),
    ]


def test_the_title_page_printed_once_more_at_the_end_is_the_back() -> None:
    text = (
        "A BOOK OF PORTS\n\nReport\n\n" + after("I. Harbours", "II. Roads") + "REPORT\n\nA BOOK\nOF PORTS\n"
    )
    found = detect(rows(text))
    assert found.back is not None
    assert text[found.back.start : found.back.end] == "REPORT\n\nA BOOK\nOF PORTS"


@pytest.mark.parametrize(
    "text",
    [
        "1. Apples\n\n2. Oranges\n\n3. Pears\n\n" + PROSE,  # a list
        PROSE
        + "\n1. J. Smith, The Book of Ports, vol. 2, p. 14\n\n"
        + PROSE
        + "\n2. Ibid., p. 15\n\n"
        + PROSE,
        PROSE + "\n12 Smith, The Book of Ports\n\n" + PROSE,
        "C. Wright Mills\n\n" + PROSE,
        "V. Lindqvist\n\n" + PROSE,
        "I. Hansen\n\n" + PROSE,
        "3. The third thing\n\n" + PROSE,
        "NATO\n\n" + PROSE,
        "HARBOURS AND ROADS\n",
        "*By Ann Lee*\n\n" + PROSE + "\n*Bo Ruiz*\n\n" + PROSE,
        "Speaker One:\n\n" + PROSE,
        "THE HARBOUR COUNCIL\n\nPort Street 1, Oslo, post@example.org\n",
        PROSE + "---\n\n" + PROSE,
        "Year  Ships  Carts\n------------------\n1990  12     30\n",
        "MIND THE STEP\n\nDO NOT RUN\n\nNO ENTRY HERE\n",
        "1990 was a good year\n\n" + PROSE,
        "",
    ],
)
def test_what_is_no_heading(text: str) -> None:
    assert outline(text) == []


def test_what_is_left_alone_is_noted() -> None:
    found = detect(rows(after("IV. The fourth thing")))
    assert found.headings == ()
    assert found.notes == ("IV at 0 begins no section: out of sequence",)


def test_underlined_headings_keep_their_numbers_and_nest_those_that_are_not_underlined() -> None:
    text = after(
        "Minutes\n=======", "1. The bell\n-----------", "1.1 What was said", "2. The rope\n-----------"
    )
    assert outline(text) == [
        (1, None, "Minutes"),
        (2, "1", "The bell"),
        (3, "1.1", "What was said"),
        (2, "2", "The rope"),
    ]


def test_a_question_in_a_transcript_is_no_heading() -> None:
    text = after("EXAMINATION BY MR. DUNNE\n\nQ. How long have you worked here?\n\nA. For years.")
    assert outline(text) == [(1, None, "EXAMINATION BY MR. DUNNE")]
