"""Tables whose rows are documents: JSON Lines and CSV, with the column that holds the text."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from corpus.bibliography import known_field, parse
from corpus.decode import decode
from corpus.errors import MetadataError, UnreadableError

LINES = frozenset({".jsonl", ".ndjson"})
TABLES = frozenset({".csv", ".tsv"})
_JSON_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_DELIMITERS = ",;\t|"
_LONGEST_ID = 200  # characters
# Rows are taken apart in the process that adds them, so what one file can make of them has bounds.
_MOST_ROWS = 250_000  # a source each
_MOST_COLUMNS = 5_000
_SHOWN = 20  # names of fields in a message
_LONGEST_ROW = 8 * 1024 * 1024  # characters; JSON like `[[],[],…` takes 20 times as many bytes
_LONGEST_FIELD = 10_000  # characters of a field of the record, which YAML reads slowly


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds the text, and which one names the row; without that its number does."""

    text: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class RowText:
    """A row: its name in the file, its text, and the fields of its record."""

    name: str
    text: str
    metadata: Mapping[str, Any]


def rows(data: bytes, source: str, suffix: str, columns: Columns) -> Iterator[RowText]:
    """The rows of a file that have a text. Raises UnreadableError for what is no such file."""
    read = _json_lines if suffix in LINES else _table
    seen: set[str] = set()
    for number, row in read(decode(data, source).text, source, columns):
        if not row:
            continue
        for column in filter(None, (columns.text, columns.id)):
            if column not in row:
                raise UnreadableError(
                    f"{source}: row {number} has no field {column!r}; it has {_listed(row)}"
                )
        try:
            text = _plain(row[columns.text])
            name = _plain(row[columns.id]).strip()[:_LONGEST_ID] if columns.id else str(number)
        except RecursionError as error:
            raise UnreadableError(f"{source}: row {number} is nested too deeply; mend it") from error
        if not text.strip():
            continue
        if not name or name in seen:
            raise UnreadableError(
                f"{source}: row {number}: its {columns.id!r} is "
                f"{'that of another row' if name else 'empty'} ({name!r}); an id names one row"
            )
        seen.add(name)
        yield RowText(name, text, _metadata(row, columns, source))


def _listed(names: Iterable[str]) -> str:
    """Names of fields, as many as help."""
    shown = [repr(name[:60]) for name in islice(names, _SHOWN + 1)]
    return ", ".join(shown[:_SHOWN]) + (", …" if len(shown) > _SHOWN else "")


def _json_lines(text: str, source: str, _columns: Columns) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, found in enumerate(_JSON_LINE.finditer(text), 1):
        line = found[0]
        if not line.strip():
            continue
        _check_number(number, source)
        if len(line) > _LONGEST_ROW:
            raise UnreadableError(
                f"{source}: line {number} has {len(line):,} characters, but at most {_LONGEST_ROW:,} are "
                "read; make a file of it"
            )
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UnreadableError(f"{source}: line {number} is not JSON ({error}); mend it") from error
        if not isinstance(row, dict):
            raise UnreadableError(f"{source}: line {number} is not an object with fields; mend it")
        yield number, row


def _table(text: str, source: str, columns: Columns) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(_LONGEST_ROW)  # of the process; a quote that is never closed ends there
    head = text[:_LONGEST_ROW].partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    _check_width(head.count(delimiter) + 1 if '"' not in head else 0, source)
    # Rows are paired with names here, not by csv.DictReader: that fills up each short row to the whole width.
    reader = csv.reader(_lines(text, source), delimiter=delimiter, strict=True)
    names: list[str] = []
    missing: dict[str, str] = {}  # of a short row
    number = 0
    try:
        for row in reader:
            if not row:
                continue
            if not names:
                names = row
                _check_width(len(names), source)
                missing = {name: "" for name in (columns.text, columns.id) if name and name in names}
                continue
            number += 1
            _check_number(number, source)
            if len(row) > len(names):
                raise UnreadableError(
                    f"{source}: row {number} has more fields than the first line has; mend it"
                )
            yield number, missing | dict(zip(names, row, strict=False))
    except csv.Error as error:
        raise UnreadableError(
            f"{source}: row {number + 1}: no table can be read ({error}); mend it"
        ) from error


def _lines(text: str, source: str) -> Iterator[str]:
    """Lines with their ends; StringIO would copy the whole text, at four bytes a character."""
    for number, found in enumerate(_LINE.finditer(text), 1):
        if found.end() - found.start() > _LONGEST_ROW:
            raise UnreadableError(
                f"{source}: line {number} is longer than the {_LONGEST_ROW:,} characters that are read"
            )
        yield found[0]


def _check_number(number: int, source: str) -> None:
    if number > _MOST_ROWS:
        raise UnreadableError(f"{source}: more than {_MOST_ROWS:,} rows; split the file")


def _check_width(columns: int, source: str) -> None:
    if columns > _MOST_COLUMNS:
        raise UnreadableError(
            f"{source}: {columns:,} columns, but at most {_MOST_COLUMNS:,} are read; leave out those that "
            "are no text and no record"
        )


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "\n\n".join(map(_plain, value))
    return "" if value is None else str(value)


def _metadata(row: Mapping[str, Any], columns: Columns, source: str) -> dict[str, Any]:
    """The fields of the record among the columns; what does not fit one is left out."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        known = None if name in (columns.text, columns.id) else known_field(name)
        if known and known not in found and value not in ("", None, []):
            try:
                field = json.dumps({known: value}, ensure_ascii=False)
                if len(field) <= _LONGEST_FIELD:
                    found.update(parse(field, source))
            except MetadataError:
                continue
    return found
