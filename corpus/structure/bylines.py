"""Who wrote a section: by-lines, signatures, the table of contents; one form for each person."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.records import Person, Section, Span
from corpus.structure.contents import Contents
from corpus.structure.names import bare, canonical, groups, is_name, people, same
from corpus.structure.rows import Row
from corpus.structure.titles import alike, key, plain
from corpus.structure.words import CLOSINGS, CONTRIBUTORS, OPENINGS

_BY = re.compile(
    r"(?:(?:written\s+)?by|authors?\s*:|text\s*:|von|autor(?:in|en)?\s*:|par|auteurs?\s*:|por|müəllif(?:lər)?\s*:|"
    r"автор(?:ы|и)?\s*:)\s*",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"[,:(\u2013\u2014-]|[a-zà-ÿ]"
)  # what may follow a name that opens its bearer's notice
_DASH = "\u2013\u2014- "
_LONGEST = 120  # characters of a by-line, or of a line under a signature


class Place(StrEnum):
    """Where the text names the author of a section."""

    HEADING = "heading"
    CONTENTS = "contents"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors of a section (its id) as they are printed there."""

    section: int
    names: tuple[str, ...]
    span: Span
    place: Place


@dataclass(frozen=True, slots=True)
class Found:
    """By-lines in reading order; `authors` has a place for each section, its parent's if it has none.

    `contributors` are the people presented in a section of that title, in its order.
    """

    bylines: tuple[Byline, ...] = ()
    authors: tuple[tuple[str, ...], ...] = ()
    people: tuple[Person, ...] = ()
    contributors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def detect(
    text: str, rows: Sequence[Row], sections: Sequence[Section], contents: Sequence[Contents] = ()
) -> Found:
    """The authors of sections, as far as the text says who they are."""
    starts = [row.start for row in rows]
    own = [_own_rows(rows, starts, sections, i) for i in range(len(sections))]
    presented = [name for s, lines in zip(sections, own, strict=True) for name in _presented(s, lines)]
    listed = _listed(sections, contents)
    known = [*presented, *(name for byline in listed.values() for name in byline.names)]
    notes: list[str] = []
    under = _under_headings(text, sections, own, known, notes)
    bylines: list[Byline] = []
    for section, lines in zip(sections, own, strict=True):
        candidates = (under.get(section.id), listed.get(section.id))
        found = next((byline for byline in candidates if byline), None) or _signature(section, lines, known)
        if found:
            bylines.append(found)
    folded = _people([*presented, *(n for b in bylines for n in b.names), *known], text)
    name_of = {variant: person.name for person in folded for variant in (person.name, *person.variants)}
    authors: list[tuple[str, ...]] = []
    by_section = {b.section: tuple(name_of[bare(n)] for n in b.names) for b in bylines}
    for section in sections:
        above = authors[section.parent] if section.parent is not None else ()
        authors.append(by_section.get(section.id, above))
    return Found(
        tuple(bylines),
        tuple(authors),
        tuple(folded),
        tuple(dict.fromkeys(name_of[bare(name)] for name in presented)),
        tuple(notes),
    )


def _own_rows(
    rows: Sequence[Row], starts: Sequence[int], sections: Sequence[Section], i: int
) -> Sequence[Row]:
    """The lines of a section up to the next heading."""
    section = sections[i]
    end = section.span.end
    if i + 1 < len(sections):
        end = min(end, sections[i + 1].heading.start)
    return rows[bisect_left(starts, section.heading.end) : bisect_left(starts, end)]


def _presented(section: Section, lines: Sequence[Row]) -> Iterator[str]:
    """The names that open the notices of a section such as `Contributors`."""
    if key(section.title) not in CONTRIBUTORS:
        return
    for i, row in enumerate(lines):
        if row.text and (i == 0 or not lines[i - 1].text or row.text[0] in "*-•"):
            name = opening_name(row.text)
            if name:
                yield name


def opening_name(text: str) -> str | None:
    """The full name that a notice about a person begins with: `Dr. Ann Lee is …`, `Ann Lee, professor …`."""
    words = plain(text[:_LONGEST].lstrip("-•* ")).split()
    for count in range(min(6, len(words)), 1, -1):
        name = " ".join(words[:count])
        following = words[count] if count < len(words) else ""
        ends = name[-1] in ",:(" or not following or _AFTER_NAME.match(following)
        if ends and is_name(name):
            return bare(name)
    return None


def _listed(sections: Sequence[Section], contents: Sequence[Contents]) -> dict[int, Byline]:
    """The authors that the table of contents gives sections, by title, or number and a title much alike."""
    entries = [entry for table in contents for entry in table.entries if entry.authors]
    by_title = {key(entry.title): entry for entry in reversed(entries)}
    by_number = {entry.number: entry for entry in reversed(entries) if entry.number}
    found: dict[int, Byline] = {}
    for section in sections if entries else ():
        title = key(section.title)
        entry = by_title.get(title)
        if entry is None and (numbered := by_number.get(section.number or "")):
            entry = numbered if alike(key(numbered.title), title) else None
        if entry:
            found[section.id] = Byline(section.id, entry.authors, entry.span, Place.CONTENTS)
    return found


def _under_headings(
    text: str,
    sections: Sequence[Section],
    own: Sequence[Sequence[Row]],
    known: Sequence[str],
    notes: list[str],
) -> dict[int, Byline]:
    """By-lines under headings; a name alone counts where something else in the text confirms it."""
    sure: dict[int, Byline] = {}
    bare_names: dict[int, Byline] = {}
    for section, lines in zip(sections, own, strict=True):
        for row in _lines_alone(lines):
            names, marked = read_byline(row.text)
            if names:
                byline = Byline(section.id, names, row.span, Place.HEADING)
                (sure if marked else bare_names)[section.id] = byline
                break
    for id_, byline in bare_names.items():
        confirmed = any(name == k or same(name, k) for name in byline.names for k in known)
        if confirmed or all(_elsewhere(name, text, sections[id_].span) for name in byline.names):
            sure[id_] = byline
        else:
            notes.append(
                f"{byline.names[0]!r} under {sections[id_].title!r} may be its author: nothing confirms it"
            )
    return sure


def _elsewhere(name: str, text: str, own: Span) -> bool:
    """Whether a name stands outside of a section: one that only its own text says may be its subject."""
    return text.find(name, 0, own.start) >= 0 or text.find(name, own.end) >= 0


def _lines_alone(lines: Sequence[Row]) -> Iterator[Row]:
    """The first two lines under a heading that are paragraphs of their own."""
    count = 0
    for i, row in enumerate(lines[:8]):
        if not row.text:
            continue
        if len(row.text) > _LONGEST:
            return
        if i + 1 == len(lines) or not lines[i + 1].text:
            yield row
        count += 1
        if count == 2:
            return


def read_byline(text: str) -> tuple[tuple[str, ...], bool]:
    """The people that a line names and nothing else; whether a `By` or italics say that they wrote.

    What stands behind the first comma or bracket may be their house.
    """
    title = plain(text)
    match = _BY.match(title)
    rest = title[match.end() :] if match else title
    marked = match is not None or (text.startswith(("*", "_")) and text.endswith(("*", "_")))
    names = people(rest)
    if not names and match:
        names = people(re.split(r"[,(|;]", rest)[0])
    return names, marked


def _signature(section: Section, lines: Sequence[Row], known: Sequence[str]) -> Byline | None:
    """The name below the text of a foreword or an editorial, with or without an office under it."""
    opening = key(section.title) in OPENINGS
    if key(section.title) in CLOSINGS & CONTRIBUTORS:
        return None
    seen = 0
    for i in range(len(lines) - 1, 0, -1):
        text = lines[i].text
        if not text:
            continue
        seen += 1
        if seen > 4 or len(text) > _LONGEST or (text[-1] in ".!?" and len(text) > 40):
            return None
        dashed = text[0] in "\u2013\u2014-" or (text[0] in "*_" and text[-1] in "*_")
        names = people(text.strip(_DASH + "*_"))
        if not names or not any(row.text.endswith((".", "!", "?", "”", '"')) for row in lines[:i]):
            continue
        alone = not lines[i - 1].text or dashed
        if alone and (opening or dashed or any(same(n, k) or n == k for n in names for k in known)):
            return Byline(section.id, names, lines[i].span, Place.SIGNATURE)
    return None


def _people(printed: Iterable[str], text: str) -> list[Person]:
    found: list[Person] = []
    for variants in groups(printed):
        name = canonical(variants, text)
        others = [v for v in variants if v != name]
        surnames = dict.fromkeys(v.split()[-1] for v in others if v.split()[-1] != name.split()[-1])
        alone = [s for s in surnames if text.count(s) > sum(text.count(v) for v in others if v.endswith(s))]
        found.append(Person(name, (*others, *alone)))
    return found
