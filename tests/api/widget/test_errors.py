"""Each failure is told apart, keeps what came, says once what happened and can be mended where that helps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.testing_browser import Visitor
from api.testing_script import Said, Source, event, narrative
from api.testing_stream import Behaviour, Exchange, Scripted, in_turn, refuses, streams

Visit = Callable[..., Visitor]
Site = Callable[..., str]
QUAY = Source("The quay", "The quay is 900 metres long. Of granite.", "The quay is 900 metres long.")
STORY = narrative((Said("The quay is long.", (1,)), Said(" And old.", (1,))), (QUAY,))
HALF = [*STORY[:6], event("delta", {"seq": 9, "text": ""})][:6]


def drops(exchange: Exchange) -> None:
    exchange.drop()


def breaks(exchange: Exchange) -> None:
    """A browser throws away what it has not read yet when a connection breaks: it is given the time."""
    exchange.start()
    exchange.send(b"".join(HALF))
    exchange.pause(1)
    exchange.drop()


def stalls(exchange: Exchange) -> None:
    exchange.start()
    exchange.send(b"".join(HALF))
    exchange.pause(20)


def portal(exchange: Exchange) -> None:
    exchange.whole("<!doctype html><h1>Sign in to the network</h1>", kind="text/html")


def reports(code: str) -> Behaviour:
    told = {"code": code, "detail": "x", "retryable": True, "retry_after": None, "ref": "req_77"}
    return streams([*HALF, event("error", told)])


# what happens, code, state, whether it can be asked again
FAILURES: dict[str, tuple[Behaviour, str, str, bool]] = {
    "401": (refuses(401, "unauthorised"), "unauthorised", "failed", False),
    "403": (refuses(403, "origin_denied"), "origin_denied", "failed", False),
    "404": (refuses(404, "not_found"), "not_found", "failed", False),
    "402": (refuses(402, "budget", Retry_After="30"), "budget", "failed", True),
    "429": (refuses(429, "rate_limited", Retry_After="30"), "rate_limited", "failed", True),
    "500": (refuses(500, "internal"), "internal", "failed", True),
    "503": (refuses(503, "overloaded", Retry_After="2"), "overloaded", "failed", True),
    "a page": (portal, "bad_type", "failed", True),
    "dropped": (drops, "network", "failed", True),
    "dropped half way": (breaks, "network", "incomplete", True),
    "cut short": (streams(STORY[:-1]), "truncated", "incomplete", True),
    "cut short at once": (streams([]), "truncated", "failed", True),
    "silent": (stalls, "stall", "incomplete", True),
    "model": (reports("model_unavailable"), "model_unavailable", "incomplete", True),
    "search": (reports("retrieval_failed"), "retrieval_failed", "incomplete", True),
    "unknown": (reports("a_new_one"), "internal", "incomplete", True),
}
STALL = {"silent": "700"}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_told_apart(visit: Visit, site: Site, name: str) -> None:
    behave, code, state, again = FAILURES[name]
    visitor = visit(site(behave), mode="inline", stall_ms=STALL.get(name, "20000"))
    answer = visitor.ask("Where?")
    assert (answer.locator("[part~=error]").get_attribute("data-error"), visitor.state()) == (code, state)
    assert visitor.part("retry").count() == (1 if again else 0)
    assert visitor.part("input").is_enabled()
    assert ("The quay is long." in answer.inner_text()) == (state == "incomplete")


@pytest.mark.parametrize("name", ["500", "cut short", "silent"])
def test_a_failure_is_announced_once(visit: Visit, site: Site, name: str) -> None:
    visitor = visit(site(FAILURES[name][0]), mode="inline", stall_ms="700")
    visitor.part("input").wait_for()
    visitor.page.evaluate(
        """() => { window.alerts = [];
        const alert = __root().querySelector('[role=alert]');
        new MutationObserver(() => alerts.push(alert.textContent)).observe(alert,
            { childList: true, characterData: true, subtree: true }); }"""
    )
    visitor.ask("Where?")
    said = [text for text in visitor.page.evaluate("() => alerts") if text]
    assert len(said) == 1


@pytest.mark.parametrize("name", ["500", "dropped", "dropped half way", "cut short", "silent", "a page"])
def test_trying_again_asks_the_same_with_the_same_key(
    visit: Visit, site: Site, api: Scripted, name: str
) -> None:
    key = site(in_turn(FAILURES[name][0], streams(STORY)))
    visitor = visit(key, mode="inline", stall_ms=STALL.get(name, "20000"))
    visitor.ask("Where?")
    visitor.part("retry").click()
    visitor.page.locator("[part~=answer][data-state=complete]").wait_for()
    first, second = (seen.json() for seen in api.asked(key))
    assert (first["question"], first["idempotency_key"]) == (second["question"], second["idempotency_key"])
    assert (visitor.part("answer").count(), visitor.part("retry").count()) == (1, 0)
    assert visitor.part("answer").inner_text().count("The quay is long.") == 1


def test_offline_keeps_the_question_and_never_asks_by_itself(visit: Visit, site: Site, api: Scripted) -> None:
    key = site(streams(STORY))
    visitor = visit(key, mode="inline").open()
    visitor.page.context.set_offline(True)
    answer = visitor.ask("Where?")
    assert answer.locator("[part~=error]").get_attribute("data-error") == "offline"
    visitor.page.context.set_offline(False)
    visitor.part("retry").and_(visitor.page.locator(":enabled")).wait_for()
    assert api.asked(key) == []
    visitor.part("retry").click()
    visitor.page.locator("[part~=answer][data-state=complete]").wait_for()
    assert len(api.asked(key)) == 1


def test_a_limit_counts_down_to_the_next_try(visit: Visit, site: Site) -> None:
    visitor = visit(
        site(in_turn(refuses(429, "rate_limited", Retry_After="1"), streams(STORY))), mode="inline"
    )
    visitor.ask("Where?")
    visitor.part("retry").and_(visitor.page.locator(":enabled")).click()
    visitor.page.locator("[part~=answer][data-state=complete]").wait_for()


def test_passages_that_were_found_are_listed_when_the_model_fails(visit: Visit, site: Site) -> None:
    failed = event("error", {"code": "model_unavailable", "detail": "", "retryable": True, "ref": "req_77"})
    visitor = visit(site(streams([*STORY[:4], failed])), mode="inline")
    answer = visitor.ask("Where?")
    assert answer.locator("[part~=source]").count() == 1
    assert "req_77" in answer.inner_text()


def test_no_answer_says_so_and_shows_what_is_nearest(visit: Visit, site: Site) -> None:
    told = narrative((), (QUAY,), state="no_answer", notices=(("no_answer", "Nothing in the documents."),))
    visitor = visit(site(streams(told)), mode="inline")
    answer = visitor.ask("Why?")
    assert visitor.state() == "no_answer"
    assert answer.locator("[part~=source]").count() == 1
    assert answer.locator("[part~=error], [part~=citation]").count() == 0


def test_what_came_of_a_failure_is_no_part_of_the_next_question(
    visit: Visit, site: Site, api: Scripted
) -> None:
    key = site(in_turn(streams(STORY[:-1]), streams(STORY)))
    visitor = visit(key, mode="inline")
    visitor.ask("Where?")
    visitor.ask("And why?")
    body = api.asked(key)[1].body.decode()
    assert ("The quay is long." in body, "history" in api.asked(key)[1].json()) == (False, False)
