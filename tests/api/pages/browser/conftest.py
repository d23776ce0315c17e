"""The real service over the samples and some documents more, as a browser sees it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from api.sites import Sites
from api.testing_browser import CONTEXT, Visitor
from api.testing_pages import EXTRAS
from api.testing_service import Served, serving
from index.encoder import SentenceEncoder
from index.ingest import Ingest
from rag.testing import Collection

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Visit = Callable[..., Visitor]
_KEPT = "() => [Object.keys(sessionStorage), Object.keys(localStorage), document.cookie]"


@pytest.fixture(scope="session")
def served(
    samples: Collection, encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The samples and what they lack, behind HTTP."""
    data = tmp_path_factory.mktemp("pages") / "data"
    shutil.copytree(samples.data, data)
    with Ingest(data, lambda: encoder) as ingest:
        ingest.add(EXTRAS)
    key = Sites(data).add("The harbour office", [], per_minute=1000, per_address=1000).key
    with serving(data, lambda _: encoder) as url:
        yield Served(url, key)


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Visit a page of the service, or of another at `url`; at the end nothing may have gone wrong there.

    That is: nothing was asked of another origin, nothing kept by the browser, nothing against the policy, and
    no script failed. `scripts` says whether there are any; more is told of the browser's context by name.
    """
    visitors: list[Visitor] = []
    with ExitStack() as stack:

        def open_(path: str = "/", *, url: str = "", scripts: bool = True, **context: Any) -> Visitor:
            url = url or request.getfixturevalue("served").url
            made = browser.new_context(**(CONTEXT | {"java_script_enabled": scripts} | context))
            stack.callback(made.close)
            visitor = Visitor(made.new_page(), (url,))
            visitors.append(visitor)
            visitor.page.goto(url + path)
            return visitor

        yield open_
        for visitor in visitors:
            for page in visitor.page.context.pages:
                assert page.evaluate(_KEPT) == [[], [], ""]
            assert visitor.page.context.cookies() == []
            assert visitor.faults() == {}
            assert [said for said in visitor.console if "Security Policy" in said] == []
