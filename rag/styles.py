"""References in a citation style, formatted by pandoc's CSL processor.

Pandoc is a program of its own (the package `pypandoc_binary` brings it); it is fed with values, never with
markup, and reads nothing but the style.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from rag.errors import StyleError
from rag.reference import Reference, page_range

_API = [1, 23, 1]  # of pandoc's JSON
_SECONDS = 30
# Stands for the words of a locator while pandoc parses it: a title with commas would be taken apart.
_WORDS = "\ue000"
_NESTED = frozenset({"Emph", "Strong", "Underline", "SmallCaps", "Superscript", "Subscript", "Strikeout"})


class Style(StrEnum):
    """A citation style, by the name of its file in `csl/`."""

    CHICAGO = "chicago"
    APA = "apa"
    MLA = "mla"


@dataclass(frozen=True, slots=True)
class Formatted:
    """A bibliography in the order of the style, and for each reference its note or mention in the text."""

    entries: tuple[str, ...]
    mentions: tuple[str, ...]


def formatted(references: Sequence[Reference], style: Style) -> Formatted:
    """References in a style. Those of one work must share its id.

    Raises StyleError where pandoc is missing or fails.
    """
    works = {reference.work["id"]: reference.work for reference in references}
    document = {
        "pandoc-api-version": _API,
        "meta": {"references": _meta(list(works.values()))},
        "blocks": [_mention(reference, n) for n, reference in enumerate(references, 1)],
    }
    made = _pandoc(json.dumps(document), style)
    *mentions, bibliography = made["blocks"]
    places = (_locator(reference)[1] for reference in references)
    return Formatted(
        entries=tuple(_text([entry]) for entry in bibliography["c"][1]),
        mentions=tuple(_put_in(words, _text([block])) for block, words in zip(mentions, places, strict=True)),
    )


def _put_in(words: str, mention: str) -> str:
    """A mention with the words of its locator; all three styles set a comma inside of quotation marks."""
    for mark in ",.":
        mention, words = (text.replace(f"”{mark}", f"{mark}”") for text in (mention, words))
        if words.endswith("”"):
            mention = mention.replace(_WORDS + mark, f"{words[:-1]}{mark}”")
    return mention.replace(_WORDS, words)


def _locator(reference: Reference) -> tuple[str, str]:
    """What pandoc reads as the locator, and the words that stand in it."""
    details = ", ".join(reference.details)
    if reference.pages:
        label = "pp." if len(reference.pages) > 1 else "p."
        locator = f"{{{label} {page_range(reference.pages)}}}"
        return (f"{locator}, {_WORDS}" if details else locator), details
    if reference.times:  # pandoc has no label for times; the styles print them bare
        return f"{{{_WORDS}}}", ", ".join(filter(None, (reference.times, details)))
    if reference.section:
        return f"{{sec. {_WORDS}}}", ", ".join(filter(None, (f"“{reference.section}”", details)))
    return (f"{{{_WORDS}}}" if details else ""), details


def _mention(reference: Reference, n: int) -> dict[str, Any]:
    locator, _ = _locator(reference)
    citation = {
        "citationId": reference.work["id"],
        "citationPrefix": [],
        "citationSuffix": [{"t": "Str", "c": locator}] if locator else [],
        "citationMode": {"t": "NormalCitation"},
        "citationNoteNum": n,
        "citationHash": 0,
    }
    return {"t": "Para", "c": [{"t": "Cite", "c": [[citation], []]}]}


def _meta(value: object) -> dict[str, Any]:
    """A value as pandoc's metadata, texts as they stand: nothing in them is markup."""
    if isinstance(value, Mapping):
        return {"t": "MetaMap", "c": {str(name): _meta(inner) for name, inner in value.items()}}
    if isinstance(value, list):
        return {"t": "MetaList", "c": [_meta(inner) for inner in value]}
    return {"t": "MetaInlines", "c": [{"t": "Str", "c": str(value)}]}


def _pandoc(document: str, style: Style) -> dict[str, Any]:
    with as_file(files("rag").joinpath("csl", f"{style.value}.csl")) as path:
        command = [_program(), "--sandbox", "--citeproc", f"--csl={path}", "--from=json", "--to=json"]
        try:
            done = subprocess.run(  # noqa: S603 - no word of the command comes from outside
                command, input=document.encode(), capture_output=True, check=True, timeout=_SECONDS
            )
        except (OSError, subprocess.SubprocessError) as error:
            told = getattr(error, "stderr", None) or b""
            raise StyleError(f"pandoc failed: {told.decode(errors='replace').strip() or error}") from error
    made: dict[str, Any] = json.loads(done.stdout)
    return made


@cache
def _program() -> str:
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError) as error:
        raise StyleError(
            "citations are formatted by pandoc, which is not here; install it: pip install pypandoc_binary"
        ) from error


def _text(nodes: Iterable[Mapping[str, Any]]) -> str:
    return "".join(_words(nodes)).strip()


def _words(nodes: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The words of pandoc's blocks and inlines, without their form."""
    for node in nodes:
        kind, content = node["t"], node.get("c", [])
        if kind == "Str":
            yield str(content)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            yield " "
        elif kind in ("Para", "Plain", "Note") or kind in _NESTED:
            yield from _words(content)
        elif kind == "Quoted":
            left, right = "‘’" if content[0]["t"] == "SingleQuote" else "“”"
            yield from (left, *_words(content[1]), right)
        elif kind in ("Cite", "Span", "Link", "Div"):
            yield from _words(content[1])
