from __future__ import annotations

import pytest

from rag.compare import Change, Changed, Comparison, Edit, Op, Side, compare
from rag.tokens import tokens


def held(quoted: str, source: str, inserted: str = "", marks: tuple[str, ...] = ()) -> Comparison:
    """Compare; tokens of the quotation in `inserted` are an editor's; `marks` stand behind `the mill`."""
    ours = tokens(quoted)
    start = quoted.find(inserted) if inserted else len(quoted)
    flags = [start <= token.start and token.end <= start + len(inserted) for token in ours]
    left_out = {len("the mill"): frozenset(marks)} if marks else {}
    return compare(Side(quoted, ours), Side(source, tokens(source)), flags, left_out)


def folded(quoted: str, source: str, inserted: str = "", marks: tuple[str, ...] = ()) -> set[str] | None:
    """The folds, or None where something is changed."""
    result = held(quoted, source, inserted, marks)
    assert bool(result.changes) == (result.distance > 0)
    return None if result.changes else set(result.folds)


@pytest.mark.parametrize(
    ("quoted", "source", "fold"),
    [
        ("The mill was sold", "the mill was sold", "case at the start"),
        ("a mill was “sold” here", "a mill was ‘sold’ here", None),
        ("the mill was sold.", "the mill was sold,", "punctuation at the end"),
        ("the mill was sold.", "the mill was sold", "punctuation at the end"),
        ("a re-launched mill", "a relaunched mill", "hyphens"),
        ("a relaunched mill", "a re-launched mill", "hyphens"),
        ("a go to place", "a go-to place", "hyphens"),
    ],
)
def test_typography_folds_away(quoted: str, source: str, fold: str | None) -> None:
    assert folded(quoted, source) == ({fold} if fold else set())


@pytest.mark.parametrize(
    ("quoted", "source", "kind"),
    [
        ("it was not able to", "it was able to", Changed.NEGATION),
        ("it was notable to all", "it was not able to all", Changed.NEGATION),
        ("they are unwilling to", "they are willing to", Changed.NEGATION),
        ("he can't say so", "he can say so", Changed.NEGATION),
        ("a hopeless cause here", "a hopeful cause here", Changed.NEGATION),
        ("in 1994 it was", "in 1995 it was", Changed.NUMBER),
        ("some 4.5 percent of", "some 45 percent of", Changed.NUMBER),
        ("about seven of them", "about eight of them", Changed.NUMBER),
        ("a 10² field", "a 10³ field", Changed.NUMBER),
        ("a field of 10 acres", "a field of 10² acres", Changed.NUMBER),
        ("cost 5 € then", "cost 5 $ then", Changed.NUMBER),
        ("on May 4 they", "on June 4 they", Changed.DATE),
        ("when Ada spoke up", "when Ben spoke up", Changed.NAME),
        ("when Krnjevic spoke up", "when Krnjević spoke up", Changed.NAME),
        ("the mill was sold", "the mill was burnt", Changed.WORDS),
        ("then China was sold", "then china was sold", Changed.CASE),
        ("the mill, was sold", "the mill was sold", Changed.MARKS),
        ("-5 degrees of it", "5 degrees of it", Changed.MARKS),
    ],
)
def test_what_changes_the_meaning_is_told_by_what_it_touches(quoted: str, source: str, kind: Changed) -> None:
    assert {change.kind for change in held(quoted, source).changes} == {kind}
    assert folded(quoted, source) is None


def test_the_end_of_a_quotation_excuses_no_number_or_question() -> None:
    assert folded("the mill was sold 3", "the mill was sold") is None
    assert folded("the mill was sold?", "the mill was sold.") is None


def test_brackets_excuse_words_but_neither_numbers_nor_negations() -> None:
    assert folded("and [the miller] sold it", "and he sold it", "[the miller]") == {"insertion"}
    assert folded("and he [sic] sold it", "and he sold it", "[sic]") == {"insertion"}
    assert folded("for [70] coins", "for 40 coins", "[70]") is None
    assert folded("he did [not] sell it", "he did sell it", "[not]") is None
    assert folded("he did [gladly] sell it", "he did not sell it", "[gladly]") is None
    assert folded("he did [sic] sell it", "he did not sell it", "[sic]") is None
    assert folded("and then [Ben] sold it", "and then Ada sold it", "[Ben]") is None
    assert folded("and then [Ada Lind] sold it", "and then Ada sold it", "[Ada Lind]") == {"insertion"}
    assert folded("it fell. [Ben] sold it", "it fell. He sold it", "[Ben]") == {"insertion"}
    assert folded("for 40 [pounds] then", "for 40 crowns then", "[pounds]") is None
    assert folded("until [June] of that year", "until May of that year", "[June]") is None


def test_a_bracket_stands_for_a_few_words_at_most() -> None:
    long = "and he went to the mill on the hill by the lake to sell it"
    assert folded("and he [gladly] sell it", long, "[gladly]") is None


def test_the_mark_of_a_note_is_excused_where_the_source_has_one() -> None:
    assert folded("the mill¹² was sold", "the mill was sold") == {"note marks"}
    assert folded("the mill12 was sold", "the mill was sold", marks=("12",)) == {"note marks"}
    assert folded("the mill [12] was sold", "the mill was sold", marks=("12",)) == {"note marks"}
    assert folded("the mill12 was sold", "the mill was sold", marks=("13",)) is None
    assert folded("the mill was 12 sold", "the mill was sold", marks=("12",)) is None
    assert folded("a mill of 50 km of land", "a mill of 50 km² of land") is None


def test_the_bars_of_a_table_are_markup() -> None:
    assert folded("Arden 12 white", "Arden | 12 | white") == {"markup"}
    assert folded("P(A|B) holds here", "P(A B) holds here") is None


def test_the_difference_is_told_piece_by_piece() -> None:
    result = held("The old mill was sold in 1990", "The mill was burnt in 1990")
    assert result.diff == (
        Edit(Op.EQUAL, "The", "The"),
        Edit(Op.INSERT, "old", ""),
        Edit(Op.EQUAL, "mill was", "mill was"),
        Edit(Op.REPLACE, "sold", "burnt"),
        Edit(Op.EQUAL, "in 1990", "in 1990"),
    )
    assert result.changes == (Change(Changed.WORDS, "old", ""), Change(Changed.WORDS, "sold", "burnt"))


def test_capitals_are_told_and_hardly_count() -> None:
    result = held("THE MILL WAS SOLD", "the mill was sold")
    assert (result.distance, [change.kind for change in result.changes]) == (1, [Changed.CASE])


def test_the_distance_counts_letters() -> None:
    result = held("the mill was sald", "the mill was sold")
    assert (result.distance, result.weight) == (1, len("the mill was sold"))
