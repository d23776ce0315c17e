"""Links to documents and places in them, as the reader pages take them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from api.settings import Settings
from corpus.records import Span

_PLACES = re.compile(r"[?&]c=(\d+-\d+(?:,\d+-\d+)*)")
_DIGITS = 16  # of a version: enough to tell it from others


def home(document_id: str, version: str) -> str:
    """The path of a document's version."""
    return f"/d/{document_id}?v={version[:_DIGITS]}"


def place(document_id: str, version: str, spans: Sequence[Span]) -> str:
    """The path of spans: in the query for the server, in the fragment for the browser, to scroll there."""
    where = fragment(spans)
    return f"{home(document_id, version)}&{where}#{where}"


def picture(document_id: str, version: str, page: int) -> str:
    """The path of the picture of a page, counted from 0; in the address from 1, as readers of PDF count."""
    return f"/d/{document_id}/pages/{page + 1}.png?v={version[:_DIGITS]}"


def fragment(spans: Sequence[Span]) -> str:
    """Spans as they stand in links: `c=120-180,240-260`."""
    return "c=" + ",".join(f"{span.start}-{span.end}" for span in spans)


def spans(path: str) -> tuple[Span, ...]:
    """The spans that a link of `place` leads to; none where it leads to no place."""
    found = _PLACES.search(path)
    pairs = (pair.split("-") for pair in found[1].split(",")) if found else ()
    return tuple(Span(int(start), int(end)) for start, end in pairs)


def public(settings: Settings, asked: str | None = None) -> str:
    """The address in front of paths: what is set, else what was asked, else where the server listens."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return (settings.public_url or asked or f"http://{host}:{settings.port}").rstrip("/")


def hosted(key: str) -> str:
    """The path of a site's own page here."""
    return f"/s/{key}"


def script(version: str) -> str:
    """The path of the widget: of a version, or of whichever has the first number of one."""
    return f"/w/{version}/pincite.js"
