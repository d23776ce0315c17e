"""How sure we are that the passages support an answer, and when to abstain."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.reader import Snapshot
from rag.asked import asked, asks_for_author_of_a_part
from rag.calibration import Calibration, shipped
from rag.features import features
from rag.lead import STRUCTURE
from rag.records import Ranking


@dataclass(frozen=True, slots=True)
class ConfidenceConfig:
    """The fitted model, and the risk of an unsupported answer that is taken: see `docs/abstention.md`."""

    calibration: Calibration = field(default_factory=shipped)
    risk: float | None = None  # None is the calibration's own
    known: float = 0.95  # at least, where structure answers: a by-line, the note of a number
    unknown: float = 0.05  # at most, where structure should answer and does not

    @property
    def answer_from(self) -> float:
        """The confidence from which a question is answered."""
        return 1 - (self.calibration.risk if self.risk is None else self.risk)


def confidence(
    ranking: Ranking, index: Snapshot, config: ConfidenceConfig | None = None, *, told: bool = False
) -> float:
    """Probability that the passages support an answer; 0 where nothing was found.

    `told` says that structure tells it, which is sure.
    """
    config = config or ConfidenceConfig()
    if not ranking.passages:
        return 0.0
    sure = _fitted(ranking, index, config.calibration)
    if told or STRUCTURE in ranking.passages[0].signals:
        return max(sure, config.known)
    return min(sure, config.unknown) if asks_structure(ranking.question.text) else sure


def asks_structure(question: str) -> bool:
    """Whether only structure can tell: what a note of a number says, or who wrote a part.

    What a text says about some author is no answer to who wrote its third chapter.
    """
    return bool(asked(question).notes) or asks_for_author_of_a_part(question)


def _fitted(ranking: Ranking, index: Snapshot, calibration: Calibration) -> float:
    values = features(ranking, index)
    if values is None:
        return 0.0
    tier = calibration.tier(index.encoder.fingerprint, bool(ranking.tokens.size))
    return float(calibration.probability(values, tier))
