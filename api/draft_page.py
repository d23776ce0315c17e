"""A checked draft as one page that needs nothing else: no script, no other file; for screen and print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from api.quotes import told
from rag.compare import Edit, Op
from rag.drafts import Checked, CheckedQuote, CheckedSentence, QuoteStatus
from rag.records import Citation
from rag.support import SupportStatus

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2129; --dim: #5b6472; --page: #fdfdfb;
  --right: #14652f; --right-back: #dff3e4; --wrong: #a01522; --wrong-back: #fbdfe0;
  --doubt: #7a4b00; --doubt-back: #fdeecb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ec; --dim: #a2abb9; --page: #16181d;
  --right: #86dba0; --right-back: #163320; --wrong: #ff9ca1; --wrong-back: #46171c;
  --doubt: #f3c877; --doubt-back: #3d2e0d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 76rem;
  color: var(--ink); background: var(--page); font: 1rem/1.6 Georgia, serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
.sum { color: var(--dim); margin: 0 0 1.5rem; }
.sum strong { color: var(--wrong); }
main { display: grid; gap: 2rem; }
@media (min-width: 60rem) { main { grid-template-columns: minmax(0, 1fr) minmax(0, 24rem); }
  .notes { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow-y: auto; } }
.draft { white-space: pre-wrap; overflow-wrap: anywhere; }
mark:target, li:target { outline: 2px solid; outline-offset: 2px; }
.right { --tone: var(--right); --back: var(--right-back); }
.wrong { --tone: var(--wrong); --back: var(--wrong-back); }
.doubt { --tone: var(--doubt); --back: var(--doubt-back); }
.none { --tone: var(--dim); --back: transparent; }
mark { color: inherit; background: var(--back); padding: .05em 0; }
.quote { border-bottom: 2px solid var(--tone); }
.sentence { border-bottom: 2px dotted var(--tone); }
.n { font: 700 .75rem/1 system-ui, sans-serif; vertical-align: super; margin-left: .15em; color: var(--tone);
  text-decoration: none; padding: .15rem; }
.n:focus-visible, li a:focus-visible { outline: 2px solid var(--tone); }
ol { list-style: none; margin: 0; padding: 0; font: .9rem/1.45 system-ui, sans-serif; }
li { border-left: 4px solid var(--tone); padding: .4rem .75rem; margin: 0 0 .75rem; background: var(--back); }
li a { color: var(--tone); font-weight: 700; }
li p { margin: .25rem 0; overflow-wrap: anywhere; }
.where { color: var(--dim); }
del { color: var(--wrong); } ins { color: var(--right); }
@media print { .notes { max-height: none; position: static; } mark, li { background: none; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_VERDICTS = {
    "exact": "exact",
    "normalized": "the same words",
    "fuzzy": "not the same words",
    "misattributed": "misattributed",
    "not_found": "not found",
    "too_short": "too short to verify",
}
_SUPPORT = {
    SupportStatus.VERBATIM: ("doubt", "stands there word for word, without quotation marks"),
    SupportStatus.CONTRADICTED: ("wrong", "says other than what it is taken from"),
    SupportStatus.SUPPORTED: ("right", "supported"),
    SupportStatus.PARTLY: ("doubt", "supported in part"),
    SupportStatus.UNSUPPORTED: ("doubt", "nothing here supports it"),
}


@dataclass(frozen=True, slots=True)
class _Note:
    """An annotation: where it stands in the draft, its tone and class, and its text as HTML."""

    start: int
    end: int
    kind: str
    tone: str
    body: str


def page(checked: Checked, title: str) -> str:
    """The draft with its annotations, as a whole HTML document."""
    notes = sorted(
        [*map(_quote_note, checked.quotes), *map(_sentence_note, checked.sentences)],
        key=lambda note: (note.start, -note.end),
    )
    head = "<strong>Something is wrong.</strong> " if checked.wrong else "Nothing is wrong. "
    items = "\n".join(
        f'<li id="n{n}" class="{note.tone}"><a href="#t{n}" aria-label="Note {n}: back to the text">{n}</a> '
        f"{note.body}</li>"
        for n, note in enumerate(notes, 1)
    )
    body = "".join(_marked(checked.text, notes))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(title)}: checked by Pincite</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<header><h1>{escape(title)}</h1>\n<p class="sum">{head}{escape(told(checked))}.</p></header>\n'
        f'<main>\n<article class="draft" aria-label="The draft">{body}</article>\n'
        f'<section class="notes" aria-labelledby="notes" tabindex="0"><h2 id="notes">Notes</h2>'
        f"<ol>{items}</ol></section>\n</main>\n</body>\n</html>\n"
    )


def _marked(text: str, notes: list[_Note]) -> Iterator[str]:
    """The text with its marks, a quotation inside of the sentence that holds it."""
    ends: list[tuple[int, int]] = []  # of the open marks: where, and of which note
    at = 0
    events = [(note.start, n, note) for n, note in enumerate(notes, 1)]
    for start, n, note in events:
        while ends and ends[-1][0] <= start:
            end, open_ = ends.pop()
            yield escape(text[at:end]) + _end(open_, notes)
            at = end
        yield escape(text[at:start])
        yield f'<mark id="t{n}" class="{note.kind} {note.tone}">'
        at = start
        # A mark that would reach over the end of the one around it ends with that.
        ends.append((min(note.end, ends[-1][0]) if ends else note.end, n))
    while ends:
        end, open_ = ends.pop()
        yield escape(text[at:end]) + _end(open_, notes)
        at = end
    yield escape(text[at:])


def _end(n: int, notes: list[_Note]) -> str:
    tone = notes[n - 1].tone
    return f'</mark><a class="n {tone}" href="#n{n}" aria-label="Note {n}">{n}</a>'


def _quote_note(quote: CheckedQuote) -> _Note:
    tone = {QuoteStatus.RIGHT: "right", QuoteStatus.WRONG: "wrong", QuoteStatus.TOO_SHORT: "none"}[
        quote.status
    ]
    verified = quote.verified
    verdict = verified.verdict.value if verified else quote.status.value
    body = f"<strong>{escape(_VERDICTS[verdict])}</strong>"
    if verified:
        body += f"<p>{escape(quote.why)}</p>"
        if verified.found:
            if any(edit.op is not Op.EQUAL for edit in verified.diff):
                body += f"<p>{''.join(_edits(verified.diff))}</p>"
            body += _where(verified.found.citation)
    return _Note(quote.start, quote.end, "quote", tone, body)


def _sentence_note(sentence: CheckedSentence) -> _Note:
    support = sentence.support
    tone, told = _SUPPORT[support.status]
    body = f"<strong>{escape(told)}</strong>"
    if support.changes and support.status is not SupportStatus.SUPPORTED:
        changes = "; ".join(f"{c.kind.value}: “{c.text}” instead of “{c.source}”" for c in support.changes)
        body += f"<p>{escape(changes)}</p>"
    if support.status is SupportStatus.PARTLY and support.missing:
        body += f"<p>Not there: {escape(', '.join(support.missing))}</p>"
    if support.citation:
        quoted = " … ".join(" ".join(part.split()) for part in support.citation.quote)
        body += f"<p>“{escape(quoted[:400])}{'…' if len(quoted) > 400 else ''}”</p>{_where(support.citation)}"
    return _Note(sentence.start, sentence.end, "sentence", tone, body)


def _edits(diff: tuple[Edit, ...]) -> Iterator[str]:
    for edit in diff:
        if edit.op is Op.EQUAL:
            yield f"{escape(edit.text)} "
        else:
            yield f"<del>{escape(edit.source)}</del> " if edit.source else ""
            yield f"<ins>{escape(edit.text)}</ins> " if edit.text else ""


def _where(citation: Citation) -> str:
    locator, record = citation.locator, citation.stored.record
    parts = [str(record.get("title") or citation.stored.source), *locator.section[-1:]]
    parts += [locator.speaker] if locator.speaker else []
    parts += [f"p. {'–'.join(dict.fromkeys((locator.pages[0], locator.pages[-1])))}"] if locator.pages else []
    parts += [locator.times.label] if locator.times else []
    return f'<p class="where">{escape(" › ".join(parts))}</p>'
