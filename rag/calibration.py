"""From features to a probability: logistic models, fitted by `pincite eval calibrate`, kept in one file.

The passages support an answer when they are about what is asked *and* hold the thing that is asked for. A
question that is foreign to the collection fails the first, a near miss only the second, and what tells the
one tells little of the other: so each has its model, and the probability is their product; but a question
that is likelier the collection's own than foreign is not held to be less so for other words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.records import FloatArray
from rag.errors import CalibrationError
from rag.features import DENSE, FEATURES, LEXICAL

DoubleArray = NDArray[np.float64]

FORMAT = 1
_SHIPPED = "confidence.json"
_OWN = 0.5  # a topic from here on is the collection's own
_MAKE = "make one with: pincite eval calibrate SET --out FILE"


class Tier(StrEnum):
    """Which features can be trusted; each tier has those of the one before, and more."""

    LEXICAL = "lexical"  # always: they look at words
    DENSE = "dense"  # where the vectors are those of the encoder that the model was fitted with
    LATE = "late"  # and where the index keeps token codes of it


class Part(StrEnum):
    """What must be so for the passages to support an answer."""

    TOPIC = "topic"  # the collection is about it
    HOLDS = "holds"  # and holds what is asked for


_TOPIC = ("terms of passage", "terms of all")
NAMES: Mapping[Tier, Mapping[Part, tuple[str, ...]]] = MappingProxyType(
    {
        Tier.LEXICAL: {Part.TOPIC: _TOPIC, Part.HOLDS: LEXICAL},
        Tier.DENSE: {Part.TOPIC: (*_TOPIC, "cosine"), Part.HOLDS: LEXICAL + DENSE},
        Tier.LATE: {Part.TOPIC: (*_TOPIC, "cosine"), Part.HOLDS: FEATURES},
    }
)


@dataclass(frozen=True, slots=True)
class Logistic:
    """Odds that are linear in standardised features; all arrays are [features] float64."""

    intercept: float
    centre: DoubleArray
    scale: DoubleArray
    weights: DoubleArray

    def probability(self, values: FloatArray | DoubleArray) -> DoubleArray:
        """The probability [...] of features [..., f]; one that is NaN tells nothing."""
        standard = np.nan_to_num((values - self.centre) / self.scale)
        made: DoubleArray = 1 / (1 + np.exp(-(self.intercept + standard @ self.weights)))
        return made


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted, for one encoder, and the risk that is taken where nobody says."""

    encoder: str  # the fingerprint of its identity
    risk: float
    models: Mapping[Tier, Mapping[Part, Logistic]]
    fitted: Mapping[str, Any]  # how: sets, questions, figures; for people

    def tier(self, encoder: str, has_tokens: bool) -> Tier:
        """The highest tier that an index of an encoder (its fingerprint) allows."""
        if encoder != self.encoder:
            return Tier.LEXICAL
        return Tier.LATE if has_tokens else Tier.DENSE

    def probability(self, values: FloatArray | DoubleArray, tier: Tier) -> DoubleArray:
        """The probability [...] that passages support an answer, by their features [..., len(FEATURES)]."""
        topic, holds = (self.models[tier][p].probability(values[..., columns(tier, p)]) for p in Part)
        made: DoubleArray = holds * np.minimum(1, topic / _OWN)
        return made

    def to_json(self) -> dict[str, Any]:
        """Plain values; a row a feature: centre, scale, weight."""
        return {
            "format": FORMAT,
            "encoder": self.encoder,
            "risk": self.risk,
            "fitted": dict(self.fitted),
            "models": {
                tier.value: {part.value: _to_json(model, NAMES[tier][part]) for part, model in parts.items()}
                for tier, parts in self.models.items()
            },
        }


def columns(tier: Tier, part: Part) -> list[int]:
    """The places among the features of those that a model has."""
    return [FEATURES.index(name) for name in NAMES[tier][part]]


@cache
def shipped() -> Calibration:
    """The calibration that comes with the program."""
    return _calibration(json.loads(files("rag").joinpath(_SHIPPED).read_text(encoding="utf-8")))


def read_calibration(path: Path) -> Calibration:
    """A file that `pincite eval calibrate` wrote; CalibrationError when it is none, or of another version."""
    try:
        return _calibration(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CalibrationError(f"{path}: cannot be read: {error.strerror or error}; {_MAKE}") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise CalibrationError(
            f"{path}: not a calibration of this version ({type(error).__name__}: {error}); {_MAKE}"
        ) from error


def _calibration(body: Mapping[str, Any]) -> Calibration:
    if body["format"] != FORMAT:
        raise ValueError(f"format {body['format']}, expected {FORMAT}")
    models = {
        tier: MappingProxyType(
            {part: _logistic(body["models"][tier.value][part.value], of[part]) for part in Part}
        )
        for tier, of in NAMES.items()
    }
    risk = float(body["risk"])
    if not 0 <= risk <= 1:
        raise ValueError(f"risk {risk} is not between 0 and 1")
    return Calibration(str(body["encoder"]), risk, MappingProxyType(models), dict(body["fitted"]))


def _logistic(body: Mapping[str, Any], names: tuple[str, ...]) -> Logistic:
    if strange := set(body["features"]) ^ set(names):
        raise ValueError(f"features that are not those of this version: {', '.join(sorted(strange))}")
    rows = np.asarray([body["features"][name] for name in names], np.float64).reshape(len(names), 3)
    if not np.isfinite(rows).all() or not (rows[:, 1] > 0).all():
        raise ValueError("a scale that is not above 0, or a value that is no number")
    centre, scale, weights = rows.T
    return Logistic(float(body["intercept"]), centre, scale, weights)


def _to_json(model: Logistic, names: tuple[str, ...]) -> dict[str, Any]:
    rows = np.stack([model.centre, model.scale, model.weights]).T.round(6).tolist()
    return {"intercept": round(model.intercept, 6), "features": dict(zip(names, rows, strict=True))}
