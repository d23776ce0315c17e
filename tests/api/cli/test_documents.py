from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from filelock import FileLock

from corpus.decode import decode


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]


def of(done: Done) -> Any:
    """What was printed as JSON, by a verb that succeeded."""
    assert (done.status, done.err) == (0, "")
    return json.loads(done.out)


def sources(pincite: Pincite) -> list[str]:
    return [document["source"] for document in of(pincite("list", "--json"))]


def test_added_documents_are_told_and_counted(pincite: Pincite, docs: Path) -> None:
    done = pincite("add", docs)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "    added  quay.txt (1 passage)",
        "    added  tower.md (2 passages)",
        "",
        "outcome  files  characters",
        "added        2         192",
        "all          2         192",
    ]


def test_adding_again_changes_nothing(pincite: Pincite, docs: Path) -> None:
    pincite("add", docs)
    assert pincite("add", docs).out.split("\n")[2].split() == ["unchanged", "2", "192"]


def test_outcomes_are_told_as_json(pincite: Pincite, docs: Path) -> None:
    (outcome,) = of(pincite("add", docs / "quay.txt", "--json"))
    assert outcome.pop("id").startswith("doc_")
    assert outcome == {
        "change": "added",
        "source": "quay.txt",
        "passages": 1,
        "detail": None,
        "notes": [],
    } | {
        "characters": 29,
        "twins": [],
    }


def test_a_refused_document_leaves_the_others_and_a_status(pincite: Pincite, docs: Path) -> None:
    (docs / "empty.txt").write_bytes(b"")
    done = pincite("add", docs)
    assert done.status == 1
    assert "  refused  empty.txt: the file is empty; there is nothing to add" in done.out
    assert [line.split()[:2] for line in done.out.splitlines()[-3:]] == [
        ["added", "2"],
        ["refused", "1"],
        ["all", "3"],
    ]
    assert sources(pincite) == ["quay.txt", "tower.md"]


def test_a_note_on_how_a_file_was_read_is_shown(pincite: Pincite, docs: Path) -> None:
    (docs / "old.txt").write_bytes("Ein Café.".encode("windows-1252"))
    done = pincite("add", docs / "old.txt")
    (note,) = decode("Ein Café.".encode("windows-1252"), "old.txt").notes
    assert f"note {note}" in done.out


def test_sync_follows_a_folder(pincite: Pincite, docs: Path) -> None:
    pincite("add", docs)
    (docs / "tower.md").rename(docs / "spire.md")
    (docs / "quay.txt").write_text("The quay is 950 metres long.", encoding="utf-8")
    (docs / "new.txt").write_text("A crane stands there.", encoding="utf-8")
    changes = {o["source"]: o["change"] for o in of(pincite("sync", docs, "--json"))}
    assert changes == {"new.txt": "added", "quay.txt": "changed", "spire.md": "renamed"}
    (docs / "new.txt").unlink()
    lines = pincite("sync", docs).out.splitlines()
    assert lines[0] == "  removed  new.txt"
    assert [line.split()[:2] for line in lines[3:]] == [["removed", "1"], ["unchanged", "2"], ["all", "3"]]
    assert sources(pincite) == ["quay.txt", "spire.md"]


def test_a_dry_run_tells_and_changes_nothing(pincite: Pincite, docs: Path) -> None:
    pincite("add", docs / "quay.txt")
    (docs / "quay.txt").unlink()
    done = pincite("sync", docs, "--dry-run")
    assert done.status == 0
    assert [line.split()[:2] for line in done.out.splitlines()[-4:]] == [
        ["would", "be"],
        ["added", "1"],
        ["removed", "1"],
        ["all", "2"],
    ]
    assert sources(pincite) == ["quay.txt"]


def test_sync_wants_a_folder(pincite: Pincite, docs: Path) -> None:
    done = pincite("sync", docs / "quay.txt")
    assert (done.status, done.out) == (2, "")
    assert "is a file" in done.err


def test_the_list_is_a_table_or_json(pincite: Pincite, docs: Path) -> None:
    pincite("add", docs)
    header, quay, tower, total = pincite("list").out.splitlines()
    assert header.split() == ["id", "source", "title", "date", "passages"]
    assert quay.split()[1:] == ["quay.txt", "1"]
    assert tower.split()[1:] == ["tower.md", "The", "Tower", "2021", "2"]
    assert total == "2 documents, 3 passages"
    listed = of(pincite("list", "--json"))
    assert [(d["source"], d["title"], d["authors"], d["passages"]) for d in listed] == [
        ("quay.txt", None, [], 1),
        ("tower.md", "The Tower", ["Ada Lind"], 2),
    ]


def test_a_document_is_shown_with_its_record_and_outline(pincite: Pincite, docs: Path) -> None:
    pincite("add", docs)
    out = pincite("show", "tower.md").out
    lines = [line.strip() for line in out.splitlines()]
    assert lines[0] == "The Tower"
    assert {"author  Ada Lind", "type  report", "date  2021", "source  tower.md"} <= set(lines)
    assert any(line.startswith("History ") for line in lines)
    assert of(pincite("show", "tower.md", "--json"))["record"]["title"] == "The Tower"


def test_an_interview_is_shown_with_its_speakers_and_notes(pincite: Pincite, docs: Path) -> None:
    (docs / "talk.txt").write_text(
        "Jon Ek: Is it open?\n\nMira Sol: It is.¹\n\nJon Ek: Still?\n\nMira Sol: Yes.²\n\n"
        "1 Archive of Morava.\n2 Ibid.\n",
        encoding="utf-8",
    )
    pincite("add", docs)
    lines = [" ".join(line.split()) for line in pincite("show", "talk.txt").out.splitlines()]
    assert {"Jon Ek 2 turns · interviewer", "Mira Sol 2 turns · interviewee"} <= set(lines)
    assert {"1 Jon Ek Is it open?", "4 Mira Sol Yes.²"} <= set(lines)
    assert {"1 Archive of Morava.", "2 → 1 Ibid."} <= set(lines)
    only = of(pincite("search", "open", "--speaker", "sol", "--json"))["passages"]
    assert {p["citation"]["locator"]["speaker"] for p in only} == {"Mira Sol"}


def test_sections_are_shown_with_whose_they_are_and_what_is_in_them(pincite: Pincite, docs: Path) -> None:
    (docs / "report.txt").write_text(
        "Contents\n\nI. Quays (Ann Lee)\t3\nII. Lights (Bo Ruiz)\t7\n\n"
        "I. Quays\n\nThe quay is long.¹ It was built of stone that nobody wanted.²\n\n1. Old ones\n\n"
        "They are gone, and no stone of them is left.\n\n2. New ones\n\nThey are of iron and rust.³\n\n"
        "II. Lights\n\nThe light is out, and has been since the war.⁴\n\n"
        "¹ Records, p. 4.\n² Ibid.\n³ Records, p. 9.\n⁴ Letters, p. 2.\n",
        encoding="utf-8",
    )
    pincite("add", docs)
    out = pincite("show", "report.txt").out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    at = lines.index("Sections")
    assert lines[at + 1 : at + 6] == [
        "by notes characters",
        "I. Quays Ann Lee 1–3 174",
        "1. Old ones 59",
        "2. New ones 3 42",
        "II. Lights Bo Ruiz 4 119",
    ]
    assert "4 sections · 4 footnotes · a table of contents" in out


def test_long_lists_are_shown_in_part_unless_all_is_wanted(pincite: Pincite, docs: Path) -> None:
    body = " ".join(f"The quay number {n} is long.[{n}]" for n in range(1, 21))
    notes = "\n".join(f"[{n}] Records of the harbour, p. {n}." for n in range(1, 21))
    (docs / "long.txt").write_text(f"{body}\n\n{notes}\n", encoding="utf-8")
    pincite("add", docs)
    out = pincite("show", "long.txt").out
    assert "p. 12." in out
    assert "p. 13." not in out
    assert "and 8 more: --all shows them" in out
    assert "p. 20." in pincite("show", "long.txt", "--all").out


@pytest.mark.parametrize("part", [slice(None), slice(10)], ids=["id", "its beginning"])
def test_a_document_is_named_by_its_id_too(part: slice, pincite: Pincite, docs: Path) -> None:
    (added,) = of(pincite("add", docs / "quay.txt", "--json"))
    assert of(pincite("show", added["id"][part], "--json"))["id"] == added["id"]


@pytest.mark.parametrize("verb", ["show", "rm"])
def test_a_document_that_is_not_here_is_told_on_standard_error(
    verb: str, pincite: Pincite, docs: Path
) -> None:
    pincite("add", docs)
    done = pincite(verb, "spire.md")
    assert (done.status, done.out, done.err) == (
        3,
        "",
        "pincite: no document 'spire.md' in this index; `pincite list` shows them\n",
    )


def test_a_removed_document_is_gone(pincite: Pincite, docs: Path) -> None:
    added = {o["source"]: o["id"] for o in of(pincite("add", docs, "--json"))}
    assert pincite("rm", "quay.txt").out == f"removed 1: {added['quay.txt']}\n"
    assert sources(pincite) == ["tower.md"]
    assert of(pincite("rm", "tower.md", "--json")) == {"removed": [added["tower.md"]]}
    assert sources(pincite) == []


def test_of_several_to_remove_all_must_be_here(pincite: Pincite, docs: Path) -> None:
    pincite("add", docs)
    assert pincite("rm", "quay.txt", "spire.md").status == 3
    assert sources(pincite) == ["quay.txt", "tower.md"]


@pytest.mark.parametrize("verb", ["list", "show x", "rm x", "search x", "ask x"])
def test_without_an_index_every_verb_says_what_to_do(verb: str, pincite: Pincite, tmp_path: Path) -> None:
    done = pincite(*verb.split())
    assert (done.status, done.out, done.err) == (
        3,
        "",
        f"pincite: {tmp_path}/data: no index here; add documents first: pincite add PATH\n",
    )


def test_a_data_folder_may_be_given_to_each_verb(pincite: Pincite, docs: Path, tmp_path: Path) -> None:
    pincite("add", docs, "--data", tmp_path / "other")
    assert pincite("list").status == 3
    assert len(of(pincite("list", "--data", tmp_path / "other", "--json"))) == 2


def test_a_data_folder_that_cannot_be_is_told_in_one_line(pincite: Pincite, docs: Path) -> None:
    done = pincite("add", docs, "--data", docs / "quay.txt" / "data")
    assert (done.status, done.out, done.err.count("\n")) == (3, "", 1)
    assert "cannot be written to" in done.err


@pytest.mark.parametrize("verb", ["add {docs}", "sync {docs}", "rm quay.txt", "rebuild"])
def test_while_another_process_writes_a_change_says_so(
    verb: str, pincite: Pincite, docs: Path, tmp_path: Path
) -> None:
    pincite("add", docs)
    with FileLock(tmp_path / "data" / "lock"):
        done = pincite(*verb.format(docs=docs).split())
    assert (done.status, done.out) == (3, "")
    assert "another pincite is writing here" in done.err


EVIL = "a\x1b[31m\x9b2J\u202eb\u2066\x07.md"


def test_what_a_document_could_smuggle_into_a_terminal_is_neutralised(pincite: Pincite, docs: Path) -> None:
    text = "# Head \x1b]0;owned\x07 \u202e\n\nThe \x1b[2Jbell\x07 \u200frings\u061c [red]loud[/red].\n"
    (docs / EVIL).write_text(text + "It is an ordinary bell otherwise. " * 20, encoding="utf-8")
    verbs = [
        ("add", docs),
        ("list",),
        ("show", EVIL),
        ("search", "bell"),
        ("ask", "what rings loud?"),
        ("add", "nowhere/" + EVIL),
    ]
    for verb in verbs:
        done = pincite(*verb)
        for letter in done.out + done.err:
            assert letter == "\n" or letter.isprintable(), (verb, letter)
    assert "[red]loud[/red]" in pincite("search", "bell").out


@pytest.mark.parametrize("verb", [("list",), ("show", EVIL), ("search", "bell"), ("ask", "what rings?")])
def test_json_holds_what_the_document_holds_without_a_letter_that_a_terminal_obeys(
    verb: tuple[str, ...], pincite: Pincite, docs: Path
) -> None:
    (docs / EVIL).write_text("# Head \x9b2J of all\n\nThe bell rings. It has a voice.", encoding="utf-8")
    pincite("add", docs / EVIL)
    done = pincite(*verb, "--json")
    assert all(letter == "\n" or letter.isprintable() for letter in done.out)
    read = json.dumps(json.loads(done.out), ensure_ascii=False)
    assert json.dumps(EVIL, ensure_ascii=False) in read
    assert "Head \x9b2J of all" in read


def test_a_name_with_a_line_break_stays_on_one_line(pincite: Pincite, docs: Path) -> None:
    (docs / "a\n    added  b.txt").with_suffix(".txt").write_text("Text.", encoding="utf-8")
    lines = pincite("add", docs).out.splitlines()
    assert lines[0] == "    added  a     added  b.txt (1 passage)"


def test_formats_and_archives_are_added_and_refusals_say_why(pincite: Pincite, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("in/page.html", "<!doctype html><h1>Water</h1><p>The pact governs water.</p>")
        archive.writestr("broken.epub", "PK\3\4 mimetypeapplication/epub+zip")
    done = pincite("add", tmp_path / "x.zip")
    assert (done.status, done.out.splitlines()) == (
        1,
        [
            "    added  x.zip/in/page.html (1 passage)",
            "  refused  x.zip/broken.epub: a damaged zip (File is not a zip file); "
            "open it with its program and save it again",
            "",
            "outcome  files  characters",
            "added        1          30",
            "refused      1           –",
            "all          2          30",
        ],
    )
    assert "unchanged      1" in pincite("add", tmp_path / "x.zip", "--exclude", "*.epub").out


def test_rows_of_a_table_are_documents_that_follow_their_rows(pincite: Pincite, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("id,body\na,The pact governs water.\nb,Nobody left it.\n")
    rows = ("add", table, "--text-field", "body", "--id-field", "id")
    assert pincite(*rows).out.splitlines()[-1].split()[:2] == ["all", "2"]
    table.write_text("id,body\na,The pact governs water.\nb,Somebody left it.\n")
    assert pincite(*rows).out.splitlines()[0] == "  changed  rows.csv#b (1 passage)"
    assert sources(pincite) == ["rows.csv#a", "rows.csv#b"]


def test_an_id_without_a_text_field_is_refused(pincite: Pincite, tmp_path: Path) -> None:
    assert pincite("add", tmp_path, "--id-field", "id").status == 2


def test_sync_takes_only_what_patterns_say(pincite: Pincite, docs: Path) -> None:
    assert pincite("sync", docs, "--include", "*.md").out.splitlines()[-1].split()[:2] == ["added", "1"]


def test_documents_of_the_same_text_are_told_in_the_list_and_shown(pincite: Pincite, docs: Path) -> None:
    text = (docs / "tower.md").read_text(encoding="utf-8")
    (docs / "spire.md").write_text(text.replace("It is red.", "It is *red*."), encoding="utf-8")
    out = pincite("add", docs).out
    assert "    added  tower.md (2 passages): same text as spire.md" in out.splitlines()
    assert "same text as spire.md" in pincite("list").out
    assert "alike  same text as tower.md" in pincite("show", "spire.md").out
    (tower,) = (d for d in of(pincite("list", "--json")) if d["source"] == "tower.md")
    (twin,) = tower["twins"]
    assert (twin["likeness"], twin["source"], twin["share"]) == ("same", "spire.md", 1.0)
    assert of(pincite("show", "tower.md", "--json"))["twins"] == [twin]


def test_a_passage_names_where_else_it_stands(pincite: Pincite, docs: Path) -> None:
    (docs / "dock.txt").write_text("The quay is 900 metres long.\n\n", encoding="utf-8")
    pincite("add", docs)
    assert "   also in quay.txt" in pincite("search", "quay metres").out.splitlines()
    best = of(pincite("search", "quay metres", "--json"))["passages"][0]
    assert [place["source"] for place in best["also_in"]] == ["quay.txt"]
    assert best["also_in"][0]["url"].startswith(f"/d/{best['also_in'][0]['document']}?v=")
