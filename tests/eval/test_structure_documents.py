"""The documents of `tests/corpus/documents`, and three samples: each layout is read without a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.structure_gold import read_gold
from eval.structure_run import run

FOLDER = Path(__file__).parents[1] / "corpus" / "documents"
GOLD = FOLDER / "metadata.json"
SAMPLES = FOLDER.parents[2] / "corpus" / "samples"
SAMPLES_GOLD = FOLDER.parent / "samples" / "metadata.json"
_NAMES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".txt", ".md"))


@pytest.fixture(scope="session")
def faults() -> dict[str, list[str]]:
    return {name: score.faults for name, score in run(GOLD).scores.items()}


@pytest.fixture(scope="session")
def sample_faults() -> dict[str, list[str]]:
    return {name: score.faults for name, score in run(SAMPLES_GOLD, SAMPLES).scores.items()}


def test_every_document_has_its_gold() -> None:
    assert sorted(read_gold(GOLD)) == _NAMES
    assert len(_NAMES) >= 15


@pytest.mark.parametrize("name", _NAMES)
def test_a_layout_is_read_without_a_fault(name: str, faults: dict[str, list[str]]) -> None:
    assert faults[name] == []


@pytest.mark.parametrize("name", ["dialogue-tides.txt", "federalist-digest.txt", "minutes-metre.txt"])
def test_a_sample_is_read_without_a_fault(name: str, sample_faults: dict[str, list[str]]) -> None:
    assert sample_faults[name] == []


@pytest.mark.parametrize("name", ["essay-plain.txt", "poem-and-lists.txt"])
def test_a_text_without_structure_has_none(name: str) -> None:
    gold = read_gold(GOLD)[name]
    assert (gold.sections, gold.turns, gold.notes, gold.breaks, gold.apart) == ((), (), (), (), ())
