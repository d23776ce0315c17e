from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.records import (
    Block,
    BlockKind,
    Footnote,
    Locator,
    NoteReference,
    Page,
    Passage,
    Person,
    Record,
    Role,
    Section,
    Span,
    Structure,
    Turn,
)
from index.codec import (
    dumps,
    passage_from_json,
    place_to_json,
    record_from_json,
    record_to_json,
    spans_from_json,
    spans_to_json,
    structure_from_json,
    structure_to_json,
)

TEXTS = st.text(max_size=12)
NAMES = st.lists(TEXTS, max_size=3).map(tuple)
SPANS = st.tuples(st.integers(0, 10**9), st.integers(0, 10**6)).map(lambda p: Span(p[0], p[0] + p[1]))
PAIRS = st.tuples(st.integers(0, 9999), st.integers(0, 9999))


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


def made(kind: Callable[..., Any], *parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(*parts).map(lambda values: kind(*values))


NUMBERS = st.none() | TEXTS
BLOCKS = made(Block, st.sampled_from(BlockKind), SPANS, st.integers(0, 6), NUMBERS, some(SPANS))
SECTIONS = made(
    Section,
    st.integers(0, 99),
    st.none() | st.integers(0, 99),
    st.integers(1, 6),
    NUMBERS,
    TEXTS,
    NAMES,
    SPANS,
    SPANS,
    st.none() | SPANS,
)
FOOTNOTES = made(Footnote, TEXTS, TEXTS, SPANS, SPANS, some(SPANS), st.none() | st.integers(0, 99))
TURNS = made(
    Turn, st.integers(1, 99), TEXTS, TEXTS, st.none() | st.sampled_from(Role), SPANS, SPANS, some(SPANS)
)
PAGES = made(Page, st.integers(0, 99), NUMBERS, st.integers(0, 99), st.integers(0, 99))
STRUCTURES = made(
    Structure,
    some(BLOCKS),
    some(SECTIONS),
    some(FOOTNOTES),
    some(SPANS),
    NAMES,
    some(TURNS),
    some(PAGES),
    st.none() | SPANS,
    some(made(Person, TEXTS, NAMES)),
)
REFERENCES = made(NoteReference, TEXTS, TEXTS, NUMBERS, st.none() | st.integers(0, 99))
LOCATORS = made(
    Locator,
    NAMES,
    NAMES,
    NAMES,
    NAMES,
    NUMBERS,
    st.none() | st.integers(0, 99),
    NUMBERS,
    some(REFERENCES),
    some(st.integers(0, 99)),
)
PASSAGES = made(
    Passage,
    TEXTS,
    st.integers(0, 99),
    some(SPANS),
    TEXTS,
    some(PAIRS),
    some(PAIRS),
    TEXTS,
    LOCATORS,
    NUMBERS,
    st.none() | PAIRS,
)
FIELDS = st.dictionaries(
    TEXTS, TEXTS | st.lists(st.dictionaries(TEXTS, TEXTS, max_size=2), max_size=2), max_size=4
)
RECORDS = made(
    Record, FIELDS.map(MappingProxyType), st.dictionaries(TEXTS, SPANS, max_size=3).map(MappingProxyType)
)

quick = settings(deadline=None, max_examples=40)


@quick
@given(STRUCTURES)
def test_structures_come_back_as_they_were(structure: Structure) -> None:
    assert structure_from_json(structure_to_json(structure)) == structure


@quick
@given(PASSAGES)
def test_passages_come_back_as_they_were(passage: Passage) -> None:
    back = passage_from_json(
        passage.id, passage.ordinal, passage.text, passage.header, place_to_json(passage), passage.note
    )
    assert back == passage


@quick
@given(RECORDS)
def test_records_come_back_as_they_were(record: Record) -> None:
    assert record_from_json(record_to_json(record)) == record


@quick
@given(some(SPANS))
def test_spans_come_back_as_they_were(spans: tuple[Span, ...]) -> None:
    assert spans_from_json(spans_to_json(spans)) == spans


def test_kinds_come_back_as_members_of_the_enum() -> None:
    turn = Turn(1, "Jon Ek", "Q", Role.INTERVIEWER, Span(0, 1), Span(2, 3), ())
    structure = Structure(blocks=(Block(BlockKind.TABLE, Span(0, 1)),), turns=(turn,))
    back = structure_from_json(structure_to_json(structure))
    assert back.blocks[0].kind is BlockKind.TABLE
    assert back.turns[0].role is Role.INTERVIEWER


def test_equal_values_are_equal_texts_and_letters_stay_readable() -> None:
    assert dumps({"b": 1, "a": "ə"}) == dumps({"a": "ə", "b": 1}) == '{"a":"ə","b":1}'
