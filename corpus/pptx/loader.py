"""A presentation to a manuscript: a page for each slide."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from corpus.errors import UnreadableError
from corpus.flow import Flow
from corpus.manuscript import Manuscript
from corpus.pptx.names import P, Part, R, part, whole
from corpus.pptx.slide import SlideWriter
from corpus.properties import core, record
from corpus.records import Span
from corpus.zipped import MOST_ENTRIES, Zipped, resolved

_MAIN = "/officeDocument"  # how the package calls its main part
_NO = frozenset({"0", "false"})


def read(data: bytes, source: str) -> Manuscript:
    """The manuscript of a presentation. Raises UnreadableError."""
    files = Zipped(data, source)
    path = _main(files)
    presentation = part(files, path)
    if presentation is None or presentation.root.find(P + "sldIdLst") is None:
        raise UnreadableError(
            f"{source}: a presentation without slides; open it in its program and save it again"
        )
    flow = Flow()
    titled, hidden = _write(flow, files, presentation)
    made = flow.finish()
    doubts = (f"hidden slides are left out: {', '.join(hidden)}",) if hidden else ()
    said, more = record(made, titled, core(files.xml("docProps/core.xml")))
    return replace(made, record=said, doubts=(*doubts, *more))


def _main(files: Zipped) -> str:
    relations = files.xml("_rels/.rels")
    for relation in relations if relations is not None else ():
        if str(relation.get("Type")).endswith(_MAIN) and relation.get("TargetMode") != "External":
            return resolved("", str(relation.get("Target")))
    return "ppt/presentation.xml"


def _write(flow: Flow, files: Zipped, presentation: Part) -> tuple[Span | None, list[str]]:
    """Write all slides that are shown; where the title of the whole stands, and the numbers of the others."""
    first = whole(presentation.root.get("firstSlideNum"), 1)
    writer = SlideWriter(flow, files)
    titled: Span | None = None
    hidden: list[str] = []
    level = 1
    listing = presentation.root.iterfind(f"{P}sldIdLst/{P}sldId")
    for n, listed in enumerate(islice(listing, MOST_ENTRIES)):
        number = str(first + n)
        flow.scribe.page(number)
        slide = writer.open(presentation.by_id.get(str(listed.get(R + "id")), ""))
        if slide is None:
            continue
        if slide.root.get("show") in _NO:
            hidden.append(number)
            continue
        opens = n == 0 and _is_title_slide(slide)
        found = writer.write(slide, number, level)
        if opens and found:
            titled, level = found, 2  # the others stand under it
    return titled, hidden


def _is_title_slide(slide: Part) -> bool:
    """Whether a slide is one that names the presentation: it has a title of that kind, or a subtitle."""
    return any(
        found.get("type") in ("ctrTitle", "subTitle")
        for shape in slide.root.iter(P + "sp")
        for found in shape.iter(P + "ph")
    )
