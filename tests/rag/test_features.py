from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.features import FEATURES, LATE, features
from rag.records import Question
from rag.retrieve import retrieve
from rag.testing import Collection

_TEXT = (
    "The quay of Morava is 900 metres long. The quay was built in 1905 by Ada Lind. "
    "The harbour did not freeze. The tower stands north of the quay."
)


def _features(collection: Collection, question: str) -> dict[str, float]:
    found = features(retrieve(Question(question), collection.tools()), collection.reader.snapshot())
    assert found is not None
    assert found.shape == (len(FEATURES),)
    return dict(zip(FEATURES, found.tolist(), strict=True))


@pytest.fixture
def quay(collection: Collection) -> Collection:
    collection.add({"quay.txt": _TEXT, "train.txt": "The train to Vik is slow. It has 12 cars."})
    return collection


def test_a_word_that_is_nowhere_is_missing_and_the_rarest(quay: Collection) -> None:
    full, near = (_features(quay, f"How long is the {what} of Morava?") for what in ("quay", "volcano"))
    assert (full["missing words"], full["missing from all"], full["terms of window"]) == (0, 0, 1)
    assert (near["missing words"], near["missing from all"], near["rarest held"]) == (1, 1, 0)
    assert near["missing rarity"] > full["missing rarity"] == 0
    assert near["least like window"] < full["least like window"]


def test_what_is_asked_for_is_offered_or_not(quay: Collection) -> None:
    offered, nothing = (
        _features(quay, q) for q in ("When was the quay built?", "How much did the quay cost to build?")
    )
    assert (offered["offers nothing"], offered["asks for a date"]) == (0, 1)
    assert (nothing["offers nothing"], nothing["asks for a figure"]) == (1, 1)
    assert offered["offered nearby"] > nothing["offered nearby"] == 0


def test_an_offer_beside_what_is_asked_for_is_nearer_than_one_elsewhere(quay: Collection) -> None:
    beside, elsewhere = (
        _features(quay, f"How many {what} does the train have?") for what in ("cars", "doors")
    )
    assert beside["offered first like"] > elsewhere["offered first like"]


def test_where_nothing_of_a_kind_is_asked_for_offers_tell_nothing(quay: Collection) -> None:
    found = _features(quay, "Describe the quay.")
    assert all(np.isnan(found[name]) for name in FEATURES if name.startswith("offer"))


def test_names_and_numbers_of_the_question_are_looked_for_in_the_sentence(quay: Collection) -> None:
    found = _features(quay, "Was the quay of Vik built in 1905?")
    assert (found["names held"], found["numbers held"]) == (0, 1)
    assert np.isnan(_features(quay, "Is the train slow?")["names held"])


@pytest.mark.parametrize(
    ("question", "feature", "value"),
    [
        ("Did the harbour freeze?", "negation differs", 1),
        ("Did the harbour not freeze?", "negation differs", 0),
        ("What stands south of the quay?", "opposites", 1),
        ("What stands north of the quay?", "opposites", 0),
        ("Who built the first quay?", "superlatives missing", 1),
    ],
)
def test_what_turns_a_meaning_round(quay: Collection, question: str, feature: str, value: float) -> None:
    assert _features(quay, question)[feature] == value


def test_without_token_codes_likenesses_are_zero(quay: Collection) -> None:
    ranking = retrieve(Question("How long is the quay?"), quay.tools())
    bare = replace(ranking, tokens=ranking.tokens[:0], starts=ranking.starts[:0])
    found = features(bare, quay.reader.snapshot())
    assert found is not None
    told = dict(zip(FEATURES, found.tolist(), strict=True))
    assert {name: told[name] for name in LATE if not name.startswith("offered")} == {
        name: 0.0 for name in LATE if not name.startswith("offered")
    }


def test_nothing_ranked_has_no_features(quay: Collection) -> None:
    ranking = replace(retrieve(Question("quay"), quay.tools()), passages=())
    assert features(ranking, quay.reader.snapshot()) is None


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    made = Collection(tmp_path_factory.mktemp("fixed"))
    made.add({"quay.txt": _TEXT})
    yield made
    made.close()


@given(st.text(min_size=1, max_size=60).filter(str.strip))
@settings(max_examples=60, deadline=None)
def test_any_question_has_features_that_are_finite_or_not_there(fixed: Collection, question: str) -> None:
    ranking = retrieve(Question(question), fixed.tools())
    found = features(ranking, fixed.reader.snapshot())
    assert found is None or not np.isinf(found).any()
