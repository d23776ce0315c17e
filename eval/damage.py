"""Ways in which quotations go wrong: typography, slips, and changes of meaning; all from one seed."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from rapidfuzz.distance import Levenshtein

Damage = Callable[[Random, str], str | None]  # None where a text offers nothing to damage

MOST = 0.1  # of the characters of a quotation that slips may touch
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"\d+")
_MONTHS = (  # but May, which is a word too
    *("January", "February", "March", "April", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|should|must|may|might|do|does|did)\b"
)
_NOT = re.compile(r"\b(?:not|never|no) ")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nor|neither|nobody|nothing|without|cannot)\b|n['’]t", re.IGNORECASE
)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})*")
_OCR = (
    ("rn", "m"),
    ("m", "rn"),
    ("l", "1"),
    ("o", "0"),
    ("e", "c"),
    ("h", "b"),
    ("li", "h"),
    ("i", "l"),
    ("cl", "d"),
)


def typography(random: Random, text: str) -> str | None:
    """Marks of other kinds: straight for curly, dashes, blanks that do not break."""
    table = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "–", "'": "’", "…": "..."}
    changed = "".join(table.get(c, c) for c in text)
    blanks = [i for i, c in enumerate(changed) if c == " "]
    if not blanks:
        return None
    for i in random.sample(blanks, min(2, len(blanks))):
        changed = f"{changed[:i]}\u00a0{changed[i + 1 :]}"
    return changed


def hyphens(random: Random, text: str) -> str | None:
    """Soft hyphens in long words, and hyphens that do not break."""
    words = [match for match in _WORD.finditer(text) if len(match.group()) > 7]
    changed = text.replace("-", "\u2011")
    if words and changed == text:
        at = random.choice(words).start() + 4
        changed = f"{text[:at]}\u00ad{text[at:]}"
    return changed if changed != text else None


def rewrapped(random: Random, text: str) -> str | None:
    """Lines of another length, a word cut at the end of one."""
    words = [match for match in _WORD.finditer(text) if len(match.group()) > 7 and match.group().islower()]
    if words:
        match = random.choice(words)
        at = match.start() + len(match.group()) // 2
        if text[at - 1] not in "-" and text[match.start() - 1 : match.start()] != "-":
            text = f"{text[:at]}-\n{text[at:]}"
    return re.sub(r" (?=\S{6})", lambda m: "\n" if random.random() < 0.15 else m.group(), text)


def markup(random: Random, text: str) -> str | None:
    """Emphasis and a mark of block quotation, as drafts have them."""
    words = list(_WORD.finditer(text))
    match = random.choice(words)
    around = random.choice(("*", "**", "_"))
    if text[match.start() - 1 : match.start()] not in ("", " ") or text[
        match.end() : match.end() + 1
    ] not in ("", " "):
        return f"> {text}"
    return f"> {text[: match.start()]}{around}{match.group()}{around}{text[match.end() :]}"


def note_marks(random: Random, text: str) -> str | None:
    """The mark of a note behind a word."""
    ends = [
        match.end()
        for match in _WORD.finditer(text)
        if text[match.end() : match.end() + 1] in (" ", ",", ".")
    ]
    if not ends:
        return None
    at = random.choice(ends)
    return f"{text[:at]}{random.choice(('¹²', '³', '[^7]'))}{text[at:]}"


def start_case(_random: Random, text: str) -> str | None:
    """The first letter small, or a capital."""
    return (
        text[0].swapcase() + text[1:]
        if text[0].isalpha() and text[0].swapcase().lower() == text[0].lower()
        else None
    )


def end_mark(random: Random, text: str) -> str | None:
    """A full stop or comma where the sentence goes on, or another one."""
    return text.rstrip(".,;:") + random.choice(".,;") if text[-1].isalnum() or text[-1] in ".,;:" else None


def quotation_marks(random: Random, text: str) -> str | None:
    """In quotation marks, those inside made single."""
    inner = re.sub(r'[“"]([^”"]*)[”"]', r"‘\1’", text)
    return random.choice(("“{}”", '"{}"', "«{}»", "„{}“")).format(inner)


def ellipsis(random: Random, text: str) -> str | None:
    """Words left out in the middle, and marked; no negation among them."""
    words = text.split(" ")
    if len(words) < 12:
        return None
    count = random.randint(2, len(words) // 3)
    first = random.randint(4, len(words) - count - 4)
    if _NEGATION.search(" ".join(words[first : first + count])):
        return None
    mark = random.choice(("…", "...", "[…]", "[...]", ". . ."))
    return " ".join([*words[:first], mark, *words[first + count :]])


def insertion(random: Random, text: str) -> str | None:
    """An editor's words in brackets, added or instead of one."""
    words = list(re.finditer(r"(?<= )(?:it|they|he|she|this|these|its|their|his)(?= )", text))
    if words and random.random() < 0.7:
        match = random.choice(words)
        return f"{text[: match.start()]}[the parties]{text[match.end() :]}"
    blanks = [i for i, c in enumerate(text) if c == " "]
    at = random.choice(blanks)
    return f"{text[:at]} {random.choice(('[sic]', '[as they said]', '[in Baku]'))}{text[at:]}"


def ocr(random: Random, text: str) -> str | None:
    """What bad recognition makes of letters, a tenth of them at most."""

    def slip(text: str) -> str:
        right, wrong = random.choice(_OCR)
        places = [match.start() for match in re.finditer(right, text)]
        at = random.choice(places) if places else 0
        return text[:at] + wrong + text[at + len(right) :] if places else text

    return _often(random, text, slip)


def typing(random: Random, text: str) -> str | None:
    """Letters missed, doubled and exchanged, a tenth at most."""

    def slip(text: str) -> str:
        match = random.choice(list(_WORD.finditer(text)))
        at = random.randrange(match.start(), match.end() - 1)
        slipped = random.choice(("", text[at] * 2 + text[at + 1], text[at + 1] + text[at]))
        return text[:at] + slipped + text[at + 2 if slipped else at + 1 :]

    return _often(random, text, slip)


def _often(random: Random, text: str, slip: Callable[[str], str]) -> str | None:
    """Slips until up to a tenth of the characters differ."""
    most = random.uniform(0, MOST) * len(text)
    spoilt = text
    for _ in range(len(text)):
        further = slip(spoilt)
        if Levenshtein.distance(text, further) > max(2, most):
            break
        spoilt = further
    return spoilt if spoilt != text else None


def dropped(random: Random, text: str) -> str | None:
    """Words left out without a mark, a tenth at most."""
    words = text.split(" ")
    count = max(1, len(words) // 10)
    if len(words) < 10:
        return None
    for _ in range(count):
        del words[random.randrange(1, len(words) - 1)]
    return " ".join(words)


def swapped(random: Random, text: str) -> str | None:
    """Neighbouring words exchanged, a tenth at most."""
    words = text.split(" ")
    if len(words) < 8:
        return None
    for _ in range(max(1, len(words) // 18)):
        at = random.randrange(1, len(words) - 2)
        words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def number(random: Random, text: str) -> str | None:
    """Another number."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    match = random.choice(found)
    digits = list(match.group())
    at = random.randrange(len(digits))
    digits[at] = random.choice([d for d in "123456789" if d != digits[at]])
    return text[: match.start()] + "".join(digits) + text[match.end() :]


def date(random: Random, text: str) -> str | None:
    """Another month."""
    found = list(_MONTH.finditer(text))
    if not found:
        return None
    match = random.choice(found)
    other = random.choice([month for month in _MONTHS if month != match.group()])
    return text[: match.start()] + other + text[match.end() :]


def negation(random: Random, text: str) -> str | None:
    """A `not` more, or one less."""
    if match := _NOT.search(text):
        return text[: match.start()] + text[match.end() :]
    found = [m for m in _AUXILIARY.finditer(text) if text[m.end() : m.end() + 1] == " "]
    if not found:
        return None
    at = random.choice(found).end()
    return f"{text[:at]} not{text[at:]}"


def name(random: Random, text: str) -> str | None:
    """Another name."""
    found = list(_NAME.finditer(text))
    if not found:
        return None
    match = random.choice(found)
    others = [n for n in ("Norland", "Petrova", "Castellan", "Okoro", "Brightwater") if n != match.group()]
    if len(match.group()) > MOST * len(text):
        return None
    return text[: match.start()] + random.choice(others) + text[match.end() :]
