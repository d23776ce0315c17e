from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from corpus.sources import Source
from index.plan import Change, Outcome
from index.sketch import Shares
from index.store import Store
from index.twins import Likeness, likeness

if TYPE_CHECKING:
    from tests.index.conftest import Desk

WORDS = [f"{a}{b}" for a in "bcdfghjklm" for b in ("ale", "ore", "ine", "ust", "end", "ark", "oom", "ip")]


def report(seed: int, sentences: int = 60) -> list[str]:
    """Sentences of ten words each."""
    chance = random.Random(seed)
    return [" ".join(chance.choices(WORDS, k=10)).capitalize() + "." for _ in range(sentences)]


def source(name: str, sentences: list[str], end: str = "\n") -> Source:
    return Source(name, "\n\n".join(sentences).encode() + end.encode(), document_id=name)


def told(outcome: Outcome) -> tuple[str, str | None, list[str]]:
    return outcome.change.value, outcome.detail, [twin.likeness.value for twin in outcome.twins]


def likenesses(desk: Desk) -> dict[tuple[str, str], str]:
    twins = desk.reader().store.twins()
    return {(id_, twin.document_id): twin.likeness.value for id_, own in twins.items() for twin in own.twins}


def test_the_same_text_in_another_format_is_told_and_added_all_the_same(desk: Desk) -> None:
    text = report(1)
    marked = Source(
        "b.md", ("# " + "\n\n**".join(text).replace(".", ".**")[:-2]).encode(), document_id="b.md"
    )
    outcomes = desk.add(source("a.txt", text), marked)
    assert [told(o) for o in outcomes] == [("added", None, []), ("added", "same text as a.txt", ["same"])]
    assert len(desk.texts()) == 2


def test_a_new_edition_is_nearly_the_same_and_both_are_told_so(desk: Desk) -> None:
    text = report(1)
    newer = [*report(2, 3), *text[3:]]
    desk.add(source("2021.md", text))
    (outcome,) = desk.add(source("2022.md", newer))
    assert told(outcome) == ("added", "nearly the same as 2021.md (94%)", ["near"])
    assert likenesses(desk) == {("2021.md", "2022.md"): "near", ("2022.md", "2021.md"): "near"}


def test_a_chapter_is_contained_in_its_book_and_the_book_contains_it(desk: Desk) -> None:
    book = report(1, 300)
    _, outcome = desk.add(source("book.txt", book), source("chapter.txt", book[40:70]))
    assert told(outcome) == (
        "added",
        "contained in book.txt (100% of this text)",
        ["contained"],
    )
    (twin,) = desk.reader().store.twins("book.txt")["book.txt"].twins
    assert twin.likeness is Likeness.CONTAINS
    assert twin.inside == pytest.approx(0.1, abs=0.02)
    assert twin.holds == 1.0
    assert str(twin) == "contains chapter.txt (100% of it)"


def test_documents_of_one_topic_are_no_twins(desk: Desk) -> None:
    """They have all their words in common, and no sentence."""
    outcomes = desk.add(*(source(f"{n}.txt", report(n)) for n in range(20)))
    assert {told(o)[1] for o in outcomes} == {None}
    assert likenesses(desk) == {}


def test_the_bytes_of_another_are_a_duplicate_as_ever(desk: Desk) -> None:
    data = "\n\n".join(report(1)).encode()
    second, first = desk.add(Source("a.txt", data), Source("b.txt", data))  # told before a.txt is staged
    assert (second.change, second.detail, second.document_id) == (
        Change.DUPLICATE,
        "same content as a.txt",
        first.document_id,
    )


def test_a_document_is_not_compared_with_its_own_former_version(desk: Desk) -> None:
    desk.add(source("a.txt", report(1)))
    (outcome,) = desk.add(source("a.txt", [*report(1), "One more."]))
    assert told(outcome) == ("changed", None, [])


def test_what_is_changed_or_removed_is_nobodys_twin_any_more(desk: Desk) -> None:
    desk.add(*(source(f"{n}.txt", report(1), "\n" * n) for n in range(3)))
    assert len(likenesses(desk)) == 6
    desk.remove("0.txt")
    desk.add(source("1.txt", report(5)))
    assert likenesses(desk) == {}
    (outcome,) = desk.add(source("new.txt", report(1)))
    assert told(outcome) == ("added", "same text as 2.txt", ["same"])


def test_a_document_that_is_staged_twice_is_compared_as_it_is_at_last(desk: Desk) -> None:
    with desk.writer() as ingest:
        ingest.add([source("a.txt", report(1)), source("a.txt", report(2))])
        ingest.add([source("b.txt", report(2), "\n\n")])
    assert likenesses(desk) == {("a.txt", "b.txt"): "same", ("b.txt", "a.txt"): "same"}


def test_documents_of_a_store_without_sketches_are_compared_with_the_next_addition(desk: Desk) -> None:
    desk.add(source("a.txt", report(1)), source("b.txt", report(1), "\n\n"))
    with desk.writer() as ingest, ingest.store.transaction() as db:
        for table in ("twins", "anchors", "sketches"):
            db.execute(f"DROP TABLE {table}")
    with closing(Store.open(desk.data)) as store:
        assert store.twins() == {}
    desk.add(source("c.txt", report(2)))
    assert likenesses(desk) == {("a.txt", "b.txt"): "same", ("b.txt", "a.txt"): "same"}


def test_embedding_anew_keeps_what_is_alike(desk: Desk) -> None:
    desk.add(source("a.txt", report(1)), source("b.txt", report(1), "\n\n"))
    with desk.writer() as ingest:
        ingest.reencode()
    assert likenesses(desk) == {("a.txt", "b.txt"): "same", ("b.txt", "a.txt"): "same"}


def test_a_boilerplate_that_all_have_neither_hides_a_twin_nor_makes_one(desk: Desk) -> None:
    terms = report(0, 10)
    desk.add(*(source(f"{n}.txt", [*terms, *report(n)]) for n in range(1, 60)))
    (outcome,) = desk.add(source("new.txt", [*terms, *report(57)[:58], *report(99, 2)]))
    assert told(outcome) == ("added", "nearly the same as 57.txt (97%)", ["near"])


def test_sketches_of_former_versions_are_not_kept(desk: Desk) -> None:
    for seed in (1, 2, 3):
        desk.add(source("a.txt", report(seed)))
    store = desk.reader().store
    assert store.rows("SELECT COUNT(*) FROM sketches") == [(1,)]
    assert store.rows("SELECT COUNT(DISTINCT revision) FROM anchors") == [(1,)]


@pytest.mark.parametrize("text", ["!!!", "Yes.", "The quay is long."])
def test_texts_of_few_words_are_the_same_or_nothing(desk: Desk, text: str) -> None:
    outcomes = desk.add(*(Source(f"{n}.txt", (text + "\n" * n).encode()) for n in range(2)))
    assert outcomes[0].twins == ()
    assert [t.likeness for t in outcomes[1].twins] == ([] if text == "!!!" else [Likeness.SAME])


@pytest.mark.parametrize(
    ("inside", "holds", "kind"),
    [
        (0.95, 0.94, Likeness.NEAR),
        (0.5, 0.5, Likeness.NEAR),
        (0.3, 0.3, None),
        (0.9, 0.1, Likeness.CONTAINED),
        (0.1, 0.9, Likeness.CONTAINS),
        (0.7, 0.05, None),
        (0.99, 0.85, Likeness.NEAR),
    ],
)
def test_resemblance_and_containment_are_told_apart(inside: float, holds: float, kind: Likeness) -> None:
    assert likeness(False, Shares(inside, holds)) is kind
    assert likeness(True, Shares(inside, holds)) is Likeness.SAME
