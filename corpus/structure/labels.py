"""Speaker labels: the names before a colon at a line's start, and whether they make a dialogue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.records import Span
from corpus.structure.names import bare, folded, full_names, in_full, is_name
from corpus.structure.rows import Row
from corpus.structure.titles import plain
from corpus.structure.words import (
    ADDRESSES,
    ANSWERERS,
    ASKERS,
    CLOSINGS,
    NO_SPEAKERS,
    OPENINGS,
    PARTICLES,
    SOME_SPEAKERS,
)

FRONT = 20_000  # characters before the first label in which speakers are introduced
_LONGEST = 70  # characters of a label, with times and offices
_BEFORE = re.compile(r"(?:[\u2013\u2014]\s+|[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?[\])]?\s+)+")
_BEHIND = re.compile(r"\s*[\[(][^\[\]()]{1,50}[\])]\s*\Z")
_LETTER = re.compile(r"[*_]{0,2}(?P<name>[QA])(?P<n>\d{0,3})[.:)]?[*_]{0,2}[.:)]?[*_]{0,2}\s+(?=\S)")
_SMALL = PARTICLES | {"of", "and", "the", "für", "und", "et"}
_ENDS = tuple(".?!…”\"'’)]*_0123456789\u00b9\u00b2\u00b3")


@dataclass(frozen=True, slots=True)
class Label:
    """A label: the name in it, how it is compared, where it stands and where what is said begins."""

    name: str
    key: str
    row: int
    span: Span
    text: int
    alone: bool  # on its own line


def labels(rows: Sequence[Row]) -> list[Label]:
    """Every line's start that looks like a speaker label; most texts have a few that are none."""
    found: list[Label] = []
    keys: dict[str, str] = {}
    for i, row in enumerate(rows):
        text = row.text
        at = text.find(":", 0, _LONGEST + 20)
        if at > 0:
            label = _named(row, i, at, keys)
        elif text[:1] in ("Q", "A", "*") and (match := _LETTER.match(text)):
            label = _lettered(row, i, match)
        else:
            continue
        if label:
            found.append(label)
    return _told_apart(found)


def _told_apart(found: Sequence[Label]) -> list[Label]:
    """The labels, those of a Mr. and a Mrs. of one name under keys of their own."""
    forms: dict[str, set[str]] = {}
    for label in found:
        if form := _address(label.name):
            forms.setdefault(label.key, set()).add(form)
    several = {key for key, said in forms.items() if len(said) > 1}
    if not several:
        return list(found)
    return [
        replace(label, key=f"{_address(label.name)} {label.key}".strip()) if label.key in several else label
        for label in found
    ]


def _address(name: str) -> str:
    """The form of address that tells people of one name apart, or nothing."""
    word = name.split()[0].rstrip(".").casefold()
    return word if word in ADDRESSES and " " in name else ""


def _lettered(row: Row, i: int, match: re.Match[str]) -> Label | None:
    mark = match.group().rstrip()
    if mark in ("A", "Q"):  # `A man said`
        return None
    at = row.start + match.end()
    return Label(
        match.group("name"),
        match.group("name").casefold(),
        i,
        Span(row.start, row.start + len(mark)),
        at,
        False,
    )


def _named(row: Row, i: int, at: int, keys: dict[str, str]) -> Label | None:
    text = row.text
    before = _BEFORE.match(text)
    first = before.end() if before else 0
    if before and at < first:
        at = text.find(":", first, first + _LONGEST + 20)
    if at <= first or not (text[first].isalpha() or text[first] in "*_["):
        return None
    end = at + 1
    while end < len(text) and text[end] in "*_]":
        end += 1
    if end < len(text) and not text[end].isspace():  # a time, an address
        return None
    name = _BEHIND.sub("", plain(text[first:at].strip("*_[] ")))
    if name not in keys:
        keys[name] = folded(name) if _is_label(name) else ""
    if not keys[name]:
        return None
    if role_word(keys[name]) and is_name(text[end:].strip()):  # `Interviewer: Ann Lee` in front of a talk
        return None
    rest = len(text) - len(text[end:].lstrip())
    span = Span(row.start + first, row.start + end)
    return Label(name, keys[name], i, span, row.start + rest, rest == len(text))


def _is_label(name: str) -> bool:
    """One to six words, each with a capital or a number: `Dr. Ann Lee`, `SPEAKER 2`, but not `The reason`."""
    words = name.split()
    if not 1 <= len(words) <= 6 or len(name) > _LONGEST or not name[0].isalpha() or name[0].islower():
        return False
    if role_word(name.casefold()):
        return True
    if any(w[0].islower() and w not in _SMALL for w in words) or any(c in name for c in '“”"?!;/=<>|'):
        return False
    plain_name = name.casefold()
    return not (plain_name in NO_SPEAKERS or plain_name in CLOSINGS or plain_name in OPENINGS)


def role_word(key: str) -> str:
    """The word in a label that names a role and no person: `interviewer` in `Interviewer 2`, else nothing."""
    word = key.rstrip(" 0123456789.#")
    return word if word in ASKERS or word in ANSWERERS or word in SOME_SPEAKERS else ""


def dialogue(found: Sequence[Label], rows: Sequence[Row], text: str) -> tuple[list[Label], str]:
    """The labels of the speakers, or none and a line that says why the text is no dialogue."""
    counts = Counter(label.key for label in found)
    named = {label.key: label.name for label in found}
    speakers = {k for k, count in counts.items() if count > 1 or role_word(k) or is_name(_mixed(named[k]))}
    once = [key for key in counts if key not in speakers]
    if once and speakers:  # who speaks once is a speaker where the text introduces them
        front = text[max(0, found[0].span.start - FRONT) : found[0].span.start]
        met = {folded(name).split()[-1] for name in full_names(front)}
        speakers |= {key for key in once if key in met}
    surnames = {key.split()[-1] for key in speakers}
    speakers |= {key for key in counts if key in surnames}  # `Ann Lee:` once, `Lee:` once
    spoken = [label for label in found if label.key in speakers]
    one = {key: key.split()[-1] if key.split()[-1] in counts else key for key in speakers}
    turns = Counter(one[label.key] for label in spoken)
    repeated = [key for key in counts if key in speakers and turns[one[key]] > 1]
    people = {one[key] for key in repeated}
    panel = len(people) == 1 and turns[min(people)] > 2 and len(turns) > 2
    if len(spoken) < 4 or not (len(people) > 1 or panel):
        return [], ""
    kinds = [one[label.key] for label in spoken]
    changes = sum(a != b for a, b in pairwise(kinds))
    if changes < 0.5 * (len(spoken) - 1):
        return [], f"{len(spoken)} lines look like speaker labels, but do not alternate"
    if not any(role_word(k) or _is_person(named[k], text) for k in repeated):
        return [], f"{len(spoken)} lines look like speaker labels ({named[repeated[0]]}: …), but name nobody"
    if sum(_is_speech(label, rows) for label in spoken) < 0.5 * len(spoken):
        return [], f"{len(spoken)} lines look like speaker labels, but no sentences follow them"
    return spoken, ""


def _is_person(name: str, text: str) -> bool:
    word = _mixed(bare(name))
    if " " in word:
        return is_name(word)
    return bool(in_full(word, text)) or (len(name) > 1 and name.isupper())


def _mixed(name: str) -> str:
    return name.title() if name.isupper() else name


def _is_speech(label: Label, rows: Sequence[Row]) -> bool:
    """Whether a sentence follows: the paragraph ends as one does, or goes on."""
    i = label.row
    if label.alone:
        i += 1
        while i < len(rows) and not rows[i].text:
            i += 1
    while i + 1 < len(rows) and rows[i + 1].text and len(rows[i].text) > 50:
        i += 1
    return i < len(rows) and rows[i].text.endswith(_ENDS) and len(rows[i].text) > 1
