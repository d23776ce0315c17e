"""Headers of a message: decoded, of bounded length, and never a reason to refuse it."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import AddressHeader, DateHeader
from email.message import Message
from email.policy import default
from types import MappingProxyType
from typing import Any

from corpus.records import Record
from corpus.web.record import person

_LONGEST = 4_000  # characters of a header that are looked at: the parser takes the square of it
_LONGEST_SUBJECT = 400
_MOST_NAMES = 50
_DEFECTS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
)  # of its parser
_WHITE = re.compile(r"\s+")


def header(message: Message, name: str) -> Any:
    """A header as the standard library parses it; None where there is none, or nothing can be made of it."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name), None)
    if raw is None:
        return None
    try:
        return default.header_fetch_parse(name, _readable(str(raw)[:_LONGEST]))
    except _DEFECTS:
        return None


def _readable(raw: str) -> str:
    """A header whose letters are bytes of no declared encoding: UTF-8 nowadays, Windows-1252 before."""
    data = raw.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def subject(message: Message) -> str:
    """The subject in one line; empty where there is none."""
    return _WHITE.sub(" ", str(header(message, "subject") or "")).strip()[:_LONGEST_SUBJECT]


def one_line(raw: str) -> str:
    """A name of a file as people read it: encoded words decoded, in one line."""
    return _WHITE.sub(" ", str(default.header_fetch_parse("subject", _readable(raw[:_LONGEST])))).strip()


def when(message: Message) -> datetime | None:
    """When it was sent."""
    found = header(message, "date")
    try:
        return found.datetime if isinstance(found, DateHeader) else None
    except _DEFECTS:
        return None


def people(message: Message, name: str) -> list[tuple[str, str]]:
    """The names and addresses in a header; a name may be empty."""
    found = header(message, name)
    try:
        addresses = found.addresses if isinstance(found, AddressHeader) else ()
        return [(_WHITE.sub(" ", a.display_name).strip(), a.addr_spec) for a in addresses[:_MOST_NAMES]]
    except _DEFECTS:
        return []


def lines(message: Message) -> list[str]:
    """What stands above a message: who wrote it to whom, and when."""
    shown = []
    for label, name in (("From", "from"), ("To", "to"), ("Cc", "cc")):
        if found := people(message, name):
            written = ", ".join(f"{who} <{address}>" if who else address for who, address in found)
            shown.append(f"{label}: {written}")
    if sent := when(message):
        shown.append(f"Date: {sent.day} {sent:%B} {sent.year}, {sent:%H:%M}")
    return shown


def record(message: Message) -> Record:
    """What the headers say: a letter of its sender."""
    fields: dict[str, Any] = {"type": "personal_communication"}
    if title := subject(message):
        fields["title"] = title
    senders = [person(who) or {"literal": who or address} for who, address in people(message, "from")]
    if authors := [found for found in senders if any(found.values())]:
        fields["author"] = authors
    if sent := when(message):
        fields["issued"] = f"{sent:%Y-%m-%d}" if sent.year >= 1000 else f"{sent.year:04d}"
    return Record(MappingProxyType(fields))
