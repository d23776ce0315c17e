"""The scorer on small documents whose structure is put wrong on purpose, fault by fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from corpus.load import load
from corpus.passages import split
from corpus.records import Document
from eval.structure import Score, Tally, score, to_json, total, worst
from eval.structure_gold import parse
from eval.structure_run import count_words

_TEXT = """THE HARBOUR REPORT

I. The Quay

By Ann Lee

The quay is long and was built of granite in a year that nobody wrote down.¹ It has a com-

\fmon wall on its northern side, which the storm of that winter never reached and the mayor

\fnever saw.

¹ Records of the harbour office, p. 4.

II. The Light

The light stands at the end of the quay and was lit for the first time before the war began.
"""


def _gold() -> dict[str, Any]:
    def place(words: str, **more: Any) -> dict[str, Any]:
        start = _TEXT.index(words)
        return {"start": start, "end": start + len(words), **more}

    def heading(words: str) -> dict[str, int]:
        start = _TEXT.index(words)
        return {"heading_start": start, "heading_end": start + len(words)}

    note = place("¹ Records of the harbour office, p. 4.")
    one = place("I. The Quay", title="The Quay", author="Ann Lee", **heading("I. The Quay"))
    two = place("II. The Light", title="The Light", **heading("II. The Light"))
    one["end"], two["end"] = note["end"], len(_TEXT.rstrip())
    mark = _TEXT.index("¹ It")
    word, sentence = _TEXT.index("-\n\n\fmon"), _TEXT.index("\n\n\fnever")
    return {
        "title": "The Harbour Report",
        "sections": [one, two],
        "turns": [],
        "footnotes": [note | {"number": 1, "markers": [{"start": mark, "end": mark + 1}]}],
        "page_breaks": [
            {"start": word + 1, "end": word + 4, "cuts": "word", "joined_word": "common"},
            {"start": sentence, "end": sentence + 3, "cuts": "sentence"},
        ],
    }


def _score(gold: dict[str, Any], document: Document | None = None) -> Score:
    document = document or load(_TEXT.encode(), "harbour.txt")
    known = parse("gold.json", {"harbour.txt": gold})["harbour.txt"]
    return score(known, document, split(document, count_words))


def test_a_document_read_right_has_no_fault() -> None:
    made = _score(_gold())
    assert made.faults == []
    assert worst(made.tallies) == 1.0
    assert made.tallies["words mended"] == Tally(1, 1)
    assert made.tallies["sentences mended"] == Tally(1, 1)
    assert made.tallies["joins"] == Tally(2, 2, 2)
    assert made.tallies["section authors"] == Tally(1, 1, 1)
    assert made.tallies["links in passages"] == Tally(1, 1)


def test_what_is_missed_and_what_is_wrong_count_apart() -> None:
    gold = _gold()
    gold["sections"][1]["title"] = "The Lamp"
    made = _score(gold)
    assert made.tallies["sections"] == Tally(2, 1, 2)
    assert [fault.split(" (")[0] for fault in made.faults] == ["sections: missed", "sections: wrong"]


def test_an_optional_section_is_neither_missed_nor_wrong() -> None:
    gold = _gold()
    gold["sections"][1]["kind"] = "cover"
    assert _score(gold).tallies["sections"] == Tally(1, 1, 1)


def test_the_extent_of_a_section_counts() -> None:
    gold = _gold()
    gold["sections"][0]["end"] -= 5
    assert _score(gold).tallies["sections"] == Tally(2, 1, 2)


def test_a_break_that_joins_what_belongs_apart_is_told() -> None:
    gold = _gold()
    del gold["page_breaks"][1]
    made = _score(gold)
    assert made.tallies["joins"].precision == 0.5
    assert made.faults[0].startswith("joins: wrong over [")


def test_a_break_that_stays_open_is_told() -> None:
    gold = _gold()
    end = _TEXT.index("\n\nII.")
    gold["page_breaks"].append({"start": end, "end": end + 2, "cuts": "sentence"})
    made = _score(gold)
    assert made.tallies["sentences mended"] == Tally(2, 1)


def test_a_word_must_read_as_it_is_joined() -> None:
    gold = _gold()
    gold["page_breaks"][0]["joined_word"] = "com-mon"
    assert _score(gold).tallies["words mended"] == Tally(1, 0)


def test_furniture_in_a_passage_is_told() -> None:
    gold = _gold()
    at = _TEXT.index("never saw")
    gold["furniture"] = [{"start": at, "end": at + 5}]
    assert _score(gold).tallies["set apart"] == Tally(1, 0)


def test_body_taken_for_furniture_is_lost() -> None:
    document = load(_TEXT.encode(), "harbour.txt")
    paragraph = document.structure.blocks[-1].span
    structure = replace(
        document.structure,
        furniture=(paragraph,),
        blocks=document.structure.blocks[:-1],
    )
    made = _score(_gold(), replace(document, structure=structure))
    lost = made.tallies["body characters"]
    assert lost.gold - lost.right == len("".join(_TEXT[paragraph.start : paragraph.end].split()))
    assert made.faults == [f"body characters: {lost.gold - lost.right} lost, the first at {paragraph.start}"]


def test_record_fields_known_to_be_absent_must_be_absent() -> None:
    assert _score(_gold() | {"title": None}).tallies["record"] == Tally(0, 0, 1)


def test_tallies_of_documents_add_up() -> None:
    one, two = Score({"turns": Tally(2, 1, 3)}), Score({"turns": Tally(2, 2, 2), "joins": Tally(1, 1)})
    assert total([one, two]) == {"turns": Tally(4, 3, 5), "joins": Tally(1, 1)}
    assert worst(total([one, two])) == 0.6
    assert to_json({"joins": Tally(2, 1)}) == {
        "joins": {"gold": 2, "right": 1, "found": None, "precision": None, "recall": 0.5}
    }


@pytest.mark.parametrize(("tally", "shares"), [(Tally(0, 0, 0), (1.0, 1.0)), (Tally(4, 1, 2), (0.5, 0.25))])
def test_precision_and_recall(tally: Tally, shares: tuple[float, float]) -> None:
    assert (tally.precision, tally.recall) == shares
