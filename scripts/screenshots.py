"""Pictures of the widget and of the pages in every state, light and dark, wide and narrow.

    python scripts/screenshots.py [--out .pincite/pictures] [--docs] [--only widget,pages,demo]

The widget's states are brought about by a scripted service, the pages are those of a real server over the
sample documents. `--docs` writes the few that the docs show to docs/pictures, with fewer colours.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.testing_browser import CONTEXT, Visitor, browsing, host_page, snippet
from api.testing_pages import STATES, shelf
from api.testing_service import serving
from api.testing_states import REACH, SITES, prepare
from api.testing_stream import Scripted
from api.widget.build import built

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"wide": (1280, 800), "narrow": (360, 740)}
DEMO = {"plain": "/demo", "hostile": "/demo/hostile", "strict": "/demo/strict"}
QUESTION = "When was the Non-Aligned Movement founded?"
DOCS = {  # what the docs show, and how it is cut (left, top, right, bottom)
    "widget-viewer-wide-light": None,
    "widget-complete-narrow-dark": None,
    "page-answer-wide-light": None,
}
_COLOURS = 64


def looks() -> Iterator[tuple[str, dict[str, Any]]]:
    """The sizes and themes by name."""
    for size, (width, height) in SIZES.items():
        for theme in ("light", "dark"):
            yield f"{size}-{theme}", {"viewport": {"width": width, "height": height}, "color_scheme": theme}


def picture(visitor: Visitor, out: Path, name: str) -> None:
    """Take one, when nothing moves."""
    visitor.page.screenshot(path=out / f"{name}.png", animations="disabled", caret="hide")
    print(name, flush=True)


def widget(browser: Browser, out: Path) -> None:
    """Every state in every look."""
    with Scripted() as api:
        api.pages["/w/0/pincite.js"] = ("text/javascript", built().js, {})
        api.origins.add(api.url)
        prepare(api)
        for look, context in looks():
            for state, reach in REACH.items():
                made = browser.new_context(**(CONTEXT | context))
                visitor = Visitor(made.new_page(), (api.url,))
                html = host_page(snippet(api.url, SITES[state]), "<p>A page of somebody else.</p>" * 12)
                reach(visitor.go(api.put("/host", html)))
                picture(visitor, out, f"widget-{state.replace(' ', '-')}-{look}")
                made.close()


def pages(browser: Browser, out: Path, url: str) -> None:
    """Every state of the server's pages in every look."""
    for look, context in looks():
        for state, reach in STATES.items():
            made = browser.new_context(**(CONTEXT | context))
            visitor = Visitor(made.new_page(), (url,))
            reach(visitor, url)
            picture(visitor, out, f"page-{state.replace(' ', '-')}-{look}")
            made.close()


def demo(browser: Browser, out: Path, url: str) -> None:
    """The made-up pages, the widget closed, and open with an answer and a card."""
    for look, context in looks():
        for name, path in DEMO.items():
            made = browser.new_context(**(CONTEXT | context))
            visitor = Visitor(made.new_page(), (url,)).go(url + path)
            visitor.part("launcher").wait_for()
            picture(visitor, out, f"demo-{name}-{look}")
            visitor.ask(QUESTION)
            picture(visitor, out, f"demo-{name}-answer-{look}")
            made.close()


def reduce(out: Path, docs: Path) -> None:
    """The chosen ones, with fewer colours."""
    from PIL import Image

    docs.mkdir(parents=True, exist_ok=True)
    for name in DOCS:
        with Image.open(out / f"{name}.png") as full:
            small = full.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
            small.save(docs / f"{name}.png", optimize=True)
        print(f"docs/pictures/{name}.png", (docs / f"{name}.png").stat().st_size, "bytes")


def main() -> None:
    """Take what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / ".pincite" / "pictures")
    parser.add_argument("--docs", action="store_true", help="write the chosen ones to docs/pictures")
    parser.add_argument("--only", default="widget,pages,demo")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    logging.disable(logging.WARNING)
    wanted = given.only.split(",")
    with browsing() as browser, tempfile.TemporaryDirectory() as data:
        if "widget" in wanted:
            widget(browser, given.out)
        if {"pages", "demo"} & set(wanted):
            with serving(Path(data), sources=shelf()) as url:
                if "pages" in wanted:
                    pages(browser, given.out, url)
                if "demo" in wanted:
                    demo(browser, given.out, url)
    if given.docs:
        reduce(given.out, ROOT / "docs" / "pictures")


if __name__ == "__main__":
    main()
