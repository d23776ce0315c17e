"""The bibliographic record: YAML front matter and sidecars, in CSL-JSON field names."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import yaml

from corpus.errors import MetadataError
from corpus.records import Record, Span

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LONGEST_FRONT_MATTER = 64 * 1024  # characters
_NAMES = frozenset({"author", "editor", "interviewer", "translator", "contributor", "collection-editor"})
_DATES = frozenset({"issued", "accessed", "original-date", "submitted", "event-date"})
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
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


def front_matter(text: str, source: str) -> tuple[Mapping[str, Any], Span | None]:
    """The CSL fields of YAML front matter and its span (empty and None where there is none)."""
    match = _FRONT_MATTER.match(text, 0, _LONGEST_FRONT_MATTER)
    if not match:
        return {}, None
    return parse(match.group(1), f"{source} (front matter)"), Span(*match.span())


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
        raise MetadataError(
            f"{where}: expected fields such as 'title: …', found a {type(loaded).__name__}"
        )
    fields: dict[str, Any] = {}
    faults: list[str] = []
    for key, value in loaded.items():
        name = _ALIASES.get(str(key), str(key))
        try:
            if value is not None:
                fields[name] = _field(name, value)
        except ValueError as error:
            faults.append(f"{key}: {error}")
    if faults:
        raise MetadataError(f"{where}: {'; '.join(faults)}")
    return fields


class _Loader(yaml.SafeLoader):
    """A SafeLoader that leaves dates as the text that was written, and knows no aliases (YAML bombs)."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed in metadata")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _one_line(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())


def _field(name: str, value: Any) -> Any:
    if name in _NAMES:
        return [_person(item) for item in (value if isinstance(value, list) else [value])]
    if name in _DATES:
        return _date(value)
    if isinstance(value, list):
        return [_scalar(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _scalar(item) for key, item in value.items()}
    if isinstance(value, (int, float, bool)):
        return str(value) if not isinstance(value, bool) else value
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (datetime.date, bytes)):
        return str(value)
    raise ValueError(f"expected text, found a {type(value).__name__}")


def _person(value: Any) -> dict[str, str]:
    if isinstance(value, str) and value.strip():
        return {"literal": value.strip()}
    if isinstance(value, dict) and value and all(isinstance(v, str) for v in value.values()):
        return {str(k): v.strip() for k, v in value.items()}
    raise ValueError("expected a name, or given and family names")


def _date(value: Any) -> str:
    if isinstance(value, dict) and "date-parts" in value:
        try:
            parts = [int(part) for part in value["date-parts"][0]]
        except (TypeError, ValueError, IndexError, KeyError) as error:
            raise ValueError("date-parts is not a list of numbers") from error
        value = "-".join(f"{part:04d}" if i == 0 else f"{part:02d}" for i, part in enumerate(parts))
    text = str(value).strip()
    if not _DATE.fullmatch(text):
        raise ValueError(f"expected YYYY, YYYY-MM or YYYY-MM-DD, found {text!r}")
    return text


def record(inferred: Mapping[str, Any], *explicit: Mapping[str, Any]) -> Record:
    """One record of several sources; what stands later wins."""
    fields: dict[str, Any] = dict(inferred)
    for source in explicit:
        fields.update(source)
    return Record(MappingProxyType(fields))
