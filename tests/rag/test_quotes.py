from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Filters
from rag.compare import Change, Changed
from rag.errors import QuoteError
from rag.quotation import Quotation
from rag.quotes import Found, Match, find
from rag.records import Verdict
from rag.testing import Collection

MILLS = """# The mills

## Of water

The council of all the mills¹ of the valley had long ago resolved to stra-

1 Smith, Mills, p. 3.

tegically sell the great mill to the mayor of the town. It did not ask
anybody else. In 1994 the mayor paid *forty* coins, as [the late] miller’s
daughter “remembered” … and the mill-race ran dry.
"""
WIND = """Of wind

Four mills stand on the hill above the harbour – the oldest of them since 1720.

The harbour itself is old. Four mills stand on the hill above the harbour.
"""


@pytest.fixture(scope="module")
def mills(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    collection = Collection(tmp_path_factory.mktemp("mills"))
    collection.add({"water.txt": MILLS, "wind.txt": WIND})
    yield collection
    collection.close()


def look(mills: Collection, text: str, **filters: tuple[str, ...]) -> Found:
    snapshot = mills.reader.snapshot()
    allowed = snapshot.allowed(Filters(**filters)) if filters else None  # type: ignore[arg-type]
    return find(Quotation.of(text), snapshot, mills.store, allowed)


def best(mills: Collection, text: str) -> Match:
    return look(mills, text).matches[0]


def verdict(mills: Collection, text: str) -> tuple[Verdict, tuple[str, ...]]:
    match = best(mills, text)
    assert (match.score == 1.0) == (match.verdict is not Verdict.FUZZY)
    return match.verdict, match.folds


def test_what_stands_to_the_letter_is_exact(mills: Collection) -> None:
    match = best(mills, "“the oldest of them since 1720.”")
    assert (match.verdict, match.folds, match.diff) == (Verdict.EXACT, (), ())
    assert match.citation.quote == ("the oldest of them since 1720.",)


def test_a_line_end_makes_it_exact_or_not(mills: Collection) -> None:
    assert verdict(mills, "It did not ask\nanybody else") == (Verdict.EXACT, ())
    assert verdict(mills, "It did not ask anybody else") == (Verdict.NORMALIZED, ("white space",))


@pytest.mark.parametrize(
    ("text", "folds"),
    [
        ("above the harbour - the oldest", ("dashes",)),
        ("above the harbour – the\u00a0oldest", ("white space",)),
        ("above the har\u00adbour – the oldest", ("invisible characters",)),
        ("above the *harbour* – the oldest", ("markup",)),
        ("Above the harbour – the oldest", ("case at the start",)),
        ("[A]bove the harbour – the oldest", ("case at the start",)),
        ("above the harbour – the oldest.", ("punctuation at the end",)),
        ("above the harbour – the … since 1720", ("omission",)),
        ("above the harbour – the oldest [mill] of them", ("insertion",)),
        ("above the harbour – the oldest of them³ since 1720", ("note marks",)),
        ("above the harbour – the oldest of them[^3] since 1720", ("markup",)),
        ("council of all the mills [1] of the valley", ("note marks",)),
        ("the mayor paid forty coins", ("markup",)),
        ("the late] miller's daughter", ("white space", "apostrophes")),
        ("daughter 'remembered' … and", ("quotation marks",)),
        ("daughter “remembered” ... and the mill‑race", ("hyphens", "ellipsis")),
        ("council of all the mills of the valley", ("note marks",)),
        ("resolved to strategically sell the great mill", ("page break",)),
    ],
)
def test_what_is_folded_away_is_named(mills: Collection, text: str, folds: tuple[str, ...]) -> None:
    assert verdict(mills, text) == (Verdict.NORMALIZED, folds)


def test_brackets_and_ellipses_of_the_source_are_taken_literally(mills: Collection) -> None:
    assert verdict(mills, "as [the late] miller’s\ndaughter “remembered” … and the mill") == (
        Verdict.EXACT,
        (),
    )


def test_a_quotation_over_the_end_of_a_page_has_the_spans_of_its_parts(mills: Collection) -> None:
    match = best(mills, "resolved to strategically sell")
    assert match.citation.quote == ("resolved to stra", "tegically sell")


def test_a_quotation_with_the_notes_that_stand_inside_is_exact_too(mills: Collection) -> None:
    text = "resolved to stra-\n\n1 Smith, Mills, p. 3.\n\ntegically sell the great mill to the mayor"
    match = best(mills, text)
    assert (match.verdict, match.citation.quote) == (Verdict.EXACT, (text,))


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("In 1995 the mayor paid forty coins", Change(Changed.NUMBER, "1995", "1994")),
        ("It did ask anybody else", Change(Changed.NEGATION, "", "not")),
        ("sell the great mill to the bishop of the town", Change(Changed.WORDS, "bishop", "mayor")),
        ("on the hill above the harbour – never the oldest", Change(Changed.NEGATION, "never", "")),
    ],
)
def test_what_is_changed_is_fuzzy_and_told(mills: Collection, text: str, change: Change) -> None:
    match = best(mills, text)
    assert (match.verdict, change in match.changes) == (Verdict.FUZZY, True)
    assert match.score < 1


def test_an_ellipsis_that_hides_a_negation_is_no_fold(mills: Collection) -> None:
    match = best(mills, "It did … ask anybody else")
    assert (match.verdict, match.changes) == (Verdict.FUZZY, (Change(Changed.NEGATION, "…", "not"),))


def test_words_left_out_without_a_mark_are_fuzzy(mills: Collection) -> None:
    match = best(mills, "Four mills stand on the hill – the oldest since 1720.")
    assert match.verdict is Verdict.FUZZY
    assert [change.source for change in match.changes] == ["above the harbour", "of them"]


def test_a_number_that_is_cut_is_another_number(mills: Collection) -> None:
    assert verdict(mills, "the oldest of them since 172")[0] is Verdict.FUZZY


def test_all_places_are_found_the_exact_ones_first(mills: Collection) -> None:
    found = look(mills, "Four mills stand on the hill above the harbour.")
    assert [m.verdict for m in found.matches] == [Verdict.EXACT, Verdict.NORMALIZED]
    assert found.places == 2


def test_filters_say_where_to_look(mills: Collection) -> None:
    text = "stand on the hill above the harbour"
    assert len(look(mills, text, document_id=("wind.txt",)).matches) == 2
    assert look(mills, text, document_id=("water.txt",)).matches == ()


@pytest.mark.parametrize(
    "text",
    [
        "the bishop of Rome wrote a long letter to the emperor of the east",
        "Four mills, a harbour, the mayor, some coins and the hill of the valley",
        "the great mill to the mayor of the hill above the harbour itself is old",
        "[an editor made all of this up]",
    ],
)
def test_what_nobody_wrote_is_not_found(mills: Collection, text: str) -> None:
    assert look(mills, text) == Found((), 0)


def test_bad_recognition_does_not_hide_a_place(mills: Collection) -> None:
    match = best(mills, "Four rnills stancl on tbe hi11 above the hatbour")
    assert match.citation.stored.source == "wind.txt"
    assert match.verdict is Verdict.FUZZY


def test_a_removed_document_is_not_found(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "data")
    collection.add({"a": "The old mill stood on the hill.", "b": "A new one stands there."})
    assert look(collection, "The old mill stood").places == 1
    collection.remove("a")
    assert look(collection, "The old mill stood") == Found((), 0)
    collection.close()


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_any_words_in_a_row_are_found_where_they_stand(mills: Collection, data: st.DataObject) -> None:
    snapshot = mills.reader.snapshot()
    read = snapshot.read(data.draw(st.sampled_from(snapshot.quotes.documents)))
    words = list(re.finditer(r"[^\W_](?:\S*[^\W_])?", read.reading.text))
    first = data.draw(st.integers(0, len(words) - 6))
    start, end = words[first].start(), words[data.draw(st.integers(first + 5, len(words) - 1))].end()
    match = best(mills, read.reading.text[start:end])
    assert match.verdict in (Verdict.EXACT, Verdict.NORMALIZED)
    canonical = read.stored.document.text
    assert match.citation.quote == tuple(canonical[s.start : s.end] for s in match.citation.spans)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_makes_it_fail(mills: Collection, left: str, right: str) -> None:
    for match in look(mills, f"{left} Four mills stand on the hill {right}").matches:
        assert match.citation.stored.source == "wind.txt"


ODD = """# Odd things

I do not, as I have told you and your readers many times before in this very house, support the mayor.

The guild, which had at that time not one house in the whole of the great valley, is rich.

He came to the hill late. Nobody knew at all why he had come there on that very day. She left.

It holds 10<sup>3</sup> boats in the winter months, the harbour master tells.

אין אדם יודע את יום מותו.

The mill belongs to the town and to nobody else.
"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    collection = Collection(tmp_path_factory.mktemp("odd"))
    collection.add({"odd.md": ODD})
    yield collection
    collection.close()


def test_a_negation_at_the_end_of_a_long_omission_is_of_the_sentence_that_is_left(odd: Collection) -> None:
    match = best(odd, "I do … support the mayor")
    assert (match.verdict, match.changes) == (Verdict.FUZZY, (Change(Changed.NEGATION, "…", "not"),))


@pytest.mark.parametrize("text", ["The guild … is rich.", "He came to the hill late. … She left."])
def test_a_negation_of_what_is_left_out_alone_changes_nothing(odd: Collection, text: str) -> None:
    assert verdict(odd, text) == (Verdict.NORMALIZED, ("omission",))


def test_raised_digits_are_no_digits_of_the_line(odd: Collection) -> None:
    match = best(odd, "It holds 103 boats in the winter months")
    assert (match.verdict, [change.kind for change in match.changes]) == (Verdict.FUZZY, [Changed.NUMBER])
    assert best(odd, "It holds 10<sup>3</sup> boats in the winter months").verdict is Verdict.EXACT


def test_marks_of_direction_fold_away(odd: Collection) -> None:
    text = "\u200fאין אדם\u200f יודע את יום מותו\u200f"
    assert verdict(odd, text) == (Verdict.NORMALIZED, ("invisible characters",))


def test_what_is_written_in_capitals_is_found(odd: Collection) -> None:
    match = best(odd, "THE MILL BELONGS TO THE TOWN AND TO NOBODY ELSE")
    assert (match.verdict, [change.kind for change in match.changes]) == (Verdict.FUZZY, [Changed.CASE])


def test_more_ellipses_than_anybody_writes_are_refused() -> None:
    with pytest.raises(QuoteError, match="199 ellipses, at most 100"):
        Quotation.of("the mill … " * 200)


@pytest.mark.parametrize(
    "text",
    [
        "[Belmark] holds nine boats all through the month of May, it has the mill",
        "through the month of May, it has the mill, the quay and the boats of [Corvia]",
    ],
)
def test_brackets_at_an_end_put_no_name_for_another(collection: Collection, text: str) -> None:
    said = "As Arland holds nine boats all through the month of May, it has the mill, the quay and the boats"
    collection.add({"a.md": f"{said} of Dunmore too."})
    named = best(collection, text)
    assert (named.verdict, [change.kind for change in named.changes]) == (Verdict.FUZZY, [Changed.NAME])
    right = text.replace("Belmark", "Arland").replace("Corvia", "Dunmore")
    assert verdict(collection, right) == (Verdict.NORMALIZED, ("insertion",))
