"""An answer is the same however its bytes come, and what is there stays while more comes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import islice

import pytest

from api.testing_browser import Visitor
from api.testing_script import Said, Source, narrative
from api.testing_stream import Behaviour, Scripted, held, streams

Visit = Callable[..., Visitor]
Site = Callable[..., str]
SOURCES = (
    Source("Käse 😀", "Before. The cafe\u0301 👩‍👩‍👧 opened. After.", "The cafe\u0301 👩‍👩‍👧 opened."),
    Source("北京", "北京在北方。It is said so.", "北京在北方。"),
)
STORY = narrative(
    (
        Said("The cafe\u0301 👩‍👩‍👧 **opened**.", (1,)),
        Said("\n\n- 北京在北方。", (2,)),
        Said("\n- \U0001d54f and ｆｕｌｌ", (1, 2)),
        Said("\n\nThe end 🏁."),
    ),
    SOURCES,
)


def batched(events: list[bytes], size: int) -> list[bytes]:
    rest = iter(events)
    return [b"".join(batch) for batch in iter(lambda: list(islice(rest, size)), [])]


WAYS: dict[str, Behaviour] = {
    "whole": streams([b"".join(STORY)]),
    "byte by byte": streams(STORY, size=1),
    "CRLF": streams([event.replace(b"\n", b"\r\n") for event in STORY]),
    "CRLF byte by byte": streams([event.replace(b"\n", b"\r\n") for event in STORY], size=1),
    "CR": streams([event.replace(b"\n", b"\r") for event in STORY], size=5),
    "29 bytes": streams(STORY, size=29),
    "three at a time": streams(batched(STORY, 3)),
    "slowly, with signs of life": streams(
        [part for one in STORY for part in (b": ping\n\n", one)], pause_s=0.02
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_is_the_same_however_its_bytes_come(visit: Visit, site: Site, way: str) -> None:
    visitor = visit(site(WAYS[way]), mode="inline")
    answer = visitor.ask("Where?")
    body = answer.locator("[part~=block]").first if answer.locator("[part~=block]").count() else answer
    items = answer.locator("li[dir=auto]")
    assert visitor.state() == "complete"
    assert "\ufffd" not in (body.text_content() or "")
    assert (answer.locator("p strong").text_content(), items.count()) == ("opened", 2)
    assert [n.get_attribute("data-n") for n in answer.locator("[part~=citation]").all()] == [
        "1",
        "2",
        "1",
        "2",
    ]
    text = answer.inner_text()
    for said in ("The cafe\u0301 👩‍👩‍👧", "北京在北方。", "\U0001d54f and ｆｕｌｌ", "The end 🏁."):
        assert said in text


def test_a_marker_stays_focused_and_text_selected_while_more_comes(visit: Visit, site: Site) -> None:
    gate = threading.Event()
    first = next(n for n, event in enumerate(STORY) if event.startswith(b"event: cite")) + 1
    visitor = visit(site(held(STORY, first, gate)), mode="inline").send("Where?")
    marker = visitor.part("citation").first
    marker.wait_for()
    handle = marker.element_handle()
    select = """(marker) => {
        const words = marker.closest('article').querySelector('strong').firstChild;
        getSelection().setBaseAndExtent(words, 0, words, 4);
        marker.focus();
        return marker.getRootNode().activeElement === marker; }"""
    assert handle.evaluate(select)
    gate.set()
    visitor.idle()
    after = """(marker) => [marker.isConnected, marker.getRootNode().activeElement === marker,
        marker.getRootNode().querySelector('article[data-state=complete] strong')?.textContent]"""
    assert handle.evaluate(after) == [True, True, "opened"]


def test_an_answer_comes_to_its_end_in_a_tab_that_nobody_sees(
    visit: Visit, site: Site, api: Scripted
) -> None:
    gate = threading.Event()
    key = site(held(STORY, 8, gate))
    visitor = visit(key, mode="inline").send("Where?")
    visitor.part("answer").wait_for()
    other = visitor.page.context.new_page()
    other.bring_to_front()
    gate.set()
    visitor.idle()
    assert (visitor.state(), len(api.asked(key))) == ("complete", 1)


def test_three_questions_can_be_stopped_and_a_fourth_is_answered(
    visit: Visit, site: Site, api: Scripted
) -> None:
    gate = threading.Event()
    key = site(held(STORY, 8, gate))
    visitor = visit(key, mode="inline")
    for n in range(3):
        visitor.send(f"Question {n}?")
        visitor.part("stop").click()
        visitor.idle()
        assert visitor.state() == "stopped"
    gate.set()
    visitor.ask("And now?")
    assert (visitor.state(), len(api.asked(key))) == ("complete", 4)


def test_a_lost_event_is_made_good_once(visit: Visit, site: Site, api: Scripted) -> None:
    """A gap in the numbers: the whole answer is asked for."""
    lossy = [
        event for event in STORY if "北京".encode() not in event or not event.startswith(b"event: delta")
    ]
    api.answers["ans_1"] = {
        "id": "ans_1",
        "status": "answered",
        "answer": {
            "text": "Whole again.",
            "claims": [{"start": 0, "end": 12, "citations": [], "verbatim": True}],
        },
        "citations": [],
        "notices": [],
    }
    visitor = visit(site(streams(lossy)), mode="inline")
    assert "Whole again." in visitor.ask("Where?").inner_text()
    assert visitor.state() == "complete"


def test_what_the_server_told_stands_under_each_answer(visit: Visit, site: Site) -> None:
    visitor = visit(site(), mode="inline")
    answer = visitor.ask("Where?")
    titles = answer.locator("[part~=source]").all_inner_texts()
    assert [
        title
        for title in ("Harbour rules", "The quay", "Smile 😀 and Käse")
        if any(title in t for t in titles)
    ] == [
        "Harbour rules",
        "The quay",
        "Smile 😀 and Käse",
    ]
