"""Office files and e-mails that are made to do harm: read or refused with their reason, soon.

The same is asked of other formats in `test_hostile.py`.
"""

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
from corpus.testing_markup import repacked
from corpus.testing_office import ODT_NAMES, as_mail, as_odt, as_rtf, as_slides, odt

BLOCKS = [Text(BlockKind.HEADING, "Water", 1), Text(BlockKind.PARAGRAPH, "The pact governs water.")]
ODT, RTF, SLIDES, MAIL = as_odt(BLOCKS), as_rtf(BLOCKS), as_slides(BLOCKS), as_mail(BLOCKS)
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
DECLARED = {
    "laughs": (f'<!ENTITY l0 "lol">{LAUGHS}', "&l9;"),
    "quadratic": (f'<!ENTITY q "{"q" * 50_000}">', "&q;" * 50_000),
    "file": ('<!ENTITY f SYSTEM "file:///etc/passwd">', "&f;"),
    "web": ('<!ENTITY f SYSTEM "http://127.0.0.1:9/x">', "&f;"),
    "parameter": ('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;', ""),
}
PARTS: dict[str, tuple[bytes, str, str]] = {
    "content.xml": (ODT, "c", f"<c {ODT_NAMES}><office:body><office:text><text:p>Water %s"
                    "</text:p></office:text></office:body></c>"),
    "styles.xml": (ODT, "s", f"<s {ODT_NAMES}><style:style>%s</style:style></s>"),
    "META-INF/manifest.xml": (ODT, "manifest", "<manifest>%s</manifest>"),
    "ppt/presentation.xml": (SLIDES, "p", "<p>%s</p>"),
    "ppt/slides/slide1.xml": (SLIDES, "s", "<s>%s</s>"),
    "ppt/slides/_rels/slide1.xml.rels": (SLIDES, "r", "<r>%s</r>"),
}  # fmt: skip
CUT = {"x.odt": ODT, "x.rtf": RTF, "x.pptx": SLIDES, "mail": MAIL}
MAIN = {"odt": "META-INF/manifest.xml", "pptx": "ppt/presentation.xml"}


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
    for name, data in CUT.items():
        for n in range(20):
            yield f"{name} cut at {n}", data[: len(data) * n // 20 + 10], ""
    for name, part in MAIN.items():
        yield f"{name} encrypted", zip_of({part: b"<x/>"}, flags=1), "encrypted"
        yield f"{name} of zeros", zip_of({part: b"\0" * 30_000_000}), "times its size"
        many = {f"{n}": b"" for n in range(6000)}
        yield f"{name} of many files", zip_of({part: b"<x/>", **many}), "6,001 files"
        yield f"{name} of a directory", zip_of({part: b"x"}) + b"PK\1\2" * 1_000_000, "more than 5,000 files"
        yield f"{name} nested deep", zip_of({part: b"<a>" * 100_000}), "XML that cannot be read"
        yield f"{name} of no markup", zip_of({part: b"\0\1\2"}), "XML that cannot be read"
        outer = zip_of({part: b"<x/>", "in.zip": zip_of({"in.zip": b"\0" * 900_000})})
        yield f"{name} with a zip", outer, "without a text|without slides"
        for path in ("../up", "/etc/passwd", "C:\\up", "a\0b"):
            yield f"{name} with {path!r}", repacked(ODT if name == "odt" else SLIDES, {path: b"up"}), "read"


def texts() -> Iterator[tuple[str, bytes, str]]:
    def inside(body: str, styles: str = "") -> bytes:
        return odt(f"<text:p>Water.</text:p>{body}", styles)

    wide = 'table:number-columns-repeated="999999999" table:number-columns-spanned="999999999"'
    row = f'<table:table-row table:number-rows-repeated="999999999"><table:table-cell {wide}>'
    cell = f"{row}<text:p>a</text:p></table:table-cell></table:table-row>"
    yield "odt of wide cells", inside(f"<table:table>{cell * 20}</table:table>"), "read"
    down = '<table:table-row><table:table-cell table:number-rows-spanned="60000"><text:p>a</text:p>'
    down += "</table:table-cell><table:table-cell/></table:table-row>"
    yield "odt of high cells", inside(f"<table:table>{down * 5_000}</table:table>"), "read"
    lists = "<text:list><text:list-item>" * 110 + "<text:p>a</text:p>" + "</text:list-item></text:list>" * 110
    yield "odt of lists in lists", inside(lists), "read"
    spans = "<text:span>" * 240 + "a" + "</text:span>" * 240
    yield "odt of spans in spans", inside(f"<text:p>{spans}</text:p>"), "read"
    yield "odt nested deeper", inside("<text:section>" * 5_000 + "</text:section>" * 5_000), "cannot be read"
    notes = '<text:note text:note-class="footnote"><text:note-body><text:p>a'
    ends = "</text:p></text:note-body></text:note>"
    yield "odt of notes in notes", inside(f"<text:p>{notes * 60}{ends * 60}</text:p>"), "read"
    many = "".join(f"{notes}{n * 7919}{ends}" for n in range(5_000))
    yield "odt of many notes", inside(f"<text:p>{many}</text:p>"), "read"
    loop = '<style:style style:family="paragraph" style:name="{}" style:parent-style-name="{}"/>'
    styles = f"<office:styles>{loop.format('a', 'b')}{loop.format('b', 'a')}</office:styles>"
    yield "odt of styles in a circle", inside('<text:p text:style-name="a">a</text:p>', styles), "read"
    box = "<draw:frame><draw:text-box><text:p>"
    shut = "</text:p></draw:text-box></draw:frame>"
    yield "odt of boxes in boxes", inside(f"<text:p>{box * 75}a{shut * 75}</text:p>"), "read"
    far = '<draw:frame><draw:image xlink:href="http://127.0.0.1:9/x"/><draw:object xlink:href="file:///etc/passwd"/>'
    yield (
        "odt with things outside",
        inside(
            f"{far}</draw:frame><text:section><text:section-source xlink:href="
            '"http://127.0.0.1:9/x"/></text:section>'
        ),
        "read",
    )
    secret = {"META-INF/manifest.xml": b"<m><encryption-data/></m>", "content.xml": b"\0\1\2"}
    yield "odt with a password", repacked(ODT, secret), "encrypted"
    yield "odt without content", repacked(ODT, {"content.xml": b"<x/>"}), "without a text"
    yield (
        "odt of huge numbers",
        inside('<text:h text:outline-level="99999999999999999999">a</text:h>'),
        "read",
    )
    yield "ods", zip_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, method=0), "CSV"
    yield "odp", zip_of({"mimetype": b"application/vnd.oasis.opendocument.presentation"}, method=0), "PPTX"
    yield "xlsx", zip_of({"xl/workbook.xml": b"<x/>"}), "CSV"
    yield "doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000, "password"


def rich() -> Iterator[tuple[str, bytes, str]]:
    def file(body: str) -> bytes:
        return b"{\\rtf1\\ansi Water. " + body.encode("latin-1") + b"}"

    yield "rtf of groups", file("{" * 1_000_000), "nested"
    yield "rtf of ends", file("}" * 1_000_000), "read"
    yield "rtf of groups in turn", file("{}" * 300_000), "read"
    yield "rtf of bytes", file(r"\bin9999999999 xyz"), "read"
    yield "rtf of bytes backwards", file(r"\bin-99 x\bin-1 y" * 1_000), "read"
    yield "rtf of many bytes", file(r"\bin3 {{{x" * 50_000), "read"
    yield "rtf of numbers", file(r"\u-99999?\u99999999?\u55296?\u57343?\uc999999999\u65?b\uc-5\u66?c"), "read"
    yield "rtf of marks", file("\\'" * 200_000), "read"
    yield "rtf of signs", file("\\*\\*\\~" * 200_000), "read"
    yield "rtf of backslashes", file("\\" * 500_001), "read"
    yield "rtf of words", file(r"\par\tab\line " * 100_000), "read"
    yield "rtf of a long word", file("\\" + "x" * 1_000_000), "read"
    yield (
        "rtf of cells",
        file(r"\trowd" + r"\cellx1\clmrg" * 50_000 + r"\intbl a\cell" * 50_000 + r"\row"),
        "read",
    )
    yield "rtf of rows", file((r"\trowd\cellx1\cellx99\intbl a\cell\clvmrg b\cell\row") * 10_000), "read"
    columns = "".join(rf"\trowd\cellx{n * 30}\cellx99999\intbl a\cell b\cell\row" for n in range(3_000))
    yield "rtf of columns", file(columns), "read"
    yield "rtf of notes in notes", file(r"{\footnote a" * 1_000 + "}" * 1_000), "read"
    yield "rtf of many notes", file(r"{\super\chftn{\footnote a}}" * 10_000), "read"
    yield "rtf of boxes in boxes", file(r"{\*\shpinst{\shptxt a" * 900 + "}}" * 900), "read"
    yield "rtf of styles", file(r"{\stylesheet" + r"{\s9999999 a;}" * 50_000 + "}"), "read"
    yield "rtf of fonts", file(r"{\fonttbl" + r"{\f1\fcharset999\cpg99999 a;}" * 50_000 + "}"), "read"
    yield "rtf of a page that is none", file(r"\ansicpg99999\'ff"), "read"
    yield "rtf of no bytes", b"{\\rtf1", "no words"
    yield "rtf of bookmarks", file(r"{\*\bkmkstart a}" * 50_000), "read"
    outside = (
        r'{\*\template http://127.0.0.1:9/x}{\field{\*\fldinst INCLUDETEXT "file:///etc/passwd"}{\fldrslt a}}'
    )
    yield "rtf with things outside", file(outside + r"{\object\objlink{\*\objdata 41}{\result b}}"), "read"
    yield "rtf of a picture", file(r"{\pict " + "0123456789abcdef\r\n" * 200_000 + "}"), "read"


def slides() -> Iterator[tuple[str, bytes, str]]:
    names = (
        'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def slide(body: str) -> dict[str, bytes]:
        tree = f"<p:sld {names}><p:cSld><p:spTree>{body}</p:spTree></p:cSld></p:sld>"
        return {"ppt/slides/slide1.xml": tree.encode()}

    words = "<p:sp><p:txBody><a:p><a:r><a:t>Water.</a:t></a:r></a:p></p:txBody></p:sp>"
    again = '<p:sldId r:id="rId7"/>' * 100_000
    listing = f"<p:presentation {names}><p:sldIdLst>{again}</p:sldIdLst></p:presentation>".encode()
    yield (
        "pptx of one slide again and again",
        repacked(SLIDES, {"ppt/presentation.xml": listing}),
        "read|no words",
    )
    yield "pptx of groups", repacked(SLIDES, slide("<p:grpSp>" * 240 + words + "</p:grpSp>" * 240)), "read"
    yield "pptx nested deep", repacked(SLIDES, slide("<p:grpSp>" * 5_000)), "cannot be read"
    yield "pptx of shapes", repacked(SLIDES, slide(words * 20_000)), "read"
    words_in = "<a:txBody><a:p><a:r><a:t>a</a:t></a:r></a:p></a:txBody>"
    cell = f'<a:tr><a:tc gridSpan="99999999">{words_in}</a:tc></a:tr>'
    table = f"<a:graphic><a:graphicData><a:tbl>{cell * 5_000}</a:tbl></a:graphicData></a:graphic>"
    frame = f"<p:graphicFrame>{table}</p:graphicFrame>"
    yield "pptx of wide cells", repacked(SLIDES, slide(frame)), "read"
    far = "".join(
        f'<Relationship Id="r{n}" Type="{relation}/{kind}" TargetMode="{mode}" Target="{target}"/>'
        for n, (kind, mode, target) in enumerate(
            [
                ("slideLayout", "External", "http://127.0.0.1:9/x"),
                ("notesSlide", "External", "file:///etc/passwd"),
                ("slideLayout", "Internal", "../../../../../etc/passwd"),
                ("notesSlide", "Internal", "slide1.xml"),
            ]
        )
    )
    rels = {"ppt/slides/_rels/slide1.xml.rels": f"<Relationships>{far}</Relationships>".encode()}
    yield "pptx with things outside", repacked(SLIDES, rels), "read"
    yield "pptx without slides", repacked(SLIDES, {"ppt/presentation.xml": b"<x/>"}), "without slides"
    hidden = SLIDES_HIDDEN
    yield "pptx of hidden slides", hidden, "no words"


def with_all_hidden() -> bytes:
    with zipfile.ZipFile(io.BytesIO(SLIDES)) as file:
        shown = file.read("ppt/slides/slide1.xml")
    return repacked(SLIDES, {"ppt/slides/slide1.xml": shown.replace(b"<p:sld ", b'<p:sld show="0" ', 1)})


SLIDES_HIDDEN = with_all_hidden()


def mails() -> Iterator[tuple[str, bytes, str]]:
    top = "From: a@example.org\nSubject: Water\nMIME-Version: 1.0\n"

    def mail(headers: str, body: str = "Water.") -> bytes:
        return f"{top}{headers}\n\n{body}".encode("utf-8", "surrogateescape")

    mixed = 'Content-Type: multipart/mixed; boundary="b"'
    part = "--b\nContent-Type: text/plain\n\nWater.\n"
    yield "mail of parts", mail(mixed, part * 9_000), "read"
    yield "mail of too many parts", mail(mixed, part * 15_000), "parts"
    yield "mail of boundaries", mail(mixed, "--b\n" * 100_000), "parts"
    inner = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(2_000))
    yield "mail of parts in parts", mail("Content-Type: multipart/mixed; boundary=b0", inner), "nested"
    carried = "Content-Type: message/rfc822\n\nSubject: Again\n"
    yield "mail of mails", mail("X: y\n" + carried * 20, "Water."), "read"
    yield "mail of a thousand mails", mail("X: y\n" + carried * 2_000, "Water."), "nested"
    for n, charset in enumerate(("utf-7", "unicode_escape", "zlib", "idna", "no-such", "\0", "x" * 100_000)):
        yield f"mail in charset {n}", mail(f"Content-Type: text/plain; charset={charset}"), "read"
    yield "mail of wrong letters", mail("Content-Type: text/plain; charset=utf-8", "Wat\udce9r."), "read"
    yield "mail of a long header", mail("X-Long: " + "x" * 2_000_000), "read"
    yield "mail of a long subject", b"Subject: " + b"=?utf-8?q?=41?= " * 50_000 + b"\n\nWater.", "read"
    yield "mail of headers", mail("\n".join(f"X-{n}: y" for n in range(50_000))), "read"
    yield "mail of names", mail("To: " + "Ann <a@b.org>, " * 50_000), "read"
    yield "mail of brackets", mail("To: " + "(" * 50_000 + "\nCc: " + "<" * 50_000), "read"
    yield "mail of a long kind", mail("Content-Type: text/plain; " + "a=b; " * 20_000), "read"
    names = "; ".join(f"name*{n}*=%41" for n in range(5_000))
    yield "mail of a name in pieces", mail(f"Content-Type: text/plain; {names}"), "read"
    for n, date in enumerate(
        ("x", "Mon, 99 Foo 99999 99:99:99 +9999", "1 Jan 1 00:00 +0000", "1 Jan 0 0:0:0 +2400")
    ):
        yield f"mail of date {n}", mail(f"Date: {date}"), "read"
    coded = "Content-Transfer-Encoding: {}"
    yield "mail of no base64", mail(coded.format("base64"), "\udcff???=" * 100), "read"
    yield "mail of no quoted", mail(coded.format("quoted-printable"), "=ZZ==" * 1_000), "read"
    yield "mail of old code", mail(coded.format("x-uuencode"), "begin 644 ../x\nM\nend"), "read"
    yield "mail without boundary", mail("Content-Type: multipart/mixed"), "read"
    yield "mail of an empty boundary", mail('Content-Type: multipart/mixed; boundary=""'), "read"
    elsewhere = 'Content-Type: message/external-body; access-type=URL; URL="http://127.0.0.1:9/x"'
    yield "mail from elsewhere", mail(elsewhere, "Content-Type: text/plain\n\nWater."), "read"
    attached = (
        part + '--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="../../etc/x"\n\nz\n'
    )
    yield "mail with a name that leads out", mail(mixed, attached), "read"
    web = '<html><img src="http://127.0.0.1:9/x"><p>Water.' + "<div>" * 3_000
    yield "mail of a deep page", mail("Content-Type: text/html", web), "nested"
    yield "mail with things outside", mail("Content-Type: text/html", web[:60]), "read"
    yield "mail that is encrypted", mail('Content-Type: multipart/encrypted; boundary="b"', part), "encrypted"
    yield "mail of quotes", mail("", ">" * 1_000_000 + " x"), "read"
    yield "mail of quoted lines", mail("", "> x\ny\n" * 30_000), "read"
    yield "mail of spaces", mail("Content-Type: text/plain; format=flowed", "x \n" * 100_000), "read"
    yield "mail of nothing", b"Subject:\n\n", "read|no words|text"


def hostile() -> dict[str, tuple[bytes, str]]:
    groups = (with_entities(), broken(), texts(), rich(), slides(), mails())
    return {name: (data, outcome) for group in groups for name, data, outcome in group}


FILES = hostile()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(1)
    yield made
    made.close()


def outcome_of(sandbox: Sandbox, data: bytes, name: str) -> str:
    """`read`, or why not; a text that is no file of the kinds under test is `text`."""
    kind = told(data, "x.eml" if name.startswith("mail") else "x")
    if kind.startswith("text/plain"):
        return "text"
    try:
        made = sandbox.read(data, "x", kind)
    except UnreadableError as error:
        return str(error)
    assert "root:" not in made.text
    return "read" if made.text else "no words"


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_read_or_refused_with_its_reason(name: str, sandbox: Sandbox) -> None:
    data, expected = FILES[name]
    start = time.monotonic()
    outcome = outcome_of(sandbox, data, name)
    assert time.monotonic() - start < 30
    assert "its parser" not in outcome
    if expected:
        assert any(words in outcome for words in expected.split("|")), outcome
    assert outcome_of(sandbox, RTF, "x") == "read"


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
    "odt": (ODT, mutated),
    "odt inside": (ODT, inside_out),
    "rtf": (RTF, mutated),
    "slides": (SLIDES, mutated),
    "slides inside": (SLIDES, inside_out),
    "mail": (MAIL, mutated),
}


def unexplained(sandbox: Sandbox, kind: str, seeds: range) -> list[tuple[int, str]]:
    data, mutate = MUTATED[kind]
    told_of = ((seed, outcome_of(sandbox, mutate(data, seed), kind)) for seed in seeds)
    return [(seed, outcome) for seed, outcome in told_of if "its parser" in outcome]


@pytest.mark.parametrize("kind", MUTATED)
def test_mutated_files_are_read_or_refused_with_their_reason(kind: str, sandbox: Sandbox) -> None:
    assert unexplained(sandbox, kind, range(20)) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", MUTATED)
def test_thousands_of_mutated_files_are_read_or_refused(kind: str, sandbox: Sandbox) -> None:
    assert unexplained(sandbox, kind, range(1_000, 4_000)) == []
