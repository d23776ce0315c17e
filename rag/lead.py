"""Passages that the structure of documents says come first, whatever their words: by-lines and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from corpus.records import Record
from index.reader import Snapshot
from index.records import FloatArray, IntArray, StoredPassage
from rag.asked import Asked, asked
from rag.fuse import candidates, min_max
from rag.records import Question, RankedPassage

STRUCTURE = "structure"  # the signal of a passage that leads
_DEPTH = 30  # candidates looked at
_MOST_NOTES = 3  # notes of one number, or of one passage
# Share of the asked words that a section's title must have, by how sure it is that its author is asked for.
_PART, _SURELY, _PERHAPS = 0.34, 0.5, 0.6
_PREFIX = 5  # letters by which `Ukrainian` meets `Ukraine`
_GENERIC = (  # words that ask, and say nothing of which part is meant
    "wrote write writes writing written author authored authors byline by-line sign signed signs signature "
    "stand stands contribute contributed contributor contribution behind responsible penned person expert "
    "chapter section part article essay paper piece report study book volume bulletin publication "
    "deal deals treat treats discuss discusses compare compares about entitled titled called itself"
)


def lead(
    question: Question, ranked: Sequence[RankedPassage], index: Snapshot, vector: FloatArray
) -> list[RankedPassage]:
    """The ranking with what structure puts first: who signs the part that is asked about, notes by number.

    Where a source is asked for, the notes that the best passage calls follow it.
    """
    wants = asked(question.text)
    if wants.notes:
        first = _numbered(question, wants.notes, index, vector)
    elif wants.author:
        first = _signed(question, wants, ranked, index, vector)
    else:
        first = []
    led = [_led(stored, ranked) for stored in first]
    rest = [r for r in ranked if all(r.stored.key != stored.key for stored in first)]
    return [*led, *(_with_notes(rest, index) if wants.source and not led else rest)]


def _led(stored: StoredPassage, ranked: Sequence[RankedPassage]) -> RankedPassage:
    own = next((r.signals for r in ranked if r.stored.key == stored.key), {})
    top = max((r.score for r in ranked), default=0.0)
    return RankedPassage(0, max(1.0, top), MappingProxyType({**own, STRUCTURE: 1.0}), stored)


def _numbered(
    question: Question, numbers: Sequence[str], index: Snapshot, vector: FloatArray
) -> list[StoredPassage]:
    """The notes of these numbers, the nearest first, each with what its `Ibid.` stands for."""
    keys = np.unique(np.concatenate([index.noted(number, question.filters) for number in numbers]))
    nearest = index.dense(vector, len(keys), keys).keys  # the store may be ahead of the index by a moment
    noted = _stored(index, nearest)
    asked_of = [one for one in noted if _names(question.text, one)]
    found: dict[int, StoredPassage] = {}
    for stored in (asked_of or noted)[:_MOST_NOTES]:
        own = stored.passage.defines
        found.update((one.key, one) for one in (stored, *index.defining(stored, [own] if own else [])))
    return list(found.values())


def _names(question: str, stored: StoredPassage) -> bool:
    """Whether a question says which document it means."""
    title = Record(stored.record).title
    return title is not None and title.casefold() in question.casefold()


def _signed(
    question: Question, wants: Asked, ranked: Sequence[RankedPassage], index: Snapshot, vector: FloatArray
) -> list[StoredPassage]:
    """The passage that names the author of the part whose title says most of what is asked.

    Where no title says enough, of the part that the best passage stands in.
    """
    signing = index.signing(question.filters)
    terms = index.terms(question.text)
    if not len(signing):
        return []
    keys = candidates(index.dense(vector, _DEPTH, signing), index.lexical(terms, _DEPTH, signing))
    stored = _stored(index, keys)
    near = min_max(index.cosine(vector, np.asarray([one.key for one in stored], np.int64)))
    generic = set(index.terms(_GENERIC))
    subject = [term for term in terms if term not in generic and len(term) > 1]
    rarity = dict(zip(subject, index.rarity(subject).tolist(), strict=True))
    met = [_title_met(one, rarity, index) for one in stored]
    order = sorted(range(len(stored)), key=lambda i: (-(met[i] + 0.5 * float(near[i])), stored[i].key))
    enough = _PART if wants.part else _SURELY if wants.surely else _PERHAPS
    named = [stored[i] for i in order[:1] if met[i] >= enough]
    return (
        named or [one for one in stored if wants.part and ranked and _signs_for(one, ranked[0].stored)][-1:]
    )


def _signs_for(signing: StoredPassage, stored: StoredPassage) -> bool:
    return (
        signing.version == stored.version
        and signing.passage.locator.section[-1] in stored.passage.locator.section
        and signing.passage.locator.section_authors == stored.passage.locator.section_authors
    )


def _title_met(stored: StoredPassage, rarity: Mapping[str, float], index: Snapshot) -> float:
    """Share of the asked words, by rarity, that a section's title has.

    Words that name the whole document count half where the title has them, and not at all where it has not.
    """
    section = index.terms(stored.passage.locator.section[-1])
    record = Record(stored.record)
    whole = set(index.terms(" ".join(filter(None, (record.title, record.publisher, record.date)))))
    total = met = 0.0
    for term, weight in rarity.items():
        inside = any(_alike(term, other) for other in section)
        weight *= (0.5 if inside else 0.0) if term in whole else 1.0
        total += weight
        met += weight if inside else 0.0
    return met / total if total else 0.0


def _alike(one: str, other: str) -> bool:
    return one == other or (len(min(one, other, key=len)) >= _PREFIX and one[:_PREFIX] == other[:_PREFIX])


def _with_notes(ranked: Sequence[RankedPassage], index: Snapshot) -> list[RankedPassage]:
    """The ranking with the notes that the best passage of the body calls right behind it."""
    at = next((i for i, r in enumerate(ranked) if r.stored.passage.note is None), None)
    if at is None:
        return list(ranked)
    called = [n for n in ranked[at].stored.passage.locator.footnotes if n.at is not None][:_MOST_NOTES]
    notes = index.defining(ranked[at].stored, called)
    before = {r.stored.key for r in ranked[: at + 1]}
    linked = [
        replace(_led(stored, ranked), score=ranked[at].score) for stored in notes if stored.key not in before
    ]
    moved = {r.stored.key for r in linked}
    return [*ranked[: at + 1], *linked, *(r for r in ranked[at + 1 :] if r.stored.key not in moved)]


def _stored(index: Snapshot, keys: IntArray) -> list[StoredPassage]:
    found = index.passages(keys.tolist())
    return [found[key] for key in keys.tolist() if key in found]
