from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]

_TEXT = "# The Quay\n\nThe quay is long and was built of granite.\n"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Two sections of a document that has one of them."""
    (tmp_path / "harbour.md").write_text(_TEXT, encoding="utf-8")
    real = {"title": "The Quay", "heading_start": 0, "heading_end": 10, "start": 0, "end": len(_TEXT) - 1}
    sections: list[dict[str, Any]] = [
        real,
        real | {"title": "The Light", "heading_start": 4, "heading_end": 9},
    ]
    path = tmp_path / "gold.json"
    path.write_text(json.dumps({"harbour.md": {"sections": sections}}), encoding="utf-8")
    return path


def test_what_is_found_is_shown_with_every_fault(pincite: Pincite, gold: Path) -> None:
    done = pincite("eval", "structure", gold)
    lines = done.out.splitlines()
    assert (done.status, done.err) == (0, "")
    assert lines[0].split() == ["known", "found", "right", "precision", "recall"]
    assert lines[1].split() == ["sections", "2", "1", "1", "1.000", "0.500"]
    assert lines[-1].startswith("fault harbour.md: sections: missed ('The Light'")


def test_the_json_has_everything(pincite: Pincite, gold: Path) -> None:
    body = json.loads(pincite("eval", "structure", gold, "--json").out)
    assert body["total"]["sections"]["recall"] == 0.5
    assert set(body["megabytes_per_s"]) == {"load", "load_and_split"}


def test_a_share_below_the_bar_is_status_1(pincite: Pincite, gold: Path) -> None:
    assert pincite("eval", "structure", gold, "--fail-under", "0.5").status == 0
    assert pincite("eval", "structure", gold, "--fail-under", "0.51").status == 1


def test_documents_that_are_not_there_are_status_3(pincite: Pincite, gold: Path, tmp_path: Path) -> None:
    done = pincite("eval", "structure", gold, "--documents", tmp_path / "nowhere")
    assert done.status == 3
    assert "harbour.md is not in" in done.err
