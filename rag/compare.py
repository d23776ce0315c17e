"""A quotation held against what stands there: which differences fold away, and which change what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from rag.tokens import Kind, Token, folds

_NEGATIONS = re.compile(
    "not|no|never|none|nor|neither|nobody|nothing|nowhere|without|cannot|hardly|scarcely|barely|.*n't"
)
_MONTHS = re.compile("January|February|March|April|May|June|July|August|September|October|November|December")
_NUMERALS = re.compile(
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    "|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|[mbt]r?illion|first|second|third|half|twice"
    "|(?:four|fif|six|seven|eigh|nin|ten)th"
)
_NEGATIVE = ("un", "non", "dis", "in", "im", "il", "ir", "mis", "anti", "de")  # in front of a word
_END_MARKS = frozenset(".,;:")
_FEW = 4  # words: of more that differ none is told to be the negation of another
_LONGEST_INSERTION = 8  # words of the source that a bracket may stand for
_MEASURES = frozenset({"m", "mm", "cm", "dm", "km", "in", "ft", "yd", "mi", "mile", "miles"})
_STANDS_FOR = re.compile(  # words that brackets put a name for: no names, though they may begin a sentence
    "i|me|my|he|him|his|she|her|hers|it|its|we|us|our|ours|you|your|they|them|their|theirs|this|that|these"
    "|those|the|a|an|who|whom|whose|there|one|ones",
    re.IGNORECASE,
)


class Op(StrEnum):
    """What was done to the source to get the quotation."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    REPLACE = "replace"


class Changed(StrEnum):
    """What a difference touches; the first that applies."""

    NEGATION = "negation"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    WORDS = "words"
    CASE = "case"
    MARKS = "marks"


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of the quotation and what stands in the source instead."""

    op: Op
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Change:
    """A difference that is not folded away."""

    kind: Changed
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Side:
    """Tokens with the text that they stand in."""

    text: str
    tokens: Sequence[Token]

    def piece(self, start: int, end: int) -> str:
        """The text of tokens [start, end)."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end] if start < end else ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Differences of one stretch; `pairs` are the tokens that match, as (quotation's, source's) numbers.

    `weight` is the number of characters that were compared, `distance` how many of them differ.
    """

    diff: tuple[Edit, ...]
    folds: frozenset[str]
    changes: tuple[Change, ...]
    pairs: tuple[tuple[int, int], ...]
    distance: int
    weight: int


Block = tuple[int, int, int, int]  # of the quotation [0:1], of the source [2:3]


Marks = Mapping[int, frozenset[str]]  # by offsets of a text: the marks of notes that it leaves out there


def compare(quoted: Side, source: Side, inserted: Sequence[bool], marks: Marks) -> Comparison:
    """Hold a stretch of a quotation against a stretch of a source.

    `inserted` tells of each token of the quotation whether it stands in brackets; `marks` are the marks of
    notes that the source's reading text leaves out.
    """
    diff: list[Edit] = []
    changes: list[Change] = []
    folded: set[str] = set()
    pairs: list[tuple[int, int]] = []
    ours, theirs = list[str](), list[str]()  # as they are scored: excused differences made equal
    for (a, b, c, d), equal in _blocks(quoted, source):
        text, stands = quoted.piece(a, b), source.piece(c, d)
        fold = None if equal else _excuse(quoted, source, (a, b, c, d), inserted, marks)
        if equal:
            pairs += zip(range(a, b), range(c, d), strict=True)
            diff.append(Edit(Op.EQUAL, text, stands))
        else:
            op = Op.REPLACE if a < b and c < d else Op.INSERT if a < b else Op.DELETE
            diff.append(Edit(op, text, stands))
            if fold:
                folded.add(fold)
            else:
                changes += _changes(quoted, source, (a, b, c, d))
        theirs += folds(source.tokens[c:d])
        ours += folds(source.tokens[c:d] if fold else quoted.tokens[a:b])
    mine, stood = " ".join(ours), " ".join(theirs)
    # Letters in another case are the same letters: a heading in capitals is still found.
    distance = Levenshtein.distance(mine.casefold(), stood.casefold()) or int(mine != stood)
    return Comparison(
        tuple(diff), frozenset(folded), tuple(changes), tuple(pairs), distance, max(len(mine), len(stood))
    )


def _blocks(quoted: Side, source: Side) -> Iterator[tuple[Block, bool]]:
    """Stretches that are equal and those that are not, by turns."""
    waiting: Block | None = None
    for op in Levenshtein.opcodes(folds(quoted.tokens), folds(source.tokens)):
        block = (op.src_start, op.src_end, op.dest_start, op.dest_end)
        if op.tag == "equal":
            if waiting:
                yield waiting, False
            yield block, True
            waiting = None
        else:
            waiting = (waiting[0], block[1], waiting[2], block[3]) if waiting else block
    if waiting:
        yield waiting, False


def _excuse(quoted: Side, source: Side, block: Block, inserted: Sequence[bool], marks: Marks) -> str | None:
    """The fold that takes a difference away, or None where it says something else."""
    a, b, c, d = block
    ours, theirs = quoted.tokens[a:b], source.tokens[c:d]
    at_edge = a == 0 or b == len(quoted.tokens)
    if all(token.kind is Kind.QUOTE for token in (*ours, *theirs)):
        return "quotation marks" if at_edge or (ours and theirs) else None
    if not theirs and _are_marks(ours, _marks_at(source, c, marks)) and not _behind_number(quoted, a):
        return "note marks"
    if ours and all(inserted[a:b]):
        counted = bool(c and theirs and _kind_of(source.tokens[c - 1]) is Changed.NUMBER)
        return None if counted else _insertion(ours, theirs)  # what is counted is of the number
    if not ours and all(token.kind is Kind.RAISED for token in theirs) and not _behind_number(source, c):
        return "note marks"
    if all(
        _is_bar(side, i)
        for side, i in (*((quoted, i) for i in range(a, b)), *((source, i) for i in range(c, d)))
    ):
        return "markup"
    if b == len(quoted.tokens) and all(_ends(token) for token in (*ours, *theirs)):
        return "punctuation at the end"
    if _same_letters(quoted.piece(a, b), source.piece(c, d)) or _hyphen_alone(quoted, source, block):
        return "hyphens"
    if len(ours) == len(theirs) == 1 and _same_but_for_case(quoted, a, ours[0], theirs[0]):
        return "case at the start"
    return None


def _insertion(ours: Sequence[Token], theirs: Sequence[Token]) -> str | None:
    """Brackets may add and replace words, but they do not excuse another number or a negation."""
    if sum(token.says for token in theirs) > _LONGEST_INSERTION:
        return None
    risky = {Changed.NUMBER, Changed.NEGATION, Changed.DATE}
    touched = {_kind_of(token) for token in (*ours, *theirs)}
    if touched & risky or (_names(ours) and _names(theirs) - _names(ours)):
        return None
    return "insertion"


def _names(of: Sequence[Token]) -> set[str]:
    return {token.fold for token in of if is_name(token)}


def is_name(token: Token) -> bool:
    """Whether a word is written as names are, and is none that merely begins a sentence."""
    return _kind_of(token) is Changed.NAME and not _STANDS_FOR.fullmatch(token.fold)


def _is_bar(side: Side, at: int) -> bool:
    """Whether a token is the bar between two cells of a table."""
    token = side.tokens[at]
    before, behind = side.text[token.start - 1 : token.start], side.text[token.end : token.end + 1]
    return token.fold == "|" and before in ("", " ") and behind in ("", " ")


def _marks_at(source: Side, at: int, marks: Marks) -> frozenset[str]:
    """The marks of notes that the source has between two of its tokens."""
    start = source.tokens[at - 1].end if at else 0
    end = source.tokens[at].start if at < len(source.tokens) else start + 2
    return frozenset().union(*(marks.get(offset, ()) for offset in range(start, end + 1)))


def _are_marks(ours: Sequence[Token], marks: frozenset[str]) -> bool:
    """Whether what the quotation has too much is the marks of notes, which the reading leaves out."""
    said = [token for token in ours if token.fold not in ("[", "]", "(", ")", "^", ",")]
    return bool(said) and all(
        token.kind is Kind.RAISED
        or (token.kind is Kind.NUMBER and token.fold in marks)
        or token.fold in marks
        for token in said
    )


def _behind_number(side: Side, at: int) -> bool:
    """Whether a token is glued to a number or a measure: an exponent, say."""
    before = side.tokens[at - 1] if at else None
    if before is None or before.end != side.tokens[at].start:
        return False
    return before.kind is Kind.NUMBER or before.fold in _MEASURES


def _ends(token: Token) -> bool:
    return token.kind is Kind.QUOTE or token.fold in _END_MARKS


_JOINT = re.compile(r"(?<=[^\W\d_])\s*[-\u2010\u2011\u00ad]\s*(?=[^\W\d_])")


def _same_letters(ours: str, theirs: str) -> bool:
    """Whether two pieces differ by hyphens between letters alone, or a blank instead of one."""
    if not ours or not theirs:
        return False
    return any(_JOINT.sub(joint, ours) == _JOINT.sub(joint, theirs) for joint in ("", " "))


def _hyphen_alone(quoted: Side, source: Side, block: Block) -> bool:
    """Whether one side has a hyphen between letters where the other has a blank."""
    a, b, c, d = block
    side, at = (quoted, a) if c == d else (source, c)
    if (b - a) + (d - c) != 1 or side.tokens[at].kind is not Kind.DASH:
        return False
    joint = _JOINT.match(side.text, side.tokens[at].start)
    return joint is not None and joint.end() == side.tokens[at].end


def _same_but_for_case(quoted: Side, at: int, ours: Token, theirs: Token) -> bool:
    """The first letter of the first word, or one that brackets mark."""
    first = not any(token.says for token in quoted.tokens[:at])
    marked = quoted.text[ours.start] == "["
    return (
        (first or marked)
        and ours.fold[1:] == theirs.fold[1:]
        and ours.fold[0].casefold() == theirs.fold[0].casefold()
    )


def _changes(quoted: Side, source: Side, block: Block) -> Iterator[Change]:
    """What a difference touches; a long one is told in one piece."""
    a, b, c, d = block
    ours, theirs = quoted.tokens[a:b], source.tokens[c:d]
    kinds = {_kind_of(token) for token in _differing(ours, theirs)}
    few = len(ours) * len(theirs) <= _FEW * _FEW
    if few and any(_negates(x.fold, y.fold) or _negates(y.fold, x.fold) for x in ours for y in theirs):
        kinds.add(Changed.NEGATION)
    if kinds and " ".join(folds(ours)).casefold() == " ".join(folds(theirs)).casefold():
        kinds = {Changed.CASE}
    kind = next((kind for kind in Changed if kind in kinds), Changed.MARKS)
    yield Change(kind, quoted.piece(a, b), source.piece(c, d))


def _negates(word: str, other: str) -> bool:
    """Whether one word is the other with a negating beginning, or `-less` for `-ful`."""
    word, other = word.casefold(), other.casefold()
    without = word.endswith("less") and other == word.removesuffix("less") + "ful"
    return without or any(word == beginning + other for beginning in _NEGATIVE)


def _differing(ours: Sequence[Token], theirs: Sequence[Token]) -> Iterator[Token]:
    known, own = set(folds(theirs)), set(folds(ours))
    yield from (token for token in ours if token.fold not in known)
    yield from (token for token in theirs if token.fold not in own)


def negates(token: Token) -> bool:
    """Whether a word is a negation by itself."""
    return _NEGATIONS.fullmatch(token.fold.casefold()) is not None


def _kind_of(token: Token) -> Changed:
    word = token.fold.casefold()
    if negates(token):
        return Changed.NEGATION
    if (
        token.kind in (Kind.NUMBER, Kind.RAISED)
        or _NUMERALS.fullmatch(word)
        or token.fold in ("%", "$", "€", "£")
    ):
        return Changed.NUMBER
    if _MONTHS.fullmatch(token.fold):
        return Changed.DATE
    if token.kind is not Kind.WORD:
        return Changed.MARKS
    return Changed.NAME if token.fold[0].isupper() else Changed.WORDS
