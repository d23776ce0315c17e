from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.blocks import lines
from corpus.records import BlockKind, Footnote, Page, Role, Span
from corpus.structure.assemble import Assembled, assemble

PROSE = "The harbour lay still under the snow, and nobody had come down to the quay since the morning.\n"
REPORT = (
    "HARBOURS AND ROADS\n\nContents\n\nI. Harbours (Ann Lee)\t3\nII. Roads (Bo Ruiz)\t7\n\n"
    f"I. Harbours\n\n{PROSE}It froze.¹ {PROSE}\nII. Roads\n\n{PROSE}It thawed.² {PROSE}\n"
    "1 Smith, Ports, p. 3.\n2 Ibid., p. 4.\n"
)


def cut(text: str, span: Span | None) -> str | None:
    return text[span.start : span.end] if span else None


def shown(text: str, *, markdown: bool = False) -> list[tuple[str, str]]:
    """Kinds and texts of the blocks."""
    blocks = assemble(text, markdown=markdown).structure.blocks
    return [(block.kind, text[block.span.start : block.span.end]) for block in blocks]


def test_what_the_detectors_find_stands_in_one_structure() -> None:
    found = assemble(REPORT, markdown=False)
    structure = found.structure
    assert [(s.number, s.title, s.authors) for s in structure.sections if s.number] == [
        ("I", "Harbours", ("Ann Lee",)),
        ("II", "Roads", ("Bo Ruiz",)),
    ]
    assert cut(REPORT, structure.contents) == ("Contents\n\nI. Harbours (Ann Lee)\t3\nII. Roads (Bo Ruiz)\t7")
    assert structure.furniture == (structure.contents,)
    first, second = (Span(REPORT.index(mark), REPORT.index(mark) + 1) for mark in "¹²")
    smith, ibid = REPORT.index("1 Smith"), REPORT.index("2 Ibid")
    assert structure.footnotes == (
        Footnote("1", "Smith, Ports, p. 3.", Span(smith, ibid - 1), Span(smith + 2, ibid - 1), (first,)),
        Footnote(
            "2",
            "Ibid., p. 4.",
            Span(ibid, len(REPORT) - 1),
            Span(ibid + 2, len(REPORT) - 1),
            (second,),
            refers_to=0,
        ),
    )
    assert structure.notes == ()
    assert found.fields["title"] == "Harbours and Roads"
    assert cut(REPORT, found.support["title"]) == "HARBOURS AND ROADS"


def test_nothing_of_a_table_of_contents_is_a_block_or_a_section() -> None:
    assert [text for kind, text in shown(REPORT) if kind is BlockKind.HEADING] == [
        "I. Harbours",
        "II. Roads",
    ]
    assert not any("Contents" in text or "\t" in text for _, text in shown(REPORT))


def test_a_text_that_is_only_a_table_of_contents_stays() -> None:
    text = "Contents\n\nHarbours\t3\nRoads\t7\nWalls\t9\n"
    structure = assemble(text, markdown=False).structure
    assert (structure.furniture, structure.contents) == ((), None)
    assert structure.blocks


def test_labels_of_speakers_are_blocks_and_turns_have_roles() -> None:
    text = "Q: Is it open?\n\nA: It is.\n\nQ: Since when?\n\nA: May.\n\nQ: Which May?\n\nA: The last.\n"
    structure = assemble(text, markdown=False).structure
    assert [(t.n, t.label, t.role, cut(text, t.span)) for t in structure.turns[:2]] == [
        (1, "Q:", Role.INTERVIEWER, "Is it open?"),
        (2, "A:", Role.INTERVIEWEE, "It is."),
    ]
    kinds = [kind for kind, _ in shown(text)]
    assert kinds == [BlockKind.LABEL, BlockKind.PARAGRAPH] * 6


def test_page_numbers_and_running_heads_are_furniture() -> None:
    pages = [f"A BOOK OF PORTS\n\n{PROSE * 4}\n{n}\n" for n in (1, 2, 3)]
    text = "\f".join(pages)
    structure = assemble(text, markdown=False).structure
    assert [cut(text, span) for span in structure.furniture] == [
        part for n in (1, 2, 3) for part in ("A BOOK OF PORTS", str(n))
    ]
    ends = [len(pages[0]), len(pages[0]) + 1 + len(pages[1]), len(text)]
    assert structure.pages == (
        Page(0, "1", 0, ends[0]),
        Page(1, "2", ends[0] + 1, ends[1]),
        Page(2, "3", ends[1] + 1, ends[2]),
    )


def test_in_markdown_marks_make_headings_and_notes_and_code_is_not_read() -> None:
    text = (
        f"# Ports\n\n```\nContents\n\nA\t1\nB\t2\n```\n\n{PROSE}[^1]\n\nI. NO HEADING\n\n1\n\n[^1]: Note.\n"
    )
    structure = assemble(text, markdown=True).structure
    assert [s.title for s in structure.sections] == ["Ports"]
    assert [n.text for n in structure.footnotes] == ["Note."]
    assert (structure.contents, structure.pages, structure.furniture) == (None, (), ())


def test_text_without_structure_is_left_alone() -> None:
    found = assemble(PROSE * 3, markdown=False)
    assert [block.kind for block in found.structure.blocks] == [BlockKind.PARAGRAPH]
    assert (found.structure.sections, found.structure.turns, found.structure.furniture) == ((), (), ())
    assert dict(found.support) == {}


PARTS = st.sampled_from(
    [
        PROSE,
        "\n\n",
        "\f",
        "I. Harbours\n\n",
        "II. Roads\n\n",
        "Contents\n\nHarbours\t3\nRoads\t7\n\n",
        "Q: Why?\n\n",
        "A: So.\n\n",
        "Ann Lee: Yes.\n\n",
        "Bo Ruiz:\nNo.\n\n",
        "It froze.¹ ",
        "It thawed.² ",
        "\n\n1 Smith, p. 3.\n",
        "2 Ibid.\n\n",
        "\n\n1\n\n",
        "\n\n2\n\n",
        "\n\n3\n\n",
        "A BOOK OF PORTS\n\n",
        "*By Ann Lee*\n\n",
        "<b>\n\n",
        "the end of it",
        "# Ports\n\n",
        "```\n",
        "- one\n- two\n",
    ]
)


@settings(deadline=None, max_examples=300)
@given(text=st.lists(PARTS, max_size=25).map("".join), markdown=st.booleans())
def test_blocks_are_in_order_and_hold_every_line_that_is_not_furniture(text: str, markdown: bool) -> None:
    found: Assembled = assemble(text, markdown=markdown)
    blocks, furniture = found.structure.blocks, found.structure.furniture
    ends = [0, *(block.span.end for block in blocks)]
    assert all(end <= block.span.start for end, block in zip(ends, blocks, strict=False))
    assert all(before.end <= after.start for before, after in pairwise(furniture))
    for line in lines(text):
        for at in range(line.start, line.end):
            held = any(
                span.start <= at < span.end for span in (*(s for b in blocks for s in b.spans), *furniture)
            )
            assert (
                held or not text[at].isalnum() or line.text.strip() == "```" or text[at - 1 : at + 2] == "<b>"
            )


def test_markdown_has_the_headings_of_its_marks_alone_and_none_in_code() -> None:
    text = "# Ports\n\n```sh\n# no heading\n```\n\nI. NO HEADING\n\nRoads\n-----\n\n1. Item one\n"
    sections = assemble(text, markdown=True).structure.sections
    assert [(s.level, s.number, s.title) for s in sections] == [(1, None, "Ports"), (2, None, "Roads")]


def test_pages_of_markdown_are_those_that_form_feeds_and_numbers_show() -> None:
    pages = [
        f"{PROSE * 4}The mayor, who had been silent until then, wrote to the",
        f"minister of grain, who did not answer. {PROSE * 4}It was then that the",
        f"council met. {PROSE}",
    ]
    for between in ("\n\n{}\n\n\f", "\n\n{}\n\n"):
        text = "# Ports\n\n" + "".join(f"{page}{between.format(n)}" for n, page in enumerate(pages, 7))
        structure = assemble(text, markdown=True).structure
        assert [text[span.start : span.end] for span in structure.furniture] == ["7", "8", "9"]
        assert [page.label for page in structure.pages][:3] == ["7", "8", "9"]
        assert [len(block.spans) for block in structure.blocks] == [1, 3]


def test_a_paragraph_of_markdown_ends_with_it_where_no_page_does() -> None:
    text = f"{PROSE}The mayor wrote to the\n\nminister of grain. {PROSE}\n"
    assert [len(block.spans) for block in assemble(text, markdown=True).structure.blocks] == [1, 1]


def test_a_running_head_is_no_title() -> None:
    heads = ["Old Mills    41", "42    The River", "Old Mills    43", "44    The River"]
    parts = [
        f"{PROSE}The mayor wrote to the",
        *["minister. " + PROSE + "He wrote to the"] * 2,
        "last of them.",
    ]
    text = "\n\n".join(part for pair in zip(heads, parts, strict=True) for part in pair)
    assert "title" not in assemble(text.replace(heads[0], f"{heads[0]}\n\n"), markdown=False).fields
