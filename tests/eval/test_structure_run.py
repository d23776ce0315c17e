from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import count as counter
from pathlib import Path
from typing import Any

import pytest

from eval.errors import EvaluationError
from eval.structure import Tally
from eval.structure_run import count_words, run

_TEXT = b"# The Quay\n\nThe quay is long and was built of granite.\n"
_HEADING = {"heading_start": 0, "heading_end": 10, "start": 0, "end": len(_TEXT) - 1}
_GOLD: dict[str, Any] = {"sections": [{"title": "The Quay", **_HEADING}], "turns": []}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "harbour.md").write_bytes(_TEXT)
    return tmp_path


def _gold(folder: Path, name: str = "harbour.md", **more: Any) -> Path:
    path = folder / "gold.json"
    path.write_text(json.dumps({name: _GOLD | more}), encoding="utf-8")
    return path


def _clock() -> Iterator[float]:
    return (float(i) for i in counter())


def test_documents_beside_the_gold_file_are_scored_and_timed(folder: Path) -> None:
    clock = _clock()
    outcome = run(_gold(folder), clock=lambda: next(clock))
    assert outcome.tallies["sections"] == Tally(1, 1, 1)
    assert outcome.speed.load == len(_TEXT) / 1e6
    assert outcome.speed.load_and_split == len(_TEXT) / 2e6
    told = outcome.to_json()
    assert told["documents"]["harbour.md"]["faults"] == []
    assert told["total"]["turns"] == {"gold": 0, "right": 0, "found": 0, "precision": 1.0, "recall": 1.0}


def test_documents_may_lie_elsewhere(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    gold = _gold(tmp_path_factory.mktemp("gold"))
    assert list(run(gold, folder).scores) == ["harbour.md"]
    with pytest.raises(EvaluationError, match=r"harbour.md is not in .*Say with --documents"):
        run(gold)


def test_a_renamed_document_is_known_by_its_checksum(folder: Path) -> None:
    gold = _gold(folder, "other.txt", sha256=sha256(_TEXT).hexdigest())
    assert run(gold).tallies["sections"] == Tally(1, 1, 1)


def test_another_version_is_refused(folder: Path) -> None:
    gold = _gold(folder, sha256=sha256(b"").hexdigest())
    with pytest.raises(EvaluationError, match=r"harbour.md has the sha256 \w{12}…, expected e3b0c44298fc…"):
        run(gold)


def test_a_sidecar_counts(folder: Path) -> None:
    (folder / "harbour.meta.yaml").write_text("title: Quays\n", encoding="utf-8")
    assert run(_gold(folder, title="Quays")).tallies["record"] == Tally(1, 1, 1)


def test_words_and_signs_are_counted() -> None:
    assert count_words(["A quay, 9 m long.", ""]) == [7, 0]
