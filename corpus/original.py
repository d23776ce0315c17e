"""The file that a canonical text was made of: where its places are in it, and links that open it there."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from operator import itemgetter
from urllib.parse import quote, urldefrag

from corpus.addresses import is_address
from corpus.fragments import Fragments
from corpus.manuscript import Manuscript
from corpus.media import HTML, PDF, SRT, VTT
from corpus.records import Span, Times

_TIME = re.compile(r"t=(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?")
_SUBTITLES = frozenset({VTT, SRT})
_IN_NAMES = "!$'()*+/;=?@"  # of what may stand in a fragment, what parts nothing in it


class Original:
    """Answers for one version of a document; `manuscript` is what a loader made of it, None of a text."""

    def __init__(self, media_type: str, manuscript: Manuscript | None = None) -> None:
        self._media_type = media_type
        self._manuscript = manuscript
        self._anchors = manuscript.anchors if manuscript else ()

    @property
    def size(self) -> int:
        """Characters that are kept, about."""
        return 2 * len(self._manuscript.text) if self._manuscript else 0

    def anchor(self, offset: int) -> str | None:
        """The nearest place at or before an offset that a link can name; subtitles have times instead."""
        if self._manuscript is None or self._media_type in _SUBTITLES:
            return None
        return self._manuscript.anchor(offset)

    def times(self, spans: Sequence[Span]) -> Times | None:
        """From when till when it is said what stands at spans."""
        if self._media_type not in _SUBTITLES or not self._anchors:
            return None
        at = itemgetter(0)
        first = max(0, bisect_right(self._anchors, spans[0].start, key=at) - 1)
        behind = max(first + 1, bisect_left(self._anchors, spans[-1].end, key=at))
        told = [found for _, name in self._anchors[first:behind] if (found := _TIME.fullmatch(name))]
        if not told:
            return None
        start = float(told[0][1])
        return Times(start, max(start, *(float(found[2] or found[1]) for found in told)))

    def link(self, url: object, spans: Sequence[Span], pages: Sequence[int]) -> str | None:
        """A link that opens the file at spans, on `pages` (from 0); None where its address is not known."""
        if not isinstance(url, str) or not is_address(url):
            return None
        if self._media_type == HTML and self._manuscript:
            return self._on_page(url, spans)
        if self._media_type == PDF and pages:
            return f"{urldefrag(url).url}#page={pages[0] + 1}"
        if times := self.times(spans):
            return f"{urldefrag(url).url}#t={int(times.start)}"  # whole seconds are what all players know
        return url

    def _on_page(self, url: str, spans: Sequence[Span]) -> str:
        anchor = self.anchor(spans[0].start)
        bare, own = urldefrag(url)
        named = quote(anchor, safe=_IN_NAMES) if anchor and not own else own.partition(":~:")[0]
        words = self._fragments.directive(spans)
        found = f"{named}:~:{words}" if words else named
        return f"{bare}#{found}" if found else bare

    @cached_property
    def _fragments(self) -> Fragments:
        assert self._manuscript
        made = self._manuscript
        return Fragments(made.text, made.blocks, [note.body for note in made.notes])
