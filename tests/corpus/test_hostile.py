"""Files that are made to do harm: each is read or refused with its reason, soon, and the next one is read."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping

import pytest

from corpus.errors import UnreadableError
from corpus.media import told
from corpus.records import BlockKind
from corpus.sandbox import Sandbox
from corpus.testing import Text
from corpus.testing_markup import as_book, as_page, as_word, repacked

BLOCKS = [Text(BlockKind.HEADING, "Water", 1), Text(BlockKind.PARAGRAPH, "The pact governs water.")]
WORD, BOOK, PAGE = as_word(BLOCKS), as_book(BLOCKS), as_page(BLOCKS)
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
DECLARED = {
    "laughs": (f'<!ENTITY l0 "lol">{LAUGHS}', "&l9;"),
    "quadratic": (f'<!ENTITY q "{"q" * 50_000}">', "&q;" * 50_000),
    "file": ('<!ENTITY f SYSTEM "file:///etc/passwd">', "&f;"),
    "web": ('<!ENTITY f SYSTEM "http://127.0.0.1:9/x">', "&f;"),
    "parameter": ('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;', ""),
}
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PARTS: dict[str, tuple[bytes, str, str]] = {
    "word/document.xml": (WORD, "w:document", f"<w:document {NS}><w:body><w:p><w:r><w:t>Water %s"
                          "</w:t></w:r></w:p></w:body></w:document>"),
    "word/styles.xml": (WORD, "w:styles", f"<w:styles {NS}><w:style>%s</w:style></w:styles>"),
    "word/footnotes.xml": (WORD, "w:footnotes", f"<w:footnotes {NS}>%s</w:footnotes>"),
    "docProps/core.xml": (WORD, "core", "<core>%s</core>"),
    "META-INF/container.xml": (BOOK, "container", "<container>%s<rootfiles/></container>"),
    "EPUB/content.opf": (BOOK, "package", "<package>%s</package>"),
    "EPUB/chapter0.xhtml": (BOOK, "html", "<html><body><p>Water %s</p></body></html>"),
}  # fmt: skip


def zip_of(inside: Mapping[str, bytes], *, flags: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in inside.items():
            file.writestr(name, data)
    made = out.getvalue()
    if flags:  # in every header of a file
        for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
            start = -1
            while (start := made.find(mark, start + 1)) >= 0:
                made = made[: start + at] + bytes([flags, 0]) + made[start + at + 2 :]
    return made


def with_entities() -> Iterator[tuple[str, bytes, str]]:
    for part, (data, root, xml) in PARTS.items():
        for name, (declared, used) in DECLARED.items():
            inside = f"<!DOCTYPE {root} [{declared}]>{xml % used}"
            yield f"{name} in {part}", repacked(data, {part: inside.encode()}), ""


def broken() -> Iterator[tuple[str, bytes, str]]:
    for name, data in (("x.docx", WORD), ("x.epub", BOOK)):
        for n in range(20):
            yield f"{name} cut at {n}", data[: len(data) * n // 20 + 10], ""
    for name, part in (("docx", "word/document.xml"), ("epub", "META-INF/container.xml")):
        yield f"{name} encrypted", zip_of({part: b"<x/>"}, flags=1), "encrypted"
        yield f"{name} of zeros", zip_of({part: b"\0" * 30_000_000}), "times its size"
        yield (
            f"{name} of many files",
            zip_of({part: b"<x/>", **{f"{n}": b"" for n in range(6000)}}),
            "6,001 files",
        )
        yield f"{name} of a directory", zip_of({part: b"x"}) + b"PK\1\2" * 1_000_000, "more than 5,000 files"
        yield f"{name} nested deep", zip_of({part: b"<a>" * 100_000}), "XML that cannot be read"
        yield f"{name} of no markup", zip_of({part: b"\0\1\2"}), "XML that cannot be read"
        outer = zip_of({part: b"<x/>", "in.zip": zip_of({"in.zip": b"\0" * 900_000})})
        yield f"{name} with a zip", outer, "without its text|does not say where its text is"
        for path in ("../up", "/etc/passwd", "C:\\up", "a\0b"):
            yield f"{name} with {path!r}", repacked(WORD, {path: b"up"}), "read"
    yield "docx twice the same part", repacked(WORD, {"word/document.xml": b"<x/>"}), "without its text"


def pages() -> Iterator[tuple[str, str, str]]:
    def page(body: str) -> str:
        return f"<!doctype html><html><body><p>Water.</p>{body}</body></html>"

    yield "nested", page("<div>" * 100_000), "nested"
    yield "nested inline", page("<b>" * 100_000), "nested"
    yield "nested lists", page("<ul><li>" * 1_000), "nested"
    yield "nested tables", page("<table><tr><td>" * 300 + "x"), "read"
    yield "attribute", page(f"<p title='{'x' * 10_000_000}'>"), "read"
    yield (
        "attributes",
        page("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">"),
        "thousands of attributes",
    )
    yield "angles", page("<" * 300_000), "read"
    yield "ends", page("</p>" * 200_000), "read"
    yield "entities", page("&amp;" * 200_000 + "&nothing;" * 1000), "read"
    yield "own entity", '<!DOCTYPE html [<!ENTITY a "b">]><html><p>Water &a;', "read"
    yield "numbers", page("&#0;&#x110000;&#xD800;&#xFFFF;&#99999999999;"), "read"
    yield "open comment", page("<!-- "), "read"
    yield "open comments", "<!-- -->" * 20_000 + "<html><p>Water.", "read"
    yield "open script", page("<script>" + "x" * 100_000), "read"
    yield "cells", page("<table>" + "<tr><td>a<td>b" * 8_000), "read"
    yield "spans", page(f"<table><tr><td rowspan=65534 colspan=9999>{'x' * 500}<tr>" * 100), "read"
    yield "notes", page("<sup><a href='#n'>1</a></sup>" * 5_000 + "<p id=n>Note."), "read"
    yield "links", page("".join(f"<a href='#i{n}' id=i{n + 1}>{n}</a>" for n in range(5_000))), "read"
    yield "ids", page("".join(f"<b id=i{n}></b>" for n in range(20_000)) + "x"), "read"
    yield "tags", page("\U000e0041\U000e0042\u202e\u200b Water"), "read"
    yield (
        "address",
        page("<base href='http://127.0.0.1:9/'><img src=x><svg onload=x()>"),
        "read",
    )
    yield "linked data", page("<script type='application/ld+json'>" + "[" * 100_000 + "</script>"), "read"
    yield "brackets", page("[" * 100_000), "read"
    yield "one line", page("water " * 500_000), "read"
    yield "breaks", page("<br>" * 20_000), "read"
    yield "marks", page("e" + "\u0301" * 300_000), "read"
    yield "only hidden", "<html><p hidden>Water.<p style='display:none'>More.", "no words"


def others() -> Iterator[tuple[str, bytes, str]]:
    yield "utf-7", b"<html><meta charset=utf-7><p>+ADw-script+AD4-", "read"
    yield "escapes", b"<html><meta charset=unicode_escape><p>\\x3cscript", "read"
    yield "codec", b"<html><meta charset=zlib><p>Water.", "read"
    yield "wrong mark", b"\xff\xfe<html><p>Water.", "not valid utf-16"
    yield "nuls", b"<html><p>" + b"\0" * 100_000, "binary"
    yield "cues", b"WEBVTT\n\n" + b"99:59:59.999 --> 00:00:00.000\n<v x>a\n\n" * 20_000, "read"
    yield "voices", b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v " * 300_000, "read"


def hostile() -> dict[str, tuple[bytes, str]]:
    made = {
        f"page: {name}": (text.encode("utf-8", "surrogatepass"), outcome) for name, text, outcome in pages()
    }
    for group in (with_entities(), broken(), others()):
        made |= {name: (data, outcome) for name, data, outcome in group}
    return made


FILES = hostile()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(1)
    yield made
    made.close()


def outcome_of(sandbox: Sandbox, data: bytes) -> str:
    """`read`, or why not; a text that is no file of the kinds under test is `text`."""
    kind = told(data, "x.html")
    if kind.startswith("text/plain"):
        return "text"
    try:
        made = sandbox.read(data, "x", kind)
    except UnreadableError as error:
        return str(error)
    assert "root:" not in made.text
    return "read" if made.text else "no words"


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 120


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_read_or_refused_with_its_reason(name: str, sandbox: Sandbox) -> None:
    data, expected = FILES[name]
    start = time.monotonic()
    outcome = outcome_of(sandbox, data)
    assert time.monotonic() - start < 30
    assert "its parser" not in outcome
    if expected:
        assert any(words in outcome for words in expected.split("|")), outcome
    assert outcome_of(sandbox, PAGE) == "read"


def mutated(data: bytes, seed: int) -> bytes:
    """A file with bytes changed, cut out or repeated."""
    chance = random.Random(seed)
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at, size = chance.randrange(len(made)), chance.randint(1, 40)
        change = chance.randrange(3)
        if change == 0:
            made[at] = chance.randrange(256)
        elif change == 1 and len(made) > 2 * size:
            del made[at : at + size]
        else:
            made[at:at] = made[at : at + size]
    return bytes(made)


def inside_out(data: bytes, seed: int) -> bytes:
    """A zip one of whose files is mutated, so that what is in it is looked at."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        names = sorted(name for name in file.namelist() if name.endswith(("xml", "opf", "rels")))
        name = names[seed % len(names)]
        return repacked(data, {name: mutated(file.read(name), seed)})


Mutate = Callable[[bytes, int], bytes]
MUTATED: dict[str, tuple[bytes, Mutate]] = {
    "page": (PAGE, mutated),
    "word": (WORD, mutated),
    "word inside": (WORD, inside_out),
    "book": (BOOK, mutated),
    "book inside": (BOOK, inside_out),
}


def unexplained(sandbox: Sandbox, kind: str, seeds: range) -> list[tuple[int, str]]:
    data, mutate = MUTATED[kind]
    told_of = ((seed, outcome_of(sandbox, mutate(data, seed))) for seed in seeds)
    return [(seed, outcome) for seed, outcome in told_of if "its parser" in outcome]


@pytest.mark.parametrize("kind", MUTATED)
def test_mutated_files_are_read_or_refused_with_their_reason(kind: str, sandbox: Sandbox) -> None:
    assert unexplained(sandbox, kind, range(12)) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", MUTATED)
def test_thousands_of_mutated_files_are_read_or_refused(kind: str, sandbox: Sandbox) -> None:
    assert unexplained(sandbox, kind, range(1_000, 4_000)) == []
