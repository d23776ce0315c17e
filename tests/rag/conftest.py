"""Collections with a fake encoder: an empty one for each test, and one with a talk and a report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.sources import Source
from rag.testing import Collection

TALK = """A TALK ABOUT RIVERS

In May 2019 Ada Lind talked with Ben Okoro, the keeper of the great mill.

Lind:
What is the river worth to the four towns that it runs through today?

Okoro:
The river has fed all four towns for a thousand years. As Carl Voss once said, “whoever owns the mill
owns the bread of the valley.” I have never seen it dry.

Lind:
Was there a plan to dam it, as the mayor has announced in the winter?

Okoro:
There was, and there is. The dam will cost forty million crowns and drown three villages. I keep to
what I said.
"""
REPORT = """# The State of the Mills

## The water mills

Mills grind the corn of the valley as they did a hundred years ago.

## The wind mills

No wind mill has turned since the great storm. I keep to what I said.
"""


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    made = Collection(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """An interview with two speakers, and a report by Dora Maar. For reading only."""
    made = Collection(tmp_path_factory.mktemp("shelf"))
    talk = {"type": "interview", "issued": "2019-05"}
    report = {
        "author": [{"literal": "Dora Maar"}],
        "issued": "2021",
        "publisher": "Mill House",
        "type": "report",
    }
    made.add(
        [
            Source("talk-2019.txt", TALK.encode(), metadata=talk),
            Source("papers/state-of-mills.md", REPORT.encode(), metadata=report),
        ]
    )
    yield made
    made.close()
