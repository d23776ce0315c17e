"""Words that say the opposite of each other: a question with the other one asks for what is not there."""

from __future__ import annotations

from collections.abc import Iterable

_PAIRS = (
    "first/last before/after increase/decrease increased/decreased more/less more/fewer most/least "
    "most/fewest north/south northern/southern east/west eastern/western highest/lowest largest/smallest "
    "biggest/smallest greater/lesser greater/smaller higher/lower early/late earlier/later "
    "earliest/latest begin/end began/ended start/end started/ended start/finish won/lost win/lose "
    "victory/defeat accept/reject accepted/rejected allow/prohibit allowed/prohibited allow/forbid "
    "agree/disagree support/oppose supported/opposed inside/outside above/below over/under upper/lower "
    "left/right old/new ancient/modern young/old strong/weak stronger/weaker rich/poor hot/cold warm/cool "
    "dry/wet public/private male/female man/woman men/women king/queen father/mother son/daughter "
    "birth/death born/died open/closed opened/closed join/leave joined/left import/export imports/exports "
    "buy/sell bought/sold rise/fall rose/fell advantage/disadvantage positive/negative internal/external "
    "major/minor majority/minority maximum/minimum success/failure good/bad better/worse best/worst "
    "long/short longer/shorter longest/shortest fast/slow faster/slower easy/difficult simple/complex "
    "always/never same/different common/rare attack/defend enemy/ally war/peace arrive/depart "
    "arrived/departed enter/exit gain/lose gained/lost raise/lower raised/lowered include/exclude "
    "included/excluded love/hate help/hinder create/destroy created/destroyed built/destroyed "
    "natural/artificial active/passive front/back top/bottom heavy/light thick/thin wide/narrow "
    "deep/shallow near/far present/absent present/past true/false safe/dangerous urban/rural "
    "domestic/foreign winter/summer day/night ancestor/descendant teacher/student predecessor/successor "
    "superior/inferior "
)
_NEGATING = ("un", "in", "im", "il", "ir", "dis", "non")


def _table(pairs: Iterable[str]) -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for one, other in (pair.split("/") for pair in pairs):
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in table.items()}


_OPPOSITES = _table(_PAIRS.split())


def opposed(word: str, said: frozenset[str]) -> bool:
    """Whether words that are said, in lower case, hold the opposite of one that is not among them."""
    if word in said:
        return False
    bare = next((word.removeprefix(p) for p in _NEGATING if word.startswith(p)), "")
    return bool(
        _OPPOSITES.get(word, frozenset()) & said
        or (len(bare) > 3 and bare in said)
        or any(prefix + word in said for prefix in _NEGATING)
    )
