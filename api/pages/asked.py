"""What an address or a form asks: a question with filters, or a quotation; read leniently, checked later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from api.errors import RequestError
from api.problems import faults
from api.schemas.fields import MAX_TOP_K
from api.schemas.searches import FiltersIn
from index.records import Filters
from rag.claims import Claim
from rag.records import Question

Pairs = Sequence[tuple[str, str]]
TOP_K = 10
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_LISTS = ("document_id", "type", "author", "speaker", "section")
_NAMES = {
    "document_id": "document",
    "type": "type",
    "author": "author",
    "speaker": "speaker",
    "section": "section",
    "date_from": "from",
    "date_to": "to",
}


class Part(StrEnum):
    """What of the results is shown: a script that has the answer asks for the rest."""

    WHOLE = "whole"
    PASSAGES = "passages"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is chosen: its field, its value, and what taking it away is called in a form."""

    field: str
    value: str

    @property
    def name(self) -> str:
        """The field in words."""
        return _NAMES[self.field]

    @property
    def token(self) -> str:
        """What `without` says to take it away."""
        return f"{self.field}:{self.value}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was typed, with its filters as they were chosen."""

    question: str = ""
    filters: Filters = field(default_factory=Filters)
    top_k: int = TOP_K
    conversation: str = ""  # token of an earlier answer, which the question may lean on
    part: Part = Part.WHOLE
    answer: str = ""  # id of one that was given, where its sources are asked for

    @classmethod
    def read(cls, pairs: Pairs) -> Asked:
        """From the fields of a form or an address; what is left empty is not asked."""
        given = [(name, value.strip()) for name, value in pairs if value.strip()]
        without = {value for name, value in given if name == "without"}
        kept = [(n, v) for n, v in given if "all" not in without and f"{n}:{v}" not in without]
        lists = {n: tuple(dict.fromkeys(v for name, v in kept if name == n)) for n in _LISTS}
        single = dict(kept)
        number, part = single.get("top_k", ""), single.get("part", "")
        return cls(
            question=single.get("q", ""),
            filters=Filters(**lists, date_from=single.get("date_from"), date_to=single.get("date_to")),
            top_k=int(number) if number.isascii() and number.isdigit() and len(number) < 5 else TOP_K,
            conversation=single.get("conversation", "")[:100],
            part=Part(part) if part in list(Part) else Part.WHOLE,
            answer=single.get("id", ""),
        )

    def checked(self) -> Question:
        """As the engines take it. Raises AskError, RequestError."""
        chosen = {f.name: _plain(getattr(self.filters, f.name)) for f in fields(self.filters)}
        for name, called in (("date_from", "From"), ("date_to", "To")):
            if (value := chosen[name]) and not _DATE.fullmatch(value):
                raise RequestError(
                    f"{called} is {value[:60]!r}; write a year, such as 2020, or a day, such as 2020-08-31"
                )
        try:
            FiltersIn(**chosen)
        except ValidationError as error:
            raise RequestError(f"filters: {faults(error.errors())}") from error
        return Question(self.question, max(1, min(self.top_k, MAX_TOP_K)), self.filters)

    @property
    def chips(self) -> list[Chip]:
        """The filters that are chosen."""
        return [Chip(name, value) for name, value in self._filters()]

    def link(self, home: str) -> str:
        """The address that asks the same."""
        pairs = [("q", self.question)] if self.question else []
        pairs += list(self._filters())
        pairs += [("top_k", str(self.top_k))] if self.top_k != TOP_K else []
        return f"{home}?{urlencode(pairs)}" if pairs else home

    def more(self) -> int | None:
        """How many passages to show next; None where no more are shown."""
        return next((n for n in (20, 50, MAX_TOP_K) if n > self.top_k), None)

    def asking(self, question: str) -> Asked:
        """Another question with the same filters."""
        return replace(self, question=question)

    def _filters(self) -> Iterator[tuple[str, str]]:
        for name in _LISTS:
            for value in getattr(self.filters, name):
                yield name, value
        for name in ("date_from", "date_to"):
            if value := getattr(self.filters, name):
                yield name, value


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation as it was typed, and where it is said to come from."""

    text: str = ""
    claimed: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, pairs: Pairs) -> Quoted:
        """From the fields of a form or an address."""
        given = {name: value.strip() for name, value in pairs if value.strip()}
        return cls(given.get("text", ""), {f.name: given[f.name] for f in fields(Claim) if f.name in given})

    def claim(self) -> Claim:
        """What is claimed. Raises QuoteError."""
        return Claim(**self.claimed)

    def link(self, path: str) -> str:
        """The address that asks the same."""
        return f"{path}?{urlencode([('text', self.text), *self.claimed.items()])}" if self.text else path


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
