from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.passages import PassageConfig
from rag.extract import Extract, ExtractConfig, extract
from rag.records import Question
from rag.retrieve import retrieve
from rag.testing import Collection, FavouriteWord

_GENEROUS = ExtractConfig(passages=100, sentences=100, characters=100_000, enough=0.0)
_HARBOUR = (
    "# Harbours\n\nThe harbour of Baku is deep. Ships wait there. The harbour of Poti is shallow.\n\n"
    "## Tolls\n\nA harbour toll is due in Baku every spring. Nobody likes to pay.\n"
)


def _extract(
    collection: Collection, question: str, config: ExtractConfig | None = None, favourite: str | None = None
) -> list[Extract]:
    tools = collection.tools(FavouriteWord(favourite) if favourite else None)
    return extract(retrieve(Question(question), tools), tools.snapshot, config)


def _texts(extracts: Sequence[Extract]) -> list[str]:
    return [extract.text for extract in extracts]


@pytest.fixture(scope="module")
def harbours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    made = Collection(tmp_path_factory.mktemp("harbours"))
    made.add({"a.md": _HARBOUR, "b.md": "# Trains\n\nThe harbour train leaves Baku at noon. It is red.\n"})
    yield made
    made.close()


def test_the_sentence_that_holds_most_of_the_question_is_chosen(harbours: Collection) -> None:
    assert _texts(_extract(harbours, "Is the harbour of Poti shallow?", ExtractConfig(sentences=1))) == [
        "The harbour of Poti is shallow."
    ]


def test_sentences_are_verbatim_ranges_of_their_passages(harbours: Collection) -> None:
    extracts = _extract(harbours, "harbour Baku toll train", _GENEROUS)
    assert len(extracts) >= 4
    for found in extracts:
        passage = found.ranked.stored.passage
        assert (found.start, found.end) in passage.sentences
        assert passage.text[found.start : found.end] == found.text


def test_a_heading_is_never_an_answer(collection: Collection) -> None:
    """It holds every word that was asked for, and is all but a sentence."""
    collection.add({"a.md": "# The harbour of Baku is deep\n\nIts harbour was dredged.\n"})
    assert _texts(_extract(collection, "Is the harbour of Baku deep?", _GENEROUS)) == [
        "Its harbour was dredged."
    ]


def test_code_is_never_an_answer(collection: Collection) -> None:
    collection.add({"a.md": "The harbour is deep.\n\n```\nharbour = deep(Baku)\n```\n"})
    assert _texts(_extract(collection, "harbour deep Baku", _GENEROUS)) == ["The harbour is deep."]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How deep is the harbour?", ["The harbour is deep."]),
        (
            "Which source says that the harbour is deep?",
            ["The harbour is deep.", "Pilot book, The Deep Harbour."],
        ),
    ],
)
def test_footnotes_speak_only_where_a_source_is_asked_for(
    collection: Collection, question: str, found: list[str]
) -> None:
    collection.add({"a.md": "The harbour is deep.[^1]\n\n[^1]: Pilot book, The Deep Harbour.\n"})
    assert _texts(_extract(collection, question, _GENEROUS)) == found


def test_a_note_that_is_longer_than_a_passage_is_a_note_in_all_its_parts(tmp_path: Path) -> None:
    notes = Collection(tmp_path, passages=PassageConfig(max_tokens=20, overlap_tokens=0))
    long_note = " ".join(f"The pilot book {n} calls the harbour deep." for n in range(6))
    notes.add({"a.md": f"The harbour is deep.[^1]\n\n[^1]: {long_note}\n"})
    texts = _texts(_extract(notes, "How deep is the harbour?", _GENEROUS))
    notes.close()
    assert texts == ["The harbour is deep."]


def test_a_question_is_no_answer(collection: Collection) -> None:
    collection.add({"a.txt": "Who opened the harbour? Nobody knows. The harbour was opened by a duke."})
    assert "Who opened the harbour?" not in _texts(_extract(collection, "Who opened the harbour?", _GENEROUS))


def test_no_sentence_stands_twice_though_two_documents_say_it(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is deep.", "b.txt": "The harbour is deep. The harbour is wide."})
    assert sorted(_texts(_extract(collection, "harbour", _GENEROUS))) == [
        "The harbour is deep.",
        "The harbour is wide.",
    ]


def test_no_sentence_stands_twice_though_two_passages_overlap(tmp_path: Path) -> None:
    overlapping = Collection(tmp_path, passages=PassageConfig(max_tokens=20, overlap_tokens=8))
    overlapping.add({"a.txt": " ".join(f"Harbour {n} holds ships." for n in "abcdefghij")})
    texts = _texts(_extract(overlapping, "harbour ships", _GENEROUS))
    overlapping.close()
    assert len(texts) == len(set(texts)) == 10


def test_sentences_of_a_document_stand_in_reading_order(harbours: Collection) -> None:
    texts = [t for t in _texts(_extract(harbours, "toll harbour Baku", _GENEROUS)) if "train" not in t]
    assert texts == sorted(texts, key=_HARBOUR.index)
    assert len(texts) == 3


def test_sentences_of_overlapping_passages_stand_in_reading_order(tmp_path: Path) -> None:
    """The end of a passage is repeated by the next one; its sentences must not be shuffled."""
    text = " ".join(f"Harbour {n} holds ships." for n in "abcdefghij")
    overlapping = Collection(tmp_path, passages=PassageConfig(max_tokens=20, overlap_tokens=8))
    overlapping.add({"a.txt": text})
    for favourite in "abcdefghij":
        texts = _texts(_extract(overlapping, "harbour ships", _GENEROUS, f"Harbour {favourite} "))
        assert texts == sorted(texts, key=text.index)
    overlapping.close()


def test_the_document_of_the_best_passage_speaks_first(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is old.", "b.txt": "The harbour is new."})
    assert [e.ranked.stored.source for e in _extract(collection, "harbour", _GENEROUS, "new")] == [
        "b.txt",
        "a.txt",
    ]


def test_nothing_is_extracted_where_no_sentence_shares_a_term(harbours: Collection) -> None:
    assert _extract(harbours, "volcano eruption", _GENEROUS) == []
    assert _extract(harbours, "what is the", _GENEROUS) == []


def test_nothing_is_extracted_from_nothing(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is old."})
    collection.remove("a.txt")
    assert _extract(collection, "harbour") == []


def test_only_the_best_passages_are_read(harbours: Collection) -> None:
    found = _extract(harbours, "harbour Baku", ExtractConfig(passages=1, sentences=9, enough=0.0))
    assert {extract.ranked.rank for extract in found} == {1}


def test_a_further_sentence_must_say_nearly_as_much(harbours: Collection) -> None:
    question = "Which harbour toll is due in Baku every spring?"
    assert _texts(_extract(harbours, question, ExtractConfig(passages=9, sentences=9, enough=0.9))) == [
        "A harbour toll is due in Baku every spring."
    ]


def test_the_best_sentence_is_given_though_it_is_longer_than_the_budget(harbours: Collection) -> None:
    assert _texts(_extract(harbours, "harbour Poti shallow", ExtractConfig(characters=5))) == [
        "The harbour of Poti is shallow."
    ]


@given(sentences=st.integers(1, 8), characters=st.integers(1, 200), passages=st.integers(1, 5))
@settings(deadline=None, max_examples=60)
def test_budgets_of_sentences_and_characters_hold(
    harbours: Collection, sentences: int, characters: int, passages: int
) -> None:
    """The characters are those of the answer, spaces between the sentences included."""
    texts = _texts(
        _extract(harbours, "harbour Baku", ExtractConfig(passages, sentences, characters, enough=0.0))
    )
    assert 1 <= len(texts) <= sentences
    assert len(texts) == 1 or len(" ".join(texts)) <= characters


def test_an_answer_says_what_its_question_asked(collection: Collection) -> None:
    talk = (("Why is the harbour of Poti so shallow?", "Silt. Nobody digs."), ("Is Baku deep?", "Yes."))
    text = "".join(f"Q: {question}\n\nA: {answer} And so on.\n\n" for question, answer in (*talk, *talk))
    collection.add({"talk.txt": text})
    found = _extract(collection, "Why is the harbour of Poti shallow?", ExtractConfig(sentences=1))
    assert _texts(found) == ["Silt."]
