"""The bibliographic record: YAML front matter and sidecars, in CSL-JSON field names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import yaml

from corpus.decode import line_feeds
from corpus.errors import MetadataError
from corpus.records import Record, Span

# A blank line behind the first mark tells a rule across the page from front matter.
_FRONT_MATTER = re.compile(
    r"---[ \t]*\n(?![ \t]*\n)(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_LONGEST_FRONT_MATTER = 64 * 1024  # characters
_NAMES = frozenset({"author", "editor", "interviewer", "translator", "contributor", "collection-editor"})
_DATES = frozenset({"issued", "accessed", "original-date", "submitted", "event-date"})
_TEXTS = frozenset(
    {"title", "title-short", "type", "language", "publisher", "publisher-place", "container-title", "volume"}
    | {"issue", "number", "edition", "page", "genre", "URL", "DOI", "ISBN", "ISSN"}
)
_ALIASES = {  # what people write, and what CSL-JSON calls it
    "authors": "author",
    "date": "issued",
    "lang": "language",
    "url": "URL",
    "doi": "DOI",
    "isbn": "ISBN",
    "editors": "editor",
    "publisher_place": "publisher-place",
    "container_title": "container-title",
    "keywords": "keyword",
    "tags": "keyword",
}
_DATE = re.compile(r"(\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)(?:[T ]\d\d:\d\d.*)?")


def front_matter(text: str, source: str) -> tuple[Mapping[str, Any], Span | None]:
    """The CSL fields of YAML front matter and its span (empty and None where there is none)."""
    match = _FRONT_MATTER.match(line_feeds(text[:_LONGEST_FRONT_MATTER]))
    if not match:
        return {}, None
    return parse(text[slice(*match.span(1))], f"{source} (front matter)"), Span(*match.span())


def parse(text: str, where: str) -> dict[str, Any]:
    """CSL-JSON fields from YAML; names become lists of CSL names, dates ISO text.

    Raises MetadataError with all faults at once.
    """
    try:
        loaded = yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is a SafeLoader
    except yaml.YAMLError as error:
        raise MetadataError(f"{where}: not valid YAML: {_one_line(error)}; mend it or remove it") from error
    except RecursionError as error:
        raise MetadataError(f"{where}: YAML nested too deeply; keep the fields flat") from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise MetadataError(f"{where}: expected fields such as 'title: …', found {_kind(loaded)}")
    fields: dict[str, Any] = {}
    faults: list[str] = []
    for key, value in loaded.items():
        try:
            name = _text(key)
            name = _ALIASES.get(name, name)
            if value is not None:
                fields[name] = _field(name, value)
        except ValueError as error:
            faults.append(f"{key}: {error}")
    if faults:
        raise MetadataError(f"{where}: {'; '.join(faults)}")
    return fields


def known_field(name: str) -> str | None:
    """What a column is called in a record; None for one that says nothing of it."""
    name = name.strip()
    field = _ALIASES.get(name.lower(), name if name in _TEXTS else name.lower())
    return field if field in _NAMES | _DATES | _TEXTS else None


class _Loader(yaml.BaseLoader):
    """Leaves every value as the text that was written (`1.10`, `No`), and knows no aliases (YAML bombs)."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed in metadata")
        return super().compose_node(parent, index)


_NULL = "tag:yaml.org,2002:null"
_Loader.add_implicit_resolver(_NULL, re.compile(r"(?:~|null|)\Z"), ["~", "n", ""])
_Loader.add_constructor(_NULL, lambda _loader, _node: None)


def _one_line(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())


def _kind(value: Any) -> str:
    kinds = ((str, "text"), (list, "a list"), (dict, "fields"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "nothing")


def _field(name: str, value: Any) -> Any:
    if name in _NAMES:
        return [_person(item) for item in (value if isinstance(value, list) else [value])]
    if name in _DATES:
        return _date(value)
    return _text(value) if name in _TEXTS else _any(value)


def _text(value: Any) -> str:
    """Text without white space around it; a pair of surrogates, as JSON escapes them, is one character."""
    if not isinstance(value, str):
        raise ValueError(f"expected text, found {_kind(value)}")
    try:
        return value.encode("utf-16", "surrogatepass").decode("utf-16").strip()
    except UnicodeDecodeError as error:
        raise ValueError("half a surrogate pair, which is no character") from error


def _any(value: Any) -> Any:
    """The value of a field that this program has no use for: front matter serves other programs too."""
    if isinstance(value, dict):
        return {_text(key): _any(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_any(item) for item in value]
    return value if value is None else _text(value)


def _person(value: Any) -> dict[str, str]:
    if isinstance(value, str) and value.strip():
        return {"literal": _text(value)}
    if isinstance(value, dict) and any(value.get(part) for part in ("literal", "family", "given")):
        return {_text(key): _text(part) for key, part in value.items() if part is not None}
    raise ValueError("expected a name, or given and family names")


def _date(value: Any) -> str:
    if isinstance(value, dict) and "date-parts" in value:
        try:
            parts = [int(part) for part in value["date-parts"][0]]
        except (TypeError, ValueError, IndexError, KeyError) as error:
            raise ValueError("date-parts is not a list of numbers") from error
        value = "-".join(f"{part:04d}" if i == 0 else f"{part:02d}" for i, part in enumerate(parts))
    text = str(value).strip()
    if not (match := _DATE.fullmatch(text)):
        raise ValueError(f"expected YYYY, YYYY-MM or YYYY-MM-DD, found {text!r}")
    return match.group(1)


def record(inferred: Mapping[str, Any], *explicit: Mapping[str, Any]) -> Record:
    """One record of several sources; what stands later wins."""
    fields: dict[str, Any] = dict(inferred)
    for source in explicit:
        fields.update(source)
    return Record(MappingProxyType(fields))
