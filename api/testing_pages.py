"""Fakes that ship: documents that the pages have more to show of, and how to bring their states about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import as_file, files
from urllib.parse import urlencode

from api.testing_browser import Visitor
from corpus.sources import FileSource, Source, walk

QUESTION = "When was the Non-Aligned Movement founded?"
FOLLOW_UP = "And how many members did it have?"
NOWHERE = "What is the melting point of tungsten carbide in kelvin?"
SPOKEN = "How much does the tide at Trieste rise?"
TWICE = "When may ships enter the harbour of Belmark?"
ARABIC = "متى بنيت منارة المرفأ القديم؟"
QUOTED = "Founding meeting | Belgrade, 1961"
_HARBOUR = (
    "<!doctype html><html lang=en><head><title>{}</title></head><body><main><h1>{}</h1>"
    "<h2 id=entry>Entry</h2><p>Ships may enter the harbour of Belmark from sunrise until ten in the evening. "
    "At night they wait outside the mole, where the water is deep enough to anchor. A pilot comes aboard "
    "every ship that is longer than forty metres.</p><h2 id=cranes>Cranes</h2><p>The cranes of the harbour lift "
    "forty tonnes. Heavier loads go to the quay of the shipyard. {}</p></main></body></html>"
)
_SUBTITLES = """WEBVTT

00:00:04.000 --> 00:00:09.000
Welcome to this lecture on the tides of the Adriatic.

00:01:12.000 --> 00:01:19.500
The tide at Trieste rises by about ninety centimetres, which is much for this sea.

00:01:20.000 --> 00:01:27.000
Further south it is hardly thirty.
"""
_ARABIC = """# منارة المرفأ القديم

## البناء

بنيت منارة المرفأ القديم سنة 1874 من حجر الجير الأبيض. يبلغ ارتفاعها ثلاثين مترا، ويراها البحارة من بعيد.

## الضوء

كان ضوء المنارة يعمل بالزيت، ثم صار يعمل بالكهرباء سنة 1931.
"""
EXTRAS = (
    Source(
        "harbour.html",
        _HARBOUR.format("Harbour rules", "Harbour rules", "They rest on Sundays.").encode(),
        metadata={"URL": "https://harbour.example/rules", "issued": "2019-04"},
    ),
    Source(
        "harbour-archive.html",
        _HARBOUR.format("Harbour rules, archived", "Harbour rules", "They rest on holidays.").encode(),
    ),
    Source(
        "tides.vtt",
        _SUBTITLES.encode(),
        metadata={"title": "A lecture on the tides", "URL": "https://films.example/tides", "type": "speech"},
    ),
    Source("manara.md", _ARABIC.encode(), metadata={"language": "ar", "type": "report"}),
)
Reach = Callable[[Visitor, str], None]


def shelf() -> Iterator[Source | FileSource]:
    """The sample documents and those of this file."""
    with as_file(files("corpus").joinpath("samples")) as folder:
        yield from walk([folder])
    yield from EXTRAS


def link(path: str, **fields: str | list[str]) -> str:
    """A path with a query."""
    return f"{path}?{urlencode(fields, doseq=True)}"


def _at(path: str) -> Reach:
    def reach(visitor: Visitor, url: str) -> None:
        visitor.page.goto(url + path)

    return reach


def _filtered(visitor: Visitor, url: str) -> None:
    _at(link("/", q=QUESTION, type=["report", "chapter"], date_from="2020"))(visitor, url)
    visitor.page.locator("summary", has_text="Narrow down").click()


def _explained(visitor: Visitor, url: str) -> None:
    _at(link("/", q=QUESTION))(visitor, url)
    why = visitor.page.locator("#passages summary").first
    why.scroll_into_view_if_needed()
    why.click()


def _conversed(visitor: Visitor, url: str) -> None:
    _at(link("/", q=QUESTION))(visitor, url)
    visitor.page.locator("#follow").fill(FOLLOW_UP)
    visitor.page.locator("#follow").press("Enter")
    visitor.page.locator(".sources").nth(1).wait_for()


def _read(visitor: Visitor, url: str) -> None:
    _at(link("/", q=QUESTION))(visitor, url)
    visitor.page.locator("#sources .where a").first.click()
    visitor.page.locator("article mark").first.wait_for()


STATES: dict[str, Reach] = {
    "home": _at("/"),
    "answer": _at(link("/", q=QUESTION)),
    "filters": _filtered,
    "why": _explained,
    "conversation": _conversed,
    "no answer": _at(link("/", q=NOWHERE)),
    "nothing passes": _at(link("/", q=QUESTION, speaker="Nobody at all")),
    "cannot be asked": _at(link("/", q=QUESTION, date_from="yesterday")),
    "subtitles": _at(link("/", q=SPOKEN)),
    "twice": _at(link("/", q=TWICE)),
    "arabic": _at(link("/", q=ARABIC)),
    "quote": _at("/quote"),
    "verified": _at(link("/quote", text="Founding meeting | Belgrade, 1961")),
    "nearly": _at(
        link("/quote", text="Few bodies are so big and so loosely tied as the Non-Aligned Movement")
    ),
    "elsewhere": _at(
        link("/quote", text="Ships may enter the harbour of Belmark from sunrise", author="Galileo Galilei")
    ),
    "not found": _at(link("/quote", text="The moon is made of green cheese and nobody minds it at all")),
    "documents": _at("/d"),
    "no document": _at(link("/d", q="zzz")),
    "reader": _read,
    "gone": _at("/d/doc_nothing"),
}
