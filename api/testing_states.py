"""Fakes that ship: every state that the widget can be in, brought about by a scripted service."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from api.testing_script import Said, Source, narrative
from api.testing_stream import Scripted, held, refuses, streams

if TYPE_CHECKING:
    from api.testing_browser import Visitor

RULES = Source(
    "Rules of the harbour",
    "Ships wait outside the mole until a pilot comes aboard. The harbour of Belmark opened in 1905. Its "
    "cranes lift 40 tonnes each. At night two lamps mark the entrance, a red one and a green one.",
    "The harbour of Belmark opened in 1905.",
    ("Part one", "Opening"),
    "https://harbour.example/rules",
)
QUAY = Source(
    "The quay of Belmark",
    "The quay is 900 metres long and built of granite. Trains reach it by a branch line.",
    "The quay is 900 metres long and built of granite.",
    ("Buildings",),
)
MOVED = Source("A page that grew", "It opened late.", "It opened late.")
CHANGED = Source("A page that was rewritten", "It opened early.", "It opened early.")
_SAID = (
    Said("The harbour of Belmark **opened in 1905**.", (1,)),
    Said(" Its quay is 900 metres long:", (2,)),
    Said("\n\n- built of granite", (2,), "supported"),
    Said("\n- reached by a branch line"),
)
_NOTHING = (("no_answer", "No passage answers this."),)
SITES = {
    "closed": "pk_complete",
    "empty": "pk_complete",
    "typing": "pk_complete",
    "writing": "pk_writing",
    "complete": "pk_complete",
    "card": "pk_complete",
    "viewer": "pk_complete",
    "moved": "pk_moved",
    "changed": "pk_changed",
    "failure": "pk_failure",
    "incomplete": "pk_incomplete",
    "no answer": "pk_no_answer",
    "stopped": "pk_writing",
}
QUESTION = "When did the harbour open, and how long is its quay?"


def prepare(api: Scripted) -> threading.Event:
    """Give a service the sites of all states; the event lets those go that are being written."""
    gate = threading.Event()
    story = narrative(_SAID, (RULES, QUAY))
    api.sites |= {
        "pk_complete": streams(story),
        "pk_writing": held(story, 8, gate),
        "pk_moved": streams(narrative((Said("It opened late.", (1,)),), (MOVED,))),
        "pk_changed": streams(narrative((Said("It opened early.", (1,)),), (CHANGED,))),
        "pk_failure": refuses(503, "overloaded", Retry_After="9"),
        "pk_incomplete": streams(story[:-3]),
        "pk_no_answer": streams(narrative((), (RULES, QUAY), state="no_answer", notices=_NOTHING)),
    }
    for source in (RULES, QUAY):
        api.passages[source.passage_id] = source.view()
    api.passages[MOVED.passage_id] = MOVED.view("A new beginning. It opened late.")
    api.passages[CHANGED.passage_id] = CHANGED.view("It did not open at all.")
    return gate


def _card(visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    visitor.part("citation").first.click()


def _viewer(visitor: Visitor) -> None:
    _card(visitor)
    visitor.part("citation-popover").locator(".main").first.click()
    visitor.part("viewer").locator("[data-verdict]").wait_for()


def _writing(visitor: Visitor) -> None:
    visitor.send(QUESTION).part("citation").first.wait_for()


def _stopped(visitor: Visitor) -> None:
    _writing(visitor)
    visitor.part("stop").click()
    visitor.idle()


def _ask(visitor: Visitor) -> None:
    visitor.ask(QUESTION)


REACH: dict[str, Callable[[Visitor], object]] = {
    "closed": lambda visitor: visitor.part("launcher").wait_for(),
    "empty": lambda visitor: visitor.open(),
    "typing": lambda visitor: visitor.open().part("input").fill(QUESTION),
    "writing": _writing,
    "complete": _ask,
    "card": _card,
    "viewer": _viewer,
    "moved": _viewer,
    "changed": _viewer,
    "failure": _ask,
    "incomplete": _ask,
    "no answer": _ask,
    "stopped": _stopped,
}
