"""Whatever is asked, chosen, quoted or stands in the documents: nothing of it runs, loads or becomes markup.

The policy of the pages is switched off here, which would hide a mistake.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.testing_browser import Visitor
from api.testing_pages import link
from api.testing_service import serving
from corpus.sources import Source
from index.ingest import Ingest
from index.testing import HashEncoder

Visit = Callable[..., Visitor]
FILE = Path(__file__).parents[2] / "widget" / "payloads.txt"
PAYLOADS: list[str] = [
    json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines() if line.startswith('"')
]
QUESTION = "Which harbour opened in 1905?"
# What is strange; an address in an answer may be a link that says where it leads.
# It is read in a document that loads nothing, where a copy of a picture would be asked for once more.
MARKUP = """() => {
  const inert = document.implementation.createHTMLDocument('');
  return [...document.querySelectorAll('*')].flatMap((element) =>
    /^(script|iframe|object|embed|img|style|base|form|link|meta|svg|image|a|math|video|audio)$/i
      .test(element.localName)
      && /outside\\.example|__xss|javascript:/i.test(inert.importNode(element).outerHTML)
      && !(/^https?:$/.test(element.protocol) && element.rel.includes('noopener')
        && element.textContent === element.href)
      && !['/', location.origin].some((own) => (element.getAttribute('href') ?? '').startsWith(own))
    || [...element.attributes].some(({ name }) => /^on|^srcdoc$/.test(name))
      ? [element.outerHTML.slice(0, 200)] : []);
}"""


def joined(most: int) -> list[str]:
    """All payloads, as many in one text as it may be long."""
    texts, text = [], ""
    for payload in PAYLOADS:
        if text and len(text) + len(payload) + 1 > most:
            texts.append(text)
            text = ""
        text += f"{' ' if text else ''}{payload}"
    return [*texts, text]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over documents that are called, written and told by payloads."""
    data = tmp_path_factory.mktemp("hostile") / "data"
    with Ingest(data, HashEncoder) as ingest:
        ingest.add(
            Source(
                f"{n}.txt",
                f"{payload}\n\nThe harbour {payload} opened in 1905.".encode(),
                metadata={
                    "title": payload,
                    "author": [{"literal": payload}],
                    "publisher": payload,
                    "URL": payload,
                },
            )
            for n, payload in enumerate(joined(400))
        )
        ingest.add([Source("all.txt", "\n\n".join(PAYLOADS).encode())])
    with serving(data, lambda _: HashEncoder()) as url:
        yield url


@pytest.fixture
def victim(visit: Visit, hostile: str) -> Callable[[str], Visitor]:
    """Visit a page of that service without its policy, and see that it is harmless."""
    visitor = visit(url=hostile, bypass_csp=True)

    def open_(path: str) -> Visitor:
        visitor.page.goto(hostile + path)
        harmless(visitor)
        return visitor

    return open_


def harmless(visitor: Visitor) -> None:
    assert visitor.page.evaluate(MARKUP) == []
    assert visitor.faults() == {}


def test_a_payload_that_became_markup_would_be_noticed(visit: Visit, hostile: str) -> None:
    """The other tests can fail: the same words as markup run here."""
    visitor = visit(url=hostile, bypass_csp=True)
    visitor.page.evaluate(
        "() => { document.querySelector('main').innerHTML = '<img src=x onerror=window.__xss=1>'; }"
    )
    visitor.page.wait_for_function("() => window.__xss")
    assert len(visitor.page.evaluate(MARKUP)) == 1
    assert visitor.page.evaluate("() => delete window.__xss")


def test_questions_filters_and_quotations(victim: Callable[[str], Visitor]) -> None:
    assert len(PAYLOADS) >= 150
    for text in joined(1_900):
        assert victim(link("/", q=text, speaker=text[:400])).page.locator("#q").input_value()
        victim(link("/quote", text=text, author=text[:400], document=text[:400]))
        victim(link("/d", q=text[:200]))


def test_a_question_that_a_script_shows(victim: Callable[[str], Visitor]) -> None:
    """Typed and sent; it stands above its answer then, and in the title."""
    visitor = victim("/")
    for text in joined(1_900):
        visitor.page.locator("#q").fill(text)
        visitor.page.locator("#q").press("Enter")
        visitor.page.wait_for_function(
            "() => document.querySelector('.asked')?.textContent"
            " === document.querySelector('#q').value.trim()"
        )
        visitor.page.locator("form.follow").wait_for()
        harmless(visitor)


def test_titles_authors_and_texts_of_documents(victim: Callable[[str], Visitor]) -> None:
    documents = len(joined(400)) + 1
    assert victim("/d").page.locator(".library li").count() == documents
    visitor = victim(link("/", q=QUESTION, top_k="100"))
    assert visitor.page.locator("#passages li[data-passage]").count() >= documents
    for source in ("all.txt", "3.txt"):
        victim(link("/d", q=source)).page.locator(".library a").first.click()
        visitor.page.locator("article").wait_for()
        harmless(visitor)
    assert visitor.page.locator("a.original").count() == 0


def test_an_answer_that_a_script_writes(victim: Callable[[str], Visitor]) -> None:
    visitor = victim("/")
    visitor.page.locator("#q").fill(QUESTION)
    visitor.page.locator("#q").press("Enter")
    visitor.page.locator("form.follow").wait_for()
    visitor.page.locator("#passages li").first.wait_for()
    harmless(visitor)
