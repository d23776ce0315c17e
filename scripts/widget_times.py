"""The widget's times and sizes on this machine: from sending a question to its first words, and to its end.

    python scripts/widget_times.py [--rounds 30]

The real service over the sample documents, the default encoder, a page of the service. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from pathlib import Path
from statistics import median, quantiles

from api.testing_browser import CONTEXT, Visitor, browsing
from api.testing_service import serving
from api.widget.build import built
from index.hardware import describe

QUESTIONS = (
    "When was the Non-Aligned Movement founded?",
    "Who presided over the metre convention?",
    "When did the ceasefire come into force?",
    "Which pipelines cross the Caspian Sea?",
)
MEASURE = """async (question) => {
    const chat = document.querySelector('pincite-chat'), root = chat.shadowRoot;
    const before = root.querySelectorAll('[part~=answer] [part~=citation]').length;
    let first = 0;
    const begun = performance.now();
    const seen = new MutationObserver(() => {
        if (!first && root.querySelectorAll('[part~=answer] [part~=citation]').length > before) {
            first = performance.now() - begun;
        }
    });
    seen.observe(root, { childList: true, subtree: true });
    chat.ask(question);
    await chat.idle;
    const end = performance.now() - begun;
    seen.disconnect();
    return [first, end];
}"""
LOADED = """() => {
    const [file] = performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/pincite.js'));
    return [file.duration, file.encodedBodySize];
}"""


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
        serving(Path(data), samples=True) as url,
    ):
        visitor = Visitor(browser.new_context(**CONTEXT).new_page(), (url,)).go(f"{url}/demo").open()
        load_ms, size = visitor.page.evaluate(LOADED)
        firsts, ends = [], []
        for n in range(given.rounds + 2):
            first, end = visitor.page.evaluate(MEASURE, QUESTIONS[n % len(QUESTIONS)])
            if n >= 2 and first:  # the first two warm everything up; an abstention has no words
                firsts.append(first)
                ends.append(end)
            visitor.do("clear")
        print(f"{describe()}; Chromium {browser.version}; {len(firsts)} answers")
        print(
            f"file: {len(built().js):,} bytes, {built().gzip_size:,} compressed, {size:,} sent, "
            f"{load_ms:.0f} ms"
        )
        for name, values in (("first words", firsts), ("end", ends)):
            print(f"{name}: median {median(values):.0f} ms, 95 % within {quantiles(values, n=20)[-1]:.0f} ms")


if __name__ == "__main__":
    main()
