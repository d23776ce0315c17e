from __future__ import annotations

from dataclasses import replace

import pytest

from rag.explain import Explanation, explain
from rag.fuse import FusionConfig, Weights
from rag.records import Question, RankedPassage
from rag.retrieve import retrieve
from rag.testing import Collection, FavouriteWord

_TEXTS = {
    "gas.md": "# Harbour\n\nThe gas field lies under the sea. Pipelines run ashore.\n",
    "wine.md": "# Wine\n\nThe cellar holds wine in clay jars.\n",
}


def _explained(collection: Collection, question: str, place: int = 0) -> tuple[RankedPassage, Explanation]:
    tools = collection.tools()
    ranking = retrieve(Question(question), tools)
    ranked = ranking.passages[place]
    return ranked, explain(ranking, tools)[ranked.stored.passage.id]


def test_words_that_met_are_told_with_their_places(collection: Collection) -> None:
    collection.add(_TEXTS)
    ranked, explained = _explained(collection, "Where does the pipeline bring gas?")
    text = ranked.stored.passage.text
    met = {(m.asked, m.word, text[m.start : m.end], m.exact) for m in explained.met if m.start is not None}
    assert met == {("pipeline", "Pipelines", "Pipelines", True), ("gas", "gas", "gas", True)}
    assert explained.missed == ("bring",)


def test_shares_tell_what_a_word_counts_in_the_question(collection: Collection) -> None:
    collection.add(_TEXTS)
    _, explained = _explained(collection, "gas gas wine")
    assert sum(m.weight for m in explained.met) <= 1
    assert {m.asked for m in explained.met} <= {"gas", "wine"}


def test_a_word_of_the_header_is_told_as_such(collection: Collection) -> None:
    collection.add({"gas.md": "---\ntitle: Annual of Kirmentia\n---\n# Gas\n\nThe field is deep.\n"})
    _, explained = _explained(collection, "Kirmentia")
    assert [(m.word, m.start, m.end, m.exact) for m in explained.met] == [("Kirmentia", None, None, True)]


def test_another_spelling_is_told_as_the_same_word(collection: Collection) -> None:
    collection.add({"a.txt": "The road to Qoshtepe is long.", "b.txt": "The river is deep."})
    ranked, explained = _explained(collection, "Goshtepa")
    assert ranked.stored.source == "a.txt"
    assert [(m.asked, m.word, m.exact) for m in explained.met] == [("Goshtepa", "Qoshtepe", True)]


def test_parts_add_up_to_what_orders_the_passages(collection: Collection) -> None:
    collection.add(_TEXTS)
    tools, config = collection.tools(), FusionConfig(weights=Weights(0.5, 2, 1, 1))
    ranking = retrieve(Question("wine in jars of clay"), tools, config)
    why = explain(ranking, tools, config)
    sums = [sum(part.gave or 0 for part in why[r.stored.passage.id].parts) for r in ranking.passages]
    assert sums == sorted(sums, reverse=True)
    for ranked in ranking.passages:
        told = {part.signal: part.value for part in why[ranked.stored.passage.id].parts}
        assert told == dict(ranked.signals)


def test_a_second_model_decides_by_itself(collection: Collection) -> None:
    collection.add(_TEXTS)
    tools = collection.tools(FavouriteWord("wine"))
    ranking = retrieve(Question("wine"), tools)
    best = explain(ranking, tools)[ranking.passages[0].stored.passage.id]
    [part] = [part for part in best.parts if part.signal == "favourite"]
    assert (part.value, part.weight, part.gave) == (1.0, None, None)


@pytest.mark.parametrize("question", ["?!", "what is the", "ядро"])
def test_a_question_without_words_that_count_meets_nothing(collection: Collection, question: str) -> None:
    collection.add(_TEXTS)
    _, explained = _explained(collection, question)
    assert explained.met == ()


def test_of_no_passages_there_is_nothing_to_explain(collection: Collection) -> None:
    collection.add(_TEXTS)
    tools = collection.tools()
    assert dict(explain(replace(retrieve(Question("gas"), tools), passages=()), tools)) == {}
