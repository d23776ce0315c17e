from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.records import Question, Ranking
from rag.retrieve import retrieve
from rag.sentences import Look, held, look, question_words
from rag.testing import Collection

_TEXT = "The quay of Morava is 900 metres long. It was built in 1905. The tower is red."


def _ranking(collection: Collection, question: str) -> Ranking:
    return retrieve(Question(question), collection.tools())


def _look(collection: Collection, question: str) -> Look:
    collection.add({"quay.txt": _TEXT, "train.txt": "The train is slow. Nobody knows the train."})
    seen = look(_ranking(collection, question), collection.reader.snapshot())
    assert seen
    return seen


def test_words_are_those_that_say_what_is_asked(collection: Collection) -> None:
    words = _look(collection, "How long is the quay of Morava in 1905?").words
    assert [(w.text, w.is_name, w.is_number) for w in words] == [
        ("long", False, False),
        ("quay", False, False),
        ("Morava", True, False),
        ("1905", False, True),
    ]


def test_a_question_of_stop_words_keeps_them_all(collection: Collection) -> None:
    collection.add({"a.txt": _TEXT})
    words = question_words("What is it?", collection.reader.snapshot())
    assert [word.text for word in words] == ["What", "is", "it"]


def test_a_word_has_the_tokens_that_start_in_it(collection: Collection) -> None:
    collection.add({"a.txt": _TEXT})
    words = question_words("quay of Morava", collection.reader.snapshot(), [0, 2, 5, 8, 12])
    assert [(word.text, word.tokens) for word in words] == [("quay", (0, 1)), ("Morava", (3, 4))]


def test_weights_are_by_rarity_and_sum_to_one(collection: Collection) -> None:
    seen = _look(collection, "Is the tower red?")
    assert seen.weights.sum() == pytest.approx(1)
    assert np.argsort(-seen.weights).tolist() == np.argsort([-w.rarity for w in seen.words]).tolist()


def test_held_is_all_some_or_none_of_a_word(collection: Collection) -> None:
    collection.add({"a.txt": _TEXT})
    words = question_words("Trans-Caspian harbour quay", collection.reader.snapshot())
    assert held(words, frozenset(["caspian", "quay"])).tolist() == [0.5, 0.0, 1.0]


def test_the_best_sentence_is_the_one_that_says_most(collection: Collection) -> None:
    best = _look(collection, "How long is the quay of Morava?").sentences[0]
    assert best.text == "The quay of Morava is 900 metres long."
    assert best.held.tolist() == [1.0, 1.0, 1.0]


def test_the_window_lends_what_the_sentence_before_says(collection: Collection) -> None:
    seen = _look(collection, "When was the quay built?")
    built = next(one for one in seen.sentences if one.text == "It was built in 1905.")
    assert (built.before, built.held.tolist()) == ("The quay of Morava is 900 metres long.", [0.0, 1.0])
    assert built.window.tolist() == [1.0, 1.0]


def test_likeness_is_that_of_the_closest_token_in_the_sentence(collection: Collection) -> None:
    seen = _look(collection, "Is the tower red?")
    red, train = (next(o for o in seen.sentences if o.text.startswith(x)) for x in ("The tower", "Nobody"))
    assert red.like.tolist() == pytest.approx([1.0, 1.0], abs=0.1)  # one bit a component loses some
    assert (train.like < 0.7).all()


def test_without_token_codes_words_alone_decide(collection: Collection) -> None:
    collection.add({"quay.txt": _TEXT})
    ranking = _ranking(collection, "Is the tower red?")
    bare = replace(ranking, tokens=ranking.tokens[:0], starts=ranking.starts[:0])
    seen = look(bare, collection.reader.snapshot())
    assert seen
    assert seen.sentences[0].text == "The tower is red."
    assert not any(one.like.any() for one in seen.sentences)


def test_what_is_close_leaves_out_a_range(collection: Collection) -> None:
    seen = _look(collection, "Is the tower red?")
    passage = seen.sentences[0].seen
    start = passage.ranked.stored.passage.text.index("tower")
    whole, without = passage.closest(0, 999), passage.closest(0, 999, but=(start, start + len("tower")))
    assert whole[0] > 0.9 > without[0]
    assert whole[1] == without[1]


def test_nothing_ranked_is_nothing_to_look_at(collection: Collection) -> None:
    collection.add({"quay.txt": _TEXT})
    ranking = replace(_ranking(collection, "tower"), passages=())
    assert look(ranking, collection.reader.snapshot()) is None
