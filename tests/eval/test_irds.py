from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from eval.benchmark import Entry
from eval.errors import EvaluationError
from eval.irds import read_irds


def _row(**fields: str | int) -> Any:
    return SimpleNamespace(**fields, default_text=lambda: fields.get("body", fields.get("text")))


def _fake(monkeypatch: pytest.MonkeyPatch, load: Callable[[str], Any]) -> None:
    module = ModuleType("ir_datasets")
    module.load = load  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ir_datasets", module)


def test_a_data_set_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    held = SimpleNamespace(
        docs_iter=lambda: [_row(doc_id="1", text="Nine.", title="Quay"), _row(doc_id="2", body="A tower.")],
        queries_iter=lambda: [_row(query_id="q1", text="How long?"), _row(query_id="q2", text="Unjudged")],
        qrels_iter=lambda: [_row(query_id="q1", doc_id="1", relevance=2)],
    )
    _fake(monkeypatch, {"beir/tiny/test": held}.__getitem__)
    found = read_irds("beir/tiny/test")
    assert found.name == "beir-tiny-test"
    assert dict(found.entries) == {"1": Entry("1", "Nine.", "Quay"), "2": Entry("2", "A tower.")}
    assert ([q.id for q in found.questions], found.qrels) == (["q1"], {"q1": {"1": 2}})


def _refuse(_: str) -> Any:
    raise ConnectionError("no route")


@pytest.mark.parametrize(
    ("load", "said"),
    [
        ({}.__getitem__, "neither a file or folder here nor a name in ir_datasets"),
        (_refuse, "ir_datasets cannot provide it (ConnectionError: no route); it needs a network"),
        (lambda _: SimpleNamespace(), "and a set that has documents, queries and judgements"),
    ],
)
def test_what_cannot_be_had_is_told_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, load: Callable[[str], Any], said: str
) -> None:
    _fake(monkeypatch, load)
    with pytest.raises(EvaluationError) as caught:
        read_irds("beir/none")
    assert said in str(caught.value)


def test_without_the_extra_the_install_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_datasets", None)
    with pytest.raises(EvaluationError, match=r"pip install 'pincite\[datasets\]'"):
        read_irds("beir/none")
