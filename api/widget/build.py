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
_ENTRY = "start.js"
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
    body = "\n".join(map(_plain, modules))
    given = {
        "PINCITE_VERSION": VERSION,
        "PINCITE_CSS": minify.string("text/css", _source("widget.css")),
        "PINCITE_ENGLISH": json.loads(_strings("en")),
    }
    body = _folded(body)
    constants = "".join(f"const {name}={_literal(value)};\n" for name, value in given.items())
    # The script that is running is known in its first statement, and not for long.
    first = '"use strict";const script=document.currentScript;'
    js = f"(()=>{{{first}\n{constants}{body}\nstart(script);\n}})();\n"
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
    ordered: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"the modules import each other in a circle: {' > '.join((*path, name))}"
        if name not in ordered:
            for imported in _IMPORT.findall(_source(name)):
                visit(imported, (*path, name))
            ordered.append(name)

    visit(_ENTRY, ())
    return tuple(ordered)


def sources() -> Iterator[tuple[str, str]]:
    """All files of the browser's code by name: modules, styles and types."""
    for path in sorted(_folder("src").iterdir(), key=lambda path: path.name):
        yield path.name, path.read_text(encoding="utf-8")


def _folded(body: str) -> str:
    """The code with its named numbers written where they are used, which the minifier leaves to us."""
    for line in _NUMBER.findall(body):
        body = body.replace(line, "")
        for name, number in re.findall(r"([A-Z_]+) = (\d+)", line):
            body = re.sub(rf"\b{name}\b", number, body)
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
