"""The widget under the strictest policy, with integrity, from another origin, and in its size."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable

import pytest

from api.testing_browser import Visitor, snippet
from api.testing_stream import Scripted, in_turn, refuses
from api.widget.build import built

Visit = Callable[..., Visitor]
Site = Callable[..., str]
STRICT = (
    "default-src 'none'; script-src {api}; style-src 'none'; connect-src {api}; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


def strict(api: Scripted) -> dict[str, str]:
    return {"Content_Security_Policy": STRICT.format(api=api.url)}


def test_everything_works_where_styles_and_markup_are_forbidden(
    visit: Visit, site: Site, api: Scripted
) -> None:
    """That nothing broke the policy is looked at at the end, as for every page."""
    story = api.sites[site()]
    key = site(in_turn(refuses(500, "internal"), story))
    visitor = visit(key, headers=strict(api)).open()
    visitor.ask("Where?")
    visitor.part("retry").and_(visitor.page.locator(":enabled")).click()
    visitor.page.locator("[part~=answer][data-state=complete]").wait_for()
    visitor.part("citation").first.click()
    card = visitor.part("citation-popover")
    assert card.locator("mark").inner_text() == "The harbour of Belmark opened in 1905."
    card.get_by_role("button").first.click()
    assert visitor.part("viewer").locator("mark").inner_text() == "The harbour of Belmark opened in 1905."
    visitor.part("close").click()
    assert visitor.part("panel").is_hidden()


def test_it_looks_as_designed_where_styles_are_forbidden(visit: Visit, site: Site, api: Scripted) -> None:
    style = """() => {
        const style = getComputedStyle(__part('panel'));
        const { position, backgroundColor, fontSize, borderRadius, width } = style;
        return [position, backgroundColor, fontSize, borderRadius, width]; }"""
    free, bound = visit(site()).open(), visit(site(), headers=strict(api)).open()
    assert bound.page.evaluate(style) == free.page.evaluate(style)
    assert free.part("panel").evaluate("(panel) => getComputedStyle(panel).borderRadius") != "0px"


def test_the_policy_and_the_watch_over_it_work(visit: Visit, site: Site, api: Scripted) -> None:
    """What the widget does without would be reported, each of it."""
    visitor = visit(site(), headers=strict(api))
    tries = """async () => {
        const style = document.createElement('style'); style.textContent = 'a{}'; document.head.append(style);
        document.body.setAttribute('style', 'color:red');
        let thrown = '';
        try { document.body.innerHTML = '<b>x</b>'; } catch (error) { thrown = error.name; }
        await fetch('http://127.0.0.1:1/').catch(() => {});
        await new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)));
        const seen = window.__csp.map((told) => told.split(' ')[0]);
        window.__csp = [];
        return [thrown, ...new Set(seen)].sort(); }"""
    assert visitor.page.evaluate(tries) == [
        "TypeError",
        "connect-src",
        "require-trusted-types-for",
        "style-src-attr",
        "style-src-elem",
    ]
    visitor.outside.clear()


def test_the_built_file_names_no_address_but_the_one_of_a_namespace() -> None:
    found = set(re.findall(r"https?://[\w.]+", built().js.decode()))
    assert found <= {"http://www.w3.org"}


def digest(data: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


@pytest.mark.parametrize(
    ("own", "allowed", "crossorigin", "right", "loads"),
    [
        (True, False, False, True, True),
        (True, False, False, False, False),
        (False, True, True, True, True),
        (False, True, True, False, False),
        (False, False, True, True, False),
        (False, True, False, True, False),
    ],
    ids=["own", "own wrong", "other", "other wrong", "other without leave", "other without crossorigin"],
)
def test_integrity_lets_the_right_file_in(
    visit: Visit,
    site: Site,
    api: Scripted,
    pages: Scripted,
    own: bool,
    allowed: bool,
    crossorigin: bool,
    right: bool,
    loads: bool,
) -> None:
    server, leave = (pages if own else api), {"Access-Control-Allow-Origin": "*"} if allowed else {}
    server.pages["/integrity.js"] = ("text/javascript", built().js, leave)
    if not own and not allowed:
        api.origins.discard(pages.url)
    hashed = digest(built().js if right else b"another")
    cross = 'crossorigin="anonymous"' if crossorigin else ""
    script = (
        f'<script src="{server.url}/integrity.js" integrity="{hashed}" {cross} data-site="{site()}"></script>'
    )
    try:
        visitor = visit("pk_x", embedded=script, waits=False)
        assert visitor.page.evaluate("() => customElements.get('pincite-chat') !== undefined") is loads
    finally:
        api.origins.add(pages.url)


def test_a_page_that_may_not_ask_sends_no_question(
    visit: Visit, site: Site, api: Scripted, pages: Scripted
) -> None:
    """The preflight is refused; then the page is let in, and asks again."""
    key = site()
    visitor = visit(key, mode="inline", by="localhost")
    answer = visitor.ask("Where?")
    assert answer.locator("[part~=error]").get_attribute("data-error") == "origin_denied"
    assert api.asked(key) == []
    assert any("origin_denied" in said for said in visitor.console)
    other = pages.url.replace("127.0.0.1", "localhost")
    api.origins.add(other)
    try:
        visitor.ask("Where?")
    finally:
        api.origins.discard(other)
    assert (visitor.state(), len(api.asked(key))) == ("complete", 1)


def test_a_question_carries_no_cookie_and_no_more_than_the_origin(
    visit: Visit, site: Site, api: Scripted, pages: Scripted
) -> None:
    key = site()
    visitor = visit(key, mode="inline", query="?secret=1")
    visitor.page.context.add_cookies([{"name": "session", "value": "s", "url": api.url}])
    visitor.ask("Where?")
    (asked,) = api.asked(key)
    assert "cookie" not in asked.headers
    assert (asked.headers["origin"], asked.headers["referer"]) == (pages.url, f"{pages.url}/")
    assert set(asked.json()) <= {"question", "protocol", "site", "idempotency_key", "lang", "conversation"}


def test_the_key_stands_in_no_address_but_where_it_must(visit: Visit, site: Site, api: Scripted) -> None:
    """Addresses are kept in logs."""
    key = site()
    visitor = visit(key, mode="inline")
    visitor.ask("Where?")
    paths = {seen.path.partition("?")[0] for seen in api.seen if key in seen.path}
    assert paths <= {f"/v1/site/{key}"}


def test_two_scripts_make_one_widget(visit: Visit, site: Site, api: Scripted) -> None:
    key = site()
    visitor = visit(key, embedded=snippet(api.url, key) * 2)
    visitor.part("launcher").wait_for()
    assert visitor.page.locator("pincite-chat").count() == 1


def test_calls_made_before_it_is_loaded_are_made_good(visit: Visit, site: Site, api: Scripted) -> None:
    key = site()
    early = "<script>window.Pincite = {q: [['ask', 'Where?']]};</script>"
    visitor = visit(key, head=early)
    visitor.page.locator("[part~=answer][data-state=complete]").wait_for(state="attached")
    assert [seen.json()["question"] for seen in api.asked(key)] == ["Where?"]
