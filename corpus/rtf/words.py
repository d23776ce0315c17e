"""What the control words of Rich Text Format do: destinations, properties, ends of paragraphs and cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from corpus.rtf import code_pages
from corpus.rtf.content import Anchor, Box, Break, Counted, Note, Place, Words
from corpus.rtf.parse import Action, Parser
from corpus.rtf.targets import Plain, Target

WRITTEN: Mapping[str, str] = MappingProxyType(
    {
        "tab": "\t",
        "emdash": "\u2014",
        "endash": "\u2013",
        "bullet": "\u2022",
        "lquote": "\u2018",
        "rquote": "\u2019",
        "ldblquote": "\u201c",
        "rdblquote": "\u201d",
        "emspace": " ",
        "enspace": " ",
        "qmspace": " ",
        "page": " ",
        "column": " ",
        "nestcell": " | ",
        "zwj": "\u200d",
        "zwnj": "\u200c",
    }
)
_PASSED_OVER = (
    {
        "colortbl",
        "pict",
        "object",
        "upr",
        "private",
        "template",
        "formfield",
        "operator",
        "comment",
        "keywords",
    }
    | {"xe", "tc", "tcn", "rxe", "txe", "sp", "header", "headerl", "headerr", "headerf", "footer", "footerl"}
    | {"footerr", "footerf", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "filetbl"}
    | {
        "nonshppict",
        "shprslt",
        "nonesttables",
        "nesttableprops",
        "pntxta",
        "pntxtb",
        "panose",
        "falt",
        "fname",
    }
    | {
        "bkmkend",
        "listname",
        "mctrlPr",
        "mmathPict",
        "objclass",
        "objdata",
        "annotation",
        "atnid",
        "atnauthor",
    }
)
_THROUGH = ("shpinst", "do", "shpgrp", "moMath", "moMathPara")  # their words are text, star or not
_LISTED = ("TOC", "TOA", "INDEX")  # fields that gather what stands elsewhere
_ALPHABETS = {"ar": "decimal", "alc": "lowerLetter", "auc": "upperLetter", "rlc": "lowerRoman"}
_ALPHABETS |= {"ruc": "upperRoman", "chi": "chicago"}
_MOST_BOXES = 10  # in one another
_LONGEST_NAME = 200  # characters of a bookmark


def _nothing(parser: Parser, number: int | None) -> None:
    pass


def _passed_over(word: str) -> Action:
    return lambda parser, _: parser.pass_over(word)


def _switch(name: str, *, on: bool | None = None) -> Action:
    """Switches a property on or off, as the word says or its number."""
    return lambda parser, number: setattr(parser.state, name, number != 0 if on is None else on)


def _set(name: str, otherwise: int) -> Action:
    return lambda parser, number: setattr(parser.state, name, otherwise if number is None else number)


def _begin(dest: str) -> Action:
    """Begins a destination whose words are no part of the text."""

    def act(parser: Parser, _: int | None) -> None:
        parser.state.sink, parser.state.dest = Plain(), dest

    return act


def _note(parser: Parser, _: int | None) -> None:
    target = parser.target
    if target is None or parser.state.dest == "note" or parser.is_unseen:
        parser.pass_over("note")
        return
    note = parser.note_now = Note(target.take_mark() or "")
    target.add(note)
    _begin_target(parser, Target(note.blocks), "note")


def _end_note(parser: Parser, _: int | None) -> None:
    if parser.state.dest == "note":
        parser.note_now.is_end = True


def _box(parser: Parser, _: int | None) -> None:
    if parser.target is None or parser.is_unseen or parser.state.boxes >= _MOST_BOXES:
        parser.pass_over("box")
        return
    box = Box()
    parser.target.add(box)
    parser.state.boxes += 1
    _begin_target(parser, Target(box.blocks), parser.state.dest)


def _begin_target(parser: Parser, target: Target, dest: str) -> None:
    _pard(parser, None)
    parser.state = replace(parser.state, sink=target, dest=dest, raised=False, close=None)


def _label(parser: Parser, _: int | None) -> None:
    """What is printed before an item of a list; of two forms the first counts."""
    if target := parser.target:

        def done(text: str) -> None:
            target.label = target.label or text

        parser.collect(done, "label")


def _bookmark(parser: Parser, _: int | None) -> None:
    if target := parser.target:

        def done(name: str) -> None:
            if name and not name.startswith("_"):
                target.add(Anchor(name[:_LONGEST_NAME]))

        parser.collect(done, "bookmark")


def _field(parser: Parser, _: int | None) -> None:
    parser.state.field = Plain()


def _instruction(parser: Parser, _: int | None) -> None:
    parser.state.sink, parser.state.dest = parser.state.field, "instruction"


def _result(parser: Parser, _: int | None) -> None:
    if parser.state.field is not None and parser.state.field.text.startswith(_LISTED):
        parser.pass_over("list")


def _as_outside(dest: str) -> Action:
    """Of something that is passed over, the form that is read: an object's looks, a text in Unicode."""

    def act(parser: Parser, _: int | None) -> None:
        if len(parser.stack) > 1 and parser.stack[-1].dest == dest:
            outside = parser.stack[-2]
            parser.state.sink, parser.state.dest = outside.sink, outside.dest

    return act


def _title(parser: Parser, _: int | None) -> None:
    if parser.state.dest == "info":
        parser.collect(parser.content.titles.append, "said")


def _author(parser: Parser, _: int | None) -> None:
    if parser.state.dest == "info":
        parser.collect(parser.content.authors.append, "said")


def _plain(parser: Parser, _: int | None) -> None:
    parser.state.hidden = parser.state.deleted = parser.state.raised = False
    parser.state.font = parser.default_font


def _pard(parser: Parser, _: int | None) -> None:
    state = parser.state
    state.style, state.outline, state.in_table, state.indent = 0, None, False, 0


def _paragraph(parser: Parser, _: int | None) -> None:
    """A paragraph ends; where its end was deleted, the next one goes on with it."""
    if parser.target and not parser.is_unseen:
        parser.target.end(parser.state)
    elif parser.state.sink is not None:
        parser.state.sink.add(Words(" "))


def _cell(parser: Parser, _: int | None) -> None:
    if parser.target:
        parser.target.end_cell(parser.state)


def _row(parser: Parser, _: int | None) -> None:
    if parser.target:
        parser.target.end_row()


def _row_begins(parser: Parser, _: int | None) -> None:
    if target := parser.target:
        target.places, target.place, target.is_head = [], Place(0), False


def _row_is_head(parser: Parser, _: int | None) -> None:
    if parser.target:
        parser.target.is_head = True


def _joined(parser: Parser, _: int | None) -> None:
    if parser.target:
        parser.target.place = replace(parser.target.place, joined=True)


def _below(parser: Parser, _: int | None) -> None:
    if parser.target:
        parser.target.place = replace(parser.target.place, below=True)


def _place_ends(parser: Parser, number: int | None) -> None:
    if parser.target:
        parser.target.end_place(number or 0)


def _in_table(parser: Parser, number: int | None) -> None:
    parser.state.in_table = bool(number)


def _head_page(name: str) -> Action:
    return lambda parser, _: setattr(parser, "page", code_pages.HEADS[name])


def _page(parser: Parser, number: int | None) -> None:
    name = code_pages.of_page(number or 0)
    if name is None:
        parser.content.doubts.append(f"its code page {number} is not known: read as Windows-1252")
    parser.page = name or code_pages.DEFAULT


def _default_font(parser: Parser, number: int | None) -> None:
    parser.default_font = number


def _font(parser: Parser, number: int | None) -> None:
    if parser.state.dest == "fonttbl":
        parser.font_now = number or 0
    else:
        parser.state.font = number or 0


def _charset(parser: Parser, number: int | None) -> None:
    if parser.state.dest == "fonttbl" and (name := code_pages.of_charset(number or 0)):
        parser.fonts[parser.font_now] = name


def _font_page(parser: Parser, number: int | None) -> None:
    if parser.state.dest == "fonttbl" and (name := code_pages.of_page(number or 0)):
        parser.fonts[parser.font_now] = name


def _style(parser: Parser, number: int | None) -> None:
    if parser.state.dest == "style":
        parser.style_now.number = number or 0
    parser.state.style = number or 0


def _other_style(parser: Parser, _: int | None) -> None:
    """A style is one of characters, sections or tables."""
    if parser.state.dest == "style":
        parser.style_now.number = -1


def _outline(parser: Parser, number: int | None) -> None:
    depth = number if number is not None and 0 <= number <= 8 else None
    if parser.state.dest == "style":
        parser.style_now.outline = depth
    parser.state.outline = depth


def _alphabet(place: int, name: str) -> Action:
    def act(parser: Parser, _: int | None) -> None:
        parser.content.alphabets[place] = name

    return act


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        **{word: _passed_over(word) for word in _PASSED_OVER},
        **dict.fromkeys(_THROUGH, _nothing),
        **{name: _head_page(name) for name in code_pages.HEADS},
        **{f"ftnn{short}": _alphabet(0, name) for short, name in _ALPHABETS.items()},
        **{f"aftnn{short}": _alphabet(1, name) for short, name in _ALPHABETS.items()},
        "ansicpg": _page,
        "deff": _default_font,
        "f": _font,
        "fcharset": _charset,
        "cpg": _font_page,
        "uc": _set("fallback", 1),
        "v": _switch("hidden"),
        "deleted": _switch("deleted"),
        "mvf": _switch("deleted"),
        "super": _switch("raised"),
        "nosupersub": _switch("raised", on=False),
        "plain": _plain,
        "pard": _pard,
        "s": _style,
        "cs": _other_style,
        "ds": _other_style,
        "ts": _other_style,
        "outlinelevel": _outline,
        "fi": _set("indent", 0),
        "intbl": _switch("in_table"),
        "itap": _in_table,
        "par": _paragraph,
        "sect": _paragraph,
        "cell": _cell,
        "row": _row,
        "trowd": _row_begins,
        "trhdr": _row_is_head,
        "clmrg": _joined,
        "clvmrg": _below,
        "cellx": _place_ends,
        "line": lambda parser, _: parser.add(Break()),
        "lbr": lambda parser, _: parser.add(Break()),
        "nestrow": lambda parser, _: parser.add(Break()),
        "chftn": lambda parser, _: parser.add(Counted()),
        "footnote": _note,
        "ftnalt": _end_note,
        "shptxt": _box,
        "dptxbxtext": _box,
        "listtext": _label,
        "pntext": _label,
        "bkmkstart": _bookmark,
        "field": _field,
        "fldinst": _instruction,
        "fldrslt": _result,
        "result": _as_outside("object"),
        "ud": _as_outside("upr"),
        "fonttbl": _begin("fonttbl"),
        "stylesheet": _begin("stylesheet"),
        "info": _begin("info"),
        "title": _title,
        "author": _author,
    }
)
