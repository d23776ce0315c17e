"""What those hear who do not see it: the tree of roles and names, whole."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable

import pytest

from api.testing_browser import Visitor
from api.testing_states import REACH, SITES, prepare
from api.testing_stream import Scripted

Visit = Callable[..., Visitor]
TREES = {
    ("empty", "panel"): """
        - dialog "Ask the documents":
          - banner:
            - heading "Ask the documents" [level=2]
            - button "Close"
          - log "Conversation":
            - paragraph: Each sentence of an answer shows its source.
          - textbox "Your question":
            - /placeholder: Ask a question
          - button "Send"
          - contentinfo:
            - paragraph: Check what matters in the sources.
            - paragraph: Answered by Pincite
          - status
          - alert
    """,
    ("complete", "answer"): """
        - article:
          - heading "Answer 1" [level=3]
          - paragraph:
            - text: The harbour of Belmark
            - strong: opened in 1905
            - text: .
            - 'button "Source 1: Rules of the harbour, verified"': "1"
            - text: "Its quay is 900 metres long:"
            - 'button "Source 2: The quay of Belmark, verified"': "2"
          - list:
            - listitem:
              - text: built of granite
              - 'button "Source 2: The quay of Belmark, Paraphrase, judged supported"': "2"
            - listitem: reached by a branch line
          - button "Copy answer"
          - group "Was this helpful?":
            - button "Helpful"
            - button "Not helpful"
          - region "2 sources":
            - heading "2 sources" [level=4]
            - list:
              - listitem:
                - button "1 Rules of the harbour Part one › Opening"
              - listitem:
                - button "2 The quay of Belmark Buildings"
    """,
    ("card", "citation-popover"): """
        - 'dialog "Source 1: Rules of the harbour"':
          - heading "1 Rules of the harbour" [level=4]
          - paragraph: Part one › Opening
          - blockquote:
            - text: … until a pilot comes aboard.
            - mark: The harbour of Belmark opened in 1905.
            - text: Its cranes lift 40 tonnes …
          - paragraph: ✓ Quote found word for word in the stored copy
          - button "Show in the text"
          - link "Open in source":
            - /url: API/p/cit_1
          - link "Open original page":
            - /url: https://harbour.example/rules
          - button "Copy citation"
          - button "Report wrong source"
    """,
    ("viewer", "viewer"): """
        - region "Source":
          - button "Back"
          - heading "Rules of the harbour" [level=3]
          - paragraph: Part one › Opening
          - paragraph: ✓ Verified here in your browser
          - group "Source":
            - paragraph:
              - text: Ships wait outside the mole until a pilot comes aboard. cited passage start
              - mark: The harbour of Belmark opened in 1905.
              - text: cited passage end Its cranes lift 40 tonnes each. REST
          - link "Open in source":
            - /url: API/p/cit_1
          - link "Open original page":
            - /url: https://harbour.example/rules
          - button "Copy citation"
    """,
    ("failure", "answer"): """
        - article:
          - heading "Answer 1" [level=3]
          - paragraph: The service is busy or starting.
          - paragraph: (req_0123456789abcdef)
          - button "Try again in N seconds" [disabled]
    """,
    ("no answer", "answer"): """
        - article:
          - heading "Answer 1" [level=3]
          - paragraph: The documents do not answer this.
          - paragraph: Try other words.
          - region "The search found":
            - heading "The search found" [level=4]
            - list:
              - listitem:
                - button "Rules of the harbour Part one › Opening The harbour of Belmark opened in 1905."
              - listitem:
                - button "The quay of Belmark Buildings The quay is 900 metres long and built of granite."
    """,
}

REST = "At night two lamps mark the entrance, a red one and a green one."


@pytest.mark.parametrize(("state", "part"), TREES)
def test_the_tree_is(visit: Visit, api: Scripted, state: str, part: str) -> None:
    prepare(api)
    visitor = visit(SITES[state], persist="none")
    REACH[state](visitor)
    told = re.sub(
        r"in \d seconds", "in N seconds", visitor.part(part).first.aria_snapshot().replace(api.url, "API")
    )
    assert told == textwrap.dedent(TREES[state, part]).strip().replace("REST", REST)
