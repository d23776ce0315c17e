"""Documents of nearly the same text: how they are found among thousands, told apart, and kept.

`anchors` says which documents have a sequence of words; those that have several of a text's are compared with
it by their sketches, the likeliest first. So the cost of one more document does not grow with the collection.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from index.sketch import FORM, Shares, Sketch

TABLES = """
CREATE TABLE IF NOT EXISTS sketches (  -- of the text that a revision reads
    revision INTEGER PRIMARY KEY REFERENCES revisions(key) ON DELETE CASCADE,
    form INTEGER NOT NULL, words INTEGER NOT NULL, digest BLOB NOT NULL, level INTEGER NOT NULL,
    hashes BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS sketches_digest ON sketches(digest);
CREATE TABLE IF NOT EXISTS anchors (   -- of a sketch, what others are found by
    hash INTEGER NOT NULL, revision INTEGER NOT NULL REFERENCES sketches(revision) ON DELETE CASCADE,
    PRIMARY KEY (hash, revision)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS anchors_revision ON anchors(revision);
CREATE TABLE IF NOT EXISTS twins (     -- revisions with text in common, each pair once
    revision INTEGER NOT NULL REFERENCES sketches(revision) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES sketches(revision) ON DELETE CASCADE,
    same INTEGER NOT NULL, inside REAL NOT NULL, holds REAL NOT NULL,
    PRIMARY KEY (revision, other)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS twins_other ON twins(other);
"""
_CURRENT = """JOIN revisions r ON r.key = {} JOIN documents d ON d.id = r.document
    AND r.key = COALESCE(d.staged, d.live) AND d.removing = 0 AND d.removed IS NULL"""
_NEAR, _WHOLE = 0.4, 0.8  # shares from which on texts are alike, and one is in the other
_MUCH_SMALLER = 0.8  # of the other's words: of a text that is in another rather than like it
_FEWEST = 12  # sequences that a share is taken of
_SHARED_BY = 32  # documents that an anchor leads to: what stands everywhere tells nothing
_COMPARED = 24  # documents, those that share most anchors
Rows = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


class Likeness(StrEnum):
    """How the text of one document stands to that of another."""

    SAME = "same"
    NEAR = "near"
    CONTAINS = "contains"
    CONTAINED = "contained"


@dataclass(frozen=True, slots=True)
class Twin:
    """Another document with the same text, nearly the same, or one that is part of the other.

    `inside` is the share of this document's text that the other has, `holds` that of the other's that this
    one has; of texts above some two thousand words both are estimates.
    """

    likeness: Likeness
    document_id: str
    source: str
    inside: float
    holds: float

    @property
    def share(self) -> float:
        """The share that the likeness is about: of the part, or of both texts together."""
        return _share(self.likeness, Shares(self.inside, self.holds))

    @property
    def resemblance(self) -> float:
        """Of what either document has, what both have (Jaccard)."""
        return Shares(self.inside, self.holds).resemblance

    def __str__(self) -> str:
        if self.likeness is Likeness.SAME:
            return f"same text as {self.source}"
        share = self.share
        percent = f"{int(100 * share)}%"
        if self.likeness is Likeness.CONTAINS:
            return f"contains {self.source} ({percent} of it)"
        if self.likeness is Likeness.CONTAINED:
            return f"contained in {self.source} ({percent} of this text)"
        nearly = "nearly the same as" if share >= _WHOLE else "much the same as"
        most = min(99, int(100 * share))  # all of it would be the same
        return f"{nearly} {self.source} ({most}%)"


def _share(kind: Likeness, shares: Shares) -> float:
    if kind is Likeness.CONTAINS:
        return shares.holds
    return shares.inside if kind is Likeness.CONTAINED else shares.mean


def likeness(same: bool, shares: Shares) -> Likeness | None:
    """What two texts are to each other by their shares; None where that is nothing to speak of."""
    if same:
        return Likeness.SAME
    if shares.inside >= _WHOLE and shares.inside * _MUCH_SMALLER >= shares.holds:
        return Likeness.CONTAINED
    if shares.holds >= _WHOLE and shares.holds * _MUCH_SMALLER >= shares.inside:
        return Likeness.CONTAINS
    return Likeness.NEAR if shares.mean >= _NEAR else None


@dataclass(frozen=True, slots=True)
class Compared:
    """A sketch, and the revisions that it was found to be like: with whether the words are the same."""

    sketch: Sketch
    pairs: tuple[tuple[int, bool, Shares], ...]
    twins: tuple[Twin, ...]  # the same, nearest first


def compared(rows: Rows, sketch: Sketch, document_id: str) -> Compared:
    """What a document's text is to those that the next generation would hold so far, its own left out."""
    found: list[tuple[Twin, tuple[int, bool, Shares]]] = []
    for revision, id_, source, *kept in _candidates(rows, sketch, document_id):
        other = _sketch(*kept)
        shares, sample = sketch.compare(other)
        same = sketch.words > 0 and sketch.digest == other.digest
        kind = likeness(same, shares) if same or sample >= _FEWEST else None
        if kind:
            twin = Twin(kind, id_, source, shares.inside, shares.holds)
            found.append((twin, (revision, same, shares)))
    found.sort(key=lambda pair: _nearest(pair[0]))
    return Compared(sketch, tuple(pair for _, pair in found), tuple(twin for twin, _ in found))


def _nearest(twin: Twin) -> tuple[bool, float, str, str]:
    return twin.likeness is not Likeness.SAME, -twin.share, twin.source, twin.document_id


def _candidates(rows: Rows, sketch: Sketch, document_id: str) -> list[tuple[Any, ...]]:
    """The documents of the same words, and those that share most anchors, with their sketches."""
    current = _CURRENT.format("a.revision")
    votes: Counter[int] = Counter()
    sql = f"SELECT a.revision FROM anchors a {current} AND d.id <> ? WHERE a.hash = ? LIMIT {_SHARED_BY}"
    for anchor in sketch.anchors.tolist():
        votes.update(row[0] for row in rows(sql, (document_id, anchor)))
    fewest = min(2, len(sketch.anchors))
    likely = [key for key, n in votes.most_common(_COMPARED) if n >= fewest]
    marks = ",".join("?" * len(likely))
    current = _CURRENT.format("s.revision")
    return rows(
        f"""SELECT s.revision, d.id, d.source, s.words, s.digest, s.level, s.hashes
        FROM sketches s {current} AND d.id <> ? WHERE s.revision IN ({marks})
        OR s.revision IN (SELECT revision FROM sketches WHERE digest = ? LIMIT {_SHARED_BY})""",
        [document_id, *likely, sketch.digest],
    )


def _sketch(words: int, digest: bytes, level: int, hashes: bytes) -> Sketch:
    return Sketch(words, digest, level, np.frombuffer(hashes, np.int64))


def keep(db: sqlite3.Connection, revision: int, found: Compared) -> None:
    """Write a revision's sketch, and what it is like."""
    sketch = found.sketch
    db.execute("DELETE FROM sketches WHERE revision = ?", (revision,))  # of an earlier form
    db.execute(
        "INSERT INTO sketches VALUES (?, ?, ?, ?, ?, ?)",
        (revision, FORM, sketch.words, sketch.digest, sketch.level, sketch.hashes.tobytes()),
    )
    anchors = ((anchor, revision) for anchor in sketch.anchors.tolist())
    db.executemany("INSERT INTO anchors VALUES (?, ?)", anchors)
    db.executemany(
        "INSERT INTO twins VALUES (?, ?, ?, ?, ?)",
        ((revision, other, same, shares.inside, shares.holds) for other, same, shares in found.pairs),
    )


def missing(rows: Rows) -> list[tuple[int, str]]:
    """(revision, document id) of what has no sketch yet: it was added by an earlier pincite."""
    found = rows(
        f"""SELECT k.key, d.id FROM revisions k {_CURRENT.format("k.key")}
        WHERE k.key NOT IN (SELECT revision FROM sketches WHERE form = ?) ORDER BY k.key""",
        (FORM,),
    )
    return [(key, id_) for key, id_ in found]


def forget(db: sqlite3.Connection) -> None:
    """Drop the sketches of versions that were replaced: nothing is compared with them any more."""
    db.execute(
        "DELETE FROM sketches WHERE revision NOT IN (SELECT live FROM documents WHERE live IS NOT NULL)"
    )


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest twins of a document, and how many it has in all."""

    twins: tuple[Twin, ...] = ()
    count: int = 0


_Pair = tuple[str, tuple[str, str], bool, Shares]  # a document's id, another's with its source; how alike
_Ranked = tuple[bool, float, str, str, Likeness, Shares]  # as `_nearest` has it, then what a twin is made of


def of_documents(rows: Rows, document_id: str | None = None, most: int | None = None) -> dict[str, Nearest]:
    """By the ids of the published documents that have twins, or for one: the nearest `most` of them."""
    if not rows("SELECT 1 FROM sqlite_master WHERE name = 'twins'", ()):
        return {}  # the store of an earlier pincite, to which nothing was added since
    found: dict[str, list[_Ranked]] = {}
    for id_, (twin, source), same, shares in _every(rows) if document_id is None else _of(rows, document_id):
        if kind := likeness(same, shares):
            key = (kind is not Likeness.SAME, -_share(kind, shares), source, twin)
            found.setdefault(id_, []).append((*key, kind, shares))
    return {id_: _first(every, most) for id_, every in found.items()}


def _first(every: list[_Ranked], most: int | None) -> Nearest:
    """Sorted as they are, and made twins of as far as they are wanted: a list has a hundred thousand."""
    twins = (
        Twin(kind, id_, source, shares.inside, shares.holds)
        for _, _, source, id_, kind, shares in sorted(every)[:most]
    )
    return Nearest(tuple(twins), len(every))


def _every(rows: Rows) -> Iterator[_Pair]:
    """All pairs, each from both sides. Names are looked up here: to join them to each pair takes longer."""
    live = {key: (id_, source) for key, id_, source in rows("SELECT live, id, source FROM documents", ())}
    for one, other, same, inside, holds in rows("SELECT revision, other, same, inside, holds FROM twins", ()):
        if one in live and other in live:
            yield live[one][0], live[other], bool(same), Shares(inside, holds)
            yield live[other][0], live[one], bool(same), Shares(holds, inside)


def _of(rows: Rows, document_id: str) -> Iterator[_Pair]:
    """The pairs of one document, by an index for each of their sides: for one OR the other there is none."""
    sides = (("revision", "other", "inside, t.holds"), ("other", "revision", "holds, t.inside"))
    for own, twin, shares in sides:
        found = rows(
            f"""SELECT d.id, d.source, t.same, t.{shares} FROM twins t
            JOIN revisions r ON r.key = t.{twin} JOIN documents d ON d.id = r.document AND d.live = r.key
            WHERE t.{own} = (SELECT live FROM documents WHERE id = ?)""",
            (document_id,),
        )
        for id_, source, same, inside, holds in found:
            yield document_id, (id_, source), bool(same), Shares(inside, holds)
