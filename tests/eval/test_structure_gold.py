from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.records import Span
from corpus.structure.cuts import Cut
from eval.errors import EvaluationError
from eval.structure_gold import Gold, GoldBreak, GoldNote, GoldSection, GoldTurn, parse, read_gold

_GOLD: dict[str, Any] = {
    "sha256": "a" * 64,
    "type": "bulletin",
    "authors": ["Ann Lee", "Bo Ray"],
    "editors": [],
    "place": None,
    "sections": [
        {"kind": "toc", "start": 0, "end": 10},
        {
            "title": "One",
            "authors": ["Ann Lee"],
            "heading_start": 12,
            "heading_end": 15,
            "start": 12,
            "end": 90,
            "subsections": [
                {
                    "title": "In it",
                    "author": "Bo Ray",
                    "heading_start": 20,
                    "heading_end": 25,
                    "start": 20,
                    "end": 90,
                }
            ],
        },
        {"kind": "cover", "title": "X", "heading_start": 92, "heading_end": 93, "start": 92, "end": 93},
        {"kind": "note", "heading_start": None, "start": 94, "end": 95},
    ],
    "turns": [
        {
            "speaker": "Ann Lee",
            "role": "interviewee",
            "label_start": 1,
            "label_end": 4,
            "start": 5,
            "end": 9,
            "paragraphs": [{"start": 5, "end": 9}],
        }
    ],
    "footnotes": [
        {"number": 1, "start": 40, "end": 50, "markers": [{"start": 30, "end": 31}]},
        {"number": 2, "start": 51, "end": 60, "markers": [], "refers_to": 1},
    ],
    "page_breaks": [{"start": 3, "end": 6, "cuts": "word", "joined_word": "strategic"}],
    "furniture": [{"start": 70, "end": 72, "text": "17"}],
}


def _faults(value: object) -> str:
    with pytest.raises(EvaluationError) as caught:
        parse("gold.json", value)
    return str(caught.value)


def test_a_gold_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "gold.json"
    path.write_text(json.dumps({"a.txt": _GOLD}), encoding="utf-8")
    gold = read_gold(path)["a.txt"]
    assert gold == Gold(
        version="a" * 64,
        sections=(
            GoldSection(Span(12, 15), "One", 90, None, ("Ann Lee",), optional=False),
            GoldSection(Span(20, 25), "In it", 90, 12, ("Bo Ray",), optional=False),
            GoldSection(Span(92, 93), "X", 93, None, (), optional=True),
        ),
        turns=(GoldTurn("Ann Lee", "interviewee", Span(1, 4), Span(5, 9), (Span(5, 9),)),),
        notes=(
            GoldNote("1", Span(40, 50), (Span(30, 31),), None),
            GoldNote("2", Span(51, 60), (), 40),
        ),
        breaks=(GoldBreak(Span(3, 6), Cut.WORD, "strategic"),),
        apart=(Span(0, 10), Span(70, 72)),
        record={
            "type": "periodical",
            "author": ("Ann Lee", "Bo Ray"),
            "editor": None,
            "publisher-place": None,
        },
        texts=((Span(70, 72), "17"),),
    )


def test_what_a_gold_file_does_not_say_is_not_judged() -> None:
    gold = parse("gold.json", {"a.txt": {"turns": []}})["a.txt"]
    assert (gold.sections, gold.turns, gold.notes, gold.breaks, dict(gold.record)) == (
        None,
        (),
        None,
        None,
        {},
    )


def test_all_faults_are_told_at_once() -> None:
    told = _faults(
        {
            "a.txt": {"sections": 3, "sha256": "abc", "footnotes": [{"number": 1, "start": 9, "end": 4}]},
            "b.txt": [],
            "c.txt": {
                "footnotes": [{"number": 2, "start": 1, "end": 4, "refers_to": 7}],
                "page_breaks": [
                    {"start": 1, "end": 2, "cuts": "half"},
                    "x",
                    {"start": 1, "end": 2, "cuts": "word"},
                ],
            },
        }
    )
    assert told == (
        "gold.json: a.txt/sections: expected a list, found a int; "
        "a.txt/sha256: 'abc' is not a sha256 in lower-case hexadecimal; "
        "a.txt/footnotes[0]: start 9 and end 4 are not a span; "
        "b.txt: expected an object, found a list; "
        "c.txt/footnotes[0]: refers to note 7, which is not defined before it; "
        "c.txt/page_breaks[1]: expected an object, found a str; "
        "c.txt/page_breaks[0]: cuts is 'half', not one of word, sentence, none; "
        "c.txt/page_breaks[2]: a cut word without its joined_word"
    )


@pytest.mark.parametrize("value", [{}, [], 7])
def test_a_file_without_documents_is_refused(value: object) -> None:
    assert "expected an object of documents by name" in _faults(value)


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gold.json").write_text("{", encoding="utf-8")
    with pytest.raises(EvaluationError, match="not JSON"):
        read_gold(tmp_path / "gold.json")
    with pytest.raises(EvaluationError, match="no readable file"):
        read_gold(tmp_path / "nowhere.json")


def test_offsets_of_another_edition_are_told() -> None:
    gold = parse("gold.json", {"a.txt": _GOLD})["a.txt"]
    gold.check("a.txt", "x" * 70 + "17" + "x" * 30)
    with pytest.raises(EvaluationError, match=r"a.txt: \[70, 72\) reads 'xx', not '17'"):
        gold.check("a.txt", "x" * 100)
    with pytest.raises(EvaluationError, match=r"a span ends at 93, the text at 80"):
        gold.check("a.txt", "x" * 70 + "17" + "x" * 8)


def test_the_example_of_the_documentation_is_of_this_form() -> None:
    page = (Path(__file__).parents[2] / "docs" / "structure.md").read_text(encoding="utf-8")
    example = page.split("```json\n")[1].split("```")[0].replace("…", "a" * 64)
    gold = parse("docs/structure.md", json.loads(example))["report.txt"]
    assert [(s.title, s.authors) for s in gold.sections or ()] == [("Old ones", ("Ann Lee",))]
    assert [n.refers_to for n in gold.notes or ()] == [None, 800]
    assert gold.apart == (Span(9, 38), Span(301, 302))
    assert gold.record["issued"] == "1998-03"
