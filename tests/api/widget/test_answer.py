"""An answer out of its events, while it comes or out of a store, and whatever these hold."""

from __future__ import annotations

from typing import Any

from api.testing_browser import Visitor
from api.testing_script import Said, Source, narrative

QUAY = Source("The quay", "The quay is 900 metres long. Of granite.", "The quay is 900 metres long.")
MOLE = Source("The mole", "The mole is old. Very.", "The mole is old.")
STORY = narrative((Said("One. ", (1,)), Said("Two 😀.", (2, 1), "supported")), (QUAY, MOLE))
TELL = """async (told) => {
    const { Answer } = await import('/src/answer.js');
    const answer = new Answer();
    for (const one of told) answer.add(one);
    const { id, conversation, stage, text, cites, sources, notices, state, unused } = answer;
    const verdicts = cites.flatMap((cite, at) => cite.n.map((n) => answer.verdict(n, at)));
    return { id, conversation, stage, text, cites, notices, state, verdicts,
        numbers: sources.map((source) => source.n), unused: unused.map((source) => source.title),
        marked: answer.marked((n) => `[${n}]`) }; }"""


def tell(blank: Visitor, events: list[bytes] | list[dict[str, Any]]) -> dict[str, Any]:
    code = "async (text) => { const { events } = await import('/src/sse.js'); const all = [];"
    code += "for await (const { event, data } of events(new Blob([text]).stream()))"
    code += " all.push({ event, data: JSON.parse(data) }); return all; }"
    sent = b"".join(event for event in events if isinstance(event, bytes)).decode()
    told: dict[str, Any] = blank.page.evaluate(TELL, blank.page.evaluate(code, sent) if sent else events)
    return told


def test_an_answer_is_what_its_events_tell(blank: Visitor) -> None:
    assert tell(blank, STORY) == {
        "id": "ans_1",
        "conversation": "con_1",
        "stage": "writing",
        "text": "One. Two 😀.",
        "cites": [{"at": 5, "n": [1]}, {"at": 12, "n": [2, 1]}],
        "numbers": [1, 2],
        "notices": [],
        "state": "complete",
        "unused": [],
        "verdicts": ["exact", "supported", "supported"],
        "marked": "One. [1]Two 😀.[2][1]",
    }


def test_events_and_fields_that_are_not_known_change_nothing(blank: Visitor) -> None:
    more = [
        b'event: weather\ndata: {"wind": 5}\n\n',
        *STORY[:-1],
        b'event: usage\ndata: {"x": {}}\n\n',
        STORY[-1],
    ]
    assert tell(blank, more) == tell(blank, STORY)


def test_a_number_that_no_source_has_is_left_out(blank: Visitor) -> None:
    told = tell(blank, narrative((Said("One.", (1, 7)),), (QUAY,)))
    assert (told["cites"], told["marked"]) == ([{"at": 4, "n": [1]}], "One.[1]")


def test_what_was_found_and_is_not_cited_is_told_apart(blank: Visitor) -> None:
    assert tell(blank, narrative((Said("One.", (1,)),), (QUAY, MOLE)))["unused"] == ["The mole"]


def test_values_of_other_types_are_taken_for_nothing(blank: Visitor) -> None:
    odd: list[Any] = [
        None,
        5,
        "x",
        [],
        {"text": 7, "n": "1", "state": {}, "id": [], "nearest": 3, "stage": None},
    ]
    names = ("meta", "status", "source", "delta", "cite", "verdict", "notice", "whole")
    told = tell(blank, [{"event": name, "data": data} for name in names for data in odd])
    assert (told["text"], told["numbers"], told["state"]) == ("", [], "complete")


def test_an_answer_is_the_same_out_of_a_whole_one(blank: Visitor) -> None:
    whole = {
        "status": "answered",
        "answer": {
            "text": "One. Two 😀.",
            "claims": [
                {"start": 0, "end": 5, "citations": [1], "verbatim": True},
                {"start": 5, "end": 11, "citations": [2, 1], "verbatim": False},
            ],
        },
        "citations": [QUAY.event(1)["citation"], MOLE.event(2)["citation"]],
        "notices": [],
    }
    told, told_whole = tell(blank, STORY), tell(blank, [{"event": "whole", "data": whole}])
    same = ("text", "cites", "numbers", "state", "verdicts", "marked")
    assert {name: told_whole[name] for name in same} == {name: told[name] for name in same}


def test_a_failure_keeps_what_came_and_says_what_it_is(blank: Visitor) -> None:
    code = """async () => {
        const { Answer } = await import('/src/answer.js');
        return ['user', 'stall'].flatMap((code) => ['', 'Half'].map((text) => {
            const answer = new Answer();
            answer.add({ event: 'delta', data: { text } });
            answer.fail(Object.assign(new Error(code), { code, retryable: true, retryAfter: null, ref: '' }));
            return [code, answer.text, answer.state]; })); }"""
    assert blank.page.evaluate(code) == [
        ["user", "", "stopped"],
        ["user", "Half", "stopped"],
        ["stall", "", "failed"],
        ["stall", "Half", "incomplete"],
    ]
