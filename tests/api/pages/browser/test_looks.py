"""Every state of the pages, for everybody: themes, widths, print, forced colours, a keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api.testing_browser import Visitor
from api.testing_pages import QUESTION, STATES, link

Visit = Callable[..., Visitor]
# What may differ from look to look; the rest is asked once. Colours are those of a theme, whatever the width.
LAID_OUT = ("target-size", "scrollable-region-focusable")
LOOKED_AT = (*LAID_OUT, "color-contrast", "link-in-text-block")
LOOKS: dict[str, tuple[dict[str, Any], int, tuple[str, ...]]] = {
    "wide and light": ({"color_scheme": "light"}, 1280, ()),
    "wide and dark": ({"color_scheme": "dark"}, 1280, LAID_OUT),
    "narrow and dark": ({"color_scheme": "dark"}, 360, LOOKED_AT),
    "narrow and light": ({"color_scheme": "light"}, 360, LAID_OUT),
    "forced colours": ({"forced_colors": "active"}, 360, LAID_OUT),
}
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit: Visit, state: str) -> None:
    """In both themes at 360 and 1,280 pixels, in forced colours, at 320 pixels (400 % zoom)."""
    visitor = visit("/icon-of-nothing")
    STATES[state](visitor, visitor.page.url.rpartition("/")[0])
    found: dict[str, list[str]] = {}
    for look, (media, width, rules) in LOOKS.items():
        visitor.page.emulate_media(**media)
        visitor.page.set_viewport_size({"width": width, "height": 740})
        found[look] = visitor.axe(rules)
    visitor.page.set_viewport_size({"width": 320, "height": 256})
    assert {look: faults for look, faults in found.items() if faults} == {}
    assert visitor.page.evaluate(SIDEWAYS) == 0


def test_axe_sees_what_is_wrong(visit: Visit) -> None:
    """A fault that is put there is found: the other findings mean something."""
    visitor = visit()
    visitor.page.evaluate("() => document.querySelector('main').append(document.createElement('button'))")
    assert any(fault.startswith("button-name") for fault in visitor.axe())


def test_on_paper_there_are_question_answer_sources_and_passages_and_no_forms(visit: Visit) -> None:
    page = visit(link("/", q=QUESTION)).page
    page.emulate_media(media="print")
    for part in (".asked", "#answer .prose", "#sources q", "#passages .excerpt"):
        assert page.locator(part).first.is_visible()
    for part in ("form", ".bar", "details.why", ".link"):
        assert not page.locator(part).first.is_visible()
    assert (
        page.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor")
        == "rgb(255, 255, 255)"
    )


def test_a_keyboard_alone_asks_follows_a_number_reads_in_place_and_comes_back(visit: Visit) -> None:
    page = visit().page
    keys = page.keyboard
    keys.type(QUESTION)  # the box has the focus from the beginning
    keys.press("Enter")
    page.locator("#sources q").first.wait_for()
    page.locator("#passages li").first.wait_for()
    focused = "() => document.activeElement.matches(':focus-visible') && document.activeElement.outerHTML"
    seen = []
    for _ in range(12):
        keys.press("Tab")
        seen.append(page.evaluate(focused))
        if 'class="cite"' in str(seen[-1]):
            break
    assert all(seen)
    keys.press("Enter")
    assert page.url.endswith("#source-1")
    keys.press("Tab")
    assert "/d/" in page.evaluate("() => document.activeElement.href")
    keys.press("Enter")
    page.locator("article mark").first.wait_for()
    assert page.evaluate("() => document.activeElement.localName") == "mark"
    page.go_back()
    page.locator("#sources q").first.wait_for()
    keys.press("/")
    assert page.evaluate("() => document.activeElement.id") == "q"


def test_the_first_thing_a_keyboard_meets_leads_past_the_bar(visit: Visit) -> None:
    page = visit("/d").page
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.innerText") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.localName") == "main"


def test_an_answer_is_told_once_to_those_who_hear_it(visit: Visit) -> None:
    page = visit().page
    page.locator("#q").fill(QUESTION)
    page.locator("#q").press("Enter")
    page.wait_for_function(
        "() => document.querySelector('p.unseen[role=status]')?.textContent.startsWith('Answer')"
    )
    assert page.locator("[role=status]", has_text="Belgrade").count() == 1
