"""The widget for those who do not see it, do not use a mouse, or see it otherwise."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from api.testing_browser import Visitor
from api.testing_script import Said, Source, narrative
from api.testing_stream import Scripted, held, refuses, streams

Visit = Callable[..., Visitor]
Site = Callable[..., str]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 360, "height": 740}},
    "forced colours": {"forced_colors": "active"},
    "narrow and dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    "right to left": {},
}
SOURCES = (
    Source(
        "Harbour rules",
        "It rains. The harbour opened in 1905. It closed.",
        "The harbour opened in 1905.",
        ("One",),
    ),
    Source("The quay", "The quay is long.", "The quay is long."),
)
RICH = narrative(
    (
        Said("## Title\n\nThe harbour **opened**", (1, 2)),
        Said(" in [1905](https://harbour.example/).\n\n- one", (2,)),
        Said("\n- two\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```\n\nThe end", (1,), "supported"),
        Said("."),
    ),
    SOURCES,
)
NOTHING = narrative((), SOURCES, state="no_answer", notices=(("no_answer", "Nothing there."),))


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_any_state(visit: Visit, site: Site, api: Scripted, look: str) -> None:
    """Closed, open, typing, being written, complete, a card, the viewer, a failure, no answer."""
    found: dict[str, list[str]] = {}
    gate = threading.Event()
    for source in SOURCES:
        api.passages[source.passage_id] = source.view()
    told = {"lang": "ar"} if look == "right to left" else {}
    body = '<div dir="rtl">' if told else ""
    visitor = visit(site(held(RICH, 8, gate)), context=LOOKS[look], body=body, **told)
    found["closed"] = visitor.axe()
    visitor.open()
    found["open"] = visitor.axe()
    visitor.part("input").fill("Where?")
    found["typing"] = visitor.axe()
    visitor.part("input").press("Enter")
    visitor.part("citation").first.wait_for()
    found["writing"] = visitor.axe()
    gate.set()
    visitor.idle()
    found["complete"] = visitor.axe()
    visitor.part("citation").first.click()
    found["card"] = visitor.axe()
    visitor.part("citation-popover").locator(".main").first.click()
    visitor.part("viewer").locator("[data-verdict]").wait_for()
    found["viewer"] = visitor.axe()
    for name, behave in (("failure", refuses(500, "internal")), ("no answer", streams(NOTHING))):
        other = visit(site(behave), context=LOOKS[look], body=body, **told)
        other.ask("Where?")
        found[name] = other.axe()
    assert {state: faults for state, faults in found.items() if faults} == {}


def test_axe_sees_into_the_widget(visit: Visit, site: Site) -> None:
    """A fault that is put there is found: the other findings mean something."""
    visitor = visit(site(), mode="inline").open()
    visitor.page.evaluate("() => __part('log').append(document.createElement('button'))")
    assert any(fault.startswith("button-name") for fault in visitor.axe())


WATCH = """() => {
    window.live = [];
    const note = (root) => (records) => { for (const { target } of records) {
        const element = target.nodeType === 1 ? target : target.parentElement;
        const at = element?.closest('[role=status],[role=alert],[aria-live]');
        if (at?.textContent && at.getAttribute('aria-live') !== 'off') live.push(at.textContent); } };
    const all = { childList: true, characterData: true, subtree: true };
    for (const root of [document, __root()]) new MutationObserver(note(root)).observe(root, all);
}"""


def announced(visitor: Visitor) -> list[str]:
    told: list[str] = visitor.page.evaluate(
        "() => new Promise((then) => requestAnimationFrame(() => then(live)))"
    )
    return told


def test_a_long_answer_is_told_twice_that_it_searches_and_what_it_is(visit: Visit, site: Site) -> None:
    words = tuple(Said(f"word {n} ", (1,) if n % 40 == 39 else ()) for n in range(400))
    visitor = visit(site(streams(narrative(words, SOURCES), pause_s=0.001)), mode="inline").open()
    visitor.page.evaluate(WATCH)
    visitor.ask("Where?")
    told = announced(visitor)
    assert len(told) == 2
    assert (told[1].count("word 7 "), "word 399" in told[1], "source 1" in told[1].lower()) == (1, True, True)


def test_what_was_said_before_is_not_said_again(visit: Visit, site: Site) -> None:
    visitor = visit(site(streams(narrative((Said("Said once.", (1,)),), SOURCES))), mode="inline")
    visitor.ask("Where?")
    visitor.page.evaluate(WATCH)
    visitor.ask("And again?")
    assert sum(text.count("Said once.") for text in announced(visitor)) == 1


@pytest.mark.parametrize(("announce", "says"), [("summary", "2 sources"), ("off", "")])
def test_how_much_is_announced_can_be_chosen(visit: Visit, site: Site, announce: str, says: str) -> None:
    story = narrative((Said("Words one.", (1,)), Said(" Words two.", (2,))), SOURCES)
    visitor = visit(site(streams(story)), mode="inline", announce=announce).open()
    visitor.page.evaluate(WATCH)
    visitor.ask("Where?")
    told = announced(visitor)[1:]
    assert ("Words one" in str(told), len(told)) == (False, 1 if says else 0)
    assert says in str(told)


def test_the_parts_have_roles_and_names(visit: Visit, site: Site) -> None:
    visitor = visit(
        site(streams(narrative((Said("The harbour opened.", (1,)),), SOURCES))), title="Ask the port"
    )
    visitor.ask("Where?")
    page = visitor.page
    assert page.get_by_role("dialog", name="Ask the port").is_visible()
    assert page.get_by_role("log").get_attribute("aria-live") == "off"
    assert page.get_by_role("article").count() >= 1
    marker = page.get_by_role("button", name="Source 1: Harbour rules")
    assert (marker.get_attribute("aria-haspopup"), marker.get_attribute("aria-expanded")) == (
        "dialog",
        "false",
    )
    marker.click()
    assert page.get_by_role("dialog", name="Harbour rules").is_visible()


def test_every_thing_can_be_reached_and_nothing_holds_the_focus(visit: Visit, site: Site) -> None:
    visitor = visit(site(streams(RICH)), body="<button id=after>After</button>")
    visitor.ask("Where?")
    visitor.page.evaluate("() => document.activeElement.blur()")
    seen = []
    for _ in range(60):
        visitor.page.keyboard.press("Tab")
        at = visitor.page.evaluate(
            """() => { const outer = document.activeElement, at = outer.shadowRoot?.activeElement ?? outer;
            return at.getAttribute('part') || at.id || at.localName; }"""
        )
        seen.append(at)
        if seen.count("input") == 2:
            break
    assert {"after", "input", "citation", "close"} <= set(seen)
    assert seen.count("input") == 2


def test_brackets_move_between_citations_and_around_their_ends(visit: Visit, site: Site) -> None:
    """Two markers stand at the first place, one at each of the other two."""
    visitor = visit(site(streams(RICH)))
    visitor.ask("Where?")
    visitor.part("log").focus()
    at = "() => { const { place, n } = __root().activeElement.dataset; return `${place}: ${n}`; }"
    places = []
    for key in ("]", "]", "]", "]", "]", "[", "[", "["):
        visitor.page.keyboard.press(key)
        places.append(visitor.page.evaluate(at))
    assert places == ["0: 1", "0: 2", "1: 2", "2: 1", "0: 1", "2: 1", "1: 2", "0: 2"]


@pytest.mark.parametrize(("touch", "least"), [(False, 24), (True, 44)])
def test_targets_are_large_enough(visit: Visit, site: Site, touch: bool, least: int) -> None:
    """Markers stand in a line of text, which is an exception of WCAG 2.5.8; they are 24 all the same."""
    visitor = visit(site(streams(RICH)), context={"has_touch": touch, "is_mobile": touch} if touch else {})
    visitor.ask("Where?")
    small = """(least) => [...__root().querySelectorAll('button, [part~=input], summary')]
        .filter((e) => e.checkVisibility())
        .map((e) => [e.getAttribute('part') || e.textContent, e.getBoundingClientRect()])
        .filter(([part, box]) => Math.min(box.width, box.height) < (part === 'citation' ? 24 : least) - 0.5)
        .map(([part, { width, height }]) => `${part} ${width}x${height}`)"""
    assert visitor.page.evaluate(small, least) == []


SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
)


@pytest.mark.parametrize("how", ["400 % zoom", "twice the text", "wide spacing"])
def test_nothing_is_cut_off_or_scrolls_sideways(visit: Visit, site: Site, how: str) -> None:
    small = {"viewport": {"width": 320, "height": 256}} if how == "400 % zoom" else {}
    visitor = visit(site(streams(RICH)), context=small)
    visitor.ask("Where?")
    if how == "twice the text":
        visitor.page.evaluate(
            "() => document.querySelector('pincite-chat').style.setProperty('--pincite-font-size', '32px')"
        )
    if how == "wide spacing":
        visitor.page.evaluate(
            """(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
            __root().adoptedStyleSheets = [...__root().adoptedStyleSheets, sheet]; }""",
            SPACED,
        )
    wide = """() => { const log = __part('log'), page = document.documentElement;
        return [page.scrollWidth <= page.clientWidth, log.scrollWidth <= log.clientWidth,
            __part('input').getBoundingClientRect().right <= innerWidth]; }"""
    assert visitor.page.evaluate(wide) == [True, True, True]


def test_what_is_written_by_an_input_method_is_not_sent_by_its_enter(
    visit: Visit, site: Site, api: Scripted
) -> None:
    key = site()
    visitor = visit(key, mode="inline").open()
    visitor.part("input").fill("北京")
    visitor.part("input").evaluate(
        """(box) => box.dispatchEvent(
            new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))"""
    )
    visitor.part("input").press("Shift+Enter")
    assert (api.asked(key), visitor.part("input").input_value()) == ([], "北京\n")


def test_the_last_question_comes_back_by_the_arrow_up(visit: Visit, site: Site) -> None:
    visitor = visit(site(), mode="inline")
    visitor.ask("Where is it?")
    visitor.part("input").press("ArrowUp")
    assert visitor.part("input").input_value() == "Where is it?"


def test_a_narrow_window_makes_it_modal_and_a_wide_one_does_not(visit: Visit, site: Site) -> None:
    modal = "() => !!__part('panel').closest('dialog:modal') || __part('panel').matches(':modal')"
    wide = visit(site()).open()
    narrow = visit(site(), context={"viewport": {"width": 360, "height": 740}}).open()
    assert (wide.page.evaluate(modal), narrow.page.evaluate(modal)) == (False, True)
    box = narrow.part("panel").bounding_box()
    assert box
    assert (round(box["width"]), round(box["height"])) == (360, 740)
    size = narrow.part("input").evaluate("(box) => parseFloat(getComputedStyle(box).fontSize)")
    assert size >= 16
