from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.calibration import NAMES, Logistic, Part, Tier, columns, read_calibration, shipped
from rag.errors import CalibrationError
from rag.features import FEATURES

_NAN = float("nan")


def _model(intercept: float = 0.0) -> Logistic:
    return Logistic(intercept, np.asarray([1.0, 0.0]), np.asarray([2.0, 1.0]), np.asarray([4.0, -1.0]))


def test_a_logistic_model_by_hand() -> None:
    # 4 * (2 - 1) / 2 - 1 * 3 + 1 = 0, so even odds; with the second feature at 0 it is e³ to one.
    assert _model(1.0).probability(np.asarray([2.0, 3.0])) == 0.5
    assert _model(1.0).probability(np.asarray([2.0, 0.0])) == pytest.approx(1 / (1 + np.exp(-3)))


def test_what_is_not_a_number_tells_nothing() -> None:
    assert _model().probability(np.asarray([_NAN, 0.0])) == _model().probability(np.asarray([1.0, 0.0]))


def test_many_questions_at_once_are_each_as_alone() -> None:
    values = np.asarray([[0.0, 1.0], [1.0, 2.0]])
    assert _model().probability(values).tolist() == [float(_model().probability(row)) for row in values]


def test_the_tier_is_what_the_index_allows() -> None:
    own = shipped().encoder
    assert shipped().tier(own, True) is Tier.LATE
    assert shipped().tier(own, False) is Tier.DENSE
    assert shipped().tier("other", True) is Tier.LEXICAL


def test_each_tier_looks_at_its_own_features_only() -> None:
    rng = np.random.default_rng(3)
    values = rng.random(len(FEATURES))
    for tier in Tier:
        used = {place for part in Part for place in columns(tier, part)}
        other = np.where([place in used for place in range(len(FEATURES))], values, rng.random(len(FEATURES)))
        assert shipped().probability(other, tier) == shipped().probability(values, tier)
    assert set(NAMES[Tier.LEXICAL][Part.HOLDS]) < set(NAMES[Tier.DENSE][Part.HOLDS]) < set(FEATURES)


def test_topic_lowers_a_confidence_and_never_raises_it() -> None:
    values = np.zeros(len(FEATURES))
    near, far = values.copy(), values.copy()
    near[FEATURES.index("cosine")], far[FEATURES.index("cosine")] = 1.0, -1.0
    near[columns(Tier.LATE, Part.TOPIC)], far[columns(Tier.LATE, Part.TOPIC)] = 1.0, 0.0
    for row in (near, far):
        holds = shipped().models[Tier.LATE][Part.HOLDS].probability(row[columns(Tier.LATE, Part.HOLDS)])
        assert shipped().probability(row, Tier.LATE) <= holds


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(shipped().to_json()), encoding="utf-8")
    read = read_calibration(path)
    assert read.to_json() == shipped().to_json()
    values = np.random.default_rng(0).random((9, len(FEATURES)))
    for tier in Tier:
        assert read.probability(values, tier).tolist() == shipped().probability(values, tier).tolist()


def _broken(change: str) -> str:
    body: dict[str, Any] = shipped().to_json()
    holds = body["models"]["late"]["holds"]
    if change == "format":
        body["format"] = 99
    elif change == "feature":
        holds["features"]["mood"] = holds["features"].pop("cosine")
    elif change == "scale":
        holds["features"]["cosine"] = [0.5, 0.0, 1.0]
    elif change == "risk":
        body["risk"] = 7
    else:
        del body["models"]["dense"]
    return json.dumps(body)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "JSONDecodeError"),
        ("[1]", "TypeError"),
        (_broken("format"), "format 99, expected 1"),
        (_broken("feature"), "features that are not those of this version: cosine, mood"),
        (_broken("scale"), "a scale that is not above 0"),
        (_broken("risk"), "risk 7.0 is not between 0 and 1"),
        (_broken("tier"), "KeyError: 'dense'"),
    ],
)
def test_a_file_that_is_none_is_told_with_what_to_do(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CalibrationError) as raised:
        read_calibration(path)
    message = str(raised.value)
    assert message.startswith(f"{path}: not a calibration of this version (")
    assert told in message
    assert message.endswith("make one with: pincite eval calibrate SET --out FILE")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match="cannot be read: No such file"):
        read_calibration(tmp_path / "none.json")
