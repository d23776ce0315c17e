"""Word documents: as they read when all changes are accepted and all comments hidden."""

from __future__ import annotations

import io
import zipfile

import pytest

from corpus.docx.loader import read
from corpus.errors import UnreadableError
from corpus.load import load
from corpus.manuscript import Manuscript
from corpus.media import told

NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
STYLES = (
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="H"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="O"><w:name w:val="O"/>'
    '<w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:basedOn w:val="A"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="toc 1"/></w:style>'
)


def level(depth: int, style: str, text: str) -> str:
    inside = f'<w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{depth}">{inside}</w:lvl>'


NUMBERING = (
    f'<w:abstractNum w:abstractNumId="0">{level(0, "decimal", "%1.")}'
    f"{level(1, 'lowerLetter', '%1.%2)')}</w:abstractNum>"
    f'<w:abstractNum w:abstractNumId="1">{level(0, "bullet", "o")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
    "</w:lvlOverride></w:num>"
)


def word(body: str, **parts: str) -> bytes:
    """A Word document of its main part, and others by name."""
    inside = {"document": f"<w:body>{body}</w:body>", "styles": STYLES, "numbering": NUMBERING, **parts}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, xml in inside.items():
            file.writestr(f"word/{name}.xml", f"<w:{name} {NS}>{xml}</w:{name}>")
    return out.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(inside: str, style: str = "", properties: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{inside if '<' in inside else run(inside)}</w:p>"


def item(text: str, number: int, depth: int = 0) -> str:
    return p(text, "", f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def made(body: str, **parts: str) -> Manuscript:
    return read(word(body, **parts), "x.docx")


def shown(manuscript: Manuscript) -> list[tuple[str, int, str]]:
    return [(b.kind.value, b.level, manuscript.text[b.span.start : b.span.end]) for b in manuscript.blocks]


def texts(body: str, **parts: str) -> list[str]:
    return [text for _, _, text in shown(made(body, **parts))]


def test_content_tells_a_word_document() -> None:
    assert told(word(p("Water")), "x.txt").endswith("wordprocessingml.document")


def test_headings_are_told_by_their_style_and_stand_under_the_title() -> None:
    body = p("On Water", "T") + p("One", "H") + p("Two", "Mine") + p("Deep", "O") + p("Text.", "A")
    assert shown(made(body)) == [
        ("heading", 1, "On Water"),
        ("heading", 2, "One"),
        ("heading", 2, "Two"),
        ("heading", 4, "Deep"),
        ("paragraph", 0, "Text."),
    ]
    assert load(word(body), "x.docx").record.title == "On Water"


def test_numbers_are_counted_as_word_counts_them() -> None:
    body = item("a", 1) + item("b", 1, 1) + item("c", 1, 1) + item("d", 1) + item("e", 1, 1) + item("f", 3)
    assert texts(body + item("g", 2)) == ["1. a", "1.a) b", "1.b) c", "2. d", "2.a) e", "5. f", "• g"]


def test_changes_are_accepted_and_comments_left_out() -> None:
    body = p(
        run("The pact ")
        + "<w:ins>" + run("of 1998 ") + "</w:ins><w:del><w:r><w:delText>of 1997 </w:delText></w:r></w:del>"
        + "<w:moveFrom>" + run("gone ") + "</w:moveFrom><w:moveTo>" + run("moved ") + "</w:moveTo>"
        + '<w:commentRangeStart w:id="1"/>' + run("holds.") + '<w:r><w:commentReference w:id="1"/></w:r>'
    )  # fmt: skip
    comments = '<w:comment w:id="1">' + p("A comment.") + "</w:comment>"
    assert texts(body, comments=comments) == ["The pact of 1998 moved holds."]


def test_a_paragraph_whose_end_was_deleted_goes_on() -> None:
    assert texts(p("One", "", "<w:rPr><w:del/></w:rPr>") + p("two.")) == ["One two."]


def test_what_is_hidden_or_an_instruction_is_not_read() -> None:
    fields = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGEREF x</w:instrText></w:r>'
        + run("12")
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("7")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert texts(p(run("See page ") + fields + run("secret", "<w:vanish/>") + run("."))) == ["See page 7."]


def test_tables_of_contents_are_left_out() -> None:
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    contents = f"<w:sdt>{gallery}<w:sdtContent>{p('One 3')}</w:sdtContent></w:sdt>"
    assert texts(contents + p("Two 5", "C") + p("Text.")) == ["Text."]


def test_footnotes_stand_under_their_section_and_endnotes_at_the_end() -> None:
    def note(kind: str, n: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{n}"/></w:r>'

    body = (
        p(run("The pact") + note("endnote", 5) + run(" governs") + note("footnote", 8) + run("."))
        + p("Two", "H")
        + p(run("More") + note("footnote", 3) + run("."))
    )
    footnotes = f'<w:footnote w:type="separator" w:id="0"/><w:footnote w:id="3">{p("Ibid.")}</w:footnote>'
    footnotes += f'<w:footnote w:id="8">{p("Archive.")}{p("Folder 2.")}</w:footnote>'
    endnotes = f'<w:endnote w:id="5">{p("At the end.")}</w:endnote>'
    document = load(word(body, footnotes=footnotes, endnotes=endnotes), "x.docx")
    assert document.text == (
        "The pacti governs1.\n\n1 Archive.\nFolder 2.\n\nTwo\n\nMore2.\n\n2 Ibid.\n\ni At the end."
    )
    notes = document.structure.footnotes
    assert [(n.number, n.text, n.refers_to, len(n.markers)) for n in notes] == [
        ("1", "Archive. Folder 2.", None, 1),
        ("2", "Ibid.", 0, 1),
        ("i", "At the end.", None, 1),
    ]


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


def test_rows_repeat_the_names_of_columns_and_merged_cells() -> None:
    merged = "<w:tcPr><w:vMerge{}/></w:tcPr>"
    head = row(p("State"), p("Length"), properties="<w:trPr><w:tblHeader/></w:trPr>")
    body = head + row(merged.format(' w:val="restart"') + p("Morava"), p("12") + p("km"))
    body += row(merged.format("") + p(""), p("13")) + row(
        p("x"), p("y"), properties="<w:trPr><w:del/></w:trPr>"
    )
    assert shown(made(f"<w:tbl>{body}</w:tbl>")) == [
        ("table", 0, "State: Morava; Length: 12 km\nState: Morava; Length: 13")
    ]


def test_a_frame_around_text_is_no_table() -> None:
    assert shown(made(f"<w:tbl>{row(p('Water', 'H') + p('Text.'))}</w:tbl>")) == [
        ("heading", 1, "Water"),
        ("paragraph", 0, "Text."),
    ]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('In a box.')}</w:txbxContent>"
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    both = f"<mc:AlternateContent>{both}</mc:AlternateContent>"
    assert texts(p(run("Text.") + f"<w:r>{both}</w:r>")) == ["Text.", "In a box."]


def test_the_strict_form_of_the_format_reads_the_same() -> None:
    data = word(p("Water", "H"))
    transitional = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
            new.writestr(name, old.read(name).replace(transitional, strict))
    assert shown(read(out.getvalue(), "x")) == [("heading", 1, "Water")]


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (word(p("Water"))[:-200], "a damaged zip"),
        (word(p("Water")).replace(b"</w:body>", b"</w:bodx>"), "cannot be unpacked"),
        (word(p("Water"), styles="</w:x>"), "XML that cannot be read"),
        (word("x").replace(b"w:body", b"w:bodx"), "cannot be unpacked"),
    ],
)
def test_a_damaged_file_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"x.docx: .*{why}"):
        read(data, "x.docx")
