from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.passages import PassageConfig
from index.testing import HashEncoder
from rag.extract import Extract, ExtractConfig, extract
from rag.records import Question, Role, Turn
from rag.retrieve import retrieve
from rag.testing import Collection, FavouriteWord

_GENEROUS = ExtractConfig(
    passages=100, sentences=100, characters=100_000, looked_at=1_000, close=9.0, closer=9.0
)
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
        assert found.start in [start for start, _ in passage.sentences]
        assert found.end in [end for _, end in passage.sentences]
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
    assert len(texts) == 5


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


def test_without_token_codes_nothing_is_extracted_where_no_sentence_shares_a_term(tmp_path: Path) -> None:
    plain = Collection(tmp_path, encoder=HashEncoder(tokens=False))
    plain.add({"a.md": _HARBOUR})
    assert _texts(_extract(plain, "Is the harbour of Poti shallow?", ExtractConfig(sentences=1))) == [
        "The harbour of Poti is shallow."
    ]
    assert _extract(plain, "volcano eruption", _GENEROUS) == []
    plain.close()


def test_nothing_is_extracted_from_nothing(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is old."})
    collection.remove("a.txt")
    assert _extract(collection, "harbour") == []


def test_only_the_best_passages_are_read(harbours: Collection) -> None:
    found = _extract(harbours, "harbour Baku", ExtractConfig(passages=1, sentences=9, close=9.0))
    assert {extract.ranked.rank for extract in found} == {1}


def test_a_further_sentence_must_say_nearly_as_much(harbours: Collection) -> None:
    question = "Which harbour toll is due in Baku every spring?"
    assert _texts(_extract(harbours, question, ExtractConfig(sentences=9))) == [
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
        _extract(harbours, "harbour Baku", ExtractConfig(passages, sentences, characters, close=9.0))
    )
    assert 1 <= len(texts) <= sentences
    assert len(texts) == 1 or len(" ".join(texts)) <= characters


def test_an_answer_says_what_its_question_asked(collection: Collection) -> None:
    talk = (("Why is the harbour of Poti so shallow?", "Silt. Nobody digs."), ("Is Baku deep?", "Yes."))
    text = "".join(f"Q: {question}\n\nA: {answer} And so on.\n\n" for question, answer in (*talk, *talk))
    collection.add({"talk.txt": text})
    found = _extract(collection, "Why is the harbour of Poti shallow?", ExtractConfig(sentences=1))
    assert _texts(found) == ["Silt."]


_LIGHTS = (
    "The Rock Light stands off the coast of Baku. It was built in 1911 by Ada Sund. Its lamp burns oil. "
    "The Sand Light stands near Poti. The latter is closed to visitors.\n"
)


def _lights(collection: Collection, question: str) -> list[Extract]:
    collection.add({"a.txt": _LIGHTS})
    return _extract(collection, question, ExtractConfig(sentences=1))


def test_a_sentence_brings_the_one_that_names_its_subject(collection: Collection) -> None:
    (found,) = _lights(collection, "In which year was it built by Ada Sund?")
    assert found.text == "The Rock Light stands off the coast of Baku. It was built in 1911 by Ada Sund."
    assert found.ranked.stored.passage.text[found.own : found.end] == "It was built in 1911 by Ada Sund."


def test_what_is_brought_goes_back_over_a_sentence_that_leans_itself(collection: Collection) -> None:
    (found,) = _lights(collection, "What does the lamp burn: oil?")
    assert found.text.startswith("The Rock Light stands")
    assert found.text.endswith("Its lamp burns oil.")


def test_a_sentence_whose_subject_is_out_of_sight_is_not_given(tmp_path: Path) -> None:
    """The passage begins with it, and nothing of the one before is repeated there."""
    cut = Collection(tmp_path, passages=PassageConfig(max_tokens=12, overlap_tokens=0))
    cut.add({"a.txt": "The Rock Light stands off the coast. It was built in 1911 by Ada Sund."})
    found = _texts(_extract(cut, "When was it built by Ada Sund?", _GENEROUS))
    cut.close()
    assert found == ["The Rock Light stands off the coast."]


def test_what_was_asked_for_is_marked(collection: Collection) -> None:
    (found,) = _lights(collection, "In which year was it built by Ada Sund?")
    text = found.ranked.stored.passage.text
    assert [text[slice(*range_)] for range_ in found.highlights] == ["1911"]
    assert [found.text[slice(*range_)] for range_ in found.marks] == ["1911"]


def test_a_sentence_that_offers_what_is_wanted_comes_before_one_that_does_not(collection: Collection) -> None:
    collection.add(
        {"a.txt": "The harbour of Baku was opened by dukes. The harbour of Baku was opened in 1911."}
    )
    question = Question("When was the harbour of Baku opened?")
    tools = collection.tools()
    assert _texts(extract(retrieve(question, tools), tools.snapshot, ExtractConfig(sentences=1))) == [
        "The harbour of Baku was opened in 1911."
    ]


def test_what_the_conversation_has_heard_gives_way(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour of Baku is deep and old. The harbour of Baku is deep and wide."})
    tools, one = collection.tools(), ExtractConfig(sentences=1)

    def first(*heard: str) -> str:
        history = tuple(Turn(Role.ASSISTANT, text) for text in heard)
        return extract(retrieve(Question("harbour Baku deep", history=history), tools), tools.snapshot, one)[
            0
        ].text

    assert first() != first(first())


def test_no_more_than_the_closest_sentences_are_read_closely(collection: Collection) -> None:
    collection.add({"a.txt": "The harbour is deep. The harbour is wide. The harbour is old."})
    assert len(_extract(collection, "harbour", ExtractConfig(looked_at=2, close=9.0))) == 2
