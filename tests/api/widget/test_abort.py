"""Who stops, leaves or takes the widget away ends the request: the service need not go on."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from api.testing_browser import Visitor
from api.testing_script import event, opening
from api.testing_stream import Exchange, Scripted

Visit = Callable[..., Visitor]
Site = Callable[..., str]
MOST_S = 0.5


def endless(exchange: Exchange) -> None:
    exchange.start()
    exchange.send(b"".join([*opening(), event("delta", {"seq": 1, "text": "It goes on"})]))
    for seq in range(2, 1000):
        exchange.pause(0.05)
        exchange.send(event("delta", {"seq": seq, "text": " and on"}))


def stop(visitor: Visitor) -> None:
    visitor.part("stop").click()


def hotkey(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Control+.")


def remove(visitor: Visitor) -> None:
    visitor.page.evaluate("() => document.querySelector('pincite-chat').remove()")


def leave(visitor: Visitor) -> None:
    visitor.page.goto("about:blank")


def close(visitor: Visitor) -> None:
    visitor.page.close()


def clear(visitor: Visitor) -> None:
    visitor.do("clear")


@pytest.mark.parametrize("end", [stop, hotkey, remove, leave, close, clear], ids=lambda end: end.__name__)
def test_the_service_sees_at_once_that_nobody_reads(
    visit: Visit, site: Site, api: Scripted, end: Callable[[Visitor], None]
) -> None:
    visitor = visit(site(endless), mode="inline").send("How long?")
    visitor.page.locator("[part~=answer]", has_text="It goes on").wait_for()
    api.gone.clear()
    begun = time.monotonic()
    end(visitor)
    assert api.gone.wait(5)
    assert api.left[-1] - begun < MOST_S


def test_stopping_keeps_what_came_and_says_so(visit: Visit, site: Site) -> None:
    visitor = visit(site(endless), mode="inline").send("How long?")
    visitor.page.locator("[part~=answer]", has_text="It goes on").wait_for()
    stop(visitor)
    visitor.idle()
    answer = visitor.part("answer")
    assert (visitor.state(), "It goes on" in answer.inner_text()) == ("stopped", True)
    assert visitor.part("stop").is_hidden()
    assert visitor.part("input").is_enabled()


def test_escape_does_not_stop_an_answer(visit: Visit, site: Site) -> None:
    visitor = visit(site(endless), mode="inline").send("How long?")
    visitor.page.locator("[part~=answer]", has_text="It goes on").wait_for()
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("[part~=answer]", has_text="on and on and on").wait_for()
    assert visitor.state() == "streaming"


def test_a_page_taken_away_and_put_back_fifty_times_leaves_one_widget_and_no_request(
    visit: Visit, site: Site
) -> None:
    visitor = visit(site(endless), mode="inline").send("How long?")
    visitor.page.evaluate(
        """() => { const chat = document.querySelector('pincite-chat'), home = chat.parentNode;
        for (let n = 0; n < 50; n++) { chat.remove(); home.append(chat); } }"""
    )
    assert visitor.page.locator("pincite-chat").count() == 1
    assert visitor.part("input").count() == 1
