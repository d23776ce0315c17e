"""Documents of known structure as OpenDocument, Rich Text, slides and e-mail, for tests.

Needs python-pptx (`pip install 'pincite[dev]'`); pandoc is installed with Pincite.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any

import pptx
import pypandoc

from corpus.records import BlockKind
from corpus.testing import Text
from corpus.testing_markup import as_page

_CALL = re.compile(r"\[\^(\w+)\]")
ODT_TYPE = "application/vnd.oasis.opendocument.text"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
ODT_NAMES = (
    f'xmlns:office="{_OASIS}office:1.0" xmlns:style="{_OASIS}style:1.0" xmlns:text="{_OASIS}text:1.0" '
    f'xmlns:table="{_OASIS}table:1.0" xmlns:draw="{_OASIS}drawing:1.0" xmlns:meta="{_OASIS}meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
_STYLES = (
    '<office:styles><style:style style:name="Title" style:family="paragraph"/>'
    '<text:list-style style:name="L"><text:list-level-style-bullet text:level="1" text:bullet-char="-"/>'
    "</text:list-style></office:styles>"
)


def odt(body: str, styles: str = _STYLES, **parts: str) -> bytes:
    """An OpenDocument text of the XML of its body, of its styles, and of other parts by name."""
    inside = {
        "content": f"<office:body><office:text>{body}</office:text></office:body>",
        "styles": styles,
        **parts,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", ODT_TYPE, zipfile.ZIP_STORED)
        for name, xml in inside.items():
            root = f"office:document-{name}"
            file.writestr(f"{name}.xml", f"<{root} {ODT_NAMES}>{xml}</{root}>")
        file.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def as_odt(blocks: Sequence[Text], notes: Mapping[str, str] | None = None) -> bytes:
    """The blocks as an OpenDocument text with footnotes; the first heading is its title."""
    titled = bool(blocks) and blocks[0].kind is BlockKind.HEADING

    def note(found: re.Match[str]) -> str:
        inside = f"<text:note-body><text:p>{escape((notes or {})[found[1]])}</text:p></text:note-body>"
        citation = f"<text:note-citation>{found[1]}</text:note-citation>"
        return f'<text:note text:note-class="footnote">{citation}{inside}</text:note>'

    parts = []
    for n, block in enumerate(blocks):
        words = _CALL.sub(note, escape(block.words))
        if block.kind is BlockKind.HEADING and titled and n == 0:
            parts.append(f'<text:p text:style-name="Title">{words}</text:p>')
        elif block.kind is BlockKind.HEADING:
            parts.append(f'<text:h text:outline-level="{block.level - titled}">{words}</text:h>')
        elif block.kind is BlockKind.LIST_ITEM:
            item = f"<text:list-item><text:p>{words}</text:p></text:list-item>"
            parts.append(f'<text:list text:style-name="L">{item}</text:list>')
        else:
            parts.append(f"<text:p>{words}</text:p>")
    return odt("".join(parts))


def as_rtf(blocks: Sequence[Text], notes: Mapping[str, str] | None = None) -> bytes:
    """The blocks as Rich Text as Word writes it, footnotes in it; the first heading is its title."""
    titled = bool(blocks) and blocks[0].kind is BlockKind.HEADING
    parts = []
    for n, block in enumerate(blocks):
        words = "".join(
            rf"{{\super\chftn{{\footnote\pard\plain{{\super\chftn}} {rtf((notes or {})[part])}}}}}"
            if i % 2
            else rtf(part)
            for i, part in enumerate(_CALL.split(block.words))
        )
        properties = (
            r"\s15" if titled and n == 0 else rf"\s{block.level}\outlinelevel{block.level - titled - 1}"
        )
        if block.kind is BlockKind.HEADING:
            parts.append(rf"\pard\plain{properties} {words}\par")
        elif block.kind is BlockKind.LIST_ITEM:
            parts.append(rf"\pard\plain\ls1{{\listtext\pard\plain\f1\'b7\tab}} {words}\par")
        else:
            parts.append(rf"\pard\plain {words}\par")
    fonts = r"{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fcharset2 Symbol;}}"
    styles = r"{\stylesheet{\s0 Normal;}{\s15 Title;}}"
    text = "\r\n".join(parts)
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{fonts}{styles}{text}}}".encode("ascii")


def rtf(words: str) -> str:
    """Words as they stand in Rich Text: signs of its own escaped, others than ASCII by their numbers."""
    made = []
    for sign in words:
        if sign in "\\{}":
            made.append(f"\\{sign}")
        elif sign.isascii():
            made.append(sign)
        else:
            units = sign.encode("utf-16-le")
            numbers = (
                int.from_bytes(units[n : n + 2], "little", signed=True) for n in range(0, len(units), 2)
            )
            made += [f"\\u{number}?" for number in numbers]
    return "".join(made)


def as_slides(blocks: Sequence[Text]) -> bytes:
    """The blocks as a presentation, a slide for each heading; notes are left out, their markers too."""
    made = pptx.Presentation()
    made.core_properties.title = ""
    frame: Any = None
    first = True
    for block in blocks:
        words = _CALL.sub("", block.words)
        if block.kind is BlockKind.HEADING or frame is None:
            slide = made.slides.add_slide(made.slide_layouts[0 if not made.slides else 1])
            frame, first = slide.placeholders[1].text_frame, True
            if block.kind is BlockKind.HEADING:
                slide.shapes.title.text = words
                continue
        paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
        first = False
        paragraph.text = words
        look = "buChar" if block.kind is BlockKind.LIST_ITEM else "buNone"
        sign = paragraph._p.get_or_add_pPr().makeelement(f"{{{pptx.oxml.ns._nsmap['a']}}}{look}")
        if look == "buChar":
            sign.set("char", "-")
        paragraph._p.get_or_add_pPr().append(sign)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def as_mail(blocks: Sequence[Text], notes: Mapping[str, str] | None = None, *, html: bool = False) -> bytes:
    """The blocks as a message, the first heading its subject; as HTML or as plain text, notes at its end."""
    message = EmailMessage()
    message["Subject"], rest = blocks[0].words, blocks[1:]
    message["From"] = "Ann Lee <ann@example.org>"
    message["Date"] = "Tue, 03 Mar 2020 10:01:02 +0100"
    if html:
        message.set_content(as_page(rest, notes, menus=False).decode(), subtype="html")
    else:
        ends = [f"[{name}] {words}" for name, words in (notes or {}).items()]
        message.set_content("\n\n".join([*_lines(rest), *ends]), cte="quoted-printable")
    return bytes(message)


def _lines(blocks: Sequence[Text]) -> Iterator[str]:
    for block in blocks:
        words = _CALL.sub(lambda call: f"[{call[1]}]", block.words)
        yield f"- {words}" if block.kind is BlockKind.LIST_ITEM else words


def by_pandoc(kind: str, blocks: Sequence[Text], notes: Mapping[str, str] | None = None) -> bytes:
    """The blocks as pandoc writes them as `odt`, `rtf` or `docx`."""
    empty = json.loads(pypandoc.convert_text("", "json", format="markdown"))
    document = {**empty, "blocks": [_for_pandoc(block, notes or {}) for block in blocks]}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, f"out.{kind}")
        pypandoc.convert_text(
            json.dumps(document), kind, format="json", outputfile=str(out), extra_args=["--standalone"]
        )
        return out.read_bytes()


def _for_pandoc(block: Text, notes: Mapping[str, str]) -> dict[str, Any]:
    inside: list[dict[str, Any]] = []
    for i, part in enumerate(_CALL.split(block.words)):
        if i % 2:
            inside.append({"t": "Note", "c": [{"t": "Para", "c": [{"t": "Str", "c": notes[part]}]}]})
        elif part:
            inside.append({"t": "Str", "c": part})
    if block.kind is BlockKind.HEADING:
        return {"t": "Header", "c": [block.level, ["", [], []], inside]}
    if block.kind is BlockKind.LIST_ITEM:
        return {"t": "BulletList", "c": [[{"t": "Plain", "c": inside}]]}
    return {"t": "Para", "c": inside}
