from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import CorpusError, MetadataError, UnreadableError
from corpus.sources import FileSource, Selection, Source, sidecars, walk, walk_folder
from corpus.tabular import Columns


def refused(path: Path, max_bytes: int = 100) -> str:
    with pytest.raises(UnreadableError) as error:
        FileSource(path, "a.txt").read(max_bytes)
    return str(error.value)


def test_a_file_is_read_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"one\r\n")
    assert FileSource(path, "sub/a.txt").read() == Source("sub/a.txt", b"one\r\n", str(path.resolve()), {})


def test_the_place_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert FileSource(Path("a.txt"), "a.txt").location == str(tmp_path.resolve() / "a.txt")


def test_the_sidecar_of_the_whole_name_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"text")
    whole, stem = sidecars(path)
    assert (whole.name, stem.name) == ("a.txt.meta.yaml", "a.meta.yaml")
    stem.write_bytes(b"title: of the stem")
    assert FileSource(path, "a.txt").read().metadata == {"title": "of the stem"}
    whole.write_bytes("\ufefftitle: of the name\r\n".encode())
    assert FileSource(path, "a.txt").read().metadata == {"title": "of the name"}


@pytest.mark.parametrize(
    ("sidecar", "message"),
    [
        (b"title: caf\xe9", r"^a\.meta\.yaml: cannot be read as UTF-8: .* position 10: "),
        (b"title: [", r"^a\.meta\.yaml: not valid YAML: .*; mend it or remove it$"),
        (b"date: soon", r"^a\.meta\.yaml: date: expected YYYY, YYYY-MM or YYYY-MM-DD, found 'soon'$"),
        (b"- title", r"^a\.meta\.yaml: expected fields such as 'title: …', found a list$"),
    ],
)
def test_a_faulty_sidecar_is_named(tmp_path: Path, sidecar: bytes, message: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    (tmp_path / "a.meta.yaml").write_bytes(sidecar)
    with pytest.raises(MetadataError, match=message):
        FileSource(tmp_path / "a.txt", "a.txt").read()


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == "a.txt: not a regular file; only files can be added"
    assert refused(tmp_path / "none.txt") == "a.txt: not a regular file; only files can be added"


def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "a.txt")
    (found,) = walk_folder(tmp_path, Selection())
    assert refused(found.path) == "a.txt: not a regular file; only files can be added"


def test_an_over_large_file_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 1001)
    assert refused(tmp_path / "a.txt", 1000) == (
        "a.txt: 1,001 bytes, but at most 1,000 are read; split the file"
    )


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens but does not read")
def test_a_file_that_does_not_read_is_refused() -> None:
    assert refused(Path("/proc/self/mem")) == "a.txt: cannot be read: Input/output error"


def test_a_name_that_is_not_text_is_refused_readably(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_bytes(b"text")
    (found,) = walk_folder(tmp_path, Selection())
    assert found.name == "caf\ufffd.txt"
    assert refused(found.path) == "a.txt: its path is not valid UTF-8; rename it"


def test_folders_give_their_texts_in_order_named_from_the_folder(tmp_path: Path) -> None:
    names = ["b.txt", "a.MD", "c.text", "d.markdown", "z/e.md", "z/y/f.txt", "a.pdf", "a.docx"]
    others = ["a.exe", "a.meta.yaml", ".hidden.md", ".git/g.md", "z/.x/h.md", "README"]
    for name in names + others:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"text")
    assert [file.name for file in walk([tmp_path])] == [
        "a.MD",
        "a.docx",
        "a.pdf",
        "b.txt",
        "c.text",
        "d.markdown",
        "z/e.md",
        "z/y/f.txt",
    ]


def test_a_file_that_is_named_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / ".notes").write_bytes(b"text")
    assert list(walk([tmp_path / ".notes"])) == [FileSource(tmp_path / ".notes", ".notes")]


def test_a_path_that_does_not_exist_is_refused_and_the_others_are_given(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    missing = [tmp_path / "none", tmp_path / ("x" * 300)]
    *lost, there = walk([*missing, tmp_path / "a.txt"])
    assert there.name == "a.txt"
    for path, refused in zip(missing, lost, strict=True):
        assert isinstance(refused, FileSource)
        with pytest.raises(CorpusError) as error:
            refused.read()
        assert str(error.value) == f"{path}: no such file or folder, or not open to you; check the path"


def test_a_folder_that_does_not_exist_cannot_be_synchronised_with(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="none: no such file or folder"):
        walk_folder(tmp_path / "none", Selection())


def linked(folder: Path, name: str, target: Path) -> FileSource:
    """The source that a link in a folder becomes."""
    (folder / name).symlink_to(target)
    (found,) = (source for source in walk([folder]) if source.name == name)
    assert isinstance(found, FileSource)
    return found


def test_a_link_that_leads_out_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_bytes(b"text")
    with pytest.raises(UnreadableError, match=r"^link.txt: it, or its sidecar, is a link that leads out"):
        linked(tmp_path / "in", "link.txt", tmp_path / "secret.txt").read()
    assert FileSource(tmp_path / "in" / "link.txt", "link.txt").read().data == b"text"  # where it is named


def test_a_link_within_a_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    assert linked(tmp_path, "b.txt", tmp_path / "a.txt").read().data == b"text"


def test_a_sidecar_that_leads_out_of_a_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.yaml").write_bytes(b"title: Secret")
    (tmp_path / "in" / "a.txt").write_bytes(b"text")
    (tmp_path / "in" / "a.meta.yaml").symlink_to(tmp_path / "secret.yaml")
    (found,) = walk_folder(tmp_path / "in", Selection())
    with pytest.raises(UnreadableError, match="its sidecar, is a link that leads out"):
        found.read()


def test_a_folder_that_is_linked_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_bytes(b"text")
    (tmp_path / "in" / "link").symlink_to(tmp_path / "out")
    assert names(tmp_path / "in") == []
    assert names(tmp_path / "in" / "link") == ["a.txt"]  # it is named


def test_a_folder_that_cannot_be_listed_is_not_taken_for_empty(tmp_path: Path) -> None:
    """Its path is too long for the system, which even the superuser cannot list."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=here)
        deeper = os.open("x" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    with pytest.raises(CorpusError, match=r"x: cannot be listed: File name too long; check its permissions$"):
        list(walk_folder(tmp_path, Selection()))
    *_, refused = walk([tmp_path])
    assert isinstance(refused, FileSource)
    with pytest.raises(CorpusError, match="cannot be listed"):
        refused.read()


def names(*paths: Path, **wanted: Any) -> list[str]:
    return [source.name for source in walk(paths, Selection(**wanted))]


def test_patterns_say_which_files_of_a_folder_are_wanted(tmp_path: Path) -> None:
    for name in ("a.md", "b.txt", "drafts/c.md", "drafts/old/d.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Water.")
    assert names(tmp_path, include=("*.md",)) == ["a.md", "drafts/c.md", "drafts/old/d.md"]
    assert names(tmp_path, exclude=("drafts/",)) == ["a.md", "b.txt"]
    assert names(tmp_path, include=("drafts/*",), exclude=("d.md",)) == ["drafts/c.md"]


def test_the_files_of_an_archive_that_is_named_are_sources(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name in ("a.md", "in/b.txt", "c.exe", ".hidden.txt", "../up.txt"):
            archive.writestr(name, "Water.")
    first = list(walk([tmp_path / "x.zip"]))
    assert [source.name for source in first] == ["x.zip/a.md", "x.zip/in/b.txt"]
    assert list(walk([tmp_path / "x.zip"])) == first
    assert names(tmp_path) == []


def test_the_rows_of_a_table_are_sources_where_their_column_is_told(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("id,body,title\n7,Water.,On\n")
    (row,) = walk([tmp_path], Selection(columns=Columns("body", "id")))
    assert isinstance(row, Source)
    assert (row.name, row.data, row.metadata) == ("rows.csv#7", b"Water.", {"title": "On"})
    assert names(tmp_path) == []


def test_a_table_without_its_column_is_refused_with_what_to_say(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"body": "Water."}\n')
    (refused,) = walk([tmp_path / "rows.jsonl"])
    assert isinstance(refused, FileSource)
    with pytest.raises(UnreadableError, match=r"rows\.jsonl: .* --text-field"):
        refused.read()
