"""The widget's times on this machine: until it is there, until an answer's words, until a stop is noticed.

    python scripts/widget_times.py [--rounds 30]

The real service over the sample documents, the default encoder, a page of the service; a scripted service for
what is stopped. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import logging
import os
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from api.testing_browser import CONTEXT, Visitor, browsing, host_page, snippet
from api.testing_pages import shelf
from api.testing_script import event, opening
from api.testing_service import serving
from api.testing_stream import Exchange, Scripted
from api.widget.build import built
from index.hardware import describe

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUESTIONS = (
    "When was the Non-Aligned Movement founded?",
    "Who presided over the metre convention?",
    "When did the ceasefire come into force?",
    "Which pipelines cross the Caspian Sea?",
)
READY = """addEventListener('pincite-ready', () => { window.readyAt ??= performance.now(); }, true);"""
MEASURE = """async (question) => {
    const chat = document.querySelector('pincite-chat'), root = chat.shadowRoot;
    const asked = performance.now();
    let first = 0;
    const look = () => {
        if (root.querySelector('[part~=answer] .text')?.textContent) first ||= performance.now() - asked;
    };
    const seen = new MutationObserver(look);
    seen.observe(root, { childList: true, characterData: true, subtree: true });
    chat.ask(question);
    await chat.idle;
    const end = performance.now() - asked;
    seen.disconnect();
    return [first, end];
}"""
SCRIPT = """() => {
    const all = performance.getEntriesByType('resource');
    const [file] = all.filter(({ name }) => name.endsWith('/pincite.js'));
    return [file.encodedBodySize, window.readyAt - file.responseEnd, window.readyAt]; }"""


def arrives(browser: Browser, url: str, rounds: int) -> tuple[int, list[float], list[float]]:
    """The bytes of the file; the ms until the widget is there, from the file and from the page's start on."""
    after, whole, size = [], [], 0
    for _ in range(rounds):
        page = browser.new_context(**CONTEXT).new_page()
        page.add_init_script(READY)
        page.goto(f"{url}/demo")
        page.wait_for_function("() => window.readyAt")
        size, ran, all_of_it = page.evaluate(SCRIPT)
        after.append(ran)
        whole.append(all_of_it)
        page.context.close()
    return size, after, whole


def answers(browser: Browser, url: str, rounds: int) -> tuple[list[float], list[float]]:
    """The ms until the first words of answers, and until their ends; each is a conversation of its own."""
    visitor = Visitor(browser.new_context(**CONTEXT).new_page(), (url,)).go(f"{url}/demo").open()
    firsts, ends = [], []
    for n in range(rounds + 2):
        first, end = visitor.page.evaluate(MEASURE, QUESTIONS[n % len(QUESTIONS)])
        if n >= 2 and first:  # the first two warm everything up; an abstention has no words
            firsts.append(first)
            ends.append(end)
        visitor.do("clear")
    return firsts, ends


def stops(browser: Browser, rounds: int) -> list[float]:
    """The ms from stopping an answer until the service notices."""

    def endless(exchange: Exchange) -> None:
        exchange.start()
        exchange.send(b"".join([*opening(), event("delta", {"seq": 1, "text": "It goes on"})]))
        exchange.pause(60)

    with Scripted() as api:
        api.pages["/w/0/pincite.js"] = ("text/javascript", built().js, {})
        api.origins.add(api.url)
        api.sites["pk_endless"] = endless
        page = api.put("/page", host_page(snippet(api.url, "pk_endless", mode="inline")))
        visitor = Visitor(browser.new_context(**CONTEXT).new_page(), (api.url,)).go(page)
        taken = []
        for _ in range(rounds):
            visitor.send("How long?")
            visitor.part("answer").last.get_by_text("It goes on").wait_for()
            api.gone.clear()
            begun = time.monotonic()
            visitor.part("stop").click()
            if not api.gone.wait(10):
                raise RuntimeError("stopped an answer, and the service has not noticed within 10 s")
            taken.append((api.left[-1] - begun) * 1000)
            visitor.idle()
        return taken


def main() -> None:
    """Print them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with (
        browsing() as browser,
        tempfile.TemporaryDirectory() as data,
        serving(Path(data), sources=shelf()) as url,
    ):
        size, ran, ready = arrives(browser, url, given.rounds)
        firsts, ends = answers(browser, url, given.rounds)
        stopped = stops(browser, given.rounds)
        load = ", ".join(f"{one:.0f}" for one in os.getloadavg())
        print(f"{describe()}; load {load}; Chromium {browser.version}; {len(firsts)} answers")
        print(f"file: {len(built().js):,} bytes, {built().gzip_size:,} compressed, {size:,} sent")
        told = {
            "file there to widget there": ran,
            "page asked for to widget there": ready,
            "asked to first words": firsts,
            "asked to end": ends,
            "stopped to noticed": stopped,
        }
        for name, values in told.items():
            print(f"{name}: median {median(values):.0f} ms, 95 % within {quantiles(values, n=20)[-1]:.0f} ms")


if __name__ == "__main__":
    main()
