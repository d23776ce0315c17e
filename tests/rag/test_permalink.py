from __future__ import annotations

import re

import pytest

from corpus.passages import PassageConfig
from index.errors import GoneError, NotFoundError
from rag.anchor import Anchor, Anchored
from rag.cite import cite
from rag.errors import CiteError
from rag.permalink import Current, resolve
from rag.records import Citation, Question
from rag.retrieve import retrieve
from rag.testing import Collection

OLD = "The bridge of Morava is open. It was built in 1905. Four lanes lead across it."
NEW = "The bridge of Morava is closed. It was built in 1905. Four lanes lead across it."


def _cite(collection: Collection, question: str, words: str) -> Citation:
    stored = retrieve(Question(question), collection.tools()).passages[0].stored
    start = stored.passage.text.index(words)
    return cite(collection.store, stored, start, start + len(words))


def test_a_citation_is_found_under_its_id(collection: Collection) -> None:
    collection.add({"a.txt": OLD, "b.txt": "Another text."})
    cited = _cite(collection, "bridge Morava", "It was built in 1905.")
    found = resolve(collection.store, cited.id)
    assert (found.citation, found.current) == (cited, None)


def test_a_passage_is_found_under_its_id(collection: Collection) -> None:
    collection.add({"a.txt": OLD})
    stored = retrieve(Question("bridge"), collection.tools()).passages[0].stored
    assert resolve(collection.store, stored.passage.id).citation == cite(collection.store, stored)


def test_more_digits_of_the_version_name_the_same(collection: Collection) -> None:
    collection.add({"a.txt": OLD})
    cited = _cite(collection, "bridge", "It was built")
    longer = cited.id.replace(cited.stored.version[:16], cited.stored.version)
    assert resolve(collection.store, longer).citation == cited


def test_after_a_change_both_are_shown_and_how_the_new_place_was_found(collection: Collection) -> None:
    collection.add({"a.txt": OLD})
    same = _cite(collection, "bridge", "It was built in 1905.")
    other = _cite(collection, "bridge", "The bridge of Morava is open.")
    collection.add({"a.txt": NEW})
    found = [resolve(collection.store, cited.id) for cited in (same, other)]
    assert [f.citation.quote for f in found] == [same.quote, other.quote]
    assert all(f.citation.stored.superseded for f in found)
    told = [(f.current.anchor.anchored, f.current.citation) for f in found if f.current]
    assert [(anchored, now.quote, now.stored.superseded) if now else None for anchored, now in told] == [
        (Anchored.EXACT, ("It was built in 1905.",), False),
        (Anchored.FUZZY, ("The bridge of Morava is closed.",), False),
    ]


def test_what_the_new_version_no_longer_says_is_lost(collection: Collection) -> None:
    collection.add({"a.txt": OLD})
    cited = _cite(collection, "bridge", "Four lanes lead across it.")
    collection.add({"a.txt": "Nothing is known about any of this today."})
    current = resolve(collection.store, cited.id).current
    assert current == Current(Anchor(Anchored.LOST), None)


def test_what_was_removed_is_gone(collection: Collection) -> None:
    collection.add({"a.txt": OLD, "b.txt": "Another text."})
    cited = _cite(collection, "bridge", "It was built")
    collection.remove("a.txt")
    for id_ in (cited.id, cited.stored.passage.id):
        with pytest.raises(GoneError, match=r"It was: a\.txt; removed on"):
            resolve(collection.store, id_)


def test_ids_outlive_another_splitting_of_the_document(collection: Collection) -> None:
    collection.add({"a.txt": " ".join([OLD] * 6)})
    stored = retrieve(Question("bridge"), collection.tools()).passages[0].stored
    before = cite(collection.store, stored)
    collection._passages = PassageConfig(max_tokens=20, overlap_tokens=0)
    collection.add({"a.txt": " ".join([OLD] * 6)})
    for id_ in (stored.passage.id, before.id):
        after = resolve(collection.store, id_).citation
        assert (after.id, after.quote) == (before.id, before.quote)
        assert after.stored.passage.id != stored.passage.id


@pytest.mark.parametrize(
    "id_", ["cit_", "cit_zz_1-2", "cit_0123456789abcdef", "cit_0123456789abcdef_1-2,3-4"]
)
def test_what_is_no_id_of_a_citation_is_not_found(id_: str, collection: Collection) -> None:
    collection.add({"a.txt": OLD})
    with pytest.raises(NotFoundError, match=f"{re.escape(id_)} is not the id of a citation"):
        resolve(collection.store, id_)


def test_places_that_nobody_can_have_cited_are_refused(collection: Collection) -> None:
    collection.add({"a.txt": OLD})
    version = collection.store.documents()[0].version[:16]
    for places, why in (("9-3", "ends before it starts"), ("3-3", "one character"), ("0-999999", "behind")):
        with pytest.raises(CiteError, match=why):
            resolve(collection.store, f"cit_{version}_{places}")


def test_an_unknown_passage_is_not_found(collection: Collection) -> None:
    collection.add({"a.txt": OLD})
    with pytest.raises(NotFoundError, match="no passage psg_x in this index"):
        resolve(collection.store, "psg_x")
