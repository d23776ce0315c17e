"""What `add` and `sync` close with, over a folder of two hundred files of every kind."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest
from fpdf import FPDF
from rich.console import Console

from api.cli import outcomes as told
from api.cli import terminal
from corpus.records import BlockKind
from corpus.testing import Text, typeset
from corpus.testing_markup import as_book, as_page, as_word
from corpus.testing_office import as_mail, as_odt, as_rtf, as_slides
from index.plan import Change, Outcome
from index.twins import Likeness, Twin


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]
WORDS = ("river", "treaty", "border", "energy", "museum", "market", "forest", "bridge", "school", "garden")


def prose(seed: int, sentences: int = 12) -> list[str]:
    """Paragraphs of made-up sentences."""
    chance = random.Random(seed)
    lines = [
        f"The {chance.choice(WORDS)} of place {seed} met {' '.join(chance.sample(WORDS, 5))}."
        for _ in range(sentences)
    ]
    return [" ".join(lines[i : i + 4]) for i in range(0, sentences, 4)]


def marked(seed: int, *more: str) -> bytes:
    return "\n\n".join([f"# Report {seed}", *prose(seed), *more]).encode()


def blocks(seed: int) -> list[Text]:
    parts = [Text(BlockKind.PARAGRAPH, words) for words in prose(seed)]
    return [Text(BlockKind.HEADING, f"Report {seed}", 1), *parts]


def zipped(files: Mapping[str, bytes], *, locked: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    made = bytearray(out.getvalue())
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)) if locked else ():
        made[made.find(mark) + at] |= 1
    return bytes(made)


def locked_pdf() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica")
    pdf.set_encryption("owner", "user")
    pdf.text(60, 100, "Secret.")
    return bytes(pdf.output())


def subtitles(seed: int) -> str:
    cues = (f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{line}\n" for n, line in enumerate(prose(seed)))
    return "WEBVTT\n\n" + "\n".join(cues)


def mixed() -> Iterator[tuple[str, bytes]]:
    """198 files; two links come to them."""
    for n in range(48):
        yield f"letters/{n:02}.txt", "\n\n".join(prose(n)).encode()
    for n in range(60, 92):
        yield f"reports/{n}.md", marked(n)
    for n in range(60, 72):  # new editions
        yield f"reports/{n}-new.md", marked(n, "A new end.")
    for n in range(12):
        yield f"copies/{n:02}.txt", "\n\n".join(prose(n)).encode()
    for n in range(100, 108):
        yield f"prints/{n}.pdf", typeset(blocks(n)).data
    for n in range(108, 118):
        yield f"site/{n}.html", as_page(blocks(n))
    for n in range(118, 126):
        yield f"office/{n}.docx", as_word(blocks(n))
    for n in range(126, 130):
        yield f"books/{n}.epub", as_book(blocks(n))
    for n in range(130, 136):
        yield f"talks/{n}.vtt", subtitles(n).encode()
    yield from desks()
    yield from refused()
    yield from others()


def desks() -> Iterator[tuple[str, bytes]]:
    """12 files of offices, and mail."""
    for n in range(136, 139):
        yield f"office/{n}.odt", as_odt(blocks(n))
        yield f"office/{n + 3}.rtf", as_rtf(blocks(n + 3))
        yield f"office/{n + 6}.pptx", as_slides(blocks(n + 6))
        yield f"mail/{n + 9}.eml", as_mail(blocks(n + 9))


def refused() -> Iterator[tuple[str, bytes]]:
    """31 files that cannot be read."""
    for n in range(6):
        yield f"empty/{n}.txt", b""
        yield f"broken/{n}.docx", as_word(blocks(n))[:900]
        yield f"binary/{n}.txt", bytes(range(256)) * 4
    for n in range(4):
        yield f"locked/{n}.docx", zipped({"word/document.xml": b"<x/>"}, locked=True)
        yield f"broken/{n}.epub", b"PK\3\4 mimetypeapplication/epub+zip"
        yield f"broken/{n}.pdf", b"%PDF-1.4\nnothing\n"
    yield "locked/paper.pdf", locked_pdf()


def others() -> Iterator[tuple[str, bytes]]:
    """15 files of kinds that are not looked for."""
    for n in range(5):
        yield f"tables/{n}.csv", b"id,body\na,Water.\n"
        yield f"packed/{n}.zip", zipped({"a.txt": b"Water."})
    for n in range(5):
        yield f"pictures/{n}.png", b"\x89PNG\r\n" + bytes([n])


@pytest.fixture(scope="module")
def heap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mixed folder. Not to be changed."""
    folder = tmp_path_factory.mktemp("mixed") / "heap"
    for name, data in mixed():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    outside = folder.parent / "outside.txt"
    outside.write_text("Not named by anybody.")
    for n in range(2):
        (folder / f"link{n}.txt").symlink_to(outside)
    return folder


def table(out: str) -> dict[str, tuple[int, int | None]]:
    """The closing table: files and characters by outcome."""
    lines = out.rstrip("\n").split("\n\n")[-1].splitlines()
    assert lines[0].split() == ["outcome", "files", "characters"]
    rows = (line.strip().rsplit(maxsplit=2) for line in lines[1:])
    return {
        name: (int(files), None if size == "–" else int(size.replace(",", ""))) for name, files, size in rows
    }


def test_a_mixed_folder_closes_with_a_table_and_its_refusals_by_reason(pincite: Pincite, heap: Path) -> None:
    done = pincite("add", heap)
    sums = table(done.out)
    assert (done.status, done.err) == (1, "")
    assert {name: files for name, (files, _) in sums.items()} == {
        "added": 140,
        "alike with another": 12,
        "duplicate": 12,
        "refused": 33,
        "passed over": 15,
        "all": 200,
    }
    texts = sum(len("\n\n".join(prose(n))) for n in range(12))
    assert (sums["duplicate"][1], sums["refused"][1]) == (texts, None)
    refused = [line.removeprefix("  refused  ") for line in done.out.splitlines() if "  refused  " in line]
    empty = "empty/0.txt, empty/1.txt, empty/2.txt, and 3 more: the file is empty; there is nothing to add"
    assert empty in refused
    assert any(line.startswith("link0.txt, link1.txt: it, or its sidecar, is a link") for line in refused)
    assert len(refused) == len({line.partition(": ")[2] for line in refused}) < 10
    passed = "not looked for in folders; name a file to have it read, rows (.csv, .jsonl) with --text-field"
    assert f"   passed  .csv (5), .png (5), .zip (5): {passed}" in done.out.splitlines()
    lines = done.out.splitlines()
    assert sum(line.startswith("    added  ") for line in lines) == 21
    assert "    added  and 120 more" in lines
    assert sum(": nearly the same as reports/" in line for line in lines) == 12
    assert "`pincite add … --json` lists all" in lines
    assert len(lines) < 70


def test_json_tells_of_every_file(pincite: Pincite, heap: Path) -> None:
    done = pincite("sync", heap, "--json")
    outcomes = json.loads(done.out)
    assert (done.status, len({outcome["source"] for outcome in outcomes})) == (1, 200)
    assert all(outcome["detail"] for outcome in outcomes if outcome["change"] == "refused")
    near = [outcome for outcome in outcomes if outcome["twins"]]
    assert {twin["likeness"] for outcome in near for twin in outcome["twins"]} == {"near"}
    pairs = {frozenset((outcome["source"], outcome["twins"][0]["source"])) for outcome in near}
    assert pairs == {frozenset((f"reports/{n}.md", f"reports/{n}-new.md")) for n in range(60, 72)}


@pytest.mark.parametrize("width", [80, 120])
def test_every_line_fits_a_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(terminal, "out", Console(file=screen, width=width, highlight=False))
    long = [
        Outcome(Change.ADDED, f"{'long/' * 30}{n}.txt", f"doc_{n}", 3, characters=10**8) for n in range(30)
    ]
    refused = [Outcome(Change.REFUSED, f"{n}.txt", detail=f"{n}.txt: {'damaged ' * 19}") for n in range(3)]
    told.show([*long, *refused], "add")
    lines = screen.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert lines[-3:] == [
        "added       30  3,000,000,000",
        "refused      3              –",
        "all         33  3,000,000,000",
    ]


@pytest.mark.parametrize("width", range(60, 100, 3))
def test_a_share_stays_on_one_line_with_its_sign(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(terminal, "out", Console(file=screen, width=width, highlight=False))
    twin = Twin(Likeness.NEAR, "doc_2", "reports/of/last/year.md", 0.98, 0.98)
    told.show([Outcome(Change.ADDED, "reports/of/this/year.md", "doc_1", 41, detail=str(twin))], "add")
    assert "98%)" in screen.getvalue()


def test_a_refusal_names_its_source_once(pincite: Pincite, tmp_path: Path) -> None:
    docs = tmp_path / "docs" / "sub"
    docs.mkdir(parents=True)
    (docs / "a.txt").write_bytes(b"")
    out = pincite("add", tmp_path / "docs").out
    assert out.splitlines()[0] == "  refused  sub/a.txt: the file is empty; there is nothing to add"


def test_a_missing_path_is_told_and_the_others_are_added(pincite: Pincite, docs: Path) -> None:
    done = pincite("add", docs, "nowhere")
    assert done.status == 3
    assert (
        "  refused  nowhere: no such file or folder, or not open to you; check the path"
        in done.out.splitlines()
    )
    assert len(json.loads(pincite("list", "--json").out)) == 2


def test_where_no_path_exists_nothing_is_made(pincite: Pincite, tmp_path: Path) -> None:
    done = pincite("add", "nowhere", "nor/there")
    assert (done.status, done.out, done.err) == (
        3,
        "",
        "pincite: nowhere, nor/there: no such file or folder, or not open to you; check the path\n",
    )
    assert not (tmp_path / "data").exists()
