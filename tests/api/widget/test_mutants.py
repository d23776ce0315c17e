"""The suite itself: builds that are broken on purpose, each noticed by the claim that is meant to."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import pytest

from api.testing_browser import CONTEXT, Visitor, host_page, snippet
from api.testing_script import Said, Source, narrative
from api.testing_stream import Behaviour, Exchange, Scripted, held, in_turn, refuses, streams
from api.widget.build import built

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.slow
POLICY = (
    "default-src 'none'; script-src {api}; connect-src {api}; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
CAFE = Source("Käse 😀", "Long ago. The café 😀 opened. So it is.", "The café 😀 opened.")
LINK = " [here](javascript:window.__xss=1)"
STORY = narrative(
    (Said("The café 😀 **opened**.", (1,)), Said(f" Look{LINK}.", (1,)), Said("\n\nThe end.")), (CAFE,)
)
FOCUSED = "(marker) => marker.getRootNode().activeElement === marker"
_NUMBERS = count(1)


@dataclass
class Walk:
    """A build, and the pages that were visited with it."""

    api: Scripted
    pages: Scripted
    context: BrowserContext
    js: bytes
    visitors: list[Visitor] = field(default_factory=list)

    def visit(self, behave: Behaviour) -> Visitor:
        """A page with that build, under a strict policy."""
        key = f"pk_mutant_{next(_NUMBERS)}"
        leave = {"Access-Control-Allow-Origin": "*"}
        self.api.pages[f"/w/{key}/pincite.js"] = ("text/javascript", self.js, leave)
        self.api.sites[key] = behave
        visitor = Visitor(self.context.new_page(), (self.pages.url, self.api.url))
        visitor.page.set_default_timeout(3000)
        html = host_page(snippet(self.api.url, key, key, mode="inline", persist="none"))
        policy = POLICY.format(api=self.api.url)
        visitor.page.goto(self.pages.put(f"/{key}", html, Content_Security_Policy=policy))
        self.visitors.append(visitor)
        return visitor


def torn(exchange: Exchange) -> None:
    """A character of four bytes comes in two pieces, each by itself."""
    whole = b"".join(STORY)
    cut = whole.index("😀".encode(), whole.index(b"event: delta")) + 2
    exchange.start()
    exchange.send(whole[:cut])
    exchange.pause(0.3)
    exchange.send(whole[cut:])


def text(walk: Walk) -> bool:
    """What comes in pieces is read whole."""
    answer = walk.visit(torn).ask("Where?")
    return "The café 😀 opened." in answer.inner_text().replace("1", "")


def links(walk: Walk) -> bool:
    """No link runs a script."""
    answer = walk.visit(streams(STORY)).ask("Where?")
    return answer.locator("a[href^=javascript]").count() == 0


def opened(walk: Walk) -> bool:
    """The page reaches into the shadow tree."""
    visitor = walk.visit(streams(STORY))
    return bool(visitor.page.evaluate("() => document.querySelector('pincite-chat').shadowRoot !== null"))


def stays(walk: Walk) -> bool:
    """A marker keeps the focus while more comes."""
    gate = threading.Event()
    visitor = walk.visit(held(STORY, 8, gate)).send("Where?")
    marker = visitor.part("citation").first
    marker.focus()
    handle = marker.element_handle()
    gate.set()
    visitor.page.locator("[part~=answer][data-state=complete]").wait_for()
    return bool(handle.evaluate(FOCUSED))


def returns(walk: Walk) -> bool:
    """Who opens a card is in it, and back at its marker when it is closed."""
    visitor = walk.visit(streams(STORY))
    visitor.ask("Where?")
    marker = visitor.part("citation").first
    marker.focus()
    visitor.page.keyboard.press("Enter")
    card = visitor.part("citation-popover")
    card.wait_for()
    inside = card.evaluate("(card) => card.contains(card.getRootNode().activeElement)")
    visitor.page.keyboard.press("Escape")
    return bool(inside and marker.evaluate(FOCUSED))


def failed_once(walk: Walk) -> Visitor:
    visitor = walk.visit(in_turn(refuses(500, "internal", Retry_After="0"), streams(STORY)))
    visitor.ask("Where?")
    return visitor


def again(walk: Walk) -> bool:
    """What failed can be asked again."""
    return failed_once(walk).part("retry").count() == 1


def same(walk: Walk) -> bool:
    """What is asked again has the same key."""
    visitor = failed_once(walk)
    visitor.do("retry")
    visitor.page.locator("[part~=answer][data-state=complete]").wait_for()
    asked = walk.api.asked(visitor.page.url.rpartition("/")[2])
    return len(asked) == 2 and len({seen.json()["idempotency_key"] for seen in asked}) == 1


def quiet(walk: Walk) -> bool:
    """The log is not read out word by word."""
    return walk.visit(streams(STORY)).part("log").get_attribute("aria-live") == "off"


def bare(walk: Walk) -> bool:
    """A question takes no cookie along; what asks with them gets no answer here."""
    visitor = walk.visit(streams(STORY))
    visitor.ask("Where?")
    return visitor.state() == "complete"


def clean(walk: Walk) -> bool:
    """Nothing breaks the policy."""
    walk.visit(streams(STORY)).ask("Where?")
    return all(visitor.faults() == {} for visitor in walk.visitors)


CLAIMS = (text, links, opened, stays, returns, again, same, quiet, bare, clean)
Claim = Callable[[Walk], bool]
STRICT = '"use strict";'
# what is broken: what is replaced in the built file, and by what, and the claim that does not hold then
MUTANTS: dict[str, tuple[str, str, Claim]] = {
    "a closed root": (r'mode:"open"', 'mode:"closed"', opened),
    "text as markup": (r"\.textContent=", ".innerHTML=", clean),
    "no buffer for split characters": (r"\{stream:!0\}", "{stream:!1}", text),
    "no way to try again": (r'is:"retry"', 'is:"again"', again),
    "a log that speaks": (r'"aria-live":"off"', '"aria-live":"polite"', quiet),
    "focus that goes nowhere": (r"\.focus\(\{preventScroll:!0\}\)", ".blur()", returns),
    "a style attribute": (
        STRICT,
        STRICT + 'document.documentElement.setAttribute("style","color:red");',
        clean,
    ),
    "a font from elsewhere": (
        STRICT,
        STRICT + 'new FontFace("x","url(http://outside.example/x)").load().catch(()=>{});',
        clean,
    ),
    "markers made anew": (r"this\.#\w+\.get\(\w+\)\?\?", "", stays),
    "links to anywhere": (r"/\^\(\?:https\?\|mailto\):\$/", "/./", links),
    "another key each time": (r"idempotency_key:(\w+)", "idempotency_key:String(Math.random())", same),
    "credentials": (r'credentials:"omit"', 'credentials:"include"', bare),
}


@pytest.fixture
def walk(browser: Browser, pages: Scripted, api: Scripted) -> Iterator[Callable[[bytes], Walk]]:
    """Begin to walk through a build."""
    context = browser.new_context(**CONTEXT)
    yield lambda js: Walk(api, pages, context, js)
    context.close()


def holds(claim: Claim, walk: Walk) -> bool:
    """Whether it does; what cannot even be tried does not."""
    from playwright.sync_api import Error

    try:
        return claim(walk)
    except Error:
        return False


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_the_build_that_ships_passes(walk: Callable[[bytes], Walk], claim: Claim) -> None:
    assert claim(walk(built().js))


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_build_is_noticed_by_the_claim_that_is_meant_to(
    walk: Callable[[bytes], Walk], name: str
) -> None:
    pattern, instead, claim = MUTANTS[name]
    broken, replaced = re.subn(pattern, lambda _: instead, built().js.decode())
    assert replaced, f"{pattern} stands nowhere in the built file: this mutant breaks nothing"
    assert not holds(claim, walk(broken.encode()))
