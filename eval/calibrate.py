"""Calibrating confidence: questions with and without answers, fitted, and each set in turn held out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from eval.benchmark import Benchmark
from eval.errors import EvaluationError
from eval.fitting import fit
from eval.judging import is_supported
from eval.records import Hit
from eval.systems import hit_of
from index.records import FloatArray
from rag.calibration import Calibration, DoubleArray, Logistic, Part, Tier, columns
from rag.confidence import asks_structure
from rag.features import FEATURES, BoolArray, features
from rag.lead import STRUCTURE
from rag.records import Question
from rag.retrieve import Tools, retrieve

RISK = 0.5  # taken where nobody says: answer what is likelier than not supported, see docs/abstention.md
FOREIGN = 0.4  # of what topic is fitted to; with more, what is own and worded otherwise is refused too
_TOPIC_RIDGE = 1.0  # three weights need little doubt
_LEAST = 20  # questions with, and without an answer: fewer say nothing
_FOLDS = 5  # of the only set there is
_PASSAGES = 10  # that are asked for: what a question gets where nobody says


@dataclass(frozen=True, slots=True)
class Examples:
    """The questions of one set, asked of its own index, and what is known of each."""

    name: str
    encoder: str  # the fingerprint of its identity
    has_tokens: bool
    values: DoubleArray  # [n, len(FEATURES)]
    answerable: BoolArray  # [n]
    supported: BoolArray  # [n] the first passages hold what answers
    foreign: BoolArray  # [n] made for another collection

    @property
    def near_miss(self) -> BoolArray:
        """The set's own questions that have no answer [n]."""
        return ~self.foreign & ~self.answerable

    def counts(self, share: float) -> DoubleArray:
        """How often each own question [n] counts, so that those without an answer are a `share` of all.

        They sum to the number of own questions; foreign ones count nothing.
        """
        own, counts = int((~self.foreign).sum()), np.zeros(len(self.values))
        for of, part in ((self.answerable, 1 - share), (self.near_miss, share)):
            counts[of] = part * own / max(1, int(of.sum()))
        return counts

    def part(self, kept: BoolArray) -> Examples:
        """Some of its questions."""
        return replace(
            self,
            values=self.values[kept],
            answerable=self.answerable[kept],
            supported=self.supported[kept],
            foreign=self.foreign[kept],
        )


def gather(
    benchmark: Benchmark, tools: Tools, foreign: Sequence[str], seen: Callable[[], None] = lambda: None
) -> Examples:
    """Ask an index all questions of its set, and questions that are foreign to it.

    What structure answers, or should have answered, is left out: its confidence is not fitted.
    """
    rows: list[tuple[FloatArray, bool, bool, bool]] = []  # features, answerable, supported, foreign
    for question in benchmark.questions:
        if (found := _ask(question.question, tools)) is not None:
            values, hits = found
            relevant = [name for name, grade in benchmark.qrels.get(question.id, {}).items() if grade > 0]
            rows.append((values, question.answerable, is_supported(question, hits, relevant), False))
        seen()
    for text in foreign:
        if (found := _ask(text, tools)) is not None:
            rows.append((found[0], False, False, True))
        seen()
    snapshot = tools.snapshot
    return Examples(
        name=benchmark.name,
        encoder=snapshot.encoder.fingerprint,
        has_tokens=snapshot.has_tokens,
        values=np.asarray([row[0] for row in rows], np.float64).reshape(-1, len(FEATURES)),
        answerable=np.asarray([row[1] for row in rows], bool),
        supported=np.asarray([row[2] for row in rows], bool),
        foreign=np.asarray([row[3] for row in rows], bool),
    )


def _ask(text: str, tools: Tools) -> tuple[FloatArray, list[Hit]] | None:
    ranking = retrieve(Question(text, _PASSAGES), tools)
    if not ranking.passages or STRUCTURE in ranking.passages[0].signals or asks_structure(text):
        return None
    values = features(ranking, tools.snapshot)
    hits = [hit_of(one) for one in ranking.passages]
    return None if values is None else (values, hits)


def check(sets: Sequence[Examples]) -> None:
    """Refuse sets from which nothing can be learnt: EvaluationError with what is missing."""
    names = ", ".join(one.name for one in sets)
    for found, what in (
        (sum(int(one.answerable.sum()) for one in sets), "with an answer"),
        (sum(int(one.near_miss.sum()) for one in sets), "without one (kind: unanswerable)"),
    ):
        if found < _LEAST:
            raise EvaluationError(
                f"{names}: {found} questions {what}, at least {_LEAST} are needed; add questions that people "
                "ask, and near misses: right topic, but the documents do not say"
            )
    if len({one.encoder for one in sets}) > 1:
        raise EvaluationError(f"{names}: indexed with different encoders; index them with one")


def highest_tier(sets: Sequence[Examples]) -> Tier:
    """The tier that all indexes of sets allow."""
    return Tier.LATE if all(one.has_tokens for one in sets) else Tier.DENSE


def calibrate(sets: Sequence[Examples], share: float, known: Calibration | None = None) -> Calibration:
    """Fit the tiers that the sets allow, each set weighing the same; others are taken from what is `known`.

    Weights are drawn towards those of a known calibration of the same encoder, so that a set of a hundred
    questions moves them a little. Its risk is kept.
    """
    before = known if known and known.encoder == sets[0].encoder else None
    models: dict[Tier, Mapping[Part, Logistic]] = {}
    for tier in Tier:
        if tier is Tier.LATE and highest_tier(sets) is not Tier.LATE:
            if before is None:
                raise EvaluationError(
                    f"{sets[0].name}: indexed without token codes, which a calibration is fitted with; "
                    "index it with --late default"
                )
            models[tier] = before.models[tier]
        else:
            models[tier] = {part: _fit(sets, share, tier, part, before) for part in Part}
    risk = known.risk if known else RISK
    return Calibration(sets[0].encoder, risk, MappingProxyType(models), MappingProxyType({}))


def _fit(
    sets: Sequence[Examples], share: float, tier: Tier, part: Part, known: Calibration | None
) -> Logistic:
    """Topic tells own questions from foreign ones; holds, of the own ones, those whose evidence was found."""
    values = np.concatenate([one.values for one in sets])[:, columns(tier, part)]
    foreign = np.concatenate([one.foreign for one in sets])
    before = known.models[tier][part] if known else None
    if part is Part.TOPIC:
        if not foreign.any():
            if before is None:
                raise EvaluationError("nothing foreign to the sets was asked; name a set with --foreign SET")
            return before
        parts = np.where(foreign, FOREIGN / foreign.sum(), (1 - FOREIGN) / (~foreign).sum())
        return fit(values, ~foreign, parts * len(values), before, _TOPIC_RIDGE)
    supported = np.concatenate([one.supported for one in sets])
    each = np.mean([(~one.foreign).sum() for one in sets])
    counts = np.concatenate([one.counts(share) * each / max(1, (~one.foreign).sum()) for one in sets])
    return fit(values[~foreign], supported[~foreign], counts[~foreign], before)


def held_out(
    sets: Sequence[Examples], share: float, tier: Tier, known: Calibration | None = None
) -> list[DoubleArray]:
    """Confidences [n] for each set, fitted on the other sets; on other parts of it where it is alone."""
    if len(sets) == 1:
        return [_by_parts(sets[0], share, tier, known)]
    return [
        calibrate([other for other in sets if other is not one], share, known).probability(one.values, tier)
        for one in sets
    ]


def _by_parts(one: Examples, share: float, tier: Tier, known: Calibration | None) -> DoubleArray:
    places = np.random.default_rng(0).permutation(len(one.values)) % _FOLDS
    confidences = np.zeros(len(one.values))
    for fold in range(_FOLDS):
        held = places == fold
        made = calibrate([one.part(~held)], share, known)
        confidences[held] = made.probability(one.values[held], tier)
    return confidences
