"""What a tool gives a language model to read: short, with the places that can be checked."""

from __future__ import annotations

from collections.abc import Iterator

from api.schemas.answers import QueryOut
from api.schemas.citations import CitationOut
from api.schemas.documents import DocumentPart
from api.schemas.quotes import QuoteFindOut, QuoteVerifyOut
from api.schemas.searches import PassageOut, SearchOut
from corpus.records import Times

_NEAREST = 3  # passages shown where there is no answer
_BEGINNING = 400  # characters of one of these


def answer(given: QueryOut) -> str:
    """An answer with its numbers, what they stand for, and what should be known of it."""
    lines = []
    if given.answer:
        said = (f"{c.text} {''.join(f'[{n}]' for n in c.citations)}" for c in given.answer.claims)
        lines += [" ".join(said), ""]
        lines += [f"[{cited.n}] {_place(cited)}: “{_quote(cited)}”" for cited in given.citations]
        lines += ["", f"Confidence {given.confidence:.2f}."]
    else:
        lines += [f"The documents do not support an answer (confidence {given.confidence:.2f}). Nearest:"]
        for passage in given.passages[:_NEAREST]:
            lines += [f"- {_place(passage.citation)}: {_short(passage.text)}"]
    lines += [f"Note: {notice.detail}" for notice in given.notices if notice.code != "no_answer"]
    return "\n".join(lines)


def ranking(given: SearchOut) -> str:
    """Passages, best first, whole."""
    lines = [
        f"{p.rank}. {_place(p.citation)} (passage {p.passage_id}){_also_in(p)}\n{p.text}\n"
        for p in given.passages
    ]
    return "\n".join(lines).strip() or "No passage was found."


def found(given: QuoteFindOut) -> str:
    """Where a text stands."""
    lines = [
        f"- {match.verdict}, {_place(match.citation)}: “{_quote(match.citation)}”" for match in given.matches
    ]
    looked = f"{given.searched.documents:,} documents"
    return "\n".join(lines) or f"Nothing like it stands in the {looked} of this collection."


def verdict(given: QuoteVerifyOut) -> str:
    """The verdict on a quotation, in words."""
    lines = [f"{given.verdict}: {given.why}"]
    if given.found:
        lines += [f"It stands at {_place(given.found)}: “{_quote(given.found)}”"]
    return "\n".join(lines)


def document(given: DocumentPart) -> str:
    """A part of a document's text under what it is, with its sections where it begins."""
    lines = [" · ".join(_about(given))]
    if given.start == 0:
        lines += [
            f"{'  ' * (section.level - 1)}- {section.title} ({section.start}–{section.end})"
            for section in given.sections
        ]
    lines += ["", f"Characters {given.start}–{given.end} of {given.characters}:", given.text]
    return "\n".join(lines)


def _about(given: DocumentPart) -> Iterator[str]:
    yield given.title or given.source
    if given.authors:
        yield ", ".join(given.authors)
    if given.date:
        yield given.date
    yield given.id


def _also_in(passage: PassageOut) -> str:
    return (
        f", also in {', '.join(dict.fromkeys(place.source for place in passage.also_in))}"
        if passage.also_in
        else ""
    )


def _place(cited: CitationOut) -> str:
    """Title, section, speaker, pages, file and characters."""
    locator, document_ = cited.locator, cited.document
    title = document_.title or document_.source
    section = [part for part in locator.section if part != title]
    where = " › ".join([title, *section, *([locator.speaker] if locator.speaker else [])])
    pages = f", p. {', '.join(locator.pages)}" if locator.pages else ""
    if locator.time:
        pages = f", {Times(locator.time.start, locator.time.end).label}"
    spans = ", ".join(f"{span.start}–{span.end}" for span in cited.spans)
    return f"{where}{pages} ({document_.source} {spans}; {cited.id})"


def _quote(cited: CitationOut) -> str:
    return " … ".join(" ".join(part.split()) for part in cited.quote)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _BEGINNING else text[:_BEGINNING].rsplit(" ", 1)[0] + " …"
