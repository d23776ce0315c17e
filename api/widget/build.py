"""One script out of the widget's modules: what a page loads, its hash for `integrity`, and its size.

The modules are written so that they can be put one after the other: every import is of a name in another
of them, and no two of them name a thing alike at their top level.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import minify

from api.version import VERSION

LANGUAGES = ("az", "de", "en", "es", "fr", "ru", "tr")
# Each after what it imports; of the hundreds of such orders that were tried this one compresses best.
_ORDER = (
    "natives.js",
    "answer.js",
    "points.js",
    "sse.js",
    "client.js",
    "dom.js",
    "failure.js",
    "here.js",
    "markdown.js",
    "words.js",
    "render.js",
    "reference.js",
    "announcer.js",
    "passage.js",
    "sources.js",
    "marker.js",
    "turn.js",
    "transcript.js",
    "viewer.js",
    "conversation.js",
    "popover.js",
    "composer.js",
    "shelf.js",
    "panel.js",
    "place.js",
    "element.js",
    "start.js",
)
# Fields of our own, which a minifier must leave alone; no browser and no protocol knows these names.
_INNER = (
    "begun",
    "client",
    "emit",
    "exchange",
    "exchanges",
    "forget",
    "grown",
    "isOpen",
    "marked",
    "option",
    "retryAfter",
    "running",
    "stallMs",
    "tries",
    "verdicts",
)
_IMPORT = re.compile(r'^import (?:\{[\w, ]*\} from )?"\./([a-z]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|function|const|let)\b)", re.MULTILINE)
_NAMES = re.compile(r"^(?:export )?(?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE)
_NUMBER = re.compile(r"^const (?:[A-Z_]+ = \d+(?:, |;\n))+", re.MULTILINE)
_NOTHING = re.compile(r"^export \{\};\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Built:
    """The script, its hash as an `integrity` attribute takes it, and its bytes when compressed."""

    js: bytes
    integrity: str
    gzip_size: int


@cache
def built() -> Built:
    """The script of this version; the same bytes each time."""
    modules = [_source(name) for name in order()]
    names = Counter(name for module in modules for name in _NAMES.findall(module))
    assert names.total() == len(names), (
        f"named in two modules: {sorted(name for name in names if names[name] > 1)}"
    )
    body = _short("\n".join(map(_plain, modules)))
    english = _literal(json.loads(_strings("en")))
    words = f"const PINCITE_VERSION={_literal(VERSION)},PINCITE_ENGLISH={english};"
    # The styles stand at the end, away from the words: that compresses better. In the values of custom
    # properties the minifier leaves spaces; no text in the styles holds a comma.
    css = minify.string("text/css", _source("widget.css")).replace(", ", ",")
    styles = f"const PINCITE_CSS={_literal(css)};"
    # The script that is running is known in its first statement, and not for long.
    first = '"use strict";const script=document.currentScript;'
    js = f"(()=>{{{first}\n{words}\n{body}\n{styles}\nstart(script);\n}})();\n"
    data = minify.string("application/javascript", js).encode()
    digest = base64.b64encode(hashlib.sha384(data).digest()).decode()
    return Built(data, f"sha384-{digest}", len(gzip.compress(data, 9, mtime=0)))


@cache
def strings(lang: str) -> bytes | None:
    """The words of a language as JSON, None where it is not one of ours; not indented."""
    if lang not in LANGUAGES:
        return None
    return json.dumps(json.loads(_strings(lang)), ensure_ascii=False, separators=(",", ":")).encode()


def order() -> tuple[str, ...]:
    """The modules, each after those that it imports."""
    for at, name in enumerate(_ORDER):
        later = {one for one in _IMPORT.findall(_source(name)) if one not in _ORDER[:at]}
        assert not later, f"{name} stands before what it imports: {sorted(later)}"
    return _ORDER


def sources() -> Iterator[tuple[str, str]]:
    """All files of the browser's code by name: modules, styles and types."""
    for path in sorted(_folder("src").iterdir(), key=lambda path: path.name):
        yield path.name, path.read_text(encoding="utf-8")


def _short(body: str) -> str:
    """What the minifier leaves to us: named numbers are written where they are used, inner names short."""
    for line in _NUMBER.findall(body):
        body = body.replace(line, "")
        for name, number in re.findall(r"([A-Z_]+) = (\d+)", line):
            body = re.sub(rf"\b{name}\b", number, body)
    for index, name in enumerate(_INNER):
        body = re.sub(rf"\b{name}\b", f"${index:x}", body)
    return body


def _plain(module: str) -> str:
    return _EXPORT.sub("", _NOTHING.sub("", _IMPORT.sub("", module)))


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _source(name: str) -> str:
    return _folder("src").joinpath(name).read_text(encoding="utf-8")


def _strings(lang: str) -> str:
    return _folder("strings").joinpath(f"{lang}.json").read_text(encoding="utf-8")


def _folder(name: str) -> Traversable:
    return files("api").joinpath("widget", name)
