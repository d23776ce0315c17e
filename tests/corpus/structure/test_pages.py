import textwrap

from hypothesis import given
from hypothesis import strategies as st

from corpus.blocks import lines
from corpus.records import Page
from corpus.structure import footnotes
from corpus.structure.cuts import Cut
from corpus.structure.pages import Found, detect

PROSE = (
    "The council met in spring and spoke at length about the river, the mills and the price of grain. "
    "Nothing was decided then, and the members went home by boat. "
) * 3
OPEN = PROSE + "The mayor, who had been silent until then, wrote a letter to the"
REST = "minister of grain, who did not answer it. " + PROSE.strip()


def found(text: str) -> Found:
    rows = list(lines(text))
    return detect(text, rows, [note.span for note in footnotes.detect(text, rows).footnotes])


def cuts(text: str) -> list[tuple[str, str, str]]:
    return [
        (b.cuts.value, text[: b.start].split()[-1], text[b.end :].split()[0])
        for b in found(text).breaks
        if b.cuts is not Cut.NONE
    ]


def test_a_sentence_that_goes_on_behind_a_blank_line() -> None:
    assert cuts(f"{OPEN}\n\n{REST}\n") == [("sentence", "the", "minister")]


def test_a_capital_goes_on_behind_a_word_that_ends_no_sentence() -> None:
    assert cuts(f"{PROSE}He stood between\n\nMiller and the door. {PROSE}") == [
        ("sentence", "between", "Miller")
    ]


def test_an_abbreviation_ends_no_sentence_before_lower_case() -> None:
    assert cuts(f"{PROSE}So it was in the U.S.\n\nand elsewhere. {PROSE}") == [("sentence", "U.S.", "and")]


def test_a_hyphen_before_the_end_of_a_page_cuts_a_word() -> None:
    for before, after in (
        ("stra-", "tegic mills."),
        ("Euro-", "Atlantic mills were there and more of them came."),
    ):
        assert [b.cuts for b in found(f"{PROSE}There were {before}\n\n{after} {PROSE}").breaks] == [Cut.WORD]


def test_half_of_a_suspended_compound_is_no_cut_word() -> None:
    assert cuts(f"{PROSE}He wrote of pre-\n\nand post-war mills.") == [("sentence", "pre-", "and")]


def test_footnotes_stand_between_the_halves_of_a_sentence() -> None:
    text = f"The mill¹ {OPEN}\n\n1 Smith, p. 3.\n\n{REST}"
    (only,) = found(text).breaks
    assert only.footnotes is not None
    assert text[only.footnotes.start : only.footnotes.end] == "1 Smith, p. 3."
    assert (only.cuts, text[only.end : only.end + 8], only.explicit) == (Cut.SENTENCE, "minister", False)


def test_form_feeds_are_pages_also_within_a_line() -> None:
    text = f"{OPEN}\f{REST} In stra-\ftegic mills."
    assert cuts(text) == [("sentence", "the", "minister"), ("word", "stra-", "tegic")]
    first, second = text.index("\f"), text.rindex("\f")
    assert found(text).pages == (
        Page(0, None, 0, first),
        Page(1, None, first + 1, second),
        Page(2, None, second + 1, len(text)),
    )


def test_page_numbers_and_running_heads_are_furniture_and_labels() -> None:
    text = f"Annual Report\n{OPEN}\n1\n\fAnnual Report\n{REST}\n2\n\fAnnual Report\n{PROSE}\n3\n"
    result = found(text)
    heads = [text[s.start : s.end] for s in result.furniture]
    assert heads == ["Annual Report", "1", "Annual Report", "2", "Annual Report", "3"]
    assert [page.label for page in result.pages] == ["1", "2", "3"]
    assert [text[s.start : s.end] for s in result.breaks[0].furniture] == ["1", "Annual Report"]


def test_numbers_at_the_foot_or_head_without_form_feeds() -> None:
    foot = f"{OPEN}\n\n7\n\n{REST}\n\n8\n\n{PROSE}\n\n9\n"
    head = f"7\n\n{OPEN}\n\n8\n\n{REST}\n\n9\n\n{PROSE}"
    assert [page.label for page in found(foot).pages] == ["7", "8", "9"]
    assert [page.label for page in found(head).pages] == ["7", "8", "9"]


def test_a_label_that_may_be_the_head_s_or_the_foot_s_is_not_given() -> None:
    result = found(f"{OPEN}\n\n- 12 -\n\n{REST}\n\nPage 13\n\n{PROSE}")
    assert [page.label for page in result.pages] == [None, None, None]


def test_running_heads_alone() -> None:
    text = "\n\n".join([OPEN, "Mills 1", f"{REST} {OPEN}", "Mills 2", f"{REST} {OPEN}", "Mills 3", REST])
    assert len(found(text).furniture) == 3
    assert cuts(text) == [("sentence", "the", "minister")] * 3


def test_numbers_of_chapters_are_no_pages() -> None:
    result = found(f"1\n\n{PROSE}\n\n2\n\n{PROSE}\n\n3\n\n{PROSE}")
    assert (result.breaks, result.pages, result.furniture, len(result.notes)) == ((), (), (), 1)


def test_lower_case_is_no_evidence_where_paragraphs_begin_with_it() -> None:
    line = "the council met in spring and spoke at length about the river and its mills"
    text = "\n\n".join(f"{part}." for part in [line] * 9) + f"\n\n{OPEN}\n\n{REST}"
    assert found(text).breaks == ()


def test_a_line_of_the_body_that_two_pages_share_is_no_running_head() -> None:
    page = textwrap.fill(PROSE.strip(), 72)
    assert found("\f".join([page] * 4)).furniture == ()


def test_what_only_looks_like_a_cut() -> None:
    for text in (
        "The river runs along the wall\nand takes the leaves in fall\n\nthe mills are quiet in the snow\n",
        "To the Council of the River\n12 High Street\nOldtown\n\nand to whom it may concern\n",
        f"{PROSE}They asked for these things, which are listed here, namely\n\n"
        "the opening of the river to all boats without any toll\n\n"
        "the closing of the mills on all Sundays of the year\n\nand cheap bread\n",
        f"They asked for:\n\nthe opening of the river to all boats without any toll\n\n{REST}",
        f"THE HISTORY OF THE MILLS AND OF THE\n\nRiver that drives them all. {PROSE}",
        f"Figure 3. Mills on the river in the year of the flood, drawn by the\n\nmayor himself. {PROSE}",
        "Mills\tRiver\tPrice of grain in the spring of that year and of the next\n\nfive\ttwo\tseven\n",
        f"{PROSE}The price is then given by\n\np = q + r\n\nwhere q is last year's. {PROSE}",
        "Yours, with many thanks for the letter of last week that has reached me\n\nJohn Miller\n",
        "Contents\n\n- The mills\n2\n- The river\n3\n- The price\n4\n\n" + PROSE,
        "The Parties, wishing to end the long quarrel about the river and its mills,\n\n"
        "recalling the words of the old treaty,\n\nnoting that prices rose,\n\nhave agreed:\n",
        "Mill\n\na building with a wheel in which grain is turned to flour\n\nRiver\n\nwater that runs\n",
        f"{PROSE}As Smith says of the\n\n    mills that he had seen, all was well there. {PROSE}",
        f"```\n{OPEN}\n\n{REST}\n```\n",
        f"{PROSE}He took the following:\n\nbread and wine and other things that he had there.\n",
        "",
    ):
        assert found(text).breaks == (), text


SENTENCES = st.lists(
    st.sampled_from(
        [
            "The council met in spring and spoke of the river and of the mills.",
            "Nothing was decided then, because the price of grain had not been settled.",
            "In 1911 the members went home by boat, and came again when they were called.",
            "Miller wrote to the minister that all of the towns had agreed to the treaty.",
        ]
    ),
    min_size=30,
    max_size=70,
)


@given(
    sentences=SENTENCES,
    data=st.data(),
    foot=st.sampled_from(["", "notes", "feed", "number"]),
    wrap=st.booleans(),
)
def test_known_cuts_are_recovered_with_their_places(
    sentences: list[str], data: st.DataObject, foot: str, wrap: bool
) -> None:
    """Prose that pages cut where a word in lower case follows; nothing else is a cut."""
    words = " ".join(sentences).split()
    text, expected, last, page = "", [], 0, 0
    for at in range(160, len(words) - 20, 170):
        if at + (step := data.draw(st.integers(0, 9))) >= len(words) - 20:
            break
        at += step
        while not (words[at].islower() and words[at - 1].isalpha()):
            at += 1
        page += 1
        part = " ".join(words[last:at])
        if foot == "notes":
            part = part.replace(".", "." + str(page).translate(str.maketrans("123456789", "¹²³⁴⁵⁶⁷⁸⁹")), 1)
        text += _page(part, wrap)
        start = len(text)
        between = {"": "", "notes": f"{page} Smith.\n\n", "feed": "\f", "number": f"- {page} -\n\n"}
        text += "\n\n" + between[foot]
        expected.append((start, len(text)))
        last = at
    text += textwrap.fill(" ".join(words[last:]), 72) if wrap else " ".join(words[last:])
    got = [(b.start, b.end) for b in found(text).breaks if b.cuts is Cut.SENTENCE]
    assert got == (expected if foot != "number" or page > 1 else got)


def _page(part: str, wrap: bool) -> str:
    """A page's text; as in print, its last line is full."""
    if not wrap:
        return part
    filled = textwrap.wrap(part, 72)
    if len(filled[-1]) < 50:
        filled[-2:] = [f"{filled[-2]} {filled[-1]}"]
    return "\n".join(filled)


@given(st.text(alphabet="ab-.1 \n\fI*¹", max_size=300))
def test_any_text_gives_breaks_in_order_and_pages_that_lie_in_it(text: str) -> None:
    result = found(text)
    at = 0
    for b in result.breaks:
        assert at <= b.start < b.end <= len(text)
        assert not text[b.start - 1].isspace()
        assert not text[b.end].isspace()
        at = b.end
    at = 0
    for page in result.pages:
        assert at <= page.start <= page.end <= len(text)
        at = page.end


def _headed(heads: list[str]) -> str:
    pages = [PROSE + "The mayor wrote to the", *["minister. " + OPEN] * (len(heads) - 2), REST]
    return "\n\n".join(part for pair in zip(heads, pages, strict=True) for part in pair)


def test_running_heads_with_numbers_part_pages_where_they_cut_sentences() -> None:
    text = _headed(["Old Mills    41", "42    The River", "Old Mills    43", "44    The River"])
    result = found(text)
    assert [text[span.start : span.end] for span in result.furniture] == [
        "Old Mills    41",
        "42    The River",
        "Old Mills    43",
        "44    The River",
    ]
    assert [page.label for page in result.pages] == ["41", "42", "43", "44"]
    assert [cut for cut, _, _ in cuts(text)] == ["sentence"] * 3


def test_numbered_lines_that_do_not_come_again_or_do_not_count_are_no_heads() -> None:
    for heads in (
        ["Old Mills    41", "42    The River", "Ports    43", "44    Roads"],
        ["Old Mills    41", "The River    47", "Old Mills    42", "The River    3"],
    ):
        assert found(_headed(heads)).furniture == ()


def test_paragraphs_that_begin_in_lower_case_anyway_are_left_apart_and_noted() -> None:
    lower = "\n\n".join(["the mill was sold. " + PROSE.strip()] * 6)
    result = found(f"{lower}\n\n{OPEN}\n\n{REST}\n\n{lower}")
    assert [b for b in result.breaks if b.cuts is not Cut.NONE] == []
    assert result.notes == (
        "1 paragraphs may go on over a page's end, but many here begin in lower case: left apart",
    )


def test_a_number_in_the_middle_of_its_line_is_a_page_number_too() -> None:
    text = "\f".join(f"{PROSE * 4}\n\n{' ' * 37}{n}\n" for n in range(3, 9))
    assert [page.label for page in found(text).pages] == ["3", "4", "5", "6", "7", "8"]
