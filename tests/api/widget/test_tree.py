"""What those hear who do not see it: the tree of roles and names, whole."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from api.testing_browser import Visitor
from api.testing_states import REACH, SITES, prepare
from api.testing_stream import Scripted

Visit = Callable[..., Visitor]
TREES = {
    ("empty", "panel"): "",
    ("complete", "answer"): "",
    ("card", "citation-popover"): "",
    ("viewer", "viewer"): "",
    ("failure", "answer"): "",
}


@pytest.mark.parametrize(("state", "part"), TREES)
def test_the_tree_is(visit: Visit, api: Scripted, state: str, part: str) -> None:
    prepare(api)
    visitor = visit(SITES[state], persist="none")
    REACH[state](visitor)
    assert visitor.part(part).first.aria_snapshot() == textwrap.dedent(TREES[state, part]).strip()
