from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.records import Span
from eval.benchmark import Benchmark, Entry
from eval.calibrate import Examples, calibrate, check, gather, held_out, highest_tier
from eval.errors import EvaluationError
from eval.records import Evidence, GoldQuestion
from rag.calibration import Part, Tier
from rag.features import FEATURES
from rag.testing import Collection

_HOLDS, _COSINE = FEATURES.index("terms of window"), FEATURES.index("cosine")


def made(name: str, n: int = 200, seed: int = 0, *, foreign: int = 50, has_tokens: bool = True) -> Examples:
    """Questions that have an answer when `terms of window` is high, and are foreign when `cosine` is low."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n + foreign, len(FEATURES)))
    strange = np.arange(n + foreign) >= n
    answerable = ~strange & (values[:, _HOLDS] + 0.5 * rng.normal(size=n + foreign) > -0.5)
    values[:, _COSINE] += np.where(strange, -4, 0)
    return Examples(name, "e", has_tokens, values, answerable, answerable, strange)


def test_own_questions_count_in_the_asked_mix_and_foreign_ones_not_at_all() -> None:
    one = made("a")
    counts = one.counts(0.25)
    assert counts.sum() == pytest.approx(200)
    assert counts[one.near_miss].sum() == pytest.approx(50)
    assert counts[one.foreign].sum() == 0


def test_what_decides_is_found_part_by_part() -> None:
    found = calibrate([made("a"), made("b", seed=1)], 0.2)
    holds, topic = (found.models[Tier.LATE][part] for part in (Part.HOLDS, Part.TOPIC))
    assert int(np.abs(holds.weights).argmax()) == _HOLDS
    assert int(np.abs(topic.weights).argmax()) == 2  # the cosine
    assert found.encoder == "e"


def test_a_large_set_weighs_as_much_as_a_small_one() -> None:
    small, large = made("a", 100), made("b", 1000, seed=1)
    turned = replace(large, supported=~large.supported & ~large.foreign)
    weight = calibrate([small, turned], 0.2).models[Tier.LATE][Part.HOLDS].weights[_HOLDS]
    alone = calibrate([turned], 0.2).models[Tier.LATE][Part.HOLDS].weights[_HOLDS]
    assert alone < -0.5 < weight < 0.5


def test_held_out_confidences_do_not_know_their_own_set() -> None:
    sets = [made("a"), made("b", seed=1)]
    one, _ = held_out(sets, 0.2, Tier.LATE)
    changed = replace(sets[0], supported=~sets[0].supported)
    assert held_out([changed, sets[1]], 0.2, Tier.LATE)[0].tolist() == one.tolist()
    assert calibrate(sets, 0.2).probability(sets[0].values, Tier.LATE).tolist() != one.tolist()


def test_an_only_set_is_held_out_by_parts_that_do_not_know_their_own_questions() -> None:
    one = made("a")
    (before,) = held_out([one], 0.2, Tier.LATE)
    supported = one.supported.copy()
    supported[7] = not supported[7]
    (after,) = held_out([replace(one, supported=supported)], 0.2, Tier.LATE)
    assert after[7] == before[7]
    assert (after != before).any()


def test_a_known_calibration_of_the_same_encoder_is_started_from() -> None:
    known = calibrate([made("a", 2000)], 0.2)
    few = made("b", 30, seed=2, foreign=0)
    moved = calibrate([few], 0.2, replace(known, risk=0.3))
    assert moved.risk == 0.3
    assert moved.models[Tier.LATE][Part.TOPIC] is known.models[Tier.LATE][Part.TOPIC]
    start, end = (c.models[Tier.LATE][Part.HOLDS].weights[_HOLDS] for c in (known, moved))
    assert abs(end - start) < 0.5 * abs(start)


def test_without_token_codes_the_known_model_of_them_is_kept_and_without_it_they_are_asked_for() -> None:
    known, bare = calibrate([made("a")], 0.2), made("b", has_tokens=False)
    assert highest_tier([made("a"), bare]) is Tier.DENSE
    assert calibrate([bare], 0.2, known).models[Tier.LATE] is known.models[Tier.LATE]
    with pytest.raises(EvaluationError, match="b: indexed without token codes"):
        calibrate([bare], 0.2)


def test_topic_needs_foreign_questions_or_a_known_model() -> None:
    with pytest.raises(EvaluationError, match="name a set with --foreign SET"):
        calibrate([made("a", foreign=0)], 0.2)


@pytest.mark.parametrize(
    ("sets", "told"),
    [
        ([made("a", 12)], "a: .* questions with an answer, at least 20 are needed"),
        (
            [replace(made("a"), answerable=~made("a").foreign)],
            r"a: 0 questions without one \(kind: unanswerable\), at least 20",
        ),
        ([made("a"), replace(made("b"), encoder="f")], "a, b: indexed with different encoders"),
    ],
)
def test_sets_that_teach_nothing_are_refused(sets: list[Examples], told: str) -> None:
    with pytest.raises(EvaluationError, match=told):
        check(sets)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    found = Collection(tmp_path / "data")
    yield found
    found.close()


def test_questions_are_gathered_with_what_is_known_of_them(collection: Collection) -> None:
    texts = {"quay": "The quay is 900 metres long.", "tower": "The tower is red."}
    collection.add(texts)
    questions = (
        GoldQuestion("1", "How long is the quay?", "factoid", evidence=(Evidence("quay", Span(0, 28)),)),
        GoldQuestion("2", "How old is the quay?", "unanswerable", answerable=False),
        GoldQuestion("3", "Who wrote the chapter on quays?", "unanswerable", answerable=False),
    )
    benchmark = Benchmark("quays", {k: Entry(k, v) for k, v in texts.items()}, questions, {"1": {"quay": 1}})
    seen: list[None] = []
    found = gather(benchmark, collection.tools(), ["Who won the cup?"], lambda: seen.append(None))
    assert len(seen) == 4
    assert found.values.shape == (3, len(FEATURES))  # structure is not fitted
    assert found.answerable.tolist() == [True, False, False]
    assert found.supported.tolist() == [True, False, False]
    assert found.foreign.tolist() == [False, False, True]
    assert (found.name, found.has_tokens) == ("quays", True)
