"""Reading evaluation data line by line, with every fault kept until all are told at once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError

_MOST_FAULTS = 20  # shown; the rest is counted


class Faults:
    """What is wrong with a set of files; `refuse` tells all of it in one error."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: list[str] = []

    def add(self, fault: str) -> None:
        """Remember a fault."""
        self._found.append(fault)

    def __bool__(self) -> bool:
        return bool(self._found)

    def refuse(self, todo: str = "") -> None:
        """Raise EvaluationError when there is any fault; `todo` says what to do about them."""
        if self._found:
            rest = len(self._found) - _MOST_FAULTS
            told = "; ".join(self._found[:_MOST_FAULTS]) + (f"; and {rest} more" if rest > 0 else "")
            raise EvaluationError(f"{self._name}: {told}" + (f". {todo}" if todo else ""))


def read_text(path: Path) -> str:
    """A file as text, line ends as they are; EvaluationError where there is none, or not in UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise EvaluationError(f"{path}: there is no such file") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from error
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror or error}") from error


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that hold anything, with their numbers; JSON may hold U+2028 as it is, so not `splitlines`."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line.rstrip("\r")


def objects(text: str, where: str, faults: Faults) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a text, one a line, with the numbers of their lines."""
    for number, line in lines(text):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            faults.add(f"{where}line {number}: not a JSON object ({error})")
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            faults.add(f"{where}line {number}: not a JSON object (but a {type(row).__name__})")


def columns(
    text: str, where: str, counts: Sequence[int], faults: Faults, separator: str | None = None
) -> Iterator[tuple[int, list[str]]]:
    """The columns of each line; a line that has another number of them than one of `counts` is a fault."""
    for number, line in lines(text):
        found = line.split(separator)
        if len(found) in counts:
            yield number, found
        else:
            wanted = " or ".join(map(str, counts))
            faults.add(f"{where}line {number}: {len(found)} columns, expected {wanted}")
