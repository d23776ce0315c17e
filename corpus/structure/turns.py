"""Dialogue: who says what, who asks and who answers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.records import Role, Span, Turn
from corpus.structure.labels import FRONT, Label, dialogue, labels, role_word
from corpus.structure.names import bare, folded, full_names, groups, in_full, is_name
from corpus.structure.rows import Row, outside, paragraphs, span_of
from corpus.structure.titles import plain
from corpus.structure.words import ANSWERERS, ASKERS

_ASKS = 0.5  # who asks ends at least this part of the turns with a question
_ANSWERS = 0.3  # who answers ends at most this part with one
_TAIL = 300  # characters at the end of a turn where its question stands
_RULE = re.compile(r"(?:[-=*_#~\u2014]\s*){3,}\Z")
_INTERVIEWER = re.compile(
    r"(?:(?:interview(?:ed)?|conversation|discussion)?\s*(?:was\s+|is\s+)?"
    r"(?:conducted|interviewed|moderated|hosted|recorded)[^.:\n]{0,80}?\bby\s+|interviewers?\s*:\s*)"
    r"(?P<names>[^.;:\n(]{4,200})",
    re.IGNORECASE,
)
_INTERVIEWEE = re.compile(
    r"(?:(?:interview|conversation|q\s?&\s?a|talk|discussion)\s+with|(?:talks?|talked|spoke|speaks|sat\s+down)\s+(?:to|with)|"
    r"interviewee\s*:|interview(?:ed|s))\s+(?P<names>[^.;:\n(]{4,200})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """Turns in reading order; `interviewers` are the people whom the text names as such."""

    turns: tuple[Turn, ...] = ()
    interviewers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def detect(
    text: str, rows: Sequence[Row], headings: Sequence[Span] = (), hidden: Sequence[Span] = ()
) -> Found:
    """The turns of a dialogue, or none.

    Headings part turns from what follows the dialogue, and are in no paragraph; what is `hidden`
    (footnotes, page furniture, tables of contents) is not read.
    """
    seen = outside(rows, sorted([*headings, *hidden]))
    found = labels(seen)
    if len(found) < 4:
        return Found()
    spoken, reason = dialogue(found, seen, text)
    if not spoken:
        return Found(notes=(reason,) if reason else ())
    front = text[max(0, spoken[0].span.start - FRONT) : spoken[0].span.start]
    asking, asked = introduced(front)
    notes: list[str] = []
    names = _speakers(spoken, front, text, asking, asked, notes)
    said = _paragraphs(spoken, seen, headings)
    roles = _roles(spoken, said, text, names, asking, asked)
    if not any(roles.values()):
        notes.append("a dialogue without certain roles: nobody clearly asks")
    turns: list[Turn] = []
    for label, parts in zip(spoken, said, strict=True):
        if parts:
            printed = plain(text[label.span.start : label.span.end])
            turns.append(
                Turn(
                    len(turns) + 1,
                    names[label.key],
                    printed,
                    roles[names[label.key]],
                    label.span,
                    Span(parts[0].start, parts[-1].end),
                    tuple(parts),
                )
            )
    return Found(tuple(turns), tuple(asking), tuple(notes))


def introduced(front: str) -> tuple[list[str], list[str]]:
    """The people that the lines before a dialogue introduce: (who ask, who are asked)."""
    asking = [name for match in _INTERVIEWER.finditer(front) for name in _listed(match.group("names"))]
    asked = [name for match in _INTERVIEWEE.finditer(front) for name in _listed(match.group("names"))]
    return asking, [name for name in asked if name not in asking]


def _listed(text: str) -> list[str]:
    """The names that a list begins with, up to the first part that is none."""
    found: list[str] = []
    for part in re.split(r",\s+(?:and\s+)?|\s+(?:and|&)\s+", text):
        words = plain(part).split()
        name = next(
            (
                bare(" ".join(words[:n]))
                for n in range(min(5, len(words)), 1, -1)
                if is_name(" ".join(words[:n]))
            ),
            None,
        )
        if name is None:
            break
        found.append(name)
    return found


def _paragraphs(spoken: Sequence[Label], rows: Sequence[Row], headings: Sequence[Span]) -> list[list[Span]]:
    """The paragraphs of each turn; the last turn ends where a heading or a rule closes the dialogue."""
    after = [span.start for span in headings if span.start >= spoken[-1].span.end]
    starts = [row.start for row in rows]
    last = bisect_left(starts, min(after)) if after else len(rows)
    said: list[list[Span]] = []
    for label, following in zip(spoken, [*spoken[1:], None], strict=True):
        end = following.row if following else last
        first = rows[label.row]
        lines = [Row(label.text, first.text[label.text - first.start :]), *rows[label.row + 1 : end]]
        parts = [span_of(group) for group in paragraphs(lines) if not _RULE.match(group[0].text)]
        said.append(parts)
    if said[-1]:
        said[-1] = list(_until_rule(said[-1], rows, starts))
    return said


def _until_rule(parts: Sequence[Span], rows: Sequence[Row], starts: Sequence[int]) -> Iterator[Span]:
    """The paragraphs of the last turn up to a rule, or a note of the editors in italics or brackets."""
    for n, part in enumerate(parts):
        first = rows[max(0, bisect_left(starts, part.start + 1) - 1)]
        above = rows[max(0, bisect_left(starts, part.start) - 2) : bisect_left(starts, part.start)]
        ruled = any(row.text and _RULE.match(row.text) for row in above)
        text = first.text
        edited = text[:1] in "*_[(" and text[-1:] in "*_])" and not text.startswith("**")
        if n and (ruled or edited):
            return
        yield part


def _speakers(
    spoken: Sequence[Label],
    front: str,
    text: str,
    asking: Sequence[str],
    asked: Sequence[str],
    notes: list[str],
) -> dict[str, str]:
    """The full name for each label, or the label's own where the text gives none, or more than one."""
    printed = {label.key: label.name for label in reversed(spoken)}
    known = [*full_names(front), *(_cased(n, text) for n in printed.values() if is_name(_cased(n, text)))]
    names: dict[str, str] = {}
    for key, name in printed.items():
        if word := role_word(key):
            people = asking if word in ASKERS else asked if word in ANSWERERS else []
            names[key] = people[0] if len(people) == 1 else _cased(name, text)
            continue
        addressed = key != folded(name)  # somebody else has the name without the address
        own = _cased(name if addressed else bare(name), text)
        if " " in own:
            names[key] = own
            continue
        options = _matching(own, known) or groups(in_full(own, text))
        if len(options) > 1:
            notes.append(f"{own!r} may be {' or '.join(o[0] for o in options)}")
        names[key] = options[0][0] if len(options) == 1 else own
    return names


def _matching(word: str, known: Sequence[str]) -> list[list[str]]:
    """Known people with this surname, else with this given name, else with these initials."""
    plain_word = folded(word)
    for part in (-1, 0):
        people = groups(n for n in known if folded(n).split()[part] == plain_word and " " in n)
        if people:
            return people
    if word.isupper() and len(word) <= 3:
        return groups(n for n in known if "".join(w[0] for w in n.split() if w[0].isupper()) == word)
    return []


def _cased(name: str, text: str) -> str:
    """A name in capitals as the text writes it elsewhere."""
    if not name.isupper() or len(name) <= 3:
        return name
    title = " ".join(w.capitalize() if "-" not in w else w.title() for w in name.split())
    return title if title in text or " " in name or len(name) > 3 else name


def _told_roles(
    names: Mapping[str, str], asking: Sequence[str], asked: Sequence[str]
) -> dict[str, Role | None]:
    """The roles that labels or the introduction say, by speaker."""
    roles: dict[str, Role | None] = {}
    for key, name in names.items():
        word = role_word(key)
        if word in ASKERS or name in asking:
            roles[name] = Role.INTERVIEWER
        elif word in ANSWERERS or name in asked:
            roles[name] = Role.INTERVIEWEE
        else:
            roles.setdefault(name, None)
    return roles


def _roles(
    spoken: Sequence[Label],
    said: Sequence[Sequence[Span]],
    text: str,
    names: Mapping[str, str],
    asking: Sequence[str],
    asked: Sequence[str],
) -> dict[str, Role | None]:
    """Who asks and who answers: what the labels or the introduction say, else who ends with questions."""
    roles = _told_roles(names, asking, asked)
    words = {role_word(key) for key in names}
    if words & ASKERS and words & ANSWERERS:  # the labels say both: nobody else asks or answers
        return roles
    shares: dict[str, float] = {}
    for name in roles:
        turns = [p for label, p in zip(spoken, said, strict=True) if names[label.key] == name and p]
        ends = [text[max(parts[0].start, parts[-1].end - _TAIL) : parts[-1].end] for parts in turns]
        shares[name] = sum("?" in end for end in ends) / max(1, len(ends))
        if shares[name] >= _ASKS and len(turns) > 1 and roles[name] is None:
            roles[name] = Role.INTERVIEWER
    others = [name for name, role in roles.items() if role is not Role.INTERVIEWEE]
    opens = names[spoken[0].key]
    if len(roles) == 2 and others == [opens]:  # who opens a talk with someone introduced as its guest
        roles[opens] = Role.INTERVIEWER
    if Role.INTERVIEWER in roles.values():
        for name, share in shares.items():
            if roles[name] is None and share <= _ANSWERS:
                roles[name] = Role.INTERVIEWEE
    return roles
