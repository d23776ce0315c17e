"""A message to a manuscript: its headers, its text (else its HTML), and the messages attached to it."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import cast

from corpus.decode import decode
from corpus.errors import UnreadableError
from corpus.flow import Flow
from corpus.mail.headers import lines, one_line, record, subject
from corpus.mail.text import write_text
from corpus.manuscript import Manuscript
from corpus.records import BlockKind
from corpus.web.elements import is_dropped
from corpus.web.notes import find_notes
from corpus.web.parse import page
from corpus.web.walk import Walker

_MOST_PARTS = 10_000
_MOST_BOUNDARIES = 2 * _MOST_PARTS  # lines that begin as one does, before they are parsed
_DEEPEST = 8  # messages in messages
_MOST_NAMED = 20  # attachments
_ENCRYPTED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
_UNSAFE = frozenset({"utf_7", "unicode_escape", "raw_unicode_escape", "idna", "punycode"})
_LATIN = frozenset({"ascii", "iso8859-1"})  # what mail programs write for Windows-1252
_DEFECTS = (ValueError, LookupError, TypeError, AttributeError, AssertionError)  # of the standard parser


def read(data: bytes, source: str) -> Manuscript:
    """The manuscript of a message. Raises UnreadableError."""
    message = _parsed(data, source)
    reader = _Reader(source)
    reader.message(message)
    made = reader.flow.finish(record(message), tuple(reader.doubts()))
    support = {"title": made.blocks[0].span} if subject(message) and made.blocks else {}
    return replace(made, record=replace(made.record, support=support))


def _parsed(data: bytes, source: str) -> Message:
    if data.count(b"\n--") > _MOST_BOUNDARIES:
        raise UnreadableError(f"{source}: more than {_MOST_PARTS:,} parts; save what is to be read as text")
    try:
        # The older policy looks at a header when it is asked for: a file may have any number of them.
        message = BytesParser(policy=compat32).parsebytes(data.removeprefix(codecs.BOM_UTF8).lstrip())
        parts = sum(1 for _ in message.walk())
    except RecursionError as error:
        raise UnreadableError(
            f"{source}: messages nested too deeply; save the inner one by itself"
        ) from error
    except _DEFECTS as error:
        raise UnreadableError(f"{source}: no message can be read from it ({error}); save it anew") from error
    if parts > _MOST_PARTS:
        raise UnreadableError(f"{source}: {parts:,} parts, but at most {_MOST_PARTS:,} are read")
    return message


class _Reader:
    """Writes a message and those in it."""

    def __init__(self, source: str) -> None:
        self.flow = Flow()
        self._source = source
        self._named: list[str] = []
        self._faults: dict[str, None] = {}
        self._depth = 0

    def doubts(self) -> Iterator[str]:
        """What the reader should be told."""
        yield from self._faults
        for name in self._named[:_MOST_NAMED]:
            yield f"attached, but not read: {name}; add it by itself"
        if len(self._named) > _MOST_NAMED:
            yield f"{len(self._named) - _MOST_NAMED:,} more attachments, not read"

    def message(self, message: Message) -> None:
        """Write a message: its subject as a heading, who wrote it, its text."""
        self._depth += 1
        self.flow.text(subject(message))
        self.flow.close(BlockKind.HEADING, self._depth)
        for line in lines(message):
            self.flow.text(line)
            self.flow.line()
        self.flow.close(BlockKind.PARAGRAPH)
        self._part(message)
        self._depth -= 1

    def _part(self, part: Message) -> None:
        kind = part.get_content_type()
        if kind in _ENCRYPTED and not _is_signed(part):
            if self._depth == 1 and part.get_content_maintype() != "application":
                raise UnreadableError(
                    f"{self._source}: encrypted; decrypt it in its program and save its text"
                )
            self._name(part, kind)
        elif kind in _SIGNATURES:
            return
        elif kind == "message/rfc822":
            self._attached(part)
        elif kind == "multipart/alternative":
            self._part_of(_best([*_inside(part)]))
        elif part.is_multipart():
            for inner in _inside(part):
                self._part(inner)
        elif _is_attachment(part) or kind not in ("text/plain", "text/html"):
            self._name(part, kind)
        else:
            self._text(part, kind)

    def _part_of(self, part: Message | None) -> None:
        if part is not None:
            self._part(part)

    def _attached(self, part: Message) -> None:
        if self._depth >= _DEEPEST:
            self._faults["messages attached to messages, more than eight deep: the rest is not read"] = None
            return
        for inner in _inside(part):
            self.message(inner)

    def _text(self, part: Message, kind: str) -> None:
        text = self._decoded(part)
        if not text.strip():
            return
        if kind == "text/plain":
            flowed = str(part.get_param("format", "")).lower() == "flowed"
            joined = str(part.get_param("delsp", "")).lower() == "yes"
            write_text(self.flow, text, flowed=flowed, joined=joined)
            return
        root, notes = page(codecs.BOM_UTF8 + text.encode("utf-8", "replace"), self._source)
        self._faults |= dict.fromkeys(notes)
        body = next(root.iter("body"), root)
        passed = frozenset(element for element in body.iter("*") if is_dropped(element))
        Walker(self.flow, find_notes([("", body)]), passed=passed).walk(body)

    def _decoded(self, part: Message) -> str:
        """The words of a part, in the character set that it names if that can be."""
        data = _payload(part)
        if not data.strip():
            return ""
        named = part.get_content_charset("") or ""
        try:
            found = codecs.lookup(named).name if named else "utf-8"
            if found.replace("-", "_") in _UNSAFE:
                raise LookupError(found)
            return data.decode("cp1252" if found in _LATIN else found)
        except (LookupError, ValueError, AssertionError):
            read = decode(data, self._source)
            if named:
                self._faults[
                    f"its characters are not in {named[:40]!r}, as it says: read as {read.encoding}"
                ] = None
            self._faults |= dict.fromkeys(read.notes)
            return read.text

    def _name(self, part: Message, kind: str) -> None:
        try:
            shown = one_line(part.get_filename() or "")[:100]
        except _DEFECTS:
            shown = ""
        self._named.append(f"{shown!r} ({kind[:80]})" if shown else kind[:80])


def _inside(part: Message) -> Iterator[Message]:
    """The parts of a part, if it has any: one may only say that it has."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from cast("list[Message]", payload)


def _payload(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except _DEFECTS:
        return b""
    return payload if isinstance(payload, bytes) else b""


def _best(parts: list[Message]) -> Message | None:
    """Of several forms of the same, the plain one unless it is empty, then HTML, else the last one."""

    def holds(part: Message, kind: str) -> bool:
        found = (inner for inner in part.walk() if inner.get_content_type() == kind)
        return any(_payload(inner).strip() for inner in found)

    for kind in ("text/plain", "text/html"):
        for part in parts:
            if holds(part, kind):
                return part
    return parts[-1] if parts else None


def _is_attachment(part: Message) -> bool:
    try:
        return part.get_content_disposition() == "attachment"
    except _DEFECTS:
        return False


def _is_signed(part: Message) -> bool:
    return "signed" in str(part.get_param("smime-type", "")).lower()
