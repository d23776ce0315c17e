from __future__ import annotations

import math
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DamagedError, StorageError
from index.lexical import LexicalIndex, analyzer

TEXTS = {
    1: "The treaty of Nakhchivan was signed in 1921.",
    2: "Türkiye and Azerbaijan opened a pipeline in Ceyhan.",
    3: "Pipelines carry gas; the pipeline to Erzurum carries most.",
    5: "A council met. Nobody signed anything.",
}


def made(folder: Path, texts: dict[int, str], header: str = "") -> LexicalIndex:
    index = LexicalIndex.create(folder)
    index.change((key, text, header) for key, text in texts.items())
    return index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return made(tmp_path_factory.mktemp("lexical"), TEXTS, "Energy report")


def keys(index: LexicalIndex, question: str, k: int = 10) -> list[int]:
    found: list[int] = index.search(index.terms(question), k).keys.tolist()
    return found


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Pipelines PIPELINE pipeline", ["pipelin"]),
        ("Türkiye TÜRKİYE naïve Čapek Straße", ["turkiy", "naiv", "capek", "strass"]),
        (unicodedata.normalize("NFD", "Türkiye İzmir"), ["turkiy", "izmir"]),
        ("Who signed what, and when did they sign it?", ["sign"]),
        ("the of and is", []),
        ("", []),
        ("😀 … — «»", []),
        ("U.S. in 1921-23", ["u", "s", "1921", "23"]),
        ("x" * 61, []),
    ],
)
def test_words_are_folded_stemmed_and_stripped_of_stop_words(
    index: LexicalIndex, text: str, terms: list[str]
) -> None:
    assert index.terms(text) == terms


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("turkiye", [2]),
        ("TÜRKİYE'S", [2]),
        ("Which pipelines?", [3, 2]),  # twice in the third
        ("signing", [1, 5]),  # the shorter text first
        ("energies", [1, 2, 3, 5]),  # stands in the header of all, in the order of keys
        ("zebra", []),
    ],
)
def test_passages_are_found_by_any_form_of_a_word(
    index: LexicalIndex, question: str, found: list[int]
) -> None:
    assert keys(index, question) == found


@pytest.mark.parametrize(
    "question",
    [
        "",
        "what of the",
        "pipeline " * 250,
        'text:"pipeline" AND (gas OR -gas) ^2 ~1 [a TO b] {c} * ? \\ /x/ + !',
        "😀👩‍👩‍👧 pipeline",
        "\x00pipeline\x00",
        "\udcff pipeline",
        "管道 трубопровод",
    ],
)
def test_no_question_is_taken_for_syntax(index: LexicalIndex, question: str) -> None:
    """Its words are searched, and nothing else of it means anything."""
    assert keys(index, question) == ([3, 2] if "pipeline" in question else [])


@settings(deadline=None, max_examples=15)
@given(st.lists(st.text(max_size=100), max_size=8))
def test_what_was_indexed_is_found_by_its_own_words(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    index = made(tmp_path_factory.mktemp("any"), dict(enumerate(texts)))
    assert index.keys() == set(range(len(texts)))
    for key, text in enumerate(texts):
        assert key in keys(index, text, len(texts)) or not index.terms(text)


def test_scores_are_bm25_by_hand(index: LexicalIndex) -> None:
    """With k1 = 1.2 and b = .75, as Lucene has it; "council" stands once, in one of four texts."""
    lengths = {key: len(analyzer().analyze(text)) for key, text in TEXTS.items()}
    idf = math.log(1 + (4 - 1 + 0.5) / (1 + 0.5))
    relative = lengths[5] / (sum(lengths.values()) / len(lengths))
    expected = idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * relative))
    hits = index.search(["council"], 1)
    assert hits.keys.tolist() == [5]
    np.testing.assert_allclose(hits.scores, [expected], rtol=1e-5)


def test_a_word_in_the_header_counts_half_of_one_in_the_text(tmp_path: Path) -> None:
    in_text = made(tmp_path / "text", {1: "gas"}, "oil")
    in_header = made(tmp_path / "header", {1: "oil"}, "gas")
    np.testing.assert_allclose(
        in_header.search(["gas"], 1).scores, 0.5 * in_text.search(["gas"], 1).scores, rtol=1e-6
    )
    assert len(in_header.search(["gas"], 1, header_weight=0)) == 0


def test_only_allowed_keys_are_found_and_their_scores_stay(index: LexicalIndex) -> None:
    every = index.search(["pipelin"], 10)
    assert every.keys.tolist() == [3, 2]
    one = index.search(["pipelin"], 10, np.asarray([1, 2, 99]))
    assert one.keys.tolist() == [2]
    np.testing.assert_allclose(one.scores, every.scores[1:], rtol=1e-6)
    assert len(index.search(["pipelin"], 10, np.empty(0, np.int64))) == 0


def test_the_best_k_are_given_best_first(index: LexicalIndex) -> None:
    assert index.search(["pipelin"], 1).keys.tolist() == [3]
    assert index.search(["pipelin"], 0).keys.tolist() == []


def test_the_frequency_of_a_term_counts_passages(index: LexicalIndex) -> None:
    assert [index.document_frequency(term) for term in ("pipelin", "treati", "zebra")] == [2, 1, 0]


def test_what_was_removed_is_gone_and_what_was_added_is_found(tmp_path: Path) -> None:
    index = made(tmp_path, TEXTS)
    index.change([(8, "A new treaty", "")], [3, 99])
    assert (index.keys(), len(index)) == ({1, 2, 5, 8}, 4)
    assert (keys(index, "pipeline"), sorted(keys(index, "treaty"))) == ([2], [1, 8])


def test_an_index_is_the_same_when_opened_again(tmp_path: Path) -> None:
    index = made(tmp_path, TEXTS, "Energy report")
    opened = LexicalIndex.open(tmp_path)
    for question in ("pipeline treaty", "Türkiye", "energy"):
        before, after = (i.search(i.terms(question), 10) for i in (index, opened))
        np.testing.assert_array_equal(before.keys, after.keys)
        np.testing.assert_array_equal(before.scores, after.scores)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = made(tmp_path, {})
    assert (index.keys(), len(index), keys(index, "pipeline")) == (set(), 0, [])


def test_a_folder_that_is_no_index_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match="not a readable lexical index; run `pincite rebuild`"):
        LexicalIndex.open(tmp_path)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match=r"lexical: cannot be written \(.*\); check the disk"):
        LexicalIndex.create(tmp_path / "file" / "lexical")


def test_a_term_is_spelt_as_the_index_spells_it(tmp_path: Path) -> None:
    index = LexicalIndex.create(tmp_path / "lexical")
    index.change([(1, "The road to Qoshtepa.", "Marinok")])
    assert index.spelt("goshtepa") == "qoshtepa"
    assert index.spelt("qoshtepa") == "qoshtepa", "known"
    assert index.spelt("marinok") == "marinok", "known from a header"
    assert index.spelt("elephant") == "elephant", "nothing is like it"
    index.change([(3, "The town of Marinka.", "")])
    assert index.spelt("marynka") == "marinka", "added meanwhile"
