"""The reader: a document's page, and the list of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby
from urllib.parse import urlencode, urlsplit

from fastapi.responses import HTMLResponse

from api import links
from api.lookup import citation_reference
from api.pages import facsimile
from api.pages.front import Front
from api.pages.render import Policy, page
from api.pages.view import Part, View
from corpus.addresses import is_address
from corpus.records import BlockKind, Document, Page, Record, Span
from index.listing import listed
from index.records import StoredDocument
from index.store import Store
from rag.cite import check, cite_spans
from rag.errors import CiteError
from rag.export import Format
from rag.permalink import Current, now
from rag.records import Citation

_PART = 100  # documents of the list at a time
_FORMS = Policy(forms=True)
_NAMES = {
    Format.CHICAGO: "Chicago",
    Format.APA: "APA",
    Format.MLA: "MLA",
    Format.BIBTEX: "BibTeX",
    Format.RIS: "RIS",
    Format.CSL_JSON: "CSL-JSON",
}


def library(store: Store, wanted: str = "", number: int = 1) -> HTMLResponse:
    """A part of the list of documents, of all or of those called so; `number` counts parts from 1."""
    listing = listed(store, wanted, (number - 1) * _PART, _PART)
    asked = [("q", wanted)] if wanted else []
    return page(
        "documents.html",
        policy=_FORMS,
        front=Front(),
        rows=[(row, Record(row.record)) for row in listing.rows],
        listing=listing,
        whole=store.extent()[0],
        wanted=wanted,
        number=number,
        pages=max(1, -(-listing.total // _PART)),
        turn=lambda n: f"/d?{urlencode([*asked, ('page', n)])}",
    )


def document(
    store: Store, id_: str, version: str | None, spans: Sequence[Span], page_number: int = 1
) -> HTMLResponse:
    """A document's text, with spans of it highlighted; beside it the pages that these stand on.

    Raises NotFoundError, GoneError, CiteError.
    """
    stored = store.document(id_, version)
    inside = stored.document
    if spans:
        check(spans, len(inside.text))
    cited = _citation(store, inside.version, spans)
    current = now(store, cited) if cited and stored.superseded_by else None
    view = View(inside, spans)
    structure = inside.structure
    return page(
        "document.html",
        front=Front(),
        stored=stored,
        inside=inside,
        record=inside.record,
        view=view,
        groups=_grouped(view.parts),
        sections=[section for section in structure.sections if section.title],
        footnotes=structure.footnotes,
        furniture=lambda part: _furniture(inside, part),
        pictures=facsimile.pictures(store, stored, view.cited, page_number),
        page_name=lambda shown: facsimile.name(stored, shown),
        page_url=lambda shown: _page_url(stored, shown),
        tables=count(1),
        next=next,
        cited=cited,
        original=(original := cited.original if cited else _published(inside.record)),
        host=urlsplit(original).hostname if original else "",
        where=links.fragment(spans),
        pinpoint=citation_reference(store, cited, "").pinpoint if cited else "",
        exports=_exports(cited.id if cited else stored.id),
        current=current,
        current_url=_current_url(stored, current),
    )


def _citation(store: Store, version: str, spans: Sequence[Span]) -> Citation | None:
    try:
        return cite_spans(store, version, spans) if spans else None
    except CiteError:  # of front matter, say: it can be shown, but is no passage
        return None


def _published(record: Record) -> str | None:
    """Where a document was published."""
    url = record.csl.get("URL")
    return url if isinstance(url, str) and is_address(url) else None


def _exports(id_: str) -> list[tuple[str, str]]:
    return [(name, f"/v1/citations/{id_}?format={form.value}") for form, name in _NAMES.items()]


def _page_url(stored: StoredDocument, shown: Page) -> str:
    """Where a page is shown as it looks; `""` where it cannot be."""
    home = links.home(stored.id, stored.document.version)
    return f"{home}&page={shown.index + 1}#pictures" if facsimile.has_pages(stored) else ""


def _current_url(stored: StoredDocument, current: Current | None) -> str:
    if current and current.citation:
        found = current.citation
        return links.place(stored.id, found.stored.version, found.spans)
    return f"/d/{stored.id}"


def _furniture(inside: Document, part: Part) -> str:
    """What kind of text it is that no passage holds."""
    contents = inside.structure.contents
    if contents and contents.start <= part.start < contents.end:
        return "Table of contents"
    kinds = {"---": "Front matter", "<!--": "Comment"}
    return next(
        (k for mark, k in kinds.items() if inside.text.startswith(mark, part.start)), "Page furniture"
    )


def _grouped(parts: Iterable[Part]) -> Iterator[tuple[bool, list[Part]]]:
    """Parts in a row that are items of one list together: (is a list, parts)."""
    for items, group in groupby(parts, key=lambda part: part.kind is BlockKind.LIST_ITEM):
        yield items, list(group)
