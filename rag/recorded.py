"""Claims told from the record of a document that a question names: who wrote it, who published it, when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.fold import Reading
from corpus.records import Record, person_name
from index.records import StoredPassage
from index.store import Store
from rag.asked import asks_for_author_of_a_part
from rag.extract import Extract
from rag.records import RankedPassage, Ranking

_ASKS: tuple[tuple[str, str], ...] = (  # the first that is asked for counts
    (r"\bwho (?:is |was )?interview\w*\b.*|\binterviewers?\b", "interviewer"),
    (
        r"\bwho (?:wrote|authored|penned|is behind)\b|\b(?:who|which).*\bwritten by\b|\bauthors? of\b",
        "author",
    ),
    (r"\bwho (?:has )?(?:published|issued)\b|\bpublishers? of\b", "publisher"),
    (r"\bwhen (?:was|did)\b.*\b(?:publish\w*|issued|appear|come out|written)\b|\bdate of\b", "issued"),
)
_ASKED = tuple((re.compile(pattern, re.IGNORECASE), field) for pattern, field in _ASKS)
_SAYS = {
    "author": "“{title}” is by {names}.",
    "publisher": "“{title}” was published by {names}.",
    "issued": "“{title}” is dated {names}.",
    "interviewer": "The interview “{title}” was held by {names}.",
}
_WORD = re.compile(r"\w+")
_ASKING = re.compile(  # words of such a question
    r"who|wrote|the|authors?|of|is|was|by|written|published|issued|when|did|come|out|appear|publishers?|an?"
    r"|report|interview|bulletin|book|document|paper|article|and|in|behind|to|interviewed|interviewers?|which"
)
_MOST = 2  # words that a question may have beside its own and those of a title


def recorded(ranking: Ranking, store: Store) -> list[Extract]:
    """What the record tells of the document whose title a question gives; nothing where it tells nothing."""
    question = ranking.question.text
    field = next((field for pattern, field in _ASKED if pattern.search(question)), None)
    documents = {ranked.stored.document_id: ranked for ranked in ranking.passages}
    named = [ranked for ranked in documents.values() if _is_named(question, ranked.stored)]
    if field is None or len(named) != 1 or asks_for_author_of_a_part(question):
        return []
    return list(_told(named[0], field, store))


def _is_named(question: str, stored: StoredPassage) -> bool:
    """Whether a question is about a document as a whole: it gives its title, and hardly anything else."""
    asked = [word.casefold() for word in _WORD.findall(question)]
    title = [word.casefold() for word in _WORD.findall(Record(stored.record).title or "")]
    at = next((i for i in range(len(asked)) if title and asked[i : i + len(title)] == title), None)
    if at is None:
        return False
    others = [word for word in (*asked[:at], *asked[at + len(title) :]) if not _ASKING.fullmatch(word)]
    return len(others) <= _MOST


def _told(ranked: RankedPassage, field: str, store: Store) -> Iterator[Extract]:
    document = store.document(ranked.stored.document_id, ranked.stored.version).document
    value = document.record.csl.get(field)
    names = [person_name(person) for person in value] if isinstance(value, tuple | list) else [str(value)]
    support = document.record.support.get(field)
    if not value or support is None:
        return
    for stored in store.passages_at(document.version, support)[:1]:
        text = stored.passage.text
        start, end = Reading(text, stored.passage.runs).range(support)
        ends = (text.find(name, start) + len(name) for name in names if text.find(name, start) >= 0)
        told = _SAYS[field].format(title=document.record.title, names=listed(names))
        yield Extract(replace(ranked, stored=stored), start, max(end, *ends, end), 1.0, told)


def listed(names: Sequence[str]) -> str:
    """Names as people list them."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
