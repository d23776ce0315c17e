from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

import pytest

from corpus.passages import passage_id
from corpus.records import Locator, NoteReference, Passage, Span
from index.records import StoredPassage
from rag.collapse import collapse
from rag.records import Question, RankedPassage
from rag.retrieve import retrieve
from rag.testing import Collection, stored_passage

SENTENCES = [f"The {a} keeps its {b} behind a {c} wall." for a in ("abbey", "mill", "fort") for b in
             ("bread", "grain", "salt", "wine") for c in ("white", "stone")]  # fmt: skip
TEXT = " ".join(SENTENCES[:10])


def passage(
    text: str, at: str, *, speaker: str | None = None, note: NoteReference | None = None
) -> StoredPassage:
    """A passage that is all of the document `at`."""
    span = Span(0, len(text))
    made = Passage(
        id=passage_id(at, [span]),
        ordinal=0,
        spans=(span,),
        text=text,
        header="",
        runs=((0, 0),),
        sentences=(),
        locator=Locator(speaker=speaker, footnotes=(note,) if note else ()),
        note=note.number if note else None,
    )
    return stored_passage(made, at)


def ranked(passages: Iterable[StoredPassage]) -> list[RankedPassage]:
    return [RankedPassage(0, 1.0, MappingProxyType({}), stored) for stored in passages]


def shown(*passages: StoredPassage, limit: int = 10) -> dict[str, list[str]]:
    """Versions of what is shown, each with those of what has its text."""
    return {
        kept.stored.version: [other.version for other in kept.also_in]
        for kept in collapse(ranked(passages), limit)
    }


@pytest.mark.parametrize(
    "other",
    [TEXT, TEXT.upper(), TEXT.replace(".", ""), TEXT.replace(" ", "\n"), TEXT.replace("abbey", "abb\u00e9y")],
    ids=["to the letter", "case", "punctuation", "white space", "accents"],
)  # fmt: skip
def test_the_same_text_is_shown_once_and_names_the_others(other: str) -> None:
    assert shown(passage(TEXT, "a"), passage("Else.", "b"), passage(other, "c")) == {"a": ["c"], "b": []}


def test_windows_over_one_text_are_the_same() -> None:
    first, second = " ".join(SENTENCES[:10]), " ".join(SENTENCES[1:11])
    assert shown(passage(first, "a"), passage(second, "b")) == {"a": ["b"]}
    assert shown(passage(first, "a"), passage(" ".join(SENTENCES[4:14]), "b")) == {"a": [], "b": []}


def test_a_part_of_a_better_passage_is_not_shown_but_a_better_part_does_not_hide_the_whole() -> None:
    part = " ".join(SENTENCES[2:5])
    assert shown(passage(TEXT, "a"), passage(part, "b")) == {"a": ["b"]}
    assert shown(passage(part, "b"), passage(TEXT, "a")) == {"b": [], "a": []}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{TEXT} It cost 5 crowns. {TEXT}", f"{TEXT} It cost 6 crowns. {TEXT}"),
        (f"{TEXT} It rose. {TEXT}", f"{TEXT} It fell. {TEXT}"),
        (f"{TEXT} It is not so. {TEXT}", f"{TEXT} It is so. {TEXT}"),
        (f"{TEXT} In all that is 15.", f"{TEXT} In all that is 17."),
        (f"{TEXT} A loss of \u22125 in all.", f"{TEXT} A loss of 5 in all."),
        (f"{TEXT} A rate of 3.5 in all.", f"{TEXT} A rate of 3-5 in all."),
        ("It cost 5 %.", "It cost 5."),
    ],
)
def test_what_says_something_else_is_another_text(one: str, other: str) -> None:
    assert shown(passage(one, "a"), passage(other, "b")) == {"a": [], "b": []}


def test_a_minus_and_a_hyphen_are_one_sign() -> None:
    assert shown(
        passage("It was \u22125 in 1998\u20132001.", "a"), passage("It was -5 in 1998-2001.", "b")
    ) == {"a": ["b"]}


def test_the_same_words_of_somebody_else_are_shown() -> None:
    ann, bo = (passage("It is open.", who, speaker=who) for who in ("Ann", "Bo"))
    assert shown(ann, bo, passage("It is open.", "nobody")) == {"Ann": ["nobody"], "Bo": []}


def test_notes_are_the_same_where_they_stand_for_the_same() -> None:
    def note(at: str, stands_for: str) -> StoredPassage:
        return passage("Ibid.", at, note=NoteReference("7", "Ibid.", stands_for=stands_for))

    assert shown(note("a", "Letters."), note("b", "Records."), note("c", "Letters.")) == {
        "a": ["c"],
        "b": [],
    }


def test_others_make_room_and_their_limit_is_kept() -> None:
    texts = [TEXT, TEXT, "Bo.", "Cy.", TEXT, "Di."]
    assert list(shown(*(passage(t, str(n)) for n, t in enumerate(texts)), limit=3)) == ["0", "2", "3"]


def test_fewer_are_the_first_of_more_also_in_what_they_name() -> None:
    texts = [SENTENCES[n % 7] if n % 3 else f"{TEXT} {SENTENCES[n % 11]}" for n in range(90)]
    passages = [passage(text, str(n)) for n, text in enumerate(texts)]
    more = list(shown(*passages, limit=90).items())
    assert 3 < len(more) < 30
    for limit in range(1, len(more)):
        assert list(shown(*passages, limit=limit).items()) == more[:limit]


def test_top_k_is_filled_up_however_many_copies_there_are(collection: Collection) -> None:
    copies = {f"copy{n}.txt": "A bell rings in the tower." + "\n" * n for n in range(60)}
    collection.add(copies | {f"{n}.txt": f"A bell rings in house {n}." for n in range(5)})
    few, more = (
        retrieve(Question("bell in the tower", top_k), collection.tools()).passages for top_k in (2, 6)
    )
    assert len({kept.stored.passage.text for kept in more}) == 6
    assert [(p.stored.key, p.also_in) for p in few] == [(p.stored.key, p.also_in) for p in more[:2]]
    assert [kept.rank for kept in more] == [1, 2, 3, 4, 5, 6]
    (tower,) = (kept for kept in more if kept.stored.source.startswith("copy"))
    assert len(tower.also_in) == 20
