from __future__ import annotations

from typing import Any

import pytest

from eval.manifest import code, fingerprint, manifest


def _made(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "dataset": "tiny",
        "checksum": "c",
        "system": "dense",
        "config": {"unit": "passages"},
        "encoder": {"model": "m"},
    }
    return manifest(**(given | changes))


def test_says_everything_that_is_needed_to_make_a_result_again() -> None:
    made = _made()
    told = "dataset checksum system config encoder code versions seed machine command created load"
    assert list(made) == told.split()
    assert {"python", "numpy", "ir-measures"} <= set(made["versions"])
    assert made["command"].startswith("pincite")


def test_the_fingerprint_leaves_the_circumstances_out() -> None:
    made = _made()
    assert fingerprint(made | {"created": "later", "load": 9.0, "command": "other"}) == fingerprint(made)


@pytest.mark.parametrize(
    "change", [{"checksum": "d"}, {"system": "hybrid"}, {"config": {}}, {"encoder": None}, {"dataset": "x"}]
)
def test_the_fingerprint_is_of_all_else(change: dict[str, Any]) -> None:
    assert fingerprint(_made(**change)) != fingerprint(_made())


def test_the_digest_of_code_is_that_of_the_rooms_named() -> None:
    assert code(("corpus",)) == code(("corpus",)) != code(("index",))
