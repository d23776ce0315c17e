"""Personal names: what looks like one, and which spellings are one person's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from corpus.structure.words import HONORIFICS, NO_GIVEN, NO_NAME, PARTICLES

_MARKUP = re.compile(r"</?\w{1,10}>|[*_]+(?=\S)|(?<=\S)[*_]+|[\u00b9\u00b2\u00b3\u2070-\u2079]+$")
_TAIL = re.compile(
    r",?\s+(?:Ph\.?\s?D\.?|M\.?A\.?|M\.?Sc\.?|B\.?A\.?|LL\.?[MBD]\.?|M\.?D\.?|Jr\.?|Sr\.?|Esq\.?|MBA|CBE|OBE|MP|II|III)$"
)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’\u2010\u2011-](?=[^\W\d_]))*")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){1,3}")
_SEPARATOR = re.compile(r"\s*(?:,|;|&|\band\b|\bund\b|\bet\b|\by\b|\bvə\b|\bи\b)\s+")
_LONGEST = 60  # characters of a name with its titles
_FULL_LINE = 50  # characters; a shorter line was ended by the author, not by the margin
_FOLDS = str.maketrans({"ə": "a", "ı": "i", "ø": "o", "đ": "d", "ł": "l", "ß": "s", "æ": "a", "’": "'"})


def bare(name: str) -> str:
    """A name without markup, note marks, academic degrees and forms of address."""
    name = _MARKUP.sub("", name).strip(" \t,;:()[]")
    name = _TAIL.sub("", name)
    words = name.split()
    while len(words) > 1 and words[0].rstrip(".").casefold() in HONORIFICS:
        words.pop(0)
    return " ".join(words)


def is_name(text: str, *, words: int = 2) -> bool:
    """Whether a text may be one person's full name, given name first; at least so many `words`.

    `Energy Dialogue` may be one as well: what matters must be confirmed by another place.
    """
    if not text or len(text) > _LONGEST or text[-1] in "?!…":
        return False
    tokens = bare(text).split()
    if not words <= len(tokens) <= 5:
        return False
    full = 0
    for i, token in enumerate(tokens):
        if _INITIALS.fullmatch(token):
            continue
        if not _WORD.fullmatch(token) or (_no_name(token, i + 1 == len(tokens))):
            return False
        if token[0].isupper():
            full += 1
        elif token not in PARTICLES:
            return False
    last = tokens[-1]
    return full > 0 and len(last) > 1 and not last.endswith(".") and tokens[0] not in PARTICLES


def _no_name(token: str, last: bool) -> bool:
    plain = token.casefold()
    return plain in NO_NAME or (not last and plain in NO_GIVEN)


def people(text: str) -> tuple[str, ...]:
    """The names in a list such as `A. Brown, Carla Diaz and E. Fox`; empty when a part is no name."""
    if len(text) > 6 * _LONGEST:
        return ()
    parts = [bare(part) for part in _SEPARATOR.split(text.strip()) if part.strip()]
    return tuple(parts) if parts and all(map(is_name, parts)) else ()


@lru_cache(maxsize=4096)  # the same few names, compared with each other again and again
def folded(name: str) -> str:
    """A name for comparing: lower case, no accents, no address, one space between words."""
    plain = unicodedata.normalize("NFKD", bare(name).casefold().translate(_FOLDS))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def same(one: str, other: str) -> bool:
    """Whether two spellings are one person's: `Dr. Anna Kovacs`, `A. Kovács`, `Anna Kovach`."""
    a, b = folded(one).split(), folded(other).split()
    if len(a) < 2 or len(b) < 2:
        return False
    exact = a[0] == b[0]
    initial = a[0][0] == b[0][0] and (_INITIALS.fullmatch(a[0]) or _INITIALS.fullmatch(b[0])) is not None
    if a[-1] == b[-1]:
        return exact or initial
    return exact and _near(a[-1], b[-1])


def _near(a: str, b: str) -> bool:
    """One letter apart, or an ending written twice (`Ivanov`, `Ivanovov`); only for long surnames."""
    if a[0] != b[0] or min(len(a), len(b)) < 5:
        return False
    short, long = sorted((a, b), key=len)
    if any(long == short + short[-k:] for k in (1, 2, 3)):
        return True
    return len(long) - len(short) <= 1 and _one_edit(short, long)


def _one_edit(short: str, long: str) -> bool:
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    skip = 1 if len(long) == len(short) else 0
    return short[at + skip :] == long[at + 1 :]


def full_names(text: str) -> list[str]:
    """What may be full names in running text: runs of capitalised words, each once, in reading order."""
    found: dict[str, None] = {}
    run: list[str] = []
    for token in _tokens(text):
        if run and token in PARTICLES:
            run.append(token)
            continue
        name = token
        if not _INITIALS.fullmatch(token):
            name = token.lstrip("(“\"'‘[*_").rstrip('.,;:!?)]”"’*_').removesuffix("’s").removesuffix("'s")
        part = bool(name) and (bool(_INITIALS.fullmatch(name)) or _is_part(name))
        if run and (not part or token[0] != name[0]):
            _close(run, found)
            run = []
        if part:
            run.append(name)
            if not token.endswith(name):  # a comma, a bracket: here the name ends
                _close(run, found)
                run = []
    return list(found)


def _is_part(word: str) -> bool:
    """Whether a word in running text may be part of a name, and is no form of address."""
    if not (word[0].isupper() and _WORD.fullmatch(word)):
        return False
    return not _no_name(word, False) and word.casefold() not in HONORIFICS


def _close(run: list[str], found: dict[str, None]) -> None:
    while run and run[-1] in PARTICLES:
        run.pop()
    name = " ".join(run)
    if is_name(name):
        found[name] = None


def _tokens(text: str) -> Iterator[str]:
    """Words, and an empty one where a name cannot go on: at the end of a line that is not full."""
    for line in text.splitlines():
        yield from line.split()
        if len(line) < _FULL_LINE:
            yield ""
    yield ""


def in_full(label: str, text: str) -> list[str]:
    """Full names in `text` that end in the surname `label`, each once, in the order they stand there."""
    surname = label.strip()
    found: dict[str, None] = {}
    at = text.find(surname)
    while at >= 0:
        end = at + len(surname)
        if not (text[end : end + 1].isalnum() or text[at - 1 : at] not in (" ", "\u00a0")):
            name = _before(text[max(0, at - 60) : at])
            if name and is_name(f"{name} {surname}"):
                found[f"{name} {surname}"] = None
        at = text.find(surname, end)
    return list(found)


def _before(text: str) -> str:
    """The given names at the end of a text: capitalised words, initials, particles between them."""
    taken: list[str] = []
    for token in reversed(text.split("\n")[-1].split()[-4:]):
        name = token.strip("(“\"'‘[*_")
        plain = name.casefold().rstrip(".")
        is_given = bool(_WORD.fullmatch(name)) and name[0].isupper() and not _no_name(plain, False)
        if plain in HONORIFICS or not (is_given or _INITIALS.fullmatch(name) or name in PARTICLES):
            break
        taken.insert(0, name)
        if name != token:
            break
    while taken and taken[0] in PARTICLES:
        taken.pop(0)
    return " ".join(taken)


def groups(names: Iterable[str]) -> list[list[str]]:
    """Spellings, each once, put together where they are one person's."""
    found: list[list[str]] = []
    for name in dict.fromkeys(bare(n) for n in names):
        home = next((g for g in found if any(n == name or same(n, name) for n in g)), None)
        if home is None:
            found.append([name])
        else:
            home.append(name)
    return found


def canonical(variants: Sequence[str], text: str) -> str:
    """The spelling that stands most often in a text; of equals the longest, then the first."""
    if len(variants) == 1:
        return variants[0]
    counts = {name: _count(name, text) for name in variants}
    return max(variants, key=lambda name: (counts[name], len(name)))


def _count(name: str, text: str) -> int:
    """How often a name stands as a whole word: `Ivanov` is not counted in `Ivanovov`."""
    count, at = 0, text.find(name)
    while at >= 0:
        end = at + len(name)
        count += not (text[end : end + 1].isalnum() or text[at - 1 : at].isalnum())
        at = text.find(name, end)
    return count
