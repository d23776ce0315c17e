"""Questions on the page, with scripts and without, from the first word to the document behind the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from api.testing_browser import Visitor
from api.testing_pages import ARABIC, FOLLOW_UP, NOWHERE, QUESTION, SPOKEN, TWICE, link

if TYPE_CHECKING:
    from playwright.sync_api import Page

Visit = Callable[..., Visitor]
both = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


def ask(visitor: Visitor, question: str = QUESTION, box: str = "#q") -> Page:
    """Type a question, send it, and wait until its sources, or the lack of them, are there."""
    page = visitor.page
    before = page.locator("form.follow").count()
    page.locator(box).fill(question)
    page.locator(box).press("Enter")
    if before:
        page.locator(".asked", has_text=question).wait_for(state="attached")
    page.locator("form.follow").wait_for()
    page.locator("#passages li").first.wait_for()
    return page


def squeezed(text: str) -> str:
    return " ".join(text.split())


@both
def test_a_number_leads_to_its_source_and_that_to_the_words_in_their_document(
    visit: Visit, scripts: bool
) -> None:
    page = ask(visit(scripts=scripts))
    assert "1961" in page.locator("#answer .prose").inner_text()
    page.locator("#answer .cite").first.click()
    assert page.url.endswith("#source-1")
    quote = page.locator("#source-1 q").inner_text()
    page.locator("#source-1").get_by_role("link", name="Read it in place").click()
    page.locator("article mark").first.wait_for()
    assert squeezed(quote) in squeezed(" ".join(page.locator("article mark").all_inner_texts()))
    assert page.locator("article mark").first.evaluate(
        "(mark) => { const { top } = mark.getBoundingClientRect(); return top > 0 && top < innerHeight; }"
    )


def test_the_browser_checks_each_source_for_itself(visit: Visit) -> None:
    page = ask(visit())
    page.locator("[data-verdict]").first.wait_for()
    told = page.locator("#sources [data-verdict]").evaluate_all("(all) => all.map((e) => e.dataset.verdict)")
    assert told == ["verified"] * page.locator("#sources li").count()


def test_what_a_script_shows_is_what_the_server_shows(visit: Visit) -> None:
    """Answer, sources and passages alike, but for what the browser adds of its own."""
    shown = []
    for scripts in (True, False):
        page = ask(visit(scripts=scripts))
        if scripts:
            page.locator("[data-verdict]").first.wait_for()
            page.locator("[data-verdict]").evaluate_all("(all) => all.forEach((told) => told.remove())")
        parts = ("#answer .prose", "#answer .confidence", "#sources", "#passages")
        shown.append([squeezed(page.locator(part).inner_text()) for part in parts])
    assert shown[0] == shown[1]


@both
def test_filters_are_chosen_shown_as_chips_and_taken_away(visit: Visit, scripts: bool) -> None:
    visitor = visit(scripts=scripts)
    visitor.page.locator("summary", has_text="Narrow down").click()
    visitor.page.get_by_label("Hikmat Hajiyev").check()
    page = ask(visitor, "What did he say of neighbours?")
    page.locator(".chips button").wait_for()
    titles = set(page.locator("#passages h3 a:not(.cite)").all_inner_texts())
    assert (page.locator(".chips button").inner_text().split(" ✕")[0], len(titles)) == (
        "speaker Hikmat Hajiyev",
        1,
    )
    page.locator(".chips button").click()
    page.locator(".chips").wait_for(state="detached")
    page.locator("#passages li").first.wait_for()
    assert not page.get_by_label("Hikmat Hajiyev").is_checked()


@both
def test_an_address_asks_its_question_with_its_filters(visit: Visit, scripts: bool) -> None:
    page = visit(link("/", q=QUESTION, type=["report"], date_from="2020"), scripts=scripts).page
    assert page.locator("#q").input_value() == QUESTION
    assert [squeezed(chip) for chip in page.locator(".chips button").all_inner_texts()] == [
        "type report ✕",
        "from 2020 ✕",
        "Clear all",
    ]
    assert page.locator("#answer").get_attribute("data-state") == "complete"


@both
def test_a_follow_up_leans_on_what_was_asked_before(visit: Visit, scripts: bool) -> None:
    visitor = visit(scripts=scripts)
    ask(visitor)
    page = ask(visitor, FOLLOW_UP, "#follow")
    read_as = page.locator(".answer", has_text="Read as:")
    assert "Non-Aligned Movement" in read_as.inner_text()
    assert page.locator("form.follow").count() == 1


@both
def test_what_the_documents_do_not_say_gets_no_answer_but_what_is_nearest(
    visit: Visit, scripts: bool
) -> None:
    page = ask(visit(scripts=scripts), NOWHERE)
    assert page.locator("#answer").get_attribute("data-state") == "no_answer"
    assert page.get_by_role("heading", name="No answer").is_visible()
    assert page.locator("#sources").count() == 0
    assert page.get_by_role("heading", name="Nearest passages").is_visible()


def test_back_shows_the_question_before_and_forward_the_one_after(visit: Visit) -> None:
    visitor = visit()
    ask(visitor)
    ask(visitor, TWICE)
    page = visitor.page
    page.go_back()
    page.wait_for_function("(q) => document.querySelector('#q')?.value === q", arg=QUESTION)
    page.locator("#sources q").first.wait_for()
    assert "Belgrade" in page.locator("#answer").inner_text()
    page.go_back()
    page.wait_for_function(
        "() => document.querySelector('#q')?.value === '' && !document.querySelector('#answer')"
    )
    page.go_forward()
    page.wait_for_function("(q) => document.querySelector('#q')?.value === q", arg=QUESTION)


def test_back_from_the_reader_shows_the_question_that_led_there(visit: Visit) -> None:
    page = ask(visit())
    page.locator("#source-1").get_by_role("link", name="Read it in place").click()
    page.locator("article mark").first.wait_for()
    page.go_back()
    page.locator("#sources q").first.wait_for()
    assert page.locator("#q").input_value() == QUESTION


def test_back_from_a_source_keeps_the_conversation(visit: Visit) -> None:
    visitor = visit()
    ask(visitor)
    page = ask(visitor, FOLLOW_UP, "#follow")
    address = page.url
    page.evaluate("() => { window.same = true; }")
    page.locator(".answer .cite").last.click()
    page.go_back()
    assert (page.url, page.evaluate("() => window.same"), page.locator(".turn").count()) == (address, True, 2)


@both
def test_a_source_that_was_published_opens_there_and_a_text_that_stands_twice_says_so(
    visit: Visit, scripts: bool
) -> None:
    page = ask(visit(scripts=scripts), TWICE)
    original = page.locator("#source-1").get_by_role("link", name="Open the original")
    told = original.get_attribute("href")
    assert told
    assert told.startswith("https://harbour.example/rules#")
    assert squeezed(page.locator("#passages .also").first.inner_text()) == "Also in harbour-archive.html"
    assert page.locator("#passages h3 .cite").first.get_attribute("href") == "#source-1"


@both
def test_what_was_spoken_says_when(visit: Visit, scripts: bool) -> None:
    page = ask(visit(scripts=scripts), SPOKEN)
    assert squeezed(page.locator("#source-1 .where").inner_text()) == "A lecture on the tides · 1:12–1:19"
    original = page.locator("#source-1").get_by_role("link", name="Open the original")
    assert original.get_attribute("href") == "https://films.example/tides#t=72"


@both
def test_a_language_from_right_to_left_stands_so(visit: Visit, scripts: bool) -> None:
    page = ask(visit(scripts=scripts), ARABIC)
    sides = "(all) => all.map((element) => getComputedStyle(element).direction)"
    for part in (
        "#q",
        "#answer p.prose, #answer .prose p",
        "#source-1 blockquote",
        "#passages .excerpt >> nth=0",
    ):
        assert page.locator(part).evaluate_all(sides) == ["rtl"]
    page.locator("#source-1").get_by_role("link", name="Read it in place").click()
    mark = page.locator("article mark").first
    mark.wait_for()
    assert mark.evaluate("(mark) => getComputedStyle(mark).direction") == "rtl"


def test_stop_ends_an_answer_and_asking_again_begins_it(visit: Visit) -> None:
    """Stopped before anything came: the question stays, and the page offers to ask again."""
    page = visit().page
    page.route("**/v1/query", lambda route: None)  # never answered
    page.locator("#q").fill(QUESTION)
    page.locator("#q").press("Enter")
    page.get_by_role("button", name="Stop").click()
    page.locator("[data-error=user]").wait_for()
    page.unroute_all(behavior="ignoreErrors")
    page.get_by_role("button", name="Ask again").click()
    page.locator("#sources q").first.wait_for()
    assert page.locator("[data-error]").count() == 0


@pytest.mark.parametrize(
    ("status", "says"), [(503, "busy"), (429, "Too many"), (500, "reached|wrong|internal")]
)
def test_a_failure_is_told_and_can_be_tried_again(visit: Visit, status: int, says: str) -> None:
    page = visit().page
    problem = {"status": status, "headers": {"Retry-After": "0"}, "content_type": "application/problem+json"}
    page.route("**/v1/query", lambda route: route.fulfill(**problem, body='{"detail": "wrong"}'))
    page.locator("#q").fill(QUESTION)
    page.locator("#q").press("Enter")
    failure = page.locator(".failure")
    failure.wait_for()
    assert any(word in failure.inner_text() for word in says.split("|"))
    page.unroute_all(behavior="ignoreErrors")
    page.get_by_role("button", name="Try again").click()
    page.locator("#sources q").first.wait_for()
