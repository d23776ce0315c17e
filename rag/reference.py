"""References: what a citation cites as a bibliography knows it, and the place in it as people find it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from corpus.records import Locator, Record, Section
from corpus.structure.names import bare, folded, is_name
from index.records import StoredPassage
from index.store import Store
from rag.records import Citation

_TYPES = frozenset(  # of CSL 1.0.2; what is none of them is a `document`
    (
        *("article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast"),
        *("chapter", "classic", "collection", "dataset", "document", "entry", "entry-dictionary"),
        *("entry-encyclopedia", "event", "figure", "graphic", "hearing", "interview", "legal_case"),
        *("legislation", "manuscript", "map", "motion_picture", "musical_score", "pamphlet"),
        *("paper-conference", "patent", "performance", "periodical", "personal_communication", "post"),
        *("post-weblog", "regulation", "report", "review", "review-book", "software", "song", "speech"),
        *("standard", "thesis", "treaty", "webpage"),
    )
)
_TEXTS = (
    *("title-short", "container-title", "publisher", "publisher-place", "volume", "issue", "number"),
    *("edition", "page", "genre", "language", "DOI", "ISBN", "ISSN", "URL"),
)
_SORTED = frozenset({"author", "editor"})  # names that bibliographies sort by their family
_NAMES = ("author", "editor", "interviewer", "translator", "contributor", "collection-editor")
_DATES = ("issued", "accessed", "original-date", "submitted", "event-date")
_STOP_WORDS = frozenset({"a", "an", "the", "of", "on", "in", "and", "to", "for"})
_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """A work as a CSL-JSON item, the place in it that is cited, and the link to that place."""

    work: Mapping[str, Any]
    pages: tuple[str, ...] = ()
    section: str | None = None  # titles below the work's own, the widest first
    note: str | None = None  # the number of the note that is cited
    voice: str | None = None
    url: str = ""
    times: str | None = None  # from when till when it is said: `12:04–12:31`

    @property
    def pinpoint(self) -> str:
        """The place for people: `pp. 14–15, sec. “2. Why?”, turn 4`; empty where nothing is known."""
        parts = []
        if self.pages:
            parts.append(f"{'pp.' if len(self.pages) > 1 else 'p.'} {page_range(self.pages)}")
        if self.times:
            parts.append(self.times)
        if self.section:
            parts.append(f"sec. “{self.section}”")
        return ", ".join([*parts, *self.details])

    @property
    def details(self) -> list[str]:
        """What tells the place besides its page and section: the note, and who speaks."""
        return [*([f"n. {self.note}"] if self.note else []), *([self.voice] if self.voice else [])]


def page_range(labels: Sequence[str]) -> str:
    """Page labels as they are written: `14–15` where they follow each other, else `14, 17`."""
    numbers = [int(label) if label.isascii() and label.isdigit() else None for label in labels]
    follow = all(a is not None and b == a + 1 for a, b in pairwise(numbers))
    return f"{labels[0]}–{labels[-1]}" if follow and len(labels) > 1 else ", ".join(labels)


def refer(store: Store, cited: Citation, url: str, home: str) -> Reference:
    """The reference of a citation. `url` leads to the cited place, `home` to the document.

    Where the cited section is signed by others than the document, the work is their chapter in it.
    """
    locator, whole = cited.locator, work(cited.stored, home)
    titles = list(locator.section)
    part = whole
    if chapter := _chapter(store, cited):
        part = _chapter_of(whole, chapter)
        titles = titles[_depth(chapter, store.sections(cited.stored.version)) :]
    title = str(whole.get("title", "")).casefold()
    below = [name for name in titles if name.casefold() not in (title, cited.stored.source.casefold())]
    return Reference(
        work=part,
        pages=locator.pages,
        section=" › ".join(below) or None,
        note=cited.stored.passage.note,
        voice=_voice(locator, part, placed=bool(locator.pages or below or locator.times)),
        url=url,
        times=locator.times.label if locator.times else None,
    )


def work(stored: StoredPassage, home: str) -> dict[str, Any]:
    """The CSL-JSON item of a document; what its record does not know is left out, never guessed."""
    return item(stored.record, stored.source, home)


def item(csl: Mapping[str, Any], source: str, home: str) -> dict[str, Any]:
    """A record as a CSL-JSON item: only variables of CSL, names in parts, dates in parts, a key as its id."""
    kind = str(csl.get("type") or "").lower()
    made: dict[str, Any] = {"type": kind if kind in _TYPES else "document", "title": _title(csl) or source}
    for name in _TEXTS:
        if isinstance(value := csl.get(name), str) and value.strip():
            made[name] = " ".join(value.split())
    for name in _NAMES:
        if people := _people(csl.get(name), parted=name in _SORTED):
            made[name] = people
    for name in _DATES:
        if date := csl.get(name):
            made[name] = {"date-parts": [[int(part) for part in str(date).split("-")]]}
    if "author" not in made and (guests := _people(csl.get("interviewee"), parted=True)):
        made["author"] = guests
    made.setdefault("URL", home)
    return {"id": _key(made), **made}


def _title(csl: Mapping[str, Any]) -> str:
    parts = (csl.get("title"), csl.get("subtitle"))
    return ": ".join(" ".join(part.split()) for part in parts if isinstance(part, str) and part.strip())


def _people(value: object, *, parted: bool) -> list[dict[str, str]]:
    """Names of a record; `interviewee` is no variable of CSL and may be written in any way."""
    given = value if isinstance(value, list) else [value]
    people = ({"literal": person} if isinstance(person, str) else person for person in given)
    named = [dict(person) for person in people if isinstance(person, Mapping) and any(person.values())]
    return [_parted(person) for person in named] if parted else named


def _parted(person: Mapping[str, str]) -> dict[str, str]:
    """A CSL name; a literal one is parted where that is sure: `Ada Lind`, `J. B. Okoro`, `Ana de la Cruz`.

    Of three full names nobody can tell how many are the family's: these stay as they are written.
    """
    literal = person.get("literal")
    if not literal or not is_name(literal):
        return {name: " ".join(value.split()) for name, value in person.items() if value}
    first, *middle, last = bare(literal).split()
    initials = [word for word in middle if word.endswith(".")]
    particles = [word for word in middle if word[0].islower()]
    if initials + particles != middle:
        return {"literal": literal}
    parted = {"family": last, "given": " ".join([first, *initials])}
    return parted | ({"non-dropping-particle": " ".join(particles)} if particles else {})


def _key(made: Mapping[str, Any]) -> str:
    """A citation key: `lind2021river`."""
    author: Mapping[str, str] = next(iter(made.get("author", ())), {})
    family = author.get("family") or author.get("literal") or made.get("publisher") or ""
    year = str(made["issued"]["date-parts"][0][0]) if "issued" in made else ""
    words = (_letters(word) for word in str(made["title"]).split())
    word = next((word for word in words if word and word not in _STOP_WORDS), "")
    return f"{_letters(str(family))[:40]}{year}{word[:40]}" or "document"


def _letters(text: str) -> str:
    return "".join(c for c in folded(text) if c.isascii() and c.isalnum())


def _chapter(store: Store, cited: Citation) -> Section | None:
    """The widest section around a citation that its authors sign, where they are not the document's."""
    locator = cited.locator
    authors = Record(cited.stored.record).authors
    if not locator.section_authors or set(locator.section_authors) == set(authors):
        return None
    sections = store.sections(cited.stored.version)
    for section in sections:
        path = _path(section, sections)
        if section.authors == locator.section_authors and path == locator.section[: len(path)]:
            return section
    return None


def _path(section: Section, sections: Sequence[Section]) -> tuple[str, ...]:
    above = () if section.parent is None else _path(sections[section.parent], sections)
    return (*above, section.label)


def _depth(section: Section, sections: Sequence[Section]) -> int:
    return len(_path(section, sections))


def _chapter_of(whole: Mapping[str, Any], section: Section) -> dict[str, Any]:
    """A signed section as a chapter: its own author and title, the document as what contains it."""
    made = {
        name: value for name, value in whole.items() if name not in ("id", "author", "title-short", "page")
    }
    made |= {
        "type": "chapter",
        "title": section.title,
        "container-title": whole["title"],
        "author": [_parted({"literal": name}) for name in section.authors],
    }
    if (section.number or "").isdigit():  # the styles print others bare: “IV in …”
        made["chapter-number"] = section.number
    return {"id": _key(made), **made}


def _voice(locator: Locator, part: Mapping[str, Any], *, placed: bool) -> str | None:
    """Who speaks, and in which turn; the author of an interview need not be named again."""
    if not locator.speaker:
        return None
    authors = part.get("author", ())
    alone = len(authors) == 1 and _parted({"literal": locator.speaker}) == authors[0]
    turn = f"turn {locator.turn}" if locator.turn else ""
    said = [] if alone else [locator.speaker]
    return ", ".join([*said, *([turn] if turn and not (alone and placed) else [])]) or None


def natural(person: Mapping[str, str]) -> str:
    """A CSL name as people say it, given name first."""
    names = (person.get("given"), person.get("non-dropping-particle"), person.get("family"))
    return person.get("literal") or " ".join(name for name in names if name)


def one_line(text: str) -> str:
    """Text without line ends and control characters, which would end a field in most formats."""
    return _CONTROL.sub(" ", text).strip()
