"""A marker opens what it rests on, by every way there is, and the browser checks the words itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api.testing_browser import Visitor
from api.testing_script import Said, Source, narrative
from api.testing_stream import Scripted, streams

Visit = Callable[..., Visitor]
Site = Callable[..., str]
QUOTE = "The harbour of Belmark opened in 1905."
FOCUSED = (
    "() => { const at = __root().activeElement; return at && (at.getAttribute('part') || at.className); }"
)


def test_the_keyboard_opens_a_card_and_comes_back_to_the_marker(visit: Visit, site: Site) -> None:
    visitor = visit(site())
    visitor.ask("Where?")
    marker, card = visitor.part("citation").first, visitor.part("citation-popover")
    marker.focus()
    visitor.page.keyboard.press("Enter")
    card.wait_for()
    assert card.locator("mark").first.inner_text() == QUOTE
    assert card.evaluate("(card) => card.contains(card.getRootNode().activeElement)")
    assert marker.get_attribute("aria-expanded") == "true"
    visitor.page.keyboard.press("Escape")
    assert (card.is_hidden(), marker.get_attribute("aria-expanded")) == (True, "false")
    assert marker.evaluate("(marker) => marker.getRootNode().activeElement === marker")
    visitor.page.keyboard.press("Escape")
    assert visitor.part("panel").is_hidden()
    assert visitor.page.evaluate(FOCUSED) == "launcher"


def test_a_card_says_which_source_and_how_it_stands_to_the_sentence(visit: Visit, site: Site) -> None:
    visitor = visit(site())
    visitor.ask("Where?")
    visitor.part("citation").first.click()
    card = visitor.part("citation-popover")
    text = card.inner_text()
    assert all(said in text for said in ("Harbour rules", "Rules › Opening", QUOTE))
    assert card.locator("[part~=verdict]").get_attribute("data-state") == "exact"
    visitor.page.keyboard.press("Escape")
    visitor.part("citation").last.click()
    assert card.locator("[part~=verdict]").get_attribute("data-state") == "supported"


def test_what_stands_around_a_quotation_begins_and_ends_with_whole_words(visit: Visit, site: Site) -> None:
    source = Source(
        "Quay",
        "Cranes stand on the granite of it. It is long. Trains go along it at dawn and at dusk.",
        "It is long.",
    )
    visitor = visit(site(sources=(source,), said=(Said("Long.", (1,)),)))
    visitor.ask("Where?")
    visitor.part("citation").first.click()
    quote = visitor.part("citation-popover").locator("[part~=quote]")
    assert quote.inner_text() == "… stand on the granite of it. It is long. Trains go along it at dawn and …"


@pytest.mark.parametrize(
    ("section", "told", "place"),
    [
        (("Quay", "Length"), {}, "Length"),
        (("Length",), {"time": (72.4, 75.0)}, "Length › 1:12–1:15"),
        ((), {"time": (5.0, 7387.9)}, "0:05–2:03:07"),
        ((), {"pages": ("xi", "xii"), "indices": (10, 11)}, "p. xi, xii"),
        ((), {"indices": (2,)}, "p. [3]"),
    ],
    ids=["below a heading like the title", "in minutes", "in hours", "on printed pages", "on a counted page"],
)
def test_a_place_is_told_without_the_title_and_with_time_and_pages(
    visit: Visit, site: Site, section: tuple[str, ...], told: dict[str, Any], place: str
) -> None:
    source = Source("Quay", "It is long.", "It is long.", section, **told)
    visitor = visit(site(sources=(source,), said=(Said("Long.", (1,)),)))
    answer = visitor.ask("Where?")
    assert answer.locator("[part~=source] .small").inner_text() == place


def test_a_card_opened_by_the_mouse_can_be_reached_and_goes_when_it_leaves(visit: Visit, site: Site) -> None:
    """It opens after 150 ms and goes after 260, by a clock that the test moves on."""
    visitor = visit(site(), persist="none")
    clock = visitor.page.clock
    clock.install()
    visitor.page.reload()
    visitor.ask("Where?")
    clock.pause_at(visitor.page.evaluate("() => Date.now() + 1000"))
    marker, card = visitor.part("citation").first, visitor.part("citation-popover")

    def after(ms: int) -> bool:
        clock.run_for(ms)
        return card.is_visible()

    marker.hover()
    assert (after(149), after(1)) == (False, True)
    card.hover()
    assert after(10_000)
    visitor.page.mouse.move(5, 5)
    assert (after(259), after(1)) == (True, False)


def test_a_tap_opens_a_card(visit: Visit, site: Site) -> None:
    visitor = visit(site(), context={"has_touch": True, "viewport": {"width": 390, "height": 760}})
    visitor.part("launcher").tap()
    visitor.part("input").fill("Where?")
    visitor.part("send").tap()
    visitor.page.locator("[part~=answer][data-state=complete]").wait_for()
    visitor.part("citation").first.tap()
    assert visitor.part("citation-popover").is_visible()


def test_a_click_beside_a_card_closes_it_and_keeps_its_focus(visit: Visit, site: Site) -> None:
    visitor = visit(site())
    visitor.ask("Where?")
    visitor.part("citation").first.click()
    visitor.part("input").click()
    visitor.part("citation-popover").wait_for(state="hidden")
    assert visitor.page.evaluate(FOCUSED) == "input"


AROUND = {
    "bold": "**The quay**",
    "a list": "- one\n- the quay",
    "a table": "| a | b |\n|---|---|\n| c | the quay |",
    "a heading": "## The quay",
    "a link": "[the quay](https://quay.example/)",
    "a full stop": "The quay.",
    "a quotation": "> the quay",
    "code": "Run `quay()`",
    "a block of code": "```\nquay[1]\n```",
}


@pytest.mark.parametrize("what", AROUND)
def test_a_marker_after_anything_is_a_button_that_opens_its_source(
    visit: Visit, site: Site, what: str
) -> None:
    source = Source("The quay", "The quay is long.", "The quay is long.")
    visitor = visit(site(streams(narrative((Said(AROUND[what], (1,)),), (source,)))))
    answer = visitor.ask("Where?")
    (marker,) = answer.locator("[part~=citation]").all()
    assert (marker.inner_text().strip(), "[1]" in answer.locator("pre, code").all_inner_texts()) == (
        "1",
        False,
    )
    marker.click()
    assert visitor.part("citation-popover").locator("mark").inner_text() == "The quay is long."


def test_a_number_in_code_is_code_and_an_unknown_one_is_nothing(visit: Visit, site: Site) -> None:
    source = Source("The quay", "The quay is long.", "The quay is long.")
    story = narrative((Said("Take `a[1]` and [2]", (7,)), Said(" well.", (1,))), (source,))
    answer = visit(site(streams(story)), mode="inline").ask("Where?")
    assert answer.locator("code").inner_text() == "a[1]"
    assert [marker.get_attribute("data-n") for marker in answer.locator("[part~=citation]").all()] in (
        ["1"],
        [],
    )


def viewed(visitor: Visitor, n: int = 0) -> Visitor:
    visitor.ask("Where?")
    visitor.part("citation").nth(n).click()
    visitor.part("citation-popover").locator(".main").first.click()
    visitor.part("viewer").locator("[data-verdict]").wait_for()
    return visitor


@pytest.mark.parametrize("n", [0, 1, 3], ids=["plain", "another", "emoji before it"])
def test_the_viewer_marks_the_words_that_are_cited(visit: Visit, site: Site, n: int) -> None:
    quotes = (QUOTE, "The quay is 900 metres long.", QUOTE, "the cafe\u0301 opened.")
    visitor = viewed(visit(site()), n)
    mark = visitor.part("viewer").locator("mark")
    assert (mark.text_content(), mark.count()) == (quotes[n], 1)
    assert visitor.part("viewer").locator("[data-verdict]").get_attribute("data-verdict") == "verified"
    assert mark.evaluate("(mark) => mark.getRootNode().activeElement === mark")


def test_the_marked_words_of_a_long_passage_are_in_sight(visit: Visit, site: Site, api: Scripted) -> None:
    text = "Before it. " * 900 + "The quay is long. " + "After it. " * 900
    source = Source("Long", text, "The quay is long.")
    api.passages[source.passage_id] = source.view()
    visitor = viewed(visit(site(sources=(source,), said=(Said("Long.", (1,)),))))
    verdict = visitor.part("viewer").locator("[data-verdict]").bounding_box()
    box = visitor.part("viewer").locator("mark").bounding_box()
    assert verdict
    assert box
    assert 0 < verdict["y"] < verdict["y"] + verdict["height"] < box["y"] < 760
    assert visitor.page.evaluate("() => scrollY") == 0


@pytest.mark.parametrize(
    ("text", "shift", "verdict", "marked"),
    [
        ("😀 New words before. The quay is long. And after.", 0, "moved", ["The quay is long."]),
        ("The quay is long. And after.", 500, "moved", ["The quay is long."]),
        ("The quay is short now.", 0, "changed", []),
        ("The quay is long. Twice: The quay is long.", 500, "changed", []),
        ("", 0, "changed", []),
    ],
    ids=["pushed", "shifted", "another wording", "twice", "nothing"],
)
def test_the_viewer_says_when_the_words_stand_elsewhere_or_no_longer(
    visit: Visit, site: Site, api: Scripted, text: str, shift: int, verdict: str, marked: list[str]
) -> None:
    """Nothing is marked that is not word for word what is cited; the words as stored are shown beside."""
    source = Source(f"Quay {verdict} {shift} {text}", "The quay is long. And after.", "The quay is long.")
    api.passages[source.passage_id] = source.view(text, shift)
    viewer = viewed(visit(site(sources=(source,), said=(Said("Long.", (1,)),)))).part("viewer")
    assert viewer.locator("[data-verdict]").get_attribute("data-verdict") == verdict
    assert viewer.locator(".block mark").all_text_contents() == marked
    assert ("The quay is long." in viewer.inner_text()) is True


def test_words_that_have_changed_are_told_apart_from_those_that_stand_there_now(
    visit: Visit, site: Site, api: Scripted
) -> None:
    source = Source("Quay", "The quay is long.", "The quay is long.")
    api.passages[source.passage_id] = source.view("The quay is short.")
    page = viewed(visit(site(sources=(source,), said=(Said("Long.", (1,)),)))).part("viewer").locator(".page")
    assert page.locator("> *").all_inner_texts() == [
        "Text found for the answer:",
        "The quay is long.",
        "Text now:",
        "The quay is short.",
    ]


def test_a_passage_that_is_not_cited_has_no_verdict(visit: Visit, site: Site, api: Scripted) -> None:
    source = Source("Quay", "The quay is long.", "The quay is long.")
    api.passages[source.passage_id] = source.view()
    visitor = visit(site(sources=(source,), said=(), state="no_answer"))
    visitor.ask("Where?").locator("[part~=source] button").click()
    viewer = visitor.part("viewer")
    viewer.locator(".block").wait_for()
    assert (viewer.locator(".block").inner_text(), viewer.locator(".uses").is_visible()) == (
        "The quay is long.",
        False,
    )


def test_a_passage_that_cannot_be_had_is_told_and_its_words_are_shown(
    visit: Visit, site: Site, api: Scripted
) -> None:
    source = Source("Gone", "The quay is long.", "The quay is long.")
    visitor = visit(site(sources=(source,), said=(Said("Long.", (1,)),)))
    visitor.ask("Where?")
    visitor.part("citation").first.click()
    visitor.part("citation-popover").locator(".main").first.click()
    viewer = visitor.part("viewer")
    viewer.locator("[part~=error]").wait_for()
    assert "The quay is long." in viewer.inner_text()


def open_parts(visitor: Visitor) -> list[str]:
    return [name for name in ("viewer", "panel") if visitor.part(name).is_visible()]


def test_escape_closes_viewer_and_panel_in_this_order(visit: Visit, site: Site) -> None:
    visitor = viewed(visit(site()))
    seen = [open_parts(visitor)]
    for _ in range(2):
        visitor.page.keyboard.press("Escape")
        seen.append(open_parts(visitor))
    assert seen == [["viewer", "panel"], ["panel"], []]


def test_the_original_opens_where_the_record_has_an_address(visit: Visit, site: Site) -> None:
    visitor = visit(site())
    visitor.ask("Where?")
    visitor.part("citation").first.click()
    links = (
        visitor.part("citation-popover").locator("a").evaluate_all("(all) => all.map((a) => [a.href, a.rel])")
    )
    original = [rel for href, rel in links if href == "https://harbour.example/rules"]
    assert len(original) == 1
    assert "noopener" in original[0]


def test_the_same_source_keeps_its_number_and_its_uses_can_be_walked(visit: Visit, site: Site) -> None:
    visitor = visit(site())
    answer = visitor.ask("Where?")
    numbers = [marker.get_attribute("data-n") for marker in answer.locator("[part~=citation]").all()]
    assert numbers == ["1", "2", "1", "3"]
    answer.locator("[part~=citation]").first.click()
    visitor.part("citation-popover").locator(".uses button").last.click()
    expanded = answer.locator("[part~=citation][aria-expanded=true]")
    assert expanded.evaluate_all("(all) => all.map((one) => one.dataset.place)") == ["1"]


def test_the_page_is_told_of_a_citation_and_may_keep_a_source_from_opening(visit: Visit, site: Site) -> None:
    visitor = visit(site())
    visitor.page.evaluate(
        """() => { window.told = [];
        for (const name of ['citation', 'source-open'])
          document.addEventListener(`pincite-${name}`, (event) => {
            event.preventDefault(); told.push([event.type, event.detail]); }); }"""
    )
    visitor.ask("Where?")
    visitor.part("citation").first.click()
    visitor.part("citation-popover").locator("a").first.click()
    told = visitor.page.evaluate("() => told")
    assert told[0] == ["pincite-citation", {"n": 1, "verdict": "exact"}]
    assert [told[1][0], *told[1][1]] == ["pincite-source-open", "url"]
    assert len(visitor.page.context.pages) == 1
