"""The suite itself: builds that are broken on purpose, each of which a short walk notices."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING

import pytest

from api.testing_browser import CONTEXT, Visitor, host_page, snippet
from api.testing_script import Said, Source, narrative
from api.testing_stream import Behaviour, Scripted, held, in_turn, refuses, streams
from api.widget.build import built

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow
Walk = Callable[[bytes], set[str]]
POLICY = (
    "default-src 'none'; script-src {api}; connect-src {api}; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
CAFE = Source("Käse 😀", "Long ago. The café 😀 opened. So it is.", "The café 😀 opened.")
LINK = " [here](javascript:window.__xss=1)"
STORY = narrative(
    (Said("The café 😀 **opened**.", (1,)), Said(f" Look{LINK}.", (1,)), Said("\n\nThe end.")), (CAFE,)
)
# what is broken: what is replaced in the built file, and by what
MUTANTS: dict[str, tuple[str, str]] = {
    "a closed root": (r'mode:"open"', 'mode:"closed"'),
    "text as markup": (r"\.textContent=", ".innerHTML="),
    "no buffer for split characters": (r"\{stream:!0\}", "{stream:!1}"),
    "no way to try again": (r'is:"retry"', 'is:"again"'),
    "a log that speaks": (r'"aria-live":"off"', '"aria-live":"polite"'),
    "focus that is not given back": (r"\.focus\(\{preventScroll:!0\}\)", ".blur()"),
    "a style attribute": (
        r'"use strict";',
        '"use strict";document.documentElement.setAttribute("style","color:red");',
    ),
    "a font from elsewhere": (
        r'"use strict";',
        '"use strict";new FontFace("x","url(http://outside.example/x)").load().catch(()=>{});',
    ),
    "markers made anew": (r"\w+\.parentNode===\w+", "!1"),
    "links to anywhere": (r"/\^\(\?:https\?\|mailto\):\$/", "/./"),
    "another key each time": (r"idempotency_key:(\w+)", "idempotency_key:String(Math.random())"),
    "credentials": (r'credentials:"omit"', 'credentials:"include"'),
}


def attempt(claim: Callable[[], bool]) -> bool:
    from playwright.sync_api import Error

    try:
        return claim()
    except Error:
        return False


@pytest.fixture
def walk(browser: Browser, pages: Scripted, api: Scripted) -> Iterator[Walk]:
    """Walk through a build; the claims that do not hold for it."""
    numbers = count(1)
    context = browser.new_context(**CONTEXT)

    def through(js: bytes) -> set[str]:
        version = f"mutant{next(numbers)}"
        api.pages[f"/w/{version}/pincite.js"] = ("text/javascript", js, {"Access-Control-Allow-Origin": "*"})
        visitors: list[Visitor] = []

        def visit(name: str, behave: Behaviour) -> Visitor:
            key = f"pk_{version}_{name}"
            api.sites[key] = behave
            visitor = Visitor(context.new_page(), (pages.url, api.url))
            visitors.append(visitor)
            visitor.page.set_default_timeout(3000)
            html = host_page(snippet(api.url, key, version, mode="inline", persist="none"))
            policy = POLICY.format(api=api.url)
            visitor.page.goto(pages.put(f"/{key}", html, Content_Security_Policy=policy))
            return visitor

        def text() -> bool:
            answer = visit("text", streams(STORY, size=1)).ask("Where?")
            links = answer.locator("a[href^=javascript]").count()
            return "The café 😀 opened." in answer.inner_text().replace("1", "") and not links

        def stays() -> bool:
            gate = threading.Event()
            visitor = visit("stays", held(STORY, 6, gate)).send("Where?")
            marker = visitor.part("citation").first
            marker.focus()
            gate.set()
            visitor.page.locator("[part~=answer][data-state=complete]").wait_for()
            return bool(marker.evaluate("(marker) => marker.getRootNode().activeElement === marker"))

        def returns() -> bool:
            visitor = visit("returns", streams(STORY))
            visitor.ask("Where?")
            marker = visitor.part("citation").first
            marker.focus()
            visitor.page.keyboard.press("Enter")
            visitor.part("citation-popover").wait_for()
            visitor.page.keyboard.press("Escape")
            return bool(marker.evaluate("(marker) => marker.getRootNode().activeElement === marker"))

        def again() -> bool:
            visitor = visit("again", in_turn(refuses(500, "internal", Retry_After="0"), streams(STORY)))
            visitor.ask("Where?")
            visitor.part("retry").click()
            visitor.page.locator("[part~=answer][data-state=complete]").wait_for()
            keys = {seen.json()["idempotency_key"] for seen in api.asked(f"pk_{version}_again")}
            return len(keys) == 1

        def quiet() -> bool:
            visitor = visit("quiet", streams(STORY))
            visitor.ask("Where?")
            return visitor.part("log").get_attribute("aria-live") == "off"

        failed = {claim.__name__ for claim in (text, stays, returns, again, quiet) if not attempt(claim)}
        clean = all(visitor.faults() == {} for visitor in visitors)
        for visitor in visitors:
            visitor.page.close()
        return failed if clean else failed | {"clean"}

    yield through
    context.close()


def test_the_build_that_ships_passes(walk: Walk) -> None:
    assert walk(built().js) == set()


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_build_does_not_pass(walk: Walk, name: str) -> None:
    pattern, instead = MUTANTS[name]
    broken, replaced = re.subn(pattern, lambda _: instead, built().js.decode())
    assert replaced, f"{pattern} stands nowhere in the built file: this mutant breaks nothing"
    assert walk(broken.encode()) != set()
