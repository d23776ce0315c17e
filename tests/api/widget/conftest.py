"""A scripted site, a scripted service of another origin, the real service over the samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from api.testing_browser import CONTEXT, Visitor, host_page, snippet
from api.testing_script import Said, Source, narrative
from api.testing_stream import Behaviour, Scripted, streams
from api.widget.build import built

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent
SOURCES = (
    Source(
        "Harbour rules",
        "Ships wait outside the mole. The harbour of Belmark opened in 1905. Its cranes lift 40 tonnes.",
        "The harbour of Belmark opened in 1905.",
        ("Rules", "Opening"),
        "https://harbour.example/rules",
    ),
    Source(
        "The quay", "The quay is 900 metres long. It was built of granite.", "The quay is 900 metres long."
    ),
    Source(
        "Smile 😀 and Käse",
        "First 😀👩‍👩‍👧 then 北京: the cafe\u0301 opened. The end.",
        "the cafe\u0301 opened.",
    ),
)
ANSWER = (
    Said("The harbour of Belmark opened in 1905.", (1,)),
    Said(" The quay is **900 metres** long.", (2, 1)),
    Said(" And the café opened.", (3,), "supported"),
)
Visit = Callable[..., Visitor]
Site = Callable[..., str]


@pytest.fixture(scope="session")
def api() -> Iterator[Scripted]:
    """The scripted service: the widget's file, answers, passages."""
    with Scripted() as server:
        anybody = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
        server.pages["/w/0/pincite.js"] = ("text/javascript", built().js, anybody)
        for source in SOURCES:
            server.passages[source.passage_id] = source.view()
        yield server


@pytest.fixture(scope="session")
def pages(api: Scripted) -> Iterator[Scripted]:
    """The scripted site of somebody else, which may ask; by the name localhost it is a site that may not."""
    with Scripted() as server:
        api.origins.add(server.url)
        for file in files("api").joinpath("widget", "src").iterdir():
            server.pages[f"/src/{file.name}"] = ("text/javascript", file.read_bytes(), {})
        server.pages["/probes.js"] = ("text/javascript", (HERE / "probes.js").read_bytes(), {})
        server.put("/empty", "<!doctype html><html lang=en><title>Empty</title><body></body></html>")
        yield server


_KEYS = count(1)


@pytest.fixture
def site(api: Scripted) -> Site:
    """Register what happens when a question is asked; the new site's key."""

    def register(behave: Behaviour | None = None, **story: Any) -> str:
        key = f"pk_test_{next(_KEYS)}"
        told = narrative(**({"said": ANSWER, "sources": SOURCES, "id_": f"ans_{key}"} | story))
        api.sites[key] = behave or streams(told)
        return key

    return register


@pytest.fixture
def visit(browser: Browser, pages: Scripted, api: Scripted) -> Iterator[Visit]:
    """Visit a page with the widget of a site key; at the end nothing may have gone wrong on it.

    Attributes of the widget are given by name. `body`, `head`, `lang` and `headers` are the page's, `query`
    stands behind its address, `by` is the name of its host; `context` is the browser's; `embedded` takes the
    place of the script element; `waits` is whether there will be a widget.
    """
    numbers = count(1)
    visitors: list[Visitor] = []
    with ExitStack() as stack:

        def open_(
            key: str,
            *,
            embedded: str = "",
            context: Mapping[str, Any] | None = None,
            headers: Mapping[str, str] | None = None,
            by: str = "127.0.0.1",
            query: str = "",
            waits: bool = True,
            **told: str,
        ) -> Visitor:
            page = {name: told.pop(name) for name in ("body", "head", "lang") if name in told}
            html = host_page(embedded or snippet(api.url, key, **told), **page)
            address = pages.put(f"/host/{key}/{next(numbers)}", html, **(headers or {}))
            made = browser.new_context(**(CONTEXT | dict(context or {})))
            stack.callback(made.close)
            visitor = Visitor(made.new_page(), (pages.url, pages.url.replace("127.0.0.1", by), api.url))
            visitors.append(visitor)
            return visitor.go(address.replace("127.0.0.1", by) + query, waits=waits)

        yield open_
        for visitor in visitors:
            if not visitor.page.is_closed():
                assert visitor.faults() == {}


@pytest.fixture(scope="module")
def blank(browser: Browser, pages: Scripted) -> Iterator[Visitor]:
    """An empty page from which the modules of the widget can be imported."""
    context = browser.new_context(**CONTEXT)
    visitor = Visitor(context.new_page(), (pages.url,))
    visitor.page.goto(f"{pages.url}/empty")
    yield visitor
    assert visitor.faults() == {}
    context.close()
