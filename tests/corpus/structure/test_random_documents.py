"""Random documents whose structure is known, because they were built from it: it must come back whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.invariants import verify
from corpus.load import load, reading
from corpus.passages import split
from corpus.records import BlockKind, Document, Passage
from corpus.units import TokenCounter

_WORDS = """
    water stone winter letter road garden paper window market bridge island number harvest evening
    lantern valley chair engine colour history council weather journey quiet heavy narrow common early
    public gentle distant ordinary careful wooden silver carry measure follow remember answer gather
""".split()  # noqa: SIM905 - a hundred quoted words read worse
_TITLES = (
    "Old Harbours",
    "The Price of Salt",
    "Roads and Bridges",
    "Winter Markets",
    "What the Valley Owes",
    "Letters Home",
    "The Quiet Years",
    "Stone and Water",
)
_PEOPLE = ("Anna Lindgren", "Tomas Weber", "Maria Duarte")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")

seeds = st.randoms(use_true_random=False)
few = settings(max_examples=30, deadline=None)


def sentence(random: Random, least: int = 8) -> str:
    words = [random.choice(_WORDS) for _ in range(random.randint(least, 16))]
    if random.random() < 0.3:
        words[len(words) // 2] += ","
    return "The " + " ".join(words) + "."


def paragraph(random: Random, least: int = 2) -> str:
    return " ".join(sentence(random) for _ in range(random.randint(least, 5)))


def read(text: str, count: TokenCounter, name: str = "random.txt") -> tuple[Document, tuple[Passage, ...]]:
    """A document with its passages, which must hold the invariants whatever was found."""
    document = load(text.encode(), name)
    passages = split(document, count)
    verify(document, passages)
    return document, passages


def said(document: Document) -> str:
    return reading(document).text


@dataclass(slots=True)
class Built:
    """A text under construction, and what is known of it."""

    parts: list[str] = field(default_factory=list)
    sections: list[tuple[str | None, str]] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(
        default_factory=list
    )  # number, definition, word it is called at
    paragraphs: list[str] = field(default_factory=list)  # as they read

    @property
    def text(self) -> str:
        return "\n\n".join(self.parts) + "\n"


def numbering(random: Random, n: int) -> list[tuple[str | None, str]]:
    """How the headings of a document are printed: (number, line) for each title."""
    titles = random.sample(_TITLES, n)
    match random.randrange(4):
        case 0:
            return [(_ROMAN[i], f"{_ROMAN[i]}. {title}") for i, title in enumerate(titles)]
        case 1:
            return [(str(i), f"{i}. {title}") for i, title in enumerate(titles, 1)]
        case 2:
            return [(str(i), f"Chapter {i}: {title}") for i, title in enumerate(titles, 1)]
        case _:
            return [(None, title.upper()) for title in titles]


def title_of(line: str) -> str:
    return line if line.isupper() else line.split(". ")[-1].split(": ")[-1]


@st.composite
def chapters(draw: st.DrawFn) -> Built:
    """Numbered or shouted chapters; notes at the feet of pages, at ends of chapters, or at the end."""
    random = draw(seeds)
    built, waiting = Built(), list[str]()
    where = random.choice(("foot", "chapter", "end"))
    restart, mark = where == "chapter" and random.random() < 0.5, random.choice(("super", "bracket"))
    number = 0
    heads = numbering(random, random.randint(2, 5))
    for own, line in heads:
        built.parts.append(line)
        built.sections.append((own, title_of(line)))
        if restart:
            number = 0
        for _ in range(random.randint(2, 4)):
            text = paragraph(random)
            if random.random() < 0.7 or not built.notes:
                number += 1
                word, rest = text.split(" ", 2)[1].rstrip(","), text.split(" ", 2)[2]
                printed = str(number).translate(_RAISED) if mark == "super" else f"[{number}]"
                built.parts.append(f"The {word}{printed} {rest}")
                text = f"The {word} {rest}"
                definition = (
                    f"{sentence(random)} Journal, vol. {random.randint(1, 90)}, p. {random.randint(1, 400)}."
                )
                built.notes.append((str(number), definition, word))
                waiting.append(f"{printed} {definition}")
            else:
                built.parts.append(text)
            built.paragraphs.append(text)
            if where == "foot":
                built.parts.extend(waiting)
                waiting.clear()
        if where == "chapter":
            built.parts.extend(waiting)
            waiting.clear()
    if waiting:
        built.parts += ["NOTES", *waiting]
        built.sections.append((None, "NOTES"))
    return built


@few
@given(built=chapters())
def test_sections_and_notes_come_back_and_nothing_is_lost(built: Built, count: TokenCounter) -> None:
    document, _ = read(built.text, count)
    text, structure = document.text, document.structure
    assert [(s.number, s.title) for s in structure.sections] == built.sections
    assert [
        (n.number, n.text, text[: n.markers[0].start].split()[-1] if n.markers else "")
        for n in structure.footnotes
    ] == built.notes
    assert all(p in said(document) for p in built.paragraphs)


@few
@given(built=chapters(), data=st.data())
def test_the_table_of_contents_is_in_no_passage(
    built: Built, data: st.DataObject, count: TokenCounter
) -> None:
    random = data.draw(seeds)
    pages = sorted(random.sample(range(3, 200), len(built.sections)))
    leader = random.choice(("\t", " ........ ", "  "))
    entries = [
        f"{n + '. ' if n else ''}{title}{leader}{page}"
        for (n, title), page in zip(built.sections, pages, strict=True)
    ]
    built.parts[:0] = ["CONTENTS", "\n".join(entries)]
    document, passages = read(built.text, count)
    contents = document.structure.contents
    assert contents is not None
    assert document.text[contents.start : contents.end] == "\n\n".join(built.parts[:2])
    assert not any(span.overlap(contents) for passage in passages for span in passage.spans)
    assert [s.title for s in document.structure.sections] == [title for _, title in built.sections]


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, list[str], int]:
    """Paragraphs cut into pages: the text, the paragraphs as they read, and how many cuts there are."""
    random = draw(seeds)
    style = random.choice(("blank", "feed", "number", "numbered feed", "head"))
    whole: list[str] = []
    printed: list[str] = []
    page, cuts = random.randint(1, 90), 0
    for _ in range(random.randint(3, 6)):
        parts = [paragraph(random, 4) for _ in range(2)]
        before, after = parts[0].rstrip("."), parts[1]
        whole.append(f"{before} {(after[0].lower())}{after[1:]}")
        if random.random() < 0.3:  # in the middle of a word
            whole[-1], edge = f"{before} extraordinarily {after}", ("extraordi-", "narily ")
        else:
            edge = ("", "")
            after = after[0].lower() + after[1:]
        match style:
            case "blank":
                between = ["\n\n"]
            case "feed":
                between = ["\n\n\f"]
            case "number":
                between = [f"\n\n{page}\n\n"]
            case "numbered feed":
                between = [f"\n\n{page}\n\f"]
            case _:
                between = [f"\n\n{page}   {_TITLES[page % 2]}\n\n"]
        printed.append(f"{before}{' ' + edge[0] if edge[0] else ''}{between[0]}{edge[1]}{after}")
        page, cuts = page + 1, cuts + 1
    return "\n\n".join(printed) + "\n", whole, cuts


@few
@given(built=pages())
def test_what_a_page_cuts_reads_as_one(built: tuple[str, list[str], int], count: TokenCounter) -> None:
    text, whole, cuts = built
    document, passages = read(text, count)
    assert [p for p in whole if p not in said(document)] == []
    assert sum(len(block.rest) for block in document.structure.blocks) == cuts
    furniture = [document.text[s.start : s.end] for s in document.structure.furniture]
    assert all(line[:1].isdigit() for line in furniture)
    assert {bool(furniture)} == {any(line[:1].isdigit() for line in text.split("\n"))}
    assert not any(line in passage.text for line in furniture if len(line) > 4 for passage in passages)


@st.composite
def talks(draw: st.DrawFn) -> tuple[str, list[tuple[str, list[str]]]]:
    """A dialogue, and each turn's speaker with the paragraphs said."""
    random = draw(seeds)
    people = random.sample(_PEOPLE, random.randint(2, 3))
    style = random.choice(("{}: ", "{}:\n\n", "**{}:** ", "[00:01:02] {}: ", "CAPITALS"))
    surnames = random.random() < 0.5
    parts, turns, last = ["A Talk", f"A discussion between {' and '.join(people)}."], [], ""
    for i in range(random.randint(6, 12)):
        who = people[i % 2] if len(people) == 2 else random.choice([p for p in people if p != last])
        last = who
        label = who.split()[-1] if surnames else who
        label = f"{label.upper()}: " if style == "CAPITALS" else style.format(label)
        texts = [paragraph(random) for _ in range(random.randint(1, 3))]
        parts += [label + texts[0], *texts[1:]]
        turns.append((who, texts))
    return "\n\n".join(parts) + "\n", turns


@few
@given(built=talks())
def test_turns_come_back_with_who_says_them(
    built: tuple[str, list[tuple[str, list[str]]]], count: TokenCounter
) -> None:
    text, turns = built
    document, passages = read(text, count)
    assert [
        (turn.speaker, [document.text[p.start : p.end] for p in turn.paragraphs])
        for turn in document.structure.turns
    ] == turns
    for passage in passages:
        if passage.locator.turn:
            speaker, paragraphs = turns[passage.locator.turn - 1]
            assert passage.locator.speaker == speaker
            assert all(passage.text[s:e] in " ".join(paragraphs) for s, e in passage.sentences)


_TRAPS = (
    "In 1905 the G20 and MH17 were unknown.",
    "It held 12 men and 3 horses, or 4.5 m² of hay.",
    "See p. 4 of it [sic] for the rest.",
    "He said: nothing of this is so.",
    "They paid 40 crowns (or 7) a day; J. Smith paid none.",
    "1905 was a bad year.",
    "NATO and the UN did not answer.",
    "A note on style: write briefly.",
)


@few
@given(random=seeds, traps=st.lists(st.sampled_from(_TRAPS), max_size=8), wide=st.booleans())
def test_plain_prose_has_no_structure(
    random: Random, traps: list[str], wide: bool, count: TokenCounter
) -> None:
    paragraphs = [f"{paragraph(random)} {trap} {sentence(random)}" for trap in traps]
    paragraphs += [paragraph(random) for _ in range(3)]
    random.shuffle(paragraphs)
    text = ("\n\n" if wide else "\n").join(paragraphs) + "\n"
    document, _ = read(text, count)
    structure = document.structure
    assert (structure.sections, structure.turns, structure.footnotes) == ((), (), ())
    assert (structure.furniture, structure.pages, structure.contents) == ((), (), None)
    assert {block.kind for block in structure.blocks} == {BlockKind.PARAGRAPH}
    assert all(not block.rest for block in structure.blocks)
    assert said(document).split() == text.split()


@few
@given(
    built=st.one_of(
        chapters().map(lambda b: b.text), pages().map(lambda b: b[0]), talks().map(lambda b: b[0])
    )
)
def test_line_ends_of_other_systems_change_nothing(built: str, count: TokenCounter) -> None:
    here, _ = read(built, count)
    there, _ = read(built.replace("\n", "\r\n"), count)
    assert said(there) == said(here)
    assert [s.title for s in there.structure.sections] == [s.title for s in here.structure.sections]
    assert [(t.speaker, t.role) for t in there.structure.turns] == [
        (t.speaker, t.role) for t in here.structure.turns
    ]
    assert [(n.number, n.text) for n in there.structure.footnotes] == [
        (n.number, n.text) for n in here.structure.footnotes
    ]
