"""The words by which a browser finds a place; whether it does was tried in one, see docs/citations.md."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from corpus.fragments import Fragments
from corpus.records import Block, BlockKind, Span

Written = list[tuple[BlockKind, str]]
LONG = " ".join(f"word{n}" for n in range(40))


def directive(blocks: Written, cited: str, nth: int = 0) -> str | None:
    """The directive of the nth place that has these words, on a page of these blocks."""
    text = "\n\n".join(words for _, words in blocks)
    made, at = [], 0
    for kind, words in blocks:
        made.append(Block(kind, Span(at, at + len(words))))
        at += len(words) + 2
    start = -1
    for _ in range(nth + 1):
        start = text.index(cited, start + 1)
    return Fragments(text, made, []).directive([Span(start, start + len(cited))])


def paragraphs(*texts: str) -> Written:
    return [(BlockKind.PARAGRAPH, text) for text in texts]


def test_a_short_quotation_is_given_whole() -> None:
    assert directive(paragraphs("It began here. The pact was signed."), "The pact was signed.") == (
        "text=The%20pact%20was%20signed."
    )


def test_signs_that_part_a_directive_are_encoded() -> None:
    page = paragraphs("Co-owners, mills & towns met.")
    assert (
        directive(page, "Co-owners, mills & towns met.") == "text=Co%2Downers%2C%20mills%20%26%20towns%20met."
    )


def test_a_long_one_is_its_first_and_last_four_words() -> None:
    told = directive(paragraphs(f"Before. {LONG}"), LONG)
    assert told
    assert unquote(told) == "text=word0 word1 word2 word3,word36 word37 word38 word39"


def test_what_stands_twice_is_told_apart_by_its_neighbours() -> None:
    page = paragraphs(
        "At first the pact was signed. Then came rain.", "Later the pact was signed. Then came snow."
    )
    told = [directive(page, "the pact was signed.", nth) for nth in (0, 1)]
    assert [unquote(one or "") for one in told] == [
        "text=first-,the pact was signed.",
        "text=Later-,the pact was signed.",
    ]


def test_what_is_followed_by_something_else_is_told_apart_by_that() -> None:
    page = paragraphs("The pact was signed. Rain came.", "The pact was signed. Snow came.")
    told = directive(page, "The pact was signed.", 1)
    assert told
    assert unquote(told) == "text=The pact was signed.,-Snow"


def test_what_nothing_in_its_block_tells_apart_has_none() -> None:
    page = paragraphs("The pact was signed.", "The pact was signed.")
    assert directive(page, "The pact was signed.") is None


def test_browsers_know_no_case_and_no_accents() -> None:
    page = paragraphs("The café was open.", "THE CAFE WAS OPEN.")
    assert directive(page, "The café was open.") is None


def test_a_beginning_that_stands_twice_grows_until_it_stands_once() -> None:
    other = LONG.replace("word6", "else")
    told = directive(paragraphs(f"{other} end.", f"{LONG} end."), LONG)
    assert told
    assert unquote(told).startswith("text=word0 word1 word2 word3 word4 word5 word6,")


def test_an_end_that_comes_before_grows_until_it_comes_last() -> None:
    words = f"{LONG} the pact was signed {LONG.replace('word', 'other')} yes the pact was signed"
    told = directive(paragraphs(words), words)
    assert told
    assert unquote(told).endswith(",yes the pact was signed")


@pytest.mark.parametrize("label", ["• ", "12. ", "iv. "])
def test_the_label_of_an_item_is_not_looked_for(label: str) -> None:
    page = [(BlockKind.LIST_ITEM, f"{label}Water for all towns")]
    assert directive(page, f"{label}Water for all towns") == "text=Water%20for%20all%20towns"


def test_rows_of_tables_stand_otherwise_on_the_page() -> None:
    page = [(BlockKind.TABLE, "State: Morava; Length: 12 km")]
    assert directive(page, "State: Morava; Length: 12 km") is None


def test_words_do_not_run_over_the_breaks_of_lines() -> None:
    page = paragraphs("Here it is\nin the second line.")
    assert directive(page, "it is\nin the second line.") == "text=Here-,it%20is"


def test_of_a_heading_and_a_paragraph_the_paragraph_is_looked_for() -> None:
    page = [(BlockKind.HEADING, "The use of water"), *paragraphs("It is for all towns.")]
    text = "The use of water\n\nIt is for all towns."
    assert directive(page, text) == "text=It%20is%20for%20all%20towns."


def test_a_word_that_is_cut_is_taken_whole() -> None:
    assert directive(paragraphs("The treaties were signed here."), "treat") == "text=The-,treaties,-were"


def test_in_scripts_without_spaces_a_sentence_is_found_without_its_neighbours() -> None:
    told = directive(paragraphs("条約は署名された。水は皆のものである。"), "水は皆のものである。")
    assert told
    assert unquote(told) == "text=水は皆のものである。"


def test_quotation_marks_at_the_ends_are_left_out() -> None:
    page = paragraphs("“Whoever owns the mill owns the bread.” He said it.")
    assert (
        directive(page, "“Whoever owns the mill owns the bread.”")
        == "text=Whoever%20owns%20the%20mill%20owns%20the%20bread."
    )


def test_words_of_a_table_before_them_are_not_found_in_their_place() -> None:
    table = (BlockKind.TABLE, "Year: 1794; What: The pact was signed.")
    page = [table, *paragraphs("The pact was signed. Then came rain.")]
    assert unquote(directive(page, "The pact was signed.", 1) or "") == "text=The pact was signed.,-Then"
