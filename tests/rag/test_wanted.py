from __future__ import annotations

import pytest

from rag.wanted import Kind, wanted


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did the harbour open?", Kind.DATE),
        ("In which year was it dug?", Kind.DATE),
        ("What percentage of ships is red?", Kind.SHARE),
        ("How much did the lighthouse cost?", Kind.MONEY),
        ("How long did the talks last?", Kind.DURATION),
        ("How long is the pipeline?", Kind.MEASURE),
        ("How many kilometres of track are there?", Kind.MEASURE),
        ("How many ships sank?", Kind.NUMBER),
        ("Who opened the harbour?", Kind.PERSON),
        ("Which minister opened the harbour?", Kind.PERSON),
        ("Where do the ships wait?", Kind.PLACE),
        ("Which city has the harbour?", Kind.PLACE),
        ("Why was the harbour closed?", Kind.REASON),
        ("What was the field called before?", Kind.NAME),
        ("Which treaty ended the war?", Kind.NAME),
        ("What does the harbour master do?", None),
        ("harbour toll Baku", None),
        ("", None),
        ("🚢🚢", None),
    ],
)
def test_what_a_question_wants_is_read_off_its_words(question: str, kind: Kind | None) -> None:
    assert wanted(question) is kind
