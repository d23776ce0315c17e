"""Whether two names may be of one person: initials, surnames, titles and transliterations aside."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TITLES = re.compile(
    "mr|mrs|ms|miss|dr|prof|professor|sir|lady|lord|dame|president|vice|prime|minister|foreign|ambassador"
    "|secretary|general|chairman|chairwoman|chair|director|he|his|her|excellency|senator|judge|justice|king"
    "|queen|prince|princess|deputy|former|the|late"
)
# Ways in which one sound is written in names from other alphabets; the longer ones first.
_SOUNDS = (
    ("dzh", "j"), ("tch", "c"), ("sch", "s"), ("ch", "c"), ("sh", "s"), ("zh", "j"), ("dj", "j"), ("kh", "h"),
    ("gh", "g"), ("ph", "f"), ("ck", "k"), ("ts", "c"), ("ou", "u"), ("ij", "i"), ("x", "h"), ("q", "g"),
    ("w", "v"), ("y", "i"), ("j", "c"),
)  # fmt: skip
_LETTERS = str.maketrans({"ə": "a", "ı": "i", "ş": "sh", "ç": "ch", "ğ": "gh", "ø": "o", "ł": "l", "đ": "d"})
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_DOUBLED = re.compile(r"(.)\1+")


def same_person(claimed: str, known: str) -> bool:
    """Whether a name as somebody gives it (initials, a surname, another spelling) may be a known one."""
    ours = _parts(claimed)
    theirs = _parts(known)
    if not ours or not theirs:
        return False
    if _contains(theirs, ours) or _contains(ours, theirs) or set(ours) == set(theirs):
        return True
    # Of `President of Turkmenistan Gurbanguly Berdimuhamedov` the last words are the name.
    return any(_compatible(ours, theirs[-n:]) for n in {2, 3, len(theirs)} if len(theirs) >= n)


def _compatible(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    if ours[-1] != theirs[-1] or len(ours[-1]) < 2:
        return False
    if len(ours) == 1 or len(theirs) == 1:
        return True
    first, other = ours[0], theirs[0]
    short = min(len(first), len(other))
    return first[:short] == other[:short] and (short == 1 or short >= 3)


def _contains(whole: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Whether a name holds another: but one that is a single word of many, only when it is the last one."""
    if len(part) == 1 and len(whole) > 1:
        return len(part[0]) > 2 and part[0] == whole[-1]
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[str, ...]:
    """The words of a name as they sound, given names first, without titles."""
    family, comma, given = name.partition(",")
    if comma and len(family.split()) <= 3 and 0 < len(given.split()) <= 3:
        name = f"{given} {family}"
    words = [word.casefold() for word in _WORD.findall(name)]
    return tuple(_sound(word) for word in words if not _TITLES.fullmatch(word))


def _sound(word: str) -> str:
    word = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    word = "".join(c for c in word if c.isalpha())
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    word = _DOUBLED.sub(r"\1", word)
    return re.sub(r"(?<=\w\w)(?:ie|ei|e)v(a?)$", r"ev\1", word)
