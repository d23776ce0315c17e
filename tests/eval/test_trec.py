from __future__ import annotations

from pathlib import Path

import pytest

from eval.benchmark import Entry
from eval.errors import EvaluationError
from eval.trec import is_trec, read_trec

_SGML = """<DOC>
<DOCNO> FT-1 </DOCNO>
<HEADLINE>The quay</HEADLINE>
<TEXT>
Nine <b>metres</b> long.
</TEXT>
</DOC>
<doc><docno>FT-2</docno><text>A tower.</text></doc>
"""
_TOPICS = """<top>
<num> Number: 301
<title> long
 quay
<desc> Description: how long it is
</top>
<top><num>302</num><title>tower</title></top>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "ft"
    place.mkdir()
    (place / "collection.trec").write_text(_SGML, encoding="utf-8")
    (place / "topics.301-302").write_text(_TOPICS, encoding="utf-8")
    (place / "qrels.txt").write_text("301 0 FT-1 2\n301 0 FT-2 0\n302 0 FT-2 1\n", encoding="utf-8")
    return place


def test_reads_sgml_documents_topics_and_judgements(folder: Path) -> None:
    found = read_trec(folder)
    assert is_trec(folder)
    assert found.name == "ft"
    assert {id_: (e.title, " ".join(e.text.split())) for id_, e in found.entries.items()} == {
        "FT-1": ("The quay", "Nine metres long."),
        "FT-2": ("", "A tower."),
    }
    assert [(q.id, q.question) for q in found.questions] == [("301", "long quay"), ("302", "tower")]
    assert found.qrels == {"301": {"FT-1": 2, "FT-2": 0}, "302": {"FT-2": 1}}


def test_reads_json_lines_and_tabs_likewise(folder: Path) -> None:
    (folder / "collection.trec").unlink()
    (folder / "collection").mkdir()
    rows = '{"id": "FT-1", "contents": "Nine."}\n{"_id": "FT-2", "title": "T", "text": "A tower."}\n'
    (folder / "collection" / "a.jsonl").write_text(rows, encoding="utf-8")
    (folder / "collection" / "b.tsv").write_text("FT-3\tBees.\n", encoding="utf-8")
    (folder / "topics.301-302").write_text("301\tlong quay\n302\ttower\n", encoding="utf-8")
    found = read_trec(folder)
    assert dict(found.entries) == {
        "FT-1": Entry("FT-1", "Nine."),
        "FT-2": Entry("FT-2", "A tower.", "T"),
        "FT-3": Entry("FT-3", "Bees."),
    }
    assert [q.question for q in found.questions] == ["long quay", "tower"]


def test_tells_all_faults_at_once(folder: Path) -> None:
    with (folder / "collection.trec").open("a", encoding="utf-8") as file:
        file.write("<DOC><DOCNO>FT-1</DOCNO></DOC>\n<DOC><TEXT>nameless</TEXT></DOC>\n")
    with (folder / "topics.301-302").open("a", encoding="utf-8") as file:
        file.write("<top><num>301<title>again</top>\n<top><title>numberless</top>\n")
    (folder / "qrels.txt").write_text("301 0 FT-9 1\n399 0 FT-1 1\n301 FT-1 1\n", encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        read_trec(folder)
    for said in (
        "collection.trec: document FT-1 stands twice",
        "collection.trec line 10: a document without <DOCNO>",
        "topics.301-302: topic 301 stands twice",
        "topics.301-302 line 9: a topic without <num> or <title>",
        "qrels.txt line 3: 3 columns, expected 4",
        "judged question 399 is not among the questions",
        "question 301: judged document FT-9 is not among the documents",
    ):
        assert said in str(caught.value)


def test_which_of_several_files_is_meant_must_be_plain(folder: Path) -> None:
    (folder / "qrels.dev").write_text("", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"expected one of qrels\*, found qrels.dev, qrels.txt"):
        read_trec(folder)


def test_a_folder_that_lacks_a_part_is_none(folder: Path) -> None:
    (folder / "qrels.txt").unlink()
    assert not is_trec(folder)
