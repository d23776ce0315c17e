"""Nothing is kept, asked for or told before there is a reason, and clearing forgets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.testing_browser import Visitor, snippet
from api.testing_stream import Scripted

Visit = Callable[..., Visitor]
Site = Callable[..., str]
KEPT = "() => [Object.keys(sessionStorage), Object.keys(localStorage), document.cookie]"
BLOCKED = """<script>for (const name of ['sessionStorage', 'localStorage'])
    Object.defineProperty(window, name,
        { get() { throw new DOMException('no', 'SecurityError'); } });</script>"""


def test_opening_it_keeps_nothing_and_asks_for_nothing_but_its_file(
    visit: Visit, site: Site, api: Scripted
) -> None:
    before = len(api.seen)
    visitor = visit(site()).open()
    visitor.part("input").fill("Not sent")
    assert visitor.page.evaluate(KEPT) == [[], [], ""]
    assert visitor.page.context.cookies() == []
    assert [seen.path for seen in api.seen[before:]] == ["/w/0/pincite.js"]


@pytest.mark.parametrize(
    ("persist", "session", "local"), [("none", 0, 0), ("session", 1, 0), ("local", 0, 1)]
)
def test_a_conversation_is_kept_as_the_site_says(
    visit: Visit, site: Site, persist: str, session: int, local: int
) -> None:
    key = site()
    visitor = visit(key, mode="inline", persist=persist)
    visitor.ask("Where?")
    kept = [f"pincite:{key}"]
    assert visitor.page.evaluate(KEPT) == [kept * session, kept * local, ""]
    visitor.page.reload()
    visitor.part("input").wait_for()
    assert visitor.part("answer").count() == session + local


def test_a_kept_conversation_looks_as_it_did(visit: Visit, site: Site) -> None:
    visitor = visit(site(), mode="inline")
    visitor.ask("Where?")
    before = visitor.part("answer").inner_text()
    visitor.page.reload()
    visitor.part("answer").wait_for()
    assert visitor.part("answer").inner_text() == before
    visitor.part("citation").first.click()
    assert visitor.part("citation-popover").is_visible()


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "{",
        "null",
        "[]",
        '{"form":1}',
        '{"form":1,"turns":[null,5,{"question":"x","events":[null,{"event":5}]}]}',
        '{"form":2,"turns":[{"question":"x","events":[]}]}',
    ],
)
def test_what_is_kept_and_is_not_ours_is_as_good_as_nothing(visit: Visit, site: Site, kept: str) -> None:
    key = site()
    head = f"<script>sessionStorage.setItem('pincite:{key}', {kept!r});</script>"
    visitor = visit(key, mode="inline", head=head)
    visitor.ask("Where?")
    assert visitor.state() == "complete"


def test_it_works_where_nothing_may_be_kept(visit: Visit, site: Site) -> None:
    visitor = visit(site(), mode="inline", head=BLOCKED)
    visitor.ask("Where?")
    assert visitor.state() == "complete"


def test_it_works_where_there_is_no_room(visit: Visit, site: Site) -> None:
    full = "<script>Storage.prototype.setItem = () => { throw new Error('no room'); };</script>"
    visitor = visit(site(), mode="inline", head=full)
    visitor.ask("Where?")
    assert visitor.state() == "complete"


def test_clearing_forgets_here_and_at_the_service(visit: Visit, site: Site, api: Scripted) -> None:
    visitor = visit(site(), mode="inline")
    visitor.ask("Where?")
    with visitor.page.expect_response(lambda told: told.request.method == "DELETE"):
        visitor.do("clear")
    assert visitor.page.evaluate(KEPT) == [[], [], ""]
    assert visitor.part("answer").count() == 0
    assert [seen.path for seen in api.seen if seen.method == "DELETE"][-1].startswith(
        "/v1/conversations/con_1"
    )


def test_a_second_question_goes_on_with_the_conversation(visit: Visit, site: Site, api: Scripted) -> None:
    key = site()
    visitor = visit(key, mode="inline")
    visitor.ask("Where?")
    visitor.ask("And why?")
    first, second = (seen.json() for seen in api.asked(key))
    assert (first.get("conversation"), second["conversation"]) == (None, "con_1")
    assert first["idempotency_key"] != second["idempotency_key"]


@pytest.mark.parametrize("says", [True, False])
def test_the_page_is_told_to_the_service_only_where_the_site_says_so(
    visit: Visit, site: Site, api: Scripted, says: bool
) -> None:
    """Its path and title, and never what stands behind them."""
    key = site()
    embedded = snippet(api.url, key, mode="inline", **({"context": "page"} if says else {}))
    visitor = visit(key, embedded=embedded, query="?token=secret#part")
    visitor.ask("Where?")
    (asked,) = api.asked(key)
    assert asked.json().get("context") == ({"path": f"/host/{key}/1", "title": "A page"} if says else None)
    assert b"secret" not in asked.body


def test_the_page_hears_of_answers_without_their_words(visit: Visit, site: Site) -> None:
    visitor = visit(site(), mode="inline")
    visitor.page.evaluate(
        """() => { window.told = {};
        for (const name of ['ready', 'open', 'close', 'ask', 'status', 'sources', 'answer', 'error',
            'storage'])
          document.addEventListener(`pincite-${name}`, (e) => (told[name] ??= []).push(e.detail)); }"""
    )
    visitor.ask("Where is it?")
    told = visitor.page.evaluate("() => told")
    assert told["ask"] == [{"text": "Where is it?"}]
    assert {name: told["answer"][0][name] for name in ("state", "cited")} == {"state": "complete", "cited": 3}
    del told["ask"]
    assert not any(word in str(told) for word in ("Where is it", "harbour", "quay"))


def test_a_page_may_keep_a_question_from_being_asked(visit: Visit, site: Site, api: Scripted) -> None:
    key = site()
    visitor = visit(key, mode="inline")
    visitor.page.evaluate("() => document.addEventListener('pincite-ask', (e) => e.preventDefault())")
    visitor.send("Where?").idle()
    assert (api.asked(key), visitor.part("answer").count()) == ([], 0)
